"""Chinese characters that stand alone and whose font is not in the file (未嵌入字体的单字)."""

from __future__ import annotations

from pathlib import Path

import pytest
from pdf_build import Cell, grids, lettered, read, ruled
from reportlab.pdfgen.canvas import Canvas

from parsers.document import Paragraph

ALONE: tuple[Cell, ...] = (
    (0, 0, 1, 1, "评价等级"),
    (0, 1, 1, 1, "优"),
    (1, 0, 1, 1, "服务对象满意度指标"),
    (1, 1, 1, 1, "无"),
)
XS = (50.0, 50.0 + 8.5 * 9, 200.0)
YS = (90.0, 120.0, 150.0)


def form(canvas: Canvas) -> None:
    ruled(canvas, ALONE, XS, YS)
    lettered(canvas, ALONE, XS, YS)


def test_a_character_alone_in_its_cell_or_line_is_read(tmp_path: Path) -> None:
    (grid,) = grids(read(tmp_path / "form.pdf", form))
    texts = [cell.text.replace("\n", "") for cell in grid.cells]
    assert texts == ["评价等级", "优", "服务对象满意度指标", "无"]


@pytest.mark.parametrize("char", ["优", "億", "々", "％", "Ⅱ"])
def test_every_kind_of_character_is_read_alone(char: str, tmp_path: Path) -> None:
    document = read(tmp_path / "char.pdf", lambda canvas: canvas.drawString(100, 700, char))
    assert [block.text for block in document.blocks if isinstance(block, Paragraph)] == [char]
