"""Each value and each row gets its confidence (逐值逐行的读取把握)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from typing import TypeVar

from parsers.confidence.evidence import Evidence, Surroundings, evidence_of
from parsers.confidence.witness import Ref
from parsers.document import Document
from schemas.confidence import model
from schemas.records import Amount, DocumentRecords, Evaluation, EvaluationRecords, FundingRow, Indicator

_Row = TypeVar("_Row", Evaluation, FundingRow, Indicator)
_DIGITS = 4


def weighed(document: Document, records: DocumentRecords) -> DocumentRecords:
    """`records` with the confidence of every value and row; what the readers gave was how sure the reading went."""
    around = Surroundings(document, records)
    return replace(
        records,
        evaluations=tuple(_weighed(part, evidence_of(part, around)) for part in records.evaluations),
        amounts=tuple(_amount(row, around.evidence(row, frozenset())) for row in records.amounts),
    )


def _weighed(part: EvaluationRecords, evidence: Mapping[Ref, Evidence]) -> EvaluationRecords:
    return replace(
        part,
        evaluation=_row(part.evaluation, "evaluations", evidence),
        funding=tuple(_row(row, "funding", evidence) for row in part.funding),
        indicators=tuple(_row(row, "indicators", evidence) for row in part.indicators),
        amounts=tuple(_amount(row, evidence["amounts", row.ordinal, ""]) for row in part.amounts),
    )


def _row(row: _Row, table: str, evidence: Mapping[Ref, Evidence]) -> _Row:
    """The row with the confidence of its values; its own follows from the least of them."""
    shares = {cell.column: share_right(evidence[table, row.ordinal, cell.column]) for cell in row.cells}
    cells = tuple(cell.rated(shares[cell.column]) if cell.confidence is not None else cell for cell in row.cells)
    least = min(shares.values(), default=share_right(evidence[table, row.ordinal, ""]))
    return replace(row, confidence=round(model().share_of_rows(least), _DIGITS), cells=cells)


def _amount(row: Amount, evidence: Evidence) -> Amount:
    return replace(row, confidence=share_right(evidence))


@lru_cache(maxsize=4096)
def share_right(evidence: Evidence) -> float:
    """The share right among values read so."""
    return round(model().share_right(evidence.source, evidence.sureness, evidence.signs), _DIGITS)
