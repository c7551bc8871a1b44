"""Errors found in published reports, rebuilt with invented offices and figures; `injected` names what is wrong."""

from __future__ import annotations

from making.content import BEN, OUT, SAT, part
from making.model import Form, Fund, Ind

GOOD = (
    Ind(OUT, "数量指标", "巡查次数", "≥240次", "246次", "25", "25"),
    Ind(OUT, "质量指标", "隐患整改率", "≥95%", "97%", "25", "25"),
    Ind(BEN, "社会效益指标", "安全意识", "提升", "提升", "30", "30"),
    Ind(SAT, "服务对象满意度指标", "群众满意度", "≥90%", "92%", "10", "10"),
)


def _form(
    project: str,
    funding: tuple[Fund, ...],
    total_score: str,
    injected: dict[str, object],
    indicators: tuple[Ind, ...] = GOOD,
    report_date: str = "2024-01-30",
) -> Form:
    return Form(
        kind="project",
        year=2023,
        title="项目支出绩效自评表",
        project=project,
        department="曲塘县应急保障局",
        unit="曲塘县应急保障站",
        funding=funding,
        indicators=indicators,
        goal_expected="完成年度巡查任务。",
        goal_actual="年度巡查任务已完成。",
        total_points="100",
        total_score=total_score,
        report_date=report_date,
        injected=(injected,),
    )


FULL = (
    Fund("年度资金总额", "150.00", "150.00", "150.00", "10", "100.00%", "10", role="total"),
    part("其中：当年财政拨款", "150.00", "150.00", "150.00"),
    part("其他资金", "0.00", "0.00", "0.00"),
)

FUNDING_ERRORS = (
    # The total is 0 beside parts that are not.
    _form(
        "防汛沙袋储备",
        (
            Fund("年度资金总额", "0.00", "0.00", "0.00", "10", "100.00%", "10", role="total"),
            part("其中：当年财政拨款", "62.00", "62.00", "62.00"),
            part("其他资金", "8.50", "8.50", "8.50"),
        ),
        "100",
        {"kind": "funding_sum", "numbers": ["0.00", "70.50"], "column": "annual"},
    ),
    # The parts miss the total by 0.03.
    _form(
        "应急广播维护",
        (
            Fund("年度资金总额", "88.60", "88.60", "88.60", "10", "100.00%", "10", role="total"),
            part("其中：当年财政拨款", "60.25", "60.25", "60.25"),
            part("上年结转资金", "28.35", "28.32", "28.35"),
        ),
        "100",
        {"kind": "funding_sum", "numbers": ["88.60", "88.57"], "column": "annual"},
    ),
    # No budget, money spent, and "100%".
    _form(
        "抢险道路抢修",
        (
            Fund("年度资金总额", "0.00", "0.00", "193.26", "10", "100%", "10", role="total"),
            part("其中：当年财政拨款", "0.00", "0.00", "193.26"),
        ),
        "100",
        {"kind": "execution_rate", "numbers": ["193.26", "100"], "column": "rate"},
    ),
    # 47% printed where executed over budget gives 131.25%.
    _form(
        "消防水源建设",
        (
            Fund("年度资金总额", "48.00", "48.00", "63.00", "10", "47.00%", "10", role="total"),
            part("其中：当年财政拨款", "48.00", "48.00", "63.00"),
        ),
        "100",
        {"kind": "execution_rate", "numbers": ["47.00", "131.25"], "column": "rate"},
    ),
    # One amount in 元 in a table of 万元.
    _form(
        "救援装备更新",
        (
            Fund("年度资金总额", "214.70", "214.70", "214.70", "10", "100.00%", "10", role="total"),
            part("其中：当年财政拨款", "190.00", "190.00", "1900000.00"),
            part("其他资金", "24.70", "24.70", "24.70"),
        ),
        "100",
        {"kind": "unit_slip", "numbers": ["1900000.00", "190.00"], "column": "executed"},
    ),
    # A third of the budget called 100%.
    _form(
        "避难场所标识",
        (
            Fund("年度资金总额", "180.00", "180.00", "59.94", "10", "100%", "10", role="total"),
            part("其中：当年财政拨款", "180.00", "180.00", "59.94"),
        ),
        "100",
        {"kind": "execution_rate", "numbers": ["100", "33.30"], "column": "rate"},
    ),
)

SCORE_ERRORS = (
    # 10 + 9 + 13 + 15 + 10 + 9 + 27 = 93, printed 94.
    _form(
        "森林消防队训练",
        FULL,
        "94",
        {"kind": "score_total", "numbers": ["94", "93"]},
        (
            Ind(OUT, "数量指标", "集训次数", "≥12次", "11次", "10", "9", "一次集训因暴雨取消。"),
            Ind(OUT, "数量指标", "演练场次", "≥8场", "7场", "15", "13", "一场演练推迟至次年。"),
            Ind(OUT, "质量指标", "考核合格率", "≥95%", "96%", "15", "15"),
            Ind(OUT, "时效指标", "出动响应时间", "≤15分钟", "14分钟", "10", "10"),
            Ind(BEN, "社会效益指标", "火情处置率", "≥98%", "97%", "10", "9", "一起火情处置超时。"),
            Ind(BEN, "可持续影响指标", "队伍稳定性", "稳定", "基本稳定", "30", "27", "年内3人离队。"),
        ),
    ),
    # Targets met, points lost.
    _form(
        "气象预警屏维护",
        FULL,
        "92",
        {"kind": "met_but_lost", "numbers": ["17", "25"]},
        (Ind(OUT, "数量指标", "维护预警屏", "≥60块", "64块", "25", "17"), *GOOD[1:]),
    ),
    # Target missed, full points.
    _form(
        "值班电话系统",
        FULL,
        "100",
        {"kind": "missed_but_full", "numbers": ["81", "95"]},
        (GOOD[0], Ind(OUT, "质量指标", "接通率", "≥95%", "81%", "25", "25"), *GOOD[2:]),
    ),
    # Dated before the year it reports on had ended.
    _form(
        "应急仓库租赁",
        FULL,
        "100",
        {"kind": "date", "numbers": ["2023"]},
        report_date="2023-09-05",
    ),
)

# The income side and the spending side of a whole unit, which should be the same money, differ.
UNIT_BALANCE = Form(
    kind="unit",
    year=2023,
    title="2023年度预算单位整体支出绩效自评表",
    unit="禾川市殡葬管理站",
    funding=(Fund("年度资金总额", "1,910.00", "1,910.00", "1,910.00", "10", "100.00%", "10", role="total"),),
    indicators=GOOD,
    goal_expected="保障全年业务运行。",
    goal_actual="全年业务运行正常。",
    total_points="100",
    total_score="100",
    report_date="2024-02-01",
    amounts=(
        ("按收入性质分", "1,910.00"),
        ("按支出性质分", "1,784.55"),
        ("一般公共预算", "1,760.00"),
        ("其他资金", "150.00"),
        ("基本支出", "1,024.55"),
        ("项目支出", "760.00"),
    ),
    injected=({"kind": "balance", "numbers": ["1910.00", "1784.55"]},),
)

# A roll-up row that differs from its only member.
ROLLUP = Form(
    kind="unit",
    year=2018,
    title="曲塘县2018年度部门（单位）整体支出绩效评价自评报告",
    unit="曲塘县农机推广站",
    report_date="2019-04-22",
    injected=({"kind": "rollup", "numbers": ["0.84", "0"]},),
)
