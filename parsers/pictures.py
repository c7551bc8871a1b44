"""Documents that are nothing but pictures of pages, a form scanned into Word or shown on a web page (图片中的报告).

The pictures are read as scans are. Nothing is fetched: of a web page only what it holds itself (data: URIs) and files
that lie beside it.
"""

from __future__ import annotations

import base64
import binascii
import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

import lxml.html

from parsers.document import Document
from schemas.errors import ReadError

MAX_PICTURES = 200
"""Pictures of one document that are read."""
MAX_BYTES = 64 * 2**20
"""Bytes of one picture."""
IMAGE_ONLY = "image_only"
"""The problem of a document that is nothing but pictures."""
_MEDIA = re.compile(r"(?:word|xl|ppt)/media/.+|Pictures/.+")
_DATA = re.compile(r"data:image/[\w.+-]+;base64,", re.IGNORECASE)
_NUMBER = re.compile(r"(\d+)")


def with_pictures_read(document: Document, path: Path) -> Document:
    """The document with what its pictures show, as it is where they show nothing that can be read."""
    from parsers.pdf.images import pages_of_pictures
    from parsers.pdf.reader import document_of_pages

    try:
        pages = pages_of_pictures(_pictures(path), path)
        shown = document_of_pages(pages, path, document.format)
    except ReadError:
        return document
    if not shown.blocks:
        return document
    problems = [problem for problem in document.problems if problem.code != IMAGE_ONLY]
    return replace(
        shown,
        blocks=(*document.blocks, *shown.blocks),
        encoding=document.encoding,
        problems=(*problems, *shown.problems),
        left_out=(*document.left_out, *shown.left_out),
    )


def is_only_pictures(document: Document) -> bool:
    """Whether a reader found nothing but pictures."""
    return any(problem.code == IMAGE_ONLY for problem in document.problems)


def _pictures(path: Path) -> Iterator[bytes]:
    """The bytes of the pictures of an office file or a web page, in the order of their names or of the page."""
    found = _packed(path) if zipfile.is_zipfile(path) else _shown(path)
    for _, picture in zip(range(MAX_PICTURES), found, strict=False):
        yield picture


def _packed(path: Path) -> Iterator[bytes]:
    with zipfile.ZipFile(path) as package:
        media = [info for info in package.infolist() if _MEDIA.fullmatch(info.filename)]
        for info in sorted(media, key=lambda info: _natural(info.filename)):
            if info.file_size <= MAX_BYTES:
                with package.open(info) as stream:
                    yield stream.read(MAX_BYTES)


def _natural(name: str) -> list[tuple[int, str]]:
    """A key by which image2 comes before image10."""
    return [(int(part), "") if part.isdigit() else (0, part) for part in _NUMBER.split(name)]


def _shown(path: Path) -> Iterator[bytes]:
    folder = path.parent.resolve()
    for picture in lxml.html.fromstring(path.read_bytes()).iter("img"):
        source = picture.get("src") or ""
        held = _DATA.match(source)
        if held:
            try:
                yield base64.b64decode(source[held.end() :])
            except binascii.Error:
                continue
        elif "://" not in source:
            beside = (folder / unquote(source)).resolve()
            if beside.is_relative_to(folder) and beside.is_file() and beside.stat().st_size <= MAX_BYTES:
                yield beside.read_bytes()
