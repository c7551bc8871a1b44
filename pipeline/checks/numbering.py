"""Numbers before labels and what they say of the level of a row (编号的层次)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from schemas.numerals import CHINESE_CHARS

_PLACES = {"n": f"[{CHINESE_CHARS}]{{1,3}}", "d": r"\d{1,2}"}


@dataclass(frozen=True, slots=True)
class RowNumbering:
    """How rows are numbered, the highest level first, and the words that make a row a part of the one above (编号)."""

    levels: tuple[re.Pattern[str], ...]
    inside: re.Pattern[str]

    def level(self, label: str) -> int | None:
        """The level of a half-width label's number, 0 the highest; None where it has none."""
        plain = self.inside.sub("", label, count=1)
        return next((i for i, pattern in enumerate(self.levels) if pattern.match(plain)), None)

    def name(self, label: str) -> str:
        """The label without number and 其中, whichever comes first."""
        plain = self.inside.sub("", label, count=1)
        for pattern in self.levels:
            plain = pattern.sub("", plain, count=1)
        return self.inside.sub("", plain, count=1)


def numbering(levels: Sequence[Iterable[str]], inside: Iterable[str]) -> RowNumbering:
    """From ways to write a number (`{n}、`, `({d})`), level by level, and the words of 其中."""
    words = "|".join(map(re.escape, inside))
    return RowNumbering(tuple(map(_level, levels)), re.compile(rf"^(?:{words})[:：]?"))


def _level(ways: Iterable[str]) -> re.Pattern[str]:
    found = "|".join(_PLACES["n"].join(map(_digits, way.split("{n}"))) for way in ways)
    return re.compile(rf"^(?:{found})")


def _digits(text: str) -> str:
    return _PLACES["d"].join(map(re.escape, text.split("{d}")))
