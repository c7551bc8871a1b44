"""From what a user names to the files to read: files, folders, glob patterns (来源).

A file named by itself is always read, whatever its name; in folders and patterns only the suffixes of known formats
are taken, and the rest is counted.
"""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from parsers.formats import ARCHIVE_SUFFIXES, REPORT_SUFFIXES
from schemas.errors import ConfigError

NO_SUFFIX = "无后缀"

JOIN = "!/"
"""Between the address of an archive and the name of a member."""


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a file came from, as columns of `documents` say it (出处)."""

    source_name: str | None = None
    found_on: str | None = None
    link_text: str | None = None
    local_path: str | None = None


NO_PROVENANCE = Provenance()


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file to read: `path` is where its bytes lie, `uri` its address in the dataset (待读文件)."""

    path: str
    uri: str
    provenance: Provenance = NO_PROVENANCE


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that its source has and could not hand over, with the reason (未能取得的文件)."""

    uri: str
    code: str
    message: str
    source_name: str | None = None


@dataclass(frozen=True, slots=True)
class Trouble:
    """A source, or a page or folder of it, that could not be looked through (来源的问题)."""

    source_name: str
    address: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Sources:
    """The files to read, in a stable order, each once; `skipped` counts the others by suffix.

    `folders` are those given to be read whole; `closed` the folders below them that could not be opened. Of sources by
    name: `complete` are those whose whole listing was seen, `refused` the files they could not hand over, `waiting`
    the addresses of files still being written, `troubles` what could not be looked through.
    """

    files: tuple[SourceFile, ...]
    skipped: dict[str, int] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()
    complete: frozenset[str] = frozenset()
    refused: tuple[Refused, ...] = ()
    waiting: tuple[str, ...] = ()
    troubles: tuple[Trouble, ...] = ()


def files_at(paths: Iterable[str]) -> tuple[SourceFile, ...]:
    """Files read where they are: the address is the path, which is absolute."""
    return tuple(SourceFile(path, _address(path)) for path in paths)


def find_files(inputs: Sequence[str], *, leave_out: Path | None = None) -> Sources:
    """The files that `inputs` (files, folders, glob patterns) stand for; `leave_out` is a folder never entered.

    Raises ConfigError when a pattern matches nothing, no input exists, or nothing is there to read: a misspelt path is
    not a silent success. One missing file among others is left in, to be reported like any file that cannot be read.
    """
    if not any(os.path.lexists(given) or glob.has_magic(given) for given in inputs):
        raise ConfigError(f"{inputs[0]} 不存在；请检查路径。")
    files: dict[str, None] = {}
    skipped: Counter[str] = Counter()
    folders: list[str] = []
    closed: dict[str, None] = {}
    barred = os.path.realpath(leave_out) if leave_out is not None else ""
    for given in inputs:
        if os.path.isdir(given):
            folders.append(os.path.abspath(given))
            candidates: Iterator[str] = _walk(os.path.abspath(given), barred, closed)
        elif os.path.lexists(given) or not glob.has_magic(given):
            files[os.path.abspath(given)] = None
            continue
        else:
            matches = sorted(glob.glob(given, recursive=True))
            if not matches:
                raise ConfigError(f"没有文件符合 {given}；请检查路径和通配符。")
            candidates = (os.path.abspath(path) for path in matches if not os.path.isdir(path))
        for path in candidates:
            suffix = os.path.splitext(path)[1].lower()
            if suffix in REPORT_SUFFIXES | ARCHIVE_SUFFIXES:
                files[path] = None
            else:
                skipped[suffix or NO_SUFFIX] += 1
    found = files_at(files | closed)
    if not found:
        raise ConfigError(f"没有找到可读的文件（跳过其他类型的文件 {skipped.total()} 个）；请检查路径和格式。")
    return Sources(found, dict(skipped.most_common()), tuple(folders), tuple(closed))


def _walk(folder: str, barred: str, closed: dict[str, None]) -> Iterator[str]:
    """Every file below `folder` in sorted order; hidden folders, linked folders and `barred` are not entered.

    A folder that cannot be opened is put into `closed`: it is reported like a file that cannot be read.
    """

    def report(error: OSError) -> None:
        closed[os.path.abspath(os.fsdecode(error.filename))] = None

    for where, folders, names in os.walk(folder, onerror=report):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and os.path.realpath(os.path.join(where, name)) != barred
        )
        for name in sorted(names):
            if not name.startswith("."):
                yield os.path.join(where, name)


def printable(path: str) -> str:
    """`path` as text that can be stored and shown; names that are no UTF-8 are read as GB18030 where possible."""
    try:
        path.encode("utf-8")
        return path
    except UnicodeEncodeError:
        raw = os.fsencode(path)
    try:
        return raw.decode("gb18030")
    except UnicodeDecodeError:
        return raw.decode("utf-8", "backslashreplace")


def bytes_at(uri: str, local_path: str | None, output: Path) -> str:
    """Where the bytes of a row of `documents` lie: a copy below the output, else the address itself, a path."""
    return uri if local_path is None else str(output / local_path)


def source_uri(path: str) -> str:
    """The address of a file in `documents.source_uri`: its absolute path with forward slashes, not percent-encoded."""
    return _address(os.path.abspath(path))


def _address(path: str) -> str:
    """The address of an absolute path."""
    return printable(path.replace(os.sep, "/"))
