"""One page of a PDF with what was recognised on it and understood of it, for `ziping show --image` (识别结果图)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from parsers.detect import detect_format
from parsers.document import BBox, Grid
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
    grids = [block for block in read_document(path).blocks if isinstance(block, Grid)]
    records = extract(path, document_id="", source_uri="", file_name=path.name, size_bytes=path.stat().st_size)
    try:
        draw_page(path, page, target, grids, _labels(records, grids, page))
    except OSError as error:
        raise ConfigError(f"图片 {image} 无法写入（{error.strerror}）；请另选位置。") from error


def _labels(records: DocumentRecords, grids: Sequence[Grid], page: int) -> dict[tuple[int, int], str]:
    """What each column of each grid was taken for: the columns of the records whose values stand in its cells."""
    names: dict[tuple[int, int], dict[str, None]] = {}
    places = [place for place in _places(records) if place.page == page]
    for grid in grids:
        for cell in grid.cells:
            for place in places:
                if cell.page == page and _lies_in(place.bbox, cell.bbox):
                    names.setdefault((grid.number, cell.col), {})[place.column] = None
    return {column: "/".join(found) for column, found in names.items()}


def _places(records: DocumentRecords) -> Iterator[CellPlace]:
    for part in records.evaluations:
        for row in part.funding:
            yield from row.cells
        for indicator in part.indicators:
            yield from indicator.cells


def _lies_in(inner: BBox | None, outer: BBox | None) -> bool:
    """Whether the middle of `inner` lies in `outer`."""
    if inner is None or outer is None:
        return False
    across, down = (inner[0] + inner[2]) / 2, (inner[1] + inner[3]) / 2
    return outer[0] <= across <= outer[2] and outer[1] <= down <= outer[3]
