"""What stands in the cells of a glued form: words of results, deadlines, bounds, criteria, reasons (连写表的各类值)."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers.extract import extract
from parsers.text.glued_rows import total_cells
from schemas.records import EvaluationRecords

TITLE = "2023年度渡口管护项目支出绩效自评表\n"
HEADS = "一级指标二级指标三级指标年度指标值实际完成值分值得分偏差原因\n"


def read(tmp_path: Path, text: str) -> EvaluationRecords:
    path = tmp_path / "glued.txt"
    path.write_text(text, encoding="utf-8")
    records = extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=1)
    (form,) = records.evaluations
    return form


def test_words_deadlines_bounds_and_shares_are_whole(tmp_path: Path) -> None:
    form = read(
        tmp_path,
        TITLE
        + HEADS
        + "产出指标数量指标维护渡船14艘14艘2020\n"
        + "时效指标维护完成时间11月30日前11月18日1515\n"
        + "质量指标渡船检验率≥85%达成预期指标1515无\n"
        + "效益指标社会效益指标渡运安全明显改善有所提升3028两处护栏缺损\n"
        + "满意度指标服务对象满意度指标渡客满意度90%以上96%1010\n"
        + "总分10098\n",
    )
    assert [(row.level3, row.target_raw, row.actual_raw, row.score, row.deviation) for row in form.indicators] == [
        ("维护渡船", "14艘", "14艘", 20, None),
        ("维护完成时间", "11月30日前", "11月18日", 15, None),
        ("渡船检验率", "≥85%", "达成预期指标", 15, None),
        ("渡运安全", "明显改善", "有所提升", 28, "两处护栏缺损"),
        ("渡客满意度", "90%以上", "96%", 10, None),
    ]


def test_criteria_between_points_and_target_are_no_part_of_it(tmp_path: Path) -> None:
    form = read(
        tmp_path,
        TITLE
        + "一级指标二级指标三级指标分值评分标准年度指标值完成情况自评得分\n"
        + "产出指标数量指标维护渡船50完成得满分，每少1艘扣1分≥14艘14艘50\n"
        + "效益指标社会效益指标渡运安全30未达标不得分持续改善明显改善30\n"
        + "满意度指标服务对象满意度指标渡客满意度20按完成率计分≥90%96%20\n"
        + "总分100100\n",
    )
    assert [(row.target_raw, row.actual_raw, row.points, row.score) for row in form.indicators] == [
        ("≥14艘", "14艘", 50, 50),
        ("持续改善", "明显改善", 30, 30),
        ("≥90%", "96%", 20, 20),
    ]


def test_level_2_with_points_stands_below_level_1_with_points(tmp_path: Path) -> None:
    form = read(
        tmp_path,
        TITLE
        + "一级指标二级指标三级指标年度指标值实际完成值得分\n"
        + "产出指标（60分）数量指标（40分）维护渡船≥14艘14艘40\n"
        + "质量指标（20分）渡船检验率≥95%97%20\n"
        + "效益指标（40分）社会效益指标（40分）安全渡运天数≥350天353天40\n",
    )
    assert [(row.level1, row.level2) for row in form.indicators] == [
        ("产出指标", "数量指标"),
        ("产出指标", "质量指标"),
        ("效益指标", "社会效益指标"),
    ]


@pytest.mark.parametrize(
    ("printed", "cells"),
    [
        ("100100", ["100", "100"]),
        ("10098.5", ["100", "98.5"]),
        ("9088.5", ["90", "88.5"]),
        ("9090", ["90", "90"]),
        ("98.5", ["98.5"]),
        ("100", ["100"]),
        ("95", ["95"]),
        ("7576", ["7576"]),
    ],
)
def test_points_and_score_of_a_total_printed_as_one_are_two(printed: str, cells: list[str]) -> None:
    assert total_cells(printed) == cells
