"""The cells of a row whose columns are known: the number in one, and what of the row could not be read (单元格)."""

from __future__ import annotations

from collections.abc import Callable, Sequence, Set

import regex

from parsers.document import Problem
from parsers.interpret.align import DOUBTFUL, Assigned
from parsers.interpret.concepts import LEVEL_COLUMNS
from parsers.interpret.rows import Slot
from schemas.lexicon import Lexicon
from schemas.quantities import Quantity, is_blank
from schemas.units import is_unit
from schemas.vocabulary import words

MOST_POINTS = 1000
"""Forms score up to 100, some up to 1000; more is two cells printed as one (2020 = 20 | 20)."""
_SENTENCE = 12
"""Characters from which words beside a value in its column are a reason, whose head is lost."""
_DIGIT = regex.compile(r"\d")


def _can_score(quantity: Quantity, concept: str, most: int) -> bool:
    """Whether points or a score can be that much; points are never below zero (— 100 read as one)."""
    return abs(quantity.value) <= most and (concept != "points" or quantity.value >= 0)


def read_number(
    assigned: Assigned, concept: str, zh: str, parse: Callable[[str], Quantity | None], most: int = MOST_POINTS
) -> tuple[Quantity | None, Problem | None]:
    """The number in a cell; a printed text that is no number stays null and is reported with its place.

    So do points or a score above `most`: two cells printed as one.
    """
    text = assigned.text(concept)
    if is_blank(text) or is_unit(text):  # the % of a blank form
        return None, None
    quantity = parse(text)
    if quantity is not None and concept in ("points", "score") and not _can_score(quantity, concept, most):
        quantity = None
    if quantity is None and text.endswith(words("nothing")) and not assigned.text("deviation"):
        # The 无 of an empty reason, printed into the number's cell.
        quantity = parse(text[:-1])
    if quantity is not None:
        return quantity, None
    place = assigned.row.place
    return None, Problem(
        "cell_not_number", f"{place.locator}：“{zh}”一格印的是“{text[:40]}”，不是单一数值，已留空，请核对原文。", place
    )


def level_beside(assigned: Assigned, level: str, lexicon: Lexicon) -> str:
    """The label of level 1 that stands left of its column, where the side label of the block does; its own cell is
    empty."""
    for column, slots in zip(assigned.columns, assigned.cells, strict=True):
        if level != LEVEL_COLUMNS[0] or column.concept not in ("side", "blank"):
            break
        for slot in slots:
            if slot.own and lexicon.is_level1(slot.text):
                return slot.text
    return ""


def unknown_headers(
    table: str, rows: Sequence[Assigned], is_value: Callable[[str], bool], taken: Set[str]
) -> list[Problem]:
    """Headers with values under them that are not `taken`: words nobody listed, or of no use in this table."""
    seen: dict[str, Assigned] = {}
    for assigned in rows:
        for column, slots in zip(assigned.columns, assigned.cells, strict=True):
            if column.concept not in taken and any(slot.own and is_value(slot.text) for slot in slots):
                seen.setdefault(column.header, assigned)
    return [
        Problem(
            "unknown_header",
            f"{table}的列标题“{header}”不在词库中或不属于该表，其下数据未能归类；如需读取，请在词库中登记该词。",
            assigned.row.place,
            header,
        )
        for header, assigned in seen.items()
    ]


def _crowded(assigned: Assigned) -> list[list[Slot]]:
    """Cells side by side that one column took although it has room for one: two labels of a level, two figures, two
    reasons (the rest is a row that was joined to this one).

    In a dump of a spreadsheet a name may stand in two cells (培训人数 | 线上); on a page the second is a neighbour's.
    """
    dump = assigned.row.grid.geometry == "slots" and assigned.row.place.bbox is None
    found: list[list[Slot]] = []
    for column, slots in zip(assigned.columns, assigned.cells, strict=True):
        own = [slot for slot in slots if slot.own and slot.text and slot.cell.row == assigned.row.index]
        if column.concept in ("target", "adjusted_target", "actual"):
            own = [slot for slot in own if _DIGIT.search(slot.text) or len(slot.text) > _SENTENCE]
        elif column.concept != "deviation" and (dump or column.concept not in LEVEL_COLUMNS):
            continue
        if len(own) > 1:
            found.append(own)
    return found


def _was_placed_in_doubt(assigned: Assigned) -> bool:
    """Whether the reader of a dump put figures of the row into their places although others are as likely."""
    if assigned.row.grid.geometry != "slots" or assigned.row.place.bbox is not None:
        return False
    figures = (slot for slot in assigned.row.slots if slot.own and _DIGIT.search(slot.text))
    return any(slot.cell.confidence <= DOUBTFUL for slot in figures)


def row_problems(assigned: Assigned) -> list[Problem]:
    """Doubt about a row as a whole: uncertain columns, and filled cells that no column could take."""
    place = assigned.row.place
    doubtful = [
        Problem(
            "uncertain_columns",
            f"{place.locator}：该行单元格有缺失，各格归入哪一列并不确定，请核对原文。",
            place,
        )
    ]
    crowded = [
        Problem("cells_in_one_column", f"{place.locator}：“{texts}”落在同一列，分列可能有误，请核对原文。", place)
        for slots in _crowded(assigned)
        if (texts := "”“".join(slot.text[:20] for slot in slots))
    ]
    return (
        (doubtful if assigned.certain <= DOUBTFUL or _was_placed_in_doubt(assigned) else [])
        + crowded
        + [
            Problem("stray_cell", f"{place.locator}：单元格“{slot.text[:40]}”无法归入任何一列，请核对原文。", place)
            for slot in assigned.strays
        ]
    )
