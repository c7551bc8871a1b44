"""Forms of whole units: Chongqing, Hunan with its basic data, Gansu with its tasks."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from benchmarks.corpus.forms import (
    L2020,
    Block,
    fund_columns,
    indicator_columns,
    scored_levels,
    tail,
    title,
    unit_line,
    vary,
)
from benchmarks.corpus.layout import IndicatorBlock, full, funding_rows, goal_rows, pairs, relate, side_label
from benchmarks.corpus.model import FACTORS, Cell, Facts, Indicator, Line, Options, Table, rounded


def chongqing_options(rng: Random) -> Options:
    levels = (("", "90", ("数量", "质量", "时效", "社会", "满意")),)
    return vary(
        rng,
        kind="unit",
        levels=levels,
        unit_share=True,
        columns=("initial", "annual", "executed"),
        sources=("其中：财政资金", "非财政资金"),
        money_style="plain",
    )


def chongqing_blocks(facts: Facts, rng: Random) -> list[Block]:
    place, lines = unit_line(facts, rng)
    adjusted = rng.random() < 0.5
    for item in facts.indicators:
        item.l1 = item.l2 = ""
    keys = [
        "l3",
        "unit",
        "relation",
        "value",
        *(["adjusted_value"] if adjusted else []),
        "actual",
        *(["coefficient"] if rng.random() < 0.5 else []),
    ]
    keys += ["points", "score", *(["core"] if rng.random() < 0.5 else []), "deviation"]
    words = {
        "l3": "指标名称",
        "unit": "计量单位",
        "relation": "指标性质",
        "value": "年初指标值" if adjusted else "指标值",
        "actual": "全年完成值",
    }
    words |= {
        "points": "指标权重",
        "score": "指标得分",
        "deviation": "说明",
        "coefficient": "得分系数",
        "core": "是否核心指标",
        "adjusted_value": "调整指标值",
    }
    columns = indicator_columns(rng, keys, **words)
    funds = fund_columns(
        facts,
        rng,
        ("money", "rate", "points", "score"),
        initial="年初预算数",
        annual="全年（调整）预算数",
        executed="全年执行数",
        points="执行率权重",
        score="执行率得分",
    )
    width = max(len(keys), len(funds) + 2)
    rows = [pairs(width, [("部门（单位）名称", facts.unit)], 2)]
    rows += funding_rows(facts, width, funds, side_label("部门（单位）整体支出", facts.options.unit, place))
    rows += goal_rows(facts, width, "当年整体绩效目标", ("年初绩效目标", "全年目标实际完成情况"))
    block = _Adjusted(facts, width, columns, None)
    rows += block.headers() + block.rows() + ([block.total("合计")] if rng.random() < 0.5 else [])
    if not any(cell.text == "合计" for cell in rows[-1]):
        facts.total_points = facts.total_score = None
    table = Table(width, rows)
    relate(table)
    return [
        *title(facts, rng, ("部门（单位）整体支出绩效自评表", "区级部门整体绩效自评表")),
        *lines,
        table,
        *tail(facts, rng),
    ]


class _Adjusted(IndicatorBlock):
    """A block with the adjusted target beside the initial one: they are the same here."""

    def text(self, item: Indicator, key: str) -> str:
        if key == "adjusted_value":
            return item.value
        return super().text(item, key)


def hunan_options(rng: Random) -> Options:
    return vary(
        rng,
        kind="unit",
        levels=L2020,
        sources=(),
        grade=None,
        columns=("initial", "annual", "executed"),
        money_style="plain",
        unit=rng.choice(("万元", "元")),
    )


def hunan_blocks(facts: Facts, rng: Random) -> list[Block]:
    width = 9
    funds = fund_columns(
        facts,
        rng,
        ("money", "points", "rate", "score"),
        initial="年初预算数",
        annual="全年预算数",
        executed="全年执行数",
    )
    rows = [pairs(width, [("预算单位名称", facts.unit)], 2)]
    head_rows = funding_rows(facts, width, funds, "")
    total, unit = facts.funding[0], facts.options.unit
    annual, done, places = total.exact["annual"], total.exact["executed"], facts.options.decimals
    whole, all_done = (rounded(v / FACTORS[unit], places) for v in (annual, done))
    part, spent = rounded(whole * Decimal("0.8"), places), rounded(all_done * Decimal("0.7"), places)
    left = [
        f"按收入性质分：{whole:f}",
        f"其中：一般公共预算：{part:f}",
        "政府性基金拨款：",
        "纳入专户管理的非税收入拨款：",
        f"其他资金：{whole - part:f}",
    ]
    right = [f"按支出性质分：{all_done:f}", f"其中：基本支出：{spent:f}", f"项目支出：{all_done - spent:f}", "", ""]
    head_rows[0][0] = Cell(
        f"年度预算申请（{unit}）", rows=len(head_rows) + len(left), head=True, cols=head_rows[0][0].cols
    )
    rows += head_rows
    own = width - head_rows[0][0].cols
    rows += [
        [Cell(a, cols=own // 2, align="left"), Cell(b, cols=own - own // 2, align="left")]
        for a, b in zip(left, right, strict=True)
    ]
    rows += goal_rows(facts, width, "年度总体目标", ("预期目标", "实际完成情况"))
    keys = ("l1", "l2", "l3", "target", "actual", "points", "score", "deviation")
    block = IndicatorBlock(facts, width, indicator_columns(rng, keys), "绩效指标")
    rows += block.with_side(
        block.headers() + block.rows(brackets=rng.random() < 0.7), block.total("总分"), inside=False
    )
    table = Table(width, rows)
    relate(table)
    out: list[Block] = [
        *title(facts, rng, ("部门整体支出绩效自评表", "预算单位整体支出绩效自评表")),
        table,
        *tail(facts, rng),
    ]
    if rng.random() < 0.6:
        return [Line("附件1", "annex"), *basic_table(facts, rng), Line("附件2", "annex", page_break=True), *out]
    return out


def basic_table(facts: Facts, rng: Random) -> list[Block]:
    """基础数据表: staff and costs of three years; amounts, not an evaluation."""
    year = facts.options.year
    people = rng.randint(6, 120)
    rows = [pairs(4, [("预算单位名称", facts.unit)])]
    rows += [
        [
            Cell("财政供养人员情况（人）", rows=2, head=True),
            Cell("编制数"),
            Cell(f"{year}年实际在职人数"),
            Cell("控制率"),
        ]
    ]
    rows += [[Cell(str(people)), Cell(str(people - 1)), Cell(f"{(people - 1) / people:.2%}")]]
    rows += [
        [
            Cell("经费控制情况（万元）", head=True),
            Cell(f"{year - 1}年决算数"),
            Cell(f"{year}年预算数"),
            Cell(f"{year}年决算数"),
        ]
    ]
    years = [[Decimal(rng.randint(0, 900)) / 100 for _ in range(6)] for _ in range(3)]
    sums = [
        [y[0] + y[1] + y[2] + y[3], y[0] + y[1], y[0], y[1], y[2], y[3], y[4] * 10, y[5] * 10 + y[4], y[5]]
        for y in years
    ]
    names = (
        "三公经费",
        "1、公务用车购置和维护经费",
        "其中：公车购置",
        "公车运行维护",
        "2、出国经费",
        "3、公务接待",
        "项目支出：",
        "公用经费",
        "其中：办公经费",
    )
    for k, name in enumerate(names):
        rows.append([Cell(name, align="left"), *[Cell(f"{year_sums[k]:.2f}", align="right") for year_sums in sums]])
    rows.append(full(4, "厉行节约保障措施", "严格审批程序。"))
    table = Table(4, rows)
    relate(table)
    return [Line(f"{year}年度部门整体支出绩效评价基础数据表", "title"), table]


def gansu_options(rng: Random) -> Options:
    first = scored_levels((("部门管理", "20"),), rng)
    levels = (*first, ("履职效果", "60", ("数量", "质量", "时效", "社会")), ("满意度", "10", ("满意",)))
    return vary(
        rng,
        kind="unit",
        levels=levels,
        sources=("基本支出", "项目支出"),
        total_label=rng.choice(("合计", "部门支出总额")),
        columns=("initial", "annual", "executed"),
    )


def gansu_blocks(facts: Facts, rng: Random) -> list[Block]:
    place, lines = unit_line(facts, rng)
    funds = fund_columns(facts, rng, ("money", "rate", "points", "score"))
    width = 10
    rows = [pairs(width, [("部门（单位）名称", facts.unit)], 2)]
    rows += funding_rows(facts, width, funds, side_label("部门预算执行情况", facts.options.unit, place))
    rows += goal_rows(facts, width, "年度总体目标", ("预期目标", "实际完成情况"))
    tasks = ["日常运转保障", facts.theme]
    rows.append(
        [
            Cell("年度主要任务", rows=len(tasks) + 1, head=True),
            Cell("任务名称", cols=3, head=True),
            Cell("完成情况", cols=6, head=True),
        ]
    )
    rows += [
        [Cell(name, cols=3), Cell(rng.choice(("已完成", "全面完成年度任务。")), cols=6, align="left")] for name in tasks
    ]
    keys = ("l1", "l2", "l3", "target", "actual", "points", "score", "deviation")
    block = IndicatorBlock(facts, width, indicator_columns(rng, keys), "绩效指标")
    rows += block.with_side(block.headers() + block.rows(), block.total("总分"), inside=False)
    table = Table(width, rows)
    relate(table)
    return [
        *title(facts, rng, ("部门（单位）整体支出绩效自评表", "部门整体支出绩效自评表")),
        *lines,
        table,
        *tail(facts, rng),
    ]
