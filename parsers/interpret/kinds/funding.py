"""Rows of the funding block (资金块的行)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from parsers.interpret.align import DOUBTFUL, Assigned
from parsers.interpret.columns import Column, header_columns
from parsers.interpret.concepts import MONEY_COLUMNS
from parsers.interpret.drafting import Drafting
from parsers.interpret.drafts import FormDraft, FundingLine, SideAmount
from parsers.interpret.facts import HEAD_KEYS, Facts
from parsers.interpret.recognise import MoneyPair, has_number, label_columns
from parsers.interpret.rows import Row, Slot
from schemas.vocabulary import names_any

_MOST_UNKNOWN_HEADS = 2
_FEWEST_HEADS = 3


# -- under heads ------------------------------------------------------------------------------------------------


def is_funding_line(facts: Facts) -> bool:
    label = facts.funding_label
    return facts.lexicon.knows_source(label) or (facts.has_money and facts.lexicon.key(label) not in HEAD_KEYS)


def take_funding_line(drafting: Drafting, facts: Facts) -> None:
    form = drafting.need_form(facts.row.place)
    form.funding_block.append(facts.row)
    label = facts.funding_label or _head_of_sum(facts)
    form.funding.append(FundingLine(facts.funding, label))


def _head_of_sum(facts: Facts) -> str:
    """Of a line without a label, under sources side by side, the head of their sum."""
    sums = [
        column.path[-1] for column in facts.funding.columns if column.concept == "annual_budget" and column.inferred
    ]
    return sums[0] if sums and facts.lexicon.is_funding_total(sums[0]) else ""


def is_side_amounts(facts: Facts) -> bool:
    """`按收入性质分：100 | 按支出性质分：100`, `其中：一般公共预算：80 | 其中：基本支出：60`."""
    return bool(facts.side_amounts)


def take_side_amounts(drafting: Drafting, facts: Facts) -> None:
    form = drafting.need_form(facts.row.place)
    form.funding_block.append(facts.row)
    amounts = facts.side_amounts
    heads_sides = any(names_any("funding_side", label) for _, label, _ in amounts)
    if heads_sides:
        drafting.sides = [(slot.start, label) for slot, label, _ in amounts]
    for slot, label, value in amounts:
        side = max((s for s in drafting.sides if s[0] <= slot.start), default=(0, ""))[1]
        names = (label, "") if heads_sides else (side, label)
        form.side_amounts.append(SideAmount(*names, value, slot, facts.row))


# -- without heads of their own ---------------------------------------------------------------------------------


def is_pairs(facts: Facts) -> bool:
    """Money as labels and values: `预算数： | 100 | 执行数： | 98`, then `其中-财政拨款： | 80 | …`.

    The first row stands beside the block's side label; the rows below keep its order of columns.
    """
    pairs = facts.money_pairs
    if not any(pair.value for pair in pairs):
        # Sources whose amounts were left open, below such a row.
        return bool(facts.pair_concepts) and bool(pairs) and not any(facts.money_concepts)
    heads = len(pairs) > 1 and facts.heads_money_pairs
    beside = any(facts.lexicon.key(slot.text) == "funding" for slot in facts.row.slots)
    return heads or beside or bool(facts.pair_concepts)


def take_pairs(drafting: Drafting, facts: Facts) -> None:
    starts = [pair.label.start for pair in facts.money_pairs]
    if _heads_pairs_anew(facts):
        drafting.pair_concepts = dict(zip(starts, facts.money_concepts, strict=True))
    elif not drafting.pair_concepts:
        # A declaration states one figure a line: the budget of the year.
        drafting.pair_concepts = {starts[0]: "annual_budget"}
    form = drafting.need_form(facts.row.place)
    form.lines.extend(drafting.lines)
    named = _named(facts, drafting.pair_concepts)
    label = next((pair.label for concept, pair in named if concept in MONEY_COLUMNS), facts.money_pairs[0].label)
    heads = {column.concept: column.path for column in form.funding_columns}
    assigned = _in_order(facts.row, label, named, heads)
    form.funding_columns = form.funding_columns or assigned.columns
    form.funding_block.append(facts.row)
    above = form.funding[-1] if form.funding else None
    if above is not None and _goes_on(facts, above):
        form.funding[-1] = replace(above, assigned=_with_more(above.assigned, assigned))
    else:
        form.funding.append(FundingLine(assigned, label.text))


def _goes_on(facts: Facts, above: FundingLine) -> bool:
    """Whether a row of pairs right below others only has rates of theirs: 执行率 | 95% | 结余 | 2."""
    concepts = set(facts.money_concepts)
    beside = above.assigned.row.grid is facts.row.grid and above.assigned.row.index == facts.row.index - 1
    new = not concepts & {column.concept for column in above.assigned.columns}
    return beside and new and facts.heads_money_pairs and not concepts & set(MONEY_COLUMNS)


def _with_more(above: Assigned, below: Assigned) -> Assigned:
    return replace(above, columns=above.columns + below.columns[1:], cells=above.cells + below.cells[1:])


def _heads_pairs_anew(facts: Facts) -> bool:
    """Whether a row of pairs names what its figures are; below such a row 上年结转资金 is the name of a source."""
    sources = [pair.label.text for pair in facts.money_pairs if facts.lexicon.knows_source(pair.label.text)]
    only_sources = len(sources) == len(facts.money_pairs) and not any(map(facts.lexicon.is_funding_total, sources))
    return facts.heads_money_pairs and not (facts.pair_concepts and only_sources)


def _named(facts: Facts, concepts: Mapping[int, str]) -> list[tuple[str, MoneyPair]]:
    """A row's pairs with what the first row of pairs named them.

    A row with fewer pairs has each below the last that begins no further right.
    """
    pairs = facts.money_pairs
    if len(pairs) < len(concepts):
        return [(_above(pair.label, concepts), pair) for pair in pairs]
    return list(zip(concepts.values(), pairs, strict=False))


def _in_order(
    row: Row, label: Slot, named: Sequence[tuple[str, MoneyPair]], heads: Mapping[str, tuple[str, ...]]
) -> Assigned:
    """The values of a row's pairs under the concepts that the first row of pairs named; its labels are their heads."""
    columns = [Column(label.start, label.stop, "label", ())]
    cells: list[tuple[Slot, ...]] = [(label,)]
    for concept, pair in named:
        start = pair.value.start if pair.value else label.stop
        columns.append(Column(start, start + 1, concept, (*heads.get(concept, ()), pair.label.text)))
        cells.append((pair.value,) if pair.value else ())
    return Assigned(row, tuple(columns), tuple(cells), certain=DOUBTFUL if _repeats_label(row, named) else 1.0)


def _repeats_label(row: Row, named: Sequence[tuple[str, MoneyPair]]) -> bool:
    """Whether a label stands twice side by side, so that a cell was doubled and the figures behind it moved."""
    pairs = [pair for _, pair in named]
    return row.grid.geometry == "spans" and any(
        left.value is None and left.label.text == right.label.text and left.label.stop == right.label.start
        for left, right in pairwise(pairs)
    )


def _above(label: Slot, concepts: Mapping[int, str]) -> str:
    return concepts[max((start for start in concepts if start <= label.start), default=min(concepts))]


def is_bare(facts: Facts) -> bool:
    """`年度资金总额 | 100 | 98 | …` under heads nobody listed: a funding block all the same, its heads reported."""
    totals = [slot.text for slot in facts.filled if facts.lexicon.is_funding_total(slot.text)]
    whole = any(names_any("funding_whole", text) for text in totals)
    if facts.form is None or facts.form.funding or not whole or facts.figures < 2:
        return False
    heads = _unknown_heads(facts)
    return bool(heads) and len(heads[-1].filled) >= _FEWEST_HEADS and is_funding_line(_under(facts, heads))


def take_bare(drafting: Drafting, facts: Facts) -> None:
    heads = _unknown_heads(facts)
    del drafting.context.loose[-len(heads) :]
    form = drafting.need_form(facts.row.place)
    found = _under(facts, heads)
    assert found.form is not None
    form.funding_columns, form.funding_width = found.form.funding_columns, found.form.funding_width
    form.funding_block.extend(heads)
    drafting.state = "funding"
    take_funding_line(drafting, found)


def _unknown_heads(facts: Facts) -> list[Row]:
    """The rows of words right above, at most two, that were taken for nothing."""
    heads: list[Row] = []
    for row in reversed(facts.context.loose[-_MOST_UNKNOWN_HEADS:]):
        if row.grid is not facts.row.grid or has_number(row):
            break
        heads.insert(0, row)
    return heads


def _under(facts: Facts, heads: list[Row]) -> Facts:
    """The facts as they are with those heads over the row."""
    columns = label_columns(header_columns(heads, facts.lexicon))
    form = FormDraft(facts.row.place, funding_columns=columns, funding_width=facts.row.grid.n_cols)
    return replace(facts, form=form)
