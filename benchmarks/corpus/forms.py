"""What the templates share: their options, heads and titles."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from benchmarks.corpus import words as w
from benchmarks.corpus.layout import head, pairs, signature
from benchmarks.corpus.model import Cell, Facts, Line, Options, Table

Block = Line | Table


L2020 = (
    ("产出指标", "50", ("数量", "质量", "时效", "成本")),
    ("效益指标", "30", ("经济", "社会", "生态", "持续")),
    ("满意度指标", "10", ("满意",)),
)


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
    decimals = {
        "元": rng.choice((2, 2, 0)),
        "千元": 2,
        "万元": rng.choice((2, 2, 2, 2, 4, 6, 1, 0)),
        "亿元": rng.choice((4, 6)),
    }[unit]
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
        many=rng.choice((1,) * 14 + (4,)),
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
    keys = order or rng.choice(
        (("money", "points", "rate", "score"),) * 4 + (("money", "rate", "points", "score"), ("money", "rate", "score"))
    )
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
    depts, units = (
        rng.choice(("主管部门", "主管部门", "主管部门及代码", "项目主管部门")),
        rng.choice(("实施单位", "实施单位", "项目单位", "项目实施单位")),
    )
    rows = [pairs(width, [(names, name)], left)]
    style = rng.randrange(5)
    if style == 1:
        rows = [
            pairs(width, [(names, name), ("项目编码", f"53{facts.options.year}00{rng.randint(10**6, 10**7)}")], left)
        ]
    if style == 2:
        rows.append(pairs(width, [("项目负责人", ""), ("联系电话", "")], left))
    if style == 3:
        rows.append(
            pairs(
                width,
                [
                    ("项目属性", rng.choice(("延续性项目", "新增项目"))),
                    ("项目期限", f"{facts.options.year}年1月-{facts.options.year}年12月"),
                ],
                left,
            )
        )
    if style == 4 and rng.random() < 0.5:
        rows += [pairs(width, [(depts, department)], left), pairs(width, [(units, unit)], left)]
    else:
        rows.append(pairs(width, [(depts, department), (units, unit)], left))
    return rows


def indicator_columns(rng: Random, keys: Sequence[str], **words: str) -> list[tuple[str, str]]:
    return [(k, words.get(k) or head(k, rng)) for k in keys]


def scored_levels(parts: tuple[tuple[str, str], ...], rng: Random) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Levels of a score sheet: 决策 and 过程 from their own lists, 产出 and 效益 from the usual kinds."""
    out = []
    for name, points in parts:
        if name in w.SCORED:
            picked = sorted(rng.sample(range(len(w.SCORED[name])), k=min(len(w.SCORED[name]), rng.choice((3, 4)))))
            out.append((name, points, tuple("|".join(w.SCORED[name][k]) for k in picked)))
        elif name.startswith("产出"):
            out.append((name, points, ("数量", "质量", "时效")))
        else:
            out.append((name, points, ("社会", "持续", "满意")))
    return tuple(out)
