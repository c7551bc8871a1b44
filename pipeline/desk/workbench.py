"""One output folder as the desk sees it (工作台数据): the snapshot, and what people said about it.

A snapshot that is replaced while the desk is open is taken up with the next page; a page in the making keeps its own.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import duckdb
import pyarrow as pa

from pipeline.audit import corrections, decisions, signoffs
from pipeline.audit.corrections import Correction
from pipeline.audit.decisions import Decision
from pipeline.audit.findings import rule_titles
from pipeline.audit.signoffs import SignOff
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
T = TypeVar("T")

STATES = {
    "open": "待核",
    "accepted": "属实",
    "dismissed": "不成立",
    "misread": "读错",
    "notified": "已反馈",
    "rectified": "已整改",
}
"""The states of a finding, in the order they follow each other."""


_CONTRADICTIONS = """create table contradictions as
select c.check_id, c.document_id, c.evaluation_id, c.severity, c.rule, c.message, c.likely_cause, c.difference,
c.difference_value, c.root_id, e.unit, e.department, e.project_name, e.fiscal_year, e.region, e.province,
e.city, e.region_name, e.region_code, d.file_name
from checks c join documents d on d.document_id = c.document_id and d.duplicate_of is null
left join evaluations e on e.evaluation_id = c.evaluation_id
where c.outcome = 'inconsistent' and c.severity in ('error', 'warning')"""

_TOTALS = """create table totals as
select (select count(*) from documents) as documents, (select count(*) from evaluations) as evaluations,
(select count(*) from documents where status = 'partial') as partial,
(select count(*) from documents where status = 'failed') as failed,
(select sum(figures_unread) from documents) as unread,
(select sum(executed_wanyuan) from v_spending) as spent"""


def _changed(previous: Path | None) -> str:
    """How many contradictions are new, and how many gone, since the state of the dataset before this one."""
    if previous is None:
        return "create table changed as select null::bigint as new, null::bigint as gone"
    files = str(previous / "checks" / "*.parquet").replace("'", "''")
    before = f"(select check_id from read_parquet('{files}') where outcome = 'inconsistent')"
    now = "(select check_id from checks where outcome = 'inconsistent')"
    return f"""create table changed as
    select (select count(*) from {now} where check_id not in {before}) as new,
    (select count(*) from {before} where check_id not in {now}) as gone"""


@dataclass(frozen=True)
class State:
    """One snapshot, opened (一版)."""

    dataset: Dataset
    connection: duckdb.DuckDBPyConnection
    """The tables and views; `contradictions`, `totals` and `changed` are worked out once for all pages."""


class Workbench:
    """Answers every question of the pages; safe to ask from several threads."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.rules: Rules = default_rules()
        self._lock = threading.Lock()
        self._state: State | None = None
        self._titles = rule_titles()
        self._said: dict[str, tuple[tuple[int, int], Any]] = {}

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
        connection = connect(dataset)
        connection.execute(_CONTRADICTIONS)
        connection.execute(_TOTALS)
        earlier = [each for each in snapshots(self.output) if each.path != dataset.path]
        connection.execute(_changed(earlier[-1].path if earlier else None))
        return State(dataset, connection)

    def ask(self, query: str, values: list[Any] | None = None) -> Rows:
        """The rows of a query over the tables, the views, `decided` and `rule_titles`."""
        cursor = self.state().connection.cursor()
        cursor.register("rule_titles", pa.table({"rule": list(self._titles), "title": list(self._titles.values())}))
        cursor.register("decided", self._decided())
        found = cursor.execute(query, values or [])
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def _decided(self) -> pa.Table:
        return self._unchanged(decisions.FILE, "decided", lambda at: _as_table(decisions.read_decisions(at).values()))

    def decisions(self) -> list[Decision]:
        return self._unchanged(decisions.FILE, "history", decisions.history)

    def corrections(self) -> dict[tuple[str, str, int, str], Correction]:
        return self._unchanged(corrections.FILE, "corrections", corrections.read_corrections)

    def signoffs(self) -> dict[str, SignOff]:
        return self._unchanged(signoffs.FILE, "signoffs", signoffs.read_signoffs)

    def _unchanged(self, file: str, name: str, read: Callable[[Path], T]) -> T:
        """What `read` makes of a file that is only ever appended to; read again when it has grown."""
        path = self.output / file
        state = (path.stat().st_mtime_ns, path.stat().st_size) if path.exists() else (0, 0)
        if name not in self._said or self._said[name][0] != state:
            self._said[name] = state, read(self.output)
        found: T = self._said[name][1]
        return found

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
        # the parts are sorted by year and office: naming them spares most row groups
        sorted_by = {"fiscal_year": evaluation.fiscal_year, "unit_name": evaluation.unit}
        near = {name: value for name, value in sorted_by.items() if value is not None}
        of_sorted = " and ".join([*(f"{name} = ?" for name in near), of_form])
        return EvaluationRecords(
            evaluation,
            tuple(self._records("funding", of_sorted, [*near.values(), *key])),
            tuple(self._records("indicators", of_sorted, [*near.values(), *key])),
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


def _as_table(decided: Iterable[Decision]) -> pa.Table:
    kept = list(decided)
    return pa.table(
        {
            "check_id": pa.array([one.check_id for one in kept], pa.string()),
            "verdict": pa.array([one.verdict for one in kept], pa.string()),
            "note": pa.array([one.note for one in kept], pa.string()),
            "who": pa.array([one.who for one in kept], pa.string()),
        }
    )
