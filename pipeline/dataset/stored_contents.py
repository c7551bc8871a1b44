"""The records of single documents as the dataset has them (库中一份文件的记录)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from schemas.records import Check, DocumentRecords, DocumentRow, EvaluationRecords
from schemas.stored import from_arrow

OF_A_CONTENT = ("evaluations", "funding", "indicators", "amounts", "sections", "problems", "checks")
"""Tables whose rows belong to the bytes of a file, whatever its addresses."""

AT_A_TIME = 100
"""Documents whose rows are turned into records together: one by one costs several times as much."""

Owned = Mapping[str, tuple[Any, ...]]
"""Records of a table by the id of what they belong to."""


def stored_records(
    read: Callable[[str], pa.Table], documents: Mapping[str, DocumentRow]
) -> Iterator[tuple[DocumentRecords, tuple[Check, ...]]]:
    """The records and checks that the tables that `read` gives hold of each of `documents`, by content."""
    tables = {table: _Grouped(read(table)) for table in OF_A_CONTENT}
    contents = iter(documents)
    while portion := list(islice(contents, AT_A_TIME)):
        forms = tables["evaluations"].of(portion)["evaluation_id"].to_pylist()
        owned = {
            table: _by_owner(table, from_arrow(table, grouped.of(portion if grouped.by == "document_id" else forms)))
            for table, grouped in tables.items()
        }
        for content in portion:
            yield _records(documents[content], owned), owned["checks"].get(content, ())


class _Grouped:
    """The rows of a table by what they belong to, found without looking through all of them."""

    def __init__(self, rows: pa.Table) -> None:
        self.by = "document_id" if "document_id" in rows.column_names else "evaluation_id"
        keys = rows[self.by].combine_chunks()
        order = pc.array_sort_indices(keys)
        self._rows = rows.combine_chunks()
        self._places: dict[str, list[int]] = {}
        for place, key in zip(order.to_pylist(), keys.take(order).to_pylist(), strict=True):
            self._places.setdefault(key, []).append(place)

    def of(self, keys: Iterable[str]) -> pa.Table:
        places = [place for key in keys for place in self._places.get(key, ())]
        return self._rows.take(pa.array(places, pa.int64()))


def _by_owner(table: str, records: list[Any]) -> Owned:
    """The records of a table in order, by evaluation; those of none by document, as are tables that know none."""
    whole = table in _BY_DOCUMENT

    def owner(row: Any) -> str:
        return str(row.document_id if whole or row.evaluation_id is None else row.evaluation_id)

    found = records if table == "checks" else sorted(records, key=lambda row: (owner(row), row.ordinal))
    owned: dict[str, list[Any]] = {}
    for row in found:
        owned.setdefault(owner(row), []).append(row)
    return {key: tuple(rows) for key, rows in owned.items()}


_BY_DOCUMENT = ("evaluations", "problems", "checks")


def _records(document: DocumentRow, owned: Mapping[str, Owned]) -> DocumentRecords:
    def of(table: str, key: str) -> tuple[Any, ...]:
        return owned[table].get(key, ())

    content = document.document_id
    evaluations = (
        EvaluationRecords(each, *(of(table, each.evaluation_id) for table in _OF_A_FORM))
        for each in of("evaluations", content)
    )
    return DocumentRecords(document, tuple(evaluations), *(of(table, content) for table in _OF_NO_FORM))


_OF_A_FORM = ("funding", "indicators", "amounts", "sections")
_OF_NO_FORM = ("amounts", "sections", "problems")
