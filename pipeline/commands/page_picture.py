"""What was recognised of a source and what of it was understood, for `ziping show --image` (识别结果图).

A page is drawn where the format has pages: PDF and pictures as PNG, OFD as SVG. Of the others the source's own tables
and paragraphs are written as a page for a browser.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from parsers.completeness.account import account
from parsers.detect import detect_format
from parsers.document import BBox, Document, Grid
from parsers.extract import extract
from parsers.formats import BY_NAME
from parsers.pdf.picture import draw_page
from parsers.readers import read_document
from pipeline.originals.blocks import SourceBlock, blocks_of
from pipeline.originals.excerpts import printings
from pipeline.originals.model import RASTER, VECTOR
from pipeline.originals.vector import recognised_page
from schemas.errors import ConfigError
from schemas.records import CellPlace, DocumentRecords

TEMPLATE = "source.html"


@dataclass(frozen=True, slots=True)
class _Read:
    """A file as it was recognised and understood (已读的文件)."""

    path: Path
    document: Document
    records: DocumentRecords

    @property
    def grids(self) -> list[Grid]:
        return [block for block in self.document.blocks if isinstance(block, Grid)]


def draw(file: str, page: int | None, image: str) -> None:
    """Draw page `page` (from 1) of a file to `image`, or all of a file without pages, its columns named as understood.

    Raises ReadError for a file or page that cannot be read, ConfigError for a picture that cannot be written or does
    not fit the format.
    """
    path, target = Path(file), Path(image)
    found = detect_format(path)
    suffix = ".png" if found in RASTER else ".svg" if found in VECTOR else ".html"
    if BY_NAME[found].role == "report":
        _check(path, BY_NAME[found].title, suffix, page, target)
    document = read_document(path)
    records = extract(path, document_id="", source_uri="", file_name=path.name, size_bytes=path.stat().st_size)
    read = _Read(path, document, records)
    try:
        if suffix == ".html":
            target.write_text(_as_page(read), "utf-8", "backslashreplace")
        elif suffix == ".svg":
            target.write_bytes(_as_svg(read, page or 1))
        else:
            draw_page(path, page or 1, target, read.grids, _labels(records, page or 1), _unread_boxes(read, page or 1))
    except OSError as error:
        raise ConfigError(f"图片 {image} 无法写入（{error.strerror}）；请另选位置。") from error


def _check(path: Path, title: str, suffix: str, page: int | None, target: Path) -> None:
    """Raises ConfigError where the picture asked for is not what the format gives."""
    if target.suffix.lower() != suffix:
        raise ConfigError(f"“{path.name}”是{title}，图片应以 {suffix} 结尾：{target.with_suffix(suffix)}。")
    if suffix == ".html" and page is not None:
        raise ConfigError(f"“{path.name}”是{title}，没有页码；请去掉 --page。")
    if suffix != ".html" and page is None:
        raise ConfigError(f"“{path.name}”是{title}，请用 --page 写明画哪一页。")


def _as_svg(read: _Read, page: int) -> bytes:
    cells = [cell for grid in read.grids for cell in grid.cells if cell.page == page and cell.bbox]
    return recognised_page(read.path, page, cells, _labels(read.records, page), _unread_boxes(read, page)).content


def _as_page(read: _Read) -> str:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    blocks, labels = blocks_of(read.document), _labels_by_place(read.records)
    return environment.get_template(TEMPLATE).render(
        name=read.path.name, blocks=blocks, labels=labels, unread=_unread_cells(read, blocks, labels)
    )


def _labels(records: DocumentRecords, page: int) -> dict[BBox, str]:
    """What each column of a block was taken for, by the block's first cell of that column on the page."""
    names: dict[BBox, list[str]] = {}
    for block in _blocks(records):
        first: dict[str, BBox] = {}
        for place in block:
            if place.page == page and place.bbox:
                first.setdefault(_short(place.column), place.bbox)
        for name, box in first.items():
            names.setdefault(box, []).append(name)
    return {box: "/".join(found) for box, found in names.items()}


def _labels_by_place(records: DocumentRecords) -> dict[str, str]:
    """What each cell without a page was taken for, by its place."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    heads = [list(part.evaluation.cells) for part in records.evaluations]
    for place in (place for block in [*heads, *_blocks(records)] for place in block):
        if place.locator and _short(place.column) not in names[place.locator]:
            names[place.locator].append(_short(place.column))
    return {locator: "/".join(found) for locator, found in names.items()}


def _unread_boxes(read: _Read, page: int) -> set[BBox]:
    """The cells of a page that hold a figure which no record has."""
    cells = {cell.bbox for grid in read.grids for cell in grid.cells if cell.page == page}
    unread = {entry.bbox for entry in account(read.document, read.records) if entry.fate == "unread"}
    return {box for box in cells & unread if box is not None}


def _unread_cells(read: _Read, blocks: Sequence[SourceBlock], labels: Mapping[str, str]) -> set[str]:
    """The places of cells that hold a figure which no record has."""
    unread: defaultdict[str, set[str]] = defaultdict(set)
    for entry in account(read.document, read.records):
        if entry.fate == "unread":
            unread[entry.place.locator].add(entry.text)
    cells = ((row.locator, cell) for block in blocks for row in block.rows for cell in row.cells)
    return {
        cell.locator
        for row, cell in cells
        if cell.locator not in labels and any(printings(cell.text, text) for text in unread.get(row, ()))
    }


def _blocks(records: DocumentRecords) -> Iterator[list[CellPlace]]:
    """The places of each evaluation's funding, then of its indicators: the same column means other things in each."""
    for part in records.evaluations:
        yield [place for row in part.funding for place in row.cells]
        yield [place for indicator in part.indicators for place in indicator.cells]


def _short(column: str) -> str:
    """The name of a column without its unit, to fit over a narrow one."""
    for ending in ("_wanyuan", "_pct", "_value", "_raw", "_budget"):
        column = column.removesuffix(ending)
    return column.removeprefix("execution_")
