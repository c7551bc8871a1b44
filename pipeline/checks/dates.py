"""Checks of dates: impossible ones, missed deadlines, periods and years that do not go together (日期的核对)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from pipeline.checks.config import Rules
from pipeline.checks.judged import has_full_marks, in_points, indicator_cells, judged, remark
from pipeline.checks.model import Finding, Form, check
from pipeline.checks.printed import indicator_name
from schemas.judgement import judgement
from schemas.records import Evaluation, Indicator, Subject

_MONTHS, _DAYS = range(1, 13), (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")


@dataclass(frozen=True, slots=True)
class _Printed:
    """A date as it is printed (所印日期); a month without a day ends with its last."""

    text: str
    year: int | None
    month: int
    day: int | None
    end: int

    @property
    def possible(self) -> bool:
        if self.month not in _MONTHS:
            return False
        if self.day is None:
            return True
        leap_day = (self.month, self.day) == (2, 29)
        if leap_day and self.year is not None:
            return self.year % 4 == 0 and (self.year % 100 != 0 or self.year % 400 == 0)
        return 1 <= self.day <= _DAYS[self.month - 1]

    def order(self, year: int) -> tuple[int, int, int]:
        """For comparing: year, month, day; the year of the evaluation where none is printed."""
        return self.year or year, self.month, self.day or _DAYS[self.month - 1]


def _dates(text: str | None) -> list[_Printed]:
    found = []
    for match in judgement().date.finditer(text or ""):
        year, month, day = match["year"], int(match["month"]), match["day"]
        found.append(
            _Printed(match[0].strip(), int(year) if year else None, month, int(day) if day else None, match.end())
        )
    return found


def _texts(row: Indicator) -> tuple[tuple[str, str | None], ...]:
    return ("target_value", row.target_raw), ("actual_value", row.actual_raw)


@check(
    "impossible_date",
    "不存在的日期",
    "公历没有这样的日期",
    "warning",
)
def impossible_date(form: Form, rules: Rules) -> Iterator[Finding]:
    dated = [(row, column, one) for row in form.indicators for column, text in _texts(row) for one in _dates(text)]
    yield from judged(
        (
            remark(
                f"“{indicator_name(row)}”写有“{one.text}”，没有这样的日期。",
                indicator_cells(row, column),
                one.text,
            )
            for row, column, one in dated
            if not one.possible
        ),
        len(dated),
        "没有不存在的日期",
        "指标值与完成值中没有日期",
    )


@check(
    "overdue_full_score",
    "逾期完成而得满分",
    "财预〔2020〕10号：未按时完成的，按完成情况计分并说明原因",
    "warning",
)
def overdue_full_score(form: Form, rules: Rules) -> Iterator[Finding]:
    """12月底前 beside 次年3月: only where both sides print one date, and a year is known for both."""
    pairs = [(row, due[0], done[0]) for row in form.indicators if (due := _due(row)) and (done := _done(row))]
    year = form.evaluation.fiscal_year if form.evaluation else None
    late = [] if year is None else [(r, due, done) for r, due, done in pairs if done.order(year) > due.order(year)]
    yield from judged(
        (
            remark(
                f"“{indicator_name(row)}”指标值{row.target_raw}，实际{done.text}完成，已逾期，却得满分{in_points(row.score_raw)}。",
                indicator_cells(row, "target_value", "actual_value", "points", "score"),
                row.actual_raw,
                row.target_raw,
            )
            for row, _, done in late
            if has_full_marks(form, row)
        ),
        len(pairs),
        "没有逾期完成而得满分的指标",
        "没有以日期为期限的指标",
    )


def _due(row: Indicator) -> list[_Printed]:
    """The one date by which something is to be done."""
    text = row.target_raw or ""
    found = [one for one in _dates(text) if one.possible]
    if len(found) != 1:
        return []
    after = text[found[0].end :].lstrip()
    return found if not after or after.startswith(judgement().deadline) else []


def _done(row: Indicator) -> list[_Printed]:
    found = [one for one in _dates(row.actual_raw) if one.possible]
    return found if len(found) == 1 else []


@check(
    "period_backwards",
    "实施期起止",
    "实施期的开始日期不晚于结束日期，指标的期限在实施期之内",
    "warning",
)
def period_backwards(form: Form, rules: Rules) -> Iterator[Finding]:
    evaluation = form.evaluation
    begins, ends = (evaluation.period_start, evaluation.period_end) if evaluation else (None, None)
    if evaluation is None or begins is None or ends is None:
        yield from judged((), 0, "", "没有读到实施期的起止日期，实施期无法核对")
        return
    cells = tuple(Subject("evaluations", evaluation.ordinal, name) for name in ("period_start", "period_end"))
    if begins > ends:
        message = f"实施期自{_zh(begins)}至{_zh(ends)}，开始晚于结束。"
        yield remark(message, cells, f"{_zh(begins)}至{_zh(ends)}")
        return
    yield from judged(_outside(form, begins, ends), 1, "实施期的起止与指标的期限相容", "")


def _outside(form: Form, begins: date, ends: date) -> Iterator[Finding]:
    """Deadlines that name their year and do not lie in the period."""
    for row in form.indicators:
        for due in _due(row):
            if due.year is None:
                continue
            day = due.order(due.year)
            if not (begins.year, begins.month, 1) <= day <= (ends.year, ends.month, 31):
                message = f"“{indicator_name(row)}”的期限{due.text}不在实施期（{_zh(begins)}至{_zh(ends)}）之内。"
                yield remark(message, indicator_cells(row, "target_value"), row.target_raw)


@check(
    "year_of_title",
    "标题、名称与实施期的年度",
    "同一份自评的标题、项目名称、实施期说的是同一个年度",
    "warning",
)
def year_of_title(form: Form, rules: Rules) -> Iterator[Finding]:
    """Only one year in each: a project of several years names them all, and one carried over keeps its first year."""
    evaluation = form.evaluation
    stated = _stated_years(evaluation) if evaluation else {}
    if evaluation is None or len(stated) < 2:
        yield from judged((), 0, "", "标题、名称、实施期中没有两处写明年度，年度无法核对")
        return
    cells = tuple(Subject("evaluations", evaluation.ordinal, column) for column, _, _ in stated.values())
    apart = len({year for _, _, year in stated.values()}) > 1
    told = "，".join(f"{title}写{year}年" for _, title, year in stated.values())
    found = []
    if apart and _carried_over(form, stated):
        message = f"{told}，年度不一致，可能是上年结转、续建的项目。"
        found = [replace(remark(message, cells, told), severity="info")]
    elif apart:
        found = [remark(f"{told}，年度不一致，请核实。", cells, told)]
    yield from judged(found, len(stated), "年度一致", "")


def _carried_over(form: Form, stated: dict[str, tuple[str, str, int]]) -> bool:
    """Whether only the project's name has an earlier year, and the form or the name speaks of money carried over."""
    years = {column: year for column, _, year in stated.values()}
    named = years.pop("project_name", None)
    if named is None or len(set(years.values())) != 1 or named >= min(years.values()):
        return False
    name = form.evaluation.project_name if form.evaluation else None
    carried = any(
        row.source == "carryover" and (row.annual_budget_wanyuan or row.executed_wanyuan) for row in form.funding
    )
    return carried or any(word in (name or "") for word in judgement().carried_over)


def _stated_years(evaluation: Evaluation) -> dict[str, tuple[str, str, int]]:
    """The one year that each place states: column, what the place is called, year."""
    texts = {"title": ("标题", evaluation.title), "project_name": ("项目名称", evaluation.project_name)}
    found = {}
    for column, (title, text) in texts.items():
        years = set(_YEAR.findall(text or ""))
        if len(years) == 1:
            found[column] = (column, title, int(years.pop()))
    begins, ends = evaluation.period_start, evaluation.period_end
    if begins and ends and begins.year == ends.year:
        found["period_start"] = ("period_start", "实施期", begins.year)
    if "title" not in found and evaluation.fiscal_year:
        found["fiscal_year"] = ("fiscal_year", "表头年度", evaluation.fiscal_year)
    return found


def _zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
