"""Rows of the indicators and of their total (指标行与总分行)."""

from __future__ import annotations

from dataclasses import replace

from parsers.interpret.column import Column
from parsers.interpret.concepts import HEAD_KEYS
from parsers.interpret.drafting import Drafting
from parsers.interpret.facts import Facts
from parsers.interpret.recognise import is_figure, is_subtotal, is_total
from schemas.quantities import is_blank
from schemas.vocabulary import pattern, words

_NOTE_LINE = pattern("note_line")
_ENDS_INDICATORS = frozenset({*HEAD_KEYS, "grade", "note", "person", "report_date", "goal", "goal_expected", "funding"})


def is_total_row(facts: Facts) -> bool:
    """Whether the row states the total: its word leads the row, or follows the grade (评价等次 | 优 | 总分 | …).

    Without rules the word stands wherever the middle of its merged cell is, left of the points and the score.
    """
    assert facts.form is not None
    if _is_score_alone(facts):
        return True
    if _names_indicator(facts):
        return False
    label = next((slot for slot, key in zip(facts.filled, facts.keys, strict=True) if key == "total"), None)
    figures = [column.start for column in facts.form.indicator_columns if column.concept in ("points", "score")]
    if label is None or not figures:
        return facts.first == "total" and facts.filled[0].start <= facts.name_start
    before = [slot for slot in facts.filled if slot.start < label.start and not is_figure(slot.text)]
    known = not before or (facts.first == "grade" and len(before) == 2)
    reach = min(figures) if facts.row.grid.geometry == "slots" or before else facts.name_start + 1
    names_follow = max(figures) < facts.name_start
    return known and (label.start < reach or names_follow)


def _is_score_alone(facts: Facts) -> bool:
    """得分 | 97.7 and nothing else below the indicators."""
    texts = [slot.text for slot in facts.filled]
    return len(texts) == 2 and texts[0] in words("bare_total") and is_figure(texts[1])


def _names_indicator(facts: Facts) -> bool:
    """Whether a name of its own or a target stands in the row: no total then, whatever its first word."""
    if not facts.row.exact:
        return False
    scores = [column.start for part in facts.parts for column in part.columns if column.concept in ("points", "score")]
    texts = [
        slot.text
        for part in facts.parts
        for name in ("level3", "target")
        for slot in part.slots(name)
        if slot.own and not any(slot.start < start < slot.stop for start in scores)
    ]
    names = [text for text in texts if text and not is_figure(text) and not is_blank(text)]
    return any(facts.lexicon.key(text) is None and text not in facts.lexicon.grades for text in names)


def is_beyond_total(facts: Facts) -> bool:
    """A row of words below the form's total: the heads of another table that stands in the same grid."""
    assert facts.form is not None
    totals = facts.form.totals
    is_below = bool(totals) and totals[-1][0].grid is facts.row.grid
    first = facts.filled[0].text
    is_level = facts.lexicon.is_level(first)
    return is_below and len(facts.filled) > 1 and not (facts.figures or facts.pairs or is_level)


def is_note_line(facts: Facts) -> bool:
    """A note at the foot of a page that stands as a row among the indicators, over all their columns."""
    note = facts.filled[0]
    reaches = note.stop - note.start > 2 or not facts.row.exact
    return len(facts.filled) == 1 and reaches and _NOTE_LINE.fullmatch(note.text) is not None


def pass_over(_: Drafting, __: Facts) -> None:
    """A row that says nothing about the rows around it."""


def is_indicator_row(facts: Facts) -> bool:
    """Any row below the heads of indicators, but for one whose leading label ends them and that holds none."""
    leading = facts.filled[0].start <= facts.name_start
    return not (leading and facts.first in _ENDS_INDICATORS) or facts.holds_indicator


def take_indicators(drafting: Drafting, facts: Facts) -> None:
    """One row, or several that a dump glued together: indicators, totals without a label, subtotals."""
    form = drafting.need_form(facts.row.place)
    for part in facts.parts:
        if is_total(part):
            form.totals.append((part.row, form.indicator_columns))
        elif is_subtotal(part, facts.lexicon):
            form.subtotals.append((part.row, form.indicator_columns))
        else:
            form.indicators.append(part)


def is_reason_row(facts: Facts) -> bool:
    """The reason of the indicator above in a row of its own: 偏差原因及改进措施 | text, beside the levels."""
    form, label = facts.form, facts.filled[0]
    beside_levels = label.start > 0 or any(not slot.own for slot in facts.row.slots)
    heads_reason = len(facts.filled) == 2 and facts.lexicon.column(label.text) == "deviation"
    return heads_reason and beside_levels and form is not None and bool(form.indicators)


def take_reason(drafting: Drafting, facts: Facts) -> None:
    rows = drafting.need_form(facts.row.place).indicators
    label, reason = facts.filled
    column = Column(reason.start, reason.stop, "deviation", (label.text,))
    rows[-1] = replace(rows[-1], columns=(*rows[-1].columns, column), cells=(*rows[-1].cells, (reason,)))


def is_late_total(facts: Facts) -> bool:
    """A total that stands apart from the indicators, behind notes or a grade; another table has totals of its own."""
    form = facts.form
    if facts.first != "total" or form is None or not form.indicator_columns:
        return False
    return not form.totals or form.totals[-1][0].grid is facts.row.grid


def take_total(drafting: Drafting, facts: Facts) -> None:
    form = drafting.need_form(facts.row.place)
    form.totals.append((facts.row, form.indicator_columns))
