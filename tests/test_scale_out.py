"""The same night on several machines: readers in a Prefect work pool, sharing S3 storage; and on a Dask cluster."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from test_flow import api, ask, eventually
from test_ingest import FORM, no_prefect
from test_sourcing_s3 import endpoint, storage
from test_spread import rows

from pipeline import prefect_api
from pipeline.cli import main

__all__ = ["api", "endpoint", "no_prefect", "storage"]

REPORTS = 300
SECONDS = 300.0


def descendants(pid: int) -> list[int]:
    """A process and everything it started."""
    parents: dict[int, list[int]] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            parents.setdefault(parent, []).append(int(entry.name))
    found = [pid]
    for each in found:
        found += parents.get(each, [])
    return found


def kill(pid: int) -> None:
    for each in descendants(pid):
        try:
            os.kill(each, signal.SIGKILL)
        except ProcessLookupError:
            continue


@pytest.fixture
def ziping(api: str, bucket: Any, tmp_path: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start a command as on a machine of its own: another working directory, the same Prefect API."""
    started: list[subprocess.Popen[bytes]] = []
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}
    environment |= {**prefect_api.SETTINGS, "PREFECT_API_URL": api}

    def start(machine: str, *command: str) -> subprocess.Popen[bytes]:
        folder = tmp_path / machine
        folder.mkdir(exist_ok=True)
        with (folder / "log").open("wb") as log:
            started.append(
                subprocess.Popen(
                    [sys.executable, "-m", *command],
                    cwd=folder,
                    env=environment | {"PREFECT_HOME": str(folder / "prefect")},
                    stdout=log,
                    stderr=log,
                )
            )
        return started[-1]

    yield start
    for process in started:
        kill(process.pid)
        process.wait()


@pytest.fixture
def bucket(storage: Any, no_prefect: None) -> Any:
    storage.pipe({f"reports/in/{number:03d}.txt": report(number) for number in range(REPORTS)})
    storage.pipe("reports/in/broken.pdf", b"%PDF-1.7\nbroken")
    if not storage.exists("exchange"):
        storage.mkdir("exchange")
    return storage


def report(number: int) -> bytes:
    return FORM.replace("道路养护", f"道路养护{number}").encode()


def config(folder: Path, endpoint: str, scale: str) -> Path:
    path = folder / "ziping.toml"
    path.parent.mkdir(exist_ok=True)
    path.write_text(
        f'output = "out"\n{scale}\n'
        f'[[sources]]\nkind = "s3"\nname = "桶"\nurl = "s3://reports/in"\nendpoint = "{endpoint}"\n',
        encoding="utf-8",
    )
    return path


def scale(endpoint: str, place: str) -> str:
    return (
        f'[scale]\nexchange = "s3://exchange/x"\nendpoint = "{endpoint}"\nreaders = 2\npatience_seconds = 20\n{place}\n'
    )


def alone(folder: Path, endpoint: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """What one machine makes of the same reports."""
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    assert main(["nightly", "--config", str(config(folder / "alone", endpoint, ""))]) == 3  # one file is broken
    return rows(folder / "alone" / "out", "modified_at")  # of the download


def test_two_workers_of_a_pool_one_killed_give_what_one_machine_gives(
    ziping: Callable[..., subprocess.Popen[bytes]],
    bucket: Any,
    api: str,
    endpoint: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    many = config(tmp_path / "many", endpoint, scale(endpoint, 'pool = "readers"'))
    start = ("prefect", "worker", "start", "--pool", "readers", "--type", "process", "--limit", "1")
    workers = [ziping(name, *start) for name in ("one", "two")]
    night = ziping("many", "pipeline.cli", "nightly", "--config", str(many))
    deadline = time.monotonic() + SECONDS
    killed = False
    while night.poll() is None:
        assert time.monotonic() < deadline, (tmp_path / "many" / "log").read_text(encoding="utf-8")
        claims = bucket.find("exchange/x") if not killed else []
        busy = [
            worker
            for worker in workers
            if any(f"-{pid}-" in claim for claim in claims for pid in descendants(worker.pid))
        ]
        if busy:
            kill(busy[0].pid)
            killed = True
        time.sleep(0.1)
    said = (tmp_path / "many" / "log").read_text(encoding="utf-8")
    assert night.returncode == 3, said
    assert killed, "the run was over before a worker was seen at work"
    assert rows(tmp_path / "many" / "out", "modified_at") == alone(tmp_path, endpoint, monkeypatch)
    assert bucket.find("exchange/x") == []
    runs = ask(api, "flow_runs/filter", {"flows": {"name": {"any_": ["ziping-reader"]}}})
    assert sorted(run["state_type"] for run in runs) == ["COMPLETED", "CRASHED"]


def test_a_dask_cluster_gives_what_one_machine_gives(
    ziping: Callable[..., subprocess.Popen[bytes]],
    bucket: Any,
    api: str,
    endpoint: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pytest.importorskip("prefect_dask", reason="the Dask test needs prefect-dask")
    many = config(tmp_path / "many", endpoint, scale(endpoint, 'dask = "local"'))
    night = ziping("many", "pipeline.cli", "nightly", "--config", str(many))
    assert night.wait(SECONDS) == 3, (tmp_path / "many" / "log").read_text(encoding="utf-8")
    tasks = eventually(api, "task_runs/filter", 4)
    assert [task["state_type"] for task in tasks if task["name"].startswith("read-shared")] == ["COMPLETED"] * 2
    assert rows(tmp_path / "many" / "out", "modified_at") == alone(tmp_path, endpoint, monkeypatch)


def test_without_prefect_it_says_what_is_missing(
    bucket: Any, endpoint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    many = config(tmp_path / "many", endpoint, scale(endpoint, 'pool = "readers"'))
    assert main(["nightly", "--config", str(many)]) == 2
    assert "[scale] 需要 Prefect" in capsys.readouterr().err
