"""S3-compatible storage: a real server (moto) on the loopback address."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from serving import free_port
from test_ingest import FORM, no_prefect

from pipeline.cli import main
from pipeline.dataset.publish import _Bucket, publish
from pipeline.sourcing.config import S3Source
from pipeline.sourcing.gather import gather
from pipeline.sourcing.s3 import gather_s3
from schemas.errors import ConfigError

__all__ = ["no_prefect"]

pytestmark = pytest.mark.usefixtures("no_prefect")

needs_server = "S3 tests need s3fs and moto[server]"


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    pytest.importorskip("s3fs", reason=needs_server)
    pytest.importorskip("moto.server", reason=needs_server)
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    running = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            break
        except OSError:
            assert running.poll() is None and time.monotonic() < deadline
            time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    running.kill()
    running.wait()


@pytest.fixture
def storage(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Any:
    s3fs = pytest.importorskip("s3fs", reason=needs_server)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    files = s3fs.S3FileSystem(endpoint_url=endpoint, skip_instance_cache=True, use_listings_cache=False)
    if files.exists("reports"):
        files.rm("reports", recursive=True)
    files.mkdir("reports")
    return files


def source(endpoint: str, url: str = "s3://reports/自评", **more: Any) -> S3Source:
    return S3Source("桶", url, endpoint, **more)


def test_new_changed_and_unchanged_objects(storage: Any, endpoint: str, tmp_path: Path) -> None:
    storage.pipe({"reports/自评/2023/表 一.pdf": b"one", "reports/自评/二.txt": b"two", "reports/自评/图.mp4": b"x"})
    storage.pipe("reports/自评外.pdf", b"elsewhere")
    first = gather(source(endpoint), tmp_path)
    assert [item.address for item in first.items] == ["s3://reports/自评/2023/表 一.pdf", "s3://reports/自评/二.txt"]
    assert [item.path.read_bytes() for item in first.items] == [b"one", b"two"]
    assert all(item.fresh for item in first.items) and first.complete and not first.problems
    storage.pipe("reports/自评/二.txt", b"TWO")
    second = gather(source(endpoint), tmp_path)
    assert [item.fresh for item in second.items] == [False, True]
    assert second.items[0].path == first.items[0].path and second.items[1].path.read_bytes() == b"TWO"
    assert first.items[1].path.read_bytes() == b"two"
    assert first.items[1].origin and second.items[1].origin
    assert first.items[1].origin.first_seen == second.items[1].origin.first_seen
    assert not list((tmp_path / "partial").iterdir())


def test_patterns_and_size(storage: Any, endpoint: str, tmp_path: Path) -> None:
    storage.pipe({"reports/a/x.pdf": b"x", "reports/a/y.pdf": b"y" * 100, "reports/z.dat": b"z"})
    whole = source(endpoint, "s3://reports", patterns=("a/*.pdf", "*.dat"), max_bytes=10)
    found = gather_s3(whole, tmp_path)
    assert [item.address for item in found.items] == ["s3://reports/a/x.pdf", "s3://reports/z.dat"]
    assert [(one.address, one.error.code) for one in found.problems] == [("s3://reports/a/y.pdf", "download_size")]


def test_a_bucket_or_server_that_is_not_there(storage: Any, endpoint: str, tmp_path: Path) -> None:
    for missing in (source(endpoint, "s3://none"), source(endpoint, "s3://none/below")):
        found = gather_s3(missing, tmp_path)
        assert [one.error.code for one in found.problems] == ["s3_list"] and not found.complete
    found = gather_s3(source(endpoint, "s3://reports/nothing"), tmp_path)
    assert [one.error.code for one in found.problems] == ["s3_empty"] and not found.complete
    found = gather_s3(source("http://127.0.0.1:1", "s3://reports"), tmp_path)
    assert [one.error.code for one in found.problems] == ["s3_list"] and not found.complete


def test_without_s3fs_it_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(ConfigError, match=r"zipingbiao\[s3\]"):
        gather_s3(source("http://127.0.0.1:1"), tmp_path)


def test_a_dataset_is_published_to_a_bucket_only_over_the_state_that_was_read(
    storage: Any, endpoint: str, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text(FORM, encoding="utf-8")
    output = tmp_path / "out"
    assert main(["ingest", str(tmp_path / "a.txt"), "--output", str(output)]) == 0
    first = publish(output, "s3://reports/ziping", endpoint)
    assert (first.sent, publish(output, "s3://reports/ziping", endpoint).sent) == (first.parts, 0)
    state = json.loads(storage.cat_file("reports/ziping/current.json"))
    (address,) = state["files"]["evaluations"]
    assert address.startswith("s3://reports/ziping/parts/evaluations/") and storage.exists(address)
    bucket = _Bucket("s3://reports/ziping", endpoint)
    assert not bucket.replace("current.json", b"{}", '"another state"')
    assert not bucket.replace("current.json", b"{}", None)
