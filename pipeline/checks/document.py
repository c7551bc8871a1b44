"""Checks of the document's head and prose against the form (文件层面的核对)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from pipeline.checks.config import Rules
from pipeline.checks.model import Finding, Form, check, consistent, not_checkable
from schemas.records import Subject


@check(
    "report_date",
    "填报日期与预算年度",
    "财预〔2020〕10号：绩效自评在预算年度终了后进行",
    "warning",
)
def report_date(form: Form, rules: Rules) -> Iterator[Finding]:
    evaluation = form.evaluation
    if evaluation is None:
        return
    subjects = tuple(Subject("evaluations", evaluation.ordinal, column) for column in ("report_date", "fiscal_year"))
    if evaluation.report_date is None or evaluation.fiscal_year is None:
        missing = "填报日期" if evaluation.report_date is None else "预算年度"
        yield not_checkable(f"没有读到{missing}，填报日期与预算年度无法核对。")
        return
    month, day = rules.year_end
    end = date(evaluation.fiscal_year, month, day)
    shown = _shown(evaluation.report_date)
    if evaluation.report_date >= end:
        yield consistent(f"填报日期{shown}在{evaluation.fiscal_year}年度终了之后。", subjects, shown)
        return
    days = (end - evaluation.report_date).days
    years_before = evaluation.report_date.year < evaluation.fiscal_year - 1
    if years_before:  # nobody dates a form so: it is rather that of another part of the file
        message = f"读到的日期{shown}早于{evaluation.fiscal_year}年度一年以上，可能不是本表的填报日期，请核对原文。"
    else:
        message = (
            f"填报日期{shown}早于{evaluation.fiscal_year}年度终了（{_shown(end)}）{days}天，当年执行结果此时尚未产生。"
        )
    yield Finding(
        "inconsistent",
        message,
        subjects,
        reported=shown,
        expected=f"{_shown(end)}之后",
        severity="info" if years_before else None,
    )


def _shown(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"
