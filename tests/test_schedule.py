"""`ziping schedule` for real: its own Prefect server, runs that happen on time, a killed run and a restart."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from serving import free_port
from test_flow import ask
from test_ingest import FORM, OTHER_FORM
from test_nightly import FOLDER, put

from pipeline import prefect_api
from pipeline.cli import main
from pipeline.dataset.store import open_dataset

SECONDS = 300.0
EVERY_MINUTE = "* * * * *"


class Service:
    """One life of `ziping schedule` and everything it started."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.api = f"http://127.0.0.1:{port}/api"
        self.log = folder / f"log-{time.monotonic_ns()}"
        environment = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}
        command = [sys.executable, "-m", "pipeline.cli", "schedule", "--config", str(folder / "ziping.toml")]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [*command, "--cron", EVERY_MINUTE, "--port", str(port)],
                stderr=log,
                env=environment | {"PREFECT_HOME": str(folder / "nobody's")},
                start_new_session=True,
            )

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def runs(self, state: str) -> list[dict[str, Any]]:
        asked = {"flow_runs": {"state": {"type": {"any_": [state]}}}}
        return list(self.ask("flow_runs/filter", asked))

    def ask(self, path: str, question: dict[str, Any]) -> Any:
        secret = self.folder / "out" / "state" / "prefect" / "api-secret"
        assert secret.stat().st_mode & 0o077 == 0
        return ask(self.api, path, question, secret.read_text())

    def stop(self, how: signal.Signals) -> int:
        if how is signal.SIGKILL:
            os.killpg(self.process.pid, how)
        elif self.process.poll() is None:
            self.process.send_signal(how)
        return self.process.wait(60)


def wait_for(what: Callable[[], Any], service: Service) -> Any:
    """What `what` gives once it gives something."""
    deadline = time.monotonic() + SECONDS
    while True:
        assert service.process.poll() is None and time.monotonic() < deadline, service.said()
        try:
            if found := what():
                return found
        except OSError:
            pass  # the server is not there yet
        time.sleep(0.3)


@pytest.fixture
def services(tmp_path: Path) -> Iterator[Callable[[], Service]]:
    started: list[Service] = []
    port = free_port()

    def start() -> Service:
        started.append(Service(tmp_path, port))
        return started[-1]

    yield start
    for service in started:
        if service.process.poll() is None:
            service.stop(signal.SIGKILL)


def test_runs_happen_on_time_and_go_on_after_a_kill(tmp_path: Path, services: Callable[[], Service]) -> None:
    sleeping = json.dumps([sys.executable, "-c", "import time; time.sleep(600)"])
    config = tmp_path / "ziping.toml"
    source = f'output = "out"\n{FOLDER}'
    config.write_text(f"{source}[notify]\ncommand = {sleeping}\n", encoding="utf-8")
    put(tmp_path / "in" / "a.txt", FORM)
    put(tmp_path / "in" / "broken.pdf", b"%PDF-1.7\nbroken")  # a notice, and so a run that goes on for long

    first = services()
    (run,) = wait_for(lambda: (tmp_path / "out" / "dataset").exists() and first.runs("RUNNING"), first)
    assert "config" not in run["parameters"] and "ziping" in run["tags"]
    _refuses_other_accounts(first, run["deployment_id"])
    assert open_dataset(tmp_path / "out").read("evaluations").num_rows == 1
    assert (tmp_path / "out" / "state" / "prefect" / "prefect.db").exists()
    assert main(["schedule", "--config", str(config), "--port", str(free_port())]) == 2  # one is enough
    first.stop(signal.SIGKILL)
    deadline = time.monotonic() + 30
    while prefect_api.answers(first.api):
        assert time.monotonic() < deadline, "the server was left behind"
        time.sleep(0.2)

    config.write_text(source, encoding="utf-8")
    put(tmp_path / "in" / "b.txt", OTHER_FORM)
    second = services()
    (ended,) = wait_for(lambda: second.runs("CRASHED"), second)
    assert ended["id"] == run["id"]
    wait_for(lambda: second.runs("COMPLETED"), second)
    assert "没有结束，已记为中断" in second.said()
    assert open_dataset(tmp_path / "out").read("evaluations").num_rows == 2
    artifacts = {artifact["key"] for artifact in second.ask("artifacts/filter", {})}
    assert {"ziping-nightly", "ziping-nightly-counts"} <= artifacts
    with urllib.request.urlopen(f"{second.api.removesuffix('/api')}/ui-settings", timeout=20) as answer:
        assert json.load(answer)["api_url"] == second.api  # where the pages ask
    assert second.stop(signal.SIGTERM) == 0
    assert not prefect_api.answers(second.api)
    assert "Traceback" not in second.said() + first.said()


def _refuses_other_accounts(service: Service, deployment: str) -> None:
    """Nobody without the secret starts a run or reads one, no page of another site may ask, no run names settings."""
    for path in (f"deployments/{deployment}/create_flow_run", "flow_runs/filter", "deployments/filter"):
        with pytest.raises(urllib.error.HTTPError, match="401"):
            ask(service.api, path, {})
    preflight = urllib.request.Request(
        f"{service.api}/flow_runs/filter",
        method="OPTIONS",
        headers={"Origin": "http://evil.invalid", "Access-Control-Request-Method": "POST"},
    )
    with suppress(urllib.error.HTTPError), urllib.request.urlopen(preflight, timeout=20) as answer:
        assert answer.headers.get("Access-Control-Allow-Origin") not in ("*", "http://evil.invalid")
    (kept,) = [each for each in service.ask("deployments/filter", {}) if each["id"] == deployment]
    assert "config" not in kept["parameter_openapi_schema"]["properties"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--config", "none.toml"], "无法打开配置文件"),
        (["--port", "0"], "--port 的取值"),
    ],
)
def test_mistakes_are_said_before_anything_is_started(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    try:
        assert main(["schedule", *arguments]) == 2
    except SystemExit as ended:
        assert ended.code == 2
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_port_in_use_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "home"))
    config = put(tmp_path / "ziping.toml", FOLDER)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        assert main(["schedule", "--config", str(config), "--port", port]) == 2
    assert f"端口 {port} 已被占用" in capsys.readouterr().err


def test_the_unit_file_names_this_configuration(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    config = put(tmp_path / "ziping.toml", FOLDER)
    assert main(["schedule", "--config", str(config), "--cron", "30 1 * * *", "--systemd"]) == 0
    unit = capsys.readouterr().out
    assert f'schedule --config "{config}" --cron "30 1 * * *" --timezone Asia/Shanghai' in unit
    assert "Restart=always" in unit
    for line in ("NoNewPrivileges=yes", "ProtectSystem=strict", "PrivateTmp=yes"):
        assert line in unit
    assert "User=" in unit and "User=root" not in unit
