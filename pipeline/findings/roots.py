"""Findings that one cause explains: one stands for them all, the others under it (同一原因的发现).

Each finding of a form is told its root. Under one root stand the contradictions that the same correction would mend,
and what is said of the same cells of one row.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import combinations

from pipeline.localise import Cause, Change
from pipeline.localise.sentence import ASK
from schemas.records import Check, Severity, Subject, Suggestion

ALSO = "；也可能："
_GRAVITY: dict[Severity, int] = {"error": 0, "warning": 1, "info": 2}
_TELLING = ("sum", "quotient", "product", "at_least", "scale", "at_most", "grade")
"""The kinds of relations, those first in which a wrong number shows best."""

Explanation = tuple[Cause, ...]


def with_roots(checks: Sequence[Check], explanations: Sequence[Explanation]) -> tuple[Check, ...]:
    """The checks of one form, each contradiction with its likely cause and with the one that stands for it."""
    found = [check for check in checks if check.outcome == "inconsistent"]
    families = _families(found, explanations)
    changed = [{change.cell for change in cause.changes} for explanation in explanations for cause in explanation]
    roots: dict[str, Check] = {}
    sizes: dict[str, int] = {}
    for family in families:
        root = _root(family, changed)
        roots |= {check.check_id: root for check in family}
        sizes[root.check_id] = len(family)
    return tuple(
        _told(check, roots[check.check_id], sizes, explanations) if check.check_id in roots else check
        for check in checks
    )


def _families(found: Sequence[Check], explanations: Sequence[Explanation]) -> list[list[Check]]:
    """The findings in groups: what one explanation mends, then what speaks of the same cells of one row."""
    first = {check.check_id: check.check_id for check in found}

    def join(ids: Sequence[str]) -> None:
        heads = {first[one] for one in ids}
        first.update((one, first[ids[0]]) for one, head in first.items() if head in heads)

    explained: set[str] = set()
    for explanation in explanations:
        repaired = dict.fromkeys(check_id for cause in explanation for check_id in cause.repairs if check_id in first)
        explained.update(repaired)
        if len(repaired) > 1:
            join(list(repaired))
    for one, other in _of_one_row(check for check in found if check.check_id not in explained):
        join([one.check_id, other.check_id])
    families: dict[str, list[Check]] = {}
    for check in found:
        families.setdefault(first[check.check_id], []).append(check)
    return list(families.values())


def _of_one_row(found: Iterable[Check]) -> Iterator[tuple[Check, Check]]:
    """Pairs of findings about one row of indicators that speak of the same cells: all of one's, or two of them."""
    rows: dict[int, list[Check]] = {}
    for check in found:
        places = {(cell.table, cell.ordinal) for cell in check.subjects}
        if len(places) == 1 and check.subjects[0].table == "indicators":
            rows.setdefault(check.subjects[0].ordinal, []).append(check)
    for together in rows.values():
        for one, other in combinations(together, 2):
            common = set(one.subjects) & set(other.subjects)
            if len(common) >= min(len(set(one.subjects)), len(set(other.subjects)), 2):
                yield one, other


def _root(family: Sequence[Check], changed: Sequence[set[Subject]]) -> Check:
    """The gravest; of equally grave ones the one that speaks of just what is wrong, or in which it shows best."""
    return min(
        family,
        key=lambda check: (
            _GRAVITY[check.severity],
            set(check.subjects) not in changed,
            _telling(check),
            -len(check.subjects),
        ),
    )


def _telling(check: Check) -> int:
    return _TELLING.index(check.relation) if check.relation in _TELLING else len(_TELLING)


def _told(check: Check, root: Check, sizes: dict[str, int], explanations: Sequence[Explanation]) -> Check:
    said = (cause for explanation in explanations for cause in explanation)
    causes = _distinct(cause for cause in said if check.check_id in cause.repairs)
    suggestions = dict.fromkeys(_suggestion(each) for cause in causes for each in cause.changes)
    others = sizes[root.check_id] - 1
    return replace(
        check,
        root_id=root.check_id,
        likely_cause=_words(causes, others if check is root else 0),
        suggestions=tuple(suggestions),
    )


def _distinct(causes: Iterable[Cause]) -> list[Cause]:
    """Causes that change different cells, or to different values; of the same changes the likelier telling."""
    told: dict[frozenset[tuple[Subject, str]], Cause] = {}
    for cause in causes:
        changes = frozenset((change.cell, change.text) for change in cause.changes)
        told[changes] = min(told.get(changes, cause), cause, key=lambda one: one.weight)
    return list(told.values())


def _words(causes: Sequence[Cause], others: int) -> str | None:
    if not causes or (len(causes) == 1 and causes[0].restates):
        return None
    asks = any(cause.sentence.startswith(ASK) for cause in causes)
    said = (ASK if asks else "") + ALSO.join(cause.sentence.removeprefix(ASK) for cause in causes)
    mends_all = all(len(cause.repairs) == others + 1 for cause in causes)
    return f"{said}；如此更正，另{others}处也随之相符" if others and mends_all else said


def _suggestion(one: Change) -> Suggestion:
    value = one.proposed.low if one.proposed.low == one.proposed.high else None
    return Suggestion(one.cell.table, one.cell.ordinal, one.cell.column, value)
