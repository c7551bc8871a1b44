"""Three-line and borderless tables (三线表与无框线表).

Without rules round the cells, columns are the white strips that run between words over many lines, and rows are found
by weighing what can be one row against what cannot. The steps, each a function whose result can be drawn:

    text_rows      characters to runs of text on one baseline           unruled_text
    find_bands     stretches of the page with the same columns          unruled_bands
    find_rows      the rows of a band                                   unruled_rows
    find_labels    the rows a label spans                               unruled_labels
    find_tables    bands to tables on one common lattice of columns     here
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from parsers.document import BBox
from parsers.pdf.cells import PageCell, PageRow
from parsers.pdf.chars import Chars
from parsers.pdf.implied import implied_uprights
from parsers.pdf.lines import lines_of_runs
from parsers.pdf.primitives import Char, Edge
from parsers.pdf.unruled_bands import Band, Strip, find_bands
from parsers.pdf.unruled_heads import over_figures
from parsers.pdf.unruled_labels import Label, find_labels
from parsers.pdf.unruled_pieces import OrderSense, Piece
from parsers.pdf.unruled_rows import Rows, find_rows
from parsers.pdf.unruled_settings import SETTINGS, UnruledSettings
from parsers.pdf.unruled_text import Fragment, TextRow, has_leaders, may_have_columns, text_rows, typical_size
from parsers.pdf.unruled_words import is_header, is_pair, is_signature, is_value
from schemas.confidence import step

_LOOSE_LINE = step("loose_line")
"""Confidence in a cell one of whose lines could as well belong to the next."""

BARE_ROWS = 2
"""A band of no more rows without heads (the total, the grade) knows too little of columns."""


@dataclass(frozen=True, slots=True)
class UnruledTable:
    """A table found without cell borders; its geometry is "slots": a blank slot may continue its neighbour.

    `lattice` are the white strips between the `n_cols` columns, as far as they reach in all bands that have them: two
    tables of one form on two pages can be laid on one lattice by them.
    """

    bbox: BBox
    cells: tuple[PageCell, ...]
    rows: tuple[PageRow, ...]
    n_cols: int
    lattice: tuple[Strip, ...]


@dataclass(frozen=True, slots=True)
class BandRows:
    """A band with its rows and labels (带、行、标签)."""

    rows: Rows
    labels: list[Label]


def find_tables(
    chars: Collection[Char],
    edges: Sequence[Edge],
    page_number: int,
    height: float,
    continues: UnruledTable | None = None,
    settings: UnruledSettings = SETTINGS,
) -> list[UnruledTable]:
    """The tables without cell borders among `chars`, from top to bottom. Prose gives none.

    `continues` is the last table of the page before, if it ends that page: then even one row at the top of this page
    that keeps its columns is a table.
    """
    return [_table(parts, page_number, settings) for parts in find_parts(chars, edges, height, continues, settings)]


def find_parts(
    chars: Collection[Char],
    edges: Sequence[Edge],
    height: float,
    continues: UnruledTable | None = None,
    settings: UnruledSettings = SETTINGS,
) -> list[list[BandRows]]:
    """The bands of every table, before they are laid on one lattice."""
    horizontal = [e for e in edges if e.orientation == "h"]
    vertical = [e for e in edges if e.orientation == "v"] or implied_uprights(horizontal)
    chars = Chars.of(chars)
    if not (continues or vertical or may_have_columns(chars, settings)):
        return []
    rows = over_figures(text_rows(chars, vertical, settings), settings)
    order = OrderSense(rows, settings)
    tables: list[list[BandRows]] = []
    for section in _sections(rows, settings):
        rest = continues if section and section[0] is rows[0] else None
        if not rest and not _is_full(section, settings):
            continue
        for region in _regions(find_bands(section, vertical, horizontal, settings), settings):
            parts = [_part(band, horizontal, order, height, settings) for band in region]
            rest = rest if region[0].rows[0] is rows[0] else None
            if _is_table(parts, settings) or (rest and _goes_on_table(parts, rest)):
                tables.append(parts)
    return tables


def _sections(rows: Sequence[TextRow], settings: UnruledSettings) -> list[list[TextRow]]:
    """The rows between headings, tables of contents and the signatures below tables left out."""
    usual = typical_size(rows)
    sections: list[list[TextRow]] = [[]]
    for row in rows:
        heading = row.size >= settings.heading_size * usual and _is_one_line(row, settings)
        if has_leaders(row) or heading or (_is_full(sections[-1], settings) and is_signature(row.fragments[0].text)):
            sections.append([])
        else:
            sections[-1].append(row)
    return sections


def _is_full(rows: Sequence[TextRow], settings: UnruledSettings) -> bool:
    """Whether the rows have as many cells side by side as a table must."""
    return sum(len(row.fragments) >= 3 for row in rows) >= settings.least_rows


def _regions(bands: Sequence[Band], settings: UnruledSettings) -> list[list[Band]]:
    """Bands that follow each other without prose between them; text before and after the columns is left out."""
    regions: list[list[Band]] = [[]]
    for band in bands:
        if band.n_cols == 1 and len(band.rows) > settings.single_rows:
            regions.append([])
        else:
            regions[-1].append(band)
    return [trimmed for region in regions if (trimmed := _trimmed(region, settings))]


def _trimmed(region: Sequence[Band], settings: UnruledSettings) -> list[Band]:
    wide = [index for index, band in enumerate(region) if band.n_cols > 1]
    if not wide:
        return []
    bands = list(region[wide[0] : wide[-1] + 1])
    while len(bands) > 1 and _is_heading(bands[0], bands[1], settings):
        bands.pop(0)
    bands[0] = _without_heading(bands[0], settings)
    return [band for band in bands if band.rows]


def _is_heading(band: Band, below: Band, settings: UnruledSettings) -> bool:
    """Whether a band is one line of text and stands apart from the next: a title set or recognised in pieces."""
    if len(band.rows) > 1 or not _is_one_line(band.rows[0], settings):
        return False
    return below.rows[0].y - band.rows[0].y > settings.solid_pitch * band.rows[0].size


def _without_heading(band: Band, settings: UnruledSettings) -> Band:
    """The band without lines above its first row: a subtitle that stands beside nothing, or a line of the head."""
    rows = list(band.rows)
    while len(rows) > 1 and (
        _is_head_line(rows[0])
        or (_is_one_line(rows[0], settings) and not _goes_on(_as_one(rows[0]), rows[1:], band, settings))
    ):
        rows.pop(0)
    return Band(tuple(rows), band.gutters)


def _is_one_line(row: TextRow, settings: UnruledSettings) -> bool:
    """Whether the row is one text, though a figure or recognition may have parted it (（2021 年度）)."""
    return all(right.x0 - left.x1 < settings.full_gap * right.size for left, right in pairwise(row.fragments))


def _as_one(row: TextRow) -> Fragment:
    """The text of a row as one fragment."""
    first, last = row.fragments[0], row.fragments[-1]
    return first._replace(x1=last.x1, last=last.last)


def _is_head_line(row: TextRow) -> bool:
    """Whether a line says something of the form itself (部门：某局   附表14): a label with its value in one text, and
    nothing beside it that heads a column or is a figure."""
    texts = [fragment.text for fragment in row.fragments]
    return any(map(is_pair, texts)) and not any(is_header(text) or is_value(text) for text in texts)


def _goes_on(alone: Fragment, below: Sequence[TextRow], band: Band, settings: UnruledSettings) -> bool:
    """Whether a line stands beside another, or is the first line of a cell: of a label, or above one that follows."""
    if below[0].y - alone.y < settings.side_by_side * alone.size:
        return True
    column = band.column_of(alone.x1)
    for row in below:
        if row.y - alone.y > settings.solid_pitch * alone.size:
            return False
        if column == 0:
            return True
        for fragment in row.fragments:
            if band.column_of(fragment.x0) == column:
                off = min(abs(fragment.x0 - alone.x0), abs(fragment.x0 + fragment.x1 - alone.x0 - alone.x1) / 2)
                return off < 1.0 or alone.last < fragment.first <= alone.last + settings.order_jump
    return False


def _part(
    band: Band, horizontal: Sequence[Edge], order: OrderSense, height: float, settings: UnruledSettings
) -> BandRows:
    rows = find_rows(band, horizontal, order, settings)
    return BandRows(rows, find_labels(rows, horizontal, height, settings))


def _is_table(parts: Sequence[BandRows], settings: UnruledSettings) -> bool:
    """Whether some band has values in a column and enough rows with three cells or more."""
    full = 0
    for part in parts:
        if part.rows.first_value is None:
            continue
        filled = [0] * len(part.rows.tops)
        for column in part.rows.leaves:
            for r in {part.rows.row_of[id(piece)] for piece in part.rows.columns[column]}:
                filled[r] += 1
        if not _is_contents(part.rows):
            full += sum(count >= 3 for count in filled)
    return full >= settings.least_rows


def _is_contents(rows: Rows) -> bool:
    """Whether the last of few columns are the rising page numbers of a table of contents (目录)."""
    last = [piece.text for piece in rows.columns[-1]]
    if rows.band.n_cols > 3 or not all(text.isdigit() and text.isascii() for text in last):
        return False
    return all(int(a) <= int(b) for a, b in pairwise(last))


def _goes_on_table(parts: Sequence[BandRows], table: UnruledTable) -> bool:
    """Whether the first band keeps columns of `table` and has values in them."""
    band = parts[0].rows.band
    kept = all(any(low <= b and a <= high for a, b in table.lattice) for low, high in band.gutters)
    return kept and band.n_cols >= 3 and any(is_value(f.text) for row in band.rows for f in row.fragments)


def _table(parts: Sequence[BandRows], page_number: int, settings: UnruledSettings) -> UnruledTable:
    lattice = _lattice([part.rows.band for part in parts])
    cells: list[PageCell] = []
    heights: list[tuple[float, float]] = []
    lines = _lines_of([part.rows.band for part in parts], lattice)
    for part, own in zip(parts, lines, strict=True):
        cells.extend(_cells(part, lattice, _slots(own, len(lattice)), len(heights), page_number, settings))
        heights.extend(_heights(part))
    cells.sort(key=lambda cell: (cell.row, cell.col))
    box = _union(cell.bbox for cell in cells)
    rows = tuple(PageRow((page_number,), (box[0], top, box[2], bottom)) for top, bottom in heights)
    return UnruledTable(box, tuple(cells), rows, len(lattice) + 1, lattice)


def _lattice(bands: Sequence[Band]) -> tuple[Strip, ...]:
    """The fewest strips so that each band's gutters each hold one: strips of two bands that overlap are one."""
    lines: list[Strip] = []
    for low, high in sorted({gutter for band in bands for gutter in band.gutters}, key=lambda strip: strip[1]):
        if lines and low <= lines[-1][1]:
            lines[-1] = max(low, lines[-1][0]), lines[-1][1]
        else:
            lines.append((low, high))
    return tuple(lines)


def _lines_of(bands: Sequence[Band], lattice: Sequence[Strip]) -> list[list[int]]:
    """For each band the line of the lattice that each of its gutters holds.

    A gutter that holds several goes by the bands that leave no choice: then columns of one name keep their slots from
    one band to the next.
    """
    choices = [
        [[i for i, (a, b) in enumerate(lattice) if low <= b and a <= high] for low, high in band.gutters]
        for band in bands
    ]
    votes: Counter[int] = Counter()
    for band, found in zip(bands, choices, strict=True):
        for lines in found:
            votes.update(dict.fromkeys(lines, len(band.rows) * 12 // len(lines)))
    return [_in_order(found, votes, len(lattice)) for found in choices]


def _in_order(found: Sequence[Sequence[int]], votes: Mapping[int, int], n_lines: int) -> list[int]:
    """The line with most votes for each gutter, so that the lines of one band follow each other."""
    last: list[int] = []
    for lines in reversed(found):
        last.append(max(i for i in lines if i < (last[-1] if last else n_lines)))
    chosen: list[int] = []
    for lines, limit in zip(found, reversed(last), strict=True):
        least = chosen[-1] + 1 if chosen else 0
        chosen.append(max((i for i in lines if least <= i <= limit), key=lambda i: (votes[i], -i)))
    return chosen


def _slots(lines: Sequence[int], n_lines: int) -> list[tuple[int, int]]:
    """For each column of a band whose gutters hold `lines` its first slot and the number of slots."""
    return [(a, b - a) for a, b in pairwise([0, *(line + 1 for line in lines), n_lines + 1])]


def _cells(
    part: BandRows,
    lattice: Sequence[Strip],
    slots: Sequence[tuple[int, int]],
    above: int,
    page_number: int,
    settings: UnruledSettings,
) -> list[PageCell]:
    rows = part.rows
    cells: list[PageCell] = []
    for column in rows.leaves:
        groups: dict[int, list[Piece]] = {}
        for piece in rows.columns[column]:
            groups.setdefault(rows.row_of[id(piece)], []).append(piece)
        for r, pieces in groups.items():
            sureness = _sureness(pieces, rows)
            for parted, slot in _parted(pieces, slots[column], lattice, settings):
                cells.append(_cell(parted, above + r, 1, slot, page_number, sureness))
    for label in part.labels:
        span = label.end - label.start + 1
        cells.append(_cell(label.pieces, above + label.start, span, slots[label.column], page_number, label.confidence))
    few = len(rows.tops) == 1 or (len(rows.tops) <= BARE_ROWS and not any(is_header(cell.text) for cell in cells))
    return [_narrowed(cell, lattice) for cell in cells] if few else cells


def reached(box: BBox, lattice: Sequence[Strip], first: int, after: int) -> tuple[int, int]:
    """The slots from `first` up to `after` that the box stands in."""
    while first < after - 1 and (lattice[first][0] + lattice[first][1]) / 2 < box[0]:
        first += 1
    while first < after - 1 and box[2] < (lattice[after - 2][0] + lattice[after - 2][1]) / 2:
        after -= 1
    return first, after


def _parted(
    pieces: Sequence[Piece], slot: tuple[int, int], lattice: Sequence[Strip], settings: UnruledSettings
) -> list[tuple[Sequence[Piece], tuple[int, int]]]:
    """The texts of a cell of one line that stand apart on both sides of a strip which other bands have, as cells."""
    first, after = slot[0], slot[0] + slot[1]
    if len(pieces) > 1 or slot[1] == 1:
        return [(pieces, slot)]
    parts: list[tuple[Sequence[Piece], tuple[int, int]]] = []
    line: list[Fragment] = []
    for fragment in pieces[0].fragments:
        strip = _strip_between(line[-1], fragment, lattice[first : after - 1], settings) if line else None
        if strip is not None:
            parts.append(([replace(pieces[0], fragments=line)], (first, strip + 1)))
            first, line = first + strip + 1, []
        line.append(fragment)
    return [*parts, ([replace(pieces[0], fragments=line)], (first, after - first))]


def _strip_between(left: Fragment, right: Fragment, strips: Sequence[Strip], settings: UnruledSettings) -> int | None:
    """The place of the strip among `strips` that runs through the gap between two texts, if they surely stand apart."""
    if right.x0 - left.x1 < settings.full_gap * right.size:
        return None
    return next((at for at, (low, high) in enumerate(strips) if low < right.x0 and left.x1 < high), None)


def _narrowed(cell: PageCell, lattice: Sequence[Strip]) -> PageCell:
    """A cell of a band of a row or two, which knows little of columns, in the slots of other bands it stands in."""
    if cell.col_span == 1:
        return cell
    first, after = reached(cell.bbox, lattice, cell.col, cell.col + cell.col_span)
    return cell._replace(col=first, col_span=after - first)


def _cell(
    pieces: Sequence[Piece], row: int, span: int, slot: tuple[int, int], page_number: int, confidence: float
) -> PageCell:
    fragments = [fragment for piece in pieces for fragment in piece.fragments]
    text = "\n".join(line.text for line in lines_of_runs([fragment.chars for fragment in fragments]))
    box = _union((fragment.x0, fragment.top, fragment.x1, fragment.bottom) for fragment in fragments)
    return PageCell(row, slot[0], span, slot[1], text, (page_number,), box, confidence)


def _sureness(pieces: Sequence[Piece], rows: Rows) -> float:
    """1 unless a line of the cell could as well belong elsewhere, or a line outside to the cell."""
    mine = {id(piece) for piece in pieces}
    doubt = False
    for piece in pieces:
        link = rows.links.get(id(piece))
        if link is not None:
            joined = id(link.upper) in mine
            doubt |= link.score < 0 if joined else link.score > 0
    return _LOOSE_LINE if doubt else 1.0


def _heights(part: BandRows) -> list[tuple[float, float]]:
    """Top and bottom of each row of a band."""
    rows = part.rows
    tops, bottoms = list(rows.tops), list(rows.bottoms)
    for column in rows.leaves:
        for piece in rows.columns[column]:
            r = rows.row_of[id(piece)]
            tops[r] = min(tops[r], piece.fragments[0].top)
            bottoms[r] = max(bottoms[r], piece.fragments[0].bottom)
    return list(zip(tops, bottoms, strict=True))


def _union(boxes: Iterable[BBox]) -> BBox:
    x0, top, x1, bottom = zip(*boxes, strict=True)
    return min(x0), min(top), max(x1), max(bottom)
