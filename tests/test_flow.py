"""The flow against a real Prefect server on the loopback address, with its own database."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import free_port
from test_ingest import FORM, ziping

from pipeline import prefect_api
from pipeline.dataset.store import open_dataset

STARTUP_SECONDS = 120


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a Prefect server of this test module's own."""
    home = tmp_path_factory.mktemp("prefect")
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")},
        **prefect_api.SETTINGS,
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
    }
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with (home / "server.log").open("wb") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}/api"
    deadline = time.monotonic() + STARTUP_SECONDS
    while not prefect_api.answers(address):
        assert server.poll() is None and time.monotonic() < deadline, (home / "server.log").read_text()
        time.sleep(0.2)
    yield address
    server.terminate()
    server.wait(20)


def ask(api: str, path: str, question: dict[str, Any], secret: str = "") -> Any:
    headers = {"Content-Type": "application/json"}
    if secret:
        headers["Authorization"] = f"Basic {base64.b64encode(secret.encode()).decode()}"
    request = urllib.request.Request(f"{api}/{path}", json.dumps(question).encode(), headers)
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def eventually(api: str, path: str, count: int) -> list[dict[str, Any]]:
    """What the server has once it has `count` of it: task runs reach it as events, a moment later."""
    deadline = time.monotonic() + 20
    while True:
        found: list[dict[str, Any]] = ask(api, path, {})
        if len(found) >= count or time.monotonic() > deadline:
            return found
        time.sleep(0.2)


def environment(api: str, home: Path) -> dict[str, str]:
    return {**os.environ, "PREFECT_API_URL": api, "PREFECT_HOME": str(home)}


def test_a_run_and_its_tasks_and_artifacts_are_on_the_server(api: str, tmp_path: Path) -> None:
    reports = tmp_path / "reports"
    reports.mkdir()
    for number in range(60):
        (reports / f"{number}.txt").write_text(FORM.replace("道路养护", f"道路养护{number}"), encoding="utf-8")
    (reports / "empty.txt").touch()
    done = ziping("ingest", reports, "--output", tmp_path / "out", env=environment(api, tmp_path / "home"))
    assert done.returncode == 3, done.stderr
    assert f"经 Prefect 运行（{api}）" in done.stderr
    assert "Traceback" not in done.stderr
    assert open_dataset(tmp_path / "out").read("evaluations").num_rows == 60

    tasks = eventually(api, "task_runs/filter", 4)
    assert sorted(task["name"].rsplit("-", 1)[0] for task in tasks) == ["commit", *["read-batch"] * 3]
    assert {task["state_type"] for task in tasks} == {"COMPLETED"}
    assert all(task["tags"] == [] for task in tasks)  # each would cost a request for a slot
    (run,) = ask(api, "flow_runs/filter", {})
    assert run["state_type"] == "COMPLETED"
    assert "文件 61 个" in run["state"]["message"]
    assert run["parameters"]["paths"] == [str(reports)]
    artifacts = {artifact["key"]: artifact for artifact in ask(api, "artifacts/filter", {})}
    assert "empty.txt" in artifacts["ziping-ingest"]["data"]
    assert {"项目": "evaluations", "数量": 60} in json.loads(artifacts["ziping-ingest-counts"]["data"])


def test_a_run_that_fails_says_so_on_both_sides(api: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(FORM, encoding="utf-8")
    (tmp_path / "out").write_text("in the way")
    done = ziping("ingest", tmp_path / "a.txt", "--output", tmp_path / "out", env=environment(api, tmp_path / "home"))
    assert done.returncode == 2
    assert "不是文件夹" in done.stderr
    assert "Traceback" not in done.stderr
    runs = ask(api, "flow_runs/filter", {"sort": "START_TIME_DESC"})
    assert runs[0]["state_type"] == "FAILED"


def test_the_active_profile_names_the_api(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.delenv("PREFECT_PROFILE", raising=False)
    monkeypatch.delenv("PREFECT_PROFILES_PATH", raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path))
    assert prefect_api.configured_api() is None
    (tmp_path / "profiles.toml").write_text(
        'active = "bureau"\n[profiles.bureau]\nPREFECT_API_URL = "http://10.0.0.1:4200/api"\n[profiles.local]\n'
    )
    assert prefect_api.configured_api() == "http://10.0.0.1:4200/api"
    monkeypatch.setenv("PREFECT_PROFILE", "local")
    assert prefect_api.configured_api() is None
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:4200/api")
    assert prefect_api.configured_api() == "http://127.0.0.1:4200/api"
    (tmp_path / "profiles.toml").write_text("not toml [")
    monkeypatch.delenv("PREFECT_API_URL")
    assert prefect_api.configured_api() is None
