"""Documents out of templates: several forms, annex lines, covers, prose, unfilled and foreign forms."""

from __future__ import annotations

import copy
from decimal import Decimal
from random import Random

from benchmarks.corpus import words as w
from benchmarks.corpus.errors import contradictions, plant
from benchmarks.corpus.facts import make
from benchmarks.corpus.forms import Block, Template
from benchmarks.corpus.layout import full, pairs, relate
from benchmarks.corpus.model import Cell, Document, Facts, Line, Table, truth_of
from benchmarks.corpus.templates import TEMPLATES

FOREIGN_TITLES = (
    "财政重点绩效评价项目评分表",
    "第三方机构绩效评价指标体系及得分表",
    "项目支出绩效运行监控表",
    "财政局对部门绩效自评的抽查复核评分表",
)


def document(index: int, seed: int, formats: tuple[str, ...], templates: tuple[Template, ...] = TEMPLATES) -> Document:
    """The `index`-th document of a corpus; the same for the same seed and templates."""
    rng = Random(f"{seed}-{index}")
    template = templates[index % len(templates)]
    planted = (0, 1, 0, 2, 1)[(index // len(templates) + index) % 5]
    blocks, facts = form(template, rng, planted)
    truth = [truth_of(facts)]
    if rng.random() < 0.15:
        blocks = cover(facts, rng) + blocks
    if rng.random() < 0.2:
        blocks = [Line(rng.choice(("附件1", "附件1：", "附 2", "附表3")), "annex"), *blocks]
    if rng.random() < 0.2:
        blocks += prose(facts, rng)
    broad = max((b.width for b in blocks if isinstance(b, Table)), default=0) > 9 and rng.random() < 0.6
    several = template.name == "shanghai" or rng.random() < 0.15
    for _ in range(rng.choice((1, 2)) if several else 0):
        other = template if rng.random() < 0.8 else rng.choice(TEMPLATES)
        more, facts2 = form(other, rng, 0)
        blocks += broken(more)
        truth.append(truth_of(facts2))
    if rng.random() < 0.22:
        blocks += broken(rng.choice((unfilled, foreign, declaration, listing))(template, rng))
    if rng.random() < 0.15:
        spaced(blocks)
    if len({(t["project_name"], t["unit"]) for t in truth}) < len(truth):
        return document(index + 100003 * len(templates), seed, formats, templates)
    return Document(f"{template.name}_{index:03}", template.name, blocks, truth, formats, broad)


def spaced(blocks: list[Block]) -> None:
    """Blanks between the characters of short head cells and titles, as typists set them."""
    for block in blocks:
        if isinstance(block, Line):
            if block.style == "title" and len(block.text) < 12:
                block.text = " ".join(block.text)
            continue
        for row in block.rows:
            for cell in row:
                if cell.head and 2 <= len(cell.text) <= 4 and cell.text.isalpha():
                    cell.text = (" " if len(cell.text) > 2 else "  ").join(cell.text)


def broken(blocks: list[Block]) -> list[Block]:
    """The same blocks, beginning on a page of their own."""
    first = blocks[0]
    if isinstance(first, Line):
        first.page_break = True
        return blocks
    return [Line("", "prose", page_break=True), *blocks]


def form(template: Template, rng: Random, planted: int) -> tuple[list[Block], Facts]:
    """One form: laid out once to learn what it prints, then again with the errors in it."""
    for _ in range(40):
        facts = make(template.options(rng), rng)
        seed = rng.random()
        template.blocks(facts, Random(seed))
        if contradictions(facts) or (facts.funding and facts.funding[0].exact["annual"] == Decimal(0)):
            continue
        plant(facts, rng, planted)
        return template.blocks(facts, Random(seed)), facts
    raise RuntimeError(f"no consistent form of template {template.name}")


def cover(facts: Facts, rng: Random) -> list[Block]:
    """A cover page."""
    lines = [
        Line(f"{facts.options.year}年度{facts.place}部门绩效自评材料", "cover"),
        Line(f"编报单位：{facts.unit}", "cover"),
    ]
    year, month, _ = facts.report_date.split("-")
    return [
        *lines,
        Line(f"{year}年{int(month)}月", "cover"),
        Line("目  录", "heading"),
        Line("一、绩效自评表……………………1", "prose"),
        Line("", "prose", page_break=True),
    ]


def prose(facts: Facts, rng: Random) -> list[Block]:
    """Some pages of words about the form."""
    out: list[Block] = [Line(f"{facts.theme}绩效自评情况说明", "heading")]
    for text in rng.sample(w.PROSE, k=3):
        out.append(Line(text.format(unit=facts.unit, theme=facts.theme), "prose"))
    return out


def unfilled(template: Template, rng: Random) -> list[Block]:
    """The same form with nothing filled in: not an evaluation."""
    template = template if template.name not in ("hunan", "zhejiang") else TEMPLATES[0]
    facts = make(template.options(rng), rng)
    empty = rng.choice(("", "", "/"))
    for fund in facts.funding:
        fund.printed = dict.fromkeys(fund.printed, empty)
    facts.indicators = facts.indicators[:6]
    for item in facts.indicators:
        item.l3 = "指标1"
        item.target = item.actual = item.deviation = item.relation = item.value = item.unit = item.criteria = ""
        item.points = item.score = "" if item.points is not None else None
    facts.project_name = facts.department = ""
    facts.unit = facts.goal_expected = facts.goal_actual = ""
    facts.total_points = facts.total_score = facts.grade = None
    return template.blocks(facts, rng)


def foreign(template: Template, rng: Random) -> list[Block]:
    """Somebody else's assessment in the same shape."""
    chosen = template if template.name not in ("hunan", "sichuanold") else TEMPLATES[0]
    facts = make(chosen.options(rng), rng)
    blocks = copy.deepcopy(chosen.blocks(facts, rng))
    text = f"{facts.options.year}年度{rng.choice(FOREIGN_TITLES)}"
    out: list[Block] = [Line(text, "title")]
    return out + [b for b in blocks if not (isinstance(b, Line) and b.style in ("title", "annex", "sub", "heading"))]


def declaration(template: Template, rng: Random) -> list[Block]:
    """A target declaration (绩效目标申报表): targets, no results."""
    facts = make(TEMPLATES[0].options(rng), rng)
    width = 5
    year = facts.options.year + 1
    rows = [
        pairs(width, [("项目名称", facts.project_name or "")]),
        pairs(width, [("主管部门", facts.department or ""), ("实施单位", facts.unit)]),
    ]
    rows.append(pairs(width, [("项目属性", "延续性项目"), ("项目期限", "1年")]))
    rows.append(
        [Cell("项目资金申请（万元）", rows=2, head=True), Cell("年度资金总额：", cols=2), Cell("320.00", cols=2)]
    )
    rows.append([Cell("其中：财政拨款", cols=2), Cell("320.00", cols=2)])
    rows.append(full(width, "年度绩效目标", facts.goal_expected))
    rows.append(
        [
            Cell(text, head=True, cols=c)
            for text, c in (("一级指标", 1), ("二级指标", 1), ("三级指标", 2), ("指标值", 1))
        ]
    )
    rows += [[Cell(i.l1), Cell(i.l2), Cell(i.l3, cols=2, align="left"), Cell(i.target)] for i in facts.indicators]
    table = Table(width, rows)
    relate(table)
    return [Line(f"{year}年项目支出绩效目标申报表", "title"), table]


def listing(template: Template, rng: Random) -> list[Block]:
    """A list of results of many projects: not an evaluation."""
    rows = [
        [Cell(t, head=True) for t in ("序号", "项目名称", "预算单位", "全年预算数（万元）", "自评得分", "自评等级")]
    ]
    for k, name in enumerate(rng.sample(w.PROJECTS, k=5), 1):
        score = Decimal(rng.randint(850, 1000)) / 10
        rows.append(
            [
                Cell(str(k)),
                Cell(name),
                Cell(rng.choice(w.PLACES) + rng.choice(w.OFFICES)),
                Cell(f"{rng.randint(1000, 90000) / 100:.2f}"),
                Cell(f"{score}"),
                Cell("优" if score >= 90 else "良"),
            ]
        )
    table = Table(6, rows)
    relate(table)
    return [Line("部门绩效自评结果汇总表", "title"), table]
