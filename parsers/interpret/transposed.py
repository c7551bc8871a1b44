"""Funding blocks that stand on their side: 年初预算数, 全年预算数, 执行数 downwards (横排的资金表).

Sources stand across, or years: then the funds are those of the year that the title names.
"""

from __future__ import annotations

from collections.abc import Sequence

from parsers.interpret.align import Assigned
from parsers.interpret.column import Column
from parsers.interpret.concepts import MONEY_COLUMNS
from parsers.interpret.drafts import Context, FormDraft, FundingLine
from parsers.interpret.recognise import has_number, is_figure, pair_concept
from parsers.interpret.rows import Row, Slot
from schemas.lexicon import Lexicon, squeeze
from schemas.vocabulary import pattern

_FEWEST_SOURCES = 2
_FEWEST_YEARS = 2
_YEAR = pattern("year")
_YEAR_HEAD = pattern("year_head")


def adopt_transposed(context: Context, lexicon: Lexicon) -> None:
    """Move such a block from the context's loose rows to the form it stands in, which has no other funding."""
    for at, heads in enumerate(context.loose):
        sources = _sources(heads, lexicon)
        form = _form_of(context.forms, heads) if len(sources) >= _FEWEST_SOURCES else None
        rows = _rows_below(context.loose, at, sources, lexicon) if form is not None else []
        parts = [_split(row, sources) for row in rows]
        if form is None or not any(lexicon.column(label.text) in MONEY_COLUMNS for label, _ in parts):
            continue
        form.funding.extend(_line(heads, source, index, parts, lexicon) for index, source in enumerate(sources))
        form.funding_block.extend([heads, *rows])
        form.funding_columns = form.funding[0].assigned.columns
        del context.loose[at : at + 1 + len(rows)]
        return


def adopt_year_of_title(context: Context, lexicon: Lexicon) -> None:
    """Take the funds of the year that the title names from a table of several years.

    Its rows stay with the context's other tables, which hold the figures of every year.
    """
    titled = [match[1] for title in context.titles for match in _YEAR.finditer(squeeze(title.text))]
    for at, heads in enumerate(context.loose):
        years = [slot for slot in heads.filled if _YEAR_HEAD.fullmatch(slot.text)]
        own = next((slot for slot in years if titled and titled[-1] in slot.text), None)
        form = _form_of(context.forms, heads) if len(years) >= _FEWEST_YEARS and own is not None else None
        if form is None or own is None:
            continue
        across = heads.filled[heads.filled.index(years[0]) :]
        rows = _rows_below(context.loose, at, across, lexicon)
        parts = [_split(row, across) for row in rows]
        if any(pair_concept(label.text, lexicon) in MONEY_COLUMNS for label, _ in parts):
            line = _line(heads, own, across.index(own), parts, lexicon)
            form.funding.append(FundingLine(line.assigned, ""))
            form.funding_columns = line.assigned.columns
            form.funding_block.extend([heads, *rows])
            return


def _sources(heads: Row, lexicon: Lexicon) -> list[Slot]:
    """The sources a row names, where it names nothing else behind the first of them."""
    filled = heads.filled
    first = next((i for i, slot in enumerate(filled) if lexicon.knows_source(slot.text)), len(filled))
    sources = list(filled[first:])
    whole = any(lexicon.is_funding_total(slot.text) for slot in sources)
    known = all(lexicon.knows_source(slot.text) for slot in sources)
    return sources if whole and known and not has_number(heads) else []


def _form_of(forms: Sequence[FormDraft], heads: Row) -> FormDraft | None:
    """The form whose indicators stand in the same table; the only form where there is but one."""
    bare = [form for form in forms if not form.funding and not form.funding_columns]
    same = [form for form in bare if any(one.row.grid is heads.grid for one in form.indicators)]
    return same[0] if same else bare[0] if len(forms) == len(bare) == 1 else None


def _rows_below(loose: Sequence[Row], at: int, sources: Sequence[Slot], lexicon: Lexicon) -> list[Row]:
    """The rows right below the heads that name a kind of money or a rate and print a cell for each source."""
    rows: list[Row] = []
    for row in loose[at + 1 :]:
        label, values = _split(row, sources)
        known = pair_concept(label.text, lexicon) is not None
        if row.grid is not loose[at].grid or not known or len(values) != len(sources):
            break
        rows.append(row)
    return rows


def _split(row: Row, sources: Sequence[Slot]) -> tuple[Slot, list[Slot]]:
    """The last cell of words before the figures, and the cells from the first figure on, one under each source.

    Where every source stands over a cell, those are its values, blank ones included.
    """
    filled = row.filled
    first = next((i for i, slot in enumerate(filled) if is_figure(slot.text)), len(filled))
    label = filled[max(first - 1, 0)]
    under = [slot for source in sources for slot in row.slots if (slot.start, slot.stop) == (source.start, source.stop)]
    placed = row.exact and len(under) == len(sources) and label.stop <= under[0].start
    return label, under if placed else list(filled[first:])


def _line(
    heads: Row, source: Slot, index: int, rows: Sequence[tuple[Slot, Sequence[Slot]]], lexicon: Lexicon
) -> FundingLine:
    columns, cells = [Column(0, 1, "label", ())], [(source,)]
    for position, (label, values) in enumerate(rows, 1):
        columns.append(Column(position, position + 1, pair_concept(label.text, lexicon) or "", (label.text,)))
        cells.append((values[index],))
    return FundingLine(Assigned(heads, tuple(columns), tuple(cells)), source.text)
