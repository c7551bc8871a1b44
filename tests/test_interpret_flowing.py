"""Text of a cell that its width broke into lines, and text whose line breaks somebody has set."""

from __future__ import annotations

import pytest

from parsers.document import Cell
from parsers.interpret.flowing import flowing_text

BOX = (100.0, 200.0, 260.0, 280.0)


@pytest.mark.parametrize(("lines", "text"), [
    (["全年安排清淤资金120", "0.50万元，用于主干渠和", "支渠。"], "全年安排清淤资金1200.50万元，用于主干渠和支渠。"),
    (["1.完成主干渠清淤十二公里", "2.修复闸门3处"], "1.完成主干渠清淤十二公里\n2.修复闸门3处"),
    (["完成清淤。", "全年支出不超过核定的额度"], "完成清淤。\n全年支出不超过核定的额度"),
    (["清淤12公里", "完成闸门改造，保障下游灌溉"], "清淤12公里\n完成闸门改造，保障下游灌溉"),
    (["运行 smart pump", "station 与备用发电机组"], "运行 smart pump station 与备用发电机组"),
])  # fmt: skip
def test_lines_of_a_goal_on_a_page(lines: list[str], text: str) -> None:
    assert flowing_text(Cell(0, 0, "\n".join(lines), bbox=BOX)) == text


def test_line_breaks_that_somebody_set_stay() -> None:
    text = "全年安排清淤资金共计120\n0.50万元"
    assert flowing_text(Cell(0, 0, text)) == text
