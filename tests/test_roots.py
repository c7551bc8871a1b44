"""Findings that one cause explains are one: which stands for them all, and what the cause says of the others."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from form_build import read

from pipeline.findings import run_checks
from pipeline.findings.roots import ALSO
from pipeline.localise.sentence import ASK
from schemas.records import Check, ProblemRow

FORM = """项目支出绩效自评表
（2023年度）
项目名称 | 村道养护项目 | < | < | < | < | < | <
主管部门 | 青川县交通局 | < | < | 实施单位 | 青川县公路站 | < | <
项目资金（万元） | | 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分
^ | 年度资金总额 | {total} | 10 | {rate} | 9.48
^ | 其中：当年财政拨款 | {fiscal} | — | — | —
^ | 其他资金 | {other} | — | — | —
一级指标 | 二级指标 | 三级指标 | 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因分析及改进措施
产出指标 | 数量指标 | 养护里程 | ≥30公里 | 30公里 | 50 | 50 |
效益指标 | 社会效益指标 | 通行保障率 | ≥95% | 98% | 30 | 30 |
满意度指标 | 服务对象满意度指标 | 群众满意度 | ≥90% | 95% | 10 | 10 |
总分 | < | < | < | < | 100 | 99.48 | """

RIGHT = {
    "total": "138.50 | 140.50 | 133.20",
    "fiscal": "128.50 | 130.50 | 123.30",
    "other": "10.00 | 10.00 | 9.90",
    "rate": "94.80%",
}


def found(folder: Path, **printed: str) -> list[Check]:
    records = read(FORM.format(**{**RIGHT, **printed}), "tabs", folder)
    return [check for check in run_checks(records) if check.outcome == "inconsistent"]


@pytest.mark.parametrize(
    "printed",
    [
        {"other": "100000 | 100000 | 99000"},
        {"total": "1385000 | 1405000 | 1332000"},
        {"total": "138.50 | 140.50 | 1332000", "fiscal": "128.50 | 130.50 | 1233000", "other": "10.00 | 10.00 | 99000"},
    ],
)
def test_a_row_or_column_in_yuan_is_one_finding_with_one_cause(tmp_path: Path, printed: dict[str, str]) -> None:
    checks = found(tmp_path, **printed)
    assert len(checks) > 1
    (root,) = {check.root_id for check in checks}
    (cause,) = {check.likely_cause for check in checks if check.check_id != root}
    (lead,) = [check for check in checks if check.check_id == root]
    assert cause and "系以元填写" in cause
    assert lead.likely_cause == f"{cause}；如此更正，另{len(checks) - 1}处也随之相符"


def test_a_whole_row_in_yuan_leads_its_sums(tmp_path: Path) -> None:
    checks = found(tmp_path, other="100000 | 100000 | 99000")
    assert [check.rule for check in checks if check.check_id == check.root_id] == ["row_in_other_unit"]


def test_a_row_that_no_factor_brings_right_is_not_said_to_be_in_yuan(tmp_path: Path) -> None:
    checks = found(tmp_path, other="100000 | 100000 | 98000")
    assert "row_in_other_unit" not in {check.rule for check in checks}


def test_contradictions_that_one_slip_explains_stand_under_one(tmp_path: Path) -> None:
    checks = found(tmp_path, total="138.50 | 140.50 | 132.30")
    assert {check.rule for check in checks} == {"funding_sum", "execution_rate"}
    assert len({check.root_id for check in checks}) == 1


def test_a_hint_that_only_repeats_the_computed_number_is_not_given(tmp_path: Path) -> None:
    (check,) = found(tmp_path, rate="61.57%")
    assert check.root_id == check.check_id and check.likely_cause is None
    assert [one.column for one in check.suggestions] == ["execution_rate_pct"]


def test_two_mistakes_that_have_nothing_to_do_with_each_other_are_two(tmp_path: Path) -> None:
    checks = found(tmp_path, rate="61.57%", fiscal="128.50 | 103.50 | 123.30")
    assert len({check.root_id for check in checks}) == 2


@pytest.mark.parametrize("zero", ["0", "0.00"])
def test_a_line_of_totals_that_is_all_zeros_is_one_finding_with_one_hint(tmp_path: Path, zero: str) -> None:
    checks = found(tmp_path, total=" | ".join([zero] * 3))
    sums = [check for check in checks if check.rule == "funding_sum"]
    assert len(sums) == 3 and len({check.root_id for check in sums}) == 1
    (hint,) = {(check.likely_cause or "").partition("；")[0] for check in sums}
    assert "“年度资金总额”一行为年初预算数138.5" in hint and "疑似合计未填" in hint and "也可能" not in hint


def test_rate_and_score_of_a_line_of_zeros_belong_to_it(tmp_path: Path) -> None:
    form = FORM.replace("| 9.48\n", "| 0\n")
    records = read(form.format(**{**RIGHT, "total": "0 | 0 | 0", "rate": "0.00%"}), "tabs", tmp_path)
    checks = [check for check in run_checks(records) if check.outcome == "inconsistent" and check.severity == "error"]
    assert {check.rule for check in checks} == {"funding_sum", "score_total"}
    assert len({check.root_id for check in checks}) == 1
    assert all("执行率94.80%、得分9.48分" in (check.likely_cause or "") for check in checks)


def test_zeros_beside_parts_that_are_zero_too_are_no_unfilled_line(tmp_path: Path) -> None:
    checks = found(tmp_path, total="0 | 0 | 133.20", fiscal="0 | 0 | 123.30", other="0 | 0 | 9.90")
    assert not [check for check in checks if "一行为" in (check.likely_cause or "")]


def test_to_look_at_the_source_is_asked_once_for_all_that_may_be_wrong(tmp_path: Path) -> None:
    records = read(FORM.format(**{**RIGHT, "fiscal": "126.50 | 130.50 | 123.30"}), "tabs", tmp_path)
    trouble = ProblemRow(records.document.document_id, 0, "unreadable_cell", "")
    causes = [check.likely_cause or "" for check in run_checks(replace(records, problems=(trouble,)))]
    tied = [cause for cause in causes if ALSO in cause]
    assert tied and all(cause.startswith(ASK) and cause.count(ASK) == 1 for cause in tied)
