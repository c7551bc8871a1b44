"""What styles say about text that matters here: hidden text, list numbers, borders (样式)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import Flag, auto

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
_MOST_PARENTS = 32
_LEAST_RAISE = 15.0
"""Percent of a line's height from which text stands above or below it."""
_PAPER = "#ffffff"


class OdfLook(Flag):
    """How text of a style looks where that matters (文字外观)."""

    PLAIN = 0
    HIDDEN = auto()
    STRUCK = auto()
    RAISED = auto()
    LOWERED = auto()
    WHITE = auto()
    """In the colour of paper."""


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

    looks: dict[str, tuple[OdfLook, OdfLook]] = field(default_factory=dict)
    """Of each style that says something of its text's look: of what, and that it is so."""
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
        if text is not None:
            self.looks[name] = _look(text)
        table = style.find(STYLE + "table-properties")
        if table is not None and table.get(TABLE + "display") == "false":
            self.hidden_tables.add(name)
        cell = style.find(STYLE + "table-cell-properties")
        if cell is not None and any(_draws(cell.get(FO + side)) for side in ("border", "border-left", "border-right")):
            self.boxed.add(name)

    def look(self, name: str | None, around: OdfLook = OdfLook.PLAIN) -> OdfLook:
        """How text of this style looks, by what the style says, those it is made from, and the text around it."""
        look = known = OdfLook.PLAIN
        for _ in range(_MOST_PARENTS):
            if not name:
                break
            stated, is_so = self.looks.get(name, (OdfLook.PLAIN, OdfLook.PLAIN))
            look |= is_so & ~known
            known |= stated
            name = self._parents.get(name)
        return look | (around & ~known)


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


def _look(text: Element) -> tuple[OdfLook, OdfLook]:
    """Of what text properties speak that matters, and that it is so."""
    stated = look = OdfLook.PLAIN
    position, colour = text.get(STYLE + "text-position"), text.get(FO + "color")
    lines = [line for part in ("style", "type") if (line := text.get(f"{STYLE}text-line-through-{part}"))]
    if text.get(TEXT + "display") == "none":
        stated, look = OdfLook.HIDDEN, OdfLook.HIDDEN
    if lines:
        stated |= OdfLook.STRUCK
        look |= OdfLook.STRUCK if set(lines) != {"none"} else OdfLook.PLAIN
    if position is not None:
        stated |= OdfLook.RAISED | OdfLook.LOWERED
        look |= _shifted(position)
    if colour is not None:
        stated |= OdfLook.WHITE
        has_ground = text.get(FO + "background-color", "transparent") != "transparent"
        look |= OdfLook.WHITE if colour.lower() == _PAPER and not has_ground else OdfLook.PLAIN
    return stated, look


def _shifted(position: str) -> OdfLook:
    if position.startswith("super") or _percent(position) >= _LEAST_RAISE:
        return OdfLook.RAISED
    if position.startswith("sub") or _percent(position) <= -_LEAST_RAISE:
        return OdfLook.LOWERED
    return OdfLook.PLAIN


def _percent(position: str) -> float:
    """How far above the line text stands, in percent of its height (`33% 58%`)."""
    first = position.partition(" ")[0]
    try:
        return float(first.removesuffix("%")) if first.endswith("%") else 0.0
    except ValueError:
        return 0.0


def _whole(value: str | None, default: int) -> int:
    return int(value) if value is not None and value.isdigit() else default


def _draws(border: str | None) -> bool:
    return border is not None and border != "none"
