"""Blocks of a form: head lines, funding block, goals, indicators and tail as rows over one grid."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from benchmarks.corpus import words as w
from benchmarks.corpus.model import Cell, Facts, Indicator, Table

HEADERS: dict[str, tuple[str, ...]] = {
    "label": ("", "", "资金来源", "资金性质"),
    "initial": ("年初预算数", "年初预算数", "年初预算", "预算数（年初）", "批复数", "年初预算金额"),
    "annual": (
        "全年预算数",
        "全年预算数",
        "全年预算数（A）",
        "调整后预算数",
        "调整预算数",
        "全年（调整）预算数",
        "预算数（A）",
        "年度预算数",
    ),
    "executed": (
        "全年执行数",
        "全年执行数",
        "全年执行数（B）",
        "预算执行数",
        "执行数",
        "实际支出数",
        "决算数",
        "累计支出",
        "全年支出数",
    ),
    "arrived": ("实际到位资金", "到位数", "资金到位数", "实际到位数"),
    "rate": ("执行率", "执行率", "执行率（B/A）", "预算执行率", "资金执行率", "支出率", "支付进度", "预算执行率（%）"),
    "points": ("分值", "分值", "分值", "分数", "权重", "标准分", "满分", "分值（分）", "指标分值"),
    "score": ("得分", "得分", "自评得分", "自评分", "指标得分", "评分", "实际得分"),
    "l1": ("一级指标", "一级指标", "一级\n指标"),
    "l2": ("二级指标", "二级指标", "二级\n指标"),
    "l3": ("三级指标", "三级指标", "三级指标", "三级指标名称", "绩效指标名称"),
    "target": (
        "年度指标值",
        "年度指标值",
        "指标值",
        "年度目标值",
        "预期指标值",
        "年初设定目标值",
        "指标值（A）",
        "计划指标值",
    ),
    "actual": ("实际完成值", "实际完成值", "全年完成值", "完成值", "实际完成情况", "全年实际完成值", "实际完成值（B）"),
    "deviation": (
        "偏差原因分析及改进措施",
        "偏差原因分析及改进措施",
        "偏差原因分析",
        "未完成原因分析",
        "扣分原因",
        "原因说明",
        "备注",
        "未完成原因及拟采取的改进措施",
    ),
    "relation": ("指标性质", "指标方向", "运算符号"),
    "value": ("指标值",),
    "unit": ("度量单位", "计量单位"),
    "criteria": ("评分标准", "评价标准", "指标解释", "评分细则"),
}
SIDES = ("绩效指标", "绩\n效\n指\n标", "绩效\n指标", "年度绩效指标", "绩效指标完成情况")
FUND_SIDES = ("项目资金", "项目资金", "资金情况", "预算执行情况", "项目资金情况", "年度资金情况")


def head(key: str, rng: Random) -> str:
    """A header word of a column."""
    return rng.choice(HEADERS[key])


def spread(width: int, count: int, wide: Sequence[int]) -> list[int]:
    """`count` spans that fill `width` columns; what is left goes to the `wide` ones."""
    spans = [1] * count
    for k in range(width - count):
        spans[wide[k % len(wide)]] += 1
    return spans


def pairs(width: int, items: Sequence[tuple[str, str]], left: int = 1) -> list[Cell]:
    """A row of label and value cells over the whole width."""
    half = width // len(items)
    cells: list[Cell] = []
    for k, (label, value) in enumerate(items):
        span = half if k < len(items) - 1 else width - half * (len(items) - 1)
        own = min(left if k == 0 else max(1, left - 1), span - 1)
        cells += [Cell(label, cols=own, head=True), Cell(value, cols=span - own)]
    return cells


def side_label(text: str, unit: str, place: str) -> str:
    """The side label of the funding block, with the unit where it stands there."""
    return f"{text}\n（{unit}）" if place == "side" else text


def funding_rows(
    facts: Facts,
    width: int,
    columns: Sequence[tuple[str, str]],
    side: str | None,
    label_head: str = "",
    extra: bool = True,
) -> list[list[Cell]]:
    """Header and rows of the funding block; `columns` are (key, header) after the label column."""
    count = len(columns) + 1 + (side is not None)
    first = 1 if side is not None else 0
    spans = spread(width, count, [first, *range(first + 1, count)] if extra else [first])
    body = spans[1:] if side is not None else spans
    rows: list[list[Cell]] = []
    top: list[Cell] = [Cell(side, cols=spans[0], rows=len(facts.funding) + 1, head=True)] if side is not None else []
    top += [Cell(label_head, cols=body[0], head=True)]
    top += [Cell(header, cols=s, head=True) for (_, header), s in zip(columns, body[1:], strict=True)]
    rows.append(top)
    for fund in facts.funding:
        row = [Cell(fund.label, cols=body[0], align="left")]
        for (key, _), span in zip(columns, body[1:], strict=True):
            row.append(
                Cell(fund.printed.get(key, ""), cols=span, align="right" if key not in ("points",) else "center")
            )
        rows.append(row)
    return rows


def goal_rows(facts: Facts, width: int, side: str | None, words: tuple[str, str]) -> list[list[Cell]]:
    """Expected goal beside what was done."""
    rest = width - 1 if side is not None else width
    left = rest // 2
    top = [Cell(side, rows=2, head=True)] if side is not None else []
    return [
        [*top, Cell(words[0], cols=left, head=True), Cell(words[1], cols=rest - left, head=True)],
        [Cell(facts.goal_expected, cols=left, align="left"), Cell(facts.goal_actual, cols=rest - left, align="left")],
    ]


class IndicatorBlock:
    """Header, rows and total row of an indicator table; `columns` are (key, header), in order."""

    def __init__(self, facts: Facts, width: int, columns: Sequence[tuple[str, str]], side: str | None) -> None:
        self.facts, self.width, self.columns, self.side = facts, width, list(columns), side
        offset = side is not None
        keys = [k for k, _ in columns]
        wide = [k + offset for k, key in enumerate(keys) if key in ("l3", "target", "deviation", "criteria", "actual")]
        self.spans = spread(width, len(keys) + offset, wide or [len(keys) - 1 + offset])
        self.body = self.spans[1:] if offset else self.spans

    def headers(self, group: tuple[str, Sequence[str]] | None = None) -> list[list[Cell]]:
        """One header row, or two where `group` (title, keys) puts a title over some columns."""
        if group is None:
            return [[Cell(h, cols=s, head=True) for (_, h), s in zip(self.columns, self.body, strict=True)]]
        title, keys = group
        top: list[Cell] = []
        below: list[Cell] = []
        for (key, header), span in zip(self.columns, self.body, strict=True):
            if key not in keys:
                top.append(Cell(header, cols=span, rows=2, head=True))
                continue
            below.append(Cell(header, cols=span, head=True))
            if key == keys[0]:
                total = sum(s for (k, _), s in zip(self.columns, self.body, strict=True) if k in keys)
                top.append(Cell(title, cols=total, head=True))
        return [top, below]

    def rows(self, brackets: bool = False, skeleton: Random | None = None) -> list[list[Cell]]:
        """The indicator rows with merged level-1 and level-2 labels; skeleton rows stay in where a seed says so."""
        listed: list[Indicator | tuple[str, str, str]] = []
        for k, own in enumerate(self.facts.indicators):
            listed.append(own)
            last = k + 1 == len(self.facts.indicators) or self.facts.indicators[k + 1].l2 != own.l2
            if skeleton is not None and last and skeleton.random() < 0.25:
                listed.append((own.l1, own.l2, skeleton.choice(("……", "指标2：", "指标3", "…", ""))))
        labels = [(i.l1, i.l2) if isinstance(i, Indicator) else (i[0], i[1]) for i in listed]
        out = []
        for k, item in enumerate(listed):
            row = []
            for (key, _), span in zip(self.columns, self.body, strict=True):
                if key in ("l1", "l2"):
                    mine = labels[k][0] if key == "l1" else labels[k]
                    same = [label[0] if key == "l1" else label for label in labels]
                    if k and same[k - 1] == mine:
                        continue
                    run = next((n for n in range(k, len(same)) if same[n] != mine), len(same)) - k
                    text = labels[k][0] if key == "l1" else labels[k][1]
                    if key == "l1" and brackets and text in self.facts.level_points:
                        text = f"{text}（{self.facts.level_points[text]}分）"
                    row.append(Cell(text, cols=span, rows=run, head=True))
                    continue
                text = self.text(item, key) if isinstance(item, Indicator) else item[2] if key == "l3" else ""
                left = key in ("l3", "deviation", "criteria")
                row.append(Cell(text, cols=span, align="left" if left else "center"))
            out.append(row)
        return out

    def text(self, item: Indicator, key: str) -> str:
        """A cell's text; `seq` counts, `core` is the mark of a core indicator, `coefficient` the score's share."""
        if key == "seq":
            return str(self.facts.indicators.index(item) + 1)
        if key in ("core", "coefficient", "adjusted", "audited", "done_rate", "evidence"):
            return self.extra(item, key)
        value = getattr(item, key)
        return "" if value is None else str(value)

    def extra(self, item: Indicator, key: str) -> str:
        """Columns that carry nothing of the truth."""
        full = item.points is not None and item.points == item.score
        return {
            "core": "是" if len(item.l3) % 2 else "否",
            "coefficient": "100%" if full else "",
            "adjusted": item.target,
            "audited": item.score or "",
            "done_rate": "100%" if full else "",
            "evidence": "",
        }[key]

    def total(self, label: str, grade: bool = False, points: bool = True) -> list[Cell]:
        """The row of the total: points and score below their columns, everything before them one labelled cell."""
        keys = [k for k, _ in self.columns]
        spans = self.body
        marks = [k for k, key in enumerate(keys) if key in ("points", "score")]
        first = min(marks) if marks else len(keys) - 1
        lead = sum(spans[:first])
        cells = [Cell(label, cols=lead, head=True)] if lead else []
        for k in range(first, len(keys)):
            text = ""
            if keys[k] == "points" and points:
                text = self.facts.total_points or ""
            if keys[k] == "score":
                text = self.facts.total_score or ""
            if keys[k] == "deviation" and grade and self.facts.grade:
                text = self.facts.grade
            cells.append(Cell(text, cols=spans[k]))
        return cells

    def with_side(self, rows: list[list[Cell]], total: list[Cell] | None, inside: bool) -> list[list[Cell]]:
        """The side label over all rows; the total row stands inside it or takes its place."""
        if self.side is None:
            return rows + ([total] if total else [])
        count = len(rows) + (1 if total and inside else 0)
        rows = [[Cell(self.side, cols=self.spans[0], rows=count, head=True, vertical=True), *rows[0]], *rows[1:]]
        if total is None:
            return rows
        if not inside:
            total[0].cols += self.spans[0]
        return [*rows, total]


def full(width: int, label: str, text: str, left: int = 1) -> list[Cell]:
    """A row of one label and one text."""
    return [Cell(label, cols=left, head=True), Cell(text, cols=width - left, align="left")]


def grade_text(facts: Facts, rng: Random) -> str:
    """The grade, or check boxes with the right one ticked."""
    words = (facts.options.grade or "").split("/")
    if facts.grade is None or len(words) < 4 or rng.random() < 0.5:
        return facts.grade or ""
    tick, empty = rng.choice((("☑", "□"), ("√", "□"), ("■", "□")))
    if rng.random() < 0.5:
        return "  ".join(f"{tick if word == facts.grade else empty}{word}" for word in words)
    return "    ".join(f"{word}{tick if word == facts.grade else empty}" for word in words)


def signature(facts: Facts, rng: Random) -> str:
    """The line below a form, without a private person's name."""
    year, month, day = facts.report_date.split("-")
    return rng.choice(w.SIGNATURES).format(date=facts.report_date, cndate=f"{year}年{int(month)}月{int(day)}日")


def relate(table: Table) -> None:
    """Relative column widths out of the texts of cells of one column."""
    need = [2.2] * table.width
    for _, c, cell in table.placed():
        size = max((len(part) for part in cell.text.split("\n")), default=0)
        if cell.cols == 1:
            need[c] = max(need[c], min(size * 0.62 + 1.2, 9.0))
        elif cell.cols == 2 and not cell.head:
            for k in range(2):
                need[c + k] = max(need[c + k], min(size * 0.3 + 0.6, 5.0))
    table.relative = need
