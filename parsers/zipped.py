"""Files that are a ZIP of XML parts (.xlsx, .odt, .ods, .ofd), read safely (压缩的 XML 文件).

Nothing external is resolved, no DTD is accepted, and what is unpacked is bounded before and while it is unpacked.
"""

from __future__ import annotations

import posixpath
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from lxml import etree

from schemas.errors import DamagedFile, EncryptedFile, FileUnavailable, LimitExceeded, ReadError, UnsupportedFormat

Element = Any  # lxml ships no types

MAX_XML_BYTES = 64 * 1024 * 1024
"""Unpacked XML that is kept as trees of one file, all parts together."""
MAX_STREAM_BYTES = 512 * 1024 * 1024
"""Unpacked XML that is read of one part element by element, without a tree."""
MAX_ELEMENTS = 2_000_000
"""Elements in one tree: each takes 150 bytes and more, whatever its bytes on disk."""
MAX_RATIO = 300
"""Unpacked to packed size. Real parts stay below 100; deflate's own limit, which bombs reach, is 1,032."""
RATIO_MATTERS_FROM = 16 * 1024 * 1024
MAX_PARTS = 40_000

_ENCRYPTED_FLAG = 0x1
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, struct.error, ValueError)


@dataclass(slots=True)
class ZippedFile:
    """An open ZIP of parts; `name` is the file's name for messages (压缩的 XML 文件)."""

    name: str
    archive: zipfile.ZipFile
    parts: dict[str, zipfile.ZipInfo]
    _left: int = MAX_XML_BYTES

    def has(self, part: str) -> bool:
        return part.lower() in self.parts

    def data(self, part: str) -> bytes:
        """The bytes of a part. Raises DamagedFile (also when it is missing), EncryptedFile, LimitExceeded."""
        info = self._info(part, self._left)
        with self._explained(part), self.archive.open(info) as stream:
            data = stream.read(self._left + 1)  # the declared size may lie: the cap holds while unpacking, too
        if len(data) > self._left:
            raise self._too_large(part)
        self._left -= len(data)
        return data

    def xml(self, part: str) -> Element:
        """The root of an XML part. Raises what `data` raises, DamagedFile also for a DTD."""
        return parse_xml(self.data(part), f"《{self.name}》的 {part}")

    def events(self, part: str, *tags: str) -> Iterator[tuple[str, Element]]:
        """The ends of the elements called `tags` in a part of any size; each is emptied once it has been seen.

        Raises what `data` raises.
        """
        info = self._info(part, MAX_STREAM_BYTES)
        with self._explained(part), self.archive.open(info) as stream:
            walk = etree.iterparse(
                _Bounded(stream, self._too_large(part)), tag=tags, resolve_entities=False, no_network=True,
                load_dtd=False, remove_comments=True, remove_pis=True,
            )  # fmt: skip
            try:
                for event, element in walk:
                    yield event, element
                    element.clear()
                    while element.getprevious() is not None:
                        del element.getparent()[0]
                    _refuse_dtd(element, f"《{self.name}》的 {part}")
            except etree.XMLSyntaxError as error:
                raise _broken(f"《{self.name}》的 {part}", error) from error

    def related(self, part: str) -> dict[str, tuple[str, str]]:
        """What an OOXML part refers to: relationship id → (last word of its type, name of the target part)."""
        folder, _, base = part.rpartition("/")
        listed = f"{folder}/_rels/{base}.rels".lstrip("/")
        if not self.has(listed):
            return {}
        found = {}
        for link in self.xml(listed).iter("{*}Relationship"):
            if link.get("TargetMode") != "External" and link.get("Target"):
                target = posixpath.normpath(posixpath.join("/" + folder, link.get("Target"))).lstrip("/")
                found[link.get("Id", "")] = (link.get("Type", "").rpartition("/")[2], target)
        return found

    def _info(self, part: str, most: int) -> zipfile.ZipInfo:
        info = self.parts.get(part.lower())
        if info is None:
            raise DamagedFile(f"《{self.name}》缺少 {part}，文件不完整；请重新获取该文件。")
        if info.flag_bits & _ENCRYPTED_FLAG:
            raise EncryptedFile(f"《{self.name}》设有密码；请去除密码后重试。")
        is_bomb = info.file_size > RATIO_MATTERS_FROM and info.file_size > MAX_RATIO * max(1, info.compress_size)
        if info.file_size > most or is_bomb:
            raise self._too_large(part)
        return info

    def _too_large(self, part: str) -> LimitExceeded:
        return LimitExceeded(f"《{self.name}》的 {part} 解压后过大，疑似恶意压缩文件，未予读取；请核实来源。")

    @contextmanager
    def _explained(self, part: str) -> Iterator[None]:
        try:
            yield
        except ReadError:
            raise
        except _DAMAGE as error:
            raise DamagedFile(f"《{self.name}》的 {part} 解压失败，文件已损坏；请重新下载或复制该文件。") from error
        except (NotImplementedError, RuntimeError) as error:
            raise UnsupportedFormat(f"《{self.name}》的 {part} 用了不支持的压缩方法；请用原软件另存后重试。") from error


class _Bounded:
    """A stream that raises `error` after MAX_STREAM_BYTES, whatever size the ZIP declares."""

    def __init__(self, stream: IO[bytes], error: LimitExceeded) -> None:
        self._stream = stream
        self._error = error
        self._left = MAX_STREAM_BYTES

    def read(self, size: int = -1) -> bytes:
        block = self._stream.read(size)
        self._left -= len(block)
        if self._left < 0:
            raise self._error
        return block


@contextmanager
def open_zipped(path: Path) -> Iterator[ZippedFile]:
    """Opens a ZIP of parts. Raises FileUnavailable, DamagedFile, LimitExceeded."""
    try:
        with path.open("rb") as file:
            try:
                archive = zipfile.ZipFile(file)
            except _DAMAGE as error:
                message = f"《{path.name}》不完整或已损坏（缺少压缩包目录）；请重新下载或复制该文件。"
                raise DamagedFile(message) from error
            with archive:
                infos = archive.infolist()
                if len(infos) > MAX_PARTS:
                    raise LimitExceeded(f"《{path.name}》有 {len(infos)} 个部件，超出读取上限；请核实来源。")
                parts = {info.filename.replace("\\", "/").lstrip("/").lower(): info for info in infos}
                yield ZippedFile(path.name, archive, parts)
    except OSError as error:
        raise FileUnavailable(f"《{path.name}》打不开（{error.strerror or error}）；请检查路径和读取权限。") from error


def parse_xml(data: bytes, what: str) -> Element:
    """The root of an XML text called `what` in messages. Raises DamagedFile (broken, or with a DTD), LimitExceeded."""
    if data.count(b"<") - data.count(b"</") > MAX_ELEMENTS:
        raise LimitExceeded(f"{what} 含有 {MAX_ELEMENTS} 个以上的元素，超出读取上限；请拆分文件后再试。")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise _broken(what, error) from error
    _refuse_dtd(root, what)
    return root


def _refuse_dtd(element: Element, what: str) -> None:
    if element.getroottree().docinfo.doctype:
        raise DamagedFile(f"{what} 带有 DTD 或实体声明，为安全起见不予读取；请核实来源，或用原软件另存后重试。")


def _broken(what: str, error: etree.XMLSyntaxError) -> DamagedFile | LimitExceeded:
    message = str(error)
    if "depth" in message or "huge" in message.lower():
        return LimitExceeded(f"{what} 嵌套过深或单段文字过长，超出读取上限；请用原软件简化后另存再试。")
    return DamagedFile(f"{what} 第 {error.lineno} 行起不是完整的 XML，文件已损坏；请重新获取该文件。")
