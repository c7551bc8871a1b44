"""Project forms: the national one and those of single provinces."""

from __future__ import annotations

from random import Random

from benchmarks.corpus.forms import (
    GRADES,
    L2020,
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
    FUND_SIDES,
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


def national_options(rng: Random) -> Options:
    columns = rng.choice(
        (("initial", "annual", "executed"),) * 3
        + (("annual", "executed"), ("initial", "annual", "arrived", "executed"))
    )
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
        words = rng.choice(
            (("预期目标", "实际完成情况"), ("年初设定目标", "全年实际完成情况"), ("年度预期目标", "目标实际完成情况"))
        )
        table.rows += goal_rows(facts, width, rng.choice(("年度总体目标", "年度\n总体\n目标", "年度绩效目标")), words)
    block = IndicatorBlock(facts, width, columns, side)
    rows = block.headers() + block.rows(brackets=rng.random() < 0.3, skeleton=rng if rng.random() < 0.3 else None)
    total = block.total(rng.choice(("总分", "总分", "合计", "总 分")), grade=False)
    table.rows += block.with_side(rows, total, inside=rng.random() < 0.2)
    if facts.grade:
        table.rows.append(full(width, rng.choice(("评分等级", "自评等级", "评价等次")), grade_text(facts, rng), 2))
    if rng.random() < 0.3:
        table.rows.append(
            full(width, rng.choice(("其他需要说明的问题", "其他需要说明事项")), rng.choice(("无", "")), 2)
        )
    relate(table)
    return [
        *title(facts, rng, ("项目支出绩效自评表", "项目绩效自评表", "财政支出项目绩效目标自评表")),
        *lines,
        table,
        *tail(facts, rng),
    ]


def shanghai_options(rng: Random) -> Options:
    levels = rng.choice(
        (L2020, (("产出指标", "50", ("数量", "质量", "时效")), ("效益指标", "40", ("社会", "持续", "满意"))))
    )
    return vary(
        rng,
        levels=levels,
        grade="优/良/中/差",
        component_rates="zero",
        rate="2",
        point_format="fixed",
        unit=rng.choice(("万元", "元")),
        money_style="plain",
    )


def shanghai_blocks(facts: Facts, rng: Random) -> list[Block]:
    width = 8 + rng.choice((0, 1))
    funds = fund_columns(facts, rng, ("money", "points", "rate", "score"), points="分数")
    table = Table(width, [pairs(width, [("项目名称", facts.project_name or "")], 2)])
    table.rows.append(pairs(width, [("主管部门", facts.department or ""), ("实施单位", facts.unit)], 2))
    table.rows += funding_rows(facts, width, funds, f"项目资金（{facts.options.unit}）")
    table.rows += goal_rows(facts, width, "年度总体目标", ("预期目标", "实际完成情况"))
    keys = ("l1", "l2", "l3", "target", "actual", "points", "score", "deviation")
    block = IndicatorBlock(
        facts, width, indicator_columns(rng, keys, points="分值", score="得分", deviation="偏差原因分析"), None
    )
    table.rows += block.headers() + block.rows() + [block.total("")]
    table.rows.append(full(width, "评分等级", facts.grade or "", 2))
    relate(table)
    return [Line("财政项目支出绩效自我评价表", "title"), Line(f"（{facts.options.year}年度）", "sub"), table]


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
    above: list[Block] = [
        Line(f"{facts.options.year}年度项目支出绩效自评表", "title"),
        Line(f"部门：{facts.department}                    {code}", "note"),
    ]
    return [*above, *lines, table]


def sichuan_options(rng: Random) -> Options:
    levels = (
        ("产出指标", "50", ("数量", "质量", "时效")),
        ("效益指标", "20", ("社会", "持续")),
        ("满意度指标", "10", ("满意",)),
        ("成本指标", "10", ("经济成本",)),
    )
    sources = ("其中：财政资金", "财政专户管理资金", "单位资金", "其他资金")
    return vary(
        rng,
        levels=levels,
        sources=sources,
        total_label=rng.choice(("总额", "资金总额")),
        component_rates=rng.choice(("all", "blank")),
        step=rng.choice(("0.5", "0.01", "2.5")),
    )


def sichuan_blocks(facts: Facts, rng: Random) -> list[Block]:
    code = f"51{rng.randint(1000, 9999)}{facts.options.year % 100}R{rng.randint(10**11, 10**12)}"
    glue = rng.choice(("-", "", " "))
    if (facts.project_name or "")[:1].isdigit():
        glue = "-"
    money = {
        "initial": "年初预算",
        "annual": "调整后预算数",
        "executed": "预算执行数",
        "rate": "预算执行率",
        "points": "权重",
    }
    funds = [*fund_columns(facts, rng, ("money", "rate", "points", "score"), **money), ("note", "原因")]
    width = max(9, len(funds) + 2)
    table = Table(width, [pairs(width, [("项目名称", f"{code}{glue}{facts.project_name}")], 2)])
    table.rows.append(pairs(width, [("主管部门", facts.department or ""), ("实施单位（盖章）", facts.unit)], 2))
    place, lines = unit_line(facts, rng)
    side = side_label("预算执行情况", facts.options.unit, place)
    table.rows += funding_rows(facts, width, funds, side)
    guide = rng.choice(("", "（填写提示：按年初批复的绩效目标填写）"))
    table.rows += goal_rows(facts, width, "项目年度目标完成情况", ("项目年度目标", f"年度目标完成情况{guide}"))
    keys = rng.choice(
        (
            ("l1", "l2", "l3", "target", "actual", "points", "score", "deviation"),
            ("l1", "l2", "l3", "points", "target", "actual", "score", "deviation"),
        )
    )
    block = IndicatorBlock(
        facts, width, indicator_columns(rng, keys, points="权重", deviation="未完成原因分析"), "绩效指标"
    )
    rows = block.headers() + block.rows(skeleton=rng)
    table.rows += block.with_side(rows, block.total("合计"), inside=False)
    if rng.random() < 0.6:
        table.rows.append(
            full(width, "评价结论", f"（填写提示：对自评总体情况作出说明）自评认为，{facts.goal_actual}", 2)
        )
        table.rows.append(full(width, "存在问题", "预算编制精细化程度不够。", 2))
        table.rows.append(full(width, "改进措施", "（填写提示：针对问题逐条提出）加强预算执行监控。", 2))
    relate(table)
    return [*title(facts, rng, ("部门预算项目支出绩效自评表", "项目支出绩效自评表")), *lines, table, *tail(facts, rng)]


def sichuan_old_options(rng: Random) -> Options:
    levels = tuple(
        (l1, "", kinds)
        for l1, _, kinds in (
            ("项目完成指标", "", ("数量", "质量", "时效", "成本")),
            ("效益指标", "", ("社会", "持续")),
            ("满意度指标", "", ("满意",)),
        )
    )
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
        rows.append(
            [*side, Cell(a, cols=2), Cell(b, cols=2, align="right"), Cell(c, cols=1), Cell(d, cols=2, align="right")]
        )
    rows += goal_rows(facts, width, "年度目标完成情况", ("预期目标", "实际完成目标"))
    keys = ("l1", "l2", "l3", "target", "actual")
    block = IndicatorBlock(
        facts,
        width,
        indicator_columns(
            rng, keys, target="预期指标值(包含数字及文字描述)", actual="实际完成指标值(包含数字及文字描述)"
        ),
        "绩效指标完成情况",
    )
    for item in facts.indicators:
        item.deviation = ""
    rows += block.with_side(block.headers() + block.rows(), None, inside=False)
    facts.department = None
    table = Table(width, rows)
    relate(table)
    return [Line(f"{facts.options.year}年项目绩效目标自评表", "title"), table]


def beijing_options(rng: Random) -> Options:
    return vary(
        rng,
        sources=("其中：当年财政拨款", "上年结转资金", "其他资金"),
        total_label="年度资金总额",
        columns=("initial", "annual", "executed"),
        unit="万元",
        decimals=rng.choice((2, 6)),
        step="0.5",
    )


def beijing_blocks(facts: Facts, rng: Random) -> list[Block]:
    place, lines = unit_line(facts, rng)
    funds = fund_columns(
        facts,
        rng,
        ("money", "points", "rate", "score"),
        initial="年初预算数",
        annual="全年预算数",
        executed="全年执行数",
    )
    width = 10
    rows = [
        pairs(width, [("项目名称", facts.project_name or "")], 2),
        pairs(width, [("主管部门", facts.department or ""), ("实施单位", facts.unit)], 2),
    ]
    rows.append(pairs(width, [("项目负责人", ""), ("联系电话", "")], 2))
    rows += funding_rows(facts, width, funds, side_label("项目资金", facts.options.unit, place))
    rows += goal_rows(facts, width, "年度总体目标", ("预期目标", "实际完成情况"))
    keys = ("l1", "l2", "l3", "target", "actual", "points", "score", "deviation")
    words = {
        "target": "年度指标值",
        "actual": "实际完成值",
        "points": "分值",
        "score": "得分",
        "deviation": "偏差原因分析及改进措施",
    }
    block = IndicatorBlock(facts, width, indicator_columns(rng, keys, **words), "绩\n效\n指\n标")
    rows += block.with_side(block.headers() + block.rows(), block.total("总分"), inside=False)
    table = Table(width, rows)
    relate(table)
    return [
        Line("项目支出绩效自评表", "title"),
        Line(f"（ {facts.options.year} 年度）", "sub"),
        *lines,
        table,
        *tail(facts, rng),
    ]
