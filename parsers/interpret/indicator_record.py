"""One indicator row: its cells → a record (绩效指标的一行)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from parsers.document import Problem
from parsers.interpret.align import DOUBTFUL, Assigned
from parsers.interpret.assigned_cells import read_number, row_problems
from parsers.interpret.concepts import LEVEL_COLUMNS
from parsers.interpret.rows import Slot, cell_place
from parsers.interpret.totals import value_of
from schemas.lexicon import Lexicon, squeeze, strip_points
from schemas.numerals import one_figure
from schemas.privacy import redact
from schemas.quantities import (
    Quantity,
    Target,
    is_blank,
    parse_actual,
    parse_number,
    parse_percent,
    parse_points,
    parse_target,
)
from schemas.records import CellPlace, Indicator
from schemas.vocabulary import words

_LONGEST_SCORE = 4
"""Characters of the longest word that stands for a score (优秀)."""


@dataclass(frozen=True, slots=True)
class _Values:
    """The target and the result of a row as printed and as read, with the columns they came from (指标值与完成值)."""

    target_raw: str
    target_slots: tuple[Slot, ...]
    target: Target
    actual_raw: str
    actual: Target


def read_indicator(
    assigned: Assigned,
    labels: dict[str, str],
    ordinal: int,
    lexicon: Lexicon,
    parsers: Mapping[str, Callable[[str], Quantity | None]],
) -> tuple[Indicator, list[Problem]]:
    """The record of a row under its level labels, with what makes it doubtful; `parsers` read its points and score."""
    level1, level1_points = strip_points(labels.get("level1", ""))
    stated = parse_points(level1_points or labels.get("level1_points") or "")
    level2 = strip_points(labels.get("level2", ""))[0] or None
    level3, points_in_name = _points_in_name(assigned)
    values = _values(assigned)
    points, points_problem = read_number(assigned, "points", "分值", parsers["points"])
    score, score_problem = read_number(assigned, "score", "得分", parsers["score"])
    place = assigned.row.place
    indicator = Indicator(
        ordinal=ordinal,
        level1=level1 or None,
        level1_points=stated.value if stated else None,
        level2=level2,
        level3=level3,
        category=_category(level1, level2, level3, lexicon),
        target_raw=values.target_raw or None,
        target_op=values.target.op,
        target_value=bounded(values.target.value),
        target_high=bounded(values.target.high),
        target_unit=values.target.unit,
        actual_raw=values.actual_raw or None,
        actual_value=bounded(values.actual.value),
        actual_unit=values.actual.unit,
        points=points.value if points else value_of(points_in_name),
        points_raw=one_figure(assigned.text("points")) or points_in_name,
        score=score.value if score else None,
        score_raw=one_figure(assigned.text("score")),
        deviation=redact(assigned.remarks()) or None,
        page=place.page,
        bbox=place.bbox,
        locator=place.locator,
        confidence=round(assigned.known * assigned.row.confidence, 3),
        cells=_cells(assigned, values, points, score),
    )
    problems = [p for p in (points_problem, score_problem) if p] + row_problems(_doubted_if_moved(assigned))
    return indicator, problems


def _values(assigned: Assigned) -> _Values:
    concept = "adjusted_target" if not is_blank(assigned.text("adjusted_target")) else "target"
    target_raw, slots = _target_text(assigned, concept)
    actual_raw = assigned.text("actual")
    return _Values(target_raw, slots, parse_target(target_raw), actual_raw, parse_actual(actual_raw))


def _cells(
    assigned: Assigned, values: _Values, points: Quantity | None, score: Quantity | None
) -> tuple[CellPlace, ...]:
    actual_slots = assigned.slots("actual") if values.actual_raw else ()
    return (
        *_value_places("target_value", values.target_slots, assigned, values.target_raw, values.target),
        *_value_places("actual_value", actual_slots, assigned, values.actual_raw, values.actual),
        *_number_places("points", assigned, points),
        *_number_places("score", assigned, score),
        *_label_places(assigned),
    )


def _doubted_if_moved(assigned: Assigned) -> Assigned:
    """A row with the wrong kind of text in a cell is uncertain: its cells have moved (3200 | ≥ | 3215)."""
    return replace(assigned, certain=min(assigned.certain, DOUBTFUL)) if _has_moved(assigned) else assigned


def _has_moved(assigned: Assigned) -> bool:
    """A figure where the relation or the unit of a target stands, words where another's score does."""
    figure_for_sign = any(map(str.isdigit, assigned.text("relation")))
    figure_for_unit = parse_number(assigned.text("target_unit")) is not None
    other = assigned.text("other_score")
    return figure_for_sign or figure_for_unit or (len(other) > _LONGEST_SCORE and parse_points(other) is None)


def _points_in_name(assigned: Assigned) -> tuple[str | None, str | None]:
    """The name of an indicator and, where no column has them, the points printed in it (目标合理性（5分）)."""
    name = assigned.text("level3") or None
    if name is None or any(column.concept == "points" for column in assigned.columns):
        return name, None
    return strip_points(name)


def points_parser(rows: list[Assigned], concept: str) -> Callable[[str], Quantity | None]:
    """Points are numbers; where the whole column prints percent (权重 50%), a percentage point is a point."""
    printed = [text for row in rows if not is_blank(text := row.text(concept))]
    in_percent = bool(printed) and all(text.endswith(("%", "％")) for text in printed)
    return parse_percent if in_percent else parse_points


def _category(level1: str, level2: str | None, level3: str | None, lexicon: Lexicon) -> str | None:
    """By level 2, then 1, then 3; but whatever stands under 决策 or 过程 belongs there."""
    first = lexicon.category(level1)
    return first if first in ("decision", "process") else lexicon.category(level2, level1, level3)


def _value_places(column: str, slots: Sequence[Slot], assigned: Assigned, raw: str, read: Target) -> list[CellPlace]:
    """The cell of a target or a result, with the number read there; none where nothing is printed."""
    if not slots:
        return []
    if read.value is None or read.step is None:
        return [cell_place(column, slots, assigned.row)]
    unit = read.unit or ""
    return [cell_place(column, slots, assigned.row, Quantity(read.value, unit, unit, read.step, raw))]


def _number_places(concept: str, assigned: Assigned, quantity: Quantity | None) -> list[CellPlace]:
    """The cell of the points or the score; none where nothing is printed."""
    return [cell_place(concept, assigned.slots(concept), assigned.row, quantity)] if assigned.text(concept) else []


def _label_places(assigned: Assigned) -> list[CellPlace]:
    return [cell_place(name, assigned.slots(name), assigned.row) for name in LEVEL_COLUMNS if assigned.text(name)]


def _target_text(assigned: Assigned, concept: str) -> tuple[str, tuple[Slot, ...]]:
    """Relation, value and unit joined in the order a person says them (≥ | 95 | % → ≥95%)."""
    parts = [assigned.text("relation"), assigned.text(concept), assigned.text("target_unit")]
    slots = assigned.slots("relation") + assigned.slots(concept) + assigned.slots("target_unit")
    value = parts[1]
    if is_blank(value):
        # 文字描述 | | 年底前完成: the column of units holds what was wanted in words.
        return (parts[2] if parts[0] in words("no_relation") else value, slots)
    kept = [part for part in parts if part and (part is value or not is_blank(part))]
    if parts[0] and parts[0] in words("no_relation"):
        kept = kept[1:]
    apart = assigned.slots(concept)
    if not parts[0] and len(apart) > 1 and apart[0].text in words("no_relation"):
        kept[0] = value.removeprefix(apart[0].text)
    if parts[2] and value.endswith(parts[2]):
        kept = kept[:-1]
    return squeeze("".join(kept)), slots


def bounded(value: Decimal | None) -> Decimal | None:
    """A value that fits the column; a longer one stays in its raw text only."""
    return value if value is not None and abs(value) < Decimal(10) ** 17 else None
