"""Damage to how a form's cells are written: by spreadsheets, web editors, recognition and people (写法的损坏)."""

from __future__ import annotations

import html
from collections.abc import Callable
from random import Random

from benchmarks.ways.of_grids import Box, Form, GridWay, Sheet, figures_of, head_rows, is_figure, row_boxes
from schemas.quantities import parse_number

_FULL_WIDTH = str.maketrans("0123456789.%", "０１２３４５６７８９．％")
_SMALLEST_IN_POWERS = 100_000
"""Figures from which a narrow column of a spreadsheet shows a power of ten."""


def covered_ditto(form: Form, rng: Random) -> None:
    """同上 in every slot that a joined cell covered."""
    ditto = rng.choice(("同上", "〃", "″"))
    for sheet in form.sheets:
        seen: set[Box] = set()
        for row in sheet:
            for at, box in enumerate(row):
                is_again = box in seen and box not in row[:at] and bool(box.text)
                seen.add(box)
                row[at] = Box(ditto) if is_again else box


def hashes(form: Form, rng: Random) -> None:
    """A column too narrow for its figures."""
    _in_column(form, rng, lambda text: "####" if len(text) > 3 else text)


def powers_of_ten(form: Form, rng: Random) -> None:
    """A column too narrow for its figures, which are shown rounded."""
    _in_column(form, rng, _as_power)


def _as_power(text: str) -> str:
    found = parse_number(text)
    return text if found is None or found.value < _SMALLEST_IN_POWERS else f"{found.value:.2E}"


def _in_column(form: Form, rng: Random, change: Callable[[str], str]) -> None:
    sheet = form.any_sheet(rng)
    places = [(r, c) for r, c in figures_of(sheet) if change(sheet[r][c].text) != sheet[r][c].text]
    if places:
        column = rng.choice(places)[1]
        for r, c in places:
            if c == column:
                sheet[r][c].text = change(sheet[r][c].text)


def formula_error(form: Form, rng: Random) -> None:
    """A formula that has lost what it points at."""
    sheet = form.any_sheet(rng)
    if figures := figures_of(sheet):
        r, c = rng.choice(figures)
        sheet[r][c].text = rng.choice(("#REF!", "#DIV/0!", "#VALUE!", "#N/A"))


def entities(form: Form, rng: Random) -> None:
    """Signs and blanks as the names that markup has for them."""
    for box in _boxes(form):
        box.text = html.escape(box.text).replace("≥", "&ge;").replace("≤", "&le;").replace(" ", "&nbsp;")


def zero_width(form: Form, rng: Random) -> None:
    """Characters without width in the figures: nothing to read wrongly."""
    mark = rng.choice(("\u200b", "\ufeff", "\u00ad", "\u2060"))
    for box in _boxes(form):
        if is_figure(box.text) and len(box.text) > 1:
            at = rng.randrange(1, len(box.text))
            box.text = f"{box.text[:at]}{mark}{box.text[at:]}"


def full_width(form: Form, rng: Random) -> None:
    """Figures in characters of full width: nothing to read wrongly."""
    for box in _boxes(form):
        if is_figure(box.text):
            box.text = box.text.translate(_FULL_WIDTH)


def head_misread(form: Form, rng: Random) -> None:
    """A character of a head that recognition takes for another."""
    sheet = form.any_sheet(rng)
    heads = [box for r in head_rows(sheet) for box in row_boxes(sheet[r]) if len(box.text) > 1]
    if heads:
        box = rng.choice(heads)
        at = rng.randrange(len(box.text))
        box.text = box.text[:at] + rng.choice("口曰圭亍丿") + box.text[at + 1 :]


def points_in_half(form: Form, rng: Random) -> None:
    """A figure with half of it struck away by a stamp."""
    sheet = form.any_sheet(rng)
    if figures := figures_of(sheet):
        r, c = rng.choice(figures)
        text = sheet[r][c].text
        sheet[r][c].text = "■" * (len(text) // 2) + text[len(text) // 2 :] if len(text) > 1 else "■"


def _boxes(form: Form) -> list[Box]:
    return list(dict.fromkeys(box for sheet in form.sheets for row in sheet for box in row))


# -- tables ------------------------------------------------------------------------------------------------------------


def table_split(form: Form, rng: Random) -> None:
    """A table in two at some row, as at the end of a page, with the number of the page between or nothing."""
    sheet = form.any_sheet(rng)
    if sheet not in form.blocks or len(sheet) < 3:
        return
    at, place = rng.randrange(1, len(sheet) - 1), form.blocks.index(sheet)
    between = rng.choice(([""], ["- 2 -"], ["第2页"]))
    form.blocks[place : place + 1] = [_apart(sheet[:at]), *between, _apart(sheet[at:])]


def _apart(rows: Sheet) -> Sheet:
    """Rows with cells of their own: what reached over the cut stands on either side, with its text."""
    own = {box: Box(box.text) for row in rows for box in row}
    return [[own[box] for box in row] for row in rows]


def tables_joined(form: Form, rng: Random) -> None:
    """The lines between tables lost: one table."""
    sheets = form.sheets
    width = max((len(row) for sheet in sheets for row in sheet), default=0)
    rows = [[*row, *(Box() for _ in range(width - len(row)))] for sheet in sheets for row in sheet]
    if len(sheets) > 1:
        first = form.blocks.index(sheets[0])
        form.blocks[:] = [*form.blocks[:first], rows]


def title_lost(form: Form, rng: Random) -> None:
    """The lines above the tables lost."""
    form.blocks[:] = [block for block in form.blocks if not isinstance(block, str)]


def column_split(form: Form, rng: Random) -> None:
    """A column of words in two: each text goes on in a cell of its own."""
    sheet = form.any_sheet(rng)
    c = rng.randrange(len(sheet[0]))
    halves: dict[Box, Box] = {}
    for row in sheet:
        box = row[c]
        if box not in halves:
            apart = row.count(box) == 1 and len(box.text) > 3 and not is_figure(box.text)
            where = len(box.text) // 2 if apart else len(box.text)
            halves[box] = Box(box.text[where:])
            box.text = box.text[:where]
        row.insert(c + 1, halves[box])


WRITING_WAYS: tuple[tuple[str, GridWay], ...] = tuple(
    (change.__name__, change)
    for change in (
        *(covered_ditto, hashes, powers_of_ten, formula_error, entities, zero_width, full_width, head_misread),
        *(points_in_half, table_split, tables_joined, title_lost, column_split),
    )
)
