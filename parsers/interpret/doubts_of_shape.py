"""Rows of another shape than their neighbours: without the figures all others have, or with a neighbour's words
(与相邻各行不同的行)."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from parsers.document import Problem
from parsers.interpret.align import Assigned
from parsers.interpret.assigned_cells import level_beside
from parsers.interpret.doubts import row_doubt
from parsers.interpret.doubts_of_texts import text_doubts
from schemas.lexicon import Lexicon, normalise, strip_points
from schemas.quantities import is_blank, parse_target
from schemas.records import Indicator
from schemas.units import begins_with_relation, is_unit
from schemas.vocabulary import pattern, words

_TORN = pattern("torn_start")
_SCORED = ("points", "score")
_OTHER = {"points": "得分", "score": "分值"}
_WITH_LEVEL2 = frozenset({"output", "benefit"})
"""What level 1 is of that always has labels of level 2 below it."""
_LABELS = {"level1": "一级指标", "level2": "二级指标"}
_FEWEST = 4
"""Rows of a table from which the only one of another shape tells something."""
_FEWEST_LABELS = 3
"""Rows with a label from which one without tells something."""
_SHORTEST_NAME = 3
"""Characters from which two names are hardly alike by chance."""


def shape_doubts(rows: Sequence[Assigned], indicators: Sequence[Indicator], lexicon: Lexicon) -> list[Problem]:
    """Doubts about rows of another shape than their neighbours; `rows` are what the indicators were read from."""
    return [
        *(*rows_without_figures(rows, indicators), *names_of_neighbours(rows, indicators)),
        *(*values_of_above(rows, indicators), *emptied_labels(rows, lexicon), *torn_names(indicators)),
        *(*torn_levels(indicators, lexicon), *text_doubts(indicators)),
        *(*nameless(indicators), *relations_to_nothing(rows)),
        *(*shared_scores(rows), *opened_without_level2(indicators, lexicon)),
    ]


def rows_without_figures(rows: Sequence[Assigned], indicators: Sequence[Indicator]) -> list[Problem]:
    """The only row with neither points nor score: the rest of the row above, or a row that lost its figures.

    A row that tells a part of the one above (其中：…) has none of its own, nor has one that shares those of a cell over
    several rows: where no spans are known, one with figures to be reached.
    """
    exact = {one.row.place.locator for one in rows if one.row.grid.geometry == "spans"}
    with_room = {one.row.place.locator for one in rows if one.slots("points") or one.slots("score")}
    bare = [one for one in indicators if one.points is None and one.score is None]
    if len(bare) != 1 or len(indicators) < _FEWEST or _is_part(bare[0]) or bare[0].locator not in with_room:
        return []
    if bare[0].locator not in exact and (bare[0].target_value, bare[0].actual_value) != (None, None):
        return []
    what = f"只有“{bare[0].level3 or bare[0].target_raw or ''}”一行没有分值和得分，是上一行的续行还是缺了数字未能确定"
    return [row_doubt(bare[0], "row_without_values", what)]


def _is_part(indicator: Indicator) -> bool:
    return normalise(indicator.level3 or "").startswith(words("part_mark"))


def names_of_neighbours(rows: Sequence[Assigned], indicators: Sequence[Indicator]) -> list[Problem]:
    """Rows with the name and target of the row above in cells of their own: copied over others."""
    own = {one.row.place.locator for one in rows if any(slot.own and slot.text for slot in one.slots("level3"))}
    return [
        row_doubt(below, "uncertain_columns", f"“{below.level3}”的名称和指标值与上一行相同，可能是错行或重复粘贴")
        for above, below in pairwise(indicators)
        if _is_named_alike(above, below) and below.locator in own
    ]


def values_of_above(rows: Sequence[Assigned], indicators: Sequence[Indicator]) -> list[Problem]:
    """Rows whose figure to be reached stands in the cell of the row above, which reaches too far down."""
    shared = {one.row.place.locator for one in rows if any(not slot.own and slot.text for slot in one.slots("target"))}
    return [
        row_doubt(one, "uncertain_columns", f"“{one.level3}”的指标值“{one.target_raw}”印在上一行的格里，可能错行")
        for one in indicators
        if one.locator in shared and one.target_value is not None
    ]


def _is_named_alike(above: Indicator, below: Indicator) -> bool:
    name = normalise(below.level3 or "")
    is_named = len(name) >= _SHORTEST_NAME and name == normalise(above.level3 or "")
    return is_named and not is_blank(below.target_raw or "") and below.target_raw == above.target_raw


def nameless(indicators: Sequence[Indicator]) -> list[Problem]:
    """A table without any name in which two rows stand under the same level-2 label: the column of names is lost."""
    if any(one.level3 for one in indicators):
        return []
    alike = (below for above, below in pairwise(indicators) if below.level2 and _levels(above) == _levels(below))
    return [
        row_doubt(one, "label_missing", f"“{one.level2}”下有几行而都没有三级指标名称，名称一列可能缺失")
        for one in list(alike)[:1]
    ]


def _levels(indicator: Indicator) -> tuple[str | None, str | None]:
    return indicator.level1, indicator.level2


def torn_levels(indicators: Sequence[Indicator], lexicon: Lexicon) -> list[Problem]:
    """Rows whose level-2 label goes on in the place of the name (数量 | 指标): a column is in two; rows whose label
    lacks its last character (满意度指)."""
    return [
        *(
            row_doubt(one, "label_odd", f"“{one.level2}”与“{one.level3}”像是一格的两半，指标名称未能确定")
            for one in indicators
            if one.level2 and one.level3 and _is_torn(one.level2, one.level3, lexicon)
        ),
        *(
            row_doubt(one, "label_odd", f"“{one.level1}”与“{one.level3}”像是一格的两半，指标名称未能确定")
            for one in indicators
            if one.level1 and one.level3 and _ends_level1(one.level1, one.level3, lexicon)
        ),
        *(
            row_doubt(one, "label_odd", f"“{label}”像是没有印全的名称")
            for one in indicators
            for label in (one.level1, one.level2)
            if label and _lacks_its_end(label)
        ),
    ]


def _lacks_its_end(label: str) -> bool:
    return any(label.endswith(word[:-1]) and len(label) > len(word) for word in words("indicator_word"))


def _is_torn(level2: str, level3: str, lexicon: Lexicon) -> bool:
    return (
        level3.endswith(words("indicator_word"))
        and not lexicon.is_level2(level3)
        and lexicon.is_level2(level2 + level3)
    )


def _ends_level1(level1: str, level3: str, lexicon: Lexicon) -> bool:
    return level3.endswith(words("indicator_word")) and lexicon.is_level1(level1 + level3)


def torn_names(indicators: Sequence[Indicator]) -> list[Problem]:
    """Names that begin as no name does (的金额，…): the rest of a sentence that stood elsewhere."""
    return [
        row_doubt(one, "label_odd", f"三级指标“{one.level3}”开头不像名称，可能是别处的半句话")
        for one in indicators
        if one.level3 and _TORN.match(one.level3)
    ]


def emptied_labels(rows: Sequence[Assigned], lexicon: Lexicon) -> list[Problem]:
    """The only row with a name and an empty cell of its own under a head of labels, in a table that joins the cells of
    its labels: there the label above ends before the row. On the first row of a page the label may go on.

    Over a label of level 2 that may stand under the one above, an empty level 1 may be left open on purpose.
    """
    found = []
    for concept in _LABELS:
        empty = [(above, below) for above, below in pairwise(rows) if _is_emptied(above, below, concept)]
        if len(empty) == 1 and _joins_labels(rows, concept):
            above, below = empty[0]
            if concept == "level2" or _is_under_another(above, below, lexicon):
                found.append(_label_gone(below, concept, above.text(concept)))
    return found or _only_without_level2(rows, lexicon)


def _only_without_level2(rows: Sequence[Assigned], lexicon: Lexicon) -> list[Problem]:
    """The only row, or group of rows, with an empty cell for level 2, where all the others have a label in it."""
    empty = [row for row in rows if _has_empty(row, "level2")]
    filled = [row for row in rows if row.text("level2")]
    if len(empty) != 1 or len(filled) < _FEWEST_LABELS or empty[0].row.cut or empty[0].row.grid.geometry != "spans":
        return []
    return [] if _may_stand_alone(empty[0].text("level1"), lexicon) else [_label_gone(empty[0], "level2", "")]


def _may_stand_alone(level1: str, lexicon: Lexicon) -> bool:
    """Whether a level 1 may go without any level 2: satisfaction, and what is no dimension of results."""
    name = strip_points(level1)[0]
    return not lexicon.is_level1(name) or lexicon.category(name) not in _WITH_LEVEL2


def _has_empty(row: Assigned, concept: str) -> bool:
    """Whether a row with a name has a cell of its own for a label, with nothing in it."""
    slots = row.slots(concept)
    is_empty = all(one.own and not one.cell.text.strip() for one in slots)
    return bool(slots and row.text("level3")) and is_empty


def _is_emptied(above: Assigned, below: Assigned, concept: str) -> bool:
    is_exact = below.row.grid.geometry == "spans" and below.row.grid is above.row.grid and not below.row.cut
    return is_exact and _has_empty(below, concept)


def _is_under_another(above: Assigned, below: Assigned, lexicon: Lexicon) -> bool:
    """Whether the level-2 label of a row usually stands under another label than the one above."""
    upper = lexicon.upper_levels.get(normalise(below.text("level2")))
    if upper is None or level_beside(below, "level1", lexicon):
        return False
    return normalise(upper) != normalise(above.text("level1"))


def _label_gone(row: Assigned, concept: str, above: str) -> Problem:
    place = row.row.place
    beside = f"上一行的“{above}”不含该行" if above else "其余各行都有"
    text = f"{place.locator}：{_LABELS[concept]}一格是空的，而{beside}，名称可能缺失，请核对原文。"
    return Problem("label_missing", text, place)


def _joins_labels(rows: Sequence[Assigned], concept: str) -> bool:
    return any(one.cell.row_span > 1 and one.text for row in rows for one in row.slots(concept))


def shared_scores(rows: Sequence[Assigned]) -> list[Problem]:
    """Rows with points of their own and the score of the row above, whose cell reaches over both, or the other way
    round: what is given for several rows together is given for the same rows."""
    found = []
    for one in rows:
        own = [name for name in _SCORED if any(slot.own and slot.text for slot in one.slots(name))]
        shared = [slot for name in _SCORED for slot in one.reaching(name)]
        if one.text("level3") and own and shared:
            place = one.row.place
            text = f"{place.locator}：“{shared[0].text}”与上一行同在一格，该行的{_OTHER[own[0]]}未能确定，请核对原文。"
            found.append(Problem("cells_in_one_column", text, place))
    return found


def opened_without_level2(indicators: Sequence[Indicator], lexicon: Lexicon) -> list[Problem]:
    """The only rows that begin a level 1 without a label of level 2, where all others have one: it is lost."""
    bare = [one for one in indicators if one.level1 and not one.level2]
    named = [one for one in indicators if one.level1 and one.level2]
    uppers = {one.level1 or "" for one in bare}
    if len(uppers) != 1 or len(named) < _FEWEST_LABELS or any(_may_stand_alone(name, lexicon) for name in uppers):
        return []
    what = f"“{bare[0].level1}”下“{bare[0].level3 or ''}”没有二级指标名称，而其余各行都有，名称可能缺失"
    return [row_doubt(bare[0], "label_missing", what)]


def relations_to_nothing(rows: Sequence[Assigned]) -> list[Problem]:
    """Rows with a sign in its own column (不少于), or the unit of the row above, beside words without any number: those
    of another row."""
    found = []
    for one in rows:
        sign, value = one.text("relation"), one.text("target")
        units = [slot.text for slot in one.slots("target_unit") if not slot.own and is_unit(slot.text)]
        odd = sign if begins_with_relation(sign) else next(iter(units), "")
        if odd and not is_blank(value) and parse_target(value).value is None:
            place = one.row.place
            text = f"{place.locator}：“{odd}”旁的指标值“{value[:20]}”没有数字，可能错行，请核对原文。"
            found.append(Problem("uncertain_columns", text, place))
    return found
