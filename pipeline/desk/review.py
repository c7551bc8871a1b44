"""One form beside its source (核对): what was understood, cell by cell, with its place; what corrections change."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from pipeline.audit.corrections import Correction, corrected
from pipeline.desk.workbench import Workbench
from pipeline.findings import run_checks
from schemas.locators import in_words
from schemas.records import (
    BBox,
    CellPlace,
    Check,
    DocumentRecords,
    DocumentRow,
    Evaluation,
    EvaluationRecords,
    FundingRow,
    Indicator,
)

FormRow = Evaluation | FundingRow | Indicator

COLUMNS: dict[str, tuple[tuple[str, str], ...]] = {
    "evaluations": (
        ("project_name", "项目名称"),
        ("unit", "实施单位"),
        ("department", "主管部门"),
        ("fiscal_year", "年度"),
        ("total_points", "总分值"),
        ("total_score", "总得分"),
        ("grade", "等级"),
    ),
    "funding": (
        ("label", "资金"),
        ("initial_budget_wanyuan", "年初预算数"),
        ("annual_budget_wanyuan", "全年预算数"),
        ("arrived_wanyuan", "到位数"),
        ("executed_wanyuan", "全年执行数"),
        ("points", "分值"),
        ("execution_rate_pct", "执行率"),
        ("score", "得分"),
    ),
    "indicators": (
        ("level1", "一级指标"),
        ("level2", "二级指标"),
        ("level3", "三级指标"),
        ("target_value", "指标值"),
        ("actual_value", "完成值"),
        ("points", "分值"),
        ("score", "得分"),
        ("deviation", "偏差原因"),
    ),
}
"""What the desk shows of each table, with its Chinese title; every one of them can be corrected."""

_RAW_FIRST = {"target_value": "target_raw", "actual_value": "actual_raw"}
"""Columns shown as printed: the text says more than the number in it."""


@dataclass(frozen=True, slots=True)
class ShownCell:
    """One cell of the right side (右侧单元格): `key` ties it to its box on the page."""

    key: str
    column: str
    title: str
    text: str
    raw: str
    page: int | None
    bbox: BBox | None
    locator: str
    correction: Correction | None
    marked: bool
    """Whether the finding at hand speaks of it."""


@dataclass(frozen=True, slots=True)
class ShownRow:
    """One row with its place and how sure its reading is."""

    table: str
    ordinal: int
    cells: tuple[ShownCell, ...]
    place: str
    locator: str
    confidence: float | None
    suspect: bool


@dataclass(frozen=True, slots=True)
class ShownTable:
    """The rows of one kind under their titles."""

    table: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[ShownRow, ...]


@dataclass(frozen=True, slots=True)
class CheckChange:
    """A check that a correction changes (更正的影响): `before` or `after` is None where it came or went."""

    before: Check | None
    after: Check | None


_TITLES = {"evaluations": "表头", "funding": "项目资金", "indicators": "绩效指标"}


def tables(part: EvaluationRecords, marked: Iterable[tuple[str, int, str]], bench: Workbench) -> list[ShownTable]:
    """The form's tables; `marked` names the cells of the finding at hand."""
    corrections = bench.corrections()
    wanted = frozenset(marked)
    rows: dict[str, Sequence[FormRow]] = {
        "evaluations": [part.evaluation],
        "funding": part.funding,
        "indicators": part.indicators,
    }
    return [
        ShownTable(
            table,
            _TITLES[table],
            tuple(title for _, title in COLUMNS[table]),
            tuple(_row(table, row, wanted, corrections) for row in found),
        )
        for table, found in rows.items()
        if found
    ]


def _row(
    table: str,
    row: FormRow,
    marked: frozenset[tuple[str, int, str]],
    corrections: dict[tuple[str, str, int, str], Correction],
) -> ShownRow:
    places = {place.column: place for place in row.cells}
    cells = tuple(
        _cell(table, row, column, title, places.get(column), (table, row.ordinal, column) in marked, corrections)
        for column, title in COLUMNS[table]
    )
    locator = row.locator or ""
    return ShownRow(table, row.ordinal, cells, in_words(locator), locator, row.confidence, bool(row.suspect))


def _cell(
    table: str,
    row: FormRow,
    column: str,
    title: str,
    place: CellPlace | None,
    marked: bool,
    corrections: dict[tuple[str, str, int, str], Correction],
) -> ShownCell:
    value = getattr(row, column)
    raw = getattr(row, _RAW_FIRST.get(column, ""), None) or (place.raw if place and place.raw else None)
    box = (place.bbox if place else None) or None
    return ShownCell(
        key=f"{table}-{row.ordinal}-{column}",
        column=column,
        title=title,
        text=raw if column in _RAW_FIRST and raw else _plain(value),
        raw=raw or "",
        page=place.page if place else row.page,
        bbox=box,
        locator=(place.locator if place else None) or row.locator or "",
        correction=corrections.get((row.evaluation_id, table, row.ordinal, column)),
        marked=marked,
    )


def _plain(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return str(value)


def overlaid(part: EvaluationRecords, bench: Workbench) -> EvaluationRecords:
    """The form with every correction in force."""
    mine = [one for one in bench.corrections().values() if one.evaluation_id == part.evaluation.evaluation_id]
    return corrected(part, mine)


def changes(document: DocumentRow, part: EvaluationRecords, bench: Workbench) -> list[CheckChange]:
    """What the corrections of a form change among its checks: both sides are made now, by the same rules."""
    problems = bench.problems(document.document_id)

    def checks(each: EvaluationRecords) -> dict[object, Check]:
        made = run_checks(DocumentRecords(document, (each,), problems=problems), bench.rules)
        return {_same(check): check for check in made}

    before, after = checks(part), checks(overlaid(part, bench))
    return list(_changes(before, after))


def _changes(before: dict[object, Check], after: dict[object, Check]) -> Iterator[CheckChange]:
    for key in dict.fromkeys([*before, *after]):
        old, new = before.get(key), after.get(key)
        outcomes = {check.outcome if check else None for check in (old, new)}
        if len(outcomes) > 1 and "inconsistent" in outcomes:
            yield CheckChange(old, new)


def _same(check: Check) -> object:
    return check.rule, check.subjects


def of_pages(shown: Iterable[ShownTable]) -> list[int]:
    """The pages on which anything of the form stands."""
    return sorted({cell.page for table in shown for row in table.rows for cell in row.cells if cell.page is not None})
