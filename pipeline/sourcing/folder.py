"""Files of a folder, local or mounted; what is still being copied waits for the next visit (文件夹来源)."""

from __future__ import annotations

import os
import time
from collections import Counter
from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path

from parsers.formats import FETCHED_SUFFIXES, REPORT_SUFFIXES
from pipeline.sourcing.config import FolderSource
from pipeline.sourcing.found import FoundFile, Gathered, NotDelivered
from pipeline.sourcing.local_files import NO_SUFFIX, source_uri
from schemas.errors import FileUnavailable

SECOND_LOOK_AFTER = 1.0
"""Seconds between the two looks: clocks of file servers differ, so a growing file may not show a recent time."""

_TEMPORARY_PREFIXES = ("~$", ".", "._", "~")
_TEMPORARY_SUFFIXES = frozenset(
    {".part", ".partial", ".tmp", ".temp", ".crdownload", ".download", ".filepart", ".swp", ".!ut", ".aria2"}
)

_State = tuple[int, int, int]


def gather_folder(
    source: FolderSource, *, leave_out: Path | None = None, second_look_after: float = SECOND_LOOK_AFTER
) -> Gathered:
    """Every file of the folder and below it that is not being written, in a stable order (文件夹来源的收集).

    `leave_out` is a folder never entered (the output). A folder that is not there or cannot be opened is a problem and
    the result not complete; so is one with nothing at all in it, which is what a mount that is down looks like.
    """
    problems: list[NotDelivered] = []
    try:
        if not os.listdir(source.path):
            problems.append(_empty(source.path))
    except OSError:
        return Gathered(source.name, problems=(_closed(source.path),), complete=False)
    skipped: Counter[str] = Counter()
    first = _look(source, leave_out, problems, skipped)
    if first:
        time.sleep(second_look_after)
    now = time.time_ns()
    items: list[FoundFile] = []
    waiting: list[str] = []
    for path, before in first.items():
        after = _state(path)
        if after != before or _is_recent(before, now, source.settle_seconds):
            waiting.append(source_uri(path))
        else:
            items.append(FoundFile(source_uri(path), Path(path)))
    return Gathered(source.name, tuple(items), tuple(waiting), tuple(problems), complete=not problems, skipped=skipped)


def _look(
    source: FolderSource, leave_out: Path | None, problems: list[NotDelivered], skipped: Counter[str]
) -> Mapping[str, _State]:
    found: dict[str, _State] = {}
    barred = os.path.realpath(leave_out) if leave_out is not None else ""

    def report(error: OSError) -> None:
        problems.append(_closed(Path(os.fsdecode(error.filename))))

    for where, folders, names in os.walk(source.path, onerror=report):
        folders[:] = sorted(
            name
            for name in folders
            if not name.startswith(".") and os.path.realpath(os.path.join(where, name)) != barred
        )
        for name in sorted(names):
            path = os.path.join(where, name)
            if _is_wanted(name, os.path.relpath(path, source.path), source.patterns):
                state = _state(path)
                if state is not None:
                    found[path] = state
            elif not _is_temporary(name):
                skipped[os.path.splitext(name)[1].lower() or NO_SUFFIX] += 1
    return found


def _is_wanted(name: str, below: str, patterns: tuple[str, ...]) -> bool:
    if _is_temporary(name):
        return False
    if not patterns:
        return os.path.splitext(name)[1].lower() in FETCHED_SUFFIXES | REPORT_SUFFIXES
    return any(fnmatchcase(name, pattern) or fnmatchcase(below, pattern) for pattern in patterns)


def _is_temporary(name: str) -> bool:
    suffix = os.path.splitext(name)[1].lower()
    return name.startswith(_TEMPORARY_PREFIXES) or suffix in _TEMPORARY_SUFFIXES


def _state(path: str) -> _State | None:
    """Size and times of a file; None when it is gone or no file (a link that leads nowhere, a pipe)."""
    try:
        stat = os.stat(path)
    except OSError:
        return None
    return (stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns) if os.path.isfile(path) else None


def _is_recent(state: _State, now: int, settle_seconds: float) -> bool:
    """Whether the file changed less than `settle_seconds` ago; also by a server's clock that is a little ahead.

    The change time counts too: copying tools set the modification time back to the original's.
    """
    return any(abs(now - moment) < settle_seconds * 1e9 for moment in state[1:])


def _closed(path: Path) -> NotDelivered:
    message = f"无法打开文件夹 {path}；请检查网络盘是否已挂载、是否有读取权限。"
    return NotDelivered(source_uri(str(path)), FileUnavailable(message, code="folder_unavailable"))


def _empty(path: Path) -> NotDelivered:
    message = f"文件夹 {path} 是空的；如是网络盘，请检查是否已挂载。"
    return NotDelivered(source_uri(str(path)), FileUnavailable(message, code="folder_empty"))
