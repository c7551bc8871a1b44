"""What ZIP and TAR files say about their members, names decoded (压缩包目录).

Names: a ZIP says by bit 11 that a name is UTF-8, or carries it in the Unicode path field. Without either the bytes are
those of the system that packed it: UTF-8 when all names of the archive are, else GB18030.
"""

from __future__ import annotations

import bz2
import gzip
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from io import BufferedIOBase
from pathlib import Path
from typing import IO, Literal, cast

from schemas.errors import DamagedFile, LimitExceeded

_UTF8_FLAG = 1 << 11
_ENCRYPTED_FLAG = 1
_UNICODE_PATH = 0x7075
_END_BYTES = 64 * 1024 + 22 + 20 + 56
"""The end records of a ZIP with its longest comment, and of a ZIP64."""
_DIRECTORY_BYTES_PER_MEMBER = 1024
_TAIL = 4 * tarfile.RECORDSIZE
"""Bytes of a TAR kept behind the reading position; tarfile reads one record ahead."""


@dataclass(frozen=True, slots=True)
class ArchiveEntry:
    """One member as the archive describes it; `packed` is None where members are not compressed one by one (成员).

    `name` has forward slashes and no leading one; `raw_name` is as printed in the archive.
    """

    name: str
    raw_name: str
    kind: Literal["file", "other"]
    size: int
    packed: int | None
    encrypted: bool
    open: Callable[[], IO[bytes]]


def zip_entries(path: Path, what: str, most: int) -> Iterator[ArchiveEntry]:
    """The members of a ZIP but for folders. Raises LimitExceeded, DamagedFile, and what zipfile raises."""
    if _directory_bytes(path) > most * _DIRECTORY_BYTES_PER_MEMBER:
        raise LimitExceeded(f"{what}的成员超过 {most} 个，未解压；请拆开后重新提供。", code="archive_members")
    with zipfile.ZipFile(path) as archive:
        infos = [info for info in archive.infolist() if not _is_folder(info)]
        if not infos:
            raise empty_archive(what)
        for info, name in zip(infos, _zip_names(infos), strict=True):
            mode = info.external_attr >> 16
            yield ArchiveEntry(
                tidy_name(name),
                name,
                "file" if not stat.S_IFMT(mode) or stat.S_ISREG(mode) else "other",
                info.file_size,
                info.compress_size,
                bool(info.flag_bits & _ENCRYPTED_FLAG),
                cast("Callable[[], IO[bytes]]", partial(archive.open, info)),
            )


_COMPRESSED: tuple[tuple[bytes, Callable[[IO[bytes]], IO[bytes]]], ...] = (
    (b"\x1f\x8b", lambda file: cast("IO[bytes]", gzip.GzipFile(fileobj=file))),
    (b"BZh", lambda file: cast("IO[bytes]", bz2.BZ2File(file))),
    (b"\xfd7zXZ", lambda file: cast("IO[bytes]", lzma.LZMAFile(file))),  # noqa: SIM115
)
_LONGEST_MAGIC = 6
_MAGIC_AT = 257


def tar_entries(path: Path, what: str, most: int, most_bytes: int) -> Iterator[ArchiveEntry]:
    """The members of a TAR, compressed or not, read in one pass; a compressed file that is no TAR is its only member.

    Raises LimitExceeded, DamagedFile, TarError, OSError.
    """
    if not _is_tar(path):
        yield _single_entry(path, most_bytes, what)
        return
    with path.open("rb") as file:
        plain = _decompressed(file)
        counted = _Counted(plain, most_bytes, what)
        empty = True
        with tarfile.open(fileobj=cast("IO[bytes]", counted), mode="r|") as archive:
            for number, info in enumerate(archive):
                if number >= most * 2:  # folders count as well: tarfile keeps every header in memory
                    raise LimitExceeded(
                        f"{what}的成员超过 {most} 个，其余未读；请拆开后重新提供。", code="archive_members"
                    )
                if not info.isdir():
                    empty = False
                    yield _tar_entry(archive, info)
            # tarfile takes a damaged header, or a file that ends between two members, for the end of the archive.
            if counted.behind(archive.offset) != bytes(tarfile.BLOCKSIZE):
                raise DamagedFile(f"{what}在中途损坏或中断，其余成员无法读取；请重新获取。")
        if empty:
            raise empty_archive(what)


def _decompressed(file: IO[bytes]) -> IO[bytes]:
    magic = file.read(_LONGEST_MAGIC)
    file.seek(0)
    return next((opened(file) for start, opened in _COMPRESSED if magic.startswith(start)), file)


def _is_tar(path: Path) -> bool:
    """Whether a TAR begins in a file, compressed or not."""
    with path.open("rb") as file:
        head = _decompressed(file).read(tarfile.BLOCKSIZE)
    return head[_MAGIC_AT:].startswith(b"ustar") or head == bytes(tarfile.BLOCKSIZE) or _is_old_tar(head)


def _is_old_tar(head: bytes) -> bool:
    """A header of the time before `ustar` is known by its checksum only."""
    try:
        tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def _single_entry(path: Path, most_bytes: int, what: str) -> ArchiveEntry:
    def open_member() -> IO[bytes]:
        return cast("IO[bytes]", _Counted(_decompressed(path.open("rb")), most_bytes, what))

    return ArchiveEntry(tidy_name(path.stem), path.stem, "file", 0, None, False, open_member)


def empty_archive(what: str) -> DamagedFile:
    """The error for an archive without members."""
    return DamagedFile(f"{what}是空的，请重新获取。", code="empty_archive")


def _tar_entry(archive: tarfile.TarFile, info: tarfile.TarInfo) -> ArchiveEntry:
    raw = info.name.encode("utf-8", "surrogateescape")
    name = _decode(raw, _encoding([raw]))

    def open_member() -> IO[bytes]:
        stream = archive.extractfile(info)
        assert stream is not None
        return stream

    return ArchiveEntry(tidy_name(name), name, "file" if info.isreg() else "other", info.size, None, False, open_member)


class _Counted(BufferedIOBase):
    """A stream that ends with LimitExceeded after `most` bytes: a gzip bomb stops here whatever its headers say."""

    def __init__(self, stream: IO[bytes], most: int, what: str) -> None:
        self._stream = stream
        self._left = most
        self._read = 0
        self._tail = b""
        self._message = f"{what}解压后超过 {most >> 20} MB，其余未读；请拆开后重新提供。"

    def read(self, size: int | None = -1, /) -> bytes:
        block = self._stream.read(-1 if size is None else size)
        self._left -= len(block)
        self._read += len(block)
        self._tail = (self._tail + block)[-_TAIL:]
        if self._left < 0:
            raise LimitExceeded(self._message, code="archive_size")
        return block

    def behind(self, offset: int) -> bytes:
        """The block at `offset`, which must be among the last read."""
        start = offset - (self._read - len(self._tail))
        return self._tail[start : start + tarfile.BLOCKSIZE] if start >= 0 else b""


def _is_folder(info: zipfile.ZipInfo) -> bool:
    return info.orig_filename.endswith("/") or (info.orig_filename.endswith("\\") and not info.file_size)


def _zip_names(infos: Sequence[zipfile.ZipInfo]) -> list[str]:
    raws = [None if info.flag_bits & _UTF8_FLAG else info.orig_filename.encode("cp437") for info in infos]
    encoding = _encoding([raw for raw in raws if raw is not None])
    names: list[str] = []
    for info, raw in zip(infos, raws, strict=True):
        if raw is None:
            names.append(info.orig_filename)
        else:
            names.append(_unicode_path(info.extra, raw) or _decode(raw, encoding))
    return names


def _encoding(raws: Sequence[bytes]) -> str:
    """Of all names together: two Chinese characters in GBK may look like UTF-8, a list of names hardly does."""
    for encoding in ("utf-8", "gb18030", "big5"):
        try:
            for raw in raws:
                raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        return encoding
    return "gb18030"


def decoded_name(raw: bytes, raws: Sequence[bytes]) -> str:
    """A name without a stated encoding; `raws` are all such names of the archive, which tell it together."""
    return _decode(raw, _encoding(raws))


def _decode(raw: bytes, encoding: str) -> str:
    return raw.decode(encoding, "backslashreplace")


def _unicode_path(extra: bytes, raw: bytes) -> str | None:
    """The name in the Info-ZIP Unicode path field, if it belongs to this name."""
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<HH", extra)
        body, extra = extra[4 : 4 + length], extra[4 + length :]
        if kind == _UNICODE_PATH and len(body) > 5 and struct.unpack_from("<L", body, 1)[0] == zlib.crc32(raw):
            try:
                return body[5:].decode("utf-8")
            except UnicodeDecodeError:
                return None
    return None


def tidy_name(name: str) -> str:
    """Forward slashes, no leading ones, nothing unprintable."""
    parts = name.replace("\\", "/").split("/")
    shown = "/".join(part for part in parts if part not in ("", "."))
    return "".join(char if char.isprintable() else "_" for char in shown) or "_"


def _directory_bytes(path: Path) -> int:
    """The size of a ZIP's directory as its end records give it; reading the directory needs several times that."""
    with path.open("rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - _END_BYTES))
        tail = file.read()
    found = 0
    at = tail.rfind(b"PK\x05\x06")
    if at >= 0 and len(tail) >= at + 16:
        small = int(struct.unpack_from("<L", tail, at + 12)[0])
        found = 0 if small == 0xFFFFFFFF else small
    at = tail.rfind(b"PK\x06\x06")
    if at >= 0 and len(tail) >= at + 48:
        found = max(found, int(struct.unpack_from("<Q", tail, at + 40)[0]))
    return min(found, size)
