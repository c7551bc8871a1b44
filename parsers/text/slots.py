"""Tables whose columns are exact: tab-separated rows (制表符分列).

Spans are not known: a merged cell leaves blank slots behind (geometry "slots"), or none at all where a page was copied
from a browser: then cells are placed as those between pipes are.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from parsers.document import Block, Grid
from parsers.text.grids import grid_of
from parsers.text.lines import cell_text, is_outside, line_place, paragraphs
from parsers.text.pipes import PipeRow, grid_of_rows, with_one_row_of_heads
from parsers.text.placing import header_of
from schemas.lexicon import lexicon, squeeze
from schemas.vocabulary import pattern

_CONTENTS_ENTRY = pattern("contents_entry")
_MAX_QUOTED_LINES = 50
"""How far a quoted cell's closing mark is looked for."""
_MAX_PIECES = 50
"""How many lines one row may be cut into."""


@dataclass(frozen=True, slots=True)
class SlotRow:
    """A row of slots and the line indexes it came from."""

    slots: list[str]
    first: int
    last: int


def tabbed_blocks(lines: list[str], indexes: Sequence[int]) -> list[Block]:
    """The blocks of a run of lines, most of whose tabs separate columns.

    Lines without tabs before and after the rows are paragraphs, and so are several of them, or a form's foot, amidst
    the rows: there one table ends and another begins.
    """
    if _is_contents([lines[index] for index in indexes]):
        return list(paragraphs(lines, indexes[0], indexes[-1] + 1))
    blocks: list[Block] = []
    table: list[SlotRow] = []
    for is_table, rows in _stretches(_joined(_tab_rows(lines, indexes))):
        if is_table and not _is_head_line(rows):
            table += rows
            continue
        blocks += [_grid(table)] if table else []
        blocks += paragraphs(lines, rows[0].first, rows[-1].last + 1)
        table = []
    return [*blocks, _grid(table)] if table else blocks


def _is_head_line(rows: list[SlotRow]) -> bool:
    """A lone row such as `填报单位：<tab>某局` is a line of the report's head, not a table."""
    return len(rows) == 1 and sum(bool(slot.strip()) for slot in rows[0].slots) < 3


def _stretches(rows: list[SlotRow]) -> list[tuple[bool, list[SlotRow]]]:
    """Stretches of rows that are table rows (True) or text between tables (False)."""
    groups = [(tabbed, list(group)) for tabbed, group in groupby(rows, key=lambda row: len(row.slots) > 1)]
    stretches: list[tuple[bool, list[SlotRow]]] = []
    for at, (tabbed, group) in enumerate(groups):
        inside = tabbed or (0 < at < len(groups) - 1 and len(group) == 1 and not is_outside(group[0].slots[0]))
        if inside and stretches and stretches[-1][0]:
            stretches[-1][1].extend(group)
        else:
            stretches.append((inside, group))
    return stretches


def _grid(rows: list[SlotRow]) -> Grid:
    cells = [PipeRow([cell_text(slot) for slot in row.slots], row.first, row.last) for row in rows]
    if _may_leave_out(cells):
        return grid_of_rows(cells)
    return grid_of([row.cells for row in cells], [line_place(row.first, row.last) for row in cells], "slots")


def _may_leave_out(rows: Sequence[PipeRow]) -> bool:
    """Whether cells may be missing: rows have fewer than the heads of their table, and none has more."""
    whole = with_one_row_of_heads(rows)
    heads = [len(row.cells) for row in whole if header_of([squeeze(cell) for cell in row.cells])]
    widths = [len(row.cells) for row in rows]
    return bool(heads) and min(widths) < max(heads) and max(widths) <= max(heads)


def _tab_rows(lines: list[str], indexes: Sequence[int]) -> list[SlotRow]:
    run = [lines[index] for index in indexes]
    rows = []
    at = 0
    while at < len(run):
        slots, last = _unquoted(run, at) if '"' in run[at] else (run[at].split("\t"), at)
        rows.append(SlotRow(slots, indexes[at], indexes[last]))
        at = last + 1
    return rows


def _unquoted(run: list[str], at: int) -> tuple[list[str], int]:
    """The slots of a row with spreadsheet quoting (a quoted cell holds line breaks), and its last line."""
    *slots, tail = run[at].split("\t")
    last = at
    while tail.startswith('"') and tail.count('"') % 2:
        closing = _closing_line(run, last)
        if closing is None:
            break
        head, *rest = run[closing].split("\t")
        slots.append("\n".join((tail, *run[last + 1 : closing], head)))
        last = closing
        if not rest:
            return [_plain(slot) for slot in slots], last
        *middle, tail = rest
        slots += middle
    return [_plain(slot) for slot in (*slots, tail)], last


def _closing_line(run: list[str], opening: int) -> int | None:
    """The line whose first slot closes the quoted cell that `opening` leaves open, None if there is none near."""
    for at in range(opening + 1, min(len(run), opening + 1 + _MAX_QUOTED_LINES)):
        head, _, rest = run[at].partition("\t")
        if head.count('"') % 2:
            return at if head.endswith('"') else None
        if rest:
            return None
    return None


def _plain(slot: str) -> str:
    inner = slot[1:-1]
    quoted = len(slot) > 1 and slot[0] == slot[-1] == '"' and ("\n" in inner or '""' in inner)
    return inner.replace('""', '"') if quoted and '"' not in inner.replace('""', "") else slot


def _joined(rows: list[SlotRow]) -> list[SlotRow]:
    """Rows cut by line breaks inside cells, joined where the counts of their tabs add up to the table's exactly."""
    width = _settled_width(rows)
    if width is None:
        return rows
    joined: list[SlotRow] = []
    index = 0
    while index < len(rows):
        taken = _pieces(rows, index, width)
        row = rows[index]
        for piece in rows[index + 1 : index + taken]:
            head = f"{row.slots[-1]}\n{piece.slots[0]}"
            row = SlotRow([*row.slots[:-1], head, *piece.slots[1:]], row.first, piece.last)
        joined.append(row)
        index += taken
    return joined


def _settled_width(rows: list[SlotRow]) -> int | None:
    """The number of slots most rows have, if the dump evidently keeps the blank slots at the end of rows."""
    width, count = Counter(len(row.slots) for row in rows).most_common(1)[0]
    keeps_blanks = any(len(row.slots) == width and not row.slots[-1] for row in rows)
    return width if width > 2 and count * 2 >= len(rows) and keeps_blanks else None


def _pieces(rows: list[SlotRow], index: int, width: int) -> int:
    """How many rows from `index` on are pieces of one row of `width` slots (1: it stands for itself)."""
    missing = width - len(rows[index].slots)
    if missing <= 0 or len(rows[index].slots) == 1:
        return 1
    for taken, piece in enumerate(rows[index + 1 : index + _MAX_PIECES], start=2):
        if lexicon().key(squeeze(piece.slots[0])):
            return 1
        missing -= len(piece.slots) - 1
        if len(piece.slots) >= width or missing < 0:
            return 1
        if missing == 0:
            return taken if len(piece.slots) > 1 else 1
    return 1


def _is_contents(run: list[str]) -> bool:
    """Whether the run is a table of contents (目录): headings, tab, page numbers that never fall."""
    entries = [line for line in run if "\t" in line]
    if len(entries) < 3 or not all(map(_CONTENTS_ENTRY.fullmatch, entries)):
        return False
    pages = [int(re.sub(r"\D", "", entry.rpartition("\t")[2])) for entry in entries]
    return pages == sorted(pages)
