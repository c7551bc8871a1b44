"""Damage to PDF files: in their streams, to their pages, to a column of a page."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from random import Random
from typing import Any

import pypdfium2
from pypdf import PdfReader, PdfWriter

from benchmarks.ways.of_bytes import cut, flip, gap
from benchmarks.ways.way import Way

_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_COLUMN = 0.06
"""Share of a page's width whose text a lost column takes."""


def in_stream(damage: Way) -> Way:
    """The damage inside one of the streams: of content, of a font, of an image."""

    def damaged(data: bytes, rng: Random) -> bytes:
        streams = [match for match in _STREAM.finditer(data) if match[1]]
        if not streams:
            return damage(data, rng)
        one = rng.choice(streams)
        return data[: one.start(1)] + damage(one[1], rng) + data[one.end(1) :]

    return damaged


def with_pages(order: Callable[[list[int], Random], list[int]]) -> Way:
    """The file with its pages in another order, some lost, some twice; the end cut where it has but one."""

    def damaged(data: bytes, rng: Random) -> bytes:
        pages = PdfReader(io.BytesIO(data)).pages
        if len(pages) < 2:
            return cut(data, rng)
        writer = PdfWriter()
        for index in order(list(range(len(pages))), rng):
            writer.add_page(pages[index])
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    return damaged


def outer_page_less(pages: list[int], rng: Random) -> list[int]:
    left_out = rng.choice((pages[0], pages[-1], pages[-1]))
    return [page for page in pages if page != left_out]


def inner_page_less(pages: list[int], rng: Random) -> list[int]:
    left_out = rng.choice(pages[1:-1] or pages)
    return [page for page in pages if page != left_out]


def swapped(pages: list[int], rng: Random) -> list[int]:
    at = rng.randrange(len(pages) - 1)
    return [*pages[:at], pages[at + 1], pages[at], *pages[at + 2 :]]


def doubled(pages: list[int], rng: Random) -> list[int]:
    at = rng.choice(pages)
    return [*pages[: at + 1], *pages[at:]]


def lose_column(data: bytes, rng: Random) -> bytes:
    """A page without the text of an upright strip: a layer that did not load."""
    document = pypdfium2.PdfDocument(data)
    page = document[rng.randrange(len(document))]
    width = page.get_width()
    left = rng.uniform(0.05, 0.9) * width
    for one in list(page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])):
        if left <= _middle(one) <= left + _COLUMN * width:
            page.remove_obj(one)
    page.gen_content()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _middle(one: Any) -> float:
    x0, _, x1, _ = one.get_bounds()
    return float(x0 + x1) / 2


PDF_WAYS: tuple[tuple[str, Way], ...] = (
    ("flip_stream", in_stream(flip)),
    ("gap_stream", in_stream(gap)),
    ("cut_stream", in_stream(cut)),
    ("lose_page", with_pages(outer_page_less)),
    ("lose_page", with_pages(inner_page_less)),
    ("swap_pages", with_pages(swapped)),
    ("double_page", with_pages(doubled)),
    ("column", lose_column),
)
