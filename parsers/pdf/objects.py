"""The objects of a page in the order they are painted, those inside forms too (页面对象)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate, compress, repeat
from typing import NamedTuple

import pypdfium2.raw as pdfium_c

from parsers.pdf import calls
from parsers.pdf.calls import Handle
from parsers.pdf.shapes import maker_of

TEXT, PATH = pdfium_c.FPDF_PAGEOBJ_TEXT, pdfium_c.FPDF_PAGEOBJ_PATH
IMAGE, FORM = pdfium_c.FPDF_PAGEOBJ_IMAGE, pdfium_c.FPDF_PAGEOBJ_FORM
MAX_DEPTH = 12
"""Nesting of form objects that is followed; deeper ones are attacks."""
MAX_OBJECTS = 60_000
"""Objects of one page that are looked at: maps and charts have this many, tables do not."""


class TextFacts(NamedTuple):
    """The font of a text object, 0 for none, and its mode of drawing."""

    font: int
    mode: int

    @classmethod
    def of(cls, item: Handle) -> TextFacts:
        """Those of an object that is none of a page's `Objects`."""
        return cls(calls.text_font(item), calls.text_mode(item))


_as_facts = maker_of(TextFacts)


@dataclass(frozen=True)
class Objects:
    """The objects of a page or form, the kind of each, and what is inside its forms, by their index."""

    items: list[Handle]
    kinds: list[int]
    inside: dict[int, Objects]

    def of_kind(self, kind: int) -> list[Handle]:
        """The objects of one kind, those inside forms left out."""
        return list(compress(self.items, map(kind.__eq__, self.kinds)))

    def orders(self, first: int) -> Sequence[int]:
        """The place of each object in the order of painting, from `first` on; what a form holds comes after it."""
        if not self.inside:
            return range(first, first + len(self.items))
        sizes = [1 + self.inside[at].total if at in self.inside else 1 for at in range(len(self.items))]
        return list(accumulate(sizes[:-1], initial=first))

    @property
    def total(self) -> int:
        """How many objects there are, those inside forms too."""
        return len(self.items) + sum(form.total for form in self.inside.values())

    @cached_property
    def text_facts(self) -> dict[int, TextFacts]:
        """What is known of all text objects, by their addresses."""
        texts = list(self.texts())
        facts = zip(map(calls.text_font, texts), map(calls.text_mode, texts), strict=True)
        return dict(zip(addresses(texts), map(_as_facts, facts), strict=True))

    def texts(self) -> Iterator[Handle]:
        """All text objects, those inside forms last."""
        yield from self.of_kind(TEXT)
        for form in self.inside.values():
            yield from form.texts()


def addresses(items: Iterable[Handle]) -> list[int]:
    """The addresses that handles hold."""
    return [item.value or 0 for item in items]


def objects_of(page: pdfium_c.FPDF_PAGE) -> Objects:
    """The objects of a page, no more of them than `MAX_OBJECTS`."""
    count = pdfium_c.FPDFPage_CountObjects(page)
    return _listed(calls.page_object, calls.handle(page), count, 0, [MAX_OBJECTS])


def _listed(find: Callable[[Handle, int], Handle], own: Handle, count: int, depth: int, left: list[int]) -> Objects:
    """The objects of one form; `left` says how many may still be listed."""
    items = list(filter(None, map(find, repeat(own), range(min(max(count, 0), left[0])))))
    left[0] -= len(items)
    kinds = list(map(calls.object_type, items))
    inside = {
        at: _listed(calls.form_object, items[at], calls.form_length(items[at]), depth + 1, left)
        for at in (index for index, kind in enumerate(kinds) if kind == FORM and depth < MAX_DEPTH)
    }
    return Objects(items, kinds, inside)
