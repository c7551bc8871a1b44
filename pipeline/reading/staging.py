"""New readings on their way into the dataset: a batch of results as Parquet in a folder of its own (暂存).

Results are written as they arrive, so memory does not grow with the number of files. A batch that is written again
(a retried task) replaces its former self.
"""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pipeline.dataset.part_files import OF_THE_ADDRESS, Segment, part_path
from pipeline.reading import messages
from pipeline.reading.one_file import NOT_READ, FileResult, Identity, failed
from schemas.records import DocumentRow, Evaluation, FundingRow, Indicator
from schemas.stored import to_arrow
from schemas.tables import TABLES, arrow_schema

ROWS_HELD = 5_000

Row = TypeVar("Row", FundingRow, Indicator)

_NOT_STORABLE = (pa.ArrowException, OverflowError, UnicodeEncodeError)


def warm_up() -> None:
    """Let pyarrow import pandas, which it does with the first list it converts, while the first file is being read."""
    threading.Thread(target=pa.array, args=([],), daemon=True).start()


class BatchWriter:
    """Takes the results of one batch and makes a staged segment of them (批次写入)."""

    def __init__(self, staging: Path, name: str) -> None:
        self._root = staging / name
        self._name = name
        self._writers: dict[str, pq.ParquetWriter] = {}
        self._rows = dict.fromkeys(TABLES, 0)
        self._held: dict[str, list[pa.Table]] = {table: [] for table in TABLES}
        self._contents: set[str] = set()
        shutil.rmtree(self._root, ignore_errors=True)

    def __enter__(self) -> BatchWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for writer in self._writers.values():
            writer.close()

    def add(self, path: str, result: FileResult) -> FileResult:
        """Take the result of `path`; what comes back is what is stored: a failure if a value fits no column."""
        try:
            tables = arrow_tables(result)
        except _NOT_STORABLE as error:
            result = _not_storable(path, result.document, error)
            tables = arrow_tables(result)
        content = result.document.document_id
        again = content in self._contents
        if result.document.status != "failed" and result.known is None:
            self._contents.add(content)
        for table, rows in tables.items():
            if len(rows) and (table == "documents" or not again):
                self._held[table].append(rows)
        if sum(map(len, chain.from_iterable(self._held.values()))) >= ROWS_HELD:
            self._flush()
        return result

    def finish(self) -> Segment:
        """The batch as a segment; nothing can be added after."""
        self._flush()
        for writer in self._writers.values():
            writer.close()
        return Segment(self._root, self._name, {table: count for table, count in self._rows.items() if count})

    def _flush(self) -> None:
        for table, held in self._held.items():
            if held:
                rows = pa.concat_tables(held)
                self._writer(table).write_table(rows)
                self._rows[table] += len(rows)
                held.clear()

    def _writer(self, table: str) -> pq.ParquetWriter:
        if table not in self._writers:
            target = part_path(self._root, table, self._name)
            target.parent.mkdir(parents=True, exist_ok=True)
            self._writers[table] = pq.ParquetWriter(
                target, arrow_schema(table), compression="zstd", write_page_checksum=True
            )
        return self._writers[table]


def _not_storable(path: str, document: DocumentRow, error: Exception) -> FileResult:
    """The failure that stands for a result of `path` that fits no column; where the file came from stays."""
    known = Identity(document.document_id, document.size_bytes or 0)
    result = failed(path, known, "internal", messages.not_storable(path, error))
    address = {name: getattr(document, name) for name in OF_THE_ADDRESS}
    return replace(result, records=replace(result.records, document=replace(result.document, **address)))


def arrow_tables(result: FileResult) -> dict[str, pa.Table]:
    """The rows of one result, by table; tables without rows are left out."""
    tables = {table: to_arrow(table, rows) for table, rows in rows_of(result).items() if rows}
    documents = tables["documents"]
    content = pc.if_else(pc.equal(documents["document_id"], NOT_READ), None, documents["document_id"])
    return tables | {"documents": documents.set_column(0, documents.schema.field("document_id"), content)}


def rows_of(result: FileResult) -> dict[str, list[Any]]:
    """The records of one result by table (各表的行); rows of a form say its year and unit, so that both can filter."""
    records = result.records
    parts = records.evaluations
    return {
        "documents": [records.document],
        "evaluations": [part.evaluation for part in parts],
        "funding": [_of_form(row, part.evaluation) for part in parts for row in part.funding],
        "indicators": [_of_form(row, part.evaluation) for part in parts for row in part.indicators],
        "amounts": [row for part in parts for row in part.amounts] + list(records.amounts),
        "sections": [row for part in parts for row in part.sections] + list(records.sections),
        "checks": list(result.checks),
        "problems": list(records.problems),
    }


def _of_form(row: Row, evaluation: Evaluation) -> Row:
    return replace(row, fiscal_year=evaluation.fiscal_year, unit_name=evaluation.unit)
