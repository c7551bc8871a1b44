"""Damage to PDF files: in their streams, to their pages, to a column of a page."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from random import Random
from typing import Any

import pypdfium2
from pypdf import PdfReader, PdfWriter
from pypdf.generic import ArrayObject, DecodedStreamObject

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
        return _saved(writer)

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

    def changed(page: Any, texts: list[Any]) -> None:
        width = page.get_width()
        left = rng.uniform(0.05, 0.9) * width
        for one in texts:
            if left <= _middle(one) <= left + _COLUMN * width:
                page.remove_obj(one)

    return _with_texts(data, rng, changed)


def _middle(one: Any) -> float:
    x0, _, x1, _ = one.get_bounds()
    return float(x0 + x1) / 2


def lose_content(data: bytes, rng: Random) -> bytes:
    """A page with one of its streams of content empty."""
    writer = PdfWriter(clone_from=io.BytesIO(data))
    page = rng.choice(writer.pages)
    contents = page["/Contents"].get_object()
    stream = rng.choice(contents).get_object() if isinstance(contents, ArrayObject) else contents
    empty = DecodedStreamObject()
    empty.set_data(b"")
    if stream.indirect_reference is not None:
        writer._replace_object(stream.indirect_reference, empty)
    return _saved(writer)


def lose_font(data: bytes, rng: Random) -> bytes:
    """A page that no longer knows one of its fonts."""
    writer = PdfWriter(clone_from=io.BytesIO(data))
    fonts = rng.choice(writer.pages)["/Resources"].get_object().get("/Font", {}).get_object()
    if fonts:
        del fonts[rng.choice(sorted(fonts))]
    return _saved(writer)


def _saved(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def lose_texts(data: bytes, rng: Random) -> bytes:
    """A page without some of its texts, wherever they stand."""
    return _with_texts(data, rng, lambda page, texts: [page.remove_obj(one) for one in texts if rng.random() < 0.04])


def move_text(data: bytes, rng: Random) -> bytes:
    """A text of a page a line higher or lower."""

    def moved(page: Any, texts: list[Any]) -> None:
        matrix = pypdfium2.PdfMatrix().translate(0, rng.choice((-1, 1)) * rng.uniform(10, 24))
        for one in rng.sample(texts, min(1, len(texts))):
            one.transform(matrix)

    return _with_texts(data, rng, moved)


def _with_texts(data: bytes, rng: Random, change: Callable[[Any, list[Any]], object]) -> bytes:
    document = pypdfium2.PdfDocument(data)
    page = document[rng.randrange(len(document))]
    change(page, list(page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT])))
    page.gen_content()
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


PDF_WAYS: tuple[tuple[str, Way], ...] = (
    ("flip_stream", in_stream(flip)),
    ("gap_stream", in_stream(gap)),
    ("cut_stream", in_stream(cut)),
    ("lose_page", with_pages(outer_page_less)),
    ("lose_page", with_pages(inner_page_less)),
    ("swap_pages", with_pages(swapped)),
    ("double_page", with_pages(doubled)),
    ("column", lose_column),
    ("lose_content", lose_content),
    ("lose_font", lose_font),
    ("lose_texts", lose_texts),
    ("move_text", move_text),
)
