"""What a run changes in the dataset: which rows go, which stay, which are written anew (变更计划).

Pure planning over the document rows a run touches. A unit is a part of the dataset as it is, or a batch of new
readings; the plan says for each unit which document rows and whose content it loses, and which document rows it gains.

The rules:
- a new reading of an address replaces the former one;
- except that a reading that failed on the same bytes, or on bytes it never saw, does not displace a good one;
- content that was recognised and not read again has the reading the dataset has of it;
- content stands once however many addresses carry the same bytes: one of them owns it, the others say `duplicate_of`,
  and all of them say of it what its last good reading says;
- the owner's row and the content are in one unit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class DocumentState:
    """A document row as far as planning goes; `new` if of this run, `known` if it has no reading (一行文件记录)."""

    unit: int
    uri: str
    document_id: str | None
    failed: bool
    duplicate_of: str | None = None
    new: bool = False
    known: bool = False


@dataclass(frozen=True, slots=True)
class Rewrite:
    """Write the row of `row` again with `duplicate_of`, with what `reading` says of the content, with `changes`."""

    row: DocumentState
    duplicate_of: str | None
    reading: DocumentState | None = None
    changes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Edit:
    """What one unit loses and gains (对一个单元的改动)."""

    drop_uris: set[str] = field(default_factory=set)
    drop_content: set[str] = field(default_factory=set)
    add: list[Rewrite] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Plan:
    """Edits by unit; `kept` are the addresses whose failed reading gave way to a good one (计划)."""

    edits: dict[int, Edit]
    kept: tuple[str, ...]
    duplicates: dict[str, str]


def plan_changes(rows: Iterable[DocumentState]) -> Plan:
    """The edits that bring the touched `rows` in order; old rows must include every row that a new row concerns.

    That is: rows of the same address, rows of the same content, and rows that are a duplicate of the same address.
    """
    everything = list(rows)
    old = {row.uri: row for row in everything if not row.new}
    new = {row.uri: row for row in everything if row.new}
    edits: dict[int, Edit] = defaultdict(Edit)
    kept = [uri for uri, row in new.items() if _gives_way(row, old.get(uri))]
    for uri in kept:
        edits[new.pop(uri).unit].drop_uris.add(uri)
    gone = [old.pop(uri) for uri in new if uri in old]
    for row in gone:
        edits[row.unit].drop_uris.add(row.uri)
    touched = dict.fromkeys(row.document_id for row in (*new.values(), *gone) if row.document_id is not None)
    by_content: dict[str, list[DocumentState]] = defaultdict(list)
    for row in (*gone, *old.values(), *new.values()):
        if row.document_id in touched and row.document_id is not None:
            by_content[row.document_id].append(row)
    duplicates: dict[str, str] = {}
    gone_rows = set(gone)
    for content in touched:
        group = by_content[content]
        former_owner = next((row for row in group if not row.new and row.duplicate_of is None), None)
        members = [row for row in group if row not in gone_rows]
        if not all(row.failed for row in members):
            kept += [row.uri for row in members if row.new and row.failed and not row.known]
        duplicates |= _settle(content, former_owner, group, members, edits)
    return Plan(dict(edits), tuple(kept), duplicates)


def _gives_way(row: DocumentState, before: DocumentState | None) -> bool:
    if before is None or not row.failed or before.failed or row.known:
        return False
    return row.document_id is None or row.document_id == before.document_id


def _settle(
    content: str,
    former: DocumentState | None,
    group: list[DocumentState],
    members: list[DocumentState],
    edits: dict[int, Edit],
) -> dict[str, str]:
    """Decide who owns one content, where it stands, and what every row that carries it says.

    `members` are the rows of `group` that stay.
    """
    fresh = [row for row in members if row.new and not row.failed and not row.known]
    good = [row for row in members if not row.failed]
    if former is not None and (fresh or not good):
        edits[former.unit].drop_content.add(content)
    if not members:
        return {}
    candidates = good or members
    owner = next((row for row in candidates if former is not None and row.uri == former.uri), candidates[0])
    source = _source(owner, fresh, group)
    home = source.unit if fresh else former.unit if former is not None and good else owner.unit
    for row in fresh:
        if row.unit != home:
            edits[row.unit].drop_content.add(content)
    for row in members:
        duplicate_of = None if row is owner else owner.uri
        outdated = row.failed or (bool(fresh) and not row.new)
        stale = row.known or (bool(good) and outdated)
        moves = row is owner and row.unit != home
        if stale or moves or row.duplicate_of != duplicate_of:
            edits[row.unit].drop_uris.add(row.uri)
            edits[home].add.append(Rewrite(row, duplicate_of, source if stale else None))
    return {row.uri: owner.uri for row in members if row.new and row is not owner}


def _source(owner: DocumentState, fresh: list[DocumentState], group: list[DocumentState]) -> DocumentState:
    """The row that says what the content's last good reading says, or its last failed one where none was good."""
    if fresh:
        return owner if owner in fresh else fresh[0]
    readings = sorted((row for row in group if not row.known), key=lambda row: (row.failed, row is not owner))
    return readings[0]


def add_changes(
    edits: dict[int, Edit], final: Mapping[str, DocumentState], changes: Mapping[str, Mapping[str, Any]]
) -> dict[int, Edit]:
    """The edits of a plan, with columns of single document rows changed on top of it.

    `changes` are columns by address, `final` the row that stands for the address after the plan.
    """
    rewrites = {each.row.uri: (edit, at) for edit in edits.values() for at, each in enumerate(edit.add)}
    for uri, columns in changes.items():
        if uri in rewrites:
            edit, at = rewrites[uri]
            edit.add[at] = replace(edit.add[at], changes=columns)
        else:
            row = final[uri]
            edit = edits.setdefault(row.unit, Edit())
            edit.drop_uris.add(uri)
            edit.add.append(Rewrite(row, row.duplicate_of, changes=columns))
    return edits
