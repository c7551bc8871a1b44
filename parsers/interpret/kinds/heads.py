"""Rows of titles, heads of tables, and of the head and tail of a form (标题、列标题、表头与表尾的行)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, zip_longest

from parsers.document import Paragraph
from parsers.interpret.concepts import HEAD_KEYS
from parsers.interpret.drafting import Drafting
from parsers.interpret.drafts import HeadItem
from parsers.interpret.facts import Facts
from parsers.interpret.header_rows import heads_over, is_funding_header, is_indicator_header
from parsers.interpret.pairs import inline_pairs
from parsers.interpret.recognise import HEAD_LINE, has_number, is_title, names_table
from parsers.interpret.rows import Row
from parsers.interpret.titles import glued_title
from schemas.lexicon import squeeze
from schemas.units import is_money_unit, stated_money_unit
from schemas.vocabulary import pattern

_TAIL_TOTAL = 3
"""Filled cells of the longest row 合计 that can be a form's score: label, points, score."""
_FEWEST_MARKS = 3
_NOT_IN_TAIL = frozenset({None, "note", "side", "funding", "goal"})
_SCORED_HEADS = frozenset({"execution_rate", "points", "score", "initial_budget"})
_YEAR_ALONE = pattern("year_alone")
_UNIT_LABELS = ("单位", "金额单位")


def always(_: Facts) -> bool:
    return True


def nothing(_: Drafting, __: Facts) -> None:
    """The row says nothing that is kept."""


# -- titles -----------------------------------------------------------------------------------------------------


def _alone_at_the_edge(facts: Facts) -> bool:
    """One cell, and not one that only continues a goal or an indicator."""
    if facts.alone is None:
        return False
    continues = facts.state in ("goal", "indicators") and facts.alone.start > 0 and facts.row.exact
    return not continues


def is_title_row(facts: Facts) -> bool:
    slot = facts.alone
    if slot is None or not _alone_at_the_edge(facts):
        return False
    text = slot.text[: glued_title(slot.text) or None]
    return is_title(squeeze(text), facts.lexicon) or (slot.start == 0 and names_table(text, facts.lexicon))


def take_title(drafting: Drafting, facts: Facts) -> None:
    """The title opens a context; a score behind it in the same cell is a line of its own."""
    drafting.open_context()
    line = _line(facts)
    context, end = drafting.context, glued_title(line.text)
    title = replace(line, text=line.text[:end].rstrip()) if end else line
    context.titles.append(title)
    context.lines.append(title)
    if end:
        _keep_head_line(drafting, facts, replace(line, text=line.text[end:].strip("()（）")))


def is_head_line(facts: Facts) -> bool:
    """A line of the head in a cell, or its year and its unit in two: `（2022年度）`, `单位：万元`."""
    if facts.context.has_body:
        return False
    if facts.alone is None:
        return _is_year_beside_unit(facts)
    return _alone_at_the_edge(facts) and len(facts.alone.text) <= HEAD_LINE and not facts.keys[0]


def _is_year_beside_unit(facts: Facts) -> bool:
    texts = [slot.text for slot in facts.filled]
    return len(texts) == 2 and _YEAR_ALONE.fullmatch(texts[0]) is not None and _states_unit(texts[1])


def _states_unit(text: str) -> bool:
    """Whether a cell says in what unit the money below is: 单位：万元, （金额单位：元）."""
    return text.lstrip("(（").startswith(_UNIT_LABELS) and stated_money_unit(text) is not None


def take_head_line(drafting: Drafting, facts: Facts) -> None:
    for slot in facts.filled:
        _keep_head_line(drafting, facts, Paragraph(slot.cell.text, facts.row.place))


def _keep_head_line(drafting: Drafting, facts: Facts, line: Paragraph) -> None:
    drafting.context.head_lines.append(line)
    pairs = inline_pairs(line.text, facts.lexicon)
    drafting.context.head.extend(HeadItem(pair, facts.row.place, facts.row) for pair in pairs)


def _line(facts: Facts) -> Paragraph:
    assert facts.alone is not None
    return Paragraph(facts.alone.cell.text, facts.row.place)


# -- heads of tables --------------------------------------------------------------------------------------------


def continues_heads(facts: Facts) -> bool:
    """`close_header` has ended the state where the row does not belong to the heads above it."""
    return facts.state == "heads"


def take_more_heads(drafting: Drafting, facts: Facts) -> None:
    drafting.header.append(facts.row)


def heads_spending(facts: Facts) -> bool:
    """Spending by content is no funding but a table of figures: 支出内容 | 计划支出数 | 实际支出数.

    With rates, points or an initial budget beside them they are the lines of the funding block.
    """
    scored = _SCORED_HEADS & set(facts.heads)
    return "spending_label" in facts.heads and len(facts.filled) > 1 and not (facts.figures or scored)


def take_spending_heads(drafting: Drafting, facts: Facts) -> None:
    drafting.state = "figures"
    drafting.context.loose.append(facts.row)


def heads_projects(facts: Facts) -> bool:
    """A list of projects with a score each is no form: 序号 | 项目名称 | 全年预算数 | 自评得分."""
    numbered = facts.heads[:1] == ("sequence",) and "project_name" in facts.keys
    return numbered and "score" in facts.heads and not facts.figures


def heads_indicators(facts: Facts) -> bool:
    return is_indicator_header(facts.row, facts.lexicon)


def take_indicator_heads(drafting: Drafting, facts: Facts) -> None:
    loose = drafting.context.loose
    upper = loose.pop() if loose and heads_over(loose[-1], facts.row, facts.lexicon) else None
    section = loose.pop() if loose and _names_section(loose[-1], facts) else None
    drafting.start_header(upper or facts.row, "indicators", section)
    if upper is not None:
        drafting.header.append(facts.row)


def _names_section(row: Row, facts: Facts) -> bool:
    """Whether a row right above heads has nothing but the name of their level 1 (二、履职效能（60分）)."""
    right_above = row.grid is facts.row.grid and row.index == facts.row.index - 1
    return right_above and len(row.filled) == 1 and facts.lexicon.section_label(row.filled[0].text) is not None


def heads_funding(facts: Facts) -> bool:
    has_values = facts.figures or any(pair.value for pair in facts.money_pairs)
    return is_funding_header(facts.row, facts.lexicon) and not has_values


def take_funding_heads(drafting: Drafting, facts: Facts) -> None:
    drafting.start_header(facts.row, "funding")


def numbers_columns(facts: Facts) -> bool:
    """A row that numbers the columns: 列次 | 1 | 2 | 3, or A | B | C=A-B."""
    texts = [slot.text for slot in facts.filled]
    labelled = facts.lexicon.counts_columns(texts[0])
    marks = texts[1:] if labelled or not facts.lexicon.is_column_mark(texts[0]) else texts
    if len(marks) < _FEWEST_MARKS or not all(facts.lexicon.is_column_mark(text) for text in marks):
        return False
    return labelled or _one_by_one(marks)


def take_column_numbers(drafting: Drafting, facts: Facts) -> None:
    """Under funding heads the row may say that a budget is worked out from the one before it (C=A-B)."""
    form = facts.form
    if form is None or facts.state != "funding":
        return
    derived = [slot.start for slot in facts.filled if facts.lexicon.is_derived(slot.text)]
    worked_out = [c for c in form.funding_columns if any(c.start <= start < c.stop for start in derived)]
    meaning = {c.start: "other_money" for c in worked_out if c.concept == "unknown"}
    under = [c for c in worked_out if c.concept == "annual_budget"]
    first = [c for c in form.funding_columns if c.concept == "initial_budget" and c.inferred]
    if under and first:
        meaning |= {first[0].start: "annual_budget", under[0].start: "other_money"}
    columns = (replace(c, concept=meaning.get(c.start, c.concept)) for c in form.funding_columns)
    form.funding_columns = tuple(columns)


def _one_by_one(marks: list[str]) -> bool:
    """Whether marks count on by one; letters do so by their places in the alphabet."""
    numbers = [int(mark) if mark.isdecimal() else ord(mark[0]) for mark in (text.strip("()（）") for text in marks)]
    return all(after == before + 1 for before, after in pairwise(numbers))


# -- head and tail of a form ------------------------------------------------------------------------------------


def is_head_row(facts: Facts) -> bool:
    return facts.names_head


def take_head(drafting: Drafting, facts: Facts) -> None:
    """Labels of a head below a form with a body begin the next form."""
    if drafting.form is not None and drafting.form.has_body:
        drafting.form = None
    drafting.state = "open"
    if any(pair.concept in HEAD_KEYS for pair in facts.pairs):
        form = drafting.need_form(facts.row.place)
        form.head.extend(_items(facts))
        form.lines.extend(_unit_lines(facts))


def _unit_lines(facts: Facts) -> Iterator[str]:
    """What a row of the head says of the unit of money, in one cell or beside its label (资金单位 | 元)."""
    for slot, following in zip_longest(facts.filled, facts.filled[1:]):
        if slot.text.startswith(_UNIT_LABELS):
            yield slot.text
        if following and slot.text.endswith(_UNIT_LABELS) and is_money_unit(following.text):
            yield following.text


def is_tail_row(facts: Facts) -> bool:
    return bool(facts.pairs) and facts.first not in _NOT_IN_TAIL and not _heads_parts(facts)


def _heads_parts(facts: Facts) -> bool:
    """小计 | 人员支出 | 公用支出 right below heads of another table: the parts of one of them."""
    above = facts.context.loose[-1] if facts.context.loose else None
    below_heads = above is not None and above.grid is facts.row.grid and not has_number(above)
    return facts.first in ("total", "subtotal") and len(facts.filled) > 1 and not facts.figures and below_heads


def take_tail(drafting: Drafting, facts: Facts) -> None:
    if drafting.form is not None:
        drafting.form.head.extend(_items(facts))
        if any(pair.concept in {"total", "grade"} for pair in facts.pairs):
            drafting.state = "open"
    else:
        drafting.context.head.extend(_items(facts))
    if not any(pair.value for pair in facts.pairs if pair.concept != "person"):
        drafting.state = "open"


def _items(facts: Facts) -> list[HeadItem]:
    return [HeadItem(pair, facts.row.place, facts.row) for pair in facts.pairs]


def is_note(facts: Facts) -> bool:
    return facts.first in ("note", "person")


def take_note(drafting: Drafting, _: Facts) -> None:
    drafting.state = "open"


# -- rows of other tables ---------------------------------------------------------------------------------------


def is_figures_row(facts: Facts) -> bool:
    return facts.first not in HEAD_KEYS and facts.figures > 0


def is_total_of_figures(facts: Facts) -> bool:
    """合计 with several figures, or below rows of figures, is the last row of some other table, not the score."""
    if facts.first != "total":
        return False
    above = facts.context.loose[-1] if facts.context.loose else None
    below_figures = above is not None and above.grid is facts.row.grid and has_number(above)
    told_in_words = facts.figures == 0 and any(pair.concept == "grade" for pair in facts.pairs)
    several = len(facts.filled) > _TAIL_TOTAL and not told_in_words
    return several or (below_figures and facts.figures > 0)


def take_loose(drafting: Drafting, facts: Facts) -> None:
    drafting.context.loose.append(facts.row)
