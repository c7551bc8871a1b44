"""Which rows are what, and of which form (分行): head, funding, goals, indicators, totals, tables of figures.

Paragraphs and rows are taken in reading order. Titles open a context (one printed form or report); labels of a head,
heads of a funding block and heads of indicators open forms in it. What a row is, the table in `kinds` decides.
Nothing is parsed here: rows are sorted into drafts, which `forms` turns into records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

import regex

from parsers.document import Grid, Paragraph
from parsers.interpret.column import Column
from parsers.interpret.cut_lines import whole_line
from parsers.interpret.drafting import Drafting
from parsers.interpret.drafts import LONG, Context, HeadItem
from parsers.interpret.head import is_self_evaluation
from parsers.interpret.kinds.model import RowKind
from parsers.interpret.kinds.table import KINDS
from parsers.interpret.pairs import inline_pairs, value_below
from parsers.interpret.recognise import HEAD_LINE, is_title, names_table
from parsers.interpret.relaid import laid_out, total_row
from parsers.interpret.rows import Row, rows_of
from parsers.interpret.titles import glued_title
from schemas.lexicon import Lexicon, squeeze
from schemas.traditional import simplified
from schemas.vocabulary import words

_TITLE_REACH = 3


@dataclass(frozen=True, slots=True)
class SortedRow:
    """A row with the kind it was taken for and the columns it was read under (判行的依据)."""

    row: Row
    kind: RowKind
    columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True)
class SortedBlocks:
    """The contexts that hold anything, and every filled row with its kind."""

    contexts: list[Context]
    rows: list[SortedRow]


def sort_blocks(blocks: Iterable[Paragraph | Grid], lexicon: Lexicon) -> SortedBlocks:
    """Sort paragraphs and rows into contexts and form drafts."""
    drafting, rows = Drafting(lexicon), []
    for block in blocks:
        grid = block if isinstance(block, Grid) else _total_set_apart(drafting, block)
        if grid is not None:
            rows.extend(_grid(drafting, grid))
        elif isinstance(block, Paragraph):
            _paragraph(drafting, block)
    drafting.close_header()
    return SortedBlocks([c for c in drafting.contexts if c.has_body or c.titles or c.head], rows)


def _total_set_apart(drafting: Drafting, line: Paragraph) -> Grid | None:
    """The total of the open form as a row, where it stands below the table as a line of its own."""
    is_below = drafting.form is not None and drafting.form.indicators and drafting.state != "funding"
    return total_row(line, drafting.lexicon) if is_below else None


def _paragraph(drafting: Drafting, paragraph: Paragraph) -> None:
    text = squeeze(paragraph.text)
    if not text:
        return
    if end := glued_title(paragraph.text):
        _paragraph(drafting, replace(paragraph, text=paragraph.text[:end]))
        _paragraph(drafting, replace(paragraph, text=paragraph.text[end:]))
        return
    if len(text) <= LONG:
        drafting.lines.append(text)
    if is_title(text, drafting.lexicon):
        drafting.open_context()
        drafting.context.titles.append(paragraph)
        drafting.context.lines.append(paragraph)
        return
    if _ends_self_evaluation(drafting, text):
        drafting.open_context()
        drafting.context.is_public = True
    pairs = inline_pairs(paragraph.text, drafting.lexicon) if len(text) <= LONG * 2 else []
    form, context = drafting.form, drafting.context
    above = context.paragraphs[-1].text if context.paragraphs and not pairs else ""
    below = value_below(above, text, drafting.lexicon) if above and len(text) <= HEAD_LINE else None
    pairs = [below] if below is not None else pairs
    below_form = form is not None and form.has_body and drafting.state != "funding"
    head = form.head if form is not None and below_form else context.head
    head.extend(HeadItem(pair, paragraph.place) for pair in pairs)
    _keep_line(context, paragraph, labels=len(pairs))


def _ends_self_evaluation(drafting: Drafting, text: str) -> bool:
    """Whether a line heads a table or chapter of the budget or the accounts, behind a self-evaluation put into them."""
    lexicon, context = drafting.lexicon, drafting.context
    if len(text) > HEAD_LINE or not context.has_body or not lexicon.title_ends("public_parts", text):
        return False
    headings = (line.text for line in context.lines if len(line.text) <= HEAD_LINE)
    return any(is_self_evaluation(heading, lexicon) for heading in headings)


def _keep_line(context: Context, paragraph: Paragraph, labels: int = 0) -> None:
    """Lines of the head are short, or hold several labels."""
    of_head = len(squeeze(paragraph.text)) <= HEAD_LINE or labels > 1
    if of_head and not context.has_body:
        context.head_lines.append(paragraph)
    context.paragraphs.append(paragraph)
    context.lines.append(paragraph)


def _grid(drafting: Drafting, grid: Grid) -> list[SortedRow]:
    rows = rows_of(laid_out(grid, drafting.lexicon))
    if _is_publication(rows):
        for row in rows:
            for line in _statements([slot.text for slot in row.filled]):
                _keep_line(drafting.context, Paragraph(line, row.place))
        return []
    _title_above(drafting)
    drafting.begin_table()
    taken: list[SortedRow] = []
    for row in rows:
        whole = whole_line(drafting, taken[-1].row, row) if taken else None
        if whole is not None:
            drafting.take_back(taken.pop().row)
        sorted_row = _row(drafting, whole or row)
        taken.extend([sorted_row] if sorted_row else [])
    drafting.close_header()
    return taken


def _is_publication(rows: Sequence[Row]) -> bool:
    """Whether a table is what a web page says of its text (索引号, 发布机构), no part of the text."""
    filled = [row for row in rows if row.filled]
    return bool(filled) and all(any(_is_publication_label(slot.text) for slot in row.filled) for row in filled)


def _statements(cells: Sequence[str]) -> Iterator[str]:
    """Each label with its value (名称： | 某县…自评报告 | 文号： | 无); the whole row where some have none."""
    if len(cells) % 2:
        yield " ".join(cells)
        return
    yield from (f"{label} {value}" for label, value in zip(cells[::2], cells[1::2], strict=True))


def _is_publication_label(text: str) -> bool:
    return "".join(regex.split(r"[\s:：]", simplified(text))) in words("publication_label")


def _title_above(drafting: Drafting) -> None:
    """A short line right above a table that ends in 表 is its title, whatever it says."""
    paragraphs = drafting.context.paragraphs
    for back, line in enumerate(paragraphs[: -_TITLE_REACH - 1 : -1], 1):
        text = squeeze(line.text)
        if len(text) > HEAD_LINE or regex.search(r"[。；;]", text):
            return
        if not names_table(text, drafting.lexicon):
            continue
        moved = paragraphs[len(paragraphs) - back :]
        below = moved[1:]
        del paragraphs[len(paragraphs) - back :]
        drafting.context.lines = [each for each in drafting.context.lines if each not in moved]
        drafting.open_context()
        drafting.context.titles.append(line)
        drafting.context.lines.extend(moved)
        drafting.context.head_lines.extend(below)
        drafting.context.paragraphs.extend(below)
        return


def _row(drafting: Drafting, row: Row) -> SortedRow | None:
    """Take one row for what it is; None where it is blank."""
    if drafting.header and not drafting.continues_header(row):
        drafting.close_header()
    if not row.filled:
        return None
    facts = drafting.facts(row)
    kind = next(kind for kind in KINDS if kind.fits(facts))
    kind.take(drafting, facts)
    if kind.name != "funding_pairs":
        drafting.pair_concepts = {}
    if facts.alone is None:
        drafting.lines = []
    elif len(facts.alone.text) <= LONG:
        drafting.lines.append(facts.alone.text)
    return SortedRow(row, kind, _columns(drafting, kind))


def _columns(drafting: Drafting, kind: RowKind) -> tuple[Column, ...]:
    form = drafting.form
    if form is None or kind.block is None:
        return ()
    return form.funding_columns if kind.block == "funding" else form.indicator_columns
