"""One bad file costs only itself: real worker processes, really killed, stuck, out of memory."""

from __future__ import annotations

import ctypes
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.reading.one_file import FileResult, Identity, failed
from pipeline.reading.workers import Limits, Workers
from schemas.errors import DamagedFile, EncryptedFile, ReadError


def hostile(path: str) -> FileResult:
    """Does what the file says to the process that reads it."""
    deed = Path(path).read_text()
    if deed == "segfault":
        ctypes.string_at(0)
    elif deed == "exit":
        os._exit(7)
    elif deed == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif deed == "sleep":
        time.sleep(600)
    elif deed == "spin":
        ctypes.CDLL(None).pause()
    elif deed == "memory":
        bytearray(4 << 30)
    elif deed == "error":
        raise EncryptedFile("设有密码", code="locked")
    return failed(path, Identity(str(os.getpid()), 0), "read", "")


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    pool = Workers(2, Limits(seconds=2.0, memory_mb=512))
    yield pool
    pool.stop()


def write(folder: Path, deeds: list[str]) -> list[str]:
    paths = [folder / f"{number} 号.txt" for number in range(len(deeds))]
    for path, deed in zip(paths, deeds, strict=True):
        path.write_text(deed)
    return [str(path) for path in paths]


def test_every_way_to_die_is_named_and_harms_no_neighbour(
    workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    deeds = ["fine", "segfault", "fine", "exit", "kill", "fine", "sleep", "spin", "fine", "memory", "error", "fine"]
    monkeypatch.setattr("pipeline.reading.workers.read_file", hostile)
    paths = write(tmp_path, deeds)
    results = list(workers.read(paths))
    expected = {
        "fine": "read",
        "segfault": "crashed",
        "exit": "crashed",
        "kill": "crashed",
        "sleep": "timeout",
        "spin": "timeout",
        "memory": "memory",
        "error": "locked",
    }
    assert [result.document.error_code for result in results] == [expected[deed] for deed in deeds]
    assert [result.document.source_uri for result in results] == paths
    for result, deed in zip(results, deeds, strict=True):
        if deed != "fine":
            assert len(result.document.document_id) == 64
            assert deed == "error" or "号.txt" in (result.document.error or "")


def test_files_are_read_a_bounded_number_ahead(
    workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.reading.workers.read_file", hostile)
    paths = write(tmp_path, ["fine"] * 40)
    taken: list[str] = []

    def asked() -> Iterator[str]:
        for path in paths:
            taken.append(path)
            yield path

    results = workers.read(asked())
    next(results)
    assert len(taken) <= 10
    assert len(list(results)) == 39


def test_a_pool_that_is_gone_is_replaced(workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.reading.workers.read_file", hostile)
    (first,) = workers.read(write(tmp_path, ["fine"]))
    workers.stop()
    (second,) = workers.read(write(tmp_path, ["fine"]))
    assert first.document.error_code == second.document.error_code == "read"
    assert first.document.document_id != second.document.document_id


def test_a_worker_does_not_load_what_it_does_not_need(workers: Workers) -> None:
    loaded = workers.call(_loaded_modules, "-")
    assert not {"prefect", "pyarrow", "pandas", "rich", "docx"} & set(loaded)


def _loaded_modules(path: str) -> list[str]:
    import sys

    return [name for name in sys.modules if "." not in name]


def test_a_call_raises_what_the_function_raises(workers: Workers, tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match="坏了"):
        workers.call(_raise, "x")
    (path,) = write(tmp_path, ["kill"])
    with pytest.raises(ReadError) as caught:
        workers.call(hostile, path)
    assert caught.value.code == "crashed"


def _raise(path: str) -> None:
    raise DamagedFile("坏了")
