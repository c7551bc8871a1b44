"""Keeping a dataset over the years: what waits, what an upgrade changes, which states are kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from dataset_build import reading
from test_incremental import BROKEN, InThisProcess, documents, no_prefect, put, workers
from test_ingest import FORM, OTHER_FORM
from test_store import ingest as commit

from pipeline.cli import main
from pipeline.dataset.store import open_dataset
from pipeline.reading import one_file, reprocess
from pipeline.reading.quarantine import quarantined
from schemas.errors import StoreError

__all__ = ["no_prefect", "workers"]

pytestmark = pytest.mark.usefixtures("no_prefect", "workers")


def ziping(*arguments: str | Path) -> int:
    return main([str(argument) for argument in arguments])


def told(capsys: pytest.CaptureFixture[str]) -> Any:
    return json.loads(capsys.readouterr().out)


def test_what_waits_is_listed_and_read_again_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], workers: InThisProcess
) -> None:
    out = tmp_path / "out"
    put(tmp_path / "reports" / "a.txt", FORM)
    broken = put(tmp_path / "reports" / "x.pdf", BROKEN)
    assert ziping("ingest", tmp_path / "reports", "--output", out) == 3
    capsys.readouterr()
    assert ziping("quarantine", "--output", out, "--json") == 0
    (listed,) = told(capsys)
    assert listed["source_uri"] == broken.as_posix()
    assert (listed["code"], listed["retried_every_run"]) == (documents(tmp_path)["x.pdf"]["error_code"], False)
    assert ziping("quarantine", "--output", out) == 0
    assert "x.pdf" in capsys.readouterr().out
    workers.parsed.clear()
    assert ziping("quarantine", "--output", out, "--retry") == 3
    assert workers.parsed == ["x.pdf"]
    capsys.readouterr()
    broken.write_text(FORM.replace("道路", "桥梁"), encoding="utf-8")
    assert ziping("quarantine", "--output", out, "--retry") == 0
    assert "没有未能读取的文件" in capsys.readouterr().out
    broken.write_bytes(BROKEN)
    assert ziping("ingest", tmp_path / "reports", "--output", out) == 3
    broken.unlink()
    assert ziping("ingest", tmp_path / "reports", "--output", out) == 0
    assert quarantined(out) == []


def test_a_kept_reading_waits_too(tmp_path: Path) -> None:
    commit(tmp_path, [reading("/a", "x", version="1"), reading("/b", "y", version="1")])
    commit(tmp_path, [reading("/a", "x", failed=True, version="2")])
    (waiting,) = quarantined(tmp_path)
    assert (waiting.source_uri, waiting.code, waiting.version, waiting.kept) == ("/a", "damaged", "2", True)


def test_after_an_upgrade_what_the_old_version_read_is_read_again_and_the_difference_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], workers: InThisProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    put(tmp_path / "reports" / "a.txt", FORM)
    put(tmp_path / "reports" / "b.txt", OTHER_FORM)
    put(tmp_path / "reports" / "copy.txt", OTHER_FORM)
    with monkeypatch.context() as older:
        understand = one_file._understand

        def poorer(path: str, *rest: Any) -> one_file.FileResult:
            """An older version: it saw one indicator less of one file."""
            result = understand(path, *rest)
            (part,) = result.records.evaluations
            rows = part.indicators[:-1] if path.endswith("a.txt") else part.indicators
            parts = (one_file.replace(part, indicators=rows),)
            row = one_file.replace(result.document, extractor_version="0.0.9+old")
            return one_file.replace(result, records=one_file.replace(result.records, document=row, evaluations=parts))

        older.setattr(one_file, "_understand", poorer)
        assert ziping("ingest", tmp_path / "reports", "--output", out) == 0
    put(tmp_path / "reports" / "c.txt", FORM.replace("道路", "桥梁"))
    assert ziping("ingest", tmp_path / "reports" / "c.txt", "--output", out) == 0
    capsys.readouterr()
    workers.parsed.clear()
    assert ziping("reprocess", "--older-than", "0.1.0", "--output", out, "--json") == 0
    done = told(capsys)
    assert workers.parsed == ["a.txt", "b.txt"]
    changes = {table: each for table, each in done["tables"].items() if any(each.values())}
    assert changes == {"indicators": {"added": 1, "removed": 0, "changed": 0}}
    (evaluation,) = done["evaluations"]
    assert evaluation["source_uri"] == (tmp_path / "reports" / "a.txt").as_posix()
    assert {row["extractor_version"] for row in documents(tmp_path).values()} == {one_file.EXTRACTOR_VERSION}
    assert ziping("reprocess", "--older-than", "0.1.0", "--output", out) == 0
    assert "没有变化" in capsys.readouterr().out


def test_a_source_that_is_gone_keeps_what_the_old_version_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    commit(tmp_path, [reading("/nowhere/a.txt", "x", version="0.0.1")])
    assert ziping("reprocess", "--older-than", "9", "--output", tmp_path, "--json") == 0
    assert told(capsys)["source_gone"] == ["/nowhere/a.txt"]
    assert open_dataset(tmp_path).read("evaluations").num_rows == 1


@pytest.mark.parametrize(
    ("version", "bound", "older"),
    [
        ("0.1.0+a", "0.2.0", True),
        ("0.10.0+a", "0.9.0", False),
        ("0.1.0+a", "0.1.0", False),
        ("0.1.0+a", "0.1.0+b", True),
        ("0.1.0+a", "0.1.0+a", False),
        ("", "0.1.0", True),
    ],
)
def test_which_version_is_older(version: str, bound: str, older: bool) -> None:
    assert reprocess._older(reprocess._order(version), reprocess._order(bound)) is older


def test_every_kind_of_difference_is_counted(tmp_path: Path) -> None:
    commit(tmp_path, [reading("/a", "x", version="1", rows=3), reading("/b", "y")])
    before = open_dataset(tmp_path)
    commit(tmp_path, [reading("/a", "x", version="2", rows=2)])
    found = reprocess.compare(before, open_dataset(tmp_path), ["x"], ["/a"])
    assert found.tables["funding"] == reprocess.TableChange(0, 1, 0)
    assert found.tables["evaluations"] == reprocess.TableChange(0, 0, 1)
    assert found.tables["documents"] == reprocess.TableChange(0, 0, 0)
    assert found.evaluations == {"x-0": "/a"}


def test_the_states_kept_are_listed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(tmp_path, [reading("/a", "x")])
    commit(tmp_path, [reading("/b", "y")])
    assert ziping("snapshots", "--output", tmp_path, "--json") == 0
    first, second = told(capsys)
    assert (first["number"], first["rows"]["documents"], second["rows"]["indicators"]) == (1, 1, 6)
    assert ziping("snapshots", "--output", tmp_path) == 0
    assert "第 2 版" in capsys.readouterr().out


@pytest.mark.parametrize("command", [["quarantine"], ["reprocess", "--older-than", "1"], ["snapshots"]])
def test_without_a_dataset_it_says_so(command: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert ziping(*command, "--output", tmp_path) == 2
    assert "还没有数据集" in capsys.readouterr().err
    with pytest.raises(StoreError):
        open_dataset(tmp_path)


def test_a_version_that_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    commit(tmp_path, [reading("/a", "x")])
    assert ziping("reprocess", "--older-than", "new", "--output", tmp_path) == 2
    assert "不是版本号" in capsys.readouterr().err
