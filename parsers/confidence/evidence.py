"""What the reading of each value rests on, as names of `schemas/confidence.toml` (读取所凭)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from parsers.confidence.other_readings import OTHER_READING, other_readings, other_texts
from parsers.confidence.witness import MONEY, Ref, WitnessRelation, relations, rows_of
from parsers.document import Document, Grid
from parsers.interpret.document import NOTICES
from schemas.records import Amount, CellPlace, DocumentRecords, Evaluation, EvaluationRecords, FundingRow, Indicator

Row = Evaluation | FundingRow | Indicator | Amount
_DAMAGE = frozenset({"damaged_stream", "repaired_file", "page_damaged", "bad_bytes", "formats_missing"})
_NOTHING: frozenset[str] = frozenset()
_ROW_AGREES: frozenset[str] = frozenset({"row_agrees"})
_ROUGH = frozenset({"row_agrees", "agrees_roughly"})
"""Signs that tell nothing of each character of a value."""
_AGREEMENT = frozenset({"agrees", "agrees_roughly"})
_CLEAR = 0.85
"""How sure the reading of a cell is at least for those signs to speak for it."""
_RULED = frozenset({"pdf", "ofd"})


@dataclass(frozen=True, slots=True)
class Evidence:
    """The kind of source a value comes from and the signs for and against it; `sureness` is that of reading it."""

    source: str
    sureness: float
    signs: frozenset[str]


class Surroundings:
    """What a document says about its rows: the tables they stand in, and what was said to be doubtful where."""

    def __init__(self, document: Document, records: DocumentRecords) -> None:
        self._recognised = frozenset(document.recognised_pages)
        self.other_texts = other_texts(document)
        self._format = document.format
        self._grids: dict[str, Grid] = {
            place.locator: block for block in document.blocks if isinstance(block, Grid) for place in block.rows
        }
        doubted: dict[int | None, set[str]] = defaultdict(set)
        for problem in records.problems:
            if problem.code in NOTICES:
                continue
            grid = self._grids.get(problem.locator or "")
            doubted[grid.number if grid else None].add(problem.locator or "")
        self._doubted = dict(doubted)
        """By table (None: elsewhere) the places of what could not be read."""
        self._shifted = {problem.locator for problem in records.problems if problem.code == "label_odd"}
        self._damaged = any(problem.code in _DAMAGE for problem in records.problems)

    def source(self, locator: str) -> str:
        """The kind of source that stands at a place."""
        grid = self._grids.get(locator)
        if grid is None:
            return "prose"
        if grid.rows[0].page in self._recognised:
            return "recognised"
        if grid.geometry == "sequence":
            return "listed"
        if self._format in _RULED:
            return "ruled" if grid.geometry == "spans" else "unruled"
        return "cells" if grid.geometry == "spans" else "marked"

    def signs(self, locator: str) -> Iterator[str]:
        """What speaks for or against everything at a place."""
        grid = self._grids.get(locator)
        number = grid.number if grid else None
        beside = self._doubted.get(number, set())
        if locator in beside:
            yield "doubted_here"
        elif beside and grid is not None:
            yield "doubted_table"
        elif self._doubted:
            yield "doubted_file"
        if locator in self._shifted:
            yield "odd_label"
        if self._damaged:
            yield "damaged_file"

    def evidence(self, row: Row, signs: frozenset[str]) -> Evidence:
        """What a row as a whole rests on, with `signs` of its own."""
        locator = row.locator or ""
        sureness = 1.0 if row.confidence is None else row.confidence
        return Evidence(self.source(locator), sureness, signs | frozenset(self.signs(locator)))


def evidence_of(part: EvaluationRecords, around: Surroundings) -> dict[Ref, Evidence]:
    """What each value of an evaluation rests on. The column "" stands for all of a row that has no cell of its own."""
    said = _testimony(part)
    contested = {reading.ref for reading in other_readings(part, around.other_texts)}
    found: dict[Ref, Evidence] = {}
    for table, row in (*rows_of(part), *(("amounts", amount) for amount in part.amounts)):
        cells = () if isinstance(row, Amount) else row.cells
        in_row = {said.get((table, row.ordinal, cell.column), "") for cell in cells}
        agrees = bool(in_row & _AGREEMENT) and "contradicted" not in in_row
        beside = _ROW_AGREES if agrees else _NOTHING
        whole = found[table, row.ordinal, ""] = around.evidence(row, beside)
        for cell in cells:
            ref = (table, row.ordinal, cell.column)
            testimony = frozenset({said[ref]}) if ref in said else beside
            if ref in contested:
                testimony = frozenset({OTHER_READING})
            found[ref] = _of_cell(cell, whole, testimony)
    return found


def _of_cell(cell: CellPlace, row: Evidence, testimony: frozenset[str]) -> Evidence:
    """What one value rests on: what its row does, how sure its own cell was, and what the sums say of it."""
    is_clear = cell.confidence is None or cell.confidence >= _CLEAR
    signs = (row.signs - _ROW_AGREES) | (testimony if is_clear else testimony - _ROUGH)
    if cell.column in MONEY and cell.raw and not cell.unit_raw:
        signs |= {"unit_assumed"}
    if cell.confidence is None:
        return Evidence(row.source, row.sureness, signs)
    return Evidence(row.source, min(row.sureness, cell.confidence), signs)


def _testimony(part: EvaluationRecords) -> Mapping[Ref, str]:
    """For each value in a relation, what weighs most of what the relations say of it."""
    said: dict[Ref, tuple[int, str]] = {}
    for relation in relations(part):
        for ref in relation.values:
            said[ref] = max(said.get(ref, (0, "")), _word(relation, ref))
    return {ref: sign for ref, (_, sign) in said.items()}


def _word(relation: WitnessRelation, ref: Ref) -> tuple[int, str]:
    """What a relation says of one of its values, and the weight of that: a sum that fails may fail by any digit, which
    a rate that holds roughly does not clear."""
    if relation.holds:
        return (4, "agrees") if ref in relation.told else (2, "agrees_roughly")
    return (3 if len(relation.told) > 1 else 1, "contradicted")
