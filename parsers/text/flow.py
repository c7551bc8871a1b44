"""Tables that lost their rows: one cell a line, or a whole form in one line (逐格成行、整表成一行).

Where such tables stand in a file, and their blocks; how cells become rows is told in `flow_rows`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from parsers.document import Block, Paragraph, Place, Problem
from parsers.interpret.recognise import is_title
from parsers.interpret.titles import is_office
from parsers.text.broken_words import is_form_word, whole_words
from parsers.text.flow_rows import PARTIAL, WHOLE, FlowReader, FlowTable
from parsers.text.glued import glued_lines, summaries
from parsers.text.glued_words import glued_text, glued_tokens
from parsers.text.grids import grid_of
from parsers.text.lines import is_blank, is_outside, is_page_number, line_place
from parsers.text.numbered import NumberedRow, heads, numbered_rows
from parsers.text.paired_funds import with_labels
from parsers.text.placing import names_column
from parsers.text.regions import TextRegion, in_order
from parsers.text.tokens import Token
from schemas.lexicon import lexicon
from schemas.traditional import as_printed, simplified
from schemas.vocabulary import pattern

_TOTAL = pattern("stated_total")
_NAMES_SCORE = pattern("score_name")
_SCORE = re.compile(r"(?:100|\d{2})(?:\.\d{1,2})?(?=[^\d.,，%％])")
_FEWEST_HEADS = 3
_FLAT_TOKENS = 25
_FLAT_HEADS = 4
_SENTENCE = 40
_OFFICES = frozenset({"department", "local_department", "unit"})


def regions(lines: list[str]) -> list[TextRegion]:
    """Where in the file tables have lost their rows, in order; everything else is left to the other dialects."""
    plain = [simplified(line) for line in lines]
    glued = [_as_printed(_glued_region(plain, stretch), lines) for stretch in glued_lines(plain)]
    glued += [_as_printed(_summary_region(plain, *summary), lines) for summary in summaries(plain)]
    return in_order(glued, _flow_regions(lines))


def _flow_regions(lines: list[str]) -> list[TextRegion]:
    found: list[TextRegion] = []
    stretch: list[int] = []
    for index in range(len(lines) + 1):
        line = lines[index] if index < len(lines) else "\t"
        flat = _flat_region(lines, index) if len(line) > _FLAT_TOKENS * 3 and "\t" not in line else None
        if flat is None and "\t" not in line and "|" not in line:
            stretch.append(index)
            continue
        found += _line_regions(lines, stretch)
        found += [flat] if flat else []
        stretch = []
    return found


# -- one cell a line ---------------------------------------------------------------------------------------------------


def _line_regions(lines: list[str], stretch: Sequence[int]) -> list[TextRegion]:
    indexes = [index for index in stretch if not is_blank(lines[index]) and not is_page_number(lines[index])]
    broken = list(_broken_regions(lines, indexes))
    if broken or not any(_is_head_of_three(lines, indexes, at) for at in range(len(indexes))):
        return broken
    tokens = with_labels(whole_words([Token(lines[index].strip(), index) for index in indexes]))
    found: list[TextRegion] = []
    for start, end, table in FlowReader(tokens, _FEWEST_HEADS).tables():
        if not table.rows:  # three statements that begin with the words of heads
            continue
        last = _last_line(tokens, end, indexes)
        found.append(TextRegion(tokens[start].line, last + 1, (_grid(table),), tuple(table.problems)))
    return found


def _broken_regions(lines: list[str], indexes: Sequence[int]) -> Iterator[TextRegion]:
    """Tables whose cells blanks join, and whose heads line breaks take apart (一级 | 指标 二级指标 …) or blank lines
    part from the rows."""
    if not any(sum(map(names_column, lines[index].split())) >= _FEWEST_HEADS for index in indexes):
        return
    pieces = [(piece, index) for index in indexes for piece in _pieces(lines[index])]
    tokens = with_labels(whole_words([Token(piece, index) for piece, index in pieces]))
    reader = FlowReader(tokens, _FLAT_HEADS)
    broken = any(_is_parted(tokens[start : end + 1]) for start, (end, _) in reader.headers.items())
    for start, end, table in reader.tables() if broken else ():
        if table.keeps_lines and not table.problems:
            whole = replace(table, sureness=[WHOLE] * len(table.rows))
            yield TextRegion(tokens[start].line, tokens[end - 1].line + 1, (_grid(whole),))


def _is_parted(head: Sequence[Token]) -> bool:
    """Whether a head, the first cell below it the last, is taken apart, or its rows do not follow at once."""
    *heads, below = head
    return heads[0].line < heads[-1].line or below.line > heads[-1].line + 1


def _pieces(line: str) -> list[str]:
    """The cells of a line that blanks join; a sentence is one."""
    pieces = line.split()
    return pieces if any(map(names_column, pieces)) or max(map(len, pieces), default=0) <= _SENTENCE else [line.strip()]


def _is_head_of_three(lines: list[str], indexes: Sequence[int], at: int) -> bool:
    """A cheap look: several short lines on end that are words of forms."""
    near = [lines[index].strip() for index in indexes[at : at + _FEWEST_HEADS]]
    return len(near) == _FEWEST_HEADS and all(is_form_word(text) for text in near)


def _last_line(tokens: Sequence[Token], end: int, indexes: Sequence[int]) -> int:
    """The last line of the cells before token number `end`."""
    if end < len(tokens):
        before = [index for index in indexes if index < tokens[end].line]
        return before[-1] if before else tokens[end - 1].line
    return indexes[-1]


# -- a whole form in one line ------------------------------------------------------------------------------------------


def _flat_region(lines: list[str], index: int) -> TextRegion | None:
    """A line that holds a whole form, its cells joined by blanks; None for any other line."""
    pieces = lines[index].split() if index < len(lines) else []
    if len(pieces) < _FLAT_TOKENS or sum(map(names_column, pieces)) < _FLAT_HEADS:
        return None
    tokens = with_labels(whole_words([Token(piece, index) for piece in pieces]))
    tables = list(FlowReader(tokens, _FLAT_HEADS).tables())
    if not tables and "|" in lines[index]:
        return None  # another dialect's
    if not tables or any(table.problems or not table.is_coherent for _, _, table in tables):
        return _unread_line(tokens, index)
    blocks, problems = table_blocks(tokens, tables)
    return TextRegion(index, index + 1, tuple(blocks), tuple(problems))


def _glued_region(lines: Sequence[str], stretch: range) -> TextRegion:
    """A form whose cells are glued: parted by words and kinds, and said; where that fails, left as one cell."""
    lead, tokens = glued_tokens(glued_text(lines, stretch))
    tables = list(FlowReader(tokens, _FEWEST_HEADS).tables())
    blocks: list[Block] = [Paragraph(token.text, line_place(token.line)) for token in lead]
    if not any(table.is_coherent for _, _, table in tables):
        body = "".join(token.text for token in tokens)
        pairs = [[tokens[at].text, tokens[at + 1].text] for at in _head_pairs(tokens)]
        scores = [label.text + score for label, value in pairwise(tokens) if (score := _stated_score(label, value))]
        blocks += [*_whole_rows(pairs, stretch.start), *(Paragraph(one, line_place(stretch.start)) for one in scores)]
        return _unread(stretch, blocks, body, "各格连写在一起，没有分隔，无法确定各格的起止")
    place = line_place(stretch.start, stretch.stop - 1)
    said = f"{place.locator}：一张表的各格连写在一起，没有分隔，各格按列的种类和数与数的关系分开，请核对原文。"
    found, problems = table_blocks(tokens, tables)
    parted = Problem("cells_parted", said, place)
    return TextRegion(stretch.start, stretch.stop, (*blocks, *found), (parted, *problems))


def _summary_region(lines: Sequence[str], index: int, others: str, form: str) -> TextRegion:
    """A row of which one cell holds a glued form: what stands in the others, and the form."""
    framed = [*lines[:index], form, *lines[index + 1 :]]
    region = _glued_region(framed, range(index, index + 1))
    return replace(region, blocks=(Paragraph(others, line_place(index)), *region.blocks))


def _as_printed(region: TextRegion, lines: Sequence[str]) -> TextRegion:
    """A region that was parted in simplified characters, its texts in those they are printed in."""
    printed = "".join("".join(line.split()) for line in lines[region.start : region.end])
    if printed == simplified(printed):
        return region
    return replace(region, blocks=tuple(_block_as_printed(block, printed) for block in region.blocks))


def _block_as_printed(block: Block, printed: str) -> Block:
    if isinstance(block, Paragraph):
        return replace(block, text=as_printed(block.text, printed))
    cells = (cell._replace(text=as_printed(cell.text, printed)) for cell in block.cells)
    return replace(block, cells=tuple(cells))


def table_blocks(
    tokens: Sequence[Token], tables: Sequence[tuple[int, int, FlowTable]]
) -> tuple[list[Block], list[Problem]]:
    """The grids of tables with the text between them, and what is wrong with them."""
    blocks: list[Block] = []
    problems: list[Problem] = []
    at = 0
    for start, end, table in tables:
        blocks += [*_flat_paragraphs(tokens[at:start]), _grid(table)]
        problems += table.problems
        at = end
    return [*blocks, *_flat_paragraphs(tokens[at:])], problems


def _unread_line(tokens: Sequence[Token], index: int) -> TextRegion:
    """A form whose cells, all in one line, do not come in the order of its rows: what is whole by itself is read."""
    first = next((at for at, token in enumerate(tokens) if lexicon().key(token.plain)), 0)
    blocks: list[Block] = list(_flat_paragraphs(tokens[:first]))
    pairs = list(_head_pairs(tokens))
    numbered = numbered_rows([token.text for token in tokens])
    rows = [[tokens[at].text, tokens[at + 1].text] for at in pairs]
    rows += [heads(), *(list(row.cells) for row in numbered)] if numbered else []
    blocks += _whole_rows(rows, index)
    read = {*(number for at in pairs for number in (at, at + 1)), *(n for row in numbered for n in _cells_of(row))}
    body = " ".join(token.text for at, token in enumerate(tokens) if at >= first and at not in read)
    return _unread(range(index, index + 1), blocks, body, "各格连成一行，且先后顺序已乱")


def _whole_rows(rows: Sequence[Sequence[str]], line: int) -> Iterator[Block]:
    """A grid of the rows of a form that are whole by themselves; none where there is no such row."""
    if rows:
        places = [Place(f"{line_place(line).locator} row {number}") for number in range(1, len(rows) + 1)]
        yield grid_of(rows, places, "slots", [PARTIAL] * len(rows))


def _stated_score(label: Token, value: Token) -> str:
    """The score right behind its label and glued to the next one (自评得分98财政审核评分); "" where there is none."""
    match = _SCORE.match(value.text)
    named = lexicon().whole_key(label.plain) == "total" and _NAMES_SCORE.search(label.plain) is not None
    return match[0] if named and match is not None else ""


def _cells_of(row: NumberedRow) -> range:
    return range(row.first, row.stop)


def _head_pairs(tokens: Sequence[Token]) -> Iterator[int]:
    """The labels of a form's head right before what can be nothing but their value."""
    for at, (label, value) in enumerate(pairwise(tokens)):
        key = lexicon().whole_key(label.plain)
        if (key == "project_name" and not is_form_word(value.text)) or (key in _OFFICES and is_office(value.plain)):
            yield at


def _unread(stretch: range, blocks: Sequence[Block], body: str, why: str) -> TextRegion:
    """A form left as one cell: not taken for sentences, and said to be unread."""
    place = line_place(stretch.start, stretch.stop - 1)
    said = f"{place.locator}：一张表的{why}，未能还原为表格，没有读取，请核对原文。"
    cell = [grid_of([[body]], [place], "sequence", [PARTIAL])] if body else []
    # A score with its label and colon needs no rows to be read.
    totals = [Paragraph(match[0].strip(), line_place(stretch.start)) for match in _TOTAL.finditer(body)][:1]
    return TextRegion(stretch.start, stretch.stop, (*blocks, *totals, *cell), (Problem("rows_lost", said, place),))


def _flat_paragraphs(tokens: Sequence[Token]) -> Iterator[Paragraph]:
    """The text around a table, titles by themselves."""
    words = lexicon()
    open_text: list[str] = []
    for token in tokens:
        if is_title(token.plain, words) or is_outside(token.text):
            yield from _paragraph(open_text, token.line)
            open_text = []
            yield Paragraph(token.text, line_place(token.line))
        else:
            open_text.append(token.text)
    if tokens:
        yield from _paragraph(open_text, tokens[0].line)


def _paragraph(texts: Sequence[str], line: int) -> Iterator[Paragraph]:
    if texts:
        yield Paragraph(" ".join(texts), line_place(line))


def _grid(table: FlowTable) -> Block:
    # In one line, rows are told apart by their number.
    flat = len({line for lines in table.lines for line in lines}) == 1
    places = [line_place(first, last) for first, last in table.lines]
    if flat:
        places = [Place(f"{place.locator} row {number}") for number, place in enumerate(places, 1)]
    return grid_of(table.rows, places, "slots", table.sureness)
