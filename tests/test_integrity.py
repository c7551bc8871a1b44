"""Files of the dataset that a disk has changed: said, never carried on, made again of the originals."""

from __future__ import annotations

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from test_ingest import FORM, OTHER_FORM, no_prefect

from pipeline.cli import main
from pipeline.dataset import retention
from pipeline.dataset.store import open_dataset
from schemas.errors import StoreError
from schemas.tables import TABLES

__all__ = ["no_prefect"]

pytestmark = pytest.mark.usefixtures("no_prefect")


@pytest.fixture
def output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    reports = tmp_path / "in"
    reports.mkdir()
    (reports / "a.txt").write_text(FORM, encoding="utf-8")
    (reports / "b.txt").write_text(OTHER_FORM, encoding="utf-8")
    ingest(tmp_path, capsys)
    return tmp_path / "out"


def ingest(folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    assert main(["ingest", str(folder / "in"), "--output", str(folder / "out"), "--json"]) == 0
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def rows(output: Path) -> dict[str, Any]:
    moments = {"ingested_at", "first_seen_at", "modified_at"}
    tables = {table: open_dataset(output).read(table) for table in TABLES}
    return {
        table: sorted(
            json.dumps({key: value for key, value in row.items() if key not in moments}, default=str, sort_keys=True)
            for row in found.to_pylist()
        )
        for table, found in tables.items()
    }


def flip(path: Path, seed: int = 0) -> None:
    """One bit of the file, as a disk does it: in place, so that hard links share it."""
    body = bytearray(path.read_bytes())
    body[random.Random(seed).randrange(len(body))] ^= 1 << seed % 8
    with path.open("r+b") as file:
        file.write(body)


@pytest.mark.parametrize("table", ["funding", "evaluations", "documents"])
def test_a_damaged_part_is_said_and_made_again_of_the_originals(
    output: Path, table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = rows(output)
    (part,) = [path for path in (output / "dataset" / table).iterdir() if "empty" not in path.name]
    flip(part, seed=len(table))
    assert main(["verify", "--output", str(output)]) == 3
    assert part.name in capsys.readouterr().out
    told = ingest(output.parent, capsys)
    assert [trouble["code"] for trouble in told["source_troubles"]] == ["damaged_part"]
    assert rows(output) == before
    assert not ingest(output.parent, capsys)["source_troubles"]


def test_rows_whose_originals_are_gone_are_named(output: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (part,) = [path for path in (output / "dataset" / "funding").iterdir() if "empty" not in path.name]
    flip(part)
    (output.parent / "in" / "b.txt").unlink()
    (trouble,) = ingest(output.parent, capsys)["source_troubles"]
    assert "b.txt" in trouble["message"] and "备份" in trouble["message"]
    assert len(open_dataset(output).read("documents")) == 1


@pytest.mark.parametrize("body", [b"", b"{}", b'{"number": 1', None])
def test_a_damaged_manifest_is_made_again_of_the_parts(
    output: Path, body: bytes | None, capsys: pytest.CaptureFixture[str]
) -> None:
    before = rows(output)
    manifest = output / "dataset" / "manifest.json"
    if body is None:
        manifest.write_text(
            manifest.read_text(encoding="utf-8").replace('"funding": ', '"funding": 1'), encoding="utf-8"
        )
    else:
        manifest.write_bytes(body)
    with pytest.raises(StoreError):
        open_dataset(output)
    told = ingest(output.parent, capsys)
    assert [trouble["code"] for trouble in told["source_troubles"]] == ["healed"] and rows(output) == before
    assert main(["verify", "--output", str(output)]) == 0


def test_a_reader_meets_no_damaged_page(output: Path) -> None:
    (part,) = [path for path in (output / "dataset" / "indicators").iterdir() if "empty" not in path.name]
    sound = part.read_bytes()
    silent = 0
    before = open_dataset(output).read("indicators")
    for seed in range(40):
        part.write_bytes(sound)
        flip(part, seed)
        try:
            silent += not open_dataset(output).read("indicators").equals(before)
        except StoreError:
            continue
    assert silent <= 2  # the footer of a Parquet file has no checksum of its own: the manifest's digest covers it


def test_a_clock_that_jumps_prunes_nothing() -> None:
    start = datetime(2026, 1, 1, tzinfo=UTC)
    made = {Path(str(day)): start + timedelta(days=day) for day in range(1, 40)}
    ahead = start + timedelta(days=4000)
    assert retention.snapshots_to_keep(made, retention.believable(ahead, made)) == set(made)
    assert retention.snapshots_to_keep(made, ahead) != set(made)
    now = start + timedelta(days=41)
    assert retention.believable(now, made) == now


def test_a_published_state_is_whole_and_parts_are_sent_once(
    output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = tmp_path / "published"
    assert main(["publish", str(place), "--output", str(output)]) == 0
    state = json.loads((place / "current.json").read_text(encoding="utf-8"))
    for table in TABLES:
        assert pq.read_table(state["files"][table]).num_rows == len(open_dataset(output).read(table))
    (tmp_path / "in" / "c.txt").write_text(FORM.replace("道路", "河道"), encoding="utf-8")
    ingest(tmp_path, capsys)
    assert main(["publish", str(place), "--output", str(output)]) == 0
    again = json.loads((place / "current.json").read_text(encoding="utf-8"))
    assert again["rows"]["documents"] == 3 and len(list((place / "states").iterdir())) == 2
    assert all(Path(path).exists() for paths in [*state["files"].values(), *again["files"].values()] for path in paths)
    assert "新送 0 个" in published(place, output, capsys)
    (place / "current.json").write_text(json.dumps({**again, "number": 99}), encoding="utf-8")
    assert main(["publish", str(place), "--output", str(output)]) == 2


def published(place: Path, output: Path, capsys: pytest.CaptureFixture[str]) -> str:
    capsys.readouterr()
    assert main(["publish", str(place), "--output", str(output)]) == 0
    return capsys.readouterr().err


def test_a_damaged_part_is_not_published(output: Path, tmp_path: Path) -> None:
    (part,) = [path for path in (output / "dataset" / "checks").iterdir() if "empty" not in path.name]
    flip(part)
    assert main(["publish", str(tmp_path / "published"), "--output", str(output)]) == 2
    assert not (tmp_path / "published" / "current.json").exists()
