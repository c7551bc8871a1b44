"""A page of OFD as SVG (OFD 页面绘制): texts at their positions, paths and pictures, in the order they are drawn.

No font is asked for but the viewer's own: every character stands where the file puts it, whatever draws it. Nothing of
the file reaches the picture but numbers, escaped text, and pictures that were decoded and encoded again.
"""

from __future__ import annotations

import io
import math
from base64 import b64encode
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate, count, islice
from pathlib import Path

from lxml import etree
from PIL import Image

from parsers.document import BBox
from parsers.ofd.package import OfdDocument, OfdPage, documents, numbers_of, page_of
from parsers.ofd.page import LINE_WIDTH, POINTS, Sketch, is_inked, sketch_of, turn_of
from parsers.ofd.paths import commands
from parsers.ofd.text import advances, matrix_of, number_of
from parsers.pdf.geometry import Matrix, apply, times
from parsers.pdf.objects import MAX_DEPTH, MAX_OBJECTS
from parsers.zipped import Element, ZippedFile, open_zipped
from schemas.errors import DamagedFile, LimitExceeded, ReadError

FONTS = "SimSun, 宋体, 'Songti SC', 'Noto Serif CJK SC', 'Source Han Serif SC', FangSong, serif"
QUALITY = 75
"""Of pictures of pages as JPEG: each excerpt of a scanned page carries its picture."""
MOST_PIXELS = 2_500_000
"""Pixels of a picture inside the page; larger ones are made smaller."""
_MAX_PIXELS = 40_000_000
_COMMANDS = {"S": "M", "M": "M", "L": "L", "Q": "Q", "B": "C", "A": "A", "C": "Z"}
_TURNS = {
    90: "matrix(0 1 -1 0 {height} 0)",
    180: "matrix(-1 0 0 -1 {width} {height})",
    270: "matrix(0 -1 1 0 0 {width})",
}
_BLACK = "#000000"


@dataclass(frozen=True, slots=True)
class Shape:
    """One thing drawn (图元): its box in points of the unturned page, None where it may reach anywhere; its SVG."""

    box: BBox | None
    svg: str


@dataclass(frozen=True, slots=True)
class PageSvg:
    """A page as SVG (页面图): what is drawn, in order; the size in points as it is read; how its content is turned."""

    shapes: tuple[Shape, ...]
    width: float
    height: float
    turn: str

    def svg(self, frame: BBox | None = None) -> str:
        """The page's content as one SVG group; with `frame` only what may show in it, where the page is not turned."""
        cut = frame if not self.turn else None
        shapes = "".join(shape.svg for shape in self.shapes if cut is None or _meets(shape.box, cut))
        turned = f' transform="{self.turn}"' if self.turn else ""
        return f'<g{turned} font-family="{FONTS}">{shapes}</g>'


def page_drawing(path: Path, number: int) -> PageSvg:
    """Page `number` (from 1, counted over the documents of the package). Raises ReadError."""
    with open_zipped(path) as file:
        for page, document in _pages(file, number):
            sketch = sketch_of(page, document)
            turn = turn_of(sketch)
            width, height = (sketch.width, sketch.height) if turn in (0, 180) else (sketch.height, sketch.width)
            turned = _TURNS[turn].format(width=_n(sketch.width), height=_n(sketch.height)) if turn else ""
            return PageSvg(tuple(_shapes(file, page, document, sketch)), width, height, turned)
    raise ReadError(f"文件“{path.name}”没有第 {number} 页；请改用存在的页码。", code="no_such_page")


def _pages(file: ZippedFile, number: int) -> Iterator[tuple[OfdPage, OfdDocument]]:
    """The page called `number`, or none."""
    parts = ((document, part) for document in documents(file) for part in document.pages)
    for document, part in islice(parts, number - 1, number):
        yield page_of(file, document, part), document


def _shapes(file: ZippedFile, page: OfdPage, document: OfdDocument, sketch: Sketch) -> Iterator[Shape]:
    left, top, _, _ = page.area
    matrix: Matrix = (POINTS, 0.0, 0.0, POINTS, -left * POINTS, -top * POINTS)
    layers = (layer for content in page.contents for layer in content.iter("{*}Layer"))
    seen = count()
    for layer in layers:
        yield from _walk(file, layer, matrix, document, seen, 0)


def _walk(
    file: ZippedFile, container: Element, matrix: Matrix, document: OfdDocument, seen: Iterator[int], depth: int
) -> Iterator[Shape]:
    """What a container draws; `seen` counts the objects of the page, those that drawings repeat with them."""
    for element in container:
        if next(seen) > MAX_OBJECTS or depth > MAX_DEPTH:
            return
        if element.get("Visible") == "false" or element.get("Alpha") == "0":
            continue
        name = str(element.tag).rpartition("}")[2]
        if name == "TextObject":
            yield from _text(element, matrix_of(element, matrix))
        elif name == "PathObject":
            yield from _path(element, matrix_of(element, matrix))
        elif name == "ImageObject":
            yield from _picture(file, element, matrix, document)
        elif name == "CompositeObject":
            unit = document.composites.get(element.get("ResourceID", ""))
            inner = matrix_of(element, matrix)
            for content in unit.iter("{*}Content") if unit is not None else ():
                yield from _walk(file, content, inner, document, seen, depth + 1)
        elif name == "PageBlock":
            yield from _walk(file, element, matrix, document, seen, depth + 1)


def _text(element: Element, matrix: Matrix) -> Iterator[Shape]:
    size = number_of(element.get("Size"), 0.0)
    x = y = 0.0
    for code in element.iter("{*}TextCode"):
        x, y = number_of(code.get("X"), x), number_of(code.get("Y"), y)
        text = code.text or ""
        if size <= 0 or not text.strip():
            continue
        steps = advances(code, text, size * number_of(element.get("HScale"), 1.0))
        points = [(x + along, y + down) for along, down in accumulate(steps[:-1], _added, initial=(0.0, 0.0))]
        drawn = etree.Element("text")
        drawn.text = text
        drawn.set("x", " ".join(_n(at) for at, _ in points))
        drawn.set("y", " ".join(_n(at) for _, at in points) if any(down != y for _, down in points) else _n(y))
        drawn.set("font-size", _n(size))
        drawn.set("fill", _colour(element.find("{*}FillColor")) or "none")
        drawn.set("transform", _matrix(matrix))
        corners = [apply(matrix, (at + dx, down + dy)) for at, down in points for dx in (0, size) for dy in (-size, 0)]
        yield Shape(_around(corners), etree.tostring(drawn, encoding="unicode"))


def _added(point: tuple[float, float], step: tuple[float, float]) -> tuple[float, float]:
    return point[0] + step[0], point[1] + step[1]


def _path(element: Element, matrix: Matrix) -> Iterator[Shape]:
    parts = [(_COMMANDS[name], numbers) for name, numbers in commands(element.findtext("{*}AbbreviatedData") or "")]
    stroke = _colour(element.find("{*}StrokeColor")) if element.get("Stroke", "true") == "true" else None
    fill = _colour(element.find("{*}FillColor")) if element.get("Fill") == "true" else None
    if not parts or not (stroke or fill):
        return
    width = (numbers_of(element.get("LineWidth")) or [LINE_WIDTH])[0]
    drawn = etree.Element("path")
    drawn.set("d", "".join(name + " ".join(map(_n, numbers)) for name, numbers in parts))
    drawn.set("fill", fill or "none")
    if stroke:
        drawn.set("stroke", stroke)
        drawn.set("stroke-width", _n(width))
    drawn.set("transform", _matrix(matrix))
    ends = [apply(matrix, (numbers[-2], numbers[-1])) for _, numbers in parts if len(numbers) >= 2]
    curved = any(name in "QCA" for name, _ in parts)
    yield Shape(None if curved else _around(ends, width * POINTS), etree.tostring(drawn, encoding="unicode"))


def _picture(file: ZippedFile, element: Element, matrix: Matrix, document: OfdDocument) -> Iterator[Shape]:
    part, boundary = document.media.get(element.get("ResourceID", "")), numbers_of(element.get("Boundary"))
    data = _encoded(file, part) if part is not None and len(boundary) == 4 else None
    if data is None:
        return
    placed = times((boundary[2], 0.0, 0.0, boundary[3], boundary[0], boundary[1]), matrix)
    drawn = etree.Element("image", width="1", height="1", preserveAspectRatio="none", href=data)
    drawn.set("transform", _matrix(placed))
    corners = [apply(placed, point) for point in ((0, 0), (1, 0), (0, 1), (1, 1))]
    yield Shape(_around(corners), etree.tostring(drawn, encoding="unicode"))


def _encoded(file: ZippedFile, part: str) -> str | None:
    """A picture of the package as a data address, None for one that cannot be opened."""
    try:
        picture = Image.open(io.BytesIO(file.data(part)))
        if picture.width * picture.height > _MAX_PIXELS:
            return None
        clear = "A" in picture.getbands() or "transparency" in picture.info
        plain = picture.convert("RGBA" if clear else "RGB")
        shrink = min(1.0, math.sqrt(MOST_PIXELS / (plain.width * plain.height)))
        if shrink < 1:
            plain = plain.resize((max(1, round(plain.width * shrink)), max(1, round(plain.height * shrink))))
        out, kind = io.BytesIO(), "png" if clear else "jpeg"
        plain.save(out, kind, quality=QUALITY)
    except (DamagedFile, LimitExceeded, OSError, ValueError, Image.DecompressionBombError):
        return None
    return f"data:image/{kind};base64,{b64encode(out.getvalue()).decode()}"


def _colour(color: Element | None) -> str | None:
    """A colour of OFD for SVG, None where it leaves no ink; by the number of its parts it is grey, RGB or CMYK."""
    if color is None:
        return _BLACK
    if not is_inked(color):
        return None
    parts = numbers_of(color.get("Value"))
    if len(parts) == 4:
        parts = [255 - min(255.0, part + parts[3]) for part in parts[:3]]
    if len(parts) == 1:
        parts *= 3
    if len(parts) != 3:
        return _BLACK
    return "#" + "".join(f"{min(255, max(0, round(part))):02x}" for part in parts)


def _around(points: Sequence[tuple[float, float]], margin: float = 0.0) -> BBox | None:
    if not points:
        return None
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs) - margin, min(ys) - margin, max(xs) + margin, max(ys) + margin


def _meets(box: BBox | None, frame: BBox) -> bool:
    if box is None:
        return True
    return box[0] <= frame[2] and frame[0] <= box[2] and box[1] <= frame[3] and frame[1] <= box[3]


def _matrix(matrix: Matrix) -> str:
    return f"matrix({' '.join(map(_n, matrix))})"


def _n(value: float) -> str:
    """A number as short as SVG needs it."""
    return f"{value:.3f}".rstrip("0").rstrip(".") if math.isfinite(value) else "0"
