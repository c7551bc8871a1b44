"""One output folder as the desk sees it (工作台数据): the snapshot, and what people said about it.

A snapshot that is replaced while the desk is open is taken up with the next page; a page in the making keeps its own.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa

from pipeline.audit.corrections import Correction, read_corrections
from pipeline.audit.decisions import Decision, history
from pipeline.audit.findings import rule_titles
from pipeline.audit.signoffs import SignOff, read_signoffs
from pipeline.checks.config import Rules, default_rules
from pipeline.dataset.store import POINTER, Dataset, open_dataset, snapshots
from pipeline.export.connection import connect
from schemas.errors import ConfigError
from schemas.records import (
    Check,
    DocumentRow,
    Evaluation,
    EvaluationRecords,
    FundingRow,
    Indicator,
    ProblemRow,
)
from schemas.stored import from_arrow

Rows = list[dict[str, Any]]

STATES = {
    "open": "待核",
    "accepted": "属实",
    "dismissed": "不成立",
    "misread": "读错",
    "notified": "已反馈",
    "rectified": "已整改",
}
"""The states of a finding, in the order they follow each other."""


@dataclass(frozen=True)
class State:
    """One snapshot, opened (一版)."""

    dataset: Dataset
    connection: duckdb.DuckDBPyConnection
    previous: Dataset | None


class Workbench:
    """Answers every question of the pages; safe to ask from several threads."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.rules: Rules = default_rules()
        self._lock = threading.Lock()
        self._state: State | None = None
        self._titles = rule_titles()

    def rule_title(self, code: str) -> str:
        return self._titles.get(code, code)

    def state(self) -> State:
        """The current snapshot, opened anew where another has taken its place. Raises StoreError."""
        current = (self.output / POINTER).resolve()
        with self._lock:
            if self._state is None or self._state.dataset.path != current:
                self._state = self._opened()
            return self._state

    def _opened(self) -> State:
        dataset = open_dataset(self.output)
        earlier = [each for each in snapshots(self.output) if each.path != dataset.path]
        connection = connect(dataset)
        previous = Dataset(earlier[-1].path) if earlier else None
        if previous is not None:
            files = str(previous.folder("checks") / "*.parquet").replace("'", "''")
            connection.execute(
                f"create view previous_checks as select check_id, outcome, message from read_parquet('{files}')"
            )
        return State(dataset, connection, previous)

    def ask(self, query: str, values: list[Any] | None = None) -> Rows:
        """The rows of a query over the tables, the views, `decided` and `rule_titles`."""
        cursor = self.state().connection.cursor()
        cursor.register("rule_titles", pa.table({"rule": list(self._titles), "title": list(self._titles.values())}))
        cursor.register("decided", self._decided())
        found = cursor.execute(query, values or [])
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def _decided(self) -> pa.Table:
        last = {one.check_id: one for one in self.decisions()}
        kept = [one for one in last.values() if one.verdict != "reopened"]
        return pa.table(
            {
                "check_id": pa.array([one.check_id for one in kept], pa.string()),
                "verdict": pa.array([one.verdict for one in kept], pa.string()),
                "note": pa.array([one.note for one in kept], pa.string()),
                "who": pa.array([one.who for one in kept], pa.string()),
            }
        )

    def decisions(self) -> list[Decision]:
        return history(self.output)

    def corrections(self) -> dict[tuple[str, str, int, str], Correction]:
        return read_corrections(self.output)

    def signoffs(self) -> dict[str, SignOff]:
        return read_signoffs(self.output)

    def document(self, document_id: str) -> DocumentRow:
        """The row of the file that a content stands under. Raises ConfigError when there is none."""
        found = self._records("documents", "document_id = ? and duplicate_of is null", [document_id])
        if not found:
            raise ConfigError("数据集中没有这个文件；它可能已被新的一版取代，请回到清单。")
        row: DocumentRow = found[0]
        return row

    def source(self, document: DocumentRow) -> Path:
        """Where the bytes of a document lie on this machine."""
        return self.output / document.local_path if document.local_path else Path(document.source_uri)

    def evaluations(self, document_id: str) -> list[Evaluation]:
        return self._records("evaluations", "document_id = ? order by ordinal", [document_id])

    def form(self, evaluation: Evaluation) -> EvaluationRecords:
        """An evaluation with everything that belongs to it."""
        of_form = "evaluation_id = ? order by ordinal"
        key = [evaluation.evaluation_id]
        return EvaluationRecords(
            evaluation,
            tuple(self._records("funding", of_form, key)),
            tuple(self._records("indicators", of_form, key)),
            tuple(self._records("amounts", of_form, key)),
            tuple(self._records("sections", of_form, key)),
        )

    def problems(self, document_id: str) -> tuple[ProblemRow, ...]:
        return tuple(self._records("problems", "document_id = ? order by ordinal", [document_id]))

    def row(self, evaluation_id: str, table: str, ordinal: int) -> tuple[Evaluation | FundingRow | Indicator, str]:
        """One row of a form, and its document's id. Raises ConfigError when there is none."""
        if table not in ("evaluations", "funding", "indicators"):
            raise ConfigError("只能更正表头、资金行和指标行。")
        found = self._records(table, "evaluation_id = ? and ordinal = ?", [evaluation_id, ordinal])
        of_document = self.ask("select document_id from evaluations where evaluation_id = ?", [evaluation_id])
        if not found or not of_document:
            raise ConfigError("数据集中没有这一行；请刷新页面。")
        return found[0], of_document[0]["document_id"]

    def contradictions(self, document_id: str, evaluation_id: str | None) -> list[Check]:
        """What does not add up in one form, or among the figures of a document that belong to none; gravest first."""
        condition = "document_id = ? and evaluation_id is not distinct from ? and outcome = 'inconsistent'"
        order = "order by case severity when 'error' then 0 when 'warning' then 1 else 2 end, check_id"
        return self._records("checks", f"{condition} {order}", [document_id, evaluation_id])

    def _records(self, table: str, condition: str, values: list[Any]) -> list[Any]:
        cursor = self.state().connection.cursor()
        found = cursor.sql(f"select * from {table} where {condition}", params=values).to_arrow_table()
        return from_arrow(table, found)
