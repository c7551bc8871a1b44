"""One page of a PDF with what was recognised on it and understood of it, for `ziping show --image` (识别结果图)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from parsers.completeness.account import account
from parsers.detect import detect_format
from parsers.document import BBox, Document, Grid
from parsers.extract import extract
from parsers.pdf.picture import draw_page
from parsers.readers import read_document
from schemas.errors import ConfigError, UnsupportedFormat
from schemas.records import CellPlace, DocumentRecords


def draw(file: str, page: int, image: str) -> None:
    """Draw page `page` (from 1) of a PDF to `image`, its columns named as they were understood.

    Raises ReadError for a file or page that cannot be read, ConfigError for a picture that cannot be written.
    """
    path, target = Path(file), Path(image)
    if target.suffix.lower() != ".png":
        raise ConfigError(f"图片 {image} 应以 .png 结尾。")
    if detect_format(path) != "pdf":
        raise UnsupportedFormat(f"文件“{path.name}”不是 PDF；--page 和 --image 只能用于 PDF。")
    document = read_document(path)
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    records = extract(path, document_id="", source_uri="", file_name=path.name, size_bytes=path.stat().st_size)
    try:
        draw_page(path, page, target, grids, _labels(records, page), _unread(document, records, page))
    except OSError as error:
        raise ConfigError(f"图片 {image} 无法写入（{error.strerror}）；请另选位置。") from error


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


def _unread(document: Document, records: DocumentRecords, page: int) -> set[BBox]:
    """The cells of a page that hold a figure which no record has."""
    cells = {
        cell.bbox for block in document.blocks if isinstance(block, Grid) for cell in block.cells if cell.page == page
    }
    unread = {entry.bbox for entry in account(document, records) if entry.fate == "unread"}
    return {box for box in cells & unread if box is not None}


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
