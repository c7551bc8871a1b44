"""What RAR and 7z archives and mail messages say about their members (RAR、7z 与邮件的成员).

RAR members that are only stored are read here; packed ones by the program 7z, unrar or unar, where one is installed.
"""

from __future__ import annotations

import io
import shutil
import tempfile
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage, Message
from email.parser import BytesParser
from functools import partial
from pathlib import Path
from typing import IO, cast

import py7zr
import rarfile
from py7zr.io import Py7zIO, WriterFactory

from pipeline.sourcing.archive_members import ArchiveEntry, decoded_name, empty_archive, tidy_name
from schemas.errors import DamagedFile, EncryptedFile, LimitExceeded, UnsupportedFormat

_MAX_MAIL_BYTES = 64 << 20
_BODY = "正文"
_NO_RAR_PROGRAM = "解开 RAR 压缩包需要 7z、unrar 或 unar 程序，本机没有；请安装其一，或解压后重新提供。"


def rar_entries(path: Path, what: str, most: int) -> Iterator[ArchiveEntry]:
    """The members of a RAR but for folders. Raises LimitExceeded, DamagedFile, EncryptedFile, UnsupportedFormat."""
    try:
        with rarfile.RarFile(path) as archive:
            if archive.needs_password() and not archive.infolist():
                raise EncryptedFile(f"{what}设有密码，请去掉密码后重新提供。", code="encrypted_archive")
            infos = [info for info in archive.infolist() if not info.is_dir()]
            if len(infos) > most:
                raise LimitExceeded(f"{what}的成员超过 {most} 个，未解压；请拆开后重新提供。", code="archive_members")
            if not infos:
                raise empty_archive(what)
            names = _rar_names(infos)
            for info, name in zip(infos, names, strict=True):
                yield ArchiveEntry(
                    tidy_name(name),
                    name,
                    "other" if info.is_symlink() else "file",
                    info.file_size,
                    info.compress_size,
                    bool(info.needs_password()),
                    partial(_open_rar, archive, info),
                )
    except rarfile.NeedFirstVolume as error:
        raise DamagedFile(f"{what}是分卷压缩包的后一部分；请把全部分卷合并解压后重新提供。") from error
    except rarfile.PasswordRequired as error:
        raise EncryptedFile(f"{what}设有密码，请去掉密码后重新提供。", code="encrypted_archive") from error
    except rarfile.Error as error:
        raise DamagedFile(f"{what}已损坏（{error}），请重新获取。") from error


def _rar_names(infos: list[rarfile.RarInfo]) -> list[str]:
    """Old archives keep names in the encoding of the system that packed them and say so nowhere."""
    raws = [info.orig_filename for info in infos]
    return [
        decoded_name(raw, raws) if isinstance(raw, bytes) else info.filename
        for raw, info in zip(raws, infos, strict=True)
    ]


def _open_rar(archive: rarfile.RarFile, info: rarfile.RarInfo) -> IO[bytes]:
    try:
        return cast("IO[bytes]", archive.open(info))
    except rarfile.RarCannotExec as error:
        raise UnsupportedFormat(_NO_RAR_PROGRAM, code="no_rar_program") from error
    except rarfile.Error as error:
        raise DamagedFile(f"“{info.filename}”已损坏（{error}），请重新获取。", code="damaged_member") from error


def seven_zip_entries(path: Path, what: str, most: int, most_bytes: int) -> Iterator[ArchiveEntry]:
    """The members of a 7z but for folders, unpacked together as they are packed together.

    Raises LimitExceeded, DamagedFile, EncryptedFile, UnsupportedFormat.
    """
    folder = Path(tempfile.mkdtemp(prefix="ziping-7z-"))
    try:
        with py7zr.SevenZipFile(path) as archive:
            if archive.needs_password():
                raise EncryptedFile(f"{what}设有密码，请去掉密码后重新提供。", code="encrypted_archive")
            infos = [info for info in archive.list() if not info.is_directory]
            if len(infos) > most or sum(info.uncompressed for info in infos) > most_bytes:
                raise LimitExceeded(f"{what}的成员过多或过大，未解压；请拆开后重新提供。", code="archive_size")
            if not infos:
                raise empty_archive(what)
            writers = _Writers(folder, most_bytes, what)
            archive.extract(targets=[info.filename for info in infos if info.is_file], factory=writers)
            for info in infos:
                place = writers.places.get(info.filename)
                yield ArchiveEntry(
                    tidy_name(info.filename),
                    info.filename,
                    "file" if info.is_file and place is not None else "other",
                    info.uncompressed,
                    None,
                    False,
                    partial(_open_unpacked, place),
                )
    except py7zr.PasswordRequired as error:
        raise EncryptedFile(f"{what}设有密码，请去掉密码后重新提供。", code="encrypted_archive") from error
    except py7zr.UnsupportedCompressionMethodError as error:
        raise UnsupportedFormat(
            f"{what}用了不支持的压缩方法；请解压后重新提供。", code="unsupported_archive"
        ) from error
    except (py7zr.exceptions.ArchiveError, py7zr.exceptions.AbsolutePathError) as error:
        raise DamagedFile(f"{what}已损坏，请重新获取。") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _open_unpacked(place: Path | None) -> IO[bytes]:
    return io.BytesIO() if place is None else place.open("rb")


class _Writers(WriterFactory):
    """Gives each member a numbered file; all together may write `left` bytes, whatever sizes the archive declares."""

    def __init__(self, folder: Path, most_bytes: int, what: str) -> None:
        self.places: dict[str, Path] = {}
        self.left = most_bytes
        self.what = what
        self._folder = folder

    def create(self, filename: str) -> Py7zIO:
        place = self._folder / str(len(self.places))
        self.places[filename] = place
        return _Writer(place, self)


class _Writer(Py7zIO):
    """The file of one member while it is written."""

    def __init__(self, place: Path, writers: _Writers) -> None:
        self._file = place.open("w+b")
        self._writers = writers

    def write(self, data: bytes | bytearray) -> int:
        self._writers.left -= len(data)
        if self._writers.left < 0:
            raise LimitExceeded(f"{self._writers.what}解压后过大，其余未读；请拆开后重新提供。", code="archive_size")
        return self._file.write(data)

    def read(self, size: int | None = None) -> bytes:
        return self._file.read(-1 if size is None else size)

    def seek(self, offset: int, whence: int = 0) -> int:
        return self._file.seek(offset, whence)

    def flush(self) -> None:
        self._file.flush()

    def size(self) -> int:
        return self._file.tell()

    def close(self) -> None:
        self._file.close()


def mail_entries(path: Path, what: str, most: int) -> Iterator[ArchiveEntry]:
    """The body and the attachments of a mail message. Raises LimitExceeded, DamagedFile."""
    with path.open("rb") as file:
        data = file.read(_MAX_MAIL_BYTES + 1)
    if len(data) > _MAX_MAIL_BYTES:
        raise LimitExceeded(
            f"{what}超过 {_MAX_MAIL_BYTES >> 20} MB，未读取；请另存附件后重新提供。", code="archive_size"
        )
    message = BytesParser(policy=policy.default).parsebytes(data)
    body = message.get_body(preferencelist=("html", "plain"))
    if body is not None:
        suffix = ".html" if body.get_content_subtype() == "html" else ".txt"
        yield _mail_entry(f"{_BODY}{suffix}", _text_bytes(cast("EmailMessage", body)))
    for number, part in enumerate(message.iter_attachments(), 1):
        if number > most:
            raise LimitExceeded(f"{what}的附件超过 {most} 个，其余未读；请拆开后重新提供。", code="archive_members")
        content = part.get_payload(decode=True)
        if part.get_content_type() == "message/rfc822":
            inner = part.get_payload()
            content = inner[0].as_bytes() if isinstance(inner, list) and isinstance(inner[0], Message) else b""
        name = part.get_filename() or f"附件{number}{'.eml' if part.get_content_type() == 'message/rfc822' else ''}"
        yield _mail_entry(name, content if isinstance(content, bytes) else b"")


def _text_bytes(part: EmailMessage) -> bytes:
    """The text of a body in UTF-8, whatever it came in."""
    try:
        text = str(part.get_content())
    except (LookupError, KeyError):  # an encoding nobody knows
        raw = part.get_payload(decode=True)
        return raw if isinstance(raw, bytes) else b""
    return text.encode("utf-8", "replace")


def _mail_entry(name: str, content: bytes) -> ArchiveEntry:
    return ArchiveEntry(tidy_name(name), name, "file", len(content), None, False, partial(io.BytesIO, content))
