"""Which snapshots are kept (保留规则)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path

RECENT_SNAPSHOTS = 10
CLOCK_TRUSTED_FOR = timedelta(days=30)
"""So far ahead of the tenth last snapshot a clock is believed when old snapshots are removed."""
KEEP_ALL_FOR = timedelta(days=1)
KEEP_DAILY_FOR = timedelta(days=400)


def believable(now: datetime, created: Mapping[Path, datetime]) -> datetime:
    """`now`, unless the clock has jumped far ahead of the last snapshots: then a time by them, so nothing is lost."""
    recent = sorted(created, key=lambda path: int(path.name))[-RECENT_SNAPSHOTS:]
    return min(now, created[recent[0]] + CLOCK_TRUSTED_FOR) if len(recent) == RECENT_SNAPSHOTS else now


def snapshots_to_keep(created: dict[Path, datetime], now: datetime) -> set[Path]:
    """The snapshots to keep, given when each was made: the newest, all of the last day, one a day, then one a month.

    The last of each day is kept, so "what did the dataset say on that day" has an answer; after a good year, the last
    of each month.
    """
    ordered = sorted(created, key=lambda path: int(path.name))
    kept = set(ordered[-RECENT_SNAPSHOTS:])
    last: dict[str, Path] = {}
    for path in ordered:
        age = now - created[path]
        day = created[path].astimezone().date().isoformat()
        if age <= KEEP_ALL_FOR:
            kept.add(path)
        else:
            last[day if age <= KEEP_DAILY_FOR else day[:7]] = path
    return kept | set(last.values())
