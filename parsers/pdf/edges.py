"""Drawn rules made whole: parallel ones snapped, pieces joined (线条归并)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Literal

from parsers.pdf.settings import TableSettings
from parsers.pdf.shapes import Edge


def whole_edges(edges: Iterable[Edge], settings: TableSettings) -> list[Edge]:
    """Rules snapped to common positions and joined end to end; what stays too short to bound a cell is dropped."""
    found = list(edges)
    return [
        edge
        for orientation in ("h", "v")
        for group in _snapped([e for e in found if e.orientation == orientation], settings)
        for edge in _joined(group, settings)
        if edge.length >= settings.min_edge
    ]


def _snapped(edges: Sequence[Edge], settings: TableSettings) -> list[list[Edge]]:
    """Edges by common position: neighbours within `snap`, a group no wider than one and a half times that."""
    groups: list[list[Edge]] = []
    for edge in sorted(edges, key=_by_pos):
        group = groups[-1] if groups else []
        if group and edge.pos - group[-1].pos <= settings.snap and edge.pos - group[0].pos <= 1.5 * settings.snap:
            group.append(edge)
        else:
            groups.append([edge])
    return groups


_by_pos, _by_start = attrgetter("pos"), attrgetter("start")


def _is_dash(last: float, length: float, gap: float, settings: TableSettings) -> bool:
    """Whether two pieces are dashes of one rule."""
    return last <= settings.dash_length and length <= settings.dash_length and gap <= settings.dash_gap


def _joined(group: Sequence[Edge], settings: TableSettings) -> list[Edge]:
    """The pieces of one position as unbroken edges, at the position most of their length has."""
    weight = sum(end - start for _, _, start, end, _ in group)
    pos = sum(pos * (end - start) for _, pos, start, end, _ in group) / weight if weight else group[0].pos
    orientation = group[0].orientation
    joined: list[Edge] = []
    start = end = last = 0.0
    kind: Literal["line", "rect", "fill"] | None = None
    for _, _, begins, ends, own_kind in sorted(group, key=_by_start):
        length, gap = ends - begins, begins - end
        if kind is not None and (gap <= settings.join or _is_dash(last, length, gap, settings)):
            end = ends if ends > end else end
            kind = own_kind if kind == "fill" else kind
        else:
            if kind is not None:
                joined.append(Edge(orientation, pos, start, end, kind))
            start, end, kind = begins, ends, own_kind
        last = length
    if kind is not None:
        joined.append(Edge(orientation, pos, start, end, kind))
    return joined
