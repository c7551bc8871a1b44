"""What a cell of a text document holds: lines with automatic numbers, text boxes and tables inside it (单元格内容)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from parsers.document import Block, Grid, LeftOut, Paragraph, Place

_FIGURE = re.compile(r"[\d≥≤=<>＞＜≧≦±+.．%％—\-－/\s]")
"""What the value of a cell begins with."""
_SHORT = 40
"""Characters of a text box or a nested table's cell up to which it is the value of the cell around it."""
_FEW_CELLS = 4
"""Cells of a nested table up to which it sets out one value."""


@dataclass(slots=True)
class CellContent:
    """A cell's text, the automatic numbers that are no part of it, and what in it stands for itself (单元格内容).

    `taken` are the nested blocks whose text is part of the cell's, `beside` those larger ones that are not.
    """

    text: str
    numbers: list[str] = field(default_factory=list)
    taken: list[Block] = field(default_factory=list)
    beside: list[Block] = field(default_factory=list)

    def left_out(self, place: Place) -> Iterator[LeftOut]:
        """The automatic numbers as what is left out of the cell at `place`."""
        return (LeftOut("clause_number", number, place) for number in self.numbers)


def cell_content(lines: Sequence[tuple[str, str]], nested: Sequence[tuple[int, Sequence[Block]]] = ()) -> CellContent:
    """Puts a cell together from its lines, given with their automatic numbers, and the text boxes and tables in it,
    given with the number of lines before each.

    A value stands without its number (`1.` before 26), and so does a cell's only line: its number counts the rows. What
    little a box or table holds is the cell's value, and stands among its lines; beside own text only a figure is one: a
    seal or a remark in a box is not.
    """
    content = CellContent("")
    is_alone = sum(bool(text) for _, text in lines) == 1
    texts: list[str] = []
    for number, text in lines:
        is_left_out = bool(number and text) and (is_alone or _FIGURE.match(text) is not None)
        content.numbers += [number] * is_left_out
        texts.append(text if is_left_out else f"{number}{text}")
    has_own_text = any(texts)
    for at, blocks in reversed(nested):
        values = _value_of(blocks, figures_only=has_own_text)
        if values is None:
            content.beside[:0] = blocks
        else:
            content.taken += blocks
            texts[at:at] = values
    content.text = "\n".join(text for text in texts if text)
    return content


def _value_of(blocks: Sequence[Block], *, figures_only: bool) -> list[str] | None:
    """The lines of a text box or nested table that sets out one value; None of a larger one."""
    texts: list[str] = []
    for block in blocks:
        texts += [block.text] if isinstance(block, Paragraph) else [cell.text for cell in block.cells]
    return [text for text in texts if text] if is_value(texts, figures_only=figures_only) else None


def is_value(texts: Sequence[str], *, figures_only: bool) -> bool:
    """Whether texts in a box or table inside a cell are so few and short that they are the cell's value."""
    is_small = len(texts) <= _FEW_CELLS and all(len(text) <= _SHORT for text in texts)
    has_figure = any(char.isdigit() for text in texts for char in text)
    return is_small and (has_figure or not figures_only)


def count_of(blocks: Sequence[Block]) -> tuple[int, int]:
    """How many tables and paragraphs blocks are."""
    tables = sum(isinstance(block, Grid) for block in blocks)
    return tables, len(blocks) - tables
