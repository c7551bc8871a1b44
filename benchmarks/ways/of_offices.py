"""Damage to a form in an office's hands: sorted, laid over two pages, corrected, taken into an editor (经手的损坏)."""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

from benchmarks.ways.of_grids import Box, Form, GridWay, Sheet, copied, covered_blank, figures_of, head_rows, row_boxes
from schemas.lexicon import lexicon, squeeze
from schemas.quantities import parse_number, parse_percent

_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_THOUSANDS = re.compile(r"(?<=\d)[,，](?=\d{3})|(?<=\d)(?=(?:\d{3})+(?:\.|$))")
_MONEY = frozenset({"initial_budget", "annual_budget", "executed", "arrived"})
_YUAN = 10_000
_FEWEST = 3


def _concept(box: Box) -> str:
    return lexicon().column(squeeze(box.text)) or ""


def _columns(sheet: Sheet, concepts: frozenset[str]) -> list[int]:
    """The columns under heads of these concepts."""
    heads = [sheet[r] for r in head_rows(sheet)]
    return sorted({c for row in heads for c, box in enumerate(row) if _concept(box) in concepts})


def _below(sheet: Sheet) -> int:
    """The first row below all heads."""
    return max(head_rows(sheet), default=-1) + 1


def _is_fund(box: Box) -> bool:
    return lexicon().knows_source(squeeze(box.text)) or lexicon().is_funding_total(squeeze(box.text))


def _fund_rows(sheet: Sheet) -> list[int]:
    """Rows of money: a source or the total before figures."""
    filled = {r for r, _ in figures_of(sheet)}
    return [r for r, row in enumerate(sheet) if r in filled and any(map(_is_fund, row))]


def _figures_in_row(sheet: Sheet, r: int) -> list[Box]:
    return [sheet[row][c] for row, c in figures_of(sheet) if row == r]


# -- figures -----------------------------------------------------------------------------------------------------------


def total_point_lost(form: Form, rng: Random) -> None:
    """A point lost in the row of the total of funds."""
    boxes = [
        box
        for sheet in form.sheets
        for r in _fund_rows(sheet)
        if any(lexicon().is_funding_total(squeeze(box.text)) for box in sheet[r])
        for box in _figures_in_row(sheet, r)
        if _POINT.search(box.text)
    ]
    if boxes:
        box = rng.choice(boxes)
        box.text = _POINT.sub("", box.text)


def thousands_otherwise(form: Form, rng: Random) -> None:
    """Thousands marked in another country's way, in all figures."""
    mark, point = rng.choice(((".", ","), ("'", "."), (" ", "."), ("，", "."), ("、", "."), ("\u202f", ".")))
    for sheet in form.sheets:
        for r, c in figures_of(sheet):
            box = sheet[r][c]
            whole, dot, rest = box.text.partition(".")
            box.text = f"{_THOUSANDS.sub(mark, whole)}{point if dot else ''}{rest}"


def percent_lost_some(form: Form, rng: Random) -> None:
    """The percent signs lost in some rows of a column."""
    _some_of_column(form, rng, lambda text: text.rstrip("%％"))


def percent_as_ratio(form: Form, rng: Random) -> None:
    """Percentages of a column as what a spreadsheet stores of them (0.9699): all, or some of them."""
    _some_of_column(form, rng, _ratio, rng.choice((0.4, 1.0)))


def _ratio(text: str) -> str:
    found = parse_percent(text) if text.endswith(("%", "％")) and text[:1].isdigit() else None
    return text if found is None else f"{(found.value / 100).normalize():f}"


def point_otherwise(form: Form, rng: Random) -> None:
    """The points of some figures of a column as another mark."""
    mark = rng.choice(("。", "·", ",", "，", "、", ":", "-", "'"))
    _some_of_column(form, rng, lambda text: _POINT.sub(mark, text), rng.choice((0.2, 0.6, 1.0)))


def _some_of_column(form: Form, rng: Random, change: Callable[[str], str], share: float = 0.5) -> None:
    sheet = form.any_sheet(rng)
    places = [(r, c) for r, c in figures_of(sheet) if change(sheet[r][c].text) != sheet[r][c].text]
    if not places:
        return
    at = rng.choice(places)
    for r, c in places:
        if (r, c) == at or (c == at[1] and rng.random() < share):
            sheet[r][c].text = change(sheet[r][c].text)


def row_in_yuan(form: Form, rng: Random) -> None:
    """One row of the funds in 元 among others in 万元."""
    sheet = form.any_sheet(rng)
    money = set(_columns(sheet, _MONEY))
    if not (rows := _fund_rows(sheet)):
        return
    row = sheet[rng.choice(rows)]
    for box in {id(row[c]): row[c] for c in money if c < len(row)}.values():
        found = parse_number(box.text)
        if found is not None and found.value:
            box.text = f"{found.value * _YUAN:.2f}"


def text_twice(form: Form, rng: Random) -> None:
    """The text of a cell twice."""
    sheet = form.any_sheet(rng)
    filled = [box for row in sheet for box in row_boxes(row) if box.text.strip()]
    if filled:
        box = rng.choice(filled)
        box.text = f"{box.text}{rng.choice(('', ' ', chr(10)))}{box.text}"


def old_and_new(form: Form, rng: Random) -> None:
    """A figure and the one that was to replace it: a correction accepted by halves."""
    sheet = form.any_sheet(rng)
    if figures := figures_of(sheet):
        r, c = rng.choice(figures)
        box = sheet[r][c]
        box.text = f"{box.text}{rng.choice(('', ' ', chr(10), '→'))}{_corrected(box.text, rng)}"


def _corrected(text: str, rng: Random) -> str:
    places = [at for at, char in enumerate(text) if char.isdigit()]
    at = rng.choice(places)
    return f"{text[:at]}{(int(text[at]) + rng.randrange(1, 9)) % 10}{text[at + 1 :]}"


def note_mark(form: Form, rng: Random) -> None:
    """The mark of a note behind some figures of a table: the figure is what stands before it."""
    sheet = form.any_sheet(rng)
    mark = rng.choice(("①", "*", "[1]", "（注1）", "¹", "※"))
    for r, c in figures_of(sheet):
        if rng.random() < 0.2:
            sheet[r][c].text += mark


def stamp_in_cell(form: Form, rng: Random) -> None:
    """Characters of a stamp behind a figure."""
    sheet = form.any_sheet(rng)
    if figures := figures_of(sheet):
        r, c = rng.choice(figures)
        sheet[r][c].text += rng.choice(("财政局", "县", "专用章", "★", "印", " 1"))


# -- cells and rows ----------------------------------------------------------------------------------------------------


def name_in_two_rows(form: Form, rng: Random) -> None:
    """The second half of a name in a row of its own below, with nothing beside it."""
    sheet = form.any_sheet(rng)
    places = [
        (r, c)
        for c in _columns(sheet, frozenset({"level3"}))
        for r in range(_below(sheet), len(sheet))
        if len(sheet[r][c].text) > _FEWEST and sheet[r].count(sheet[r][c]) == 1
    ]
    if places:
        r, c = rng.choice(places)
        box = sheet[r][c]
        at = rng.randrange(2, len(box.text) - 1)
        rest = Box(box.text[at:])
        box.text = box.text[:at]
        sheet.insert(r + 1, [rest if at == c else (Box() if at > c else one) for at, one in enumerate(sheet[r])])


def fund_labels_glued(form: Form, rng: Random) -> None:
    """Two labels of funds in the upper cell or the lower, the figures where they were."""
    sheet = form.any_sheet(rng)
    rows = [r for r in _fund_rows(sheet) if r + 1 in _fund_rows(sheet)]
    if not rows:
        return
    r = rng.choice(rows)
    above, below = ([box for box in row_boxes(sheet[at]) if _is_fund(box)][-1] for at in (r, r + 1))
    if above is not below:
        text = f"{above.text}{rng.choice(('', ' ', chr(10)))}{below.text}"
        above.text, below.text = rng.choice(((text, ""), ("", text)))


def fund_rows_in_one(form: Form, rng: Random) -> None:
    """Two rows of funds in one: their labels and figures one under the other in each cell."""
    sheet = form.any_sheet(rng)
    rows = [r for r in _fund_rows(sheet) if r + 1 in _fund_rows(sheet)]
    if not rows:
        return
    r, apart = rng.choice(rows), rng.choice(("\n", " ", ""))
    for above, below in dict.fromkeys(zip(sheet[r], sheet[r + 1], strict=True)):
        if above is not below:
            above.text = f"{above.text}{apart}{below.text}"
    del sheet[r + 1]


def level_emptied(form: Form, rng: Random) -> None:
    """A label of level 1 or 2 gone from its cell."""
    sheet = form.any_sheet(rng)
    columns = _columns(sheet, frozenset({"level1", "level2"}))
    boxes = list(dict.fromkeys(row[c] for row in sheet[_below(sheet) :] for c in columns if row[c].text))
    if boxes:
        rng.choice(boxes).text = ""


def level_over_next(form: Form, rng: Random) -> None:
    """A label of level 1 or 2 reaching over the next one, whose text is gone."""
    sheet = form.any_sheet(rng)
    columns = _columns(sheet, frozenset({"level1", "level2"}))
    places = [
        (r, c) for c in columns for r in range(_below(sheet) + 1, len(sheet)) if sheet[r][c] is not sheet[r - 1][c]
    ]
    if places:
        r, c = rng.choice(places)
        old = sheet[r][c]
        for row in sheet:
            if row[c] is old:
                row[c] = sheet[r - 1][c]


def rows_sorted(form: Form, rng: Random) -> None:
    """The rows of indicators sorted by some column, labels of levels left in the first of their rows only."""
    if rng.random() < 0.5:
        covered_blank(form, rng)
    else:
        for sheet in form.sheets:
            sheet[:] = [[Box(box.text) for box in row] for row in sheet]
    sheet = form.any_sheet(rng)
    start = _below(sheet)
    if start and start < len(sheet):
        c = rng.choice(range(len(sheet[0])))
        sheet[start:] = sorted(sheet[start:], key=lambda row: row[c].text)


def two_rows_mixed(form: Form, rng: Random) -> None:
    """Two rows of indicators with some of their cells exchanged."""
    sheet = form.any_sheet(rng)
    start = _below(sheet)
    if start + 1 >= len(sheet):
        return
    r = rng.randrange(start, len(sheet) - 1)
    for c in range(len(sheet[r])):
        above, below = sheet[r][c], sheet[r + 1][c]
        if above is not below and rng.random() < 0.5 and sheet[r].count(above) == 1:
            above.text, below.text = below.text, above.text


def cells_dropped(form: Form, rng: Random) -> None:
    """The cells of a column dropped below its head: what follows moves to the left."""
    sheet = form.any_sheet(rng)
    start = _below(sheet)
    c = rng.randrange(len(sheet[0]))
    for row in sheet[start:]:
        row[c:] = [*row[c + 1 :], Box()]


def alike_joined(form: Form, rng: Random) -> None:
    """Figures alike one under the other in one joined cell, in a column of them."""
    sheet = form.any_sheet(rng)
    places = [
        (r, c)
        for r, c in figures_of(sheet)
        if r + 1 < len(sheet) and sheet[r + 1][c].text == sheet[r][c].text and sheet[r].count(sheet[r][c]) == 1
    ]
    if places:
        column = rng.choice(places)[1]
        for r, c in places:
            if c == column:
                sheet[r + 1][c] = sheet[r][c]


def figure_at_label(form: Form, rng: Random) -> None:
    """A figure behind the words in the cell to its left, its own cell empty."""
    sheet = form.any_sheet(rng)
    places = [(r, c) for r, c in figures_of(sheet) if c and sheet[r][c - 1].text and sheet[r][c - 1] is not sheet[r][c]]
    if places:
        r, c = rng.choice(places)
        sheet[r][c - 1].text += rng.choice(("", " ")) + sheet[r][c].text
        sheet[r][c].text = ""


# -- tables ------------------------------------------------------------------------------------------------------------


def note_in_table(form: Form, rng: Random) -> None:
    """A note of the foot of the page as a row of the table: nothing to read wrongly."""
    sheet = form.any_sheet(rng)
    text = rng.choice(
        (
            "注：1.执行率=B/A×100%；2.得分不得超过分值10分。",
            "注：其他资金包括社会投入资金等12.5万元。",
            "①数据截至2023年12月31日，共3个单位。",
            "说明：本表一式2份，于3月15日前报送。",
        )
    )
    sheet.insert(rng.randrange(1, len(sheet) + 1), [Box(text)] * len(sheet[0]))


def side_parts(form: Form, rng: Random) -> None:
    """A table in two: the columns on the right on a page of their own."""
    sheet = form.any_sheet(rng)
    if sheet not in form.blocks or len(sheet[0]) < 2 * _FEWEST:
        return
    at, place = rng.randrange(_FEWEST, len(sheet[0]) - 1), form.blocks.index(sheet)
    form.blocks[place : place + 1] = [_apart([row[:at] for row in sheet]), _apart([row[at:] for row in sheet])]


def _apart(rows: Sheet) -> Sheet:
    own = {box: Box(box.text) for row in rows for box in row}
    return [[own[box] for box in row] for row in rows]


def continued(form: Form, rng: Random) -> None:
    """A table that goes on under a title and its heads once more: nothing to read wrongly."""
    sheet = form.any_sheet(rng)
    heads = head_rows(sheet)
    if sheet not in form.blocks or not heads or heads[-1] + 3 >= len(sheet):
        return
    at, place = rng.randrange(heads[-1] + 2, len(sheet) - 1), form.blocks.index(sheet)
    below = [copied(sheet[heads[-1]]), *_apart(sheet[at:])]
    form.blocks[place : place + 1] = [
        _apart(sheet[:at]),
        rng.choice(("（续表）", "续表", "项目支出绩效自评表（续）")),
        below,
    ]


def markup_left(form: Form, rng: Random) -> None:
    """Tags of a web editor left in the cells: nothing to read wrongly."""
    before, after = rng.choice((("<p>", "</p>"), ("<span>", "</span>"), ("", "<br/>"), ("**", "**"), ("&nbsp;", "")))
    for box in dict.fromkeys(box for sheet in form.sheets for row in sheet for box in row):
        if box.text:
            box.text = f"{before}{box.text}{after}"


def words_cut(form: Form, rng: Random) -> None:
    """The words of a column cut at the same number of characters."""
    sheet = form.any_sheet(rng)
    c, most = rng.randrange(len(sheet[0])), rng.randrange(2, 7)
    for box in dict.fromkeys(row[c] for row in sheet[_below(sheet) :] if row.count(row[c]) == 1):
        box.text = box.text[:most]


OFFICE_WAYS: tuple[tuple[str, GridWay], ...] = tuple(
    (change.__name__, change)
    for change in (
        *(total_point_lost, thousands_otherwise, percent_lost_some, percent_as_ratio, point_otherwise, row_in_yuan),
        *(text_twice, old_and_new, note_mark, stamp_in_cell, name_in_two_rows, fund_labels_glued, fund_rows_in_one),
        *(level_emptied, level_over_next, rows_sorted, two_rows_mixed, cells_dropped, alike_joined, figure_at_label),
        *(note_in_table, side_parts, continued, markup_left, words_cut),
    )
)
