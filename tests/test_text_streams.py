"""Tables between pipes whose line ends are those of cells."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from parsers.extract import extract

ONE_CELL_A_LINE = """项目支出绩效自评表（2023年度） |
项目名称 |
农村供水工程 |
实施单位 |
松林镇人民政府 |
预算执行情况（10分） |
年度预算数（万元） |
年初预算 |
调整后预算数 |
预算执行数 |
预算执行率 |
权重 |
得分 |
总额 |
20.50 |
20.50 |
18.45 |
90.00% |
10 |
9 |
其他资金 |
|
|
|
|
/ |
/ |
绩效指标（90分） |
一级指标 |
二级指标 |
三级指标 |
指标性质 |
指标值 |
度量单位 |
完成值 |
权重 |
得分 |
产出指标 |
数量指标 |
新建蓄水池 |
≥ |
6 |
座 |
6 |
60 |
60 |
效益指标 |
社会效益指标 |
受益户数 |
= |
120 |
户 |
|
30 |
|
合计 |
100 |
69 |
"""

BLANKS_BREAK_LINES = """项目支出绩效自评表 | （2023年度） | 项目名称 | 农村供水工程 | 实施单位 | 松林镇人民政府 \
| 项目资金（万元） |
| 年初预算数 | 全年预算数 | 全年执行数 | 分值 | 执行率 | 得分 | 总额 | 20.50 | 20.50 | 18.45 | 10 | 90.00% | 9 \
| 其他资金 |
|
|
| — |
| — | 年度总体目标 | 预期目标 | 实际完成情况 | 新建蓄水池 | 建成蓄水池 | 绩效指标 \
| 年度指标值 | 实际完成值 | 分值 | 得分 | 偏差原因 | 一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 \
| 产出指标 | 数量指标 | 新建蓄水池 | ≥ | 6 | 座 | 6 | 60 | 60 |
| 效益指标 | 社会效益指标 | 受益户数 | = | 120 | 户 |
| 30 |
|
| 总分 | 100 | 69 |
"""


@pytest.mark.parametrize("text", [ONE_CELL_A_LINE, BLANKS_BREAK_LINES], ids=["one cell a line", "blanks break lines"])
def test_rows_are_made_of_cells_whose_blanks_are_kept(text: str, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(text, encoding="utf-8")
    found = extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=len(text))
    (form,) = found.evaluations
    assert (form.evaluation.project_name, form.evaluation.unit) == ("农村供水工程", "松林镇人民政府")
    (total,) = form.funding
    assert (str(total.initial_budget_wanyuan), str(total.executed_wanyuan), total.score) == ("20.50", "18.45", 9)
    assert [(i.level1, i.level3, i.target_raw, i.actual_raw, i.points, i.score) for i in form.indicators] == [
        ("产出指标", "新建蓄水池", "≥6座", "6", 60, 60),
        ("效益指标", "受益户数", "=120户", None, 30, None),
    ]
    assert form.evaluation.total_score == 69


def test_rows_of_indicators_without_their_heads_are_said_to_be_unread(tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(
        "成本指标 | 清淤单价 | ≤ | 6 | 万元 | 6 | 5 |\n效益指标 | 社会效益指标 | 受益户数 | ≥ | 90 | 户 | 93 | 10 |\n"
        "满意度指标 | 服务对象满意度指标 | 群众满意度 | ≥ | 95 | % | 96 | 10 |\n合计 | 100 |\n",
        encoding="utf-8",
    )
    found = extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=1)
    assert (found.document.status, found.document.error_code) == ("partial", "heads_missing")


BARS_BELOW = """松林县2022年度项目支出绩效自评表
项目名称
|
走访慰问经费
|
||||||||
项目实施单位
|
松林县民政局
|
||||||
预算执行情况（万元）
（20分）
|
|
预算数（A）
|
执行数（B）
|
执行率（B/A）
|
得分
|
||||
年度财政资金总额
|
34.64
|
34.64
|
100%
|
20
|
|||||
年度绩效目标
（80分）
|
一级指标
|
二级指标
|
三级指标
|
年初目标值（A）
|
实际完成值（B）
|
得分
|
|||
产出指标（70分）
|
数量指标
|
走访户数
|
120户
|
121户
|
40
|
||||
质量指标
|
慰问金足额发放率
|
100%
|
100%
|
30
|
|||||
满意度指标（10分）
|
服务对象满意度指标
|
走访对象满意率
|
≥90%
|
95%
|
10
|
||||
总分（100分）
|
100
|
自评等级
|
优
|
||||||
"""


def test_bars_on_lines_of_their_own_end_the_cells_above_them(tmp_path: Path) -> None:
    path = tmp_path / "form.txt"
    path.write_text(BARS_BELOW, encoding="utf-8")
    found = extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=1)
    (form,) = found.evaluations
    assert found.document.status == "ok"
    assert (form.evaluation.project_name, form.evaluation.unit) == ("走访慰问经费", "松林县民政局")
    assert (form.evaluation.total_score, form.evaluation.grade) == (100, "优")
    assert [(row.executed_wanyuan, row.score) for row in form.funding] == [(Decimal("34.64"), 20)]
    assert [(row.level2, row.level3, row.actual_raw, row.score) for row in form.indicators] == [
        ("数量指标", "走访户数", "121户", 40),
        ("质量指标", "慰问金足额发放率", "100%", 30),
        ("服务对象满意度指标", "走访对象满意率", "95%", 10),
    ]


BLANKS = """部门预算项目支出绩效自评表（2023年度） | | | | | | | | | |
项目名称 | | 退耕还林工作经费 | | | | | | | |
实施单位 | | 松林县林业局 | | | | | | | |
预算执行情况（10分） | 年度预算数（万元） | 年初预算 | 调整后预算数 | 预算执行数 | | 预算执行率 | 权重 | 得分 | 原因 |
| 总额 | 6.00 | 5.00 | 4.00 | | 80.00% | 10 | 8 | |
| 其中：财政资金 | 6.00 | 5.00 | 4.00 | | 80.00% | / | / | |
绩效指标（90分） | 一级指标 | 二级指标 | 三级指标 | 指标性质 | 指标值 | 度量单位 | 完成值 | 权重 | 得分 |
| 产出指标 | 数量指标 | 培训次数 | ≥ | 1 | 次 | 2 | 50 | 50 |
| 效益指标 | 社会效益指标 | 受益户数 | ≥ | 90 | 户 | 95 | 40 | 40 |
"""


@pytest.mark.parametrize(
    "end", ["", "| 满意度指标 | 满意度指标 | 群众满意度 | ≥ | 90 | % | 9", "| 合计 | | | | | | | 100 | 98 |"]
)
def test_a_row_that_begins_with_a_bar_among_others_begins_with_a_blank(end: str, tmp_path: Path) -> None:
    path = tmp_path / "report.txt"
    path.write_text(BLANKS + end, encoding="utf-8")
    found = extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=1)
    (form,) = found.evaluations
    assert [(row.executed_wanyuan, row.execution_rate_pct) for row in form.funding] == [(Decimal(4), Decimal(80))] * 2
    assert [row.level3 for row in form.indicators[:2]] == ["培训次数", "受益户数"]
    assert found.document.status == ("partial" if "群众" in end else "ok")
