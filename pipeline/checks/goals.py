"""Checks of the goal cells: what a form says it wanted and did, figure by figure (总体目标栏的核对)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from parsers.document import Paragraph, Place
from parsers.interpret.identity import owned
from parsers.interpret.prose import amount_records, read_amounts
from pipeline.checks.config import Rules
from pipeline.checks.counted_rates import counted_rate
from pipeline.checks.model import Finding, Form, check, consistent, not_checkable
from pipeline.checks.prose_bounds import prose_bound
from pipeline.checks.prose_changes import plan_rate, prose_change
from pipeline.checks.prose_figures import figures
from pipeline.checks.prose_lists import prose_list
from pipeline.checks.prose_products import prose_product
from pipeline.checks.prose_shares import prose_share
from pipeline.checks.prose_sums import prose_composition, totals_and_parts
from pipeline.checks.sums import sum_finding
from schemas.records import Amount, Evaluation, Subject

_JUDGED = (prose_product, prose_change, counted_rate, plan_rate, prose_list, prose_bound)
"""Rules of sentences whose findings are only odd, here as there."""
_TITLES = {"goal_expected": "预期目标", "goal_actual": "目标实际完成情况"}


@check(
    "goal_composition",
    "目标栏中的分项与总数",
    "目标与完成情况中“其中：……”各项不超过总数，“共计”等于各项之和，占比等于该项÷总数；单价×数量＝总额，前后两数与增减相符",
    "error",
)
def goal_composition(form: Form, rules: Rules) -> Iterator[Finding]:
    """The rules for compositions in sentences, on the text of the goal cells; where in the cell the message tells."""
    evaluation = form.evaluation
    texts = [(column, text) for column in _TITLES if evaluation and (text := getattr(evaluation, column))]
    if evaluation is None or not texts:
        yield not_checkable("没有读到总体目标，目标栏无法核对。")
        return
    odd = [finding for column, text in texts for finding in _odd(form, evaluation, column, text, rules)]
    odd += _short_beside_whole(form, evaluation, texts)
    yield from odd
    if not odd:
        yield consistent("总体目标栏中的分项与总数没有矛盾。")


def _odd(form: Form, evaluation: Evaluation, column: str, text: str, rules: Rules) -> Iterator[Finding]:
    amounts = goal_amounts(evaluation, column, text)
    # Money of these cells is among the amounts of the form, whose lists are checked there.
    counted = [amount for amount in amounts if amount.unit != "wanyuan"]
    for judge, spoken in ((prose_composition, counted), (prose_share, amounts), *((rule, amounts) for rule in _JUDGED)):
        for finding in judge(replace(form, amounts=tuple(spoken), sections=()), rules):
            if finding.outcome == "inconsistent":
                place = (Subject("evaluations", evaluation.ordinal, column),)
                severity = "warning" if judge in _JUDGED else finding.severity
                message = f"{_TITLES[column]}中{finding.message}"
                yield replace(finding, message=message, subjects=place, relations=(), severity=severity)


def _short_beside_whole(form: Form, evaluation: Evaluation, texts: Sequence[tuple[str, str]]) -> Iterator[Finding]:
    """A list that lacks something, while the other cell lists the same things and they are all of its total."""
    lists = [
        (column, names, sum_finding(total.cell, [part.cell for part in parts], "warning", verb="写为"))
        for column, text in texts
        for total, parts in totals_and_parts(figures(replace(form, amounts=goal_amounts(evaluation, column, text))))
        if len(names := tuple(part.amount.label.rpartition("/")[2] for part in parts)) > 1
    ]
    whole = {(column, names) for column, names, finding in lists if finding.outcome == "consistent"}
    for column, names, finding in lists:
        lacks = finding.outcome == "inconsistent" and finding.severity == "warning"
        if lacks and any(other != column and names == listed for other, listed in whole):
            place = (Subject("evaluations", evaluation.ordinal, column),)
            message = f"{_TITLES[column]}中{finding.message.removesuffix('。')}；另一栏所列相同各项合计等于总数。"
            yield replace(finding, message=message, subjects=place, relations=())


def goal_amounts(evaluation: Evaluation, column: str, text: str) -> tuple[Amount, ...]:
    """The figures of a goal cell, read as sentences are; their places are lines of the cell."""
    paragraphs = [Paragraph(line, Place(f"{column} {at}")) for at, line in enumerate(text.split("\n"))]
    drafts = read_amounts(paragraphs, evaluation.fiscal_year)
    return owned(amount_records(drafts), count(), evaluation.document_id, evaluation.evaluation_id)
