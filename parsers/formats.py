"""The one registry of file formats: how each is recognised, called and read (格式登记).

A format is added here and nowhere else: its suffixes, what its bytes begin with or hold, and its reader. Folders,
sources and archives ask this registry which names to take.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

if TYPE_CHECKING:
    from parsers.document import Document

Role = Literal["report", "archive", "unread"]
"""report   a reader makes a Document of it.
archive  a container whose members are files of their own.
unread   recognised, and refused with advice."""


@dataclass(frozen=True, slots=True)
class Format:
    """One file format (文件格式).

    `name` goes to `documents.format`; `title` is what people call it. `suffixes` are its usual ones, the first is given
    to a file without any. `magics` are what its files begin with, `ole_streams` and `zip_parts` what an OLE2 file or a
    ZIP of this format holds, `marks` what stands near the beginning of its XML. `reader` is `module:function`, imported
    when first needed, so that one format's libraries do not delay a run that only meets another's. `fetched`: a source
    takes files of these suffixes. `advice` says what to do with a format that is not read.
    """

    name: str
    title: str
    suffixes: tuple[str, ...] = ()
    magics: tuple[bytes, ...] = ()
    ole_streams: tuple[str, ...] = ()
    zip_parts: tuple[str, ...] = ()
    marks: tuple[bytes, ...] = ()
    role: Role = "unread"
    reader: str = ""
    fetched: bool = False
    advice: str = ""

    def read(self, path: Path) -> Document:
        """The Document of a file of this format. Raises what its reader raises."""
        module, _, function = self.reader.partition(":")
        return cast("Callable[[Path], Document]", getattr(import_module(module), function))(path)


_SAVE_AS_DOCX = "请用 Word 或 WPS 另存为 .docx 后重试"
_SAVE_AS_XLSX = "请用 Excel 或 WPS 另存为 .xlsx 后重试"
_EXPORT_PDF = "请用原软件导出为带文字的 PDF 后重试"
_IMAGE_READER = "parsers.pdf.images:read_image"
_UNPACK = "请解压后读取其中的报告"

FORMATS: tuple[Format, ...] = (
    Format("empty", "空文件（0 字节）"),
    Format("encrypted", "设有打开密码的办公文件", ole_streams=("EncryptedPackage",)),
    Format("pdf", "PDF 文件", (".pdf",), role="report", reader="parsers.pdf.reader:read_pdf", fetched=True),
    Format(
        "docx",
        "Word 文档（.docx）",
        (".docx", ".docm", ".dotx", ".dotm"),
        zip_parts=("word/document.xml",),
        role="report",
        reader="parsers.docx.reader:read_docx",
        fetched=True,
    ),
    Format("txt", "文本文件", (".txt", ".text"), role="report", reader="parsers.text.reader:read_text", fetched=True),
    Format(
        "doc",
        "旧版 Word 文档（.doc）",
        (".doc", ".dot", ".wps"),
        ole_streams=("WordDocument",),
        role="report",
        reader="parsers.office.doc:read_doc",
        fetched=True,
    ),
    Format(
        "rtf",
        "RTF 文档",
        (".rtf",),
        magics=(b"{\\rtf",),
        role="report",
        reader="parsers.office.rtf:read_rtf",
        fetched=True,
    ),
    Format(
        "odf",
        "OpenDocument 文档",
        (".odt", ".ods", ".ott", ".ots", ".fodt", ".fods"),
        zip_parts=("META-INF/manifest.xml",),
        marks=(b"urn:oasis:names:tc:opendocument:xmlns:office",),
        role="report",
        reader="parsers.opendocument.reader:read_opendocument",
        fetched=True,
    ),
    Format("xml", "XML 文档", (".xml",), advice=_SAVE_AS_DOCX),
    Format(
        "mht",
        "单一文件网页（MHT）",
        (".mht", ".mhtml"),
        role="report",
        reader="parsers.html.mht:read_mht",
        fetched=True,
    ),
    Format("html", "网页（HTML）", (".html", ".htm", ".xhtml"), role="report", reader="parsers.html.reader:read_html"),
    Format(
        "xls",
        "旧版 Excel 工作簿（.xls）",
        (".xls", ".et"),
        ole_streams=("Workbook", "Book"),
        role="report",
        reader="parsers.sheets.xls:read_xls",
        fetched=True,
    ),
    Format(
        "xmltable",
        "XML 电子表格 2003",
        marks=(b"urn:schemas-microsoft-com:office:spreadsheet",),
        role="report",
        reader="parsers.sheets.xmltable:read_xml_table",
    ),
    Format("csv", "CSV 文件", (".csv",), role="report", reader="parsers.sheets.csvfile:read_csv", fetched=True),
    Format(
        "xlsx",
        "Excel 工作簿（.xlsx）",
        (".xlsx", ".xlsm", ".xltx", ".xltm"),
        zip_parts=("xl/workbook.xml",),
        role="report",
        reader="parsers.sheets.xlsx:read_xlsx",
        fetched=True,
    ),
    Format("xlsb", "二进制 Excel 工作簿（.xlsb）", (".xlsb",), zip_parts=("xl/workbook.bin",), advice=_SAVE_AS_XLSX),
    Format("ppt", "旧版演示文稿（.ppt）", (".ppt",), ole_streams=("PowerPoint Document",), advice=_EXPORT_PDF),
    Format("pptx", "演示文稿（.pptx）", (".pptx",), zip_parts=("ppt/presentation.xml",), advice=_EXPORT_PDF),
    Format(
        "ofd",
        "OFD 版式文件",
        (".ofd",),
        zip_parts=("OFD.xml",),
        role="report",
        reader="parsers.ofd.reader:read_ofd",
        fetched=True,
    ),
    *(
        Format(name, title, suffixes, magics, role="report", reader=_IMAGE_READER)
        for name, title, suffixes, magics in (
            ("png", "PNG 图片", (".png",), (b"\x89PNG\r\n",)),
            ("jpeg", "JPEG 图片", (".jpg", ".jpeg"), (b"\xff\xd8\xff",)),
            ("gif", "GIF 图片", (".gif",), (b"GIF8",)),
            ("bmp", "BMP 图片", (".bmp",), ()),
            ("tiff", "TIFF 图片", (".tif", ".tiff"), (b"II*\0", b"MM\0*")),
            ("webp", "WebP 图片", (".webp",), ()),
            ("jp2", "JPEG 2000 图片", (".jp2", ".jpx"), (b"\0\0\0\x0cjP  ",)),
        )
    ),
    Format("zip", "ZIP 压缩包", (".zip",), role="archive", fetched=True, advice=_UNPACK),
    Format(
        "tar",
        "TAR 压缩包",
        (".tar", ".tgz", ".gz", ".tbz2", ".bz2", ".txz", ".xz"),
        magics=(b"\x1f\x8b", b"BZh", b"\xfd7zXZ"),
        role="archive",
        fetched=True,
        advice=_UNPACK,
    ),
    Format("eml", "邮件", (".eml",), role="archive", fetched=True, advice=_UNPACK),
    Format("rar", "RAR 压缩包", (".rar",), magics=(b"Rar!",), role="archive", fetched=True, advice=_UNPACK),
    Format("7z", "7z 压缩包", (".7z",), magics=(b"7z\xbc\xaf",), role="archive", fetched=True, advice=_UNPACK),
    Format("ole2", "无法识别的旧版办公文件", advice=_SAVE_AS_DOCX),
    Format("binary", "二进制数据而不是文档", advice="请确认文件类型或重新取得原文件"),
)
"""Order decides where a file holds the marks of several."""

IMAGES = frozenset(entry.name for entry in FORMATS if entry.reader == _IMAGE_READER)
BY_NAME = {entry.name: entry for entry in FORMATS}
BY_SUFFIX = {suffix: entry for entry in FORMATS for suffix in entry.suffixes}

REPORT_SUFFIXES = frozenset(suffix for suffix, entry in BY_SUFFIX.items() if entry.role == "report")
"""Names a folder is searched for."""
ARCHIVE_SUFFIXES = frozenset(suffix for suffix, entry in BY_SUFFIX.items() if entry.role == "archive")
FETCHED_SUFFIXES = frozenset(suffix for suffix, entry in BY_SUFFIX.items() if entry.fetched)
"""Names a source is searched for. Formats that are not read are fetched too: the dataset then says so, with advice."""


def usual_suffix(name: str) -> str:
    """The suffix for a file of the format called `name`, empty where there is none."""
    entry = BY_NAME.get(name)
    return entry.suffixes[0] if entry is not None and entry.suffixes else ""
