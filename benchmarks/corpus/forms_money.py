"""Forms with a money block of their own: Hubei, transfer payments, Zhejiang, separate tables, flat lists."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from benchmarks.corpus.facts import money
from benchmarks.corpus.forms import (
    GRADES,
    L2020,
    L2021,
    Block,
    fund_columns,
    heads,
    indicator_columns,
    tail,
    title,
    unit_line,
    vary,
)
from benchmarks.corpus.layout import (
    SIDES,
    IndicatorBlock,
    full,
    funding_rows,
    goal_rows,
    grade_text,
    pairs,
    relate,
    side_label,
)
from benchmarks.corpus.model import Cell, Facts, Line, Options, Table


def hubei_options(rng: Random) -> Options:
    levels = (
        ("产出指标", "40", ("数量", "质量", "时效", "成本")),
        ("效益指标", "30", ("经济", "社会")),
        ("满意度指标", "10", ("满意",)),
    )
    return vary(
        rng, levels=levels, columns=("annual", "executed"), execution_points=Decimal(20),
        rate=rng.choice(("2%", "0%", "ratio2", "2")),
        sources=(), total_label=rng.choice(("年度财政资金总额", "资金总额")),
    )  # fmt: skip


def hubei_blocks(facts: Facts, rng: Random) -> list[Block]:
    facts.total_points = None
    for fund in facts.funding:
        fund.printed["points"] = "20"
    place, lines = unit_line(facts, rng)
    unit = f"（{facts.options.unit}）" if place == "side" else ""
    order = [
        ("annual", "预算数（A）"),
        ("executed", "执行数（B）"),
        ("rate", "执行率（B/A）"),
        ("score", "得分（20分*执行率）"),
    ]
    width = 8
    rows = [
        pairs(width, [("项目名称", facts.project_name or "")], 2),
        pairs(width, [("主管部门", facts.department or ""), ("项目实施单位", facts.unit)], 2),
    ]
    boxes = rng.choice((("☑", "□"), ("√", "□")))
    rows.append(
        full(
            width,
            "项目类别",
            f"1、部门预算项目 {boxes[0]}  2、市直专项 {boxes[1]}  3、市对下转移支付项目 {boxes[1]}",
            2,
        )
    )
    rows.append(full(width, "项目属性", f"1、持续性项目 {boxes[0]}   2、新增性项目 {boxes[1]}", 2))
    rows.append(
        full(width, "项目类型", f"1、常年性项目 {boxes[1]}  2、延续性项目 {boxes[0]}  3、一次性项目 {boxes[1]}", 2)
    )
    rows += funding_rows(facts, width, order, f"预算执行情况{unit}\n（20分）")
    keys = ("l1", "l2", "l3", "target", "actual", "score")
    block = IndicatorBlock(
        facts,
        width,
        indicator_columns(rng, keys, target="年初目标值（A）", actual="实际完成值（B）", score="得分"),
        "年度绩效目标（80分）",
    )
    rows += block.with_side(block.headers() + block.rows(brackets=True), block.total("总分"), inside=False)
    for item in facts.indicators:
        item.points, item.deviation = None, ""
    rows.append(full(width, "偏差大或目标未完成原因分析", "无重大偏差。", 2))
    rows.append(full(width, "改进措施及结果应用方案", "继续做好预算编制。", 2))
    table = Table(width, rows)
    relate(table)
    return [*title(facts, rng, ("项目自评表", "项目绩效自评表")), *lines, table, *tail(facts, rng)]


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
    return vary(
        rng,
        kind="transfer",
        levels=levels,
        sources=sources,
        columns=("annual", "executed"),
        execution_points=None,
        component_rates=rng.choice(("all", "blank")),
    )


def transfer_blocks(facts: Facts, rng: Random) -> list[Block]:
    place, lines = unit_line(facts, rng)
    width = rng.choice((7, 8))
    local = rng.random() < 0.5
    rows = [pairs(width, [("转移支付（项目）名称", facts.project_name or "")], 2)]
    if local:
        rows.append(
            pairs(width, [("中央主管部门", facts.department or ""), ("", "")], 2)
        ) if rng.random() < 0.1 else rows.append(full(width, "中央主管部门", facts.department or "", 2))
        rows.append(pairs(width, [("地方主管部门", facts.place + "财政局"), ("资金使用单位", facts.unit)], 2))
    else:
        rows.append(pairs(width, [("中央主管部门", facts.department or ""), ("资金使用单位", facts.unit)], 2))
    order = [
        ("annual", "全年预算数（A）"),
        ("executed", "全年执行数（B）"),
        ("rate", rng.choice(("预算执行率（B/A×100%)", "预算执行率（B/A）"))),
    ]
    rows += funding_rows(
        facts, width, order, side_label(rng.choice(("资金投入情况", "资金情况")), facts.options.unit, place)
    )
    if rng.random() < 0.6:
        names = (
            "分配科学性",
            "下达及时性",
            "拨付合规性",
            "使用规范性",
            "执行准确性",
            "预算绩效管理情况",
            "支出责任履行情况",
        )
        half = (width - 2) // 2
        top = [
            Cell("资金管理情况", rows=len(names) + 1, head=True),
            Cell("", cols=1),
            Cell("情况说明", cols=half, head=True),
            Cell("存在问题和改进措施", cols=width - 2 - half, head=True),
        ]
        rows.append(top)
        rows += [
            [
                Cell(n, cols=1),
                Cell(rng.choice(("符合规定", "按要求执行", "")), cols=half),
                Cell(rng.choice(("无", "")), cols=width - 2 - half),
            ]
            for n in names
        ]
    rows += goal_rows(facts, width, "总体目标完成情况", ("总体目标", "全年实际完成情况"))
    keys = ("l1", "l2", "l3", "target", "actual", "deviation")
    block = IndicatorBlock(
        facts,
        width,
        indicator_columns(rng, keys, target="指标值", actual="全年实际完成值", deviation="未完成原因和改进措施"),
        rng.choice(SIDES),
    )
    rows += block.with_side(
        block.headers() + block.rows(skeleton=rng if rng.random() < 0.4 else None), None, inside=False
    )
    rows.append(full(width, "说明", "请在此处简要说明审计和监督检查中发现的问题，没有请填无。无", 1))
    table = Table(width, rows)
    relate(table)
    above: list[Block] = [Line("附件2", "annex")] if rng.random() < 0.5 else []
    notes: list[Block] = [
        Line("注：1.资金使用单位按项目绩效目标填报，主管部门汇总时按区域绩效目标填报。", "note"),
        Line("2.其他资金包括与中央财政资金、地方财政资金共同投入到同一项目的自有资金、社会资金等。", "note"),
    ]
    return [
        *above,
        *title(facts, rng, ("中央对地方转移支付区域（项目）绩效目标自评表", "区域绩效目标自评表")),
        *lines,
        table,
        *(notes if rng.random() < 0.5 else []),
    ]


def zhejiang_options(rng: Random) -> Options:
    levels = tuple(
        (l1, p, k)
        for l1, p, k in (
            ("产出指标", "60", ("数量", "质量", "时效")),
            ("效益指标", "30", ("社会", "持续")),
            ("满意度指标", "10", ("满意",)),
        )
    )
    sources = rng.choice(
        (
            ("其中：中央资金", "省级资金", "市级资金", "县级资金", "其他资金"),
            ("上级财政资金", "本级财政资金", "其他资金"),
        )
    )
    return vary(
        rng,
        levels=levels,
        sources=sources,
        columns=("initial", "arrived"),
        execution_points=None,
        rate="",
        total_label="合计",
        grade=rng.choice((None, "优/良/中/差")),
    )


def zhejiang_blocks(facts: Facts, rng: Random) -> list[Block]:
    place, lines = unit_line(facts, rng)
    unit = f"（{facts.options.unit}）" if place == "side" else ""
    order = [("initial", f"计划安排资金{unit}"), ("arrived", f"实际到位资金{unit}")]
    width = 8
    rows = heads(facts, width, rng, 2)
    rows += funding_rows(facts, width, order, rng.choice(("资金来源", "项目资金")), "资金来源")
    parts = [("设备购置", Decimal("0.4")), ("劳务支出", Decimal("0.35")), ("其他支出", Decimal("0.25"))]
    total = facts.funding[0].exact["initial"]
    rows.append(
        [
            Cell("支出情况", rows=5, head=True),
            Cell("支出内容", cols=3, head=True),
            Cell(f"计划支出数{unit}", cols=2, head=True),
            Cell(f"实际支出数{unit}", cols=2, head=True),
        ]
    )
    planned = [money(total * share, facts.options, rng) for _, share in parts]
    arrived = facts.funding[0].exact["arrived"]
    spent = [money(arrived * share, facts.options, rng) for _, share in parts]
    for (name, _), plan, done in zip(parts, planned, spent, strict=True):
        rows.append(
            [Cell(name, cols=3, align="left"), Cell(plan, cols=2, align="right"), Cell(done, cols=2, align="right")]
        )
    sums = [money(value, facts.options, rng) for value in (total, arrived)]
    rows.append([Cell("支出合计", cols=3), *[Cell(text, cols=2, align="right") for text in sums]])
    block = IndicatorBlock(
        facts,
        width,
        indicator_columns(rng, ("l1", "l2", "l3", "target", "actual", "points", "score", "deviation")),
        None,
    )
    rows += [*block.headers(), *block.rows(), block.total("总分")]
    if facts.grade:
        rows.append(full(width, "自评结论", grade_text(facts, rng), 2))
    table = Table(width, rows)
    relate(table)
    return [*title(facts, rng, ("项目支出绩效自评表", "预算项目绩效自评表")), *lines, table, *tail(facts, rng)]


def shandong_options(rng: Random) -> Options:
    return vary(
        rng,
        levels=rng.choice((L2020, L2021)),
        columns=("initial", "annual", "executed"),
        grade=rng.choice((None, *GRADES)),
        blank="-",
        rate=rng.choice(("2%", "ratio4", "1%")),
    )


def shandong_blocks(facts: Facts, rng: Random) -> list[Block]:
    """Separate tables for head, money and indicators."""
    place, lines = unit_line(facts, rng)
    funds = fund_columns(facts, rng)
    first = Table(6, heads(facts, 6, rng, 1))
    unit = facts.options.unit
    second = Table(len(funds) + 1, funding_rows(facts, len(funds) + 1, funds, None, "资金性质"))
    keys = ("l1", "l2", "l3", "target", "actual", "points", "score", "deviation")
    block = IndicatorBlock(facts, len(keys), indicator_columns(rng, keys), None)
    third = Table(len(keys), [*block.headers(), *block.rows(), block.total("合计")])
    if facts.grade:
        third.rows.append(full(len(keys), "自评等级", grade_text(facts, rng), 2))
    for table in (first, second, third):
        relate(table)
    money: list[Block] = [
        Line("一、预算执行情况" + (f"（单位：{unit}）" if place == "side" else ""), "heading"),
        *lines,
        second,
    ]
    return [
        *title(facts, rng, ("项目支出绩效自评表",)),
        first,
        *money,
        Line("二、绩效指标完成情况", "heading"),
        third,
        *tail(facts, rng),
    ]


def flatlist_options(rng: Random) -> Options:
    return vary(
        rng,
        levels=(("", "100", ("数量", "质量", "时效", "社会", "满意")),),
        columns=("annual", "executed"),
        sources=(),
        execution_points=None,
        unit="万元",
    )


def flatlist_blocks(facts: Facts, rng: Random) -> list[Block]:
    """A flat list with the money in one row of labels and values."""
    for item in facts.indicators:
        item.l1 = item.l2 = ""
    fund = facts.funding[0]
    fund.label = "预算数"
    keys = ("seq", "l3", "target", "actual", "points", "score", "deviation")
    block = IndicatorBlock(
        facts,
        7,
        indicator_columns(rng, keys, seq="序号", l3=rng.choice(("指标名称", "绩效指标名称")), deviation="备注"),
        None,
    )
    rows = [
        pairs(7, [("项目名称", facts.project_name or "")]),
        pairs(7, [("主管部门", facts.department or ""), ("实施单位", facts.unit)]),
    ]
    unit = facts.options.unit if facts.options.money_style != "unit" else ""
    tag = f"（{unit}）" if unit else ""
    rows.append(
        [
            Cell(f"预算数{tag}", head=True),
            Cell(fund.printed["annual"]),
            Cell(f"执行数{tag}", head=True),
            Cell(fund.printed["executed"], cols=2),
            Cell("执行率", head=True),
            Cell(fund.printed["rate"]),
        ]
    )
    rows += [*block.headers(), *block.rows(), block.total("合计")]
    table = Table(7, rows)
    relate(table)
    return [*title(facts, rng, ("项目绩效自评表", "项目支出绩效自评表")), table, *tail(facts, rng)]


def henan_options(rng: Random) -> Options:
    base = rng.choice((L2020, L2021))
    levels = (("预算执行", "10", ("执行",)), *base)
    return vary(
        rng,
        levels=levels,
        execution_points=None,
        columns=rng.choice((("initial", "annual", "executed"), ("annual", "executed"))),
        grade=rng.choice((None, *GRADES)),
    )


def henan_blocks(facts: Facts, rng: Random) -> list[Block]:
    place, lines = unit_line(facts, rng)
    funds = fund_columns(facts, rng, ("money", "rate"))
    keys = ("l1", "l2", "l3", "points", "target", "actual", "score", "deviation")
    side = rng.choice((None, "绩效指标"))
    width = max(len(keys) + (side is not None), len(funds) + 2)
    rows = heads(facts, width, rng, 2)
    rows += funding_rows(facts, width, funds, side_label("资金情况", facts.options.unit, place))
    rows += goal_rows(facts, width, "年度目标", ("年初设定目标", "年度总体目标完成情况综述"))
    block = IndicatorBlock(facts, width, indicator_columns(rng, keys), side)
    rows += block.with_side(block.headers() + block.rows(brackets=rng.random() < 0.4), None, inside=False)
    scored = [("自评得分", facts.total_score or ""), *([("自评等级", facts.grade)] if facts.grade else [])]
    rows.append(pairs(width, scored, 2))
    facts.total_points = None
    table = Table(width, rows)
    relate(table)
    return [*title(facts, rng, ("项目支出绩效自评表", "预算项目绩效自评表")), *lines, table, *tail(facts, rng)]
