"""Tables between pipes whose line ends are those of cells, not of rows (竖线分格、换行不分行).

Blank cells are kept there, so that the cells fill the columns in order; where a row ends is told as in `flow_rows`.
"""

from __future__ import annotations

from collections.abc import Sequence

from parsers.document import Problem
from parsers.interpret.concepts import LEVEL_COLUMNS
from parsers.interpret.recognise import is_figure
from parsers.text.flow import table_blocks
from parsers.text.flow_rows import FlowReader
from parsers.text.lines import is_blank, line_place
from parsers.text.pipes import PipeRow, piped_cells, piped_end, piped_grid, piped_rows
from parsers.text.placing import header_of, is_level
from parsers.text.regions import TextRegion
from parsers.text.tokens import Token
from schemas.lexicon import lexicon, squeeze

_FEWEST_HEADS = 3
_FEWEST_LEVELS = 2
"""Rows with a name of a level and figures that make a table of indicators."""


def regions(lines: list[str]) -> list[TextRegion]:
    """Where such tables stand in a file, in order."""
    indexes = [index for index, line in enumerate(lines) if not is_blank(line)]
    found: list[TextRegion] = []
    at = 0
    while at < len(indexes):
        end = piped_end(lines, indexes, at)
        region = _region(lines, indexes[at:end]) if end > at else None
        found += [region] if region is not None else []
        at = max(end, at + 1)
    return found


def _region(lines: list[str], indexes: Sequence[int]) -> TextRegion | None:
    rows = list(piped_rows(lines, indexes))
    if not (_mixes(rows) or _is_one_cell_a_row(rows)):
        return _without_heads(lines, indexes, rows) or _with_blank_lines(lines, indexes, rows)
    tokens = [Token(squeeze(text) if _is_word(text) else text, line) for text, line in piped_cells(lines, indexes)]
    tables = list(FlowReader(tokens, _FEWEST_HEADS).tables())
    if not tables:
        return None
    blocks, problems = table_blocks(tokens, tables)
    return TextRegion(indexes[0], indexes[-1] + 1, tuple(blocks), tuple(problems))


def _with_blank_lines(lines: list[str], indexes: Sequence[int], rows: Sequence[PipeRow]) -> TextRegion | None:
    """Rows told by their bars that have blank lines inside."""
    if not any(is_blank(lines[index]) for row in rows for index in range(row.first, row.last)):
        return None
    return TextRegion(indexes[0], indexes[-1] + 1, (piped_grid(lines, indexes),))


def _without_heads(lines: list[str], indexes: Sequence[int], rows: Sequence[PipeRow]) -> TextRegion | None:
    """Rows of indicators of which the heads were cut off: what their figures are nobody can tell, and that is said.

    Heads of a form that follows them are not theirs.
    """
    headed = (at for at, row in enumerate(rows) if len(row.filled) > 1 and header_of(list(map(squeeze, row.cells))))
    first = rows[: next(headed, len(rows))]
    levels = sum(any(map(is_level, row.filled[:2])) and any(map(is_figure, row.filled)) for row in first)
    if levels < _FEWEST_LEVELS:
        return None
    place = line_place(indexes[0], indexes[-1])
    said = f"{place.locator}：这些行像是绩效指标，但没有表头，各格是什么无法确定，没有读取，请核对原文。"
    return TextRegion(
        indexes[0], indexes[-1] + 1, (piped_grid(lines, indexes),), (Problem("heads_missing", said, place),)
    )


def _is_word(text: str) -> bool:
    """Whether a cell is a word that line breaks or blanks part (生态效益 指标)."""
    return not any(character.isdecimal() for character in text)


def _mixes(rows: Sequence[PipeRow]) -> bool:
    """Whether heads of levels stand in one row with figures below them: no row ends where a line does."""
    words = lexicon()
    for row in rows:
        concepts = [words.column(cell) for cell in row.filled]
        heads = sum(concept is not None for concept in concepts)
        if heads >= _FEWEST_HEADS and set(concepts) & set(LEVEL_COLUMNS) and any(map(is_figure, row.filled)):
            return True
    return False


def _is_one_cell_a_row(rows: Sequence[PipeRow]) -> bool:
    """Whether most rows are a single cell, and no row heads a table."""
    single = 2 * sum(len(row.filled) < 2 for row in rows) > len(rows)
    return single and not any(header_of([squeeze(cell) for cell in row.cells]) for row in rows if len(row.filled) > 2)
