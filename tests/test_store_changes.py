"""The plan of changes, against the plainest model there is: a dictionary of addresses and one of contents."""

from __future__ import annotations

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from pipeline.dataset.row_changes import DocumentState, Plan, plan_changes


@dataclass
class Unit:
    """What a unit holds: document rows (content, failed, duplicate_of) by address, and contents by their reading."""

    rows: dict[str, tuple[str | None, bool, str | None]] = field(default_factory=dict)
    contents: dict[str, int] = field(default_factory=dict)


Reading = tuple[str, str | None, bool, bool]
"""Address, content, whether it failed, whether it is left to what the dataset knows where that knows the content."""
ADDRESSES = st.sampled_from("abcde")
CONTENTS = st.sampled_from(["x", "y", "z"])
READINGS = st.one_of(
    st.tuples(ADDRESSES, CONTENTS, st.booleans(), st.booleans()),
    st.tuples(ADDRESSES, st.none(), st.just(True), st.just(False)),
)
BATCHES = st.lists(st.lists(READINGS, max_size=4, unique_by=lambda r: r[0]), min_size=1, max_size=2)
RUNS = st.lists(BATCHES, min_size=1, max_size=5)


def unique_addresses(batches: list[list[Reading]]) -> list[list[Reading]]:
    seen: set[str] = set()
    result = []
    for batch in batches:
        result.append([reading for reading in batch if reading[0] not in seen])
        seen |= {reading[0] for reading in batch}
    return result


def recognised(batches: list[list[Reading]], expected: dict[str, tuple[str | None, bool]]) -> list[list[Reading]]:
    """Readings as they are given when known content is not read: it has the status it has in the dataset."""
    status = dict(sorted(expected.values(), key=lambda row: not row[1]))
    return [
        [
            (uri, content, status[content] if skip and content in status else failed, skip and content in status)
            for uri, content, failed, skip in batch
        ]
        for batch in batches
    ]


def new_unit(batch: list[Reading], run: int) -> Unit:
    unit = Unit()
    for uri, content, failed, known in batch:
        unit.rows[uri] = ("placeholder" if known else content, failed, None)
        if not failed and not known and content is not None:
            unit.contents[content] = run
    return unit


def apply(units: list[Unit], plan: Plan) -> None:
    added: list[tuple[int, str, tuple[str | None, bool, str | None]]] = []
    for at, edit in plan.edits.items():
        for rewrite in edit.add:
            source = rewrite.reading or rewrite.row
            content, failed, _ = units[source.unit].rows[source.uri]
            added.append((at, rewrite.row.uri, (content, failed, rewrite.duplicate_of)))
    for at, edit in plan.edits.items():
        for uri in edit.drop_uris:
            del units[at].rows[uri]
        for content in edit.drop_content:
            units[at].contents.pop(content, None)
    for at, uri, row in added:
        assert uri not in units[at].rows
        units[at].rows[uri] = row


@given(RUNS)
def test_every_address_and_every_content_stands_exactly_once(runs: list[list[list[Reading]]]) -> None:
    units: list[Unit] = []
    expected: dict[str, tuple[str | None, bool]] = {}
    latest: dict[str, int] = {}
    for number, batches in enumerate(runs):
        n_old = len(units)
        batches = unique_addresses(batches)
        batches = recognised(batches, expected)
        units += [new_unit(batch, number) for batch in batches]
        contents = {uri: content for batch in batches for uri, content, _, _ in batch}
        known = {uri for batch in batches for uri, _, _, known in batch if known}
        seen = [
            DocumentState(at, uri, contents[uri] if new else content, failed, duplicate_of, new, new and uri in known)
            for at, unit in enumerate(units)
            for new in [at >= n_old]
            for uri, (content, failed, duplicate_of) in unit.rows.items()
        ]
        plan = plan_changes(seen)
        assert not known & set(plan.kept)
        apply(units, plan)
        for uri, content, failed, recognised_only in (reading for batch in batches for reading in batch):
            before = expected.get(uri)
            gives_way = failed and before is not None and not before[1] and content in (None, before[0])
            if gives_way and not recognised_only:
                continue
            expected[uri] = (content, failed)
        good = {content for content, failed in expected.values() if not failed}
        expected = {uri: (content, failed and content not in good) for uri, (content, failed) in expected.items()}
        for content in {content for batch in batches for _, content, failed, known in batch if not failed | known}:
            latest[str(content)] = number
        check(units, expected, latest)


def check(units: list[Unit], expected: dict[str, tuple[str | None, bool]], latest: dict[str, int]) -> None:
    rows = [(uri, row, at) for at, unit in enumerate(units) for uri, row in unit.rows.items()]
    assert len(rows) == len(expected)
    good = {content for content, failed in expected.values() if not failed}
    assert {uri: row[:2] for uri, row, _ in rows} == expected
    held = [(content, reading, at) for at, unit in enumerate(units) for content, reading in unit.contents.items()]
    assert sorted(content for content, _, _ in held) == sorted(c for c in good if c is not None)
    for content, reading, at in held:
        assert reading == latest[content]
        carriers = {uri: (row, where) for uri, row, where in rows if row[0] == content}
        owners = [uri for uri, (row, _) in carriers.items() if row[2] is None]
        assert len(owners) == 1
        assert carriers[owners[0]][1] == at
        assert all(row[2] in (None, owners[0]) for row, _ in carriers.values())
