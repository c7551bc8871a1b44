"""A page of OFD as characters, rules and pictures (OFD 页面内容)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from parsers.document import BBox
from parsers.ofd.package import OfdDocument, OfdPage, numbers_of
from parsers.ofd.paths import outlines
from parsers.ofd.text import characters, matrix_of
from parsers.pdf.drawing import MAX_EDGES, WHITE, filled_edges, stroked_edges
from parsers.pdf.geometry import Matrix, times
from parsers.pdf.objects import MAX_DEPTH, MAX_OBJECTS
from parsers.pdf.placing import each_once
from parsers.pdf.rawtext import MAX_CHARS
from parsers.pdf.shapes import Char, Edge, PageContent, TextQuality
from parsers.zipped import Element

POINTS = 72 / 25.4
"""Points of a millimetre."""
LINE_WIDTH = 0.353
"""Width in millimetres of a stroke that states none (GB/T 33190)."""
_SIDEWAYS_SHARE = 0.8
_SIDEWAYS_CHARS = 20
_GARBAGE_SHARE = 0.5
_PICTURE_SHARE = 0.3


@dataclass(frozen=True, slots=True)
class PlacedPicture:
    """A picture on a page: the part it is kept in and its box in points (图片)."""

    part: str
    box: BBox


@dataclass(slots=True)
class Sketch:
    """What has been found on a page so far; positions are those of the page as it is seen (页面草图)."""

    width: float
    height: float
    chars: list[Char] = field(default_factory=list)
    angles: list[int] = field(default_factory=list)
    edges: list[Edge] = field(default_factory=list)
    pictures: list[PlacedPicture] = field(default_factory=list)
    objects: int = 0


def sketch_of(page: OfdPage, document: OfdDocument) -> Sketch:
    """Everything that is drawn on a page."""
    left, top, width, height = page.area
    sketch = Sketch(width * POINTS, height * POINTS)
    matrix: Matrix = (POINTS, 0.0, 0.0, POINTS, -left * POINTS, -top * POINTS)
    for content in page.contents:
        for layer in content.iter("{*}Layer"):
            _walk(layer, matrix, sketch, document, 0)
    return sketch


def content_of(sketch: Sketch, number: int) -> PageContent:
    """The page for the layout engine, turned so that its text runs from left to right."""
    chars, quality = _text_layer(sketch)
    turn = turn_of(sketch)
    width, height = (sketch.width, sketch.height) if turn in (0, 180) else (sketch.height, sketch.width)
    if turn:
        chars = [_turned_char(char, turn, sketch) for char in chars]
        edges = [_turned_edge(edge, turn, sketch) for edge in sketch.edges]
    else:
        edges = sketch.edges
    return PageContent(number, width, height, tuple(chars), tuple(edges), _image_area(sketch), turn, quality)


def _walk(container: Element, matrix: Matrix, sketch: Sketch, document: OfdDocument, depth: int) -> None:
    for element in container:
        sketch.objects += 1
        is_full = sketch.objects > MAX_OBJECTS or len(sketch.edges) > MAX_EDGES or len(sketch.chars) > MAX_CHARS
        if is_full or depth > MAX_DEPTH or element.get("Visible") == "false" or element.get("Alpha") == "0":
            continue
        name = str(element.tag).rpartition("}")[2]
        if name == "TextObject":
            for char, angle in characters(element, matrix_of(element, matrix), sketch.objects):
                sketch.chars.append(char)
                sketch.angles.append(angle)
        elif name == "PathObject":
            _add_path(element, matrix_of(element, matrix), sketch)
        elif name == "ImageObject":
            _add_picture(element, matrix, sketch, document)
        elif name == "CompositeObject":
            unit = document.composites.get(element.get("ResourceID", ""))
            if unit is not None:
                for content in unit.iter("{*}Content"):
                    _walk(content, matrix_of(element, matrix), sketch, document, depth + 1)
        elif name == "PageBlock":
            _walk(element, matrix, sketch, document, depth + 1)


def _add_path(element: Element, matrix: Matrix, sketch: Sketch) -> None:
    data = element.findtext("{*}AbbreviatedData") or ""
    clip = (0.0, 0.0, sketch.width, sketch.height)
    subpaths = list(outlines(data, matrix))
    if element.get("Stroke", "true") == "true":
        width = (numbers_of(element.get("LineWidth")) or [LINE_WIDTH])[0] * POINTS
        inked = is_inked(element.find("{*}StrokeColor"))
        sketch.edges += stroked_edges(subpaths, width, "line" if inked else "fill", clip)
    elif element.get("Fill") == "true" and is_inked(element.find("{*}FillColor")):
        sketch.edges += filled_edges(subpaths, clip)


def is_inked(color: Element | None) -> bool:
    """Whether a colour leaves ink on paper; by the number of its parts it is grey, RGB or CMYK."""
    if color is None:
        return True
    if color.get("Alpha") == "0":
        return False
    parts = numbers_of(color.get("Value"))
    return any(part > 255 - WHITE for part in parts) if len(parts) == 4 else not parts or min(parts) < WHITE


def _add_picture(element: Element, matrix: Matrix, sketch: Sketch, document: OfdDocument) -> None:
    part = document.media.get(element.get("ResourceID", ""))
    boundary = numbers_of(element.get("Boundary"))
    if part is None or len(boundary) != 4:
        return
    a, b, c, d, e, f = times((boundary[2], 0.0, 0.0, boundary[3], boundary[0], boundary[1]), matrix)
    xs, ys = (e, e + a, e + c, e + a + c), (f, f + b, f + d, f + b + d)
    sketch.pictures.append(PlacedPicture(part, (min(xs), min(ys), max(xs), max(ys))))


def _text_layer(sketch: Sketch) -> tuple[list[Char], TextQuality]:
    on_page = [char for char in sketch.chars if 0 <= char.x0 <= sketch.width and 0 <= char.top <= sketch.height]
    ink = [char for char in on_page if not char.text.isspace()]
    if not ink:
        return [], "absent" if _image_area(sketch) > _PICTURE_SHARE else "blank"
    unnamed = sum("\ue000" <= char.text <= "\uf8ff" for char in ink)
    return ([], "garbage") if unnamed > _GARBAGE_SHARE * len(ink) else (each_once(on_page), "native")


def _image_area(sketch: Sketch) -> float:
    areas = ((box[2] - box[0]) * (box[3] - box[1]) for box in (picture.box for picture in sketch.pictures))
    return min(1.0, sum(areas) / max(1.0, sketch.width * sketch.height))


def turn_of(sketch: Sketch) -> int:
    """The clockwise turn to text that runs left to right: 0 unless most text runs another way."""
    if len(sketch.angles) < _SIDEWAYS_CHARS:
        return 0
    angle, count = Counter(sketch.angles).most_common(1)[0]
    return angle if angle in (90, 180, 270) and count >= _SIDEWAYS_SHARE * len(sketch.angles) else 0


def _turned(box: Sequence[float], turn: int, sketch: Sketch) -> BBox:
    """A box of the page as it is seen in reading orientation."""
    x0, top, x1, bottom = box
    if turn == 90:
        return sketch.height - bottom, x0, sketch.height - top, x1
    if turn == 180:
        return sketch.width - x1, sketch.height - bottom, sketch.width - x0, sketch.height - top
    return top, sketch.width - x1, bottom, sketch.width - x0


def _turned_char(char: Char, turn: int, sketch: Sketch) -> Char:
    box = _turned((char.x0, char.top, char.x1, char.bottom), turn, sketch)
    return Char(char.text, *box, char.size, not char.upright, char.run)


def _turned_edge(edge: Edge, turn: int, sketch: Sketch) -> Edge:
    if edge.orientation == "h":
        x0, top, x1, bottom = _turned((edge.start, edge.pos, edge.end, edge.pos), turn, sketch)
    else:
        x0, top, x1, bottom = _turned((edge.pos, edge.start, edge.pos, edge.end), turn, sketch)
    if bottom - top > x1 - x0:
        return Edge("v", x0, top, bottom, edge.kind)
    return Edge("h", top, x0, x1, edge.kind)
