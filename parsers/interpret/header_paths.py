"""The words over each column of a table: header rows → paths (列标题的路径).

Where places are known, a column collects the texts above it; where merges are collapsed, the cells of a lower row are
shared out under those above.
"""

from __future__ import annotations

from collections.abc import Sequence

from parsers.interpret.concepts import LEVEL_COLUMNS, PARTS_OF_TARGET
from parsers.interpret.rows import Row, Slot
from schemas.lexicon import Lexicon

_SCORES = frozenset({"score", "points", "other_score"})

HeaderPath = tuple[int, int, tuple[str, ...]]
"""The grid columns [start, stop) (or cell indexes in a sequence) and the words over them, from top to bottom."""


def header_paths(rows: Sequence[Row], lexicon: Lexicon) -> list[HeaderPath]:
    """The words over each column that header `rows` (one or more, consecutive) have."""
    return _exact_paths(rows, lexicon) if rows[0].exact else _sequence_paths(rows, lexicon)


def _exact_paths(rows: Sequence[Row], lexicon: Lexicon) -> list[HeaderPath]:
    """Header paths by position: each grid column collects the texts above it, from top to bottom."""
    spans_known = rows[0].grid.geometry == "spans"
    # Where spans are exact nothing stands over what lies right of the heads' last cell.
    width = max(slot.stop for row in rows for slot in row.slots) if spans_known else rows[0].grid.n_cols
    per_column: list[list[Slot]] = [[] for _ in range(width)]
    known = {slot.start for row in rows for slot in row.filled if lexicon.column(slot.text)}
    starts = known
    for row in rows:
        # A head of a lower row does not reach under the next head of a row above it.
        starts = starts | {slot.start for slot in row.filled}
        for slot in row.slots:
            if not slot.text:
                continue
            stop = slot.stop
            # Where spans are unknown, a header reaches over the blank slots to its right, up to the next header: over
            # the parts below it (总额, 财政拨款), but not over a word below that is a header in its own right.
            while not spans_known and stop < width and stop not in starts:
                stop += 1
            for column in range(slot.start, min(stop, width)):
                if all(slot.cell is not other.cell for other in per_column[column]):
                    per_column[column].append(slot)
    groups: list[HeaderPath] = []
    keys: list[tuple[int, ...]] = []
    for column, slots in enumerate(per_column):
        key = tuple(id(slot.cell) for slot in slots)
        if keys and keys[-1] == key and slots:
            start, _, path = groups[-1]
            groups[-1] = (start, column + 1, path)
        else:
            keys.append(key)
            groups.append((column, column + 1, tuple(dict.fromkeys(slot.text for slot in slots))))
    return groups


def _sequence_paths(rows: Sequence[Row], lexicon: Lexicon) -> list[HeaderPath]:
    """Header paths where merges are collapsed: a lower row's blanks continue cells above, its texts are children."""
    texts = [slot.text for slot in rows[0].slots]
    paths: list[tuple[str, ...]] = [(text,) if text else () for text in texts]
    for row in rows[1:]:
        below = [slot.text for slot in row.slots]
        merged = under_parents(paths, below, lexicon) if all(below) and len(below) < len(paths) else None
        paths = merged or _merge_sequence(paths, below)
    return [(index, index + 1, path) for index, path in enumerate(paths)]


def under_parents(above: list[tuple[str, ...]], below: list[str], lexicon: Lexicon) -> list[tuple[str, ...]] | None:
    """A short second row without blanks (they were lost): its words stand under the head that their kind belongs to.

    A word that heads nothing alone (值 between 符号 and 单位) goes with the one before it.
    """
    groups: dict[str, list[str]] = {}
    parent: str | None = None
    for text in below:
        parent = _parent_of(lexicon.column(text), parent)
        if parent is None:
            return None
        groups.setdefault(parent, []).append(text)
    merged: list[tuple[str, ...]] = []
    for path in above:
        children = groups.pop(lexicon.column(path[-1]) or "", []) if path else []
        merged.extend([(*path, child) for child in children] or [path])
    return None if groups else merged


def _parent_of(concept: str | None, before: str | None) -> str | None:
    """The head over a word of that concept, behind one under `before`; None where no head stands over such words."""
    if concept is None or concept in PARTS_OF_TARGET:
        return "target" if concept or before == "target" else None
    if concept in _SCORES:
        return "score"
    return "levels" if concept in LEVEL_COLUMNS else None


def _merge_sequence(above: list[tuple[str, ...]], below: list[str]) -> list[tuple[str, ...]]:
    """Put a lower header row under the one above it.

    A blank below continues one cell of the row above (a vertical merge); a run of texts below are the children of
    one or more cells above (a horizontal merge). What is left over stays blank.
    """
    runs: list[tuple[bool, list[str]]] = []
    for text in below:
        if runs and runs[-1][0] == bool(text):
            runs[-1][1].append(text)
        else:
            runs.append((bool(text), [text]))
    child_runs = sum(1 for is_text, _ in runs if is_text)
    blanks = sum(len(cells) for is_text, cells in runs if not is_text)
    parents = max(len(above) - blanks, 0)
    if child_runs and parents == 0:
        # More blanks than cells above: trailing blanks are empty columns, so that every run finds a parent.
        parents = min(child_runs, len(above))
    merged: list[tuple[str, ...]] = []
    queue = list(above)
    remaining_runs = child_runs
    for is_text, cells in runs:
        if not is_text:
            merged.extend(queue.pop(0) if queue else () for _ in cells)
            continue
        take = max(parents - (remaining_runs - 1), 0) if remaining_runs == 1 else min(1, parents)
        owners = [queue.pop(0) for _ in range(min(take, len(queue)))]
        parents -= len(owners)
        remaining_runs -= 1
        merged.extend((*_owner(owners, index, len(cells)), text) for index, text in enumerate(cells))
    return merged


def _owner(owners: list[tuple[str, ...]], index: int, count: int) -> tuple[str, ...]:
    """Which parent the child at `index` of `count` hangs under, sharing children out evenly in order."""
    if not owners:
        return ()
    return owners[min(index * len(owners) // max(count, 1), len(owners) - 1)]
