"""Which filings count, written into the evaluations of a snapshot that is being made (现行与重复)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import date

import pyarrow as pa

from pipeline.dataset.keys.filings import CURRENT, Filing, Standing, standings
from pipeline.dataset.part_files import Segment, read_part, write_table
from schemas.tables import arrow_schema

TABLE = "evaluations"
_STANDING = tuple(each.name for each in fields(Standing))
_COMPARED = tuple(each.name for each in fields(Filing) if each.name != "first_seen_on")


def settle_filings(segments: Sequence[Segment]) -> list[Segment]:
    """Write anew the evaluations of the segments in which a filing became current, a duplicate or superseded.

    What comes back are the segments, those written anew without the digest of the former file. The files are those of a
    snapshot that nobody sees yet; one that is shared with an older snapshot is replaced, not changed.
    """
    stored = {segment.name: read_part(segment, TABLE, [*_COMPARED, *_STANDING]) for segment in segments}
    found = standings(_filings(stored, _first_seen(segments)))
    settled = []
    for segment in segments:
        if _differs(stored[segment.name], found):
            target = segment.path(TABLE)
            rows = _with_standings(read_part(segment, TABLE), found)
            target.unlink()
            write_table(target, TABLE, rows)
            digests = {table: digest for table, digest in segment.digests.items() if table != TABLE}
            segment = replace(segment, digests=digests)
        settled.append(segment)
    return settled


def _first_seen(segments: Sequence[Segment]) -> dict[str, date]:
    """The day each content was first seen at any address."""
    rows = [read_part(segment, "documents", ["document_id", "first_seen_at"]) for segment in segments]
    if not rows:
        return {}
    first = pa.concat_tables(rows).group_by("document_id").aggregate([("first_seen_at", "min")])
    moments = zip(first["document_id"].to_pylist(), first["first_seen_at_min"].to_pylist(), strict=True)
    return {content: moment.date() for content, moment in moments if moment is not None}


def _filings(stored: Mapping[str, pa.Table], first_seen: Mapping[str, date]) -> list[Filing]:
    return [
        Filing(**row, first_seen_on=first_seen.get(row["document_id"]))
        for rows in stored.values()
        for row in rows.select(_COMPARED).to_pylist()
    ]


def _differs(rows: pa.Table, found: Mapping[str, Standing]) -> bool:
    wanted = _columns(rows, found)
    return any(not rows[name].combine_chunks().equals(column) for name, column in wanted.items())


def _columns(rows: pa.Table, found: Mapping[str, Standing]) -> dict[str, pa.Array]:
    standing = [found.get(key, CURRENT) for key in rows["evaluation_id"].to_pylist()]
    schema = arrow_schema(TABLE)
    return {name: pa.array([getattr(each, name) for each in standing], schema.field(name).type) for name in _STANDING}


def _with_standings(rows: pa.Table, found: Mapping[str, Standing]) -> pa.Table:
    for name, column in _columns(rows, found).items():
        rows = rows.set_column(rows.schema.get_field_index(name), rows.schema.field(name), column)
    return rows
