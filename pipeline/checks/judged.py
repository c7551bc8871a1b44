"""What the checks of single rows share: a result for every form, whatever was found (逐项核对的结果)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pipeline.checks.model import Finding, Form, consistent, not_checkable
from schemas.records import FundingRow, Indicator, Subject
from schemas.units import unit_at_end


def indicator_cells(row: Indicator, *columns: str) -> tuple[Subject, ...]:
    """Cells of an indicator's row."""
    return tuple(Subject("indicators", row.ordinal, column) for column in columns)


def judged(found: Iterable[Finding], looked_at: int, fine: str, nothing: str) -> Iterator[Finding]:
    """The findings; without any, how many values were looked at and that they are fine, or why none could be."""
    findings = list(found)
    yield from findings
    if findings:
        return
    if looked_at:
        yield consistent(f"已核对{looked_at}项，{fine}。")
    else:
        yield not_checkable(f"{nothing}。")


def remark(message: str, subjects: tuple[Subject, ...], reported: str | None, expected: str | None = None) -> Finding:
    """Something odd about some cells, without a number to set against them."""
    return Finding("inconsistent", message, subjects, reported=reported, expected=expected)


def total_row(form: Form) -> FundingRow | None:
    """The one total line of the funding table."""
    totals = [row for row in form.funding if row.role == "total"]
    return totals[0] if len(totals) == 1 else None


def in_points(raw: str | None) -> str:
    """A printed score for a sentence: 10分."""
    text = (raw or "").strip()
    return text if not text or unit_at_end(text) else f"{text}分"


def lost_points(form: Form, row: Indicator) -> bool:
    """Whether an indicator has less than its points."""
    points, score = (form.cell("indicators", row.ordinal, column) for column in ("points", "score"))
    return bool(points and score and score.interval.high < points.interval.low)


def has_full_marks(form: Form, row: Indicator) -> bool:
    """Whether an indicator got all its points."""
    points, score = (form.cell("indicators", row.ordinal, column) for column in ("points", "score"))
    return bool(points and score and points.value > 0 and score.interval.high >= points.interval.low)
