"""Damage to a form by hand, by recognition and by converters: pasted twice, cut at a comma, spans that grow."""

from __future__ import annotations

import re
from random import Random

from benchmarks.ways.of_grids import Box, Form, GridWay, Sheet, copied, figures_of, head_rows, is_figure, row_boxes
from schemas.lexicon import lexicon, squeeze

_UNIT = re.compile(r"[(（]?(单位[:：])?[百千万亿]*元[)）]?")
_MARK = re.compile(r"(?<=\d)[,，.](?=\d)")
_SIGNS = {"≥": "2", ">=": "2", "≧": "2", "≤": "s", "≦": "s"}
"""What recognition takes a sign for."""


# -- rows --------------------------------------------------------------------------------------------------------------


def half_twice(form: Form, rng: Random) -> None:
    """Some rows a second time below themselves: pasted twice."""
    sheet = form.any_sheet(rng)
    start = rng.randrange(len(sheet))
    again = [copied(row) for row in sheet[start : start + rng.randrange(2, 9)]]
    sheet[start + len(again) : start + len(again)] = again


def page_lost(form: Form, rng: Random) -> None:
    """A page from the middle lost: the next begins with the heads once more."""
    sheet = form.any_sheet(rng)
    heads = head_rows(sheet)
    if not heads or heads[-1] + 3 >= len(sheet):
        return
    start = rng.randrange(heads[-1] + 1, len(sheet) - 1)
    sheet[start : start + rng.randrange(2, 7)] = [copied(sheet[heads[-1]])]


def footer_in_table(form: Form, rng: Random) -> None:
    """The foot of a page as a row of the table: nothing to read wrongly."""
    sheet = form.any_sheet(rng)
    foot = Box(rng.choice(("第 2 页 共 3 页", "- 2 -", "2", "第2页")))
    sheet.insert(rng.randrange(1, len(sheet) + 1), [foot] * len(sheet[0]))


def blank_rows(form: Form, rng: Random) -> None:
    """Empty rows between others: nothing to read wrongly."""
    sheet = form.any_sheet(rng)
    for _ in range(rng.randrange(1, 5)):
        sheet.insert(rng.randrange(1, len(sheet) + 1), [Box() for _ in sheet[0]])


def remark_below(form: Form, rng: Random) -> None:
    """The last words of a row in a row of their own below."""
    sheet = form.any_sheet(rng)
    at = rng.randrange(len(sheet))
    last = [box for box in row_boxes(sheet[at]) if box.text]
    if last:
        rest = {last[-1]: Box(last[-1].text)}
        last[-1].text = ""
        sheet.insert(at + 1, [rest.get(box) or Box() for box in sheet[at]])


def twice_half_blank(form: Form, rng: Random) -> None:
    """A row twice, the copy without some of its cells."""
    sheet = form.any_sheet(rng)
    at = rng.randrange(len(sheet))
    again = copied(sheet[at])
    for box in row_boxes(again):
        box.text = box.text if rng.random() < 0.5 else ""
    sheet.insert(at + 1, again)


def names_moved(form: Form, rng: Random) -> None:
    """The names of a column a row further down or up, from some row on."""
    sheet = form.any_sheet(rng)
    if len(sheet) < 3:
        return
    start, c = rng.randrange(1, len(sheet) - 1), rng.randrange(len(sheet[0]))
    boxes = list(dict.fromkeys(row[c] for row in sheet[start:] if row.count(row[c]) == 1))
    if not boxes:
        return
    texts = [box.text for box in boxes]
    moved = ["", *texts[:-1]] if rng.random() < 0.5 else [*texts[1:], ""]
    for box, text in zip(boxes, moved, strict=True):
        box.text = text


# -- cells -------------------------------------------------------------------------------------------------------------


def digit_to_neighbour(form: Form, rng: Random) -> None:
    """The last digit of a figure before that of the cell beside it: a rule recognised a digit too far left."""
    sheet = form.any_sheet(rng)
    figures = set(figures_of(sheet))
    pairs = [(r, c) for r, c in sorted(figures) if (r, c + 1) in figures and len(sheet[r][c].text) > 1]
    if pairs:
        r, c = rng.choice(pairs)
        left, right = sheet[r][c], sheet[r][c + 1]
        left.text, right.text = left.text[:-1], left.text[-1] + right.text


def comma_split(form: Form, rng: Random) -> None:
    """A figure in two at its comma or point, what follows a cell further on: an unescaped comma."""
    sheet = form.any_sheet(rng)
    places = [(r, c) for r, c in figures_of(sheet) if _MARK.search(sheet[r][c].text)]
    if not places:
        return
    r, c = rng.choice(places)
    at = rng.choice([match.start() for match in _MARK.finditer(sheet[r][c].text)])
    text = sheet[r][c].text
    sheet[r][c : c + 1] = [Box(text[:at]), Box(text[at + 1 :])]
    _even(sheet)


def cell_inserted(form: Form, rng: Random) -> None:
    """An empty cell too many in a row, what follows it a cell further on, beyond the edge of the table."""
    sheet = form.any_sheet(rng)
    row = rng.choice(sheet)
    row.insert(rng.randrange(len(row)), Box())
    _even(sheet)


def _even(sheet: Sheet) -> None:
    width = max(len(row) for row in sheet)
    for row in sheet:
        row.extend(Box() for _ in range(width - len(row)))


def pasted_over(form: Form, rng: Random) -> None:
    """Some cells of a row over those of the next: copied to the wrong place."""
    sheet = form.any_sheet(rng)
    if len(sheet) < 2:
        return
    r = rng.randrange(len(sheet) - 1)
    c = rng.randrange(len(sheet[0]))
    for above, below in zip(sheet[r][c : c + 3], sheet[r + 1][c : c + 3], strict=True):
        if above is not below:
            below.text = above.text


def sign_as_digit(form: Form, rng: Random) -> None:
    """A sign before a figure read as a digit or a letter."""
    sheet = form.any_sheet(rng)
    signed = [(box, sign) for row in sheet for box in row_boxes(row) for sign in _SIGNS if box.text.startswith(sign)]
    if signed:
        box, sign = rng.choice(signed)
        box.text = _SIGNS[sign] + box.text.removeprefix(sign)


def unit_lost(form: Form, rng: Random) -> None:
    """The unit of money gone from lines and labels."""
    form.blocks[:] = [_without_unit(block) if isinstance(block, str) else block for block in form.blocks]
    for sheet in form.sheets:
        for box in [box for row in sheet for box in row_boxes(row)]:
            if not is_figure(box.text) and lexicon().column(squeeze(box.text)):
                box.text = _without_unit(box.text)


def _without_unit(text: str) -> str:
    return _UNIT.sub("", text) if len(text) < 30 else text


# -- joined cells ------------------------------------------------------------------------------------------------------


def labels_in_middle(form: Form, rng: Random) -> None:
    """The text of a cell joined downwards in the middle of its rows, nothing above and below: copied from a page."""
    for sheet in form.sheets:
        places = {box: [r for r, row in enumerate(sheet) if box in row] for row in sheet for box in row}
        for box, rows in places.items():
            c = next(c for c, one in enumerate(sheet[rows[0]]) if one is box)
            if len(rows) > 1:
                for r in rows:
                    sheet[r][c] = Box(box.text if r == rows[len(rows) // 2] else "")


def span_lost(form: Form, rng: Random) -> None:
    """One cell joined downwards no more joined, its text in the first of its rows."""
    sheet = form.any_sheet(rng)
    joined = [(r, c) for r, row in enumerate(sheet[1:]) for c, box in enumerate(row) if sheet[r][c] is box]
    if joined:
        r, c = rng.choice(joined)
        box, first = sheet[r][c], True
        for row in sheet:
            for at in [at for at, one in enumerate(row) if one is box]:
                row[at], first = (box if first else Box()), False


def span_grown(form: Form, rng: Random) -> None:
    """A cell over the one below it, whose own text is gone."""
    sheet = form.any_sheet(rng)
    places = [(r, c) for r, row in enumerate(sheet[:-1]) for c in range(len(row)) if sheet[r + 1][c] is not row[c]]
    if places:
        r, c = rng.choice(places)
        sheet[r + 1][c] = sheet[r][c]


PASTING_WAYS: tuple[tuple[str, GridWay], ...] = tuple(
    (change.__name__, change)
    for change in (
        *(half_twice, page_lost, footer_in_table, blank_rows, remark_below, twice_half_blank, names_moved),
        *(digit_to_neighbour, comma_split, cell_inserted, pasted_over, sign_as_digit, unit_lost),
        *(labels_in_middle, span_lost, span_grown),
    )
)
