"""A page as a picture with what was recognised drawn over it (识别结果叠加图)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont

from parsers.document import BBox, Cell, Grid
from parsers.pdf.pdfium import open_document
from parsers.pdf.rawtext import read_raw
from parsers.pdf.textlayer import sideways
from schemas.errors import ReadError

SCALE = 2.0
"""Pixels per point: 144 dpi, type of 8 points stays readable."""
MAX_PIXELS = 40_000_000
"""Pages too large for this many pixels are drawn smaller: memory stays bounded whatever a page claims to measure."""
LABEL_POINTS = 7.0
GAP = 2
"""Pixels between a label and the sides of its cell."""

_CELL = (0, 110, 220)
_MERGED = (0, 150, 70)
_DOUBTFUL = (220, 30, 30)
_LABEL = (120, 0, 160)


def draw_page(
    path: Path, page: int, out: Path, grids: Sequence[Grid], labels: Mapping[BBox, str], unread: Collection[BBox] = ()
) -> None:
    """Write page `page` (from 1) of a PDF to `out` with the cells of `grids` that stand on it.

    Single cells are blue, merged ones green, doubtful ones red. `labels` names what stands in a cell, in Latin letters;
    it is written on the upper side of that box, as far as the box is wide. Raises ReadError for a page that does not
    exist, and the errors of `open_document`. The boxes of `unread` figures are filled.
    """
    document = open_document(path)
    try:
        if not 1 <= page <= len(document):
            raise ReadError(
                f"{path.name}：没有第 {page} 页（共 {len(document)} 页），请改用存在的页码。", code="no_such_page"
            )
        image, scale = _render(document, page - 1)
    finally:
        document.close()
    draw = ImageDraw.Draw(image, "RGBA")
    font = ImageFont.load_default(LABEL_POINTS * scale)
    for grid in grids:
        _draw_cells(draw, [cell for cell in grid.cells if cell.page == page and cell.bbox], scale)
    for unread_box in unread:
        draw.rectangle(tuple(value * scale for value in unread_box), outline=_DOUBTFUL, width=4, fill=(*_DOUBTFUL, 70))
    for box, text in labels.items():
        _draw_label(draw, box, text, font, scale)
    image.save(out)


def _render(document: pdfium.PdfDocument, index: int) -> tuple[Image.Image, float]:
    page = document[index]
    width, height = page.get_size()
    scale = min(SCALE, (MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
    turn = sideways(read_raw(page.get_textpage().raw), page.get_rotation())
    image: Image.Image = page.render(scale=scale, rotation=turn).to_pil().convert("RGB")
    return image, scale


def _draw_cells(draw: ImageDraw.ImageDraw, cells: Sequence[Cell], scale: float) -> None:
    for cell in cells:
        if cell.bbox is None:
            continue
        colour = _DOUBTFUL if cell.confidence < 1 else _MERGED if cell.row_span * cell.col_span > 1 else _CELL
        box = tuple(value * scale for value in cell.bbox)
        draw.rectangle(box, outline=colour, width=2, fill=(*colour, 24))


def _draw_label(
    draw: ImageDraw.ImageDraw,
    box: BBox,
    text: str,
    font: ImageFont.FreeTypeFont | ImageFont.ImageFont,
    scale: float,
) -> None:
    while text and draw.textlength(text, font=font) > (box[2] - box[0]) * scale - 2 * GAP:
        text = text[:-1]
    at = (box[0] * scale + GAP, box[1] * scale - LABEL_POINTS * scale / 2)
    draw.rectangle(draw.textbbox(at, text, font=font), fill=(255, 255, 255, 220))
    draw.text(at, text, fill=_LABEL, font=font)
