"""What people decided about findings (处理决定): one line of JSON each, only ever appended.

    <output>/decisions.jsonl

The last line about a finding counts; earlier ones stay as its history. A decision holds for the numbers it was made
on: it carries their digest, and a finding whose numbers are others is open again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, get_args

from pipeline.audit import journal

FILE = "decisions.jsonl"

Verdict = Literal["accepted", "dismissed", "misread", "notified", "rectified", "reopened"]
"""accepted 属实; dismissed 不成立; misread 读错: the reading is wrong, not the report; notified 已反馈 to the office;
rectified 已整改 by it; reopened 待核 again."""
VERDICT_ZH: Mapping[Verdict, str] = {
    "accepted": "已确认属实",
    "dismissed": "已排除",
    "misread": "系读错",
    "notified": "已反馈",
    "rectified": "已整改",
    "reopened": "重新待定",
}
_WHAT = "处理决定"


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


def record(
    output: Path, verdict: Verdict, note: str, findings: Iterable[tuple[str, str]], who: str | None = None
) -> list[Decision]:
    """Append a decision about each finding (its id and the digest of its numbers). Raises StoreError.

    `who` is the person who decided; the user of this process where nobody is named.
    """
    now = datetime.now(UTC).replace(microsecond=0)
    made = [Decision(key, verdict, note.strip(), who or journal.user(), now, numbers) for key, numbers in findings]
    journal.append(output / FILE, ({**asdict(one), "at": one.at.isoformat()} for one in made))
    return made


def history(output: Path) -> list[Decision]:
    """Every decision ever made, in order. Raises StoreError naming the line that nobody could have written."""
    path = output / FILE
    found = []
    for number, entry in journal.entries(path, _WHAT):
        try:
            found.append(_decision(entry))
        except (ValueError, KeyError, TypeError) as error:
            raise journal.unreadable(path, _WHAT, number) from error
    return found


def _all(output: Path) -> dict[str, Decision]:
    return {one.check_id: one for one in history(output)}


def _decision(entry: dict[str, str]) -> Decision:
    verdict = next((known for known in get_args(Verdict) if known == entry["verdict"]), None)
    if verdict is None:
        raise ValueError(entry["verdict"])
    at = datetime.fromisoformat(entry["at"])
    if at.tzinfo is None:
        raise ValueError(entry["at"])
    return Decision(entry["check_id"], verdict, entry["note"], entry["who"], at, entry["numbers"])
