"""Automatic list numbers as they are printed: "一、", "（二）", "1.2" (自动编号)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from parsers.docx.names import VAL, Element, W, on
from parsers.docx.numerals import format_number, zero_padded
from parsers.docx.styles import Styles, number_of, value_of
from parsers.docx.symbols import is_symbol_font, symbol

LEVELS = 9
NO_LIST = "0"
"""A paragraph with this w:numId opts out of the list its style brings along."""

_BOXES = "□☑☒"
_PLACEHOLDER = re.compile(r"%([1-9])")
_TIGHT = tuple("、．。：；，）】〕")
"""These carry their own blank; after anything else the number is set off, lest it run into the text."""


@dataclass(frozen=True, slots=True)
class Level:
    start: int = 1
    style: str = "decimal"
    custom: str | None = None
    text: str = ""
    separator: str = " "
    restart_after: int | None = None
    legal: bool = False
    hidden: bool = False
    paragraph_style: str | None = None
    font: str | None = None


@dataclass(slots=True)
class _List:
    """A w:num: its levels, the counters it shares with its siblings, and the restarts it has yet to make."""

    levels: list[Level]
    counters: list[int | None]
    restarts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """The lists of a document; `root` is None where it has none. `marker` counts, so ask in document order."""

    def __init__(self, root: Element | None, styles: Styles) -> None:
        self._styles = styles
        self._abstract: dict[str | None, Element] = {}
        self._numbers: dict[str | None, Element] = {}
        if root is not None:
            self._abstract = {e.get(W + "abstractNumId"): e for e in root.iterchildren(W + "abstractNum")}
            self._numbers = {e.get(W + "numId"): e for e in root.iterchildren(W + "num")}
        self._lists: dict[str, _List | None] = {}
        self._counters: dict[str | None, list[int | None]] = {}

    def marker(self, properties: Element, style_id: str | None) -> str:
        """The number printed before a paragraph with these w:pPr, with the blank that follows it; "" without one."""
        direct = properties.find(W + "numPr")
        num_id, level = value_of(direct, "numId"), number_of(direct, "ilvl")
        if num_id is None and style_id is not None:
            num_id, style_level = self._styles.numbering(style_id)
            if level is None and num_id is not None:
                level = self._level_of_style(num_id, style_id, style_level)
        if num_id is None or num_id == NO_LIST:
            return ""
        found = self._list(num_id)
        return "" if found is None else _next_marker(found, min(max(level or 0, 0), LEVELS - 1))

    def _level_of_style(self, num_id: str, style_id: str, stated: int | None) -> int | None:
        found = self._list(num_id)
        linked = (i for i, level in enumerate(found.levels if found else ()) if level.paragraph_style == style_id)
        return next(linked, stated)

    def _list(self, num_id: str) -> _List | None:
        if num_id not in self._lists:
            self._lists[num_id] = self._read_list(num_id)
        return self._lists[num_id]

    def _read_list(self, num_id: str) -> _List | None:
        number = self._numbers.get(num_id)
        abstract_id = self._abstract_id(number)
        if number is None or abstract_id not in self._abstract:
            return None
        levels = [Level() for _ in range(LEVELS)]
        for element in self._abstract[abstract_id].iterchildren(W + "lvl"):
            _set_level(levels, element)
        found = _List(levels, self._counters.setdefault(abstract_id, [None] * LEVELS))
        for override in number.iterchildren(W + "lvlOverride"):
            element, start = override.find(W + "lvl"), number_of(override, "startOverride")
            if element is not None:
                _set_level(levels, element)
            index = _level_index(override)
            if start is not None and index is not None:
                found.restarts[index] = start
        return found

    def _abstract_id(self, number: Element | None) -> str | None:
        """The list definition behind a w:num, through the numbering style it may stand for."""
        seen: set[str | None] = set()
        while number is not None:
            abstract_id = value_of(number, "abstractNumId")
            link = value_of(self._abstract.get(abstract_id), "numStyleLink")
            if link is None or abstract_id in seen:
                return abstract_id
            seen.add(abstract_id)
            number = self._numbers.get(self._styles.numbering(link)[0])
        return None


def _level_index(element: Element) -> int | None:
    value = element.get(W + "ilvl", "")
    return int(value) if value.isdigit() and int(value) < LEVELS else None


def _set_level(levels: list[Level], element: Element) -> None:
    index = _level_index(element)
    if index is not None:
        levels[index] = _level(element)


def _level(element: Element) -> Level:
    format_element = next(element.iter(W + "numFmt"), None)  # a custom format stands in alternate content
    style = "decimal" if format_element is None else format_element.get(VAL, "decimal")
    restart = number_of(element, "lvlRestart")
    start = number_of(element, "start")
    fonts = element.find(f"{W}rPr/{W}rFonts")
    level = Level(
        start=0 if start is None else start,
        style=style,
        custom=None if format_element is None else format_element.get(W + "format"),
        text=value_of(element, "lvlText") or "",
        restart_after=restart,
        legal=bool(on(element, W + "isLgl")),
        hidden=bool(on(element.find(W + "rPr"), W + "vanish")),
        paragraph_style=value_of(element, "pStyle"),
        font=None if fonts is None else fonts.get(W + "ascii"),
    )
    return replace(level, separator="") if value_of(element, "suff") == "nothing" else level


def _next_marker(found: _List, index: int) -> str:
    counters, levels = found.counters, found.levels
    restart, current = found.restarts.pop(index, None), counters[index]
    if restart is not None:
        counters[index] = restart
    else:
        counters[index] = levels[index].start if current is None else current + 1
    for deeper in range(index + 1, LEVELS):
        after = levels[deeper].restart_after
        if after is None or index < after:
            counters[deeper] = None
    return _printed(found, index)


def _printed(found: _List, index: int) -> str:
    level = found.levels[index]
    if level.hidden:
        return ""
    if level.style == "bullet":
        # A bullet says nothing; a box to be ticked does.
        glyph = (
            symbol(level.font, ord(level.text)) if len(level.text) == 1 and is_symbol_font(level.font) else level.text
        )
        return glyph if glyph and glyph in _BOXES else ""

    def number(match: re.Match[str]) -> str:
        part = int(match[1]) - 1
        shown, value = found.levels[part], found.counters[part]
        value = shown.start if value is None else value
        if shown.style == "custom" and shown.custom:
            return zero_padded(value, shown.custom)
        return format_number(value, "decimal" if level.legal else shown.style)

    text = _PLACEHOLDER.sub(number, level.text).strip()
    return text if not text or text.endswith(_TIGHT) else text + level.separator
