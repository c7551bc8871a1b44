"""Form to sheet: the template of each family, cell by cell."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from making.model import Box, Form, Fund, Ind, Row, Sheet

Cell = str | tuple[str, int] | tuple[str, int, int]


def row(*cells: Cell) -> Row:
    return tuple(Box(cell) if isinstance(cell, str) else Box(*cell) for cell in cells)


def _grouped(indicators: Sequence[Ind], columns: Callable[[Ind], Sequence[Cell]]) -> list[Row]:
    """Indicator rows whose level-1 and level-2 labels span the rows they belong to."""
    rows: list[Row] = []
    for l1, of_l1 in groupby(indicators, key=lambda i: i.l1):
        first_level = list(of_l1)
        for l2, of_l2 in groupby(first_level, key=lambda i: i.l2):
            second_level = list(of_l2)
            for indicator in second_level:
                labels: list[Cell] = []
                if indicator is first_level[0]:
                    labels.append((l1, 1, len(first_level)))
                if indicator is second_level[0]:
                    labels.append((l2, 1, len(second_level)))
                rows.append(row(*labels, *columns(indicator)))
    return rows


def _money(fund: Fund) -> list[Cell]:
    return [
        fund.label,
        *(v or "" for v in (fund.initial, fund.annual, fund.executed, fund.points, fund.rate, fund.score)),
    ]


def _results(i: Ind) -> list[Cell]:
    return [i.l3, i.target, i.actual, i.points or "", i.score or "", i.deviation]


def _prefixed(cell: Cell, rows: list[Row]) -> list[Row]:
    """Rows beside a label that spans all of them."""
    text, cols = (cell, 1) if isinstance(cell, str) else (cell[0], cell[1])
    return [(Box(text, cols, len(rows)), *rows[0]), *rows[1:]]


def _date(form: Form) -> str:
    return f"填报日期：{form.report_date}" if form.report_date else "填报日期："


def national(form: Form, letters: bool = False, level1_points: bool = False) -> Sheet:
    """The national project form; `letters` as since 2021, `level1_points` in the level-1 labels."""
    a, b, rate = ("（A）", "（B）", "（B/A）") if letters else ("", "", "")
    indicators = [_with_points(i, form.indicators) for i in form.indicators] if level1_points else form.indicators
    head = row("", "年初预算数", f"全年预算数{a}", f"全年执行数{b}", "分值", f"执行率{rate}", "得分")
    columns = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")
    rows = [
        row(("项目名称", 2), (form.project or "", 7)),
        row(("主管部门", 2), (form.department or "", 3), "实施单位", (form.unit, 3)),
        *_prefixed((f"项目资金（{form.money_unit}）", 2), [head, *(row(*_money(f)) for f in form.funding)]),
        *_prefixed(
            "年度总体目标",
            [row(("预期目标", 4), ("实际完成情况", 4)), row((form.goal_expected, 4), (form.goal_actual, 4))],
        ),
        *_prefixed("绩效指标", [row(*columns), *_grouped(indicators, _results)]),
        row(("总分", 6), form.total_points or "", form.total_score or "", ""),
    ]
    return Sheet((form.title, f"（{form.year}年度）"), 9, tuple(rows), (_date(form),), _heads(rows, "", "一级指标"))


def _with_points(indicator: Ind, all_indicators: Iterable[Ind]) -> Ind:
    points = sum((Decimal(i.points or 0) for i in all_indicators if i.l1 == indicator.l1), Decimal())
    return replace(indicator, l1=f"{indicator.l1}（{points.normalize():f}分）")


def _heads(rows: Sequence[Row], *words: str) -> tuple[int, ...]:
    """The rows that hold one of `words` as a whole cell."""
    return tuple(i for i, r in enumerate(rows) if any(box.text in words and box.text for box in r))


def shanghai(form: Form) -> Sheet:
    """Flat: no vertical label, 分数, a total row without a label, the grade in a row of its own."""
    head = row("", "年初预算数", "全年预算数", "全年执行数", "分数", "执行率", "得分")
    columns = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", ("偏差原因分析", 2))

    def results(i: Ind) -> list[Cell]:
        return [i.l3, i.target, i.actual, i.points or "", i.score or "", (i.deviation, 2)]

    rows = [
        row(("项目名称", 2), (form.project or "", 7)),
        row(("主管部门", 2), (form.department or "", 3), "实施单位", (form.unit, 3)),
        *_prefixed((f"项目资金（{form.money_unit}）", 2), [head, *(row(*_money(f)) for f in form.funding)]),
        *_prefixed(
            "年度总体目标",
            [row(("预期目标", 4), ("实际完成情况", 4)), row((form.goal_expected, 4), (form.goal_actual, 4))],
        ),
        row(*columns),
        *_grouped(form.indicators, results),
        row(("", 5), form.total_points or "", form.total_score or "", ("", 2)),
        row(("评分等级", 2), (form.grade or "", 7)),
    ]
    return Sheet((f"{form.year}年{form.title}",), 9, tuple(rows), (), _heads(rows, "一级指标"))


def yunnan(form: Form) -> Sheet:
    """The target split into relation, value and unit; the total row ends with the grade."""
    head = row("", "年初预算数", "全年预算数", ("全年执行数", 2), "分值", "执行率", "得分")

    def money(f: Fund) -> Row:
        return row(
            f.label, f.initial or "", f.annual or "", (f.executed or "", 2), f.points or "", f.rate or "", f.score or ""
        )

    def results(i: Ind) -> list[Cell]:
        return [i.l3, *(i.split or ("", "", "")), i.actual, i.points or "", i.score or "", i.deviation]

    rows = [
        row(("项目名称", 2), (form.project or "", 8)),
        row(("主管部门", 2), (form.department or "", 3), ("实施单位", 2), (form.unit, 3)),
        *_prefixed((f"项目资金（{form.money_unit}）", 2), [head, *(money(f) for f in form.funding)]),
        *_prefixed(
            ("年度总体目标", 2),
            [row(("预期目标", 4), ("实际完成情况", 4)), row((form.goal_expected, 4), (form.goal_actual, 4))],
        ),
        row(
            ("绩效指标", 3),
            ("年度指标值", 3),
            ("实际完成值", 1, 2),
            ("分值", 1, 2),
            ("得分", 1, 2),
            ("偏差原因分析及改进措施", 1, 2),
        ),
        row("一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位"),
        *_grouped(form.indicators, results),
        row(("总分", 7), form.total_points or "", form.total_score or "", form.grade or ""),
    ]
    before = (form.title, f"部门：{form.department}                公开14表")
    return Sheet(before, 10, tuple(rows), (), _heads(rows, "绩效指标"))


def sichuan(form: Form) -> Sheet:
    """Adjusted budget, weights, a reason for the funding, the project's code glued to its name."""
    head = row("预算项目", "年初预算", "调整后预算数", "预算执行数", "预算执行率", "权重", "得分", "原因")

    def money(f: Fund) -> Row:
        return row(*(v or "" for v in (f.label, f.initial, f.annual, f.executed, f.rate, f.points, f.score, "")))

    def results(i: Ind) -> list[Cell]:
        return [i.l3, i.points or "", i.target, i.actual, i.score or "", i.deviation]

    columns = ("一级指标", "二级指标", "三级指标", "权重", "指标值", "完成值", "得分", "原因")
    rows = [
        row("项目名称", (f"{form.code}-{form.project}", 8)),
        row("主管部门", (form.department or "", 4), "实施单位", (form.unit, 3)),
        *_prefixed(f"项目资金（{form.money_unit}）", [head, *(money(f) for f in form.funding)]),
        *_prefixed(
            "年度目标", [row(("预期目标", 4), ("完成情况", 4)), row((form.goal_expected, 4), (form.goal_actual, 4))]
        ),
        *_prefixed("绩效指标", [row(*columns), *_grouped(form.indicators, results)]),
        row(("合计", 4), form.total_points or "", ("", 2), form.total_score or "", ""),
    ]
    return Sheet((form.title, f"（{form.year}年度）"), 9, tuple(rows), (_date(form),), _heads(rows, "一级指标"))


def chongqing(form: Form) -> Sheet:
    """A whole unit's flat list: no levels, the unit before relation and value."""
    fund = form.funding[0]
    columns = ("指标名称", "计量单位", "指标性质", "指标值", "指标权重", "全年完成值", "指标得分", "说明")

    def indicator(i: Ind) -> Row:
        relation, value, unit = i.split or ("", "", "")
        return row(i.l3, unit, relation, value, i.points or "", i.actual, i.score or "", i.deviation)

    rows = [
        row("部门（单位）名称", (form.unit, 7)),
        row(
            f"预算情况（{form.money_unit}）",
            "年初预算数",
            "全年预算数",
            "全年执行数",
            "执行率",
            "执行率权重",
            ("执行率得分", 2),
        ),
        row(
            *(v or "" for v in (fund.label, fund.initial, fund.annual, fund.executed, fund.rate, fund.points)),
            (fund.score or "", 2),
        ),
        row("当年整体绩效目标", (form.goal_expected, 4), ("全年目标实际完成情况", 1), (form.goal_actual, 2)),
        row(*columns),
        *(indicator(i) for i in form.indicators),
        row("总分", ("", 3), form.total_points or "", "", form.total_score or "", ""),
    ]
    return Sheet((form.title,), 8, tuple(rows), (), _heads(rows, "指标名称"))


def hubei(form: Form) -> Sheet:
    """20 points for execution, 80 for indicators; check boxes; no points column."""
    fund = form.funding[0]

    def results(i: Ind) -> list[Cell]:
        return [i.l3, i.target, i.actual, i.score or ""]

    columns = ("一级指标", "二级指标", "三级指标", "年初目标值（A）", "实际完成值（B）", "得分")
    rows = [
        row("项目名称", (form.project or "", 6)),
        row("主管部门", (form.department or "", 2), ("项目实施单位", 2), (form.unit, 2)),
        row("项目类别", ("1、部门预算项目 □   2、直达专项 ☑   3、其他 □", 6)),
        row("项目属性", ("1、持续性项目 □   2、新增性项目 ☑", 6)),
        *_prefixed(
            f"预算执行情况（{form.money_unit}）（20分）",
            [
                row(("", 2), "预算数（A）", "执行数（B）", "执行率（B/A）", "得分（20分*执行率）"),
                row((fund.label, 2), fund.annual or "", fund.executed or "", fund.rate or "", fund.score or ""),
            ],
        ),
        *_prefixed("年度绩效目标（80分）", [row(*columns), *_grouped(form.indicators, results)]),
        row(("总分", 6), form.total_score or ""),
    ]
    return Sheet((form.title,), 7, tuple(rows), (_date(form),), _heads(rows, "一级指标"))


def hunan(form: Form) -> Sheet:
    """A whole unit's form: income and spending in parallel halves, label and amount in one cell."""
    amounts = dict(form.amounts)
    fund = form.funding[0]
    head = row(("", 2), "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")
    income, spending = amounts.get("按收入性质分", fund.annual), amounts.get("按支出性质分", fund.executed)
    halves = (
        (f"按收入性质分：{income}", f"按支出性质分：{spending}"),
        (f"其中：  一般公共预算：{amounts['一般公共预算']}", f"其中：基本支出：{amounts['基本支出']}"),
        (f"政府性基金拨款：{amounts.get('政府性基金拨款', '')}", f"项目支出：{amounts['项目支出']}"),
        (f"其他资金：{amounts['其他资金']}", ""),
    )
    money = [
        row(
            (fund.label, 2),
            *(v or "" for v in (fund.initial, fund.annual, fund.executed, fund.points, fund.rate, fund.score)),
        ),
        *(row((left, 4), (right, 4)) for left, right in halves),
    ]
    columns = ("一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施")
    rows = [
        row("预算单位名称", (form.unit, 8)),
        *_prefixed(f"年度预算申请（{form.money_unit}）", [head, *money]),
        *_prefixed(
            "年度总体目标",
            [row(("预期目标", 4), ("实际完成情况", 4)), row((form.goal_expected, 4), (form.goal_actual, 4))],
        ),
        *_prefixed(
            "绩效指标",
            [row(*columns), *_grouped([_with_points(i, form.indicators) for i in form.indicators], _results)],
        ),
        row(("总分", 6), form.total_points or "", form.total_score or "", ""),
    ]
    return Sheet((form.title,), 9, tuple(rows), (_date(form),), _heads(rows, "一级指标"))


def rollup(form: Form) -> tuple[Sheet, ...]:
    """The 2017/18 form of whole units: income, spending and 三公 tables, a roll-up row above its members."""
    member, total = f"1、{form.unit}", "局机关及二级机构汇总"
    rows = (
        row(("年度收入情况（万元）", 6)),
        row(("机构名称", 1, 2), ("收入合计", 1, 2), ("其中：", 4)),
        row("上年结转", "公共财政拨款", "政府基金拨款", "其他收入"),
        row(total, "146.20", "6.20", "140.00", "", ""),
        row(member, "146.20", "6.20", "140.00", "", ""),
        row(("部门（单位）年度支出和结余情况（万元）", 6)),
        row(("机构名称", 1, 2), ("三公经费合计", 1, 2), ("其中：", 4)),
        row("公务接待费", "公务用车运维费", "公务用车购置费", "因公出国费"),
        row(total, "0.84", "0.84", "0", "0", "0"),
        row(member, "0", "0", "0", "0", "0"),
    )
    before = (form.title, f"部门（单位）名称  {form.unit}", f"报告日期：{form.report_date}")
    return (Sheet(before, 6, rows, (), (1, 6)),)


def transfer(form: Form) -> Sheet:
    """Transfer payments: no initial budget, no points, no scores; how the money was managed."""
    head = row("", "全年预算数（A）", "全年执行数（B）", "预算执行率（B/A×100%）")

    def results(i: Ind) -> list[Cell]:
        return [i.l3, i.target, i.actual, i.deviation]

    money = [row(f.label, f.annual or "", f.executed or "", f.rate or "") for f in form.funding]
    columns = ("一级指标", "二级指标", "三级指标", "指标值", "全年实际完成值", "未完成原因和改进措施")
    management = [
        row("", ("情况说明", 2), ("存在问题和改进措施", 2)),
        row("分配科学性", ("按面积和任务量分配", 2), ("无", 2)),
        row("下达及时性", ("30日内下达到县", 2), ("无", 2)),
    ]
    rows = [
        row(("转移支付（项目）名称", 2), (form.project or "", 5)),
        row(("中央主管部门", 2), (form.department or "", 5)),
        row(("资金使用单位", 2), (form.unit, 5)),
        *_prefixed((f"资金情况（{form.money_unit}）", 3), [head, *money]),
        *_prefixed(("资金管理情况", 2), management),
        *_prefixed(
            ("总体目标完成情况", 1),
            [row(("总体目标", 3), ("全年实际完成情况", 3)), row((form.goal_expected, 3), (form.goal_actual, 3))],
        ),
        *_prefixed("绩效指标", [row(*columns), *_grouped(form.indicators, results)]),
        row("说明", ("无", 6)),
    ]
    return Sheet((form.title, f"（{form.year}年度）"), 7, tuple(rows), (), _heads(rows, "一级指标"))


def jiangsu(form: Form) -> Sheet:
    """A score sheet: 决策, 过程, 产出, 效益, with the scoring standard beside each criterion."""
    fund = form.funding[0]

    def results(i: Ind) -> list[Cell]:
        return [i.l3, i.points or "", i.criteria, i.target, i.actual, i.score or ""]

    rows = [
        row("项目名称", (form.project or "", 7)),
        row("主管部门", (form.department or "", 3), "实施单位", (form.unit, 3)),
        *_prefixed(
            f"项目资金（{form.money_unit}）",
            [
                row(("", 2), "年初预算数", ("调整预算数", 2), "实际支出数", "执行率"),
                row((fund.label, 2), fund.initial or "", (fund.annual or "", 2), fund.executed or "", fund.rate or ""),
            ],
        ),
        row("一级指标", "二级指标", "三级指标", "分值", "评分标准", "目标值", "完成值", "得分"),
        *_grouped(form.indicators, results),
        row(("合计", 3), form.total_points or "", ("", 3), form.total_score or ""),
    ]
    return Sheet((form.title,), 8, tuple(rows), (), _heads(rows, "一级指标"))


def target(form: Form) -> Sheet:
    """A declaration of targets: no results yet."""
    money = [row((f"{f.label}：", 2), (f.annual or "", 2)) for f in form.funding]
    rows = [
        row("项目名称", (form.project or "", 4)),
        row("主管部门", (form.department or "", 2), "实施单位", form.unit),
        *_prefixed(f"项目资金（{form.money_unit}）", money),
        row("年度目标", (form.goal_expected, 4)),
        *_prefixed(
            "绩效指标",
            [row("一级指标", "二级指标", "三级指标", "指标值"), *_grouped(form.indicators, lambda i: [i.l3, i.target])],
        ),
    ]
    return Sheet((form.title, f"（{form.year}年度）"), 5, tuple(rows), (), _heads(rows, "一级指标"))


def unfilled() -> Sheet:
    """The national form as it is handed out: blanks, strokes, skeleton rows."""
    skeleton = [
        Ind("产出指标", "数量指标", "指标1："),
        Ind("产出指标", "数量指标", "指标2："),
        Ind("产出指标", "质量指标", "指标1："),
        Ind("产出指标", "质量指标", "……"),
        Ind("效益指标", "社会效益指标", "指标1："),
        Ind("满意度指标", "服务对象满意度指标", "指标1："),
    ]
    funding = [Fund("年度资金总额", "", "", "", "10", "", ""), Fund("其中：当年财政拨款", "/", "/", "/", "—", "/", "—")]
    blank = Form(
        "project", 0, "", "项目支出绩效自评表", funding=tuple(funding), indicators=tuple(skeleton), total_points="100"
    )
    sheet = national(blank)
    return Sheet(
        (sheet.before[0], "（      年度）"), sheet.n_cols, sheet.rows, ("填表人：          填报日期：",), sheet.heads
    )
