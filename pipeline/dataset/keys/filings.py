"""Which of several filings of one form counts (同一自评的多份): copies with the same figures, and newer filings.

Forms of one kind, year, unit and project in different documents are filings of one form, unless budget codes tell them
apart. One of them is current: the last by date of the report, then by the day its document was first seen. The others
are its duplicates where they print the same figures, and superseded by it where they do not. A form without a year or
unit or, for a project, without its name is compared with nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from pipeline.dataset.keys.names import project_key


@dataclass(frozen=True, slots=True)
class Filing:
    """One evaluation as far as telling filings apart goes (一份报送)."""

    evaluation_id: str
    document_id: str
    kind: str
    fiscal_year: int | None
    unit_key: str | None
    project_name: str | None
    budget_code: str | None
    content_key: str | None
    report_date: date | None
    first_seen_on: date | None


@dataclass(frozen=True, slots=True)
class Standing:
    """What becomes of a filing: it is current, a duplicate of the current one, or superseded by it (效力)."""

    is_current: bool = True
    duplicate_of: str | None = None
    superseded_by: str | None = None


CURRENT = Standing()


def standings(filings: Iterable[Filing]) -> dict[str, Standing]:
    """The standing of every filing that is not current, by evaluation id."""
    groups: dict[Hashable, list[Filing]] = defaultdict(list)
    for one in filings:
        key = _key(one)
        if key is not None:
            groups[key].append(one)
    found: dict[str, Standing] = {}
    for group in groups.values():
        if len(group) > 1:
            for same in _same_project(group):
                found |= _settled(same)
    return found


def _key(one: Filing) -> Hashable:
    if one.fiscal_year is None or one.unit_key is None:
        return None
    if one.kind == "project" and not one.project_name:
        return None
    return one.kind, one.fiscal_year, one.unit_key, project_key(one.project_name or "")


def _same_project(group: Sequence[Filing]) -> Iterator[list[Filing]]:
    """The group; where it has several budget codes, those of each code, forms without one left out."""
    codes = {one.budget_code for one in group} - {None}
    if len(codes) < 2:
        yield list(group)
        return
    for code in codes:
        yield [one for one in group if one.budget_code == code]


def _settled(group: Sequence[Filing]) -> Iterator[tuple[str, Standing]]:
    newest_first = sorted(group, key=_age, reverse=True)
    documents = [one.document_id for one in newest_first]
    each_once = len(set(documents)) == len(documents)
    first_of: dict[str, Filing] = {}
    for one in newest_first:
        twin = first_of.setdefault(one.content_key, one) if one.content_key else one
        if twin is not one:
            yield one.evaluation_id, Standing(is_current=False, duplicate_of=twin.evaluation_id)
        elif each_once and one is not newest_first[0]:
            # several forms of one document under the same name may be parts of one: none supersedes another
            yield one.evaluation_id, Standing(is_current=False, superseded_by=newest_first[0].evaluation_id)


def _age(one: Filing) -> tuple[str, str, str]:
    return str(one.report_date or ""), str(one.first_seen_on or ""), one.evaluation_id
