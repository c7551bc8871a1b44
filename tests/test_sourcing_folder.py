"""Folders: what is still being written waits, what cannot be opened is named."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path

import pytest

from pipeline.sourcing.config import FolderSource
from pipeline.sourcing.folder import gather_folder
from pipeline.sourcing.found import Gathered, keep_download, safe_name


def look(
    path: Path, *patterns: str, settle: float = 0.0, again: float = 0.01, leave_out: Path | None = None
) -> Gathered:
    return gather_folder(FolderSource("测试", path, patterns, settle), leave_out=leave_out, second_look_after=again)


def names(found: Gathered) -> list[str]:
    return [item.path.name for item in found.items]


def test_temporary_and_unknown_names_are_left(tmp_path: Path) -> None:
    wanted = ["一.pdf", "二.DOCX", "包.zip"]
    for name in [
        *wanted,
        "~$二.docx",
        ".hidden.pdf",
        "三.pdf.part",
        "四.pdf.crdownload",
        "五.tmp",
        "六.mp4",
        "._一.pdf",
    ]:
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "旧.pdf").write_bytes(b"x")
    (tmp_path / "下" / "级").mkdir(parents=True)
    (tmp_path / "下" / "级" / "七.txt").write_bytes(b"x")
    found = look(tmp_path, leave_out=tmp_path / "out")
    assert sorted(names(found)) == sorted([*wanted, "七.txt"])
    assert found.complete and not found.waiting
    assert found.items[0].address == found.items[0].path.as_posix()
    assert names(look(tmp_path, "下/*/*.txt", "六.*")) == ["六.mp4", "七.txt"]


def test_recent_files_wait(tmp_path: Path) -> None:
    (tmp_path / "一.pdf").write_bytes(b"x")
    found = look(tmp_path, settle=60)
    assert not found.items and found.waiting == ((tmp_path / "一.pdf").as_posix(),) and found.complete


def test_a_growing_file_waits_whatever_its_times_say(tmp_path: Path) -> None:
    growing = tmp_path / "一.pdf"
    growing.write_bytes(b"x")
    (tmp_path / "二.pdf").write_bytes(b"x")
    stop = threading.Event()

    def grow() -> None:
        while not stop.is_set():
            with growing.open("ab") as file:
                file.write(b"x")
            os.utime(growing, (1, 1))
            time.sleep(0.01)

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        found = look(tmp_path, again=0.2)
    finally:
        stop.set()
        writer.join()
    assert names(found) == ["二.pdf"] and len(found.waiting) == 1


def test_a_mount_that_is_down_says_so(tmp_path: Path) -> None:
    for folder in (tmp_path, tmp_path / "none"):
        found = look(folder)
        assert not found.complete and len(found.problems) == 1 and found.problems[0].error.transient


@pytest.mark.parametrize(
    "name", ["自评表.pdf", "a/../b.pdf", "..", "", "x" * 400 + ".pdf", "评" * 300 + ".docx", "a\0b\n.txt"]
)
def test_names_on_disk_are_safe(tmp_path: Path, name: str) -> None:
    safe = safe_name(name)
    (tmp_path / safe).write_bytes(b"x")
    assert os.listdir(tmp_path) == [safe]
    assert os.path.splitext(safe)[1] == os.path.splitext(name)[1]


def test_downloads_are_kept_once_by_content(tmp_path: Path) -> None:
    paths = []
    for body in (b"one", b"one", b"two"):
        (tmp_path / "part").write_bytes(body)
        paths.append(keep_download(tmp_path / "part", tmp_path / "downloads", "表.pdf")[0])
    assert paths[0] == paths[1] != paths[2]
    assert [path.read_bytes() for path in paths] == [b"one", b"one", b"two"]
