"""What the rules across forms see of the dataset, and what they yield (跨表核对的对象).

Evaluations are placed by office, project and year; only columns that decide which of them belong together are read for
all. The printed cells are loaded for those alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc

from pipeline.checks.config import Rules
from pipeline.checks.model import Finding
from pipeline.checks.printed import significant_digits
from pipeline.dataset.keys.names import Identity, Office, office, project_key, similar_offices
from pipeline.findings.cross.stored_forms import FormKey, StoredForms
from pipeline.unread import NO_UNIT
from schemas.records import DocumentRow, Evaluation, RelationRole, Subject

WHOLE_UNIT = ""
"""The project of a whole-unit form."""
_SPOKEN = ("initial_budget", "annual_budget", "executed", "arrived", "score")


@dataclass(frozen=True, slots=True)
class Filed:
    """One evaluation with what identifies it across the dataset (一份自评).

    `project` is its comparable name, WHOLE_UNIT for a whole-unit form, None where it has none.
    """

    evaluation: Evaluation
    document: DocumentRow
    office: Office | None
    department: Office | None
    project: str | None

    @property
    def key(self) -> FormKey:
        return self.evaluation.document_id, self.evaluation.evaluation_id

    @property
    def year(self) -> int | None:
        return self.evaluation.fiscal_year

    @property
    def name(self) -> str:
        """What it is about, for a sentence."""
        return self.evaluation.project_name or self.evaluation.title or "单位整体自评"

    @property
    def owner(self) -> str:
        """Its office as printed."""
        return self.evaluation.unit or self.evaluation.department or NO_UNIT

    @property
    def doubtful(self) -> bool:
        """Whether its file was read in part, or by eye: what differs may be the reading."""
        return self.document.status != "ok" or self.document.text_source in ("ocr", "mixed")


@dataclass(frozen=True, slots=True)
class Related:
    """One value a check across forms speaks of: its form, its cell, and a word that tells the forms apart (位置)."""

    key: FormKey
    subject: Subject
    whose: str


@dataclass(frozen=True, slots=True)
class Across:
    """What a rule across forms found (跨表发现): the form it is first of all about, and every value involved.

    `roles` say of each place what it is in the sum that does not come out, if it is one.
    """

    rule: str
    lead: FormKey
    finding: Finding
    places: tuple[Related, ...]
    roles: tuple[RelationRole, ...] = ()


@dataclass(frozen=True, slots=True)
class AllEvaluations:
    """The evaluations of the dataset, by what identifies them (全部自评)."""

    rules: Rules
    filed: Mapping[str, Filed]
    placed: Mapping[tuple[str, int, Identity], Sequence[Filed]]
    """Evaluations by project, year and office."""
    similar: Mapping[Identity, Mapping[Identity, float]]
    carried: frozenset[str]
    """Evaluations with a line of money carried over from the year before."""
    funded: frozenset[str]
    """Evaluations with a funding table."""
    spoken: frozenset[str]
    """Evaluations whose prose states a budget, spending or score."""

    def alike(self, one: Filed, other: Filed) -> float:
        """How alike the names of two offices are, 1 for the same; 0 below the limit, or where one is not printed."""
        if one.office is None or other.office is None:
            return 0.0
        return self.alike_offices(one.office, other.office)

    def alike_offices(self, one: Office, other: Office) -> float:
        if one.identity == other.identity:
            return 1.0
        return self.similar.get(one.identity, {}).get(other.identity, 0.0)

    def neighbours(self, one: Filed, years_ago: int = 0) -> Iterator[tuple[Filed, float]]:
        """Other forms of its project, of its office or one with a similar name, in its year or one before.

        Nothing for a form without project, year or office.
        """
        if one.project is None or one.year is None or one.office is None:
            return
        alike = {one.office.identity: 1.0, **self.similar.get(one.office.identity, {})}
        for identity, similarity in alike.items():
            for other in self.placed.get((one.project, one.year - years_ago, identity), ()):
                if other is not one and other.evaluation.kind == one.evaluation.kind:
                    yield other, similarity


def open_frame(stored: StoredForms) -> AllEvaluations:
    """Place every self-evaluation of the dataset; target declarations have nothing to compare."""
    filed = {
        row.evaluation_id: _filed(row, stored.documents[row.document_id])
        for row in sorted(stored.evaluations.values(), key=lambda row: (row.document_id, row.ordinal))
        if row.kind != "target"
    }
    funding = stored.dataset.read("funding", ["evaluation_id", "source"])
    amounts = stored.dataset.read("amounts", ["evaluation_id", "origin", "measure"])
    spoken = amounts.filter(
        pc.and_(pc.equal(amounts["origin"], "prose"), pc.is_in(amounts["measure"], pa.array(_SPOKEN)))
    )
    carried = funding.filter(pc.equal(funding["source"], "carryover"))
    offices = (office for one in filed.values() for office in (one.office, one.department) if office is not None)
    return AllEvaluations(
        stored.rules,
        filed,
        _placed(filed.values()),
        similar_offices(offices, stored.rules.cross.similar_from),
        _ids(carried),
        _ids(funding),
        _ids(spoken),
    )


def _filed(row: Evaluation, document: DocumentRow) -> Filed:
    department = office(row.department, row.region) if row.department else None
    own = office(row.unit, row.region) if row.unit else department
    project: str | None = None
    if row.kind == "unit":
        project = WHOLE_UNIT
    elif row.project_name:
        project = project_key(row.project_name) or None
    return Filed(row, document, own, department, project)


def _placed(filed: Iterable[Filed]) -> dict[tuple[str, int, Identity], list[Filed]]:
    placed: dict[tuple[str, int, Identity], list[Filed]] = defaultdict(list)
    for one in filed:
        if one.project is not None and one.year is not None and one.office is not None:
            placed[one.project, one.year, one.office.identity].append(one)
    return placed


def _ids(table: pa.Table) -> frozenset[str]:
    return frozenset(table["evaluation_id"].drop_null().unique().to_pylist())


def about_office(one: Filed, other: Filed, alike: float) -> str:
    """What a sentence must say where two names are only similar."""
    if alike >= 1:
        return ""
    return f"；单位名称“{one.owner}”与“{other.owner}”相似度{alike:.2f}，请核实是否同一单位"


def telling_digits(value: Decimal | None, unit: str | None) -> int:
    """Digits beyond the first that are not trailing zeros; none for whole percentages, which people choose."""
    if value is None or not value:
        return 0
    if unit and any(mark in unit for mark in "%％‰") and value == value.to_integral_value():
        return 0
    return max(significant_digits(abs(value)) - 1, 0)
