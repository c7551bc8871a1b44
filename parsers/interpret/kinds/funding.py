"""Rows of the funding block (资金块的行)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from parsers.document import Paragraph
from parsers.interpret.align import DOUBTFUL, Assigned
from parsers.interpret.column import Column
from parsers.interpret.columns import header_columns
from parsers.interpret.concepts import HEAD_KEYS, MONEY_COLUMNS
from parsers.interpret.drafting import Drafting
from parsers.interpret.drafts import FormDraft, FundingLine, HeadItem, SideAmount
from parsers.interpret.facts import Facts
from parsers.interpret.pairs import LabelledValue
from parsers.interpret.prose import AmountDraft, read_amounts
from parsers.interpret.recognise import MoneyPair, has_number, label_columns, pair_concept
from parsers.interpret.rows import Row, Slot
from schemas.quantities import parse_points
from schemas.vocabulary import names_any

_RATES = frozenset({"execution_rate", "other_rate", "points", "score"})
_MOST_FOR_EXECUTION = 30
"""Points that the execution of the budget is worth at the most; more is the score of the whole form."""
_MOST_UNKNOWN_HEADS = 2
_FEWEST_HEADS = 3
_FEWEST_TOLD = 2


# -- under heads ------------------------------------------------------------------------------------------------


def is_funding_line(facts: Facts) -> bool:
    label = facts.funding_label
    if facts.lexicon.knows_source(label):
        return True
    is_head = facts.lexicon.key(label) in HEAD_KEYS or facts.lexicon.column(label) in _RATES
    return facts.has_money and not is_head


def take_funding_line(drafting: Drafting, facts: Facts) -> None:
    form = drafting.need_form(facts.row.place)
    form.funding_block.append(facts.row)
    if facts.names_columns:
        form.funding_columns = facts.funding.columns
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
        names_sources = not any(facts.money_concepts) or _only_sources(facts)
        return bool(facts.pair_concepts) and bool(pairs) and names_sources
    heads = len(pairs) > 1 and facts.heads_money_pairs
    beside = any(facts.lexicon.key(slot.text) == "funding" for slot in facts.row.slots)
    return heads or beside or bool(facts.pair_concepts)


def is_below_total(facts: Facts) -> bool:
    """The funds told below the total of the indicators: 年初预算 | 380万元 | 调整后预算 | 365万元 | 支出 | 358万元."""
    pairs, form = facts.money_pairs, facts.form
    told = len(pairs) > 1 and all(pair.value for pair in pairs) and facts.heads_money_pairs
    return told and form is not None and bool(form.totals) and not form.funding


def take_pairs(drafting: Drafting, facts: Facts) -> None:
    starts = [pair.label.start for pair in facts.money_pairs]
    anew = _heads_pairs_anew(facts)
    if anew:
        drafting.pair_concepts = dict(zip(starts, facts.money_concepts, strict=True))
    elif not drafting.pair_concepts:
        # A declaration states one figure a line: the budget of the year.
        drafting.pair_concepts = {starts[0]: "annual_budget"}
    form = drafting.need_form(facts.row.place)
    form.lines.extend(drafting.lines)
    form.head.extend(_totals(facts))
    named = [one for one in _named(facts, drafting.pair_concepts) if not _states_total(one[1], facts)]
    if not named:
        return
    named, parts = _without_parts(named)
    _take_named(form, facts, named, anew)
    for part in parts:
        _add_pairs(form, facts.row, [part])


def _without_parts(
    named: Sequence[tuple[str, MoneyPair]],
) -> tuple[list[tuple[str, MoneyPair]], list[tuple[str, MoneyPair]]]:
    """A row's pairs without the parts behind their sum, and those parts: 资金总额 | 28 | 其中：财政资金 | 20.

    A part is of what the pair before it is.
    """
    own = [named[0]]
    parts: list[tuple[str, MoneyPair]] = []
    for (before, _), (concept, pair) in pairwise(named):
        is_part = before in MONEY_COLUMNS and concept in ("", before)
        (parts if is_part else own).append((before if is_part else concept, pair))
    return own, parts


def _take_named(form: FormDraft, facts: Facts, named: list[tuple[str, MoneyPair]], anew: bool) -> None:
    whole = _whole_above(form, facts, named)
    if whole is not None:
        form.funding_block.append(facts.row)
        above = form.funding[whole]
        form.funding[whole] = replace(above, assigned=_with_more(above.assigned, _in_order(facts.row, named, {})))
        return
    rates = [one for one in named if one[0] in _RATES]
    amounts = [one for one in named if one[0] in MONEY_COLUMNS]
    below = _rated_above(form, facts, rates) if rates and not (anew and amounts) else None
    form.funding_block.append(facts.row)
    if below is None:
        _add_pairs(form, facts.row, named)
        return
    # Rates and points below the sums, or beside a source below them, are those of the sums.
    above = form.funding[below]
    more = [one for one in named if one not in amounts]
    form.funding[below] = replace(above, assigned=_with_more(above.assigned, _in_order(facts.row, more, {})))
    if amounts:
        _add_pairs(form, facts.row, amounts)


def _whole_above(form: FormDraft, facts: Facts, named: Sequence[tuple[str, MoneyPair]]) -> int | None:
    """Which line a row says more of: the sum right above (年初预算 | 125 | 调整后预算 | 118, then 实际支出 | 116)."""
    follows = bool(form.funding_block) and _stands_right_above(form.funding_block[-1], facts.row, facts.row.index)
    if not follows or not all(pair_concept(pair.label.text, facts.lexicon) for _, pair in named):
        return None
    wholes = [at for at, line in enumerate(form.funding) if not line.label or _states_whole(line.label, facts)]
    if not wholes:
        return None
    above = form.funding[wholes[-1]].assigned
    told = {column.concept for column, slots in zip(above.columns, above.cells, strict=True) if slots}
    return None if told & ({concept for concept, _ in named} - {"other_money"}) else wholes[-1]


def _states_total(pair: MoneyPair, facts: Facts) -> bool:
    """Whether a label beside sums is that of the form's score: 预算执行率 | 95% | 自评得分 | 96.5."""
    label = pair.label.text
    is_score = facts.lexicon.key(label) == "total" and facts.lexicon.column(label) == "score"
    score = parse_points(pair.value.text) if pair.value and is_score else None
    return score is not None and score.value > _MOST_FOR_EXECUTION


def _totals(facts: Facts) -> list[HeadItem]:
    totals = [pair for pair in facts.money_pairs if _states_total(pair, facts)]
    return [
        HeadItem(LabelledValue("total", pair.label.text, pair.value.text, (pair.value,)), facts.row.place, facts.row)
        for pair in totals
        if pair.value
    ]


def _add_pairs(form: FormDraft, row: Row, named: Sequence[tuple[str, MoneyPair]]) -> None:
    heads = {column.concept: column.path for column in form.funding_columns}
    assigned = _in_order(row, named, heads)
    form.funding_columns = form.funding_columns or assigned.columns
    form.funding.append(FundingLine(assigned, assigned.cells[0][0].text))


def _rated_above(form: FormDraft, facts: Facts, rates: Sequence[tuple[str, MoneyPair]]) -> int | None:
    """Which line of the rows of pairs right above a row's rates are of: the first that states a whole, else the last.

    None where it has such figures already.
    """
    index, above = facts.row.index, len(form.funding)
    while above and _stands_right_above(form.funding[above - 1].assigned.row, facts.row, index):
        above -= 1
        index = form.funding[above].assigned.row.index
    lines = range(above, len(form.funding))
    wholes = [at for at in lines if _states_whole(form.funding[at].label, facts)]
    found = next((at for at in (*wholes, *reversed(lines))), None)
    taken = {column.concept for column in form.funding[found].assigned.columns} if found is not None else set()
    return None if taken & {concept for concept, _ in rates} else found


def _stands_right_above(row: Row, below: Row, index: int) -> bool:
    return row.grid is below.grid and row.index == index - 1


def _states_whole(label: str, facts: Facts) -> bool:
    return facts.lexicon.column(label) in MONEY_COLUMNS or facts.lexicon.is_funding_total(label)


def _with_more(above: Assigned, below: Assigned) -> Assigned:
    return replace(above, columns=above.columns + below.columns[1:], cells=above.cells + below.cells[1:])


def _heads_pairs_anew(facts: Facts) -> bool:
    """Whether a row of pairs names what its figures are; below such a row 上年结转资金 is the name of a source."""
    return facts.heads_money_pairs and not (facts.pair_concepts and _only_sources(facts))


def _only_sources(facts: Facts) -> bool:
    """Whether all labels of a row of pairs are names of sources, none of them a sum's."""
    labels = [pair.label.text for pair in facts.money_pairs]
    return all(map(facts.lexicon.knows_source, labels)) and not any(map(facts.lexicon.is_funding_total, labels))


def _named(facts: Facts, concepts: Mapping[int, str]) -> list[tuple[str, MoneyPair]]:
    """A row's pairs with what the first row of pairs named them.

    A row with fewer or more pairs has each below the last that begins no further right; 执行率 is always a rate.
    """
    pairs, own = facts.money_pairs, facts.money_concepts
    if _RATES & set(own):
        return [(concept or _above(pair.label, concepts), pair) for concept, pair in zip(own, pairs, strict=True)]
    if len(pairs) != len(concepts):
        return _in_turn([(_above(pair.label, concepts), pair) for pair in pairs], [*concepts.values()])
    return list(zip(concepts.values(), pairs, strict=True))


def _in_turn(named: list[tuple[str, MoneyPair]], concepts: Sequence[str]) -> list[tuple[str, MoneyPair]]:
    """The pairs, a label that stands twice in turn for what the first row named: 财政拨款 | 35 | 财政拨款 | 34."""
    found = named[:1]
    for (_, before), (concept, pair) in pairwise(named):
        last = found[-1][0]
        again = pair.label.text == before.label.text and concept == last and concepts[-1] != last
        found.append((concepts[concepts.index(last) + 1] if again else concept, pair))
    return found


def _in_order(row: Row, named: Sequence[tuple[str, MoneyPair]], heads: Mapping[str, tuple[str, ...]]) -> Assigned:
    """The values of a row's pairs under the concepts that the first row of pairs named; its labels are their heads.

    The first label of money is the row's.
    """
    label = next((pair.label for concept, pair in named if concept in MONEY_COLUMNS), named[0][1].label)
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


def is_told(facts: Facts) -> bool:
    """Several amounts told in the cell beside the name of the block: 预算执行 | 年初预算96万元，实际支出88.6万元."""
    beside = len(facts.filled) == 2 and facts.keys[0] == "funding"
    return beside and len(_money_told(facts)) >= _FEWEST_TOLD


def take_told(drafting: Drafting, facts: Facts) -> None:
    drafting.need_form(facts.row.place).told_funds.append(_told(facts))


def _told(facts: Facts) -> Paragraph:
    return Paragraph(facts.filled[1].cell.text, facts.row.place)


def _money_told(facts: Facts) -> list[AmountDraft]:
    return [draft for draft in read_amounts([_told(facts)], None) if draft.quantity.unit == "wanyuan"]


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
