"""What a sample report says (Form) and how its table stands on paper (Sheet)."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Fund:
    """A line of the funding block, as printed; None where the form has no such column."""

    label: str
    initial: str | None = None
    annual: str | None = None
    executed: str | None = None
    points: str | None = None
    rate: str | None = None
    score: str | None = None
    role: str = "component"


@dataclass(frozen=True, slots=True)
class Ind:
    """A level-3 indicator, as printed. `split` is (relation, value, unit) where the form has a cell for each."""

    l1: str
    l2: str
    l3: str
    target: str = ""
    actual: str = ""
    points: str | None = None
    score: str | None = None
    deviation: str = ""
    split: tuple[str, str, str] | None = None
    criteria: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """One self-evaluation or target declaration."""

    kind: str
    year: int
    unit: str
    title: str
    project: str | None = None
    department: str | None = None
    money_unit: str = "万元"
    funding: tuple[Fund, ...] = ()
    indicators: tuple[Ind, ...] = ()
    goal_expected: str = ""
    goal_actual: str = ""
    total_points: str | None = None
    total_score: str | None = None
    grade: str | None = None
    report_date: str | None = None
    injected: tuple[dict[str, object], ...] = ()
    amounts: tuple[tuple[str, str], ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class Box:
    """A cell of a sheet with its spans."""

    text: str
    cols: int = 1
    rows: int = 1


Row = tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table on `n_cols` columns with the lines before and after it.

    Rows hold boxes from left to right as in HTML: slots covered from above are skipped.
    """

    before: tuple[str, ...]
    n_cols: int
    rows: tuple[Row, ...]
    after: tuple[str, ...] = ()
    heads: tuple[int, ...] = field(default=())
    """Rows that head a block: a three-line table has its rules there."""


Page = Sheet | str
"""A sheet, or a paragraph of prose."""


def truth_of(form: Form) -> dict[str, object]:
    """The form in the shape of the yardstick's truth."""
    return {
        "kind": form.kind,
        "fiscal_year": form.year,
        "project_name": form.project,
        "department": form.department,
        "unit": form.unit,
        "money_unit": form.money_unit,
        "funding": [
            {
                "label": f.label,
                "initial": f.initial,
                "annual": f.annual,
                "executed": f.executed,
                "points": f.points,
                "rate": f.rate,
                "score": f.score,
                "role": f.role,
            }
            for f in form.funding
        ],
        "indicators": [
            {
                "l1": i.l1,
                "l2": i.l2,
                "l3": i.l3,
                "target": i.target,
                "actual": i.actual,
                "points": i.points,
                "score": i.score,
                "deviation": i.deviation,
            }
            for i in form.indicators
        ],
        "goal_expected": form.goal_expected,
        "goal_actual": form.goal_actual,
        "total_points": form.total_points,
        "total_score": form.total_score,
        "grade": form.grade,
        "report_date": form.report_date,
        "injected": list(form.injected),
        "amounts": [list(amount) for amount in form.amounts],
    }
