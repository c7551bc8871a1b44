"""Checks of the grade beside the score (评价等次的核对)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from parsers.interpret.prose_statements import grade_in
from pipeline.checks.config import Rules
from pipeline.checks.judged import judged
from pipeline.checks.model import Finding, Form, check, consistent, not_checkable
from pipeline.checks.printed import Printed, plain
from pipeline.checks.prose_figures import ProseFigure, Said, figures, sentences
from pipeline.checks.relation import Relation, Term
from schemas.decimals import HUNDRED, ZERO
from schemas.intervals import Interval
from schemas.lexicon import lexicon, normalise
from schemas.records import Evaluation, Subject

_LOWEST_WHOLE = 50
"""A score below, in a sentence, is rather that of a part."""


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
    if _of_several(form, evaluation):
        yield not_checkable("正文写有几个得分，等级与总得分不在一处，等次与得分无法核对。", (score.ref,))
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
    if _is_within(share, starts, index):
        message = f"总得分{score.shown}，评价等次“{evaluation.grade}”，相符。"
        yield consistent(message, (score.ref,), evaluation.grade, relations)
        return
    yield replace(
        _wrong_grade(f"总得分{score.shown}，评价等次填列", evaluation.grade, share, starts, rules),
        subjects=(Subject("evaluations", evaluation.ordinal, "grade"), score.ref),
        reported=f"{evaluation.grade}（{score.shown}）",
        relations=relations,
    )


def _is_within(share: Interval, starts: tuple[Decimal, ...], index: int) -> bool:
    """Whether a score, in percent, may be one of that grade."""
    upper = starts[index - 1] if index else None
    return share.high >= starts[index] and (upper is None or share.low <= upper)


def _wrong_grade(head: str, printed: str, share: Interval, starts: tuple[Decimal, ...], rules: Rules) -> Finding:
    """A grade that is not the score's: an error where no known place has such a standard."""
    percent = (share.low + share.high) / 2
    right = next(i for i, start in enumerate(starts) if percent >= start or i == len(starts) - 1)
    band = rules.grades[grade_index(printed, rules) or 0]
    possible = share.high >= band.low and share.low <= band.high
    zh = rules.grades[right].zh
    return Finding(
        "inconsistent",
        f"{head}“{printed}”，按{_band(starts, right)}为“{zh}”的标准应为“{zh}”，"
        f"{'请核对当地等次标准' if possible else '已知的各地标准均不至于此'}。",
        expected=zh,
        severity="warning" if possible else None,
    )


def _of_several(form: Form, evaluation: Evaluation) -> bool:
    """Whether score and grade were read in different places of a text that states several scores."""
    places = {cell.column: cell.locator for cell in evaluation.cells if cell.column in ("grade", "total_score")}
    scores = {one.cell.value for one in figures(form) if one.amount.measure == "score"}
    return len(scores) > 1 and len(set(places.values())) > 1


@check(
    "prose_grade",
    "正文中的得分与等级",
    "同一句中的得分与等级：优90—100、良80—90、中60—80、差60分以下（各地另有规定的见 rules.toml）",
    "error",
    cause="never",
    agrees="等次与得分",
)
def prose_grade(form: Form, rules: Rules) -> Iterator[Finding]:
    """自评得分88.4分，等级为优, of one of several projects; the score and grade of the whole are judged by `grade`."""
    evaluation = form.evaluation
    if evaluation is None:
        return
    starts = rules.grade_starts(evaluation.region)
    told = [pair for group in sentences(form) if (pair := _said_with_one_score(group, evaluation))]
    found = []
    for score, printed in told:
        index = grade_index(printed, rules)
        if index is not None and not _is_within(score.cell.interval, starts, index):
            head = f"正文{score.cell.name}写为{score.cell.shown}，等级写为"
            odd = _wrong_grade(head, printed, score.cell.interval, starts, rules)
            found.append(replace(odd, subjects=(score.cell.ref,), reported=f"{printed}（{score.cell.shown}）"))
    yield from judged(found, len(told), "各句中的得分与等级相符", "没有同时写明得分与等级的其他句子")


def _said_with_one_score(group: Said, evaluation: Evaluation) -> tuple[ProseFigure, str] | None:
    """The only number of points of a sentence with the grade it states, but for those of the whole."""
    points = [one for one in group if one.amount.unit == "point"]
    if len(points) != 1 or points[0].amount.measure != "score" or points[0].cell.value < _LOWEST_WHOLE:
        return None
    printed = grade_in(points[0].amount.context or "", lexicon())
    is_of_whole = (printed, points[0].cell.value) == (evaluation.grade, evaluation.total_score)
    return (points[0], printed) if printed and not is_of_whole else None


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
