"""Score sheets: criteria, audited scores, completion rates, two columns of one name."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from benchmarks.corpus.forms import (
    GRADES,
    L2021,
    Block,
    fund_columns,
    heads,
    indicator_columns,
    scored_levels,
    tail,
    title,
    unit_line,
    vary,
)
from benchmarks.corpus.layout import (
    IndicatorBlock,
    full,
    funding_rows,
    goal_rows,
    grade_text,
    pairs,
    relate,
    side_label,
)
from benchmarks.corpus.model import Facts, Options, Table


def hunan_scores_options(rng: Random) -> Options:
    return vary(
        rng,
        kind="unit",
        levels=scored_levels((("决策", "20"), ("过程", "20"), ("产出", "30"), ("效益", "30")), rng),
        sources=(),
        columns=(),
        execution_points=None,
        rate="",
    )


def hunan_scores_blocks(facts: Facts, rng: Random) -> list[Block]:
    """Points and self score are both headed 得分 (or 分值 and 得分 with criteria between)."""
    facts.funding = []
    both = rng.random() < 0.6
    words = {
        "points": "得分" if both else "分值",
        "score": "得分" if both else "自评得分",
        "target": "目标值",
        "criteria": "评价标准",
    }
    keys = rng.choice(
        (
            ("l1", "l2", "l3", "points", "target", "actual", "score", "deviation"),
            ("l1", "l2", "l3", "points", "criteria", "target", "actual", "score"),
        )
    )
    if "deviation" not in keys:
        for item in facts.indicators:
            item.deviation = ""
    width = len(keys)
    rows = [pairs(width, [("单位名称", facts.unit)], 2)]
    block = IndicatorBlock(facts, width, indicator_columns(rng, keys, **words), None)
    total = block.total("合计")
    rows += [*block.headers(), *block.rows(), total]
    table = Table(width, rows)
    relate(table)
    return [*title(facts, rng, ("部门整体支出绩效自评表", "整体支出绩效自评评分表")), table, *tail(facts, rng)]


def jiangsu_options(rng: Random) -> Options:
    levels = scored_levels((("决策", "15"), ("过程", "15"), ("产出", "30"), ("效益", "30")), rng)
    return vary(
        rng,
        levels=levels,
        columns=rng.choice((("initial", "annual", "executed"), ("annual", "executed"))),
        sources=rng.choice((("其中：财政拨款", "其他资金"), ())),
    )


def jiangsu_blocks(facts: Facts, rng: Random) -> list[Block]:
    place, lines = unit_line(facts, rng)
    keys = rng.choice(
        (
            ("l1", "l2", "l3", "points", "criteria", "target", "actual", "score", "deviation"),
            ("l1", "l2", "l3", "target", "points", "criteria", "actual", "score"),
            ("l1", "l2", "l3", "points", "target", "actual", "criteria", "score"),
        )
    )
    if "deviation" not in keys:
        for item in facts.indicators:
            item.deviation = ""
    funds = fund_columns(facts, rng)
    width = max(len(keys), len(funds) + 2)
    rows = heads(facts, width, rng, 2)
    rows += funding_rows(facts, width, funds, side_label("项目资金", facts.options.unit, place))
    rows += goal_rows(facts, width, "年度绩效目标", ("年初设定目标", "目标完成情况"))
    block = IndicatorBlock(facts, width, indicator_columns(rng, keys), None)
    rows += [*block.headers(), *block.rows(brackets=rng.random() < 0.3), block.total(rng.choice(("总分", "合计")))]
    table = Table(width, rows)
    relate(table)
    return [*title(facts, rng, ("项目支出绩效自评表", "财政专项资金绩效自评价表")), *lines, table, *tail(facts, rng)]


def ningxia_options(rng: Random) -> Options:
    levels = scored_levels((("决策", "20"), ("管理", "25"), ("产出", "25"), ("效益", "30")), rng)
    return vary(
        rng,
        levels=levels,
        sources=("其中：财政拨款", "其他资金"),
        columns=("annual", "arrived", "executed"),
        execution_points=None,
        rate="",
    )


def ningxia_blocks(facts: Facts, rng: Random) -> list[Block]:
    place, lines = unit_line(facts, rng)
    keys = ("l1", "l2", "l3", "points", "target", "actual", "score", "audited", "deviation")
    words = {
        "points": "分值",
        "score": "自评得分",
        "audited": rng.choice(("财政审核评分", "主管部门复核得分")),
        "target": "目标值",
        "actual": "完成值",
        "deviation": "扣分原因",
    }
    block = IndicatorBlock(facts, 9, indicator_columns(rng, keys, **words), None)
    rows = heads(facts, 9, rng, 2)
    funds = fund_columns(facts, rng, ("money",))
    rows += funding_rows(facts, 9, funds, side_label("资金情况", facts.options.unit, place))
    rows += [*block.headers(), *block.rows(), block.total("合计")]
    table = Table(9, rows)
    relate(table)
    return [*title(facts, rng, ("项目支出绩效自评打分表", "项目支出绩效自评表")), *lines, table, *tail(facts, rng)]


def guangdong_options(rng: Random) -> Options:
    levels = (("产出指标", "45", ("数量", "质量", "时效", "成本")), ("效益指标", "35", ("社会", "持续", "满意")))
    return vary(
        rng,
        levels=levels,
        execution_points=Decimal(20),
        columns=rng.choice((("annual", "executed"), ("annual", "arrived", "executed"))),
        sources=rng.choice((("其中：省级资金", "市级资金", "县区资金"), ("财政拨款", "自筹资金"))),
        grade=rng.choice((None, "优/良/中/差")),
    )


def guangdong_blocks(facts: Facts, rng: Random) -> list[Block]:
    place, lines = unit_line(facts, rng)
    funds = fund_columns(facts, rng, ("money", "rate", "points", "score"))
    keys = ("seq", "l1", "l2", "l3", "target", "actual", "done_rate", "points", "score", "deviation", "evidence")
    words = {"seq": "序号", "done_rate": "完成率", "evidence": "佐证材料"}
    width = max(len(keys), len(funds) + 2)
    rows = heads(facts, width, rng, 2)
    if facts.grade:
        rows.append(pairs(width, [("自评得分", facts.total_score or ""), ("自评等级", facts.grade)], 2))
    rows += funding_rows(facts, width, funds, side_label("资金情况", facts.options.unit, place))
    block = IndicatorBlock(facts, width, indicator_columns(rng, keys, **words), None)
    rows += [*block.headers(), *block.rows(), block.total("合计")]
    table = Table(width, rows)
    relate(table)
    return [*title(facts, rng, ("项目支出绩效自评表", "财政支出绩效自评表")), *lines, table, *tail(facts, rng)]


def anhui_options(rng: Random) -> Options:
    return vary(
        rng,
        levels=L2021,
        columns=("annual", "executed"),
        sources=rng.choice((("1.财政拨款", "2.其他资金"), ("（1）中央资金", "（2）省级资金", "（3）市县资金"))),
        grade=rng.choice(GRADES),
    )


def anhui_blocks(facts: Facts, rng: Random) -> list[Block]:
    """Levels without level 2, grade and total in one line at the end."""
    place, lines = unit_line(facts, rng)
    funds = fund_columns(facts, rng)
    keys = ("l1", "l3", "target", "actual", "points", "score", "deviation")
    for item in facts.indicators:
        item.l2 = ""
    width = max(len(keys), len(funds) + 2)
    rows = heads(facts, width, rng, 2)
    rows += funding_rows(facts, width, funds, side_label("预算执行情况", facts.options.unit, place))
    rows += goal_rows(facts, width, "总体目标", ("年度目标", "完成情况"))
    block = IndicatorBlock(facts, width, indicator_columns(rng, keys, l3="指标名称"), None)
    rows += [*block.headers(), *block.rows(brackets=rng.random() < 0.5), block.total("总分")]
    rows.append(full(width, "评价等级", grade_text(facts, rng), 2))
    table = Table(width, rows)
    relate(table)
    return [*title(facts, rng, ("项目支出绩效自评表",)), *lines, table, *tail(facts, rng)]
