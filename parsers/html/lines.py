"""The lines of text of an element, as a browser breaks them (网页的文字行)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import lxml.etree

from parsers.html.tree import BLOCKS
from parsers.printed import clean_lines, raised, subscript
from parsers.zipped import Element

_SPACES = re.compile(r"[ \t\r\n\f]+")
_RAISED = ("sup", "sub")
_RAISED_STYLE = re.compile(
    r"vertical-align\s*:\s*super|mso-text-raise\s*:\s*[1-9]|position\s*:\s*relative\s*;\s*(?:top\s*:\s*-|bottom\s*:\s*\.?\d)",
    re.IGNORECASE,
)
_CHECKED, _UNCHECKED = "☑", "□"
_SHOWN_INPUTS = ("text", "number", "date", "")


@dataclass(slots=True)
class LineBuilder:
    """Puts lines together from pieces of text as they come (逐段成行)."""

    label: str = ""
    """The number of a list item whose text has not come yet."""
    _parts: list[str] = field(default_factory=list)

    def add(self, text: str | None, *, keeps_spaces: bool = False) -> None:
        if text:
            self._parts.append(text if keeps_spaces else _SPACES.sub(" ", text))

    def add_raised(self, element: Element) -> None:
        """A superscript or subscript; the mark of a note is no part of the line."""
        text = "".join(element.itertext())
        before = "".join(self._parts)
        if element.tag == "sub":
            self.add(subscript(text))
        elif element.tag == "sup" or before.strip():
            self.add(raised(before, text)[0])
        else:  # a line set higher as a whole
            self.add(text)

    def take(self) -> str:
        """The finished line; blanks that no browser shows are gone, no-break spaces are blanks."""
        text = "".join(self._parts)
        self._parts.clear()
        while "  " in text:
            text = text.replace("  ", " ")
        line = clean_lines(text.replace("\xa0", " "))
        if line and self.label:
            line, self.label = f"{self.label}{line}", ""
        return line


def shown(element: Element) -> str:
    """What an element without text of its own shows: a field of a form, a box."""
    if element.tag == "textarea":
        return ""
    kind = (element.get("type") or "").lower()
    if kind in ("checkbox", "radio"):
        return _UNCHECKED if element.get("checked") is None else _CHECKED
    return (element.get("value") or "") if kind in _SHOWN_INPUTS else ""


def is_raised(element: Element) -> bool:
    """Whether an element is set above or below the line, by its name or by its style."""
    if element.tag in BLOCKS:
        return False
    by_style = _RAISED_STYLE.search(element.get("style") or "") is not None
    return (by_style or element.tag in _RAISED) and not any(child.tag in BLOCKS for child in element.iterdescendants())


def lines_of(element: Element) -> Iterator[str]:
    """The lines of an element without tables in it."""
    line = LineBuilder()
    walk = lxml.etree.iterwalk(element, events=("start", "end"))
    for event, each in walk:
        is_block = each.tag in BLOCKS and each is not element
        if event == "start":
            if is_block or each.tag == "br":
                yield line.take()
            if each.tag == "input":
                line.add(shown(each))
            elif is_raised(each):
                line.add_raised(each)
                walk.skip_subtree()
            elif each.tag != "option" or each.get("selected") is not None:
                line.add(each.text, keeps_spaces=each.tag in ("pre", "textarea"))
        elif each is not element:
            if is_block:
                yield line.take()
            line.add(each.tail)
    yield line.take()


def text_of(element: Element) -> str:
    """The text of a cell: its lines that hold something."""
    return "\n".join(line for line in lines_of(element) if line)
