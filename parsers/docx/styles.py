"""Styles as far as they matter for reading: heading levels, list numbers, the look of text (样式)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from parsers.docx.looks import PLAIN, Look, look_of
from parsers.docx.names import VAL, Element, W

T = TypeVar("T")

BODY_TEXT_LEVEL = 9
"""`w:outlineLvl` 9 states that a paragraph is no heading."""


@dataclass(frozen=True, slots=True)
class Style:
    based_on: str | None
    outline: int | None
    num_id: str | None
    num_level: int | None
    look: Look


def heading_level(outline: int | None) -> int | None:
    """The heading level, from 1, for a w:outlineLvl, which counts from 0."""
    return outline + 1 if outline is not None and 0 <= outline < BODY_TEXT_LEVEL else None


class Styles:
    """The styles of a document by id; `load` gives the root of their part, None where there is none.

    The part is often larger than the text and seldom needed, so it is read on the first question.
    """

    def __init__(self, load: Callable[[], Element | None]) -> None:
        self._load = load

    @cached_property
    def _styles(self) -> dict[str, Style]:
        root = self._load()
        elements = () if root is None else root.iterchildren(W + "style")
        return {element.get(W + "styleId", ""): _style(element) for element in elements}

    def heading_level(self, style_id: str) -> int | None:
        """1 for the first heading level, None for body text."""
        return heading_level(self._inherited(style_id, lambda style: style.outline))

    def numbering(self, style_id: str) -> tuple[str | None, int | None]:
        """The list (w:numId) and the level in it that a paragraph style brings along."""
        return (
            self._inherited(style_id, lambda style: style.num_id),
            self._inherited(style_id, lambda style: style.num_level),
        )

    def look(self, style_id: str | None) -> Look:
        """How runs of a style look, what its bases say included."""
        found, seen = PLAIN, set[str]()
        while style_id is not None and style_id not in seen:
            seen.add(style_id)
            style = self._styles.get(style_id)
            if style is None:
                break
            found, style_id = found.over(style.look), style.based_on
        return found

    def _inherited(self, style_id: str | None, value: Callable[[Style], T | None]) -> T | None:
        seen: set[str] = set()
        while style_id is not None and style_id not in seen:
            seen.add(style_id)
            style = self._styles.get(style_id)
            if style is None:
                return None
            found = value(style)
            if found is not None:
                return found
            style_id = style.based_on
        return None


def _style(element: Element) -> Style:
    paragraph = element.find(W + "pPr")
    numbering = None if paragraph is None else paragraph.find(W + "numPr")
    return Style(
        based_on=value_of(element, "basedOn"),
        outline=number_of(paragraph, "outlineLvl"),
        num_id=value_of(numbering, "numId"),
        num_level=number_of(numbering, "ilvl"),
        look=look_of(element.find(W + "rPr")),
    )


def value_of(parent: Element | None, name: str) -> str | None:
    """The `w:val` of the child `w:name`."""
    child = None if parent is None else parent.find(W + name)
    return None if child is None else child.get(VAL)


def number_of(parent: Element | None, name: str) -> int | None:
    """The `w:val` of the child `w:name` as an integer; None where it is none."""
    value = value_of(parent, name)
    try:
        return None if value is None else int(value)
    except ValueError:
        return None
