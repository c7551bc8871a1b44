# ruff: noqa: E501  a table is read by its rows
"""How government sites print lists, articles and attachments: one small site a pattern, as a table.

Every pattern lives below a folder of its own; `{p}` in its pages stands for that folder. `files` are the addresses of
the reports, each answered with bytes of its own; `found` those a visit has to bring, where that is not all of them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from urllib.parse import quote

HTML = "text/html"
PAGE = '<html><head><meta charset="utf-8"><title>{title}</title></head><body>{body}</body></html>'


@dataclass(frozen=True, slots=True)
class Pattern:
    """One way of a site: `pages` by address below the folder, `files` by address, `start` the list page."""

    name: str
    pages: dict[str, str]
    files: tuple[str, ...]
    start: str = "index.html"
    fragment: str = ""
    said: str = ""
    """The code that must be said where a report cannot be found."""
    encoding: str = "utf-8"


def page(body: str, title: str = "绩效信息") -> str:
    return PAGE.format(title=title, body=body)


def entry(href: str, title: str = "某局2023年度绩效自评") -> str:
    return f'<li><a href="{href}">{title}</a><span>2024-05-06</span></li>'


def entries(*hrefs: str) -> str:
    return "<ul>" + "".join(entry(href, f"第{at}局2023年度绩效自评") for at, href in enumerate(hrefs, 1)) + "</ul>"


def articles(*names: str, files: tuple[str, ...] | None = None) -> dict[str, str]:
    """Pages `a1.html` … that each carry one file `f1.pdf` …"""
    carried = files or tuple(name.replace("a", "f").rpartition(".")[0] + ".pdf" for name in names)
    return {
        name: page(f'<h1>自评</h1><p>附件：<a href="{{p}}/{file}">自评表</a></p>')
        for name, file in zip(names, carried, strict=True)
    }


def one_article(body: str, head: str = "", **more: str) -> dict[str, str]:
    start = f'<html><head><meta charset="utf-8"><title>自评</title>{head}</head>'
    article = f"{start}<body><h1>自评</h1>{body}</body></html>"
    return {"index.html": page(entries("a.html")), "a.html": article, **more}


def files_on(pages: int) -> tuple[str, ...]:
    return tuple(f"f{number}.pdf" for number in range(1, pages + 1))


def listed(names: tuple[str, ...], footer: str, per_page: str = "") -> dict[str, str]:
    """A list of several pages, one article each; `footer` stands below each of them."""
    made = {name: page(entries(f"{{p}}/a{at}.html") + footer + per_page) for at, name in enumerate(names, 1)}
    return made | articles(*(f"a{at}.html" for at in range(1, len(names) + 1)))


FORM_WORDS = "一级指标 二级指标 三级指标 年度指标值 自评得分 偏差原因分析及改进措施 全年预算数 全年执行数 "
_TRS = "<script>createPageHTML({n}, 0, 'index', '{ext}');</script>"
_DATASTORE = (
    '<script type="text/xml"><datastore><nextgroup><![CDATA['
    '<a href="{p}/dataproxy.jsp?page=1&columnid=7&unitid=9"></a>]]></nextgroup><recordset><record>'
    "<![CDATA[<li><a href='{p}/a1.html' title='一局绩效自评'>一局</a></li>]]></record>"
    "</recordset></datastore></script>"
)

PATTERNS = (
    # --- where an article's files are --------------------------------------------------------------------------
    Pattern("plain links", one_article(
        '<a href="f/1.pdf">自评表</a><a href="f/2.DOCX">报告</a>'), ("f/1.pdf", "f/2.DOCX")),
    Pattern("iframe, embed, object", one_article(
        '<iframe src="f/1.pdf"></iframe><embed src="f/2.pdf"><object data="f/3.pdf"></object>'
        '<object><param name="src" value="f/4.pdf"></object>'), ("f/1.pdf", "f/2.pdf", "f/3.pdf", "f/4.pdf")),
    Pattern("a frame with the text", {
        "index.html": page(entries("a.html")), "a.html": page('<iframe src="{p}/inner.html"></iframe>'),
        "inner.html": page('<a href="f/1.doc">自评表</a>')}, ("f/1.doc",)),
    Pattern("window.open", one_article(
        '''<a href="javascript:void(0)" onclick="window.open('{p}/f/1.pdf')">自评表1</a>'''
        '''<a href="javascript:window.open('{p}/f/2.pdf','_blank')">自评表2</a>'''
        '''<a href="javascript:downFile('{p}/f/3.pdf')">自评表3</a>'''
        '''<button onclick="location.href='{p}/f/4.pdf'">下载</button>'''),
        ("f/1.pdf", "f/2.pdf", "f/3.pdf", "f/4.pdf")),
    Pattern("a function of the page", one_article(
        '''<a href="javascript:down('12')">自评表</a>''',
        "<script>var root='{p}'; function down(id){ window.open(root + '/get?id=' + id); }</script>"), ("get?id=12",)),
    Pattern("a function of a script of the site", one_article(
        '''<a href="###" onclick="return down('12','x')">自评表</a>''', '<script src="{p}/js/down.js"></script>',
        **{"js/down.js": "function down(id, kind) { var u = '{p}/get?id='+id+'&kind='+kind; location.href=u; }"}),
        ("get?id=12&kind=x",)),
    Pattern("a viewer", one_article(
        '<iframe src="{p}/pdfjs/web/viewer.html?file={p}/f/1.pdf"></iframe>'
        '<a href="{p}/preview.html?file=%2E%2E%2F{n}%2Ff%2F2.pdf">查看</a>'), ("f/1.pdf", "f/2.pdf")),
    Pattern("a path in a script", one_article(
        "<div id=pdf></div><script>PDFObject.embed('{p}/f/1.pdf', '#pdf'); var o={fileUrl:\"{p}/f/2.pdf\"};</script>"),
        ("f/1.pdf", "f/2.pdf")),
    Pattern("data attributes", one_article(
        '<a href="#" data-url="{p}/f/1.pdf">下载</a><div data-file="{p}/f/2.docx"></div>'), ("f/1.pdf", "f/2.docx")),
    Pattern("OLDSRC without href", one_article(
        '<a OLDSRC="f/1.pdf">自评表</a><a href="f/2.pdf" OLDSRC="/protect/2.pdf">二</a>'), ("f/1.pdf", "f/2.pdf")),
    Pattern("backslashes", one_article(r'<a href="..\{n}\f\1.pdf">自评表</a>'), ("f/1.pdf",)),
    Pattern("base", one_article('<a href="f/1.pdf">自评表</a>', '<base href="{p}/deep/">'), ("deep/f/1.pdf",)),
    Pattern("no suffix, named by the server", one_article(
        '<a href="{p}/fileDownload?id=1">附件1：自评表</a><a href="{p}/down/2">附件2：自评报告</a>'),
        ("fileDownload?id=1", "down/2")),
    Pattern("VSB", one_article(
        '附件【<a href="{p}/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1&wbfileid=7">'
        "自评表.doc</a>】已下载<span>12</span>次"),
        ("system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1&wbfileid=7",)),
    Pattern("a download page that sends on", one_article(
        '<a href="{p}/download.jsp?id=1">自评表.pdf</a><a href="{p}/download.jsp?id=2">报告.pdf</a>',
        **{"download.jsp?id=1": '<meta http-equiv="refresh" content="0;url={p}/f/1.pdf">',
           "download.jsp?id=2": "<script>location.href='{p}/f/2.pdf';</script>"}), ("f/1.pdf", "f/2.pdf")),
    Pattern("an article that is the file", {"index.html": page(entry("{p}/down?id=1"))}, ("down?id=1",)),
    Pattern("an article that sends on", one_article("x", **{"a.html": "<script>window.location='b.html'</script>",
        "b.html": page('<a href="f/1.pdf">自评</a>')}), ("f/1.pdf",)),
    Pattern("an article with meta refresh", one_article("x", **{
        "a.html": '<html><head><meta http-equiv="Refresh" content="1; URL=b.html"></head></html>',
        "b.html": page('<a href="f/1.pdf">自评</a>')}), ("f/1.pdf",)),
    Pattern("HTML in a textarea", one_article('<textarea>&lt;p&gt;&lt;a href="f/1.pdf"&gt;自评&lt;/a&gt;</textarea>'),
        ("f/1.pdf",)),
    Pattern("document.write", one_article(
        r'''<script>document.write("<a href=\"{p}/f/1.pdf\">自评表<\/a>");</script>'''), ("f/1.pdf",)),
    Pattern("files from an answer in JSON", one_article(
        "<script>$.get('{p}/api/files?id=1', show);</script>",
        **{"api/files?id=1": json.dumps({"data": [{"fileName": "自评表.pdf", "filePath": "{p}/f/1.pdf"}]})}),
        ("f/1.pdf",)),
    Pattern("an image as a link", one_article('<a href="f/1.pdf"><img src="pdf.gif" alt="自评表"></a>'), ("f/1.pdf",)),
    Pattern("an image map", one_article('<map><area href="f/1.pdf" alt="自评表"></map>'), ("f/1.pdf",)),
    Pattern("a row that can be clicked", one_article(
        '''<table><tr onclick="window.open('{p}/f/1.pdf')"><td>自评表</td></tr></table>'''), ("f/1.pdf",)),
    Pattern("a choice", one_article('<select><option value="{p}/f/1.pdf">自评表</option></select>'), ("f/1.pdf",)),
    Pattern("spaces and Chinese in names", one_article('<a href="f/自评 表.pdf">表</a>'), (quote("f/自评 表.pdf"),)),
    Pattern("a query names the file", one_article('<a href="{p}/down.do?name=x.pdf&amp;id=3">表</a>'),
        ("down.do?name=x.pdf&id=3",)),
    Pattern("a file without a suffix in its text", one_article('<a href="{p}/attach/9/81">自评表（PDF）下载</a>'),
        ("attach/9/81",)),
    Pattern("a list in the article", one_article(
        '<p>各单位：</p><ul><li><a href="b1.html">一局自评</a></li><li><a href="b2.html">二局自评</a></li></ul>',
        **articles("b1.html", "b2.html", files=("f/1.pdf", "f/2.pdf"))), ("f/1.pdf", "f/2.pdf")),
    # --- lists ---------------------------------------------------------------------------------------------------
    Pattern("files on the list itself", {"index.html": page('<a href="f/1.pdf">自评</a><a href="f/2.xls">表</a>')},
        ("f/1.pdf", "f/2.xls")),
    Pattern("a cut title", {
        "index.html": page('<li><a href="a1.html" title="一局2023年绩效自评">一局2023年…</a></li>'
                           '<li><a href="a2.html">第二局2023年度部门整体...</a></li>'),
        **articles("a1.html", "a2.html")}, ("f1.pdf", "f2.pdf")),
    Pattern("the title in another cell", {
        "index.html": page('<table><tr><td>一局绩效自评</td><td><a href="a1.html">查看</a></td></tr></table>'),
        **articles("a1.html")}, ("f1.pdf",)),
    Pattern("TRS html", listed(("index.html", "index_1.html", "index_2.html"), _TRS.format(n=3, ext="html")),
        files_on(3)),
    Pattern("TRS shtml", listed(("index.shtml", "index_1.shtml"), _TRS.format(n=2, ext="shtml")), files_on(2),
        start="index.shtml"),
    Pattern("TRS in a folder", listed(("", "index_1.html"), _TRS.format(n=2, ext="html")), files_on(2), start=""),
    Pattern("countPage", listed(("index.html", "index_1.html"),
        "<script>var currentPage = 0;var countPage = 2//共2页</script>"), files_on(2)),
    Pattern("UCAP, counted from one", listed(("index.html", "index_2.html", "index_3.html"),
        "<script>createPageHTML('page_div',3, 1,'index','html',45);</script>"), files_on(3)),
    Pattern("column-index", listed(("column-index-1.html", "column-index-2.html"),
        '<a href="column-index-1.html">1</a><a href="column-index-2.html">2</a>'), files_on(2),
        start="column-index-1.html"),
    Pattern("Hanweb groups", {
        "index.html": page(_DATASTORE), **articles("a1.html", "a2.html"),
        "dataproxy.jsp?page=1&columnid=7&unitid=9": 
        "<?xml version='1.0' encoding='utf-8'?><datastore><recordset><record>"
        "<![CDATA[<li><a href='{p}/a2.html'>二局绩效自评</a></li>]]></record></recordset></datastore>"},
        ("f1.pdf", "f2.pdf")),
    Pattern("Hanweb spans", {
        "index.html": page("<div id=list></div><script>$('#list').jpage({totalRecord:3,perPage:2,"
                           "proxyUrl:'{p}/dataproxy.jsp',columnid:7,unitid:'9'});</script>"),
        "dataproxy.jsp?columnid=7&unitid=9&startrecord=1&endrecord=2&perpage=2":
            "<datastore><record><![CDATA[<a href='{p}/a1.html'>一局自评</a><a href='{p}/a2.html'>二局自评</a>]]>"
            "</record></datastore>",
        "dataproxy.jsp?columnid=7&unitid=9&startrecord=3&endrecord=3&perpage=2":
            "<datastore><record><![CDATA[<a href='{p}/a3.html'>三局自评</a>]]></record></datastore>",
        **articles("a1.html", "a2.html", "a3.html")}, files_on(3)),
    Pattern("jpaas", {
        "index.html": page('<div><script parsetype="bulidstatic" url="{p}/front/page/build/unit" '
                           '''querydata="{'webId':'1','pageId':'2'}"></script></div>'''),
        "front/page/build/unit?webId=1&pageId=2": json.dumps(
            {"data": {"html": '<ul><li><a href="{p}/a1.html">一局自评</a></li></ul>'}, "totalPage": 2}),
        "front/page/build/unit?webId=1&pageId=2&paramJson=" + quote('{"pageNo":2,"pageSize":15}', safe=""): json.dumps(
            {"data": {"html": '<ul><li><a href="{p}/a2.html">二局自评</a></li></ul>'}, "totalPage": 2}),
        **articles("a1.html", "a2.html")}, files_on(2)),
    Pattern("gkmlpt", {
        "gkmlpt/index": page("<div id=app></div><script>window._CONFIG={SID: '755001'}</script>"),
        "gkmlpt/api/all/123?page=1&sid=755001": json.dumps(
            {"articles": [{"title": "一局自评", "url": "{p}/a1.html"}], "page_count": 2}),
        "gkmlpt/api/all/123?page=2&sid=755001": json.dumps(
            {"articles": [{"title": "二局自评", "url": "{p}/a2.html"}], "page_count": 2}),
        **articles("a1.html", "a2.html")}, files_on(2), start="gkmlpt/index", fragment="123"),
    Pattern("list.jsp?page=N", listed(("list.jsp?id=5", "list.jsp?id=5&page=2", "list.jsp?id=5&page=3"),
        '<a href="list.jsp?id=5&page=2">2</a><a href="list.jsp?id=5&page=3">尾页</a>'), files_on(3),
        start="list.jsp?id=5"),
    Pattern("next page", {
        "index.html": page(entries("a1.html") + '<a href="p2.html">下一页</a>'),
        "p2.html": page(entries("a2.html") + '<a href="p3.html">下页 &gt;</a>'),
        "p3.html": page(entries("a3.html") + "<span>下一页</span>"),
        **articles("a1.html", "a2.html", "a3.html")}, files_on(3)),
    Pattern("next page by a function", listed(("list.do?p=1", "list.do?p=2"),
        '''<script>function go(n){location.href="{p}/list.do?p="+n}</script><a href="javascript:go(2)">下一页</a>'''),
        files_on(2), start="list.do?p=1"),
    Pattern("next page by a form", listed(("list.do", "list.do?c=8&page=2"),
        "<form action='{p}/list.do'><input name=c value=8><input name=page value=1></form>"
        "<script>function go(n){document.forms[0].page.value=n;document.forms[0].submit();}</script>"
        '<a href="#" onclick="go(2)">下一页</a>'), files_on(2), start="list.do"),
    Pattern("a choice of pages", listed(("index.html", "p2.html"),
        '<select onchange="location=this.value"><option value="index.html">第1页</option>'
        '<option value="p2.html">第2页</option></select>'), files_on(2)),
    Pattern("a list in a frame", {
        "index.html": page('<iframe src="{p}/inner.html"></iframe>'),
        "inner.html": page(entries("a1.html") + '<a href="inner2.html">下一页</a>'),
        "inner2.html": page(entries("a2.html")), **articles("a1.html", "a2.html")}, files_on(2)),
    Pattern("records in a script", {
        "index.html": page('<script>var list=[{"title":"一局自评","url":"{p}/a1.html"},'
                           "{title:'二局自评',url:'a2.html'}];</script>"),
        **articles("a1.html", "a2.html")}, files_on(2)),
    Pattern("JSON page by page", {
        "index.html": page("<script>fetch('{p}/api/list?page=1&size=1')</script>"),
        "api/list?page=1&size=1": json.dumps({"rows": [{"title": "一局自评", "href": "{p}/a1.html"}], "pages": 2}),
        "api/list?page=2&size=1": json.dumps({"rows": [{"title": "二局自评", "href": "{p}/a2.html"}], "pages": 2}),
        "api/list?page=3&size=1": json.dumps({"rows": [], "pages": 2}),
        **articles("a1.html", "a2.html")}, files_on(2)),
    Pattern("JSONP", {
        "index.html": page("<script>$.ajax({url:'{p}/api/list.json',dataType:'jsonp'})</script>"),
        "api/list.json": 'cb({"list":[{"name":"一局自评","link":"{p}/a1.html"}]})',
        **articles("a1.html")}, files_on(1)),
    Pattern("two levels", {
        "index.html": page('<a href="y2023/">2023年</a><a href="y2022/">2022年</a>'),
        "y2023/": page(entries("{p}/a1.html")), "y2022/": page(entries("{p}/a2.html")),
        **articles("a1.html", "a2.html")}, files_on(2)),
    Pattern("two levels that match", {
        "index.html": page('<a href="b.html">县直部门绩效自评</a>'),
        "b.html": page(entries("a1.html") + '<a href="b2.html">下一页</a>'),
        "b2.html": page(entries("a2.html")), **articles("a1.html", "a2.html")}, files_on(2)),
    Pattern("RSS", {
        "index.html": "<?xml version='1.0' encoding='utf-8'?><rss><channel><item><title>一局自评</title>"
        "<link>{p}/a1.html</link></item></channel></rss>", **articles("a1.html")}, files_on(1)),
    Pattern("session numbers and clocks", {
        "index.html": page(entries("a.html;jsessionid=AB12")),
        "a.html;jsessionid=AB12": page('<a href="f/1.pdf?t=1715000000000">自评表</a>')}, ("f/1.pdf?t=1715000000000",)),
    Pattern("a form without fields", one_article(
        '<form action="{p}/get"><input type=hidden name=id value=4><input type=submit value="下载自评表"></form>'),
        ("get?id=4",)),
    Pattern("a link that says it is a file", one_article(
        '<a href="{p}/x/9" download="自评表.pdf">点此</a><a href="{p}/x/8" type="application/pdf">点此</a>'),
        ("x/9", "x/8")),
    Pattern("an address without a word, beside a plain one", one_article(
        '<a href="f/1.pdf">表</a><a href="{p}/doc/77">自评报告</a>'), ("f/1.pdf", "doc/77")),
    Pattern("several files in one string", one_article(
        "<input type=hidden id=files value='{p}/f/1.pdf|{p}/f/2.pdf'>"
        "<script>var more = '{p}/f/3.doc;{p}/f/4.doc'.split(';');</script>"),
        ("f/1.pdf", "f/2.pdf", "f/3.doc", "f/4.doc")),
    Pattern("records in an attribute", one_article(
        """<div data-files='[{"name":"自评表.pdf","url":"{p}/f/1.pdf"}]'></div>"""), ("f/1.pdf",)),
    Pattern("a shell filled by its own number", {
        "index.html": page("""<div onclick="detail('31')">一局绩效自评</div>"""
                           "<script>function detail(id){ location.href = '{p}/detail.html?id=' + id; }</script>"),
        "detail.html?id=31": page("<script>var id = getQuery('id'); $.get('{p}/api/detail?id=' + id, show)</script>"),
        "api/detail?id=31": json.dumps(
            {"data": {"title": "一局绩效自评", "content": "<p>见附件</p>", "files": [{"fileUrl": "{p}/f/1.pdf"}]}})},
        ("f/1.pdf",)),
    Pattern("a page about the file", one_article(
        '<a href="{p}/open.html?path={p}/f/1.pdf">附件：自评表</a><a href="{p}/show/2">附件2</a>',
        **{"open.html?path={p}/f/1.pdf": page("<canvas></canvas>"),
           "show/2": page('<iframe src="{p}/f/2.pdf"></iframe>')}), ("f/1.pdf", "f/2.pdf")),
    Pattern("backslashes behind the scheme", one_article(r'<a href="http:\\{host}\{n}\f\1.pdf">表</a>'), ("f/1.pdf",)),
    Pattern("frames within frames", {
        "index.html": '<html><frameset cols="1,2"><frame src="{p}/top.html"><frame src="{p}/mid.html"></frameset></html>',
        "top.html": page("导航"), "mid.html": page('<iframe src="{p}/list.html"></iframe>'),
        "list.html": page(entries("{p}/a1.html")), **articles("a1.html")}, files_on(1)),
    Pattern("laypage", listed(("list", "list?page=2", "list?page=3"),
        "<script>laypage({cont: 'p', pages: 3, curr: 1, jump: function(o, f){ if(!f) location.href = '?page=' + o.curr }})"
        "</script>"), files_on(3), start="list"),
    Pattern("names made by a script", listed(("list.html", "list_2.html", "list_3.html"),
        "<p>共3页</p><script>for (var i = 2; i <= 3; i++) document.write('<a href=\"list_' + i + '.html\">' + i + '</a>')"
        "</script>"), files_on(3), start="list.html"),
    Pattern("a total in a hidden field", listed(("index.html", "index_1.html"),
        '<input type=hidden id="totalPage" value="2">'), files_on(2)),
    Pattern("data asked for with arguments", {
        "index.html": page("<script>$.ajax({url: '{p}/api/getList', type: 'get', data: {channel: 5, pageNo: 1}})</script>"),
        "api/getList?channel=5&pageNo=1": json.dumps({"list": [{"title": "一局自评", "url": "a1.html"}], "totalPages": 2}),
        "api/getList?channel=5&pageNo=2": json.dumps({"list": [{"title": "二局自评", "url": "a2.html"}], "totalPages": 2}),
        **{f"api/{name}": text for name, text in articles("a1.html", "a2.html").items()}}, files_on(2)),
    Pattern("pages named by number, counted down", {
        "index.html": page(entries("a1.html") + '<a href="list/2.htm">下页</a><a href="list/1.htm">尾页</a>'),
        "list/2.htm": page(entries("../a2.html") + '<a href="1.htm">下页</a>'), "list/1.htm": page(entries("../a3.html")),
        **articles("a1.html", "a2.html", "a3.html")}, files_on(3)),
    Pattern("a sitemap", {
        "index.html": "<?xml version='1.0'?><urlset><url><loc>{p}/zp/a1.html</loc><title>自评</title></url></urlset>",
        "zp/a1.html": page('<a href="{p}/f1.pdf">表</a>')}, files_on(1)),
    Pattern("GB2312", {"index.html": page(entries("a1.html")).replace("utf-8", "gb2312"), **articles("a1.html")},
        files_on(1), encoding="gb18030"),
    Pattern("the wrong charset said", {"index.html": page(entries("a1.html")).replace("utf-8", "gbk"), **articles("a1.html")},
        files_on(1)),
    Pattern("a list that sends on", {
        "index.html": '<meta http-equiv="refresh" content="0; url=zw/list.html">',
        "zw/list.html": page(entries("../a1.html") + '<a href="list2.html">下一页</a>'),
        "zw/list2.html": page(entries("../a2.html")), **articles("a1.html", "a2.html")}, files_on(2)),
    Pattern("neighbours are no list", one_article(
        '<a href="f/1.pdf">表</a><p>上一篇：<a href="b.html">二局绩效自评</a></p>'), ("f/1.pdf",)),
    Pattern("a file elsewhere named in text", one_article('<a href="f/1.pdf">1</a> <a href="f/2.mp4">录像</a>'), ("f/1.pdf",)),
    # --- what cannot be found must be said -----------------------------------------------------------------------
    Pattern("no attachment", one_article("<p>通知</p>"), (), said="no_attachment"),
    Pattern("pictures only", one_article('<img src="{p}/upload/1.png">'), (), said="no_attachment"),
    Pattern("a script nobody can follow", one_article('''<a href="javascript:dl('a8')">自评表下载</a>'''), (),
        said="no_attachment"),
    Pattern("a challenge", {"index.html": "<script>document.cookie='k='+f();location.reload();</script>"}, (),
        said="challenge"),
    Pattern("more pages by a script", listed(("index.html",),
        '<a href="javascript:;" onclick="turn(2)">下一页</a> 共 4 页'), files_on(1), said="paging_unread"),
    Pattern("an error page sent as a page", {"index.html": page("404 您访问的页面不存在")}, (), said="lost_page"),
    Pattern("another host", {"index.html": page(entry("http://elsewhere.invalid/a.html"))}, (),
        said="forbidden_address"),
    Pattern("an empty list", {"index.html": page("<ul></ul>")}, (), said="nothing_found"),
)  # fmt: skip
