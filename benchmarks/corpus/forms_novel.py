"""A form no county prints yet: names above the table or glued to their labels, other headers, orders and totals."""

from __future__ import annotations

from random import Random

from benchmarks.corpus.forms import GRADES, L2020, L2021, Block, title, vary
from benchmarks.corpus.layout import SIDES, IndicatorBlock, funding_rows, goal_rows, pairs, relate, signature
from benchmarks.corpus.model import Cell, Facts, Line, Options, Table

DIGITS = str.maketrans("0123456789", "〇一二三四五六七八九")
KEYS = ("initial", "annual", "executed", "rate", "points", "score")
LETTERS = tuple(
    dict(zip(KEYS, line.split("|"), strict=True))
    for line in (
        "年初预算①|调整后预算②|实际支出③|执行率④=③/②|分值⑤|得分⑥=④×⑤",
        "批复预算金额|年度预算金额（A）|执行金额（B）|支出进度（B/A）|满分值|自评得分",
        "期初预算|年度最终预算数|全年实际支出数|预算支出率|权重（分）|评价得分",
        "年初安排|全年安排|全年支出|支出比例|标准分值|自评分值",
    )
)
UNITS = ("计量单位：{}", "单位：人民币{}", "金额单位：{}（保留两位小数）", "（单位：{}）")


def novel_options(rng: Random) -> Options:
    columns = rng.choice((("initial", "annual", "executed"), ("annual", "executed")))
    return vary(
        rng, levels=rng.choice((L2020, L2021)), columns=columns, grade=rng.choice((None, *GRADES)), money_style="plain"
    )


def novel_blocks(facts: Facts, rng: Random) -> list[Block]:
    """Each part of the form takes one of its shapes by the seed."""
    words = rng.choice(LETTERS)
    out = title(facts, rng, ("项目支出绩效自评表", "绩效自评表"))
    if rng.random() < 0.3:
        out = [Line(f"{str(facts.options.year).translate(DIGITS)}年度项目支出绩效自评表", "title")]
    order = ["target", "actual", "points", "score", "deviation"]
    rng.shuffle(order)
    keys = ["l1", "l2", "l3", *order]
    side = rng.choice((None, *SIDES))
    width = max(len(keys) + (side is not None), 9)
    table = Table(width)
    names = [("项目名称", facts.project_name or ""), ("主管部门", facts.department or ""), ("实施单位", facts.unit)]
    shape = rng.choice(("lines", "glued", "pairs"))
    if shape == "lines":
        out += [Line(f"{label}：{value}", "note") for label, value in names]
    elif shape == "glued":
        table.rows.append([Cell(f"项目名称：{facts.project_name}", cols=width, align="left")])
        left = width // 2
        texts = [f"{label}：{value}" for label, value in names[1:]]
        table.rows.append([Cell(texts[0], cols=left, align="left"), Cell(texts[1], cols=width - left, align="left")])
    else:
        table.rows += [pairs(width, names[:1], 2), pairs(width, names[1:], 2)]
    out.append(Line(rng.choice(UNITS).format(facts.options.unit), "unit"))
    printed = facts.funding[0].printed
    columns = [(k, words[k]) for k in (*facts.options.columns, "rate", "points", "score") if k in printed]
    if rng.random() < 0.35:
        table.rows += _grouped(facts, width, columns)
    else:
        table.rows += funding_rows(
            facts, width, columns, rng.choice(("资金情况", "资金投入和使用情况", "预算资金")), "资金构成"
        )
    table.rows += goal_rows(
        facts, width, "绩效目标", rng.choice((("年初绩效目标", "年末完成情况"), ("设定目标", "完成情况")))
    )
    heads = {
        "l1": "一级指标",
        "l2": "二级指标",
        "l3": "三级指标",
        "points": words["points"].rstrip("⑤"),
        "score": words["score"].split("⑥")[0],
    }
    heads |= rng.choice(
        (
            {"target": "绩效目标值", "actual": "年末完成值", "deviation": "偏差情况说明"},
            {"target": "年初绩效指标值", "actual": "全年实际值", "deviation": "未完成原因及整改措施"},
            {"target": "目标值（C）", "actual": "完成值（D）", "deviation": "自评说明"},
        )
    )
    block = IndicatorBlock(facts, width, [(k, heads[k]) for k in keys], side)
    line = rng.random() < 0.35
    total = None if line else block.total(rng.choice(("合计得分", "总分", "自评总分", "合  计")))
    table.rows += block.with_side(block.headers() + block.rows(brackets=rng.random() < 0.3), total, inside=False)
    relate(table)
    out.append(table)
    if line:
        grade = f"    自评等级：{facts.grade}" if facts.grade else ""
        out.append(Line(f"自评总得分：{facts.total_score}分{grade}", "note"))
        facts.total_points = None
    else:
        facts.grade = None
    return [*out, Line(signature(facts, rng), "note")]


def _grouped(facts: Facts, width: int, columns: list[tuple[str, str]]) -> list[list[Cell]]:
    """The funding block below a two-row header: 预算及执行 over the money, 评分 over points, rate and score."""
    rows = funding_rows(facts, width, columns, "资金情况", "资金构成")
    top, label, *rest = rows[0]
    money = len(facts.options.columns)
    first, last = sum(c.cols for c in rest[:money]), sum(c.cols for c in rest[money:])
    top.rows += 1
    label.rows = 2
    groups = [Cell("预算及执行", cols=first, head=True), Cell("评分", cols=last, head=True)]
    return [[top, label, *groups], rest, *rows[1:]]
