"""Decisions: kept with who and when, surviving new readings of the same bytes, void where the numbers changed."""

from __future__ import annotations

import json
import os
import pwd
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from multiprocessing import get_context
from pathlib import Path

import pytest
from audit_build import ingest, named
from test_audit_findings import WRONG_PART
from test_checks_forms import national

from pipeline.audit.decisions import FILE, read_decisions, record
from pipeline.audit.filters import Filters
from pipeline.audit.findings import AuditFinding, load_findings
from schemas.errors import StoreError

SUMS = Filters(rules=("funding_sum",))


def only(output: Path) -> AuditFinding:
    (found,) = load_findings(output, SUMS)
    return found


def decide(output: Path, note: str = "附注另有说明") -> None:
    found = only(output)
    record(output, "dismissed", note, [(found.check.check_id, found.numbers)])


def test_a_decision_has_who_when_and_why(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "somebody else")
    ingest(tmp_path, named(national(WRONG_PART), "a.txt"))
    decide(tmp_path)
    decision = only(tmp_path).decision
    assert decision is not None
    assert (decision.verdict, decision.note, decision.who) == (
        "dismissed",
        "附注另有说明",
        pwd.getpwuid(os.getuid()).pw_name,
    )
    assert abs(datetime.now(UTC) - decision.at) < timedelta(minutes=1)


def test_it_survives_reading_the_same_bytes_again(tmp_path: Path) -> None:
    document = named(national(WRONG_PART), "a.txt")
    ingest(tmp_path, document)
    decide(tmp_path)
    ingest(tmp_path, document)
    assert only(tmp_path).decision is not None


def test_other_numbers_are_open_again(tmp_path: Path) -> None:
    ingest(tmp_path, named(national(WRONG_PART), "a.txt"))
    decide(tmp_path)
    ingest(tmp_path, named(national({1: {"executed": "2612000.10"}}), "a.txt"))
    assert only(tmp_path).decision is None


def test_a_decision_on_other_numbers_under_the_same_id_does_not_hold(tmp_path: Path) -> None:
    ingest(tmp_path, named(national(WRONG_PART), "a.txt"))
    record(tmp_path, "dismissed", "", [(only(tmp_path).check.check_id, "other numbers")])
    assert only(tmp_path).decision is None


def test_the_last_decision_counts_and_can_be_undone(tmp_path: Path) -> None:
    ingest(tmp_path, named(national(WRONG_PART), "a.txt"))
    decide(tmp_path)
    found = only(tmp_path)
    key = [(found.check.check_id, found.numbers)]
    record(tmp_path, "accepted", "", key)
    accepted = only(tmp_path).decision
    assert accepted is not None and accepted.verdict == "accepted"
    record(tmp_path, "reopened", "", key)
    assert only(tmp_path).decision is None
    assert len((tmp_path / FILE).read_text(encoding="utf-8").splitlines()) == 3


def test_a_line_cut_off_by_a_crash_is_no_decision_and_does_no_harm(tmp_path: Path) -> None:
    record(tmp_path, "accepted", "一", [("a", "1")])
    with open(tmp_path / FILE, "ab") as stream:
        stream.write(b'{"check_id": "b", "verdict": "acc')
    assert set(read_decisions(tmp_path)) == {"a"}
    record(tmp_path, "accepted", "二", [("c", "1")])
    assert set(read_decisions(tmp_path)) == {"a", "c"}


@pytest.mark.parametrize(
    "line",
    [
        "nonsense",
        "[]",
        '{"check_id": "a"}',
        json.dumps(
            dict.fromkeys(["check_id", "note", "who", "numbers", "verdict"], "x") | {"at": "2026-01-01T00:00:00+00:00"}
        ),
    ],
)
def test_a_line_nobody_could_have_written_is_named(tmp_path: Path, line: str) -> None:
    record(tmp_path, "accepted", "", [("a", "1")])
    with open(tmp_path / FILE, "a", encoding="utf-8") as stream:
        stream.write(line + "\n")
    with pytest.raises(StoreError, match="第 2 行"):
        read_decisions(tmp_path)


def _append(job: tuple[Path, int]) -> None:
    output, number = job
    for turn in range(5):
        record(output, "accepted", "说明" * 200, [(f"{number}-{turn}", "1")])


def test_decisions_made_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    with ProcessPoolExecutor(4, mp_context=get_context("fork")) as pool:
        list(pool.map(_append, [(tmp_path, number) for number in range(4)]))
    assert len(read_decisions(tmp_path)) == 20
