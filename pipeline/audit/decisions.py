"""What people decided about findings (处理决定): one line of JSON each, only ever appended.

    <output>/decisions.jsonl

The last line about a finding counts; earlier ones stay as its history. A decision holds for the numbers it was made
on: it carries their digest, and a finding whose numbers are others is open again.
"""

from __future__ import annotations

import fcntl
import json
import os
import pwd
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from pipeline.dataset.store import explained
from schemas.errors import StoreError

FILE = "decisions.jsonl"

Verdict = Literal["accepted", "dismissed", "reopened"]
VERDICT_ZH: Mapping[Verdict, str] = {"accepted": "已确认属实", "dismissed": "已排除", "reopened": "重新待定"}


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision (决定): about which finding, what, why, by whom (OS user), when (UTC), on which numbers (digest)."""

    check_id: str
    verdict: Verdict
    note: str
    who: str
    at: datetime
    numbers: str

    @property
    def shown(self) -> str:
        """The decision in a few words: 已排除（张三，2026-03-01 09:30）：附注另有说明."""
        when = self.at.astimezone().strftime("%Y-%m-%d %H:%M")
        return f"{VERDICT_ZH[self.verdict]}（{self.who}，{when}）" + (f"：{self.note}" if self.note else "")


def read_decisions(output: Path) -> dict[str, Decision]:
    """The decisions in force, by finding. Raises StoreError naming the line that nobody could have written."""
    return {key: decision for key, decision in _all(output).items() if decision.verdict != "reopened"}


def record(output: Path, verdict: Verdict, note: str, findings: Iterable[tuple[str, str]]) -> list[Decision]:
    """Append a decision about each finding (its id and the digest of its numbers). Raises StoreError.

    All lines go in one write under a lock, and to the disk before this returns.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    made = [Decision(key, verdict, note.strip(), _user(), now, numbers) for key, numbers in findings]
    text = "".join(
        json.dumps({**asdict(one), "at": one.at.isoformat()}, ensure_ascii=False) + "\n" for one in made
    ).encode()
    with explained(output), open(output / FILE, "ab+") as stream:
        fcntl.flock(stream, fcntl.LOCK_EX)
        _drop_torn_line(stream.fileno())
        os.write(stream.fileno(), text)
        os.fsync(stream.fileno())
    return made


def _user() -> str:
    """The user this process runs as, whatever the environment claims; the number where it has no name."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:
        return str(os.getuid())


def _drop_torn_line(descriptor: int) -> None:
    """Take away the start of a line that a crash or a full disk cut off: it was never acknowledged."""
    size = os.fstat(descriptor).st_size
    content = os.pread(descriptor, size, 0)
    if content and not content.endswith(b"\n"):
        os.ftruncate(descriptor, content.rfind(b"\n") + 1)


def _all(output: Path) -> dict[str, Decision]:
    path = output / FILE
    try:
        lines = path.read_bytes().split(b"\n")[:-1]  # what follows the last line end was cut off, and never counted
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise StoreError(f"处理决定 {path} 无法读取（{error.strerror}）；请检查权限。") from error
    found: dict[str, Decision] = {}
    for number, line in enumerate(lines, 1):
        try:
            decision = _decision(json.loads(line))
        except (ValueError, KeyError, TypeError) as error:
            raise StoreError(
                f"处理决定 {path} 第 {number} 行无法识别，应为一条 JSON 记录；请从备份恢复或删去该行。"
            ) from error
        found[decision.check_id] = decision
    return found


def _decision(entry: dict[str, str]) -> Decision:
    verdict = next((known for known in get_args(Verdict) if known == entry["verdict"]), None)
    if verdict is None:
        raise ValueError(entry["verdict"])
    at = datetime.fromisoformat(entry["at"])
    if at.tzinfo is None:
        raise ValueError(entry["at"])
    return Decision(entry["check_id"], verdict, entry["note"], entry["who"], at, entry["numbers"])
