"""A file is read once per content and extractor version; what changed, moved or went away is noticed."""

from __future__ import annotations

import json
import os
import shutil
import time
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from dataset_build import reading
from test_ingest import FORM, OTHER_FORM
from test_store import ingest as commit

from pipeline.cli import main
from pipeline.dataset.store import open_dataset, snapshots
from pipeline.reading import known_files
from pipeline.reading.one_file import FileResult, KnownContents, read_file
from pipeline.reading.workers import Job, Limits, Workers
from schemas.errors import StoreError
from schemas.tables import TABLES

LONG_AGO = time.time() - 1000
BROKEN = b"%PDF-1.7\nbroken"


@pytest.fixture(autouse=True)
def no_prefect(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))


class InThisProcess:
    """Reads where it is called and remembers what was parsed: what is asked here is what is read, not how."""

    def __init__(self) -> None:
        self.parsed: list[str] = []
        self.opened: list[str] = []

    def read(
        self,
        paths: tuple[str, ...],
        rules: object = None,
        known: dict[str, KnownContents] | None = None,
        pages: Path | None = None,
    ) -> list[FileResult]:
        results = [read_file(path, None, (known or {}).get(path, {})) for path in paths]
        self.opened += [Path(path).name for path in paths]
        self.parsed += [result.document.file_name for result in results if result.known is None]
        return results

    def each(self, jobs: Iterable[Job[Any]]) -> list[tuple[str, Any]]:
        return [(path, call()) for path, call in jobs]


Run = Callable[..., dict[str, Any]]


@pytest.fixture
def workers(monkeypatch: pytest.MonkeyPatch) -> InThisProcess:
    here = InThisProcess()
    monkeypatch.setattr("pipeline.reading.ingest.workers_for", lambda count, limits: here)
    return here


@pytest.fixture
def run(tmp_path: Path, workers: InThisProcess, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run ingest on the reports and give its summary, with what was parsed and opened."""

    def ingest(*extra: str, code: int = 0, paths: list[str] | None = None) -> dict[str, Any]:
        workers.parsed.clear()
        workers.opened.clear()
        given = paths or [str(tmp_path / "reports")]
        assert main(["ingest", *given, "--output", str(tmp_path / "out"), "--json", *extra]) == code
        summary: dict[str, Any] = json.loads(capsys.readouterr().out)
        return summary | {"parsed": sorted(workers.parsed), "opened": sorted(workers.opened)}

    return ingest


def put(path: Path, text: str | bytes, modified: float = LONG_AGO) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    os.utime(path, (modified, modified))
    return path


def documents(tmp_path: Path) -> dict[str, dict[str, Any]]:
    return {row["file_name"]: row for row in open_dataset(tmp_path / "out").read("documents").to_pylist()}


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    put(tmp_path / "reports" / "a.txt", FORM)
    put(tmp_path / "reports" / "b.txt", OTHER_FORM)
    return tmp_path / "reports"


def test_known_files_are_not_opened_and_leave_no_new_snapshot(reports: Path, run: Run) -> None:
    first = run()
    assert first["parsed"] == ["a.txt", "b.txt"]
    again = run()
    assert again["opened"] == []
    assert again["by_status"] == {"unchanged": 2}
    assert (again["files"], again["snapshot"]) == (2, first["snapshot"])
    assert run("--force")["parsed"] == ["a.txt", "b.txt"]


def test_new_and_changed_files_are_read_and_the_former_rows_stay_in_their_snapshot(
    reports: Path, run: Run, tmp_path: Path
) -> None:
    before = run()["snapshot"]
    put(reports / "b.txt", OTHER_FORM.replace("90.00", "80.00"), LONG_AGO + 1)
    put(reports / "c.txt", FORM.replace("道路", "桥梁"))
    done = run()
    assert done["parsed"] == ["b.txt", "c.txt"]
    assert done["by_status"] == {"ok": 2, "unchanged": 1}
    assert done["dataset_rows"]["evaluations"] == 3
    then, now = snapshots(tmp_path / "out")
    assert (then.number, now.number) == (before, done["snapshot"])
    assert len(open_dataset(tmp_path / "out", as_of=then.created_at).read("evaluations")) == 2
    assert len(open_dataset(tmp_path / "out", as_of=date.today()).read("evaluations")) == 3
    with pytest.raises(StoreError, match="或更早的版本"):
        open_dataset(tmp_path / "out", as_of=date(2020, 1, 1))


def test_size_and_time_are_not_trusted_over_content(reports: Path, run: Run, tmp_path: Path) -> None:
    run()
    put(reports / "a.txt", FORM, LONG_AGO + 5)
    touched = run()
    assert (touched["opened"], touched["parsed"]) == (["a.txt"], [])
    assert touched["by_status"] == {"unchanged": 2}
    assert documents(tmp_path)["a.txt"]["evaluation_count"] == 1
    assert run()["opened"] == []
    put(reports / "a.txt", FORM.replace("52公里", "53公里"), LONG_AGO + 6)
    assert run()["parsed"] == ["a.txt"]


def test_a_file_written_as_it_was_read_is_looked_into_once_more(reports: Path, run: Run) -> None:
    put(reports / "a.txt", FORM, time.time())
    run()
    put(reports / "a.txt", FORM.replace("52公里", "53公里"), os.stat(reports / "a.txt").st_mtime)
    assert run()["parsed"] == ["a.txt"]


def test_the_same_bytes_at_another_address_are_not_read_again(reports: Path, run: Run, tmp_path: Path) -> None:
    run()
    shutil.copy2(reports / "a.txt", reports / "copy.txt")
    (reports / "b.txt").rename(reports / "moved.txt")
    done = run()
    assert (done["opened"], done["parsed"]) == (["copy.txt", "moved.txt"], [])
    assert done["missing"] == [(reports / "b.txt").as_posix()]
    assert done["dataset_rows"]["evaluations"] == 2
    rows = documents(tmp_path)
    assert rows["copy.txt"]["duplicate_of"] == (reports / "a.txt").as_posix()
    assert (rows["copy.txt"]["format"], rows["copy.txt"]["evaluation_count"]) == ("txt", 1)
    assert rows["b.txt"]["missing_since"] is not None
    assert run()["opened"] == []


def test_a_deleted_source_keeps_its_rows_and_says_so_until_it_is_back(reports: Path, run: Run, tmp_path: Path) -> None:
    run()
    (reports / "b.txt").unlink()
    done = run()
    assert done["missing"] == [(reports / "b.txt").as_posix()]
    assert done["dataset_rows"]["evaluations"] == 2
    assert documents(tmp_path)["b.txt"]["missing_since"] is not None
    assert run()["missing"] == []
    put(reports / "b.txt", OTHER_FORM)
    assert run()["opened"] == []
    assert documents(tmp_path)["b.txt"]["missing_since"] is None
    put(reports / "deep" / "c.dat", FORM.replace("道路", "桥梁"))
    run(paths=[str(reports / "deep" / "c.dat")])
    assert run()["missing"] == []


def test_a_failed_file_is_read_again_only_when_something_changed(
    reports: Path, run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(reports / "x.pdf", BROKEN)
    assert run(code=3)["parsed"] == ["a.txt", "b.txt", "x.pdf"]
    since = documents(tmp_path)["x.pdf"]["failed_since"]
    again = run(code=3)
    assert (again["opened"], again["by_status"]) == ([], {"unchanged": 2, "quarantined": 1})
    put(reports / "x.pdf", BROKEN, LONG_AGO + 9)
    assert (again := run(code=3))["parsed"] == []
    assert (again["opened"], again["by_status"]["quarantined"]) == (["x.pdf"], 1)
    assert documents(tmp_path)["x.pdf"]["error_code"] is not None
    monkeypatch.setattr(known_files, "EXTRACTOR_VERSION", "99")
    assert run(code=3)["parsed"] == ["a.txt", "b.txt", "x.pdf"]
    assert documents(tmp_path)["x.pdf"]["failed_since"] == since
    monkeypatch.undo()


def test_a_file_that_was_only_unavailable_is_tried_by_every_run(reports: Path, run: Run, tmp_path: Path) -> None:
    run()
    (reports / "b.txt").unlink()
    gone = [str(reports / "a.txt"), str(reports / "b.txt")]
    for _ in range(2):
        done = run(paths=gone, code=3)
        assert (done["opened"], done["failed"][0]["code"]) == (["b.txt"], "unavailable")
        assert documents(tmp_path)["b.txt"]["status"] == "ok"
    put(reports / "b.txt", OTHER_FORM)
    assert run()["opened"] == []


def other_rules(tmp_path: Path) -> str:
    own = known_files.OWN_RULES.read_text(encoding="utf-8")
    return str(put(tmp_path / "mine.toml", own.replace("[severity]", '[severity]\nexecution_rate = "info"')))


def rows_of_all_tables(output: Path) -> dict[str, list[dict[str, Any]]]:
    """Everything the dataset says but when and where it was read."""
    apart = {"ingested_at", "first_seen_at"}
    return {
        table: sorted(
            ({key: value for key, value in row.items() if key not in apart} for row in rows.to_pylist()), key=repr
        )
        for table in TABLES
        if (rows := open_dataset(output).read(table)) is not None
    }


def test_other_rules_check_again_what_is_known_and_open_no_file(
    reports: Path, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(reports / "a.txt", FORM.replace("90.00\t10\t90.00%", "90.00\t10\t79.00%"))
    put(reports / "same.txt", OTHER_FORM)
    put(reports / "x.pdf", BROKEN)
    run(code=3)
    (reports / "b.txt").unlink()
    rules = other_rules(tmp_path)
    done = run("--rules", rules, code=3)
    assert (done["opened"], done["checked_again"], done["errors"]) == ([], 2, 0)
    assert (done["by_status"], done["missing"]) == (
        {"unchanged": 2, "quarantined": 1},
        [(reports / "b.txt").as_posix()],
    )
    rows = documents(tmp_path)
    assert {row["rules_version"] for name, row in rows.items() if name != "x.pdf"} == {
        known_files.rules_version(Path(rules))
    }
    assert rows["b.txt"]["missing_since"] is not None and rows["same.txt"]["duplicate_of"] is not None
    again = run("--rules", rules, code=3)
    assert (again["opened"], again["checked_again"], again["snapshot"]) == ([], 0, done["snapshot"])
    assert main(["ingest", str(reports), "--output", str(tmp_path / "out")]) == 3
    assert "规则有变：2 份已按库中记录重新核对，未重读文件" in capsys.readouterr().err


def test_what_is_checked_again_is_what_reading_again_would_have_given(
    reports: Path, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(reports / "a.txt", FORM.replace("90.00\t10\t90.00%", "90.00\t10\t79.00%"))
    run("--rules", other_rules(tmp_path))
    assert run()["checked_again"] == 2
    assert main(["ingest", str(reports), "--output", str(tmp_path / "new"), "--json"]) == 0
    assert rows_of_all_tables(tmp_path / "out") == rows_of_all_tables(tmp_path / "new")


def test_findings_of_known_files_still_decide_the_exit_code(reports: Path, run: Run) -> None:
    put(reports / "a.txt", FORM.replace("90.00\t10\t90.00%", "90.00\t10\t79.00%"))
    assert run("--fail-on", "error", code=1)["errors"] >= 1
    again = run("--fail-on", "error", code=1)
    assert (again["opened"], again["errors"]) == ([], 0)
    assert again["known_errors"] >= 1


def test_a_kept_reading_says_that_the_last_one_failed_and_since_when(tmp_path: Path) -> None:
    commit(tmp_path / "out", [reading("/a", "x", version="1")])
    commit(tmp_path / "out", [reading("/a", "x", failed=True, version="2")])
    (first,) = open_dataset(tmp_path / "out").read("documents").to_pylist()
    assert (first["status"], first["extractor_version"]) == ("ok", "1")
    assert (first["failed_version"], first["failed_code"]) == ("2", "damaged")
    commit(tmp_path / "out", [reading("/a", "x", failed=True, version="3")])
    (second,) = open_dataset(tmp_path / "out").read("documents").to_pylist()
    assert (second["failed_version"], second["failed_since"]) == ("3", first["failed_since"])
    commit(tmp_path / "out", [reading("/a", "x", version="4")])
    (last,) = open_dataset(tmp_path / "out").read("documents").to_pylist()
    assert (last["failed_since"], last["failed_code"], last["extractor_version"]) == (None, None, "4")


def test_real_workers_recognise_known_content(reports: Path) -> None:
    pool = Workers(1, Limits())
    path = str(reports / "a.txt")
    try:
        (read,) = pool.read([path])
        known = known_files.Known("ok", quarantined=False)
        (recognised,) = pool.read([path], known={path: {read.document.document_id: known}})
    finally:
        pool.stop()
    assert read.known is None and read.records.evaluations
    assert recognised.known == known and not recognised.records.evaluations
    assert recognised.document.modified_at == datetime.fromtimestamp(LONG_AGO, UTC).replace(
        microsecond=recognised.document.modified_at.microsecond
    )
    assert datetime.now(UTC) - recognised.document.modified_at > timedelta(seconds=900)
