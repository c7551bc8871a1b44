"""Files that a person has read to the end (读完签收).

<output>/signoffs.jsonl
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

from pipeline.audit import journal

FILE = "signoffs.jsonl"
_WHAT = "读完签收"


@dataclass(frozen=True, slots=True)
class SignOff:
    """Who read which document to the end, and when; `done` False takes it back."""

    document_id: str
    who: str
    at: datetime
    done: bool = True


def read_signoffs(output: Path) -> dict[str, SignOff]:
    """The files signed off, by document. Raises StoreError naming the line that nobody could have written."""
    path = output / FILE
    found: dict[str, SignOff] = {}
    for number, entry in journal.entries(path, _WHAT):
        try:
            one = SignOff(**{**entry, "at": datetime.fromisoformat(entry["at"])})
        except (ValueError, KeyError, TypeError) as error:
            raise journal.unreadable(path, _WHAT, number) from error
        found[one.document_id] = one
    return {key: one for key, one in found.items() if one.done}


def sign_off(output: Path, document_id: str, who: str, *, done: bool = True) -> None:
    """Sign a file off, or take that back. Raises StoreError."""
    one = SignOff(document_id, who, datetime.now(UTC).replace(microsecond=0), done)
    journal.append(output / FILE, [{**asdict(one), "at": one.at.isoformat()}])
