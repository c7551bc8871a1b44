"""Damage to a form as a whole, whatever carries it: its rows, columns, heads, joined cells and figures.

What copying and converting do to tables. The form is a sheet of slots: a cell stands in every slot it covers.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from schemas.lexicon import lexicon, squeeze

_FIGURE = re.compile(r"[≥≤＞＜><=]?[\d,]*\d(\.\d+)?[%％]?")
_TOTALS = ("总分", "合计", "总计", "自评总分")


@dataclass(eq=False, slots=True)
class Box:
    """A cell: one and the same in all slots that it covers."""

    text: str = ""


Sheet = list[list[Box]]
"""The slots of a table, row by row."""


@dataclass(slots=True)
class Form:
    """Lines and tables in reading order."""

    blocks: list[str | Sheet] = field(default_factory=list)

    @property
    def sheets(self) -> list[Sheet]:
        return [block for block in self.blocks if not isinstance(block, str) and block]

    def any_sheet(self, rng: Random) -> Sheet:
        """One of the tables, the longer the likelier; where there is none, one that nobody sees."""
        if not self.sheets:
            return [[Box(), Box()], [Box(), Box()]]
        return rng.choices(self.sheets, [len(sheet) * len(sheet[0]) for sheet in self.sheets])[0]


GridWay = Callable[[Form, Random], None]


def is_figure(text: str) -> bool:
    return _FIGURE.fullmatch(squeeze(text)) is not None


def row_boxes(row: list[Box]) -> list[Box]:
    return list(dict.fromkeys(row))


def figures_of(sheet: Sheet) -> list[tuple[int, int]]:
    """Slots of figures that cover no other row."""
    return [
        (r, c)
        for r, row in enumerate(sheet)
        for c, box in enumerate(row)
        if is_figure(box.text) and (c == 0 or row[c - 1] is not box) and not _reaches_up(sheet, r, box)
    ]


def _reaches_up(sheet: Sheet, r: int, box: Box) -> bool:
    return r > 0 and box in sheet[r - 1]


def _heads(row: list[Box]) -> int:
    return len({lexicon().column(squeeze(box.text)) for box in row} - {None})


def head_rows(sheet: Sheet) -> list[int]:
    return [r for r, row in enumerate(sheet) if _heads(row) > 2]


# -- rows --------------------------------------------------------------------------------------------------------------


def tail_lost(form: Form, rng: Random) -> None:
    sheet = form.any_sheet(rng)
    del sheet[rng.randrange(len(sheet) // 2, len(sheet)) :]
    for later in range(form.blocks.index(sheet) + 1, len(form.blocks)):
        form.blocks[later] = ""


def middle_lost(form: Form, rng: Random) -> None:
    sheet = form.any_sheet(rng)
    start = rng.randrange(len(sheet))
    del sheet[start : start + rng.randrange(2, 8)]


def heads_lost(form: Form, rng: Random) -> None:
    sheet = form.any_sheet(rng)
    if heads := head_rows(sheet):
        del sheet[rng.choice(heads)]


def heads_repeated(form: Form, rng: Random) -> None:
    sheet = form.any_sheet(rng)
    heads = head_rows(sheet)
    if not heads or heads[-1] + 2 >= len(sheet):
        return
    at = rng.randrange(heads[-1] + 2, len(sheet))
    sheet.insert(at, copied(sheet[heads[-1]]))


def copied(row: list[Box]) -> list[Box]:
    new = {box: Box(box.text) for box in row}
    return [new[box] for box in row]


def rows_joined(form: Form, rng: Random) -> None:
    """A row swallowed by the one above."""
    sheet = form.any_sheet(rng)
    if len(sheet) > 1:
        _swallow(sheet, rng.randrange(1, len(sheet)), rng)


def total_joined(form: Form, rng: Random) -> None:
    """The row of the total swallowed by the last indicator."""
    sheet = form.any_sheet(rng)
    totals = [r for r, row in enumerate(sheet) if r and any(squeeze(box.text) in _TOTALS for box in row)]
    if totals:
        _swallow(sheet, totals[-1], rng)


def _swallow(sheet: Sheet, at: int, rng: Random) -> None:
    apart = rng.choice(("\n", " ", ""))
    for above, below in dict.fromkeys(zip(sheet[at - 1], sheet[at], strict=True)):
        if above is not below and below.text not in above.text:
            above.text = f"{above.text}{apart}{below.text}" if above.text else below.text
    del sheet[at]


def row_pushed(form: Form, rng: Random) -> None:
    """The texts of a row one cell to the right or to the left from some cell on."""
    sheet = form.any_sheet(rng)
    boxes = row_boxes(rng.choice(sheet))
    start = rng.randrange(len(boxes))
    texts = [box.text for box in boxes]
    moved = [*texts[:start], "", *texts[start:-1]] if rng.random() < 0.5 else [*texts[:start], *texts[start + 1 :], ""]
    for box, text in zip(boxes, moved, strict=True):
        box.text = text


def block_moved(form: Form, rng: Random) -> None:
    """Some rows at another place: a page in the wrong order."""
    sheet = form.any_sheet(rng)
    start = rng.randrange(len(sheet))
    taken = sheet[start : start + rng.randrange(2, 8)]
    del sheet[start : start + len(taken)]
    at = rng.randrange(len(sheet) + 1)
    sheet[at:at] = taken


def rows_interleaved(form: Form, rng: Random) -> None:
    """Two halves of a table row by row: columns of a page read across."""
    sheet = form.any_sheet(rng)
    half = len(sheet) // 2
    upper, lower = sheet[:half], sheet[half:]
    mixed = [row for pair in zip(upper, lower, strict=False) for row in pair]
    sheet[:] = [*mixed, *lower[len(upper) :]]


def row_cut(form: Form, rng: Random) -> None:
    """A row in two: the second lines of its cells in a row of their own."""
    sheet = form.any_sheet(rng)
    at = rng.randrange(len(sheet))
    rest = copied(sheet[at])
    for box, below in zip(row_boxes(sheet[at]), row_boxes(rest), strict=True):
        where = len(box.text) // 2 if len(box.text) > 3 and not is_figure(box.text) else len(box.text)
        box.text, below.text = box.text[:where], box.text[where:]
    sheet.insert(at + 1, rest)


# -- values ------------------------------------------------------------------------------------------------------------


def value_moved(form: Form, rng: Random) -> None:
    """A figure in the row above or below, in place of what stands there or where nothing does."""
    sheet = form.any_sheet(rng)
    if not (figures := figures_of(sheet)):
        return
    r, c = rng.choice(figures)
    to = r + rng.choice((-1, 1))
    if 0 <= to < len(sheet):
        sheet[to][c].text, sheet[r][c].text = sheet[r][c].text, ""


def column_moved(form: Form, rng: Random) -> None:
    """The figures of a column a row further down or up, from some row on."""
    sheet = form.any_sheet(rng)
    if not (figures := figures_of(sheet)):
        return
    r, c = rng.choice(figures)
    boxes = list(dict.fromkeys(sheet[row][c] for row in range(r, len(sheet)) if (row, c) in set(figures)))
    texts = [box.text for box in boxes]
    moved = ["", *texts[:-1]] if rng.random() < 0.5 else [*texts[1:], ""]
    for box, text in zip(boxes, moved, strict=True):
        box.text = text


def values_emptied(form: Form, rng: Random) -> None:
    """A row without its figures."""
    sheet = form.any_sheet(rng)
    if figures := figures_of(sheet):
        at = rng.choice(figures)[0]
        for r, c in figures:
            if r == at:
                sheet[r][c].text = ""


def values_exchanged(form: Form, rng: Random) -> None:
    """The figures of two neighbouring columns exchanged, their heads where they were."""
    sheet = form.any_sheet(rng)
    figures = set(figures_of(sheet))
    pairs = [(r, c) for r, c in figures if (r, c + 1) in figures]
    if not pairs:
        return
    at, c = rng.choice(pairs)
    for r, other in pairs:
        if other == c and (r == at or rng.random() < 0.9):
            sheet[r][c].text, sheet[r][c + 1].text = sheet[r][c + 1].text, sheet[r][c].text


def labels_emptied(form: Form, rng: Random) -> None:
    """The labels of the rows of money lost."""
    for sheet in form.sheets:
        labels = [box for row in sheet for box in row_boxes(row) if lexicon().knows_source(squeeze(box.text))]
        for box in labels[rng.randrange(2) :]:
            box.text = ""


def total_label_lost(form: Form, rng: Random) -> None:
    boxes = [b for sheet in form.sheets for row in sheet for b in row_boxes(row) if squeeze(b.text) in _TOTALS]
    if boxes:
        rng.choice(boxes).text = ""


def total_value_lost(form: Form, rng: Random) -> None:
    rows = [row for s in form.sheets for row in s if any(squeeze(box.text) in _TOTALS for box in row)]
    figures = [box for row in rows for box in row_boxes(row) if is_figure(box.text)]
    if figures:
        rng.choice(figures).text = ""


# -- columns -----------------------------------------------------------------------------------------------------------


def column_lost(form: Form, rng: Random) -> None:
    sheet = form.any_sheet(rng)
    c = rng.randrange(len(sheet[0]))
    for row in sheet:
        del row[c]


def columns_exchanged(form: Form, rng: Random) -> None:
    """Two columns with their heads at each other's place: nothing to read wrongly."""
    sheet = form.any_sheet(rng)
    if len(sheet[0]) < 2:
        return
    c = rng.randrange(len(sheet[0]) - 1)
    for row in sheet:
        row[c], row[c + 1] = row[c + 1], row[c]


def columns_glued(form: Form, rng: Random) -> None:
    """Two neighbouring columns in one."""
    sheet = form.any_sheet(rng)
    if len(sheet[0]) < 3:
        return
    c, apart = rng.randrange(len(sheet[0]) - 1), rng.choice((" ", "", "\n"))
    for left, right in dict.fromkeys((row[c], row[c + 1]) for row in sheet):
        if left is not right and right.text:
            left.text = f"{left.text}{apart}{right.text}" if left.text else right.text
    for row in sheet:
        del row[c + 1]


def head_emptied(form: Form, rng: Random) -> None:
    sheet = form.any_sheet(rng)
    if heads := head_rows(sheet):
        row = sheet[rng.choice(heads)]
        rng.choice([box for box in row_boxes(row) if box.text] or row).text = ""


def heads_pushed(form: Form, rng: Random) -> None:
    """The heads one cell further on from some cell on."""
    sheet = form.any_sheet(rng)
    if heads := head_rows(sheet):
        boxes = row_boxes(sheet[rng.choice(heads)])
        start = rng.randrange(len(boxes))
        texts = [box.text for box in boxes]
        right = rng.random() < 0.5
        moved = [*texts[:start], "", *texts[start:-1]] if right else [*texts[:start], *texts[start + 1 :], ""]
        for box, text in zip(boxes, moved, strict=True):
            box.text = text


def column_emptied(form: Form, rng: Random) -> None:
    """A column without its head and its figures."""
    sheet = form.any_sheet(rng)
    c = rng.randrange(len(sheet[0]))
    for row in sheet:
        row[c].text = ""


# -- joined cells ------------------------------------------------------------------------------------------------------


def covered_dropped(form: Form, rng: Random) -> None:
    """Every cell in one slot and the covered ones left out: rows of different length, pushed to the left."""
    for sheet in form.sheets:
        width = len(sheet[0])
        seen: set[Box] = set()
        for row in sheet:
            kept = [box for box in row_boxes(row) if box not in seen]
            seen.update(kept)
            row[:] = [*kept, *(Box() for _ in range(width - len(kept)))]


def covered_copied(form: Form, rng: Random) -> None:
    """The text of a joined cell in every slot it covered."""
    for sheet in form.sheets:
        for row in sheet:
            row[:] = [Box(box.text) for box in row]


def covered_blank(form: Form, rng: Random) -> None:
    """The text of a joined cell in the first of its slots only."""
    for sheet in form.sheets:
        seen: set[Box] = set()
        for row in sheet:
            for at, box in enumerate(row):
                row[at] = Box() if box in seen else box
                seen.add(box)


def blanks_dropped(form: Form, rng: Random) -> None:
    """Blank cells left out by a converter: what follows moves up."""
    sheet = form.any_sheet(rng)
    width = len(sheet[0])
    for row in sheet:
        kept = [box for box in row if box.text.strip()]
        row[:] = [*kept, *(Box() for _ in range(width - len(kept)))]


def blanks_dropped_in_row(form: Form, rng: Random) -> None:
    sheet = form.any_sheet(rng)
    row = rng.choice(sheet)
    kept = [box for box in row if box.text.strip()]
    row[:] = [*kept, *(Box() for _ in range(len(row) - len(kept)))]


FORM_WAYS: tuple[tuple[str, GridWay], ...] = tuple(
    (change.__name__, change)
    for change in (
        *(tail_lost, middle_lost, heads_lost, heads_repeated, rows_joined, total_joined, row_pushed, block_moved),
        *(rows_interleaved, row_cut, value_moved, column_moved, values_emptied, values_exchanged, labels_emptied),
        *(total_label_lost, total_value_lost, column_lost, columns_exchanged, columns_glued, head_emptied),
        *(heads_pushed, column_emptied, covered_dropped, covered_copied, covered_blank, blanks_dropped),
        blanks_dropped_in_row,
    )
)
