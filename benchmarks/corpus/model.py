"""What a form is before it is written: facts (the numbers and words), and blocks (lines and tables of cells)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

FACTORS = {
    "元": Decimal(1),
    "千元": Decimal(1000),
    "万元": Decimal(10000),
    "百万元": Decimal(1000000),
    "亿元": Decimal(100000000),
}
MONEY = ("initial", "annual", "executed", "arrived")


@dataclass(slots=True)
class Cell:
    """A cell of a table; `rows` and `cols` are its spans."""

    text: str = ""
    cols: int = 1
    rows: int = 1
    align: str = "center"
    head: bool = False
    vertical: bool = False


@dataclass(slots=True)
class Table:
    """Rows of cells over a grid of `width` columns; a cell above that spans down takes its columns' place."""

    width: int
    rows: list[list[Cell]] = field(default_factory=list)
    relative: list[float] = field(default_factory=list)

    def placed(self) -> list[tuple[int, int, Cell]]:
        """Every cell with its row and first column; raises ValueError where the rows do not fill the grid."""
        taken: dict[tuple[int, int], bool] = {}
        out: list[tuple[int, int, Cell]] = []
        for r, row in enumerate(self.rows):
            c = 0
            for cell in row:
                while (r, c) in taken:
                    c += 1
                if c + cell.cols > self.width or r + cell.rows > len(self.rows):
                    raise ValueError(f"cell {cell.text!r} at row {r} column {c} leaves the grid")
                for dr in range(cell.rows):
                    for dc in range(cell.cols):
                        if (r + dr, c + dc) in taken:
                            raise ValueError(f"cell {cell.text!r} at row {r} overlaps")
                        taken[(r + dr, c + dc)] = True
                out.append((r, c, cell))
                c += cell.cols
        if len(taken) != self.width * len(self.rows):
            holes = [(r, c) for r in range(len(self.rows)) for c in range(self.width) if (r, c) not in taken]
            raise ValueError(f"holes in the grid: {holes[:5]}")
        return out


@dataclass(slots=True)
class Line:
    """A paragraph outside tables; `style`: title, sub (under the title), prose, heading, annex, cover."""

    text: str
    style: str = "prose"
    page_break: bool = False


@dataclass(slots=True)
class Fund:
    """A row of the funding block: exact amounts in 元, and what is printed (a key per printed column)."""

    label: str
    role: str
    exact: dict[str, Decimal]
    printed: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Indicator:
    """A level-3 indicator as printed; `relation`, `value`, `unit` are the target's parts."""

    l1: str
    l2: str
    l3: str
    relation: str
    value: str
    unit: str
    target: str
    actual: str
    points: str | None
    score: str | None
    deviation: str
    criteria: str = ""


@dataclass(slots=True)
class Options:
    """How a form prints its numbers; set by the template, varied by the seed."""

    year: int
    kind: str = "project"
    unit: str = "万元"
    decimals: int = 2
    commas: float = 0.0
    columns: tuple[str, ...] = ("initial", "annual", "executed")
    base: str = "annual"
    rate: str = "2%"
    component_rates: str = "blank"
    blank: str = "—"
    execution_points: Decimal | None = Decimal(10)
    execution_places: int = 2
    point_format: str = "short"
    sources: tuple[str, ...] = ("其中：当年财政拨款", "上年结转资金", "其他资金")
    total_label: str = "年度资金总额"
    levels: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    step: str = "0.5"
    grade: str | None = None
    money_style: str = "plain"
    unit_share: bool = False
    many: int = 1


@dataclass(slots=True)
class Facts:
    """The content of one form, and its truth."""

    options: Options
    project_name: str | None
    department: str | None
    unit: str
    place: str
    theme: str
    funding: list[Fund]
    indicators: list[Indicator]
    goal_expected: str
    goal_actual: str
    total_points: str | None
    total_score: str | None
    grade: str | None
    report_date: str
    injected: list[dict[str, Any]] = field(default_factory=list)
    level_points: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Document:
    """One file before it is written: its blocks and the truth of the forms in it."""

    name: str
    template: str
    blocks: list[Line | Table]
    truth: list[dict[str, Any]]
    formats: tuple[str, ...] = ("txt", "docx", "pdf")
    broad: bool = False


def number(text: str | None) -> Decimal | None:
    """The value of a printed number, in the printed unit; None where none is printed."""
    if text is None:
        return None
    clean = text.translate(_WIDE).replace(",", "").rstrip("%分元万亿千百 ").strip()
    try:
        return Decimal(clean)
    except ArithmeticError:
        return None


_WIDE = str.maketrans("０１２３４５６７８９．，％－", "0123456789.,%-")


def narrow(text: str) -> str:
    """Full-width digits and signs as ASCII."""
    return text.translate(_WIDE)


def rounded(value: Decimal, places: int) -> Decimal:
    """Half up, as the forms' spreadsheets do."""
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def truth_of(facts: Facts) -> dict[str, Any]:
    """The truth in the yardstick's shape: money as printed in 元 or 万元, any other unit turned into 万元."""
    unit = facts.options.unit
    stated = unit if unit in ("元", "万元") else "万元"

    def money(text: str | None) -> str | None:
        value = number(text)
        if text is None or value is None:
            return text
        if stated == unit:
            return f"{value:f}"
        return f"{(value * FACTORS[unit] / FACTORS['万元']).normalize():f}"

    def rate(text: str | None) -> str | None:
        value = number(text)
        if value is None or text is None:
            return text
        return (
            f"{value * 100:f}" if facts.options.rate.startswith("ratio") and "%" not in narrow(text) else f"{value:f}"
        )

    rows = []
    for fund in facts.funding:
        p = fund.printed
        row: dict[str, Any] = {"label": fund.label}
        row |= {c: money(p.get(c)) for c in ("initial", "annual", "executed")}
        row |= {"points": p.get("points"), "rate": rate(p.get("rate")), "score": p.get("score"), "role": fund.role}
        if "arrived" in p:
            row["arrived"] = money(p["arrived"])
        rows.append(row)
    keys = ("l1", "l2", "l3", "target", "actual", "points", "score", "deviation")
    return {
        "kind": facts.options.kind,
        "fiscal_year": facts.options.year,
        "project_name": facts.project_name,
        "department": facts.department,
        "unit": facts.unit,
        "money_unit": stated,
        "funding": rows,
        "indicators": [{k: getattr(i, k) for k in keys} for i in facts.indicators],
        "goal_expected": facts.goal_expected,
        "goal_actual": facts.goal_actual,
        "total_points": facts.total_points,
        "total_score": facts.total_score,
        "grade": facts.grade,
        "report_date": facts.report_date,
        "injected": facts.injected,
    }
