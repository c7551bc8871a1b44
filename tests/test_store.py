"""The dataset on disk: whole, current, each row once, whatever was read again and whatever died on the way."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
from dataset_build import reading, stage

from pipeline.dataset import part_files
from pipeline.dataset.output_folder import Committed, Store
from pipeline.dataset.retention import snapshots_to_keep
from pipeline.dataset.row_changes import DocumentState, Plan, plan_changes
from pipeline.dataset.store import open_dataset
from pipeline.reading.one_file import FileResult
from schemas.errors import StoreError
from schemas.records import EvaluationRecords
from schemas.tables import TABLES, arrow_schema


def silent(holder: str) -> None:
    raise AssertionError(f"nobody else should hold the output: {holder}")


def ingest(output: Path, *batches: list[FileResult]) -> Committed:
    store = Store(output)
    with store.session(silent):
        staged = [stage(store.staging, f"batch-{number}", batch) for number, batch in enumerate(batches)]
        return store.commit(staged)


def rows(output: Path, table: str) -> list[dict[str, object]]:
    return open_dataset(output).read(table).to_pylist()


def uris(output: Path) -> list[str]:
    return sorted(str(row["source_uri"]) for row in rows(output, "documents"))


def test_any_reader_sees_exactly_the_current_rows(tmp_path: Path) -> None:
    ingest(tmp_path, [reading("/a", "x"), reading("/b", "y")])
    ingest(tmp_path, [reading("/b", "z", rows=5)])
    for table in TABLES:
        folder = tmp_path / "dataset" / table
        seen = {
            len(pd.read_parquet(folder)),
            len(duckdb.sql(f"select * from read_parquet('{folder}/*.parquet')").fetchall()),
            pl.read_parquet(f"{folder}/*.parquet").height,
            open_dataset(tmp_path).read(table).num_rows,
        }
        assert seen == {{"documents": 2, "evaluations": 2, "problems": 2}.get(table, 8)}
    frame = pd.read_parquet(tmp_path / "dataset" / "evaluations")
    assert sorted(frame["document_id"]) == ["x", "z"]


def test_an_empty_dataset_has_every_column(tmp_path: Path) -> None:
    ingest(tmp_path, [reading("/a", "x", failed=True)])
    for table in TABLES:
        assert pq.read_schema(next((tmp_path / "dataset" / table).iterdir())).equals(arrow_schema(table))
    assert pl.read_parquet(f"{tmp_path}/dataset/indicators/*.parquet").height == 0
    assert list(pd.read_parquet(tmp_path / "dataset" / "funding").columns) == arrow_schema("funding").names


def test_columns_carry_their_meaning_and_exact_type(tmp_path: Path) -> None:
    ingest(tmp_path, [reading("/a", "x")])
    stored = pq.read_schema(next((tmp_path / "dataset" / "funding").iterdir()))
    field = stored.field("executed_wanyuan")
    assert str(field.type) == "decimal128(20, 6)"
    assert field.metadata[b"zh"].decode() == "全年执行数"
    assert field.metadata[b"unit"].decode() == "万元"


def test_reading_again_replaces_the_rows_of_a_file(tmp_path: Path) -> None:
    ingest(tmp_path, [reading("/a", "x", version="1")])
    ingest(tmp_path, [reading("/a", "x", version="2")])
    assert [row["title"] for row in rows(tmp_path, "evaluations")] == ["2"]
    assert len(rows(tmp_path, "indicators")) == 3


def test_the_same_bytes_under_two_names_count_once(tmp_path: Path) -> None:
    done = ingest(tmp_path, [reading("/a", "x")], [reading("/b", "x")], [reading("/c", "x")])
    assert done.duplicates == {"/b": "/a", "/c": "/a"}
    assert {row["source_uri"]: row["duplicate_of"] for row in rows(tmp_path, "documents")} == {
        "/a": None,
        "/b": "/a",
        "/c": "/a",
    }
    assert len(rows(tmp_path, "evaluations")) == 1
    ingest(tmp_path, [reading("/a", "y")])
    assert {row["source_uri"]: row["duplicate_of"] for row in rows(tmp_path, "documents")} == {
        "/a": None,
        "/b": None,
        "/c": "/b",
    }
    assert sorted(str(row["document_id"]) for row in rows(tmp_path, "evaluations")) == ["x", "y"]


def test_a_new_reading_of_shared_bytes_speaks_for_all_their_names(tmp_path: Path) -> None:
    ingest(tmp_path, [reading("/a", "x", version="1"), reading("/b", "x", version="1")])
    ingest(tmp_path, [reading("/b", "x", version="2")])
    assert {row["source_uri"]: row["extractor_version"] for row in rows(tmp_path, "documents")} == {
        "/a": "2",
        "/b": "2",
    }
    assert {row["file_name"] for row in rows(tmp_path, "documents")} == {"a", "b"}
    assert [row["title"] for row in rows(tmp_path, "evaluations")] == ["2"]


def test_a_failed_reading_does_not_displace_a_good_one_of_the_same_bytes(tmp_path: Path) -> None:
    ingest(tmp_path, [reading("/a", "x"), reading("/b", "y")])
    done = ingest(tmp_path, [reading("/a", "", failed=True), reading("/b", "other", failed=True)])
    assert done.kept == ("/a",)
    assert {row["source_uri"]: row["status"] for row in rows(tmp_path, "documents")} == {"/a": "ok", "/b": "failed"}
    assert [row["document_id"] for row in rows(tmp_path, "evaluations")] == ["x"]


def test_a_file_nobody_could_read_has_no_content_hash(tmp_path: Path) -> None:
    ingest(tmp_path, [reading("/a", "", failed=True)])
    assert [row["document_id"] for row in rows(tmp_path, "documents")] == [None]


def test_only_rows_that_others_concern_are_planned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    planned: list[str] = []

    def watched(rows: Iterable[DocumentState]) -> Plan:
        seen = list(rows)
        planned.extend(row.uri for row in seen)
        return plan_changes(seen)

    monkeypatch.setattr("pipeline.dataset.planning.plan_changes", watched)
    ingest(tmp_path, [reading("/a", "x"), reading("/b", "y")], [reading("/c", "x"), reading("/d", "", failed=True)])
    assert planned == ["/a", "/c"]
    planned.clear()
    ingest(tmp_path, [reading("/b", "z"), reading("/e", "other"), reading("/f", "x")])
    assert sorted(planned) == ["/a", "/b", "/b", "/c", "/f"]


def test_unchanged_parts_are_hard_links(tmp_path: Path) -> None:
    first = ingest(tmp_path, [reading("/a", "x")]).snapshot
    second = ingest(tmp_path, [reading("/b", "y")]).snapshot
    shared = first.segments[0].name
    assert shared in {segment.name for segment in second.segments}
    before, after = (part_files.part_path(s.path, "indicators", shared) for s in (first, second))
    assert os.path.samefile(before, after)


def test_files_stay_few_over_many_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_files, "SMALLEST_TIER_ROWS", 30)
    monkeypatch.setattr(part_files, "FULL_ROWS", 200)
    for number in range(24):
        ingest(tmp_path, [reading(f"/{number}", f"content {number}")])
    parts = list((tmp_path / "dataset" / "indicators").iterdir())
    assert len(parts) <= 7
    assert len(rows(tmp_path, "indicators")) == 24 * 3
    assert len(uris(tmp_path)) == 24


def of_rows(name: str, rows: int) -> part_files.Unit:
    return part_files.Unit(part_files.Segment(Path("snapshot"), name, {"documents": rows}), None)


def test_full_segments_that_lost_some_rows_are_left_alone() -> None:
    units = [of_rows(str(number), part_files.FULL_ROWS - 40) for number in range(5)]
    assert part_files.plan_merges(units) == [[unit] for unit in units]


def test_no_merge_makes_much_more_than_a_full_segment() -> None:
    units = [of_rows(str(number), part_files.FULL_ROWS // 10 * 7) for number in range(9)]
    sizes = [sum(unit.segment.total for unit in group) for group in part_files.plan_merges(units)]
    assert sum(sizes) == part_files.FULL_ROWS // 10 * 63
    assert max(sizes) < part_files.FULL_ROWS * 1.5
    assert len(sizes) < 9


def test_parts_written_by_an_older_schema_are_upgraded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ingest(tmp_path, [reading("/a", "x")])
    manifest = tmp_path / "dataset" / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"schema": "', '"schema": "older '))
    part = next((tmp_path / "dataset" / "documents").iterdir())
    pq.write_table(pq.read_table(part).drop_columns(["duplicate_of"]), part)
    ingest(tmp_path, [reading("/b", "y")])
    for part in (tmp_path / "dataset" / "documents").iterdir():
        assert pq.read_schema(part).equals(arrow_schema("documents"))
    assert uris(tmp_path) == ["/a", "/b"]


def test_a_run_that_dies_leaves_the_dataset_as_it_was_and_the_next_one_cleans_up(tmp_path: Path) -> None:
    ingest(tmp_path, [reading("/a", "x")])
    before = os.readlink(tmp_path / "dataset")
    store = Store(tmp_path)
    with pytest.raises(KeyboardInterrupt), store.session(silent):
        stage(store.staging, "batch-0", [reading("/b", "y")])
        raise KeyboardInterrupt
    (tmp_path / "snapshots" / "000002").mkdir()
    (tmp_path / "snapshots" / ".new-1234").mkdir()
    assert os.readlink(tmp_path / "dataset") == before
    assert uris(tmp_path) == ["/a"]
    ingest(tmp_path, [reading("/c", "z")])
    assert sorted(path.name for path in (tmp_path / "snapshots").iterdir()) == ["000001", "000002"]
    assert not store.staging.exists()
    assert uris(tmp_path) == ["/a", "/c"]


def test_a_relative_output_is_the_same_dataset(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for uri, content in (("/a", "x"), ("/b", "y"), ("/c", "z")):
        ingest(Path("out"), [reading(uri, content)])
    assert uris(Path("out")) == ["/a", "/b", "/c"]
    assert len(list(Path("out/snapshots").iterdir())) == 3


def test_a_lost_pointer_is_set_to_the_last_snapshot(tmp_path: Path) -> None:
    ingest(tmp_path, [reading("/a", "x")])
    (tmp_path / "dataset").unlink()
    ingest(tmp_path, [reading("/b", "y")])
    assert uris(tmp_path) == ["/a", "/b"]


def test_a_reader_holding_a_snapshot_is_not_disturbed(tmp_path: Path) -> None:
    ingest(tmp_path, [reading("/a", "x")])
    held = open_dataset(tmp_path)
    ingest(tmp_path, [reading("/a", "y"), reading("/b", "z")])
    assert held.read("documents").num_rows == 1
    assert held.read("evaluations")["document_id"].to_pylist() == ["x"]


def test_there_is_no_dataset_before_the_first_run(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="ziping ingest"):
        open_dataset(tmp_path)


def test_an_output_that_is_a_file_is_said(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(StoreError, match="不是文件夹"), Store(tmp_path / "out").session(silent):
        pass


def test_a_folder_in_place_of_the_pointer_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "dataset").mkdir()
    with pytest.raises(StoreError, match="请移开它"), Store(tmp_path).session(silent):
        pass


def test_the_second_of_two_runs_waits_and_says_for_whom(tmp_path: Path) -> None:
    waited: list[str] = []

    def second() -> None:
        store = Store(tmp_path)
        with store.session(waited.append):
            store.commit([stage(store.staging, "batch-0", [reading("/b", "y")])])

    first = Store(tmp_path)
    with first.session(silent):
        staged = [stage(first.staging, "batch-0", [reading("/a", "x")])]
        thread = threading.Thread(target=second)
        thread.start()
        while not waited:
            pass
        first.commit(staged)
    thread.join()
    assert str(os.getpid()) in waited[0]
    assert uris(tmp_path) == ["/a", "/b"]


def _commit_forever(output: Path) -> None:
    number = 0
    while True:
        number += 1
        ingest(output, [reading(f"/{i}", f"{number}-{i}", rows=50) for i in range(3)])


def test_killed_in_the_middle_of_commits_the_dataset_is_whole(tmp_path: Path) -> None:
    ingest(tmp_path, [reading(f"/{i}", f"0-{i}", rows=50) for i in range(3)])
    context = multiprocessing.get_context("forkserver")
    for delay in (0.15, 0.27, 0.36):
        process = context.Process(target=_commit_forever, args=(tmp_path,))
        process.start()
        process.join(0.5 + delay)
        process.kill()
        process.join()
        dataset = open_dataset(tmp_path)
        contents = set(dataset.read("documents")["document_id"].to_pylist())
        assert len(contents) == 3
        assert len({content.split("-")[0] for content in contents}) == 1
        assert set(dataset.read("evaluations")["document_id"].to_pylist()) == contents
        for table in ("funding", "indicators", "amounts", "sections", "checks"):
            assert dataset.read(table).num_rows == 150


def test_the_last_snapshot_of_every_day_is_kept() -> None:
    now = datetime(2026, 6, 30, 12, tzinfo=UTC)
    every_six_hours = {Path(f"{n:06d}"): now - timedelta(hours=6 * (4000 - n)) for n in range(1, 4001)}
    kept = snapshots_to_keep(every_six_hours, now)
    assert {path for path, made in every_six_hours.items() if now - made <= timedelta(days=1)} <= kept
    days = {every_six_hours[path].astimezone().date() for path in kept}
    assert all((now - timedelta(days=d)).astimezone().date() in days for d in range(390))
    assert 400 < len(kept) < 460


def test_a_year_or_a_unit_is_found_without_reading_the_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part_files, "ROW_GROUP_ROWS", 50)
    years = [
        replace(each, records=replace(each.records, evaluations=(_in_year(each.records.evaluations[0], 2015 + n % 8),)))
        for n, each in enumerate(reading(f"/{number}", f"c{number}", rows=20) for number in range(80))
    ]
    ingest(tmp_path, years)
    for table in ("funding", "indicators", "evaluations"):
        (part,) = (tmp_path / "dataset" / table).iterdir()
        found = pq.ParquetFile(part)
        at = [column.path for column in map(found.schema.column, range(len(found.schema)))].index("fiscal_year")
        groups = [found.metadata.row_group(n).column(at).statistics for n in range(found.metadata.num_row_groups)]
        wanted = [group for group in groups if group.min <= 2019 <= group.max]
        assert len(wanted) <= len(groups) / 8 + 2, table
    year = pl.scan_parquet(f"{tmp_path}/dataset/indicators/*.parquet").filter(pl.col("fiscal_year") == 2019).collect()
    assert (year.height, set(year["unit_name"])) == (200, {f"单位c{number}" for number in range(4, 80, 8)})


def _in_year(part: EvaluationRecords, year: int) -> EvaluationRecords:
    return replace(part, evaluation=replace(part.evaluation, fiscal_year=year))
