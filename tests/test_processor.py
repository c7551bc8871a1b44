"""As many readers as cores, fewer where memory would not do for as many scans."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline import processor


def machine(
    folder: Path, available_mb: int, most: str = "max", used_mb: int = 0, caches_mb: int = 0
) -> tuple[Path, Path]:
    (folder / "meminfo").write_text(f"MemTotal: 99999999 kB\nMemAvailable: {available_mb << 10} kB\n")
    (folder / "memory.max").write_text(f"{most}\n")
    (folder / "memory.current").write_text(f"{used_mb << 20}\n")
    (folder / "memory.stat").write_text(f"anon 1\ninactive_file {caches_mb << 20}\n")
    return folder / "meminfo", folder


def test_free_memory_is_that_of_the_machine_or_of_a_smaller_container(tmp_path: Path) -> None:
    assert processor.free_memory_mb(*machine(tmp_path, 8000)) == 8000
    assert processor.free_memory_mb(*machine(tmp_path, 8000, str(4000 << 20), 1500, 500)) == 3000
    assert processor.free_memory_mb(tmp_path / "nothing", tmp_path / "nowhere") is None


@pytest.mark.parametrize(("available", "workers"), [(600, 1), (2500, 2), (90000, 4)])
def test_readers_are_as_many_as_memory_allows(
    available: int, workers: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    meminfo, cgroup = machine(tmp_path, available)
    monkeypatch.setattr(processor, "_MEMINFO", meminfo)
    monkeypatch.setattr(processor, "_CGROUP", cgroup)
    monkeypatch.setattr(processor, "cores", lambda: 4)
    assert processor.default_workers() == workers
