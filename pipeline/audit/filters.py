"""Which findings are asked for (筛选)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from pipeline.audit.loading import AuditData
from pipeline.console import SEVERITY_ZH
from pipeline.findings.cross.stored_forms import FormKey
from schemas.lexicon import normalise
from schemas.records import DocumentRow, Evaluation, Severity

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
"""The worst first."""


@dataclass(frozen=True, slots=True)
class YearRange:
    """Fiscal years from `first` to `last`, both counted (年度区间)."""

    first: int
    last: int

    @staticmethod
    def of(text: str) -> YearRange:
        """From 2023 or 2021-2023. Raises ValueError for anything else."""
        first, _, last = text.partition("-")
        found = YearRange(int(first), int(last or first))
        if not 0 < found.first <= found.last:
            raise ValueError(text)
        return found

    def __str__(self) -> str:
        return str(self.first) if self.first == self.last else f"{self.first}—{self.last}"


@dataclass(frozen=True, slots=True)
class Filters:
    """Which findings to show; None or empty: all. Names match anywhere in the printed name, blanks aside."""

    years: YearRange | None = None
    unit: str | None = None
    """Part of the name of the unit or of its department (单位或主管部门)."""
    department: str | None = None
    region: str | None = None
    document: str | None = None
    """Part of a file's name, or the beginning of its content's id."""
    rules: tuple[str, ...] = ()
    min_severity: Severity = "info"
    ids: tuple[str, ...] = ()
    """Beginnings of the ids of checks."""

    @property
    def severities(self) -> tuple[Severity, ...]:
        return SEVERITIES[: SEVERITIES.index(self.min_severity) + 1]

    @property
    def any_severity(self) -> Filters:
        """The same without a least severity."""
        return replace(self, min_severity="info")

    @property
    def names_forms(self) -> bool:
        """Whether some forms are asked for, not all."""
        return self.years is not None or any((self.unit, self.department, self.region))

    def told(self) -> str:
        """What is asked for, in words; "" where that is everything."""
        parts = (
            f"{self.years} 年度" if self.years else "",
            f"单位含“{self.unit}”" if self.unit else "",
            f"主管部门含“{self.department}”" if self.department else "",
            f"地区含“{self.region}”" if self.region else "",
            f"文件“{self.document}”" if self.document else "",
            f"规则 {'、'.join(self.rules)}" if self.rules else "",
            f"程度至少为“{SEVERITY_ZH[self.min_severity]}”" if self.min_severity != "info" else "",
        )
        return "，".join(part for part in parts if part)


EVERYTHING = Filters()


def matching(desk: AuditData, filters: Filters) -> set[FormKey]:
    """The forms that `filters` let pass.

    Figures outside any evaluation pass with an evaluation of their document; where no form is named all do.
    """
    documents = {key for key, row in desk.documents.items() if _is_asked_for(row, filters.document)}
    forms = [row for row in desk.evaluations.values() if row.document_id in documents and _passes(row, filters)]
    if filters.names_forms:
        documents &= {row.document_id for row in forms}
    return {(row.document_id, row.evaluation_id) for row in forms} | {(key, None) for key in documents}


def _is_asked_for(row: DocumentRow, document: str | None) -> bool:
    return document is None or document in row.file_name or row.document_id.startswith(document)


def _passes(row: Evaluation, filters: Filters) -> bool:
    if filters.years is not None and not _within(row.fiscal_year, filters.years):
        return False
    asked = (
        (filters.unit, (row.unit, row.department)),
        (filters.department, (row.department,)),
        (filters.region, (row.region, row.province, row.city, row.region_name)),
    )
    return all(_named(wanted, *names) for wanted, names in asked if wanted)


def _within(year: int | None, years: YearRange) -> bool:
    return year is not None and years.first <= year <= years.last


def _named(wanted: str, *names: str | None) -> bool:
    return any(normalise(wanted) in normalise(name) for name in names if name)
