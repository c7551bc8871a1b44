"""The nightly run as a Prefect deployment that serves itself (定时运行).

Where no Prefect API is configured a server is started on the loopback address, with its database in the state folder of
the output. It lives and dies with this process, and is started again if it dies alone.
"""

from __future__ import annotations

import ctypes
import fcntl
import getpass
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from secrets import token_urlsafe

from pipeline import prefect_api
from pipeline.dataset.output_folder import explained
from pipeline.night.settings import Settings
from pipeline.reading.unpacking import STATE
from schemas.errors import ConfigError, StoreError

Say = Callable[[str], None]

LOOPBACK = "127.0.0.1"
STARTUP_SECONDS = 300.0
"""A first start makes the database: half a minute here, more on a small or busy machine."""

SECRET = "api-secret"
"""In the server's folder: the name and the password its pages and its API ask for."""
USER = "ziping:"

RESTART_SECONDS = 5.0
STOP_SECONDS = 15.0

SERVER_SETTINGS = {
    "PREFECT_SERVER_UI_V2_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "events,flow_runs",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(400 * 86_400),
}
"""The pages ask nothing from outside; runs of more than 400 days ago are forgotten, so the database stays small."""

_PR_SET_PDEATHSIG = 1

UNIT = """[Unit]
Description=ziping: {config}
Wants=network-online.target
After=network-online.target

[Service]
# 专用的账户，只须能读 ziping.toml 和各来源、能写输出目录
User={user}
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ProtectHome=read-only
ReadWritePaths="-{output}"
ProtectKernelTunables=yes
ProtectKernelModules=yes
ProtectControlGroups=yes
RestrictSUIDSGID=yes
UMask=0077
ExecStart="{program}" schedule --config "{config}" --cron "{cron}" --timezone {timezone} --name "{name}" --port {port}
WorkingDirectory={folder}
Restart=always
RestartSec=10
KillMode=mixed
TimeoutStopSec=120

[Install]
WantedBy=multi-user.target
"""


@dataclass(frozen=True, slots=True)
class ServicePlan:
    """When and under which name the nightly run is served (定时计划)."""

    cron: str
    timezone: str
    name: str
    port: int


def systemd_unit(settings: Settings, plan: ServicePlan) -> str:
    """A unit file that keeps the schedule, and the server it needs, running on this machine."""
    values = {
        "program": Path(sys.executable).with_name("ziping"),
        "config": settings.path,
        "folder": settings.path.parent,
        "output": settings.output.absolute(),
        "user": _account(),
        **asdict(plan),
    }
    # in a unit file % begins a word of systemd's own
    return UNIT.format(**{name: str(value).replace("%", "%%") for name, value in values.items()})


def _account() -> str:
    """The account the service runs as: this one, but never root."""
    name = getpass.getuser()
    return "ziping" if name == "root" else name


def serve(settings: Settings, plan: ServicePlan, say: Say) -> None:
    """Serve the nightly run until stopped. Raises ConfigError, StoreError."""
    state = settings.output / STATE
    with explained(settings.output):
        state.mkdir(parents=True, exist_ok=True)
    with _only_one(state), _api(state / "prefect", plan.port, say) as api:
        os.environ["PREFECT_API_URL"] = api
        os.environ[prefect_api.CONFIG] = str(settings.path)  # of the process: no run can name another
        from pipeline.flows.serving import serve_nightly  # Prefect reads its settings when it is imported

        page = api.removesuffix("/api")
        ready = f"夜间运行“{plan.name}”已就绪：{plan.cron}（{plan.timezone}）；页面 {page}；按 Ctrl-C 停止。"
        serve_nightly(settings.path, plan.cron, plan.timezone, plan.name, lambda: say(ready), say)


@contextmanager
def _only_one(state: Path) -> Iterator[None]:
    """One schedule per output: a second one would run every night twice."""
    with (state / "schedule.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise StoreError(f"{state.parent} 已有定时运行在服务；请先停止它。") from error
        yield


@contextmanager
def _api(home: Path, port: int, say: Say) -> Iterator[str]:
    """The configured Prefect API once it answers, else one of our own."""
    configured = prefect_api.configured_api()
    if configured is None:
        with _own_server(home, port, say) as api:
            yield api
        return
    deadline = time.monotonic() + STARTUP_SECONDS
    while not prefect_api.answers(configured):
        if time.monotonic() > deadline:
            raise ConfigError(f"Prefect API {configured} 没有应答；请检查 PREFECT_API_URL 或启动该服务。")
        time.sleep(1)
    yield configured


@contextmanager
def _own_server(home: Path, port: int, say: Say) -> Iterator[str]:
    home.mkdir(parents=True, exist_ok=True)
    os.environ["PREFECT_HOME"] = str(home)  # what the runs keep belongs there too
    api = f"http://{LOOPBACK}:{port}/api"
    if _is_taken(port):
        raise ConfigError(f"端口 {port} 已被占用；请用 --port 另选，或用 PREFECT_API_URL 指明已有的 Prefect 服务。")
    secret = _secret(home)
    os.environ["PREFECT_API_AUTH_STRING"] = secret
    say(f"正在启动 Prefect 服务（端口 {port}，数据库在 {home}；页面的口令在 {home / SECRET}）……")
    keeper = _Keeper(home, port, secret, say)
    try:
        keeper.wait_until_it_answers(api)
        yield api
    finally:
        keeper.stop()


def _secret(home: Path) -> str:
    """What the server asks of everybody: a run can start commands, so no other account of this machine may ask for one.

    Made once, readable by this account alone.
    """
    file = home / SECRET
    home.chmod(0o700)
    with suppress(OSError):
        kept = file.read_text(encoding="ascii").strip()
        if len(kept) > len(USER):
            return kept
    made = f"{USER}{token_urlsafe(32)}"
    partial = file.with_suffix(".part")
    partial.unlink(missing_ok=True)
    descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="ascii") as written:
        written.write(made)
    partial.replace(file)
    return made


class _Keeper:
    """Keeps one server running; `stop` ends both (看护)."""

    def __init__(self, home: Path, port: int, secret: str, say: Say) -> None:
        self._home = home
        self._port = port
        self._secret = secret
        self._say = say
        self._stopping = threading.Event()
        self._server = self._start()
        threading.Thread(target=self._watch, daemon=True).start()

    def wait_until_it_answers(self, api: str) -> None:
        deadline = time.monotonic() + STARTUP_SECONDS
        while not prefect_api.answers(api):
            if self._server.poll() is not None or time.monotonic() > deadline:
                raise ConfigError(f"Prefect 服务未能启动；原因见 {self._log}。")
            time.sleep(0.2)

    def stop(self) -> None:
        self._stopping.set()
        self._server.terminate()
        try:
            self._server.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._server.kill()
            self._server.wait()

    @property
    def _log(self) -> Path:
        return self._home / "server.log"

    def _start(self) -> subprocess.Popen[bytes]:
        settings = {name: value for name, value in os.environ.items() if not name.startswith("PREFECT_")}
        settings |= {**prefect_api.SETTINGS, **SERVER_SETTINGS, "PREFECT_HOME": str(self._home)}
        page = f"http://{LOOPBACK}:{self._port}"
        settings["PREFECT_SERVER_UI_API_URL"] = f"{page}/api"  # where its pages ask
        settings["PREFECT_SERVER_API_CORS_ALLOWED_ORIGINS"] = page
        settings["PREFECT_SERVER_API_AUTH_STRING"] = self._secret
        command = [sys.executable, "-m", "prefect", "server", "start", "--host", LOOPBACK, "--port", str(self._port)]
        with self._log.open("wb") as log:
            return subprocess.Popen(
                command, env=settings, stdout=log, stderr=log, start_new_session=True, preexec_fn=_end_with_parent
            )

    def _watch(self) -> None:
        while not self._stopping.wait(0.5):
            if self._server.poll() is not None:
                self._say(f"Prefect 服务已退出（{self._server.returncode}），{RESTART_SECONDS:g} 秒后重新启动。")
                if not self._stopping.wait(RESTART_SECONDS):
                    self._server = self._start()


def _end_with_parent() -> None:
    """Also when this process is killed the server must not be left behind, holding the port (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _is_taken(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return True
    return False
