"""OFD → Document (读取 OFD 版式文件): its pages go through the layout engine of PDF."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from PIL import Image

from parsers.document import Document, Problem
from parsers.ofd.package import documents, page_of
from parsers.ofd.page import Sketch, content_of, sketch_of
from parsers.pdf.reader import document_of_pages
from parsers.pdf.recognition import needs_recognition
from parsers.pdf.shapes import PageContent
from parsers.zipped import ZippedFile, open_zipped
from schemas.errors import DamagedFile, LimitExceeded

FORMAT = "ofd"
_DPI = 200.0
_MAX_PIXELS = 40_000_000
"""Largest picture of a page that is opened."""


def read_ofd(path: Path) -> Document:
    """The content of an OFD in reading order.

    Raises the ReadError that fits: DamagedFile, EncryptedFile, FileUnavailable, LimitExceeded.
    """
    attached: list[str] = []
    with open_zipped(path) as file:
        document = document_of_pages(_pages(file, attached), path, FORMAT)
    if not attached:
        return document
    named = "、".join(f"“{name}”" for name in attached)
    problem = Problem("attached_file", f"《{path.name}》带有附件{named}，其中内容未读取；请另行提供。")
    return replace(document, problems=(*document.problems, problem))


def _pages(file: ZippedFile, attached: list[str]) -> Iterator[PageContent]:
    number = 0
    for document in documents(file):
        attached += (name for name in document.attachments if name)
        for part in document.pages:
            number += 1
            try:
                sketch = sketch_of(page_of(file, document, part), document)
            except DamagedFile:
                yield PageContent(number, 0.0, 0.0, (), (), 0.0, 0, "damaged")
                continue
            content = content_of(sketch, number)
            yield from _recognised(file, sketch, number) if needs_recognition(content) else (content,)


def _recognised(file: ZippedFile, sketch: Sketch, number: int) -> tuple[PageContent, ...]:
    """The page read from its pictures."""
    # Late, so that files with text do not wait for what pictures need.
    import numpy as np

    from parsers.scan.page import read_picture
    from parsers.scan.picture import POINTS, Picture

    scale = _DPI / POINTS
    paper = Image.new("RGB", (round(sketch.width * scale), round(sketch.height * scale)), "white")
    for picture in sketch.pictures:
        left, top, right, bottom = (round(side * scale) for side in picture.box)
        drawn = _picture(file, picture.part)
        if drawn is not None and right > left and bottom > top:
            paper.paste(drawn.resize((right - left, bottom - top)), (left, top))
    return read_picture(Picture(np.asarray(paper), _DPI), number)


def _picture(file: ZippedFile, part: str) -> Image.Image | None:
    """A picture of the package, None for one that cannot be opened."""
    try:
        picture = Image.open(io.BytesIO(file.data(part)))
        if picture.width * picture.height > _MAX_PIXELS:
            return None
        return picture.convert("RGB")
    except (DamagedFile, LimitExceeded, OSError, ValueError, Image.DecompressionBombError):
        return None
