"""Archives unpacked safely: ZIP and TAR (also gzipped), archives in archives (压缩包).

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
from parsers.formats import BY_NAME, FETCHED_SUFFIXES
from pipeline.sourcing.archive_members import Entry, tar_entries, zip_entries
from pipeline.sourcing.found import safe_name
from pipeline.sourcing.local_files import JOIN
from schemas.errors import DamagedFile, EncryptedFile, FileUnavailable, LimitExceeded, ReadError, UnsupportedFormat

_BLOCK = 1 << 16
_MB = 1 << 20
_RATIO_FROM = 8 * _MB
"""Below this size no compression ratio is suspicious: a small table of blanks compresses a thousandfold."""
_TAR_MAGIC_AT = 257
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
class Limits:
    """What one archive may unpack to, all its inner archives together (解压限制)."""

    total_bytes: int = 2048 * _MB
    ratio: int = 200
    members: int = 5_000
    depth: int = 3


@dataclass(frozen=True, slots=True)
class Member:
    """One file of an archive (压缩包成员).

    `address` is `<archive address>!/<name>`, `path` where it was unpacked. With `error` it could not be; with neither
    it is no report (a picture, a style sheet) and was left in the archive.
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
    """Whether the content of `path` is something `members` has an answer for: ZIP, TAR, gzip, or RAR and 7z by name.

    Office files are no archives here, although they are ZIP files. Raises FileUnavailable.
    """
    return BY_NAME[detect_format(path)].role == "archive"


def members(path: Path, workdir: Path, limits: Limits | None = None, *, address: str | None = None) -> Iterator[Member]:
    """The files in the archive `path`, unpacked below `workdir` one by one as the caller asks for them.

    The same archive unpacks to the same paths, with the modification time of the archive. `address` is that of the
    archive (its path by default). Raises nothing for what the archive holds: see Member. OSError (a full disk) passes.
    """
    limits = limits or Limits()
    budget = _Budget(limits.total_bytes, limits.members)
    yield from _members(path, workdir, address or path.as_posix(), limits, budget, 1)


def _members(path: Path, workdir: Path, address: str, limits: Limits, budget: _Budget, depth: int) -> Iterator[Member]:
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


def _entries(path: Path, what: str, limits: Limits, budget: _Budget) -> Iterator[Entry]:
    try:
        with path.open("rb") as file:
            magic = file.read(_TAR_MAGIC_AT + 5)
    except OSError as error:
        raise FileUnavailable(f"无法打开{what}（{error.strerror}），请检查读取权限。") from error
    if magic.startswith(b"PK"):
        yield from zip_entries(path, what, limits.members)
    elif magic.startswith(b"\x1f\x8b") or magic[_TAR_MAGIC_AT:] == b"ustar":
        # Members left out are decompressed as well, so the stream as a whole has its own limit.
        yield from tar_entries(path, what, limits.members, max(budget.total_bytes, 0))
    else:
        raise UnsupportedFormat(f"{what}不是 ZIP 或 TAR 格式，请解压后重新提供。", code="unsupported_archive")


def _unpacked(
    entry: Entry, member: Member, folder: Path, archive: Path, what: str, limits: Limits, budget: _Budget, depth: int
) -> Iterator[Member]:
    try:
        _refuse(entry, what, limits, budget)
        wanted = _is_wanted(entry)
        if wanted is None:
            with entry.open() as stream:
                head = stream.read(8)
            wanted = head.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
        if not wanted:
            yield member
            return
        target = folder / safe_name(entry.name.rpartition("/")[2])
        _write(entry, target, archive, what, limits, budget)
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


def _refuse(entry: Entry, what: str, limits: Limits, budget: _Budget) -> None:
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


def _is_wanted(entry: Entry) -> bool | None:
    """Whether the name is a report's or an archive's; None when the content has to say."""
    suffix = os.path.splitext(entry.name)[1].lower()
    if suffix in FETCHED_SUFFIXES:
        return True
    return None if entry.can_peek else False


def _write(entry: Entry, target: Path, archive: Path, what: str, limits: Limits, budget: _Budget) -> None:
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


def _copy(stream: IO[bytes], file: IO[bytes], entry: Entry, what: str, limits: Limits, budget: _Budget) -> None:
    while block := stream.read(_BLOCK):
        budget.total_bytes -= len(block)
        if budget.total_bytes < 0:
            raise _too_large(entry, what, limits)
        file.write(block)


def _too_large(entry: Entry, what: str, limits: Limits) -> LimitExceeded:
    return LimitExceeded(
        f"{what}解压后超过 {limits.total_bytes // _MB} MB，“{entry.name}”未解压；请拆开后重新提供。",
        code="archive_size",
    )


def _locked(entry: Entry, what: str) -> EncryptedFile:
    return EncryptedFile(f"{what}里的“{entry.name}”设有密码，请去掉密码后重新提供。", code="encrypted_member")


def _pass_on_disk_errors(error: Exception) -> None:
    """Raise again what is about the disk: damage has no errno, or a place before the beginning of the file."""
    if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
        raise error
