"""From what a user names to the files to read: files, folders, glob patterns (来源).

A file named by itself is always read, whatever its name; in folders and patterns only the suffixes of known formats
are taken, and the rest is counted.
"""

from __future__ import annotations

import glob
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from schemas.errors import ConfigError

KNOWN_SUFFIXES = frozenset({".pdf", ".docx", ".docm", ".dotx", ".dotm", ".txt", ".text"})
NO_SUFFIX = "无后缀"


@dataclass(frozen=True, slots=True)
class Sources:
    """The files to read, in a stable order, each once; `skipped` counts the others by suffix.

    `folders` are those given to be read whole; `closed` the folders below them that could not be opened.
    """

    files: tuple[str, ...]
    skipped: dict[str, int] = field(default_factory=dict)
    folders: tuple[str, ...] = ()
    closed: tuple[str, ...] = ()


def find_files(inputs: Sequence[str], *, leave_out: Path | None = None) -> Sources:
    """The files that `inputs` (files, folders, glob patterns) stand for; `leave_out` is a folder never entered.

    Raises ConfigError when a pattern matches nothing or no input exists: a misspelt path is not a silent success. One
    missing file among others is left in, to be reported like any file that cannot be read.
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
            candidates: Iterator[str] = _walk(given, barred, closed)
        elif os.path.lexists(given) or not glob.has_magic(given):
            files[os.path.abspath(given)] = None
            continue
        else:
            matches = sorted(glob.glob(given, recursive=True))
            if not matches:
                raise ConfigError(f"没有文件符合 {given}；请检查路径和通配符。")
            candidates = (path for path in matches if not os.path.isdir(path))
        for path in candidates:
            suffix = os.path.splitext(path)[1].lower()
            if suffix in KNOWN_SUFFIXES:
                files[os.path.abspath(path)] = None
            else:
                skipped[suffix or NO_SUFFIX] += 1
    return Sources(tuple(files | closed), dict(skipped.most_common()), tuple(folders), tuple(closed))


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


def source_uri(path: str) -> str:
    """The address of a file in `documents.source_uri`: its absolute path with forward slashes, not percent-encoded."""
    return printable(Path(os.path.abspath(path)).as_posix())
