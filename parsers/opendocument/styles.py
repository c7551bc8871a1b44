"""What styles say about text that matters here: hidden text, list numbers, borders (样式)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from parsers.docx.numerals import format_number
from parsers.opendocument.names import FO, STYLE, TABLE, TEXT
from parsers.zipped import Element

_NUMERALS = {
    "1": "decimal",
    "a": "lowerLetter",
    "A": "upperLetter",
    "i": "lowerRoman",
    "I": "upperRoman",
    "一, 二, 三, ...": "chineseCountingThousand",
    "一, 十, 一百(繁), ...": "chineseCountingThousand",
    "壹, 贰, 叁, ...": "chineseLegalSimplified",
    "①, ②, ③, ...": "decimalEnclosedCircleChinese",
    "甲, 乙, 丙, ...": "ideographTraditional",
    "子, 丑, 寅, ...": "ideographZodiac",
    "１, ２, ３, ...": "decimalFullWidth",
}
"""OpenDocument's number formats as Word calls them."""


@dataclass(frozen=True, slots=True)
class ListLevel:
    """How one level of a list is numbered (编号级别); `numeral` is empty where it has no number."""

    numeral: str
    prefix: str
    suffix: str
    start: int
    shown_levels: int


@dataclass(slots=True)
class OdfStyles:
    """The styles of a document by name (样式表)."""

    hidden: set[str] = field(default_factory=set)
    hidden_tables: set[str] = field(default_factory=set)
    """Styles of sheets that are not shown."""
    boxed: set[str] = field(default_factory=set)
    """Cell styles with a border at the left or right side."""
    lists: dict[str, dict[int, ListLevel]] = field(default_factory=dict)
    outline_levels: dict[int, ListLevel] = field(default_factory=dict)
    _parents: dict[str, str] = field(default_factory=dict)

    def read(self, roots: Iterable[Element]) -> None:
        for root in roots:
            for style in root.iter(STYLE + "style"):
                self._style(style)
            for one in root.iter(TEXT + "list-style"):
                self.lists[one.get(STYLE + "name", "")] = _levels(one)
            for one in root.iter(TEXT + "outline-style"):
                self.outline_levels.update(_levels(one))

    def _style(self, style: Element) -> None:
        name = style.get(STYLE + "name", "")
        self._parents[name] = style.get(STYLE + "parent-style-name", "")
        text = style.find(STYLE + "text-properties")
        if text is not None and text.get(TEXT + "display") == "none":
            self.hidden.add(name)
        table = style.find(STYLE + "table-properties")
        if table is not None and table.get(TABLE + "display") == "false":
            self.hidden_tables.add(name)
        cell = style.find(STYLE + "table-cell-properties")
        if cell is not None and any(_draws(cell.get(FO + side)) for side in ("border", "border-left", "border-right")):
            self.boxed.add(name)

    def is_hidden(self, name: str | None) -> bool:
        """Whether text of this style is not shown; the style may inherit that."""
        for _ in range(32):
            if not name:
                return False
            if name in self.hidden:
                return True
            name = self._parents.get(name)
        return False


class ListNumbers:
    """The numbers of lists, counted in the order of the document (列表编号)."""

    def __init__(self, styles: OdfStyles) -> None:
        self._styles = styles
        self._counts: dict[str, dict[int, int]] = {}

    def restart(self, style: str, level: int) -> None:
        """A list begins that does not continue the one before it."""
        counts = self._counts.setdefault(style, {})
        for deeper in [one for one in counts if one >= level]:
            del counts[deeper]

    def label(self, style: str, level: int, start: int | None = None) -> str:
        """The printed number of the next item on `level` (from 1) of a list."""
        return self._next(style, self._styles.lists.get(style, {}), level, start)

    def heading(self, level: int) -> str:
        """The printed number of the next heading."""
        return self._next("", self._styles.outline_levels, level, None)

    def _next(self, style: str, levels: dict[int, ListLevel], level: int, start: int | None) -> str:
        found = levels.get(level)
        if found is None or not found.numeral:
            return ""
        counts = self._counts.setdefault(style, {})
        counts[level] = start if start is not None else counts.get(level, found.start - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        first = level - found.shown_levels + 1
        parts = [_numeral(levels.get(one, found), counts.get(one, 1)) for one in range(max(1, first), level + 1)]
        return f"{found.prefix}{'.'.join(part for part in parts if part)}{found.suffix}"


def _numeral(level: ListLevel, number: int) -> str:
    return format_number(number, level.numeral) if level.numeral else ""


def _levels(style: Element) -> dict[int, ListLevel]:
    levels: dict[int, ListLevel] = {}
    for entry in style:
        name = str(entry.tag).rpartition("}")[2]
        if name not in ("list-level-style-number", "outline-level-style"):
            continue
        numeral = entry.get(STYLE + "num-format", "")
        levels[_whole(entry.get(TEXT + "level"), 1)] = ListLevel(
            _NUMERALS.get(numeral, "decimal") if numeral else "",
            entry.get(STYLE + "num-prefix", ""),
            entry.get(STYLE + "num-suffix", ""),
            _whole(entry.get(TEXT + "start-value"), 1),
            _whole(entry.get(TEXT + "display-levels"), 1),
        )
    return levels


def _whole(value: str | None, default: int) -> int:
    return int(value) if value is not None and value.isdigit() else default


def _draws(border: str | None) -> bool:
    return border is not None and border != "none"
