"""Words that recognition may have read wrongly, told by the same words elsewhere in the document (存疑的字).

A misread character makes a word that stands nowhere else, while what it may be otherwise makes one that does.
"""

from __future__ import annotations

from collections.abc import Iterator

from parsers.document import Cell, Document, Grid, Place, Problem
from parsers.said import with_problems
from schemas.records import DocumentRecords

DOUBTED_WORD = "doubted_word"
LENGTH = 4
"""Characters of what is looked for elsewhere: by chance two words are hardly alike in all but one of as many."""
_APART = "\n"


def with_doubted_words(document: Document, records: DocumentRecords) -> DocumentRecords:
    """`records` with a problem for every word that recognition may have read wrongly."""
    return with_problems(records, list(_doubted_words(document)))


def _doubted_words(document: Document) -> Iterator[Problem]:
    """Words of recognised cells that stand elsewhere with the character that recognition was not sure of."""
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    if not any(cell.others for grid in grids for cell in grid.cells):
        return
    whole = _APART.join(_texts(document))
    for grid in grids:
        for cell in grid.cells:
            found = next(_misread(cell, whole), None)
            if found is not None:
                yield _problem(grid.rows[cell.row], *found)


def _problem(place: Place, read: str, elsewhere: str) -> Problem:
    message = f"{place.locator}：“{read}”识别不清，他处印作“{elsewhere}”；未作改动，请核对原文。"
    return Problem(DOUBTED_WORD, message, place)


def _texts(document: Document) -> Iterator[str]:
    for block in document.blocks:
        texts = (cell.text for cell in block.cells) if isinstance(block, Grid) else (block.text,)
        yield from ("".join(text.split()) for text in texts)


def _misread(cell: Cell, whole: str) -> Iterator[tuple[str, str]]:
    """What was read and what stands elsewhere, for the doubtful characters of a cell."""
    read = "".join(cell.text.split())
    for other in cell.others:
        if len(other) != len(read):
            continue
        changed = [at for at, (a, b) in enumerate(zip(read, other, strict=True)) if a != b]
        if len(changed) != 1 or not all(_is_of_a_word(text[changed[0]]) for text in (read, other)):
            continue
        for start in range(max(changed[0] - LENGTH + 1, 0), min(changed[0], len(read) - LENGTH) + 1):
            mine, theirs = read[start : start + LENGTH], other[start : start + LENGTH]
            if theirs in whole and whole.count(mine) == 1:
                yield mine, theirs


def _is_of_a_word(char: str) -> bool:
    """Whether a character is one of Chinese words: no mark, whose two widths say the same, no figure, no letter."""
    return char.isalpha() and not char.isascii()
