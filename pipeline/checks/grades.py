"""Checks of the grade beside the score (评价等次的核对)."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from pipeline.checks.config import Rules
from pipeline.checks.model import Finding, Form, check, consistent, not_checkable
from pipeline.checks.printed import Printed, plain
from pipeline.checks.relation import HUNDRED, ZERO, Relation, Term
from schemas.lexicon import normalise
from schemas.records import Subject


@check(
    "grade",
    "评价等次与得分",
    "财预〔2020〕10号：优90—100、良80—90、中60—80、差60分以下（各地另有规定的见 rules.toml）",
    "error",
    agrees="等次与得分",
)
def grade(form: Form, rules: Rules) -> Iterator[Finding]:
    """Outside every known band of the grade: error. Inside, but not the region's band: warning, cut-offs differ."""
    evaluation = form.evaluation
    if evaluation is None:
        return
    score = form.cell("evaluations", evaluation.ordinal, "total_score")
    if not evaluation.grade or score is None:
        missing = "评价等次" if not evaluation.grade else "总得分"
        yield not_checkable(f"没有读到{missing}，等次与得分无法核对。")
        return
    index = grade_index(evaluation.grade, rules)
    if index is None:
        yield not_checkable(f"评价等次“{evaluation.grade}”不在词表里，等次与得分无法核对。", (score.ref,))
        return
    points = form.cell("evaluations", evaluation.ordinal, "total_points")
    full = points.value if points and points.value > 0 else rules.usual_total
    share = score.interval.scale(HUNDRED / full)
    starts = rules.grade_starts(evaluation.region)
    relations = (_grade_relation(evaluation.ordinal, score, points, starts),)
    upper = starts[index - 1] if index else None
    if share.high >= starts[index] and (upper is None or share.low <= upper):
        message = f"总得分{score.shown}，评价等次“{evaluation.grade}”，相符。"
        yield consistent(message, (score.ref,), evaluation.grade, relations)
        return
    percent = score.value * HUNDRED / full
    right = next(i for i, start in enumerate(starts) if percent >= start or i == len(starts) - 1)
    band = rules.grades[index]
    possible = share.high >= band.low and share.low <= band.high
    yield Finding(
        "inconsistent",
        f"总得分{score.shown}，评价等次填列“{evaluation.grade}”，按{_band(starts, right)}为“{rules.grades[right].zh}”的"
        f"标准应为“{rules.grades[right].zh}”，{'请核对当地等次标准' if possible else '已知的各地标准均不至于此'}。",
        (Subject("evaluations", evaluation.ordinal, "grade"), score.ref),
        reported=f"{evaluation.grade}（{score.shown}）",
        expected=rules.grades[right].zh,
        severity="warning" if possible else None,
        relations=relations,
    )


def _band(starts: tuple[Decimal, ...], index: int) -> str:
    """The scores of a grade in words: 80分（含）至90分."""
    if index == 0:
        return f"{plain(starts[0])}分（含）以上"
    upper = f"{plain(starts[index - 1])}分"
    return f"不足{upper}" if starts[index] == ZERO else f"{plain(starts[index])}分（含）至{upper}"


def _grade_relation(ordinal: int, score: Printed, points: Printed | None, starts: tuple[Decimal, ...]) -> Relation:
    option = (Term(score.ref), *((Term(points.ref),) if points else ()))
    return Relation("grade", Subject("evaluations", ordinal, "grade"), (option,), bounds=starts)


def grade_index(printed: str, rules: Rules) -> int | None:
    """Which grade a printed word is; the longest word found in it decides (不合格 before 合格)."""
    text = normalise(printed)
    found = [(len(word), i) for i, entry in enumerate(rules.grades) for word in entry.words if word in text]
    return max(found)[1] if found else None
