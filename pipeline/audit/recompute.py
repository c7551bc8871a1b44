"""A form's figures computed again beside the printed ones, as formulas an auditor can follow (重算).

The lines follow the form: funding rows, the sums of their parts, indicators, totals. Which numbers belong together is
decided by the relations of the checks themselves. A formula names other cells as `[line.column]`, lines counted from 0
within the form; whoever writes the sheet puts real addresses there. Every formula carries its result, so that the
sheet reads right where nobody recalculates it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from pipeline.checks.config import Rules
from pipeline.checks.model import Form
from pipeline.checks.printed import row_name
from pipeline.checks.relation import Relation, Term, expected, gap
from pipeline.checks.relations import intervals_of
from pipeline.checks.run import made_on
from schemas.decimals import HUNDRED, ZERO
from schemas.intervals import Interval
from schemas.records import Check, Subject

AGREES, DIFFERS, PARTIAL = "相符", "不符", "分项可能未列全"
OVER_POINTS = "得分超过分值"

PRINTED_COLUMNS = {
    "initial_budget_wanyuan": "initial",
    "annual_budget_wanyuan": "annual",
    "executed_wanyuan": "executed",
    "arrived_wanyuan": "arrived",
    "execution_rate_pct": "rate",
    "points": "points",
    "level1_points": "points",
    "total_points": "points",
    "score": "score",
    "total_score": "score",
}
BASES = {"annual_budget_wanyuan": "全年预算数", "initial_budget_wanyuan": "年初预算数", "arrived_wanyuan": "到位数"}

SPARE = "0.000001"
"""Added to what rounding allows wherever a formula compares: spreadsheets compute in binary."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A live formula and what it gives (公式)."""

    text: str
    value: Decimal | str


Value = Decimal | Formula


@dataclass(slots=True)
class WorksheetLine:
    """One line of the sheet (一行): what it is, its name, its cells by column, the verdict, how it was computed."""

    kind: str
    name: str
    cells: dict[str, Value] = field(default_factory=dict)
    verdict: Formula | None = None
    remark: str = ""
    locator: str = ""


@dataclass(slots=True)
class _Sheet:
    """The lines of one form while they are made; `at` knows the line and column of every printed cell."""

    form: Form
    lines: list[WorksheetLine] = field(default_factory=list)
    at: dict[Subject, tuple[int, str]] = field(default_factory=dict)

    def add(self, line: WorksheetLine) -> int:
        self.lines.append(line)
        return len(self.lines) - 1

    def put(self, at: int, ref: Subject) -> None:
        """The printed value of `ref` into line `at`, if there is one."""
        cell = self.form.cells.get(ref)
        if cell is not None:
            column = PRINTED_COLUMNS[ref.column]
            self.lines[at].cells[column] = cell.value
            self.at[ref] = (at, column)

    def ref(self, subject: Subject) -> str:
        line, column = self.at[subject]
        return f"[{line}.{column}]"

    def value(self, subject: Subject) -> Decimal:
        return self.form.cells[subject].value


@dataclass(frozen=True, slots=True)
class _Applied:
    """A relation with the check that applied it, or says why it was not applied."""

    relation: Relation
    check: Check

    @property
    def unchecked(self) -> bool:
        return self.check.outcome == "not_checkable"

    @property
    def total(self) -> Subject:
        return self.relation.total


def recompute(form: Form, rules: Rules) -> list[WorksheetLine]:
    """The lines of one evaluation; empty where it prints no figures that follow from each other."""
    found = [_Applied(relation, made.check) for made in made_on(form, rules) for relation in made.finding.relations]
    inside = [one for one in found if all(ref in form.cells for ref in one.relation.cells)]
    if form.evaluation is None or not inside:
        return []
    sheet = _Sheet(form)
    _funding(sheet, inside)
    _indicators(sheet)
    sums = [one for one in inside if one.relation.kind == "sum"]
    _levels(sheet, [one for one in sums if one.total.column == "level1_points"])
    _totals(sheet, [one for one in sums if one.total.table == "evaluations"])
    return sheet.lines


def _funding(sheet: _Sheet, found: Sequence[_Applied]) -> None:
    for row in sheet.form.funding:
        at = sheet.add(WorksheetLine("资金", row_name(row.label), locator=row.locator or ""))
        for column in PRINTED_COLUMNS:
            sheet.put(at, Subject("funding", row.ordinal, column))
    for one in found:
        if one.relation.kind == "quotient":
            _rate(sheet, one)
    for one in found:
        if one.relation.kind == "product":
            _execution_score(sheet, one)
    for at, line in enumerate(sheet.lines):
        line.verdict = _both(at, line)
    groups: dict[tuple[str, int], list[_Applied]] = {}
    for one in found:
        if one.relation.kind == "sum" and one.total.table == "funding":
            groups.setdefault((one.check.rule, one.total.ordinal), []).append(one)
    for group in groups.values():
        _sum(sheet, group, f"“{sheet.form.cells[group[0].total].row}”各分项之和")


def _rate(sheet: _Sheet, one: _Applied) -> None:
    relation = one.relation
    at = sheet.at[relation.total][0]
    line = sheet.lines[at]
    if one.unchecked:
        line.remark = one.check.message
        return
    option = _best(sheet.form, relation)
    executed, base = (term.cell for term in option)
    line.remark = f"执行率＝执行数÷{BASES[base.column]}"
    whole = sheet.value(base)
    right: Decimal | str = sheet.value(executed) / whole * HUNDRED if whole else "预算为0"
    line.cells["rate_again"] = Formula(
        f'=IF({sheet.ref(base)}=0,"预算为0",{sheet.ref(executed)}/{sheet.ref(base)}*100)', right
    )
    if isinstance(right, Decimal):
        _difference(sheet, at, "rate", relation, option, right)


def _execution_score(sheet: _Sheet, one: _Applied) -> None:
    """Points × rate, at most the points; by the computed rate where the check found that to be how it was done."""
    relation = one.relation
    at = sheet.at[relation.total][0]
    line = sheet.lines[at]
    option = _best(sheet.form, relation)
    points, rate = (term.cell for term in option)
    column, percent = "rate", sheet.value(rate)
    again = line.cells.get("rate_again")
    agreed = one.check.outcome == "consistent"
    misfit = gap(relation, option, intervals_of(sheet.form.cells)) != 0
    by_amounts = agreed and misfit and isinstance(again, Formula) and isinstance(again.value, Decimal)
    if by_amounts and isinstance(again, Formula) and isinstance(again.value, Decimal):
        column, percent = "rate_again", again.value
    right = min(sheet.value(points), sheet.value(points) * percent / HUNDRED)
    line.remark += f"{'；' if line.remark else ''}得分＝分值×{'复算的' if by_amounts else ''}执行率，最多为分值"
    line.cells["score_again"] = Formula(f"=MIN({sheet.ref(points)},{sheet.ref(points)}*[{at}.{column}]/100)", right)
    if by_amounts:
        cell = sheet.form.cells[relation.total]
        allowed = (cell.interval.high - cell.interval.low) / 2 + Decimal("0.001")
        _difference_cells(line, at, "score", cell.value - right, allowed)
    else:
        _difference(sheet, at, "score", relation, option, right)


def _difference(
    sheet: _Sheet, at: int, column: str, relation: Relation, option: tuple[Term, ...], right: Decimal
) -> None:
    cell = sheet.form.cells[relation.total]
    wanted = expected(relation, option, intervals_of(sheet.form.cells))
    if wanted is not None:
        _difference_cells(
            sheet.lines[at], at, column, cell.value - right, _allowed(cell.value, right, cell.interval, wanted)
        )


def _difference_cells(line: WorksheetLine, at: int, column: str, difference: Decimal, allowed: Decimal) -> None:
    line.cells[f"{column}_difference"] = Formula(f"=ROUND([{at}.{column}]-[{at}.{column}_again],6)", _six(difference))
    line.cells[f"{column}_allowed"] = allowed


def _both(at: int, line: WorksheetLine) -> Formula | None:
    """The verdict on rate and score of one row."""
    tests, results = [], []
    for column in ("rate", "score"):
        difference, allowed = line.cells.get(f"{column}_difference"), line.cells.get(f"{column}_allowed")
        if isinstance(difference, Formula) and isinstance(allowed, Decimal) and isinstance(difference.value, Decimal):
            tests.append(f"ABS([{at}.{column}_difference])<=[{at}.{column}_allowed]+{SPARE}")
            results.append(abs(difference.value) <= allowed + Decimal(SPARE))
        elif (
            (again := line.cells.get(f"{column}_again")) and isinstance(again, Formula) and isinstance(again.value, str)
        ):
            tests.append(f"[{at}.{column}]=0")
            results.append(line.cells[column] == ZERO)
    return _verdict(tests, results)


def _verdict(tests: Sequence[str], results: Sequence[bool]) -> Formula | None:
    if not tests:
        return None
    text = tests[0] if len(tests) == 1 else f"AND({','.join(tests)})"
    return Formula(f'=IF({text},"{AGREES}","{DIFFERS}")', AGREES if all(results) else DIFFERS)


def _allowed(printed: Decimal, right: Decimal, interval: Interval, wanted: Interval) -> Decimal:
    """How far the printed value may lie from the computed one, on the side where it lies, by rounding alone."""
    above = printed >= right
    own = printed - interval.low if above else interval.high - printed
    others = wanted.high - right if above else right - wanted.low
    only_touching = 2 * Decimal(SPARE) if own and others else ZERO  # what only touches does not agree
    return _six(max(own + others - only_touching, ZERO))


def _best(form: Form, relation: Relation) -> tuple[Term, ...]:
    """The option that fits best; one that cannot be computed last."""
    values = intervals_of(form.cells)

    def misfit(option: tuple[Term, ...]) -> tuple[bool, Decimal]:
        found = gap(relation, option, values)
        zero = relation.kind == "quotient" and not form.cells[option[1].cell].value
        return zero or found is None, found or ZERO

    return min(relation.options, key=misfit)


def _sum(sheet: _Sheet, group: Sequence[_Applied], name: str) -> None:
    """Lines for sums that share their total's line: the sum, the difference, what rounding allows."""
    checked = [one.relation for one in group if not one.unchecked]
    notes = [one.check.message for one in group if one.unchecked]
    if not checked:
        sheet.add(WorksheetLine("未核对", name, remark="".join(notes)))
        return
    at = sheet.add(WorksheetLine("合计", name, remark="".join(notes)))
    apart = sheet.add(WorksheetLine("差额", "填列－复算"))
    allowed = sheet.add(WorksheetLine("允许", "四舍五入所能解释"))
    over, under, results = [], [], []
    for relation in checked:
        column = PRINTED_COLUMNS[relation.total.column]
        option = _best(sheet.form, relation)
        right = sum((sheet.value(term.cell) for term in option), ZERO)
        cell = sheet.form.cells[relation.total]
        wanted = expected(relation, option, intervals_of(sheet.form.cells))
        assert wanted is not None  # a sum can always be computed
        limit = _allowed(cell.value, right, cell.interval, wanted)
        sheet.lines[at].cells[column] = Formula(_adding(sheet, [term.cell for term in option]), right)
        difference = _six(cell.value - right)
        sheet.lines[apart].cells[column] = Formula(f"=ROUND({sheet.ref(relation.total)}-[{at}.{column}],6)", difference)
        sheet.lines[allowed].cells[column] = limit
        under.append(f"[{apart}.{column}]<-[{allowed}.{column}]-{SPARE}")
        over.append(f"[{apart}.{column}]>[{allowed}.{column}]+{SPARE}")
        limit += Decimal(SPARE)
        results.append(-1 if difference < -limit else 1 if difference > limit else 0)
    partial = not all(relation.complete for relation in checked)
    sheet.lines[apart].verdict = _sum_verdict(under, over, results, partial)


def _sum_verdict(under: Sequence[str], over: Sequence[str], results: Sequence[int], partial: bool) -> Formula:
    """A total below its parts contradicts them; above, it does unless the list may be partial."""
    above = PARTIAL if partial else DIFFERS
    text = f'=IF(OR({",".join(under)}),"{DIFFERS}",IF(OR({",".join(over)}),"{above}","{AGREES}"))'
    return Formula(text, DIFFERS if -1 in results else above if 1 in results else AGREES)


def _adding(sheet: _Sheet, cells: Sequence[Subject]) -> str:
    """Cells added up, those that stand one under the other as a range."""
    runs: list[list[tuple[int, str]]] = []
    for line, column in sorted(sheet.at[cell] for cell in cells):
        if runs and runs[-1][-1] == (line - 1, column):
            runs[-1].append((line, column))
        else:
            runs.append([(line, column)])
    terms = []
    for run in runs:
        first, last = (f"[{line}.{column}]" for line, column in (run[0], run[-1]))
        terms.append(first if len(run) == 1 else f"SUM({first}:{last})")
    return "=" + "+".join(terms)


def _indicators(sheet: _Sheet) -> None:
    for row in sheet.form.indicators:
        if row.points is None and row.score is None:
            continue
        name = row.level3 or row.level2 or row.level1 or ""
        at = sheet.add(WorksheetLine("指标", name, locator=row.locator or ""))
        for column in ("points", "score"):
            sheet.put(at, Subject("indicators", row.ordinal, column))
        cells = sheet.lines[at].cells
        points, score = cells.get("points"), cells.get("score")
        if isinstance(points, Decimal) and isinstance(score, Decimal):
            text = f'=IF([{at}.score]>[{at}.points],"{OVER_POINTS}","")'
            sheet.lines[at].verdict = Formula(text, OVER_POINTS if score > points else "")


def _levels(sheet: _Sheet, found: Sequence[_Applied]) -> None:
    for one in found:
        cell = sheet.form.cells[one.total]
        at = sheet.add(WorksheetLine("标注", f"“{cell.row}”标注的分值"))
        sheet.put(at, one.total)
        _sum(sheet, [one], f"“{cell.row}”其下各指标分值之和")


def _totals(sheet: _Sheet, found: Sequence[_Applied]) -> None:
    if not found:
        return
    evaluation = sheet.form.evaluation
    at = sheet.add(
        WorksheetLine("总分", "表中所印总分值、总得分", locator=(evaluation.locator or "") if evaluation else "")
    )
    for one in found:
        sheet.put(at, one.total)
    _sum(sheet, found, "预算执行与各指标之和")


def _six(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.000001"))


_REFERENCE = re.compile(r"\[(\d+)\.(\w+)\]")


def placed(text: str, first_row: int, letters: Mapping[str, str]) -> str:
    """A formula with real addresses: the form's line 0 is row `first_row` (1-based) of the sheet."""
    return _REFERENCE.sub(lambda match: f"{letters[match[2]]}{first_row + int(match[1])}", text)
