"""Archives unpacked safely: ZIP, TAR (also compressed), RAR, 7z, mail with attachments, one in another (压缩包).

Names inside an archive never become paths: every member is written to a numbered folder under its own plain name.
What cannot or must not be unpacked becomes a member with an error; the others are handed over all the same.
"""

from __future__ import annotations

import errno
import lzma
import os
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from parsers.detect import detect_format
from parsers.formats import ARCHIVE_SUFFIXES, BY_NAME, FETCHED_SUFFIXES, REPORT_SUFFIXES
from pipeline.sourcing.archive_members import ArchiveEntry, tar_entries, zip_entries
from pipeline.sourcing.found import safe_name
from pipeline.sourcing.local_files import JOIN
from pipeline.sourcing.packed_members import mail_entries, rar_entries, seven_zip_entries
from schemas.errors import DamagedFile, EncryptedFile, LimitExceeded, ReadError, UnsupportedFormat

_BLOCK = 1 << 16
_MB = 1 << 20
_RATIO_FROM = 8 * _MB
"""Below this size no compression ratio is suspicious: a small table of blanks compresses a thousandfold."""
_JUNK_FOLDERS = frozenset(("__macosx", ".git", ".svn", "$recycle.bin"))
_PAGE_FOLDERS = ("_files", ".files")
"""Folders beside a saved page with its pictures and style sheets."""
_JUNK_NAMES = frozenset(("thumbs.db", "desktop.ini", ".ds_store", "ehthumbs.db"))
_JUNK_PREFIXES = ("~$", "._", ".~")
_JUNK_SUFFIXES = (".css", ".js", ".ico", ".lnk", ".url", ".tmp", ".woff", ".woff2", ".ttf")
_TEXTS = ("txt", "csv", "html", "xml")
"""Formats that files of any purpose are in: they count only under their own suffixes, or without any."""
_DAMAGED = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    NotImplementedError,
    ValueError,
    KeyError,
    OverflowError,
    MemoryError,
    OSError,
)
"""What the standard library raises over damage; the decompressors of bzip2 and gzip raise OSError."""


@dataclass(frozen=True, slots=True)
class UnpackingLimits:
    """What one archive may unpack to, all its inner archives together (解压限制)."""

    total_bytes: int = 2048 * _MB
    ratio: int = 200
    members: int = 5_000
    depth: int = 3


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive (压缩包成员).

    `address` is `<archive address>!/<name>`, `path` where it was unpacked. With `error` it could not be, or is
    in no format that is read; with neither it is what a system leaves behind (Thumbs.db) and was left in the archive.
    """

    name: str
    address: str
    path: Path | None = None
    error: ReadError | None = None


@dataclass(slots=True)
class _Budget:
    """What is left of the limits; shared by an archive and the archives in it."""

    total_bytes: int
    members: int
    number: int = 0


def is_archive(path: Path) -> bool:
    """Whether the content of `path` is something `members` opens.

    Office files are no archives here, although they are ZIP files. Raises FileUnavailable.
    """
    return BY_NAME[detect_format(path)].role == "archive"


def members(
    path: Path, workdir: Path, limits: UnpackingLimits | None = None, *, address: str | None = None
) -> Iterator[Member]:
    """The files in the archive `path`, unpacked below `workdir` one by one as the caller asks for them.

    The same archive unpacks to the same paths, with the modification time of the archive. `address` is that of the
    archive (its path by default). Raises nothing for what the archive holds: see Member. OSError (a full disk) passes.
    """
    limits = limits or UnpackingLimits()
    budget = _Budget(limits.total_bytes, limits.members)
    yield from _members(path, workdir, address or path.as_posix(), limits, budget, 1)


def _members(
    path: Path, workdir: Path, address: str, limits: UnpackingLimits, budget: _Budget, depth: int
) -> Iterator[Member]:
    what = f"压缩包“{address.rpartition('/')[2]}”"
    seen: set[str] = set()
    try:
        for entry in _entries(path, what, limits, budget):
            if budget.members <= 0:
                raise LimitExceeded(
                    f"{what}的成员超过 {limits.members} 个，其余未读；请拆开后重新提供。", code="archive_members"
                )
            budget.members -= 1
            budget.number += 1
            member = Member(entry.name, f"{address}{JOIN}{entry.name}")
            if member.name in seen:
                error = DamagedFile(
                    f"{what}里有两个“{entry.name}”，只读了第一个；请改名后重新打包。", code="duplicate_member"
                )
                yield Member(member.name, f"{member.address}#{budget.number}", error=error)
                continue
            seen.add(member.name)
            yield from _unpacked(entry, member, workdir / str(budget.number), path, what, limits, budget, depth)
    except ReadError as error:
        yield Member("", address, error=error)
    except _DAMAGED as error:
        _pass_on_disk_errors(error)
        yield Member("", address, error=DamagedFile(f"{what}已损坏（{error}），其余成员无法读取；请重新获取。"))


def _entries(path: Path, what: str, limits: UnpackingLimits, budget: _Budget) -> Iterator[ArchiveEntry]:
    found = detect_format(path)
    if found == "zip":
        yield from zip_entries(path, what, limits.members)
    elif found == "tar":
        # Members left out are decompressed as well, so the stream as a whole has its own limit.
        yield from tar_entries(path, what, limits.members, max(budget.total_bytes, 0))
    elif found == "rar":
        yield from rar_entries(path, what, limits.members)
    elif found == "7z":
        yield from seven_zip_entries(path, what, limits.members, max(budget.total_bytes, 0))
    elif found == "eml":
        yield from mail_entries(path, what, limits.members)
    else:
        raise UnsupportedFormat(f"{what}不是认得的压缩格式，请解压后重新提供。", code="unsupported_archive")


def _unpacked(
    entry: ArchiveEntry,
    member: Member,
    folder: Path,
    archive: Path,
    what: str,
    limits: UnpackingLimits,
    budget: _Budget,
    depth: int,
) -> Iterator[Member]:
    try:
        if _is_junk(entry.name):
            yield member
            return
        _refuse(entry, what, limits, budget)
        target = folder / safe_name(entry.name.rpartition("/")[2])
        _write(entry, target, archive, what, limits, budget)
        if not _is_wanted(entry.name, target):
            target.unlink()
            raise UnsupportedFormat(
                f"{what}里的“{entry.name}”不是能读取的格式，未读取；如是报告，请另存为 PDF 或 .docx 后重新提供。",
                code="unread_member",
            )
        if not is_archive(target):
            yield Member(member.name, member.address, target)
        elif depth >= limits.depth:
            target.unlink()
            raise LimitExceeded(
                f"{what}里的“{entry.name}”套了 {depth} 层以上，请解压后重新提供。", code="archive_depth"
            )
        else:
            yield from _members(target, folder / "in", member.address, limits, budget, depth + 1)
            target.unlink()
    except ReadError as error:
        yield Member(member.name, member.address, error=error)
    except _DAMAGED as error:
        _pass_on_disk_errors(error)
        damage = DamagedFile(f"{what}里的“{entry.name}”已损坏（{error}），请重新获取。", code="damaged_member")
        yield Member(member.name, member.address, error=damage)
    except RuntimeError:
        # zipfile's word for a password that only the member's own header mentions.
        yield Member(member.name, member.address, error=_locked(entry, what))


def _refuse(entry: ArchiveEntry, what: str, limits: UnpackingLimits, budget: _Budget) -> None:
    """Raises ReadError for what is not even opened."""
    parts = entry.name.split("/")
    if entry.raw_name.startswith(("/", "\\")) or ".." in parts or ":" in parts[0]:
        raise DamagedFile(f"{what}里的“{entry.name}”指向包外的路径，未解压；请核实来源。", code="unsafe_name")
    if entry.kind != "file":
        raise DamagedFile(f"{what}里的“{entry.name}”是链接或设备，未解压；请核实来源。", code="unsafe_member")
    if entry.encrypted:
        raise _locked(entry, what)
    if entry.size > budget.total_bytes:
        raise _too_large(entry, what, limits)
    if entry.size > _RATIO_FROM and entry.packed is not None and entry.size > entry.packed * limits.ratio:
        raise LimitExceeded(
            f"{what}里的“{entry.name}”解压后是压缩前的 {limits.ratio} 倍以上，疑为压缩炸弹，未解压；请核实来源。",
            code="archive_ratio",
        )


def _is_junk(name: str) -> bool:
    """Whether a member is what systems and programs leave behind beside a user's files."""
    *folders, base = name.lower().split("/")
    if any(folder in _JUNK_FOLDERS or folder.endswith(_PAGE_FOLDERS) for folder in folders):
        return True
    return base in _JUNK_NAMES or base.startswith(_JUNK_PREFIXES) or base.endswith(_JUNK_SUFFIXES)


def _is_wanted(name: str, path: Path) -> bool:
    """Whether a member may be a report or an archive, by its name, else by what it holds."""
    suffix = os.path.splitext(name)[1].lower()
    if suffix in REPORT_SUFFIXES | ARCHIVE_SUFFIXES | FETCHED_SUFFIXES:
        return True
    found = BY_NAME[detect_format(path)]
    return found.role != "unread" and (not suffix or found.name not in _TEXTS)


def _write(
    entry: ArchiveEntry, target: Path, archive: Path, what: str, limits: UnpackingLimits, budget: _Budget
) -> None:
    """Unpack one member, counting what really comes out; a half-written file never has the member's name."""
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".part")
    try:
        with entry.open() as stream, partial.open("wb") as file:
            _copy(stream, file, entry, what, limits, budget)
        moment = archive.stat().st_mtime_ns
        os.utime(partial, ns=(moment, moment))
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _copy(
    stream: IO[bytes], file: IO[bytes], entry: ArchiveEntry, what: str, limits: UnpackingLimits, budget: _Budget
) -> None:
    while block := stream.read(_BLOCK):
        budget.total_bytes -= len(block)
        if budget.total_bytes < 0:
            raise _too_large(entry, what, limits)
        file.write(block)


def _too_large(entry: ArchiveEntry, what: str, limits: UnpackingLimits) -> LimitExceeded:
    return LimitExceeded(
        f"{what}解压后超过 {limits.total_bytes // _MB} MB，“{entry.name}”未解压；请拆开后重新提供。",
        code="archive_size",
    )


def _locked(entry: ArchiveEntry, what: str) -> EncryptedFile:
    return EncryptedFile(f"{what}里的“{entry.name}”设有密码，请去掉密码后重新提供。", code="encrypted_member")


def _pass_on_disk_errors(error: Exception) -> None:
    """Raise again what is about the disk: damage has no errno, or a place before the beginning of the file."""
    if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
        raise error
