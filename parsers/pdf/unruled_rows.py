"""Rows of a band: which lines of text are one cell, and which cells one row (分行).

Every division of the lines into rows has a cost, made of what speaks against it: two values in one cell, a line broken
although the next word had room, a line that runs on into the next row, cells of one row that neither begin together
nor stand around one middle, rows without values. The cheapest division wins, found by dynamic programming.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from parsers.pdf.primitives import Edge
from parsers.pdf.unruled_bands import Band
from parsers.pdf.unruled_links import Link, links_of
from parsers.pdf.unruled_pieces import OrderSense, Piece, line_pitch, pieces_of
from parsers.pdf.unruled_settings import UnruledSettings
from parsers.pdf.unruled_words import (
    are_two_sources,
    is_count,
    is_numbered_level,
    is_split_word,
    is_value,
    labels_form,
    looks_like_value,
    names_last_row,
)


@dataclass(frozen=True, slots=True)
class Rows:
    """A band divided into rows.

    `leaves` are the columns with a cell of their own in each row that has a name; `columns` the lines per column;
    `tops` and `bottoms` where the text of each row begins and ends; `links` the judgement of each pair of neighbouring
    lines.
    """

    band: Band
    columns: list[list[Piece]]
    leaves: list[int]
    first_value: int | None
    row_of: dict[int, int]
    tops: list[float]
    bottoms: list[float]
    links: dict[int, Link] = field(default_factory=dict)
    pitch: float = 0.0
    by_order: bool = False


def find_rows(band: Band, horizontal: Sequence[Edge], order: OrderSense, settings: UnruledSettings) -> Rows:
    columns = pieces_of(band)
    pitch = line_pitch(columns, settings)
    values = [c for c, pieces in enumerate(columns) if _holds_values(pieces, settings)]
    by_order = order.trusted and not _written_downwards(columns, values, order)
    links = links_of(band, columns, values, pitch, order if by_order else None, settings)
    names, leaves = _leaf_columns(columns, values, links, settings)
    atoms = _atoms([p for c in leaves for p in columns[c]], settings)
    ruled = _ruled(atoms, horizontal, band) | _sections(columns, atoms) | _labels_of_form(columns, atoms)
    starts = _divide(columns, leaves, values, atoms, links, ruled, pitch, settings)
    row_of: dict[int, int] = {}
    tops: list[float] = []
    bottoms: list[float] = []
    ends = [*starts[1:], len(atoms)]
    lows = [a.top for a in atoms]
    for r, (begin, end) in enumerate(zip(starts, ends, strict=True)):
        tops.append(atoms[begin].top)
        bottoms.append(max(a.bottom for a in atoms[begin:end]))
        for c in leaves:
            for piece in columns[c]:
                if begin <= _atom_of(piece, lows) < end:
                    row_of[id(piece)] = r
    named = {row_of[id(piece)] for piece in columns[names] if not names_last_row(piece.text)}
    sure = [c for c in leaves if c >= names or c in values or named <= {row_of[id(piece)] for piece in columns[c]}]
    return Rows(band, columns, sure, values[0] if values else None, row_of, tops, bottoms, links, pitch, by_order)


def _holds_values(pieces: Sequence[Piece], settings: UnruledSettings) -> bool:
    like = sum(looks_like_value(p.text) for p in pieces)
    return like >= 2 and like >= settings.value_share * len(pieces)


def _written_downwards(columns: Sequence[Sequence[Piece]], values: Sequence[int], order: OrderSense) -> bool:
    """Whether values below each other, two cells for sure, follow each other in the file."""
    whole = [(up, low) for c in values for up, low in pairwise(columns[c]) if is_value(up.text) and is_value(low.text)]
    return sum(order.follows(up, low) for up, low in whole) > 0.1 * len(whole)


@dataclass(frozen=True, slots=True)
class _Atom:
    """Lines that no straight line across the leaf columns can part."""

    top: float
    bottom: float


def _leaf_columns(
    columns: Sequence[Sequence[Piece]], values: Sequence[int], links: dict[int, Link], settings: UnruledSettings
) -> tuple[int, list[int]]:
    """The column of names, and those with one cell in each row.

    These are the columns of values and what lies right of them, those left of them from the one with the most text
    (each row has a name), a column that counts the rows, and others that have about as many cells (or lines, each
    beside cells of its own) and never stand across the space between two rows (as a label of two rows does).
    """
    last = len(columns)
    cells = [sum(1 for p in pieces if id(p) not in links or links[id(p)].score <= 0) for pieces in columns]
    counters = [c for c in values if is_count([piece.text for piece in columns[c]])]
    figures = [c for c in values if c not in counters]
    if figures:
        names = max(range(max(figures[0], 1)), key=lambda c: (sum(len(p.text) for p in columns[c]), cells[c]))
        full = max(cells[c] for c in figures)
    else:
        names = min(1, last - 1)
        full = max((cells[c] for c in range(names, last)), default=0)
    leaves = [*(c for c in counters if c < names), *range(names, last)]
    for c in range(names - 1, -1, -1):
        base = [p for leaf in leaves for p in columns[leaf]]
        count = len(columns[c]) if _one_beside_each(columns[c], base, settings) else cells[c]
        full_enough = count >= settings.dense_share * full
        if c not in leaves and full_enough and not _stands_across(columns[c], base, settings):
            leaves.append(c)
    return names, sorted(leaves)


def _one_beside_each(pieces: Sequence[Piece], base: Sequence[Piece], settings: UnruledSettings) -> bool:
    """Whether each line of `pieces` stands on the baseline of cells in `base`, and no two of them make a known word."""
    baselines = sorted(piece.y for piece in base)
    for piece in pieces:
        play = settings.baseline_share * piece.size
        if bisect_left(baselines, piece.y - play) == bisect_right(baselines, piece.y + play):
            return False
    return not any(is_split_word(up.text, low.text) for up, low in pairwise(pieces))


def _stands_across(pieces: Sequence[Piece], base: Sequence[Piece], settings: UnruledSettings) -> bool:
    """Whether a line of `pieces` closes a white strip between the lines of `base`, or stands in the middle of one."""
    half = [(p.y - settings.core_share * p.size, p.y + settings.core_share * p.size) for p in pieces]
    for above, below in pairwise(_atoms(base, settings)):
        middle = (above.bottom + below.top) / 2
        for low, high in half:
            if low <= above.bottom + 0.5 and below.top - 0.5 <= high:
                return True
            if abs((low + high) / 2 - middle) < 0.1 * (high - low) and above.bottom < low and high < below.top:
                return True
    return False


def _atoms(pieces: Sequence[Piece], settings: UnruledSettings) -> list[_Atom]:
    atoms: list[_Atom] = []
    for top, bottom in sorted((p.y - settings.core_share * p.size, p.y + settings.core_share * p.size) for p in pieces):
        if atoms and top < atoms[-1].bottom:
            atoms[-1] = _Atom(atoms[-1].top, max(bottom, atoms[-1].bottom))
        else:
            atoms.append(_Atom(top, bottom))
    return atoms


def _atom_of(piece: Piece, tops: Sequence[float]) -> int:
    """The number of the atom that a line stands in, by the `tops` of all; -1 above the first."""
    return bisect_left(tops, piece.y) - 1


def _ruled(atoms: Sequence[_Atom], horizontal: Sequence[Edge], band: Band) -> set[int]:
    """Atoms above which a rule is drawn over most of the band's right part."""
    left = min(f.x0 for row in band.rows for f in row.fragments)
    right = max(f.x1 for row in band.rows for f in row.fragments)
    middle = (left + right) / 2
    ruled: set[int] = set()
    for index in range(1, len(atoms)):
        above, below = atoms[index - 1].bottom - 2, atoms[index].top + 2
        drawn = sum(max(0.0, min(e.end, right) - max(e.start, middle)) for e in horizontal if above <= e.pos <= below)
        if drawn >= 0.6 * (right - middle):
            ruled.add(index)
    return ruled


def _sections(columns: Sequence[Sequence[Piece]], atoms: Sequence[_Atom]) -> set[int]:
    """Atoms that are a level's label with its number and nothing else (一、产出指标), and those below them."""
    alone: list[list[str]] = [[] for _ in atoms]
    lows = [atom.top for atom in atoms]
    for piece in (piece for column in columns for piece in column):
        alone[max(_atom_of(piece, lows), 0)].append(piece.text)
    labels = [at for at, texts in enumerate(alone) if len(texts) == 1 and is_numbered_level(texts[0])]
    return {at for label in labels for at in (label, label + 1) if 0 < at < len(atoms)}


def _labels_of_form(columns: Sequence[Sequence[Piece]], atoms: Sequence[_Atom]) -> set[int]:
    """Atoms that a label of what the form is about begins in the first column, or the name of one more source."""
    lows = [atom.top for atom in atoms]
    labels = [piece for piece in columns[0] if labels_form(piece.text)]
    labels += [low for pieces in columns for up, low in pairwise(pieces) if are_two_sources(up.text, low.text)]
    return {at for piece in labels if (at := _atom_of(piece, lows)) > 0}


def _divide(
    columns: Sequence[Sequence[Piece]],
    leaves: Sequence[int],
    values: Sequence[int],
    atoms: Sequence[_Atom],
    links: dict[int, Link],
    ruled: set[int],
    pitch: float,
    settings: UnruledSettings,
) -> list[int]:
    """The first atom of each row, by the cheapest division."""
    n = len(atoms)
    lows = [a.top for a in atoms]
    cells: list[list[tuple[int, float]]] = [[] for _ in range(n)]
    joins: list[list[tuple[int, float]]] = [[] for _ in range(n)]
    parts = [0.0] * (n + 1)
    for position, c in enumerate(leaves):
        previous = -1
        for piece in columns[c]:
            atom = _atom_of(piece, lows)
            cells[atom].append((position, piece.y))
            link = links.get(id(piece))
            if link is not None and previous >= 0 and previous < atom:
                if link.score < 0:
                    joins[atom].append((previous, -link.score))
                else:
                    for boundary in range(previous + 1, atom + 1):
                        parts[boundary] += link.score
            previous = atom
    value_bits = sum(1 << position for position, c in enumerate(leaves) if c in values)
    best = [0.0] + [float("inf")] * n
    start = [0] * (n + 1)
    for first in range(n):
        base = best[first] + parts[first]
        for after, cost in _row_costs(first, cells, joins, ruled, value_bits, len(leaves), pitch, settings):
            if base + cost < best[after]:
                best[after], start[after] = base + cost, first
    starts: list[int] = []
    after = n
    while after:
        after = start[after]
        starts.append(after)
    return starts[::-1]


def _row_costs(
    first: int,
    cells: Sequence[Sequence[tuple[int, float]]],
    joins: Sequence[Sequence[tuple[int, float]]],
    ruled: set[int],
    value_bits: int,
    n_leaves: int,
    pitch: float,
    settings: UnruledSettings,
) -> list[tuple[int, float]]:
    """(atom after the row, cost) for every row that can begin at atom `first`."""
    costs: list[tuple[int, float]] = []
    top_of: dict[int, float] = {}
    end_of: dict[int, float] = {}
    joined = 0.0
    for atom in range(first, min(len(cells), first + settings.max_lines)):
        if atom > first and atom in ruled:
            break
        joined += sum(cost for start, cost in joins[atom] if start >= first)
        if joined > settings.max_join:
            break
        for position, y in cells[atom]:
            top_of.setdefault(position, y)
            end_of[position] = y
        costs.append(
            (atom + 1, joined + _shape_cost(top_of, end_of, value_bits, n_leaves, pitch, first == 0, settings))
        )
    return costs


def _shape_cost(
    top_of: dict[int, float],
    end_of: dict[int, float],
    value_bits: int,
    n_leaves: int,
    pitch: float,
    opening: bool,
    settings: UnruledSettings,
) -> float:
    """Against a row: cells that neither begin together nor stand around one middle, and cells that are missing."""
    top, end = min(top_of.values()), max(end_of.values())
    cost = settings.row_cost
    discount = settings.first_discount if opening else 1.0
    if end - top > 0.3 * pitch:
        tallest = max(end_of[position] - y for position, y in top_of.items())
        cost += settings.uncovered * min((end - top - tallest) / pitch, 1.0)
        for position, y in top_of.items():
            last = end_of[position]
            off = min(abs(y - top), abs(y + last - top - end) / 2, abs(end - last) + 0.3 * pitch) / pitch
            if off > settings.baseline_play:
                cost += 2.0 * min(off, 1.0)
    if value_bits and not any(value_bits >> position & 1 for position in top_of):
        cost += discount * settings.no_value
    if 0 not in top_of:
        cost += discount * settings.no_first
    if len(top_of) == 1 and n_leaves > 2:
        cost += discount * settings.lone_cell
    return cost
