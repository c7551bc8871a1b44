"""`ziping desk`: serve the desk on this machine until it is stopped (启动工作台)."""

from __future__ import annotations

import ipaddress
import socket
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

import uvicorn

from pipeline import exit_codes
from pipeline.audit.journal import user
from pipeline.desk.app import Desk, create_app
from pipeline.desk.security import ENTER, Guard
from pipeline.desk.workbench import Workbench
from pipeline.reading.workers import Limits, stop_workers, warm_up
from schemas.errors import ConfigError

LOCAL_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})


def desk(options: Namespace, say: Callable[[str], None]) -> int:
    """Serve until interrupted. Raises ConfigError for an address that is taken, StoreError without a dataset."""
    bench = Workbench(Path(options.output))
    bench.state()
    secret = Guard.new_secret()
    hosts = LOCAL_NAMES | {options.host} | set(options.name)
    app = create_app(Desk(bench, options.who or user(), Guard(secret, frozenset(hosts)), Limits(options.timeout)))
    listening = _listening(options.host, options.port)
    if not _is_loopback(options.host):
        say(f"注意：工作台对 {options.host} 开放，网络上拿到地址的人都能查看和决定；请放在自己的反向代理之后。")
    host = f"[{options.host}]" if ":" in options.host else options.host
    say(f"工作台已启动，请在浏览器中打开：http://{host}:{listening.getsockname()[1]}{ENTER}?key={secret}")
    say("按 Ctrl-C 结束。")
    warm_up()
    server = uvicorn.Server(uvicorn.Config(app, log_level="warning", server_header=False))
    try:
        server.run([listening])
    finally:
        stop_workers()
    return exit_codes.OK


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
    except OSError as error:
        listening.close()
        raise ConfigError(f"不能在 {host}:{port} 上启动（{error.strerror}）；请用 --port 另选端口。") from error
    return listening


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
