"""What a page of HTML leads to: links, frames, files in attributes and scripts (网页里的链接)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import lxml.etree
import lxml.html

from pipeline.sourcing.labels import Tree, is_said_file, label, plain, texts, titled_file
from pipeline.sourcing.links import PageLink, Place, is_address, is_file_name, resolve, shown_files, urlsplit_path
from pipeline.sourcing.scripts import MAX_CHARACTERS, Followed, Scripts, follow, named_strings, strings, sums
from schemas.web import WEB

_PIECE = re.compile(r"<(?:a|li|ul|tr|p|div|iframe)\b", re.IGNORECASE)
_REFRESH = re.compile(r"url\s*=\s*[\"']?([^\"'>]+)", re.IGNORECASE)
_TOTAL_FIELD = re.compile(r"page|total|count", re.IGNORECASE)
_MAX_SEVERAL = 5000
_MAX_ASKED = 10
"""Addresses, and sets of arguments for them, that the scripts of one page ask for data."""
_SEPARATORS = re.compile(r"[|,;]")
_GONE_TO = re.compile(r"location(?:\.href|\.replace|\.assign)?\s*[=(]", re.IGNORECASE)
_MAX_PIECES = 3
"""Pieces of HTML in scripts, which hold scripts with pieces of HTML: further nobody goes."""
_DATA_ARGUMENTS = re.compile(r"\b(?:data|params)\s*:\s*\{([^{}]{1,600})\}")
_PAIR = re.compile(r"""["']?([\w.]+)["']?\s*:\s*(?:"([^"]*)"|'([^']*)'|(\d+))""")


@dataclass(slots=True)
class PageContents:
    """What a page leads to, as it is found (所见).

    `dead` are texts of links that only a script could follow; `forward` is where the page sends its reader; `scripts`
    are addresses of scripts that may define what is missing. `text` is what a person reads, `linked` how many of its
    characters are in links.
    """

    links: list[PageLink] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    forward: str | None = None
    title: str = ""
    text: str = ""
    linked: int = 0
    pictures: int = 0
    code: str = ""


class PageReader:
    """Reads one page; `url` is its address, `encoding` that of the addresses in it."""

    def __init__(self, url: str, encoding: str, scripts: Scripts | None = None) -> None:
        self._base = url
        self._url = url
        self._encoding = encoding
        self._scripts = scripts or Scripts()
        self.found = PageContents()

    def add(self, href: str, text: str, place: Place, name: str = "", others: tuple[str, ...] = ()) -> bool:
        """Note the address `href`; whether it is one."""
        target = resolve(self._base, href, self._encoding)
        if target is None:
            return False
        resolved = (resolve(self._base, each, self._encoding) for each in others)
        more = tuple(each for each in resolved if each is not None and each != target)
        shown = shown_files(target)
        if shown:
            target, more = shown[0], (*shown[1:], target, *more)
        self.found.links.append(PageLink(target, text, place, name, more))
        return True

    def page(self, text: str) -> None:
        """Everything in a whole page."""
        root = _parsed(text)
        if root is None:
            return
        base = next((str(one) for one in root.xpath("//base/@href")), "")
        self._base = resolve(self._base, base, self._encoding) or self._url
        for name, value in parse_qsl(urlsplit(self._url).query):
            self._scripts.names.setdefault(name, value)  # what scripts take from the address, mostly under its name
        codes = [each.text_content() for each in root.iter("script")]
        self.found.code = "\n".join(codes)[:MAX_CHARACTERS]
        for code in codes:
            self._scripts.learn(code)
        self.found.scripts = [
            target for one in root.xpath("//script/@src") if (target := resolve(self._base, str(one), self._encoding))
        ]
        self.found.title = " ".join(" ".join(str(one) for one in root.xpath("//title//text()")).split())
        self._read_text(root)
        self._elements(root, _MAX_PIECES)
        for section in text.split("<![CDATA[")[1:]:
            record, end, _ = section.partition("]]>")
            if end and _PIECE.search(record):
                self.piece(record, _MAX_PIECES - 1)

    def piece(self, text: str, depth: int = _MAX_PIECES) -> None:
        """Everything in a piece of HTML that a script or a record holds."""
        root = _parsed(text) if depth and len(text) < MAX_CHARACTERS else None
        if root is not None:
            if not self.found.text:
                self._read_text(root)
            self._elements(root, depth)

    def _read_text(self, root: Tree) -> None:
        seen = [node.strip() for node in texts(root)]
        self.found.text = " ".join(each for each in seen if each)
        self.found.linked = sum(len("".join(each.text_content().split())) for each in root.iter("a"))

    def _elements(self, root: Tree, depth: int) -> None:
        for element in root.iter():
            if not isinstance(element.tag, str):
                continue
            match element.tag:
                case "a" | "area":
                    self._anchor(element)
                case "iframe" | "frame" | "embed" | "object" | "param":
                    self._frame(element)
                case "meta":
                    self._meta(element)
                case "script":
                    self._script(element, depth)
                case "textarea" | "template":
                    inner = element.text_content()
                    if _PIECE.search(inner):
                        self.piece(inner, depth - 1)
                case "link":
                    if element.get("rel", "").lower() == "next":
                        self.add(element.get("href", ""), ">", "link")
                case "form":
                    self._sent(element)
                case "img":
                    self.found.pictures += _is_content(element.get("src") or "")
                case _:
                    self._attributes(element, depth)

    def _anchor(self, element: Tree) -> None:
        href = (element.get("href") or "").strip()
        text, name = label(element), (element.get("download") or "").strip() or titled_file(element)
        place: Place = "file" if is_said_file(element) else "link"
        followed = self._followed(element, href)
        leads_nowhere = not href or href.startswith("#") or _is_script(href)
        if not leads_nowhere:
            files = tuple(each for each in followed.addresses if is_file_name(urlsplit_path(each)))
            if is_file_name(urlsplit_path(href)) or not files:
                if not self.add(href, text, place, name, files) and is_file_name(urlsplit_path(href)):
                    self.found.dead.append(text)
            else:  # the page that the link opens without scripts may know more of the file
                self.add(files[0], text, "link", name, (*files[1:], href))
            return
        said = [value for _, value in self._addresses(element)]
        addresses = [*followed.addresses, *(each for each in said if each not in followed.addresses)]
        form = self._form(element, followed.fields)
        if form is not None:
            addresses.insert(0, form)
        if addresses:
            self.add(addresses[0], text, place, name, tuple(addresses[1:]))
        elif followed.lost or (_is_script(href) and text):
            self.found.dead.append(text)

    def _followed(self, element: Tree, href: str) -> Followed:
        codes = [element.get("onclick") or "", element.get("ondblclick") or "", href if _is_script(href) else ""]
        code = ";".join(each for each in codes if each)
        return follow(code, self._scripts) if code else Followed()

    def _form(self, element: Tree, fields: Mapping[str, str]) -> str | None:
        """The address that sending the form around `element` asks for, with `fields` filled in."""
        if not fields:
            return None
        forms = list(element.getroottree().getroot().iter("form"))
        for form in sorted(forms, key=lambda one: not _has_fields(one, fields)):
            given = {one.get("name") or one.get("id"): one.get("value") or "" for one in form.iter("input", "select")}
            by_id = {one.get("id"): one.get("name") or one.get("id") for one in form.iter("input", "select")}
            given |= {by_id.get(name) or name: value for name, value in fields.items()}
            query = urlencode({name: value for name, value in given.items() if name}, encoding=self._encoding)
            return f"{(form.get('action') or self._url).partition('?')[0]}?{query}"
        return None

    def _sent(self, form: Tree) -> None:
        """A form with nothing to fill in is a link."""
        inputs = list(form.iter("input", "select", "textarea", "button"))
        kinds = {(one.get("type") or one.tag).lower() for one in inputs}
        if not inputs or not kinds <= {"hidden", "submit", "button", "image"}:
            return
        given = {one.get("name"): one.get("value") or "" for one in inputs if one.get("type") == "hidden"}
        query = urlencode({name: value for name, value in given.items() if name}, encoding=self._encoding)
        said = " ".join(one.get("value") or plain(one.text_content()) for one in inputs if one.get("type") != "hidden")
        action = form.get("action") or ""
        if query and is_address(action):
            self.add(f"{action}{'&' if '?' in action else '?'}{query}", plain(said), "link")

    def _frame(self, element: Tree) -> None:
        for key in ("src", "data", "value", "data-src"):
            value = (element.get(key) or "").strip()
            if is_address(value) and not WEB.assets.search(value):
                self.add(value, element.get("title") or "", "frame")
                return

    def _meta(self, element: Tree) -> None:
        if (element.get("http-equiv") or "").lower() == "refresh":
            target = _REFRESH.search(element.get("content") or "")
            if target and self.found.forward is None:
                self.found.forward = resolve(self._base, target[1].strip(), self._encoding)

    def _attributes(self, element: Tree, depth: int) -> None:
        """Files and clicks of what is no link: buttons, rows, hidden fields, options."""
        followed = self._followed(element, "")
        found = list(followed.addresses)
        for key, value in element.items():
            if key.startswith("data-") and _PIECE.search(value):
                self.piece(value, depth - 1)
            elif value[:1] in "[{" and value[-1:] in "]}" and depth:
                self.code(value, depth - 1)
            for each in _several_files(value):
                self.add(each, label(element), "said")
        if element.tag == "input" and _TOTAL_FIELD.search(element.get("id") or element.get("name") or ""):
            self.found.code += f"\n{element.get('id') or element.get('name')} = {element.get('value')}"
        self._asked(element)
        form = self._form(element, followed.fields)
        if form is not None:
            found.insert(0, form)
        for key, value in self._addresses(element):
            if (key == "value" and element.tag == "option") or is_file_name(urlsplit_path(value)):
                found.append(value)
            elif key.startswith("data-") and not WEB.assets.search(value):
                self.add(value, label(element), "data")
        found = list(dict.fromkeys(found))
        if found:
            clicked = followed.addresses or form or element.tag == "option"
            self.add(found[0], label(element), "link" if clicked else "said", titled_file(element), tuple(found[1:]))
        elif followed.lost:
            self.found.dead.append(label(element))

    def _addresses(self, element: Tree) -> Iterator[tuple[str, str]]:
        """Attributes that hold an address and are none a browser follows."""
        for key, value in element.items():
            plain = value.strip()
            if key not in _PLAIN_ATTRIBUTES and is_address(plain) and not _several_files(plain):
                yield key, plain

    def _asked(self, element: Tree) -> None:
        """The address an element of a jpaas page is filled from, put together from its attributes."""
        query = element.get(WEB.jpaas_query)
        address = element.get("url") or element.get("data-url") or ""
        if query is None or not is_address(address):
            return
        try:
            values = json.loads(query.replace("'", '"'))
        except ValueError:
            return
        if isinstance(values, dict):
            mark = "&" if "?" in address else "?"
            self.add(address + mark + urlencode({key: str(value) for key, value in values.items()}), "", "data")

    def _script(self, element: Tree, depth: int) -> None:
        self._asked(element)
        code = element.text_content()
        if code.lstrip().startswith("<") or "template" in (element.get("type") or ""):
            self.piece(code, depth - 1)
            return
        self.code(code, depth)

    def code(self, code: str, depth: int = _MAX_PIECES) -> None:
        """Files, records and pieces of HTML in a script, and the addresses it asks for data."""
        named = named_strings(code)
        for value, title in named:
            if _PIECE.search(value):
                self.piece(value, depth - 1)
            elif several := _several_files(value):
                for each in several:
                    self._from_script(each, title)
            elif is_address(value.strip()) and not WEB.assets.search(value):
                self._from_script(value.strip(), title)
        known = {value for _, value in strings(code)}
        for value in sums(code, self._scripts):
            if value not in known and is_address(value) and not WEB.assets.search(value):
                self._from_script(value, "")
        arguments = [_PAIR.findall(each) for each in _DATA_ARGUMENTS.findall(code)[:_MAX_ASKED]]
        for pairs in arguments:
            self._with_arguments(code, [(pair[0], pair[1] or pair[2] or pair[3]) for pair in pairs])

    def _from_script(self, value: str, title: str) -> None:
        if is_file_name(urlsplit_path(value)):
            self.add(value, title, "said", title if is_file_name(title) else "")
        elif title:
            self.add(value, title, "link")
        elif WEB.data_address.search(value):
            self.add(value, "", "data")

    def _with_arguments(self, code: str, pairs: list[tuple[str, str]]) -> None:
        asked = (value for _, value in strings(code) if is_address(value) and WEB.data_address.search(value))
        for value in islice(asked, _MAX_ASKED):
            if not WEB.assets.search(value):
                self.add(value + ("&" if "?" in value else "?") + urlencode(pairs), "", "data")


def _several_files(text: str) -> list[str]:
    """The addresses in a string that names several files: `/f/1.pdf|/f/2.pdf`."""
    parts = [each.strip() for each in _SEPARATORS.split(text)] if len(text) < _MAX_SEVERAL else []
    files = [each for each in parts if is_address(each) and is_file_name(urlsplit_path(each))]
    return files if len(files) > 1 and len(files) >= len(parts) // 2 else []


_PLAIN_ATTRIBUTES = frozenset({"href", "src", "class", "style", "id", "alt", "title", "target", "action", "xmlns"})


def _parsed(text: str) -> Tree | None:
    parser = lxml.html.HTMLParser(encoding="utf-8", no_network=True, huge_tree=False)
    try:
        return lxml.html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (lxml.etree.ParserError, lxml.etree.XMLSyntaxError):
        return None


def _is_script(href: str) -> bool:
    return href[:11].lower() == "javascript:"


def _has_fields(form: Tree, fields: Mapping[str, str]) -> bool:
    names = {value for one in form.iter("input", "select") for value in (one.get("name"), one.get("id"))}
    return bool(names & fields.keys())


_DECORATION = re.compile(r"logo|icon|banner|/ico|qr|ewm|wechat|weixin|code|button|btn|arrow|bg[_.]|\.gif$|^data:", re.I)


def _is_content(src: str) -> bool:
    """Whether a picture may be a part of the text and not of the site's frame."""
    return bool(src) and not _DECORATION.search(src) and "/" in urljoin("http://x/", src)


def gone_to(code: str, scripts: Scripts) -> str | None:
    """Where a page that is nothing but a script sends its reader."""
    if not _GONE_TO.search(code):
        return None
    return next((each for each in sums(code, scripts) if is_address(each) and urlsplit(each).path), None)
