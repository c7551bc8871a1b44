"""Safe access to an OPC package: the zip, its relationships, its XML parts (OPC 包的安全读取).

Nothing external is resolved, no DTD is accepted, and what is unpacked is bounded before and while it is unpacked.
python-docx opens packages too, but reads every part (pictures, too) without bounds and fails where one is missing.
"""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from urllib.parse import unquote

from lxml import etree

from parsers.docx.foreign import HEAD_BYTES, OLE2, ZIP, foreign_file
from parsers.docx.names import CONTENT_TYPE, RELATIONSHIP, Element, to_transitional
from schemas.errors import DamagedFile, EncryptedFile, FileUnavailable, LimitExceeded, UnsupportedFormat

MAX_XML_BYTES = 64 * 1024 * 1024
"""Unpacked XML read from one file, all parts together. The text of a 1,000-page report is about 30 MB."""
MAX_ELEMENTS = 2_000_000
"""Elements in one part: a tree takes 150 bytes and more for each, whatever its bytes on disk."""
MAX_RATIO = 300
"""Unpacked to packed size. Real parts stay below 100; deflate's own limit, which bombs reach, is 1,032."""
RATIO_MATTERS_FROM = 16 * 1024 * 1024
"""Below this size a part does no harm; thousands of blank rows pack as well as a bomb."""
MAX_DIRECTORY_BYTES = 4 * 1024 * 1024
"""The zip's directory: room for 40,000 parts; a report has a few dozen."""
MAX_OLE2_BYTES = 64 * 1024 * 1024
"""How much of an OLE2 container is searched for the entry that tells what it is."""

_END_RECORD = b"PK\x05\x06"
_END_RECORD_BYTES = 22
_MAX_COMMENT = 65535

_WORD_MAIN = ("wordprocessingml.document.main+xml", "wordprocessingml.template.main+xml")
_WORD_MAIN_MACRO = ("ms-word.document.macroenabled.main+xml", "ms-word.template.macroenabledtemplate.main+xml")
_OTHER_MAIN = {
    "spreadsheetml": "Excel 工作簿（.xlsx）；请把自评表另存为 .docx、PDF 或文本再试",
    "ms-excel": "Excel 工作簿（.xlsx）；请把自评表另存为 .docx、PDF 或文本再试",
    "presentationml": "PowerPoint 演示文稿（.pptx）；请把自评表另存为 .docx 再试",
    "ms-powerpoint": "PowerPoint 演示文稿（.pptx）；请把自评表另存为 .docx 再试",
    "visio": "Visio 绘图；请把自评表另存为 .docx 再试",
}


@dataclass(slots=True)
class Package:
    """An open DOCX package (文档包): `name` is the file's name for messages, `main` the main document's part."""

    name: str
    archive: zipfile.ZipFile
    parts: dict[str, zipfile.ZipInfo]
    main: str = ""
    _left: int = MAX_XML_BYTES
    _targets: dict[str, list[str]] = field(default_factory=dict)

    def related(self, kind: str) -> str | None:
        """The part the main document names as its `kind` (styles, numbering, footnotes, …), None without one."""
        return next(iter(self.all_related(kind)), None)

    def all_related(self, kind: str) -> list[str]:
        """All parts that the main document names as its `kind` (header, footer), in order."""
        if not self._targets:
            folder, _, base = self.main.rpartition("/")
            self._targets = self._relationships(f"{folder}/_rels/{base}.rels".lstrip("/"), folder)
        return self._targets.get(kind, [])

    def _relationships(self, part: str, folder: str) -> dict[str, list[str]]:
        """Kind (last word of the relationship's type) to the names of its parts."""
        targets: dict[str, list[str]] = {}
        if not self.has(part):
            return targets
        for link in self.xml(part).iter(RELATIONSHIP):
            target, kind = link.get("Target"), link.get("Type", "").rpartition("/")[2]
            if not target or link.get("TargetMode") == "External":
                continue
            for candidate in (target, unquote(target)):
                path = posixpath.normpath(posixpath.join("/" + folder, candidate.replace("\\", "/"))).lstrip("/")
                if self.has(path) and path not in targets.get(kind, ()):
                    targets.setdefault(kind, []).append(path)
        return targets

    def has(self, part: str) -> bool:
        return part.lower() in self.parts

    def xml(self, part: str) -> Element:
        """The root of an XML part, names transitional.

        Raises DamagedFile (unreadable, or with a DTD), EncryptedFile or LimitExceeded.
        """
        data = self._bytes(part)
        if data.count(b"<") - data.count(b"</") > MAX_ELEMENTS:
            raise LimitExceeded(
                f"《{self.name}》的 {part} 含有 {MAX_ELEMENTS} 个以上的元素，超出读取上限；请拆分文档后再试。"
            )
        parser = etree.XMLParser(
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            dtd_validation=False,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        try:
            root = etree.fromstring(data, parser)
        except etree.XMLSyntaxError as error:
            raise self._broken_xml(part, error) from error
        if root.getroottree().docinfo.doctype:
            raise DamagedFile(
                f"《{self.name}》的 {part} 带有 DTD 或实体声明，正常的 Word 文档不含此类内容，为安全起见不予读取；"
                "请核实来源，或用 Word 打开后另存为新的 .docx 再试。"
            )
        return to_transitional(root)

    def _broken_xml(self, part: str, error: etree.XMLSyntaxError) -> DamagedFile | LimitExceeded:
        message = str(error)
        if "depth" in message or "huge" in message.lower():
            return LimitExceeded(
                f"《{self.name}》的 {part} 嵌套过深或单段文字过长，超出读取上限；请用 Word 简化后另存再试。"
            )
        return DamagedFile(
            f"《{self.name}》的 {part} 第 {error.lineno} 行起不是完整的 XML，文件已损坏；"
            "请用 Word 修复或重新获取该文件。"
        )

    def _bytes(self, part: str) -> bytes:
        info = self.parts[part.lower()]
        if info.flag_bits & 0x1:
            raise EncryptedFile(f"《{self.name}》的压缩包设有密码；请解除密码后再试。")
        bomb = info.file_size > RATIO_MATTERS_FROM and info.file_size > MAX_RATIO * max(1, info.compress_size)
        if info.file_size > self._left or bomb:
            raise LimitExceeded(
                f"《{self.name}》的 {part} 解压后有 {info.file_size // 1048576} MB（压缩前后相差"
                f" {info.file_size // max(1, info.compress_size)} 倍），超出读取上限，疑似恶意压缩文件；请核实来源。"
            )
        try:
            with self.archive.open(info) as stream:
                data = stream.read(self._left + 1)  # the declared size may lie: the cap holds while unpacking, too
        except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
            raise DamagedFile(f"《{self.name}》的 {part} 解压失败，文件已损坏；请重新下载或复制该文件。") from error
        except NotImplementedError as error:
            raise UnsupportedFormat(
                f"《{self.name}》的 {part} 用了不支持的压缩方法；请用 Word 打开后另存为 .docx 再试。"
            ) from error
        if len(data) > self._left:
            raise LimitExceeded(
                f"《{self.name}》的 {part} 解压后超出 {MAX_XML_BYTES // 1048576} MB 的上限；请核实来源。"
            )
        self._left -= len(data)
        return data

    def locate_main(self) -> str:
        """The main document's part: by the package's relationship, by its content type, by its usual name."""
        main = next(iter(self._relationships("_rels/.rels", "").get("officeDocument", ())), None)
        types = self._content_types()
        main = main or next(
            (part for part, kind in types.items() if kind.endswith(_WORD_MAIN + _WORD_MAIN_MACRO)), None
        )
        main = main or ("word/document.xml" if self.has("word/document.xml") else None)
        if main is None:
            raise self._no_document()
        kind = types.get(main.lower(), "")
        for mark, what in _OTHER_MAIN.items():
            if mark in kind:
                raise UnsupportedFormat(f"《{self.name}》不是 Word 文档（.docx），实为 {what}。")
        return main

    def _content_types(self) -> dict[str, str]:
        if not self.has("[Content_Types].xml"):
            return {}
        overrides = self.xml("[Content_Types].xml").iter(CONTENT_TYPE)
        pairs = ((o.get("PartName", "").lstrip("/").lower(), o.get("ContentType", "").lower()) for o in overrides)
        return {part: kind for part, kind in pairs if part in self.parts}

    def _no_document(self) -> DamagedFile | UnsupportedFormat:
        if "ofd.xml" in self.parts:
            return UnsupportedFormat(f"《{self.name}》实为 OFD 版式文件；请转换为 PDF 或 .docx 再试。")
        if "mimetype" in self.parts:
            return UnsupportedFormat(f"《{self.name}》实为 OpenDocument 文档（.odt 等）；请另存为 .docx 再试。")
        if "[content_types].xml" in self.parts:
            return DamagedFile(
                f"《{self.name}》缺少正文部件（document.xml），文件已损坏；请用 Word 修复或重新获取该文件。"
            )
        return UnsupportedFormat(f"《{self.name}》是普通压缩包，不是 Word 文档（.docx）；请解压后再试。")


@contextmanager
def open_package(path: Path) -> Iterator[Package]:
    """Opens a DOCX, DOCM or DOTX by its content, whatever its name.

    Raises FileUnavailable, DamagedFile, EncryptedFile, UnsupportedFormat or LimitExceeded.
    """
    try:
        with path.open("rb") as file:
            _expect_zip(path, file)
            try:
                archive = zipfile.ZipFile(file)
            except (zipfile.BadZipFile, OSError, ValueError, struct.error) as error:
                raise DamagedFile(f"《{path.name}》的压缩包目录已损坏；请重新下载或复制该文件。") from error
            with archive:
                parts = {info.filename.replace("\\", "/").lstrip("/").lower(): info for info in archive.infolist()}
                package = Package(path.name, archive, parts)
                package.main = package.locate_main()
                yield package
    except OSError as error:
        raise FileUnavailable(f"《{path.name}》打不开（{error.strerror or error}）；请检查路径和读取权限。") from error


def _expect_zip(path: Path, file: BinaryIO) -> None:
    size = file.seek(0, 2)
    file.seek(0)
    head = file.read(HEAD_BYTES)
    tail_at = max(0, size - _END_RECORD_BYTES - _MAX_COMMENT)
    file.seek(tail_at)
    tail = file.read()
    end = tail.rfind(_END_RECORD)
    if not head.startswith(ZIP) or end < 0 or len(tail) - end < _END_RECORD_BYTES:
        file.seek(0)
        whole = file.read(MAX_OLE2_BYTES) if head.startswith(OLE2) else b""
        raise foreign_file(path.name, head, size, whole)
    # zipfile builds its whole directory in memory, so its size is looked at first. A zip64 archive says 0xFFFFFFFF
    # here; only files beyond 4 GB need that.
    if struct.unpack_from("<I", tail, end + 12)[0] > MAX_DIRECTORY_BYTES:
        raise LimitExceeded(f"《{path.name}》的压缩包目录过大，不像 Word 文档，未予读取；请核实来源。")
    file.seek(0)
