"""Templates of forms: their options (numbers, columns, levels) and their blocks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from random import Random
from typing import Any

from benchmarks.corpus.layout import (
    FUND_SIDES,
    SIDES,
    IndicatorBlock,
    full,
    funding_rows,
    goal_rows,
    grade_text,
    head,
    pairs,
    relate,
    side_label,
    signature,
)
from benchmarks.corpus.model import Cell, Facts, Line, Options, Table

Block = Line | Table
L2020 = (("产出指标", "50", ("数量", "质量", "时效", "成本")), ("效益指标", "30", ("经济", "社会", "生态", "持续")), ("满意度指标", "10", ("满意",)))
L2021 = (
    ("成本指标", "20", ("经济成本", "社会成本")),
    ("产出指标", "40", ("数量", "质量", "时效")),
    ("效益指标", "20", ("社会", "持续")),
    ("满意度指标", "10", ("满意",)),
)
GRADES = ("优/良/中/差", "优/良/中/差", "优秀/良好/合格/不合格")
SOURCES: tuple[tuple[str, ...], ...] = (
    ("其中：当年财政拨款", "上年结转资金", "其他资金"),
    ("其中：本年财政拨款", "上年结转", "其他资金"),
    ("其中:财政拨款", "其他资金"),
    ("其中：中央财政资金", "省级财政资金", "市县财政资金", "其他资金"),
    ("一般公共预算拨款", "政府性基金预算拨款", "单位自筹资金"),
    ("其中： 财政资金", "财政专户管理资金", "单位资金", "其他资金"),
    ("其中：上级补助", "本级安排", "其他"),
    (),
)
TOTALS = ("年度资金总额", "年度资金总额：", "资金总额", "总额", "合计", "年度财政资金总额")


@dataclass(frozen=True, slots=True)
class Template:
    """A family of forms."""

    name: str
    options: Callable[[Random], Options]
    blocks: Callable[[Facts, Random], list[Block]]


def vary(rng: Random, **fixed: Any) -> Options:
    """Options as a county may choose them; `fixed` are the template's own."""
    unit = rng.choice(("万元",) * 7 + ("元", "元", "千元", "亿元"))
    unit = fixed.pop("unit", unit)
    decimals = {"元": rng.choice((2, 2, 0)), "千元": 2, "万元": rng.choice((2, 2, 2, 2, 4, 6, 1, 0)), "亿元": rng.choice((4, 6))}[unit]
    options = Options(
        year=rng.randint(2018, 2025),
        unit=unit,
        decimals=decimals,
        commas=rng.choice((0.0, 0.0, 0.0, 1.0, 0.3)),
        rate=rng.choice(("2%", "2%", "2%", "2", "0%", "1%", "2%t")),
        component_rates=rng.choice(("blank", "blank", "all", "zero")),
        blank=rng.choice(("—", "－", "-", "/", "——", "", "--", "无")),
        point_format=rng.choice(("short", "short", "fixed")),
        sources=rng.choice(SOURCES),
        total_label=rng.choice(TOTALS),
        levels=rng.choice((L2020, L2021)),
        step=rng.choice(("0.5", "1", "1", "0.1", "0.01")),
        execution_places=rng.choice((2, 2, 2, 2, 1, 0)),
        money_style=rng.choice(("plain", "plain", "plain", "plain", "trim", "wide", "unit")),
    )
    for name, value in fixed.items():
        setattr(options, name, value)
    if options.component_rates == "zero" and options.rate != "2":
        options.component_rates = "blank"
    return options


def title(facts: Facts, rng: Random, texts: Sequence[str]) -> list[Block]:
    """Title and year, in one line or two."""
    text = rng.choice(texts)
    year = facts.options.year
    style = rng.randrange(4)
    if style == 0:
        return [Line(text, "title"), Line(f"（{year}年度）", "sub")]
    if style == 1:
        return [Line(f"{year}年度{text}", "title")]
    if style == 2:
        return [Line(f"{facts.place}{year}年度{text}", "title")]
    return [Line(text, "title"), Line(f"{year}年度", "sub")]


def fund_columns(facts: Facts, rng: Random, order: Sequence[str] | None = None, **words: str) -> list[tuple[str, str]]:
    """(key, header) of the funding block's columns that this form prints."""
    printed = facts.funding[0].printed
    keys = order or rng.choice((("money", "points", "rate", "score"),) * 4 + (("money", "rate", "points", "score"), ("money", "rate", "score")))
    flat: list[str] = []
    for key in keys:
        flat += list(facts.options.columns) if key == "money" else [key]
    if "points" not in flat:
        for fund in facts.funding:
            fund.printed.pop("points", None)
    return [(k, words.get(k) or head(k, rng)) for k in flat if k in printed]


def unit_line(facts: Facts, rng: Random) -> tuple[str, list[Block]]:
    """Where the unit of money stands: in the side label, or in a line above the table (which then is a block)."""
    unit = facts.options.unit
    if facts.options.money_style in ("unit", "yuan"):
        return "none", []
    place = rng.choice(("side", "side", "side", "line"))
    return place, [Line(f"{rng.choice(('单位：', '金额单位：', '单位:'))}{unit}", "unit")] if place == "line" else []


def tail(facts: Facts, rng: Random) -> list[Block]:
    return [Line(signature(facts, rng), "note")] if rng.random() < 0.6 else []


def heads(facts: Facts, width: int, rng: Random, left: int = 1) -> list[list[Cell]]:
    """The rows above the money: names, sometimes with a code, a contact or a period."""
    name, department, unit = facts.project_name or "", facts.department or "", facts.unit
    names = rng.choice(("项目名称", "项目名称", "项目（政策）名称", "项目支出名称"))
    depts, units = rng.choice(("主管部门", "主管部门", "主管部门及代码", "项目主管部门")), rng.choice(("实施单位", "实施单位", "项目单位", "项目实施单位"))
    rows = [pairs(width, [(names, name)], left)]
    style = rng.randrange(5)
    if style == 1:
        rows = [pairs(width, [(names, name), ("项目编码", f"53{facts.options.year}00{rng.randint(10**6, 10**7)}")], left)]
    if style == 2:
        rows.append(pairs(width, [("项目负责人", ""), ("联系电话", "")], left))
    if style == 3:
        rows.append(pairs(width, [("项目属性", rng.choice(("延续性项目", "新增项目"))), ("项目期限", f"{facts.options.year}年1月-{facts.options.year}年12月")], left))
    if style == 4 and rng.random() < 0.5:
        rows += [pairs(width, [(depts, department)], left), pairs(width, [(units, unit)], left)]
    else:
        rows.append(pairs(width, [(depts, department), (units, unit)], left))
    return rows


def indicator_columns(rng: Random, keys: Sequence[str], **words: str) -> list[tuple[str, str]]:
    return [(k, words.get(k) or head(k, rng)) for k in keys]


# --- national form ------------------------------------------------------------------------------------------------


def national_options(rng: Random) -> Options:
    columns = rng.choice((("initial", "annual", "executed"),) * 3 + (("annual", "executed"), ("initial", "annual", "arrived", "executed")))
    return vary(rng, columns=columns, grade=rng.choice((None, None, *GRADES)))


def national_blocks(facts: Facts, rng: Random) -> list[Block]:
    place, lines = unit_line(facts, rng)
    funds = fund_columns(facts, rng)
    keys = rng.choice(
        (
            ("l1", "l2", "l3", "target", "actual", "points", "score", "deviation"),
            ("l1", "l2", "l3", "target", "actual", "points", "score", "deviation"),
            ("l1", "l2", "l3", "points", "target", "actual", "score", "deviation"),
            ("l1", "l2", "l3", "target", "points", "actual", "score", "deviation"),
            ("l1", "l2", "l3", "target", "actual", "points", "score"),
        )
    )
    if "deviation" not in keys:
        for item in facts.indicators:
            item.deviation = ""
    side = rng.choice(SIDES) if rng.random() < 0.75 else None
    columns = indicator_columns(rng, keys)
    width = max(len(keys) + (side is not None), len(funds) + 2) + rng.choice((0, 0, 1, 2))
    fund_side = side_label(rng.choice(FUND_SIDES), facts.options.unit, place)
    table = Table(width, heads(facts, width, rng, left=rng.choice((1, 2))))
    table.rows += funding_rows(facts, width, funds, fund_side, rng.choice(("", "", "资金来源")))
    if rng.random() < 0.9:
        words = rng.choice((("预期目标", "实际完成情况"), ("年初设定目标", "全年实际完成情况"), ("年度预期目标", "目标实际完成情况")))
        table.rows += goal_rows(facts, width, rng.choice(("年度总体目标", "年度\n总体\n目标", "年度绩效目标")), words)
    block = IndicatorBlock(facts, width, columns, side)
    rows = block.headers() + block.rows(brackets=rng.random() < 0.3, skeleton=rng if rng.random() < 0.3 else None)
    total = block.total(rng.choice(("总分", "总分", "合计", "总 分")), grade=False)
    table.rows += block.with_side(rows, total, inside=rng.random() < 0.2)
    if facts.grade:
        table.rows.append(full(width, rng.choice(("评分等级", "自评等级", "评价等次")), grade_text(facts, rng), 2))
    if rng.random() < 0.3:
        table.rows.append(full(width, rng.choice(("其他需要说明的问题", "其他需要说明事项")), rng.choice(("无", "")), 2))
    relate(table)
    return [*title(facts, rng, ("项目支出绩效自评表", "项目绩效自评表", "财政支出项目绩效目标自评表")), *lines, table, *tail(facts, rng)]


# --- Shanghai: flat, no side label, total without a label -----------------------------------------------------------


def shanghai_options(rng: Random) -> Options:
    levels = rng.choice((L2020, (("产出指标", "50", ("数量", "质量", "时效")), ("效益指标", "40", ("社会", "持续", "满意")))))
    return vary(rng, levels=levels, grade="优/良/中/差", component_rates="zero", rate="2", point_format="fixed", unit=rng.choice(("万元", "元")), money_style="plain")


def shanghai_blocks(facts: Facts, rng: Random) -> list[Block]:
    width = 8 + rng.choice((0, 1))
    funds = fund_columns(facts, rng, ("money", "points", "rate", "score"), points="分数")
    table = Table(width, [pairs(width, [("项目名称", facts.project_name or "")], 2)])
    table.rows.append(pairs(width, [("主管部门", facts.department or ""), ("实施单位", facts.unit)], 2))
    table.rows += funding_rows(facts, width, funds, f"项目资金（{facts.options.unit}）")
    table.rows += goal_rows(facts, width, "年度总体目标", ("预期目标", "实际完成情况"))
    keys = ("l1", "l2", "l3", "target", "actual", "points", "score", "deviation")
    block = IndicatorBlock(facts, width, indicator_columns(rng, keys, points="分值", score="得分", deviation="偏差原因分析"), None)
    table.rows += block.headers() + block.rows() + [block.total("")]
    table.rows.append(full(width, "评分等级", facts.grade or "", 2))
    relate(table)
    return [Line("财政项目支出绩效自我评价表", "title"), Line(f"（{facts.options.year}年度）", "sub"), table]


# --- Yunnan: target in three columns -------------------------------------------------------------------------------


def yunnan_options(rng: Random) -> Options:
    return vary(rng, grade=rng.choice(GRADES), unit=rng.choice(("元", "万元")), unit_share=True)


def yunnan_blocks(facts: Facts, rng: Random) -> list[Block]:
    place, lines = unit_line(facts, rng)
    side = None
    keys = ("l1", "l2", "l3", "relation", "value", "unit", "actual", "points", "score", "deviation")
    funds = fund_columns(facts, rng, ("money", "points", "rate", "score"))
    width = max(10, len(funds) + 2)
    table = Table(width, heads(facts, width, rng, left=2))
    table.rows += funding_rows(facts, width, funds, side_label("项目资金", facts.options.unit, place))
    table.rows += goal_rows(facts, width, "年度总体目标", ("预期目标", "实际完成情况"))
    block = IndicatorBlock(facts, width, indicator_columns(rng, keys, value="指标值"), side)
    group = (rng.choice(("年度指标值", "年度目标值")), ("relation", "value", "unit"))
    rows = block.headers(group) if rng.random() < 0.7 else block.headers()
    table.rows += rows + block.rows(skeleton=rng if rng.random() < 0.2 else None)
    if rng.random() < 0.6:
        table.rows.append(full(width, "其他需要说明事项", "无", 2))
    table.rows.append(block.total("总分", grade=True))
    relate(table)
    code = rng.choice(("公开13表", "公开14表", "附表14"))
    above: list[Block] = [Line(f"{facts.options.year}年度项目支出绩效自评表", "title"), Line(f"部门：{facts.department}                    {code}", "note")]
    return [*above, *lines, table]


# --- Sichuan ------------------------------------------------------------------------------------------------------


def sichuan_options(rng: Random) -> Options:
    levels = (
        ("产出指标", "50", ("数量", "质量", "时效")),
        ("效益指标", "20", ("社会", "持续")),
        ("满意度指标", "10", ("满意",)),
        ("成本指标", "10", ("经济成本",)),
    )
    sources = ("其中：财政资金", "财政专户管理资金", "单位资金", "其他资金")
    return vary(rng, levels=levels, sources=sources, total_label=rng.choice(("总额", "资金总额")), component_rates=rng.choice(("all", "blank")), step=rng.choice(("0.5", "0.01", "2.5")))


def sichuan_blocks(facts: Facts, rng: Random) -> list[Block]:
    code = f"51{rng.randint(1000, 9999)}{facts.options.year % 100}R{rng.randint(10**11, 10**12)}"
    glue = rng.choice(("-", "", " "))
    if (facts.project_name or "")[:1].isdigit():
        glue = "-"
    money = {"initial": "年初预算", "annual": "调整后预算数", "executed": "预算执行数", "rate": "预算执行率", "points": "权重"}
    funds = [*fund_columns(facts, rng, ("money", "rate", "points", "score"), **money), ("note", "原因")]
    width = max(9, len(funds) + 2)
    table = Table(width, [pairs(width, [("项目名称", f"{code}{glue}{facts.project_name}")], 2)])
    table.rows.append(pairs(width, [("主管部门", facts.department or ""), ("实施单位（盖章）", facts.unit)], 2))
    place, lines = unit_line(facts, rng)
    side = side_label("预算执行情况", facts.options.unit, place)
    table.rows += funding_rows(facts, width, funds, side)
    guide = rng.choice(("", "（填写提示：按年初批复的绩效目标填写）"))
    table.rows += goal_rows(facts, width, "项目年度目标完成情况", ("项目年度目标", f"年度目标完成情况{guide}"))
    keys = rng.choice((("l1", "l2", "l3", "target", "actual", "points", "score", "deviation"), ("l1", "l2", "l3", "points", "target", "actual", "score", "deviation")))
    block = IndicatorBlock(facts, width, indicator_columns(rng, keys, points="权重", deviation="未完成原因分析"), "绩效指标")
    rows = block.headers() + block.rows(skeleton=rng)
    table.rows += block.with_side(rows, block.total("合计"), inside=False)
    if rng.random() < 0.6:
        table.rows.append(full(width, "评价结论", f"（填写提示：对自评总体情况作出说明）自评认为，{facts.goal_actual}", 2))
        table.rows.append(full(width, "存在问题", "预算编制精细化程度不够。", 2))
        table.rows.append(full(width, "改进措施", "（填写提示：针对问题逐条提出）加强预算执行监控。", 2))
    relate(table)
    return [*title(facts, rng, ("部门预算项目支出绩效自评表", "项目支出绩效自评表")), *lines, table, *tail(facts, rng)]


def sichuan_old_options(rng: Random) -> Options:
    levels = tuple((l1, "", kinds) for l1, _, kinds in (("项目完成指标", "", ("数量", "质量", "时效", "成本")), ("效益指标", "", ("社会", "持续")), ("满意度指标", "", ("满意",))))
    sources = ("其中-财政拨款：", "其它资金：")
    return vary(
        rng, levels=levels, sources=sources, columns=("annual", "executed"), rate="", execution_points=None,
        total_label="预算数：", money_style=rng.choice(("plain", "trim")), unit=rng.choice(("万元", "元")),
    )  # fmt: skip


def sichuan_old_blocks(facts: Facts, rng: Random) -> list[Block]:
    width = 8
    unit = facts.options.unit
    rows = [pairs(width, [("项目名称", facts.project_name or "")], 2), pairs(width, [("预算单位", facts.unit)], 2)]
    left = [(f.label, f.printed.get("annual", "")) for f in facts.funding]
    right = [("执行数：" if f.role == "total" else f.label, f.printed.get("executed", "")) for f in facts.funding]
    for k, ((a, b), (c, d)) in enumerate(zip(left, right, strict=True)):
        side = [Cell(f"预算执行情况({unit})", rows=len(left), head=True)] if k == 0 else []
        rows.append([*side, Cell(a, cols=2), Cell(b, cols=2, align="right"), Cell(c, cols=1), Cell(d, cols=2, align="right")])
    rows += goal_rows(facts, width, "年度目标完成情况", ("预期目标", "实际完成目标"))
    keys = ("l1", "l2", "l3", "target", "actual")
    block = IndicatorBlock(facts, width, indicator_columns(rng, keys, target="预期指标值(包含数字及文字描述)", actual="实际完成指标值(包含数字及文字描述)"), "绩效指标完成情况")
    for item in facts.indicators:
        item.deviation = ""
    rows += block.with_side(block.headers() + block.rows(), None, inside=False)
    facts.department = None
    table = Table(width, rows)
    relate(table)
    return [Line(f"{facts.options.year}年项目绩效目标自评表", "title"), table]


# --- Hubei 20 + 80 ------------------------------------------------------------------------------------------------


def hubei_options(rng: Random) -> Options:
    levels = (("产出指标", "40", ("数量", "质量", "时效", "成本")), ("效益指标", "30", ("经济", "社会")), ("满意度指标", "10", ("满意",)))
    return vary(
        rng, levels=levels, columns=("annual", "executed"), execution_points=Decimal(20), rate=rng.choice(("2%", "0%", "ratio2", "2")),
        sources=(), total_label=rng.choice(("年度财政资金总额", "资金总额")),
    )  # fmt: skip


def hubei_blocks(facts: Facts, rng: Random) -> list[Block]:
    facts.total_points = None
    for fund in facts.funding:
        fund.printed["points"] = "20"
    place, lines = unit_line(facts, rng)
    unit = f"（{facts.options.unit}）" if place == "side" else ""
    order = [("annual", "预算数（A）"), ("executed", "执行数（B）"), ("rate", "执行率（B/A）"), ("score", "得分（20分*执行率）")]
    width = 8
    rows = [pairs(width, [("项目名称", facts.project_name or "")], 2), pairs(width, [("主管部门", facts.department or ""), ("项目实施单位", facts.unit)], 2)]
    boxes = rng.choice((("☑", "□"), ("√", "□")))
    rows.append(full(width, "项目类别", f"1、部门预算项目 {boxes[0]}  2、市直专项 {boxes[1]}  3、市对下转移支付项目 {boxes[1]}", 2))
    rows.append(full(width, "项目属性", f"1、持续性项目 {boxes[0]}   2、新增性项目 {boxes[1]}", 2))
    rows.append(full(width, "项目类型", f"1、常年性项目 {boxes[1]}  2、延续性项目 {boxes[0]}  3、一次性项目 {boxes[1]}", 2))
    rows += funding_rows(facts, width, order, f"预算执行情况{unit}\n（20分）")
    keys = ("l1", "l2", "l3", "target", "actual", "score")
    block = IndicatorBlock(facts, width, indicator_columns(rng, keys, target="年初目标值（A）", actual="实际完成值（B）", score="得分"), "年度绩效目标（80分）")
    rows += block.with_side(block.headers() + block.rows(brackets=True), block.total("总分"), inside=False)
    for item in facts.indicators:
        item.points, item.deviation = None, ""
    rows.append(full(width, "偏差大或目标未完成原因分析", "无重大偏差。", 2))
    rows.append(full(width, "改进措施及结果应用方案", "继续做好预算编制。", 2))
    table = Table(width, rows)
    relate(table)
    return [*title(facts, rng, ("项目自评表", "项目绩效自评表")), *lines, table, *tail(facts, rng)]


# --- transfer payments --------------------------------------------------------------------------------------------


def transfer_options(rng: Random) -> Options:
    levels = tuple((l1, "", kinds) for l1, _, kinds in rng.choice((L2020, L2021)))
    sources = rng.choice(
        (
            ("其中：中央财政资金", "地方资金", "其他资金"),
            ("其中：中央补助", "自治区资金", "盟市资金", "旗县资金", "其他资金"),
            ("其中：中央财政资金", "省级财政资金", "市级财政资金", "县级财政资金", "其他资金"),
            ("其中：中央财政资金", "地方财政资金"),
        )
    )
    return vary(rng, kind="transfer", levels=levels, sources=sources, columns=("annual", "executed"), execution_points=None, component_rates=rng.choice(("all", "blank")))


def transfer_blocks(facts: Facts, rng: Random) -> list[Block]:
    place, lines = unit_line(facts, rng)
    width = rng.choice((7, 8))
    local = rng.random() < 0.5
    rows = [pairs(width, [("转移支付（项目）名称", facts.project_name or "")], 2)]
    if local:
        rows.append(pairs(width, [("中央主管部门", facts.department or ""), ("", "")], 2)) if rng.random() < 0.1 else rows.append(full(width, "中央主管部门", facts.department or "", 2))
        rows.append(pairs(width, [("地方主管部门", facts.place + "财政局"), ("资金使用单位", facts.unit)], 2))
    else:
        rows.append(pairs(width, [("中央主管部门", facts.department or ""), ("资金使用单位", facts.unit)], 2))
    order = [("annual", "全年预算数（A）"), ("executed", "全年执行数（B）"), ("rate", rng.choice(("预算执行率（B/A×100%)", "预算执行率（B/A）")))]
    rows += funding_rows(facts, width, order, side_label(rng.choice(("资金投入情况", "资金情况")), facts.options.unit, place))
    if rng.random() < 0.6:
        names = ("分配科学性", "下达及时性", "拨付合规性", "使用规范性", "执行准确性", "预算绩效管理情况", "支出责任履行情况")
        half = (width - 2) // 2
        top = [Cell("资金管理情况", rows=len(names) + 1, head=True), Cell("", cols=1), Cell("情况说明", cols=half, head=True), Cell("存在问题和改进措施", cols=width - 2 - half, head=True)]
        rows.append(top)
        rows += [[Cell(n, cols=1), Cell(rng.choice(("符合规定", "按要求执行", "")), cols=half), Cell(rng.choice(("无", "")), cols=width - 2 - half)] for n in names]
    rows += goal_rows(facts, width, "总体目标完成情况", ("总体目标", "全年实际完成情况"))
    keys = ("l1", "l2", "l3", "target", "actual", "deviation")
    block = IndicatorBlock(facts, width, indicator_columns(rng, keys, target="指标值", actual="全年实际完成值", deviation="未完成原因和改进措施"), rng.choice(SIDES))
    rows += block.with_side(block.headers() + block.rows(skeleton=rng if rng.random() < 0.4 else None), None, inside=False)
    rows.append(full(width, "说明", "请在此处简要说明审计和监督检查中发现的问题，没有请填无。无", 1))
    table = Table(width, rows)
    relate(table)
    above: list[Block] = [Line("附件2", "annex")] if rng.random() < 0.5 else []
    notes: list[Block] = [Line("注：1.资金使用单位按项目绩效目标填报，主管部门汇总时按区域绩效目标填报。", "note"), Line("2.其他资金包括与中央财政资金、地方财政资金共同投入到同一项目的自有资金、社会资金等。", "note")]
    return [*above, *title(facts, rng, ("中央对地方转移支付区域（项目）绩效目标自评表", "区域绩效目标自评表")), *lines, table, *(notes if rng.random() < 0.5 else [])]
