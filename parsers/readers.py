"""One door to all readers (统一读取入口)."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from parsers.copied_cells import with_copies_joined
from parsers.detect import detect_format
from parsers.document import Document, Grid
from parsers.formats import BY_NAME, Format
from parsers.pictures import is_only_pictures, with_pictures_read
from parsers.scan.models import are_installed
from schemas.errors import DamagedFile, EncryptedFile, ReadError, UnsupportedFormat

_SMALL_THINGS = 50_000
"""As many as the characters and cells of a few pages."""


def read_document(path: Path) -> Document:
    """The Document of one file, read by what its content is, whatever its suffix says.

    Raises UnsupportedFormat, EncryptedFile or DamagedFile (code "empty_file") for content no reader takes, and
    whatever the reader of its format raises.
    """
    entry = BY_NAME[detect_format(path)]
    if entry.role != "report":
        raise _refusal(path, entry)
    with _few_collections():
        document = entry.read(path)
    if is_only_pictures(document) and are_installed():
        document = with_pictures_read(document, path)
    blocks = (
        _with_named_cells(with_copies_joined(block)) if isinstance(block, Grid) else block for block in document.blocks
    )
    return replace(document, blocks=tuple(blocks))


@contextmanager
def _few_collections() -> Iterator[None]:
    """Let Python look for cyclic garbage less often: a reader makes many small things, and hardly any in cycles."""
    usual = gc.get_threshold()
    gc.set_threshold(max(usual[0], _SMALL_THINGS), *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def _with_named_cells(grid: Grid) -> Grid:
    """The grid with a name for each cell that neither its carrier names nor a page shows: `table 1 row 4 cell 3`."""
    if all(cell.locator or cell.bbox for cell in grid.cells):
        return grid
    counted: Counter[int] = Counter()
    cells = []
    for cell in grid.cells:
        counted[cell.row] += 1
        name = cell.locator or f"{grid.rows[cell.row].locator} cell {counted[cell.row]}"
        cells.append(cell if cell.bbox else cell._replace(locator=name))
    return replace(grid, cells=tuple(cells))


def _refusal(path: Path, entry: Format) -> ReadError:
    if entry.name == "empty":
        return DamagedFile(f"文件“{path.name}”是空文件（0 字节），请重新取得原文件。", code="empty_file")
    if entry.name == "encrypted":
        return EncryptedFile(f"文件“{path.name}”设有打开密码，请用 Word 或 WPS 去除密码后重试。")
    suffix = f"扩展名是 {path.suffix}，" if path.suffix else "没有扩展名，"
    return UnsupportedFormat(
        f"文件“{path.name}”{suffix}内容是{entry.title}，{entry.advice}。", code=f"unsupported_{entry.name}"
    )
