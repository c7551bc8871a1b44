"""Amounts told in the text of a cell: 本项目申请预算资金90万元。其中：30万元用于…… (格内文字里的金额)."""

from __future__ import annotations

from collections.abc import Sequence

from parsers.document import Paragraph
from parsers.interpret.drafts import FormDraft, GoalCell
from parsers.interpret.prose import amount_records, read_amounts
from schemas.records import Amount


def told_amounts(form: FormDraft, year: int | None) -> list[Amount]:
    """The amounts told of the funds, and the money in the goals with its composition; what the goals count stays in
    their text."""
    goals = (draft for draft in read_amounts(_paragraphs(form.goals), year) if draft.quantity.unit == "wanyuan")
    return amount_records([*read_amounts(form.told_funds, year), *goals])


def _paragraphs(cells: Sequence[GoalCell]) -> list[Paragraph]:
    return [Paragraph(cell.text, cell.place) for cell in cells]
