"""What the rows of a whole table of indicators tell about its columns (由各行看指标表的列).

A header may lump the levels together, share a name between rows, or have two columns headed alike: the rows below
settle what each cell is.
"""

from __future__ import annotations

from dataclasses import replace

from parsers.interpret.align import Assigned, counts_row
from parsers.interpret.concepts import LEVEL_COLUMNS
from parsers.interpret.recognise import is_figure
from parsers.interpret.rows import Slot
from schemas.lexicon import Lexicon, strip_points
from schemas.quantities import parse_number, parse_points

_WHOLES = (100, 90, 80)
"""What all points make, with or without those of the execution of the budget."""
_UPPER_LEVELS = frozenset({"level1", "level2", "levels"})


def with_level_columns(rows: list[Assigned], lexicon: Lexicon) -> list[Assigned]:
    """Give every row of a table whose header lumps the levels together, or leaves level 1 out, a column for each."""
    rows = _unlisted_as_level1(_side_as_level([_without_count(row) for row in rows], lexicon))
    lumped = _lumped_head(rows, lexicon)
    return [_split_levels(assigned, lumped, lexicon) for assigned in rows] if lumped else rows


def _without_count(assigned: Assigned) -> Assigned:
    """A row without the number that counts it, where it stands under the head of the names: 1 | 资金到位."""
    cells = (
        slots[1:] if counts_row(column.concept, slots) else slots
        for column, slots in zip(assigned.columns, assigned.cells, strict=True)
    )
    return replace(assigned, cells=tuple(cells))


def _side_as_level(rows: list[Assigned], lexicon: Lexicon) -> list[Assigned]:
    """The name of the block (绩效指标) heads the names of a level, where they stand under it and nothing else does."""
    names = {strip_points(text)[0] for row in rows if (text := row.text("side"))}
    if not names or _UPPER_LEVELS & _concepts(rows):
        return rows
    known = {"level1": sum(map(lexicon.is_level1, names)), "level2": sum(map(lexicon.is_level2, names))}
    level = max(known, key=lambda name: known[name])
    return [_renamed(row, "side", level) for row in rows] if 2 * known[level] >= len(names) else rows


def _unlisted_as_level1(rows: list[Assigned]) -> list[Assigned]:
    """A head nobody listed left of the names (重点任务 | 绩效指标) heads level 1 where its words reach over rows."""
    concepts = [column.concept for column in rows[0].columns] if rows else []
    name = next((concept for concept in ("level3", "levels") if concept in concepts), None)
    if (
        name is None
        or {"level1", "level2", "side"} & set(concepts)
        or "unknown" not in concepts[: concepts.index(name)]
    ):
        return rows
    labels = [slot for row in rows for slot in row.slots("unknown") if slot.text]
    named_alone = all(len([slot for slot in row.slots(name) if slot.text]) == 1 for row in rows)
    reaches = any(slot.cell.row_span > 1 for slot in labels) and not any(is_figure(slot.text) for slot in labels)
    if not (named_alone and reaches and concepts.count("unknown") == 1):
        return rows
    return [_renamed(_renamed(row, "unknown", "level1"), name, "level3") for row in rows]


def _renamed(assigned: Assigned, concept: str, name: str) -> Assigned:
    columns = (replace(one, concept=name, inferred=True) if one.concept == concept else one for one in assigned.columns)
    return replace(assigned, columns=tuple(columns))


def _concepts(rows: list[Assigned]) -> set[str]:
    return {column.concept for row in rows[:1] for column in row.columns}


def _lumped_head(rows: list[Assigned], lexicon: Lexicon) -> str:
    """The concept of the one head over several levels: of that name, or of the last level with others beside it."""
    concepts = _concepts(rows)
    lumped = "level1" in concepts and "level2" not in concepts
    if lumped and any(_has_upper_level(row, "level1", lexicon) for row in rows):
        return "level1"  # 指标类型 over 产出 | 数量
    if "level2" in concepts:
        return ""
    if "levels" in concepts:
        return "" if "level1" in concepts else "levels"
    return "level3" if any(_has_upper_level(row, "level3", lexicon) for row in rows) else ""


def _has_upper_level(assigned: Assigned, head: str, lexicon: Lexicon) -> bool:
    """Whether the name of a level stands in a cell of its own before another name under that head."""
    names = [slot.text for slot in assigned.slots(head) if slot.text]
    upper = [strip_points(name)[0] for name in names[:-1]]
    return bool(upper) and all(map(lexicon.is_level, upper))


def _split_levels(assigned: Assigned, head: str, lexicon: Lexicon) -> Assigned:
    """Cells under one header for several levels: in order they are level 1, level 2 (and level 3)."""
    position = next((i for i, column in enumerate(assigned.columns) if column.concept == head), None)
    if position is None:
        return assigned
    column, slots = assigned.columns[position], list(assigned.cells[position])
    others = {column.concept for column in assigned.columns} - {head}
    names = [name for name in LEVEL_COLUMNS if name not in others]
    placed: dict[str, tuple[Slot, ...]] = dict.fromkeys(names, ())
    for index, slot in enumerate(slots):
        if lexicon.is_level1(slot.text) and index == 0 and "level1" in placed:
            placed["level1"] = (slot,)
        elif lexicon.is_level2(slot.text):
            placed["level2"] = (slot,)
        else:
            placed[names[min(index + max(len(names) - len(slots), 0), len(names) - 1)]] += (slot,)
    columns = tuple(replace(column, concept=name) for name in names)
    cells = tuple(placed[name] for name in names)
    return replace(
        assigned,
        columns=assigned.columns[:position] + columns + assigned.columns[position + 1 :],
        cells=assigned.cells[:position] + cells + assigned.cells[position + 1 :],
    )


def with_shared_names(rows: list[Assigned]) -> list[Assigned]:
    """Where spans are unknown, a name in two cells whose first is blank shares the first cell of the row above."""
    result: list[Assigned] = []
    shared: Slot | None = None
    for assigned in rows:
        slots = assigned.slots("level3")
        if assigned.row.grid.geometry != "slots" or len(slots) < 2:
            result.append(assigned)
            continue
        if slots[0].text:
            shared = slots[0] if slots[1].text else None
        elif slots[1].text and shared is not None and not any(assigned.text(name) for name in LEVEL_COLUMNS[:2]):
            position = next(i for i, cells in enumerate(assigned.cells) if cells == slots)
            cells = list(assigned.cells)
            cells[position] = (shared, *slots[1:])
            assigned = replace(assigned, cells=tuple(cells))
        result.append(assigned)
    return result


def points_apart(assigned: Assigned) -> Assigned:
    """A number in a second cell under a level's head is that level's points: 一级指标 over `产出 | 50`."""
    columns, cells = list(assigned.columns), list(assigned.cells)
    concepts = {column.concept for column in columns}
    for position in reversed(range(len(columns))):
        column, filled = columns[position], [slot for slot in cells[position] if slot.text]
        name = "points" if column.concept == "level3" else f"{column.concept}_points"
        if column.concept not in LEVEL_COLUMNS or len(filled) < 2 or name in concepts:
            continue
        if parse_number(filled[-1].text) is None or parse_number(filled[-2].text) is not None:
            continue
        columns.insert(position + 1, replace(column, concept=name, inferred=True))
        cells[position : position + 1] = [tuple(filled[:-1]), (filled[-1],)]
    return replace(assigned, columns=tuple(columns), cells=tuple(cells))


def ordered_scores(rows: list[Assigned]) -> list[Assigned]:
    """Two columns headed alike: points are never below the score of the same row; where one of them is blank, figures
    that make no whole are scores."""
    if _is_one_column(rows):
        return [_renamed(row, "points", "score") for row in rows]
    swapped = sum(1 for row in rows if _inferred_pair(row) and _points_below_score(row))
    if not swapped or swapped * 2 <= len(rows):
        return rows
    exchange = {"points": "score", "score": "points"}
    return [
        replace(row, columns=tuple(replace(c, concept=exchange.get(c.concept, c.concept)) for c in row.columns))
        for row in rows
    ]


def _is_one_column(rows: list[Assigned]) -> bool:
    """Whether the points are taken for such only by a second head alike over nothing, and do not make a whole."""
    points = [parse_points(row.text("points")) for row in rows if row.text("points")]
    if not points or not all(map(_inferred_pair, rows)) or any(row.text("score") for row in rows):
        return False
    return sum(one.value for one in points if one is not None) not in _WHOLES


def _inferred_pair(row: Assigned) -> bool:
    return any(c.inferred and c.concept in ("points", "score") for c in row.columns)


def _points_below_score(row: Assigned) -> bool:
    points, score = parse_points(row.text("points")), parse_points(row.text("score"))
    return points is not None and score is not None and points.value < score.value
