"""Checks of the points that sentences say were taken off: 共扣5.5分, 扣2分 beside 得98分 (正文中的扣分)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from pipeline.checks.config import Rules
from pipeline.checks.judged import judged
from pipeline.checks.model import Finding, Form, check
from pipeline.checks.prose_figures import ProseFigure, Said, own_label, sentence_before, sentences, words_before
from pipeline.checks.written import points_text
from schemas.decimals import ZERO
from schemas.judgement import judgement


@check(
    "prose_deduction",
    "正文中的扣分",
    "各项扣分之和等于共扣的分数；满分减去扣分等于总得分",
    "warning",
    cause="never",
)
def prose_deduction(form: Form, rules: Rules) -> Iterator[Finding]:
    """投入扣0.5分，过程扣2分，共扣2.5分, and what that leaves of the full marks; rules of scoring (每…扣…) are none."""
    told = sentences(form)
    spoken = [(group, told[:at]) for at, group in enumerate(told) if _deducted(group)]
    scores = [one for group in told for one in group if _is_total_score(one, rules)]
    odd = [finding for group, before in spoken for finding in _odd(group, before, scores, rules)]
    yield from judged(odd, len(spoken), "扣分与得分相符", "正文没有写明扣分")


def _deducted(group: Said) -> list[ProseFigure]:
    """The points that a sentence says were taken off; none where it tells how points are taken off."""
    if any(word in (group[0].amount.context or "") for word in judgement().ways_of_scoring):
        return []
    return [one for one in group if one.amount.measure == "deducted" and one.amount.unit == "point"]


def _is_total_score(one: ProseFigure, rules: Rules) -> bool:
    """Whether a figure is called the score of all, and is less than the full marks."""
    return own_label(one).endswith(judgement().total_scores) and _may_be_of_all(one, rules)


def _may_be_of_all(one: ProseFigure, rules: Rules) -> bool:
    """Whether a figure is a score of more than half of the full marks, and less than all."""
    return one.amount.measure == "score" and rules.usual_total > one.cell.value > rules.usual_total / 2


def _odd(group: Said, before: Sequence[Said], scores: Said, rules: Rules) -> Iterator[Finding]:
    deducted = _deducted(group)
    total, parts = _total_and_parts(group, deducted)
    if total is not None and not parts:
        parts = _deducted(beside) if (beside := sentence_before(before, group)) else []
    added = sum((one.cell.value for one in parts), ZERO)
    listed = "＋".join(f"{_of_what(one)}{one.cell.shown}" for one in parts)
    if total is not None and len(parts) > 1 and added != total.cell.value:
        yield Finding(
            "inconsistent",
            f"正文写明共扣{total.cell.shown}，所列各项扣分合计{points_text(added)}（{listed}），"
            f"差异{points_text(abs(total.cell.value - added))}。",
            (total.cell.ref, *(one.cell.ref for one in parts)),
            reported=total.cell.shown,
            expected=points_text(added),
            difference=total.cell.value - added,
            unit="分",
        )
    score = _score_of_all([*sentence_before(before, group), *group], rules)
    if score is None and total is not None and len({one.cell.value for one in scores}) == 1:
        score = scores[0]
    if score is None:
        return
    lost = rules.usual_total - score.cell.value
    said = total.cell.value if total is not None else added
    if said > lost or (total is not None and said < lost):
        shown = f"共扣{total.cell.shown}" if total is not None else f"扣分合计{points_text(added)}（{listed}）"
        yield Finding(
            "inconsistent",
            f"正文写明{shown}，总得分写为{score.cell.shown}，按满分{points_text(rules.usual_total)}计失"
            f"{points_text(lost)}，差异{points_text(abs(said - lost))}。",
            (score.cell.ref, *(one.cell.ref for one in ((total,) if total is not None else parts))),
            reported=score.cell.shown,
            expected=points_text(rules.usual_total - said),
            difference=said - lost,
            unit="分",
        )


def _of_what(one: ProseFigure) -> str:
    name = own_label(one)
    for verb in judgement().deducts:
        name = name.removesuffix(verb)
    return name


def _total_and_parts(group: Said, deducted: Said) -> tuple[ProseFigure | None, list[ProseFigure]]:
    """What was taken off in all, where the words say so (共扣; 扣2分，其中：…), and what for each."""
    words = words_before(group)
    summed = [one for one in deducted if judgement().called_total.search(words[group.index(one)])]
    if len(summed) == 1:
        return summed[0], [one for one in deducted if one is not summed[0]]
    rest = sum((one.cell.value for one in deducted[1:]), ZERO)
    is_sum = len(deducted) > 2 and rest == deducted[0].cell.value
    opened = is_sum or _opens_parts(words, group, deducted)
    return (deducted[0], list(deducted[1:])) if opened else (None, list(deducted))


def _opens_parts(words: Sequence[str], group: Said, deducted: Said) -> bool:
    """Whether the words behind the first deduction open its parts: 扣3.3分：…, 扣2分，其中：…."""
    behind = words[group.index(deducted[0]) + 1] if len(deducted) > 1 else ""
    return judgement().among.search(behind) is not None


def _score_of_all(said: Said, rules: Rules) -> ProseFigure | None:
    """The one score of the whole that sentences tell: more than half of the full marks, and not behind points."""
    behind_points = {two.cell.ref for one, two in pairwise(said) if one.amount.measure == "points"}
    scores = [one for one in said if _may_be_of_all(one, rules) and one.cell.ref not in behind_points]
    return scores[0] if len(scores) == 1 else None
