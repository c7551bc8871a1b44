"""Words that recognition may have read wrongly, told by the same words elsewhere in the document (存疑的字).

A misread character makes a word that stands nowhere else, while what it may be otherwise makes one that does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from parsers.document import Cell, Document, Grid, Place
from schemas.records import DocumentRecords, ProblemRow

DOUBTED_WORD = "doubted_word"
LENGTH = 4
"""Characters of what is looked for elsewhere: by chance two words are hardly alike in all but one of as many."""
_APART = "\n"


@dataclass(frozen=True, slots=True)
class DoubtedWord:
    """A word as read at a place, and as it is printed elsewhere."""

    place: Place
    read: str
    elsewhere: str


def doubted_words(document: Document) -> Iterator[DoubtedWord]:
    """Words of recognised cells that stand elsewhere with the character that recognition was not sure of."""
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    if not any(cell.others for grid in grids for cell in grid.cells):
        return
    whole = _APART.join(_texts(document))
    for grid in grids:
        for cell in grid.cells:
            found = next(_misread(cell, whole), None)
            if found is not None:
                yield DoubtedWord(grid.rows[cell.row], *found)


def with_doubted_words(document: Document, records: DocumentRecords) -> DocumentRecords:
    """`records` with a problem for every word that recognition may have read wrongly."""
    first = len(records.problems)
    problems = [
        _problem(records.document.document_id, first + at, word) for at, word in enumerate(doubted_words(document))
    ]
    row = records.document
    if problems and row.status == "ok":
        row = replace(row, status="partial", error_code=DOUBTED_WORD, error=problems[0].message)
    return replace(records, document=row, problems=(*records.problems, *problems))


def _problem(document_id: str, ordinal: int, word: DoubtedWord) -> ProblemRow:
    place = word.place
    message = f"{place.locator}：“{word.read}”识别不清，他处印作“{word.elsewhere}”；未作改动，请核对原文。"
    return ProblemRow(document_id, ordinal, DOUBTED_WORD, message, place.page, place.locator)


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
