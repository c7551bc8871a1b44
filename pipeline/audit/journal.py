"""Files that are only ever appended to, one line of JSON each (流水): what people decided, corrected, signed off.

A line that a crash or a full disk cut off was never acknowledged and is taken away by the next writer.
"""

from __future__ import annotations

import fcntl
import json
import os
import pwd
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from pipeline.dataset.output_folder import explained
from schemas.errors import StoreError


def append(path: Path, entries: Iterable[Mapping[str, Any]]) -> None:
    """Append a line for each entry: in one write, under a lock, on the disk before this returns. Raises StoreError."""
    text = "".join(json.dumps(entry, ensure_ascii=False) + "\n" for entry in entries).encode()
    with explained(path.parent), open(path, "ab+") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        _drop_torn_line(stream.fileno())
        os.write(stream.fileno(), text)
        os.fsync(stream.fileno())


def entries(path: Path, what: str) -> Iterator[tuple[int, Any]]:
    """Every whole line with its number, parsed; `what` names the file in messages. Raises StoreError."""
    try:
        lines = path.read_bytes().split(b"\n")[:-1]  # what follows the last line end was cut off, and never counted
    except FileNotFoundError:
        return
    except OSError as error:
        raise StoreError(f"{what} {path} 无法读取（{error.strerror}）；请检查权限。") from error
    for number, line in enumerate(lines, 1):
        try:
            yield number, json.loads(line)
        except ValueError as error:
            raise unreadable(path, what, number) from error


def unreadable(path: Path, what: str, number: int) -> StoreError:
    """The error for a line that nobody could have written."""
    return StoreError(f"{what} {path} 第 {number} 行无法识别，应为一条 JSON 记录；请从备份恢复或删去该行。")


def user() -> str:
    """The user this process runs as, whatever the environment claims; the number where it has no name."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _drop_torn_line(descriptor: int) -> None:
    size = os.fstat(descriptor).st_size
    content = os.pread(descriptor, size, 0)
    if content and not content.endswith(b"\n"):
        os.ftruncate(descriptor, content.rfind(b"\n") + 1)
