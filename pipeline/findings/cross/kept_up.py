"""The checks across forms kept up with the dataset: after a run only what its changes may touch is made again (续作).

What is kept is what looking across everything would find: a check is first of all about one form (its lead), and is
made again where the lead, a form of its project, or one that it may be a copy of has changed.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

import pyarrow as pa

from pipeline.checks.config import Rules, default_rules
from pipeline.dataset.store import Dataset
from pipeline.findings.cross.copied import Lines, Texts, related
from pipeline.findings.cross.frame import AllEvaluations
from pipeline.findings.cross.run import Touched, cross_checks
from pipeline.findings.cross.stored_forms import stored_forms
from schemas.records import Check
from schemas.stored import from_arrow, to_arrow

_YEARS_AWAY = (-1, 0, 1)


def kept_up(rules: Rules | None, dataset: Dataset, before: pa.Table | None, changed: AbstractSet[str]) -> pa.Table:
    """The checks across the forms of `dataset`, as rows of `checks`. Raises StoreError.

    `before` are those of the state before it, None where there are none to go on from; `changed` are the documents
    whose content came, went or was read anew since.
    """
    stored = stored_forms(dataset, rules or default_rules())
    if before is None:
        return to_arrow("checks", cross_checks(stored))
    made_before: list[Check] = from_arrow("checks", before)
    found: list[Touched] = []

    def find(frame: AllEvaluations, lines: Lines, texts: Texts) -> Touched:
        found.append(_touched(made_before, changed, frame, lines, texts))
        return found[0]

    again = cross_checks(stored, find)
    stays = [
        check.document_id not in changed and check.evaluation_id not in found[0].of(check.rule) for check in made_before
    ]
    return pa.concat_tables([before.filter(pa.array(stays, pa.bool_())), to_arrow("checks", again)])


def _touched(
    before: list[Check], changed: AbstractSet[str], frame: AllEvaluations, lines: Lines, texts: Texts
) -> Touched:
    own = {key for key, one in frame.filed.items() if one.document.document_id in changed}
    seeds = own | {key for check in before for key in _spoken_of(check, changed)}
    near = {
        other.evaluation.evaluation_id
        for key in seeds & frame.filed.keys()
        for years_ago in _YEARS_AWAY
        for other, _ in frame.neighbours(frame.filed[key], years_ago)
    }
    return Touched(seeds | near, seeds | related(frame, lines, texts, own))


def _spoken_of(check: Check, changed: AbstractSet[str]) -> set[str]:
    """The evaluations of a check that speaks of a changed document."""
    if not any(place.document_id in changed for place in check.places):
        return set()
    return {key for key in (check.evaluation_id, *(place.evaluation_id for place in check.places)) if key is not None}
