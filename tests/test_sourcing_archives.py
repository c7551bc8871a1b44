"""Archives unpacked safely: real ZIP and TAR files, hostile ones included."""

from __future__ import annotations

import gzip
import io
import stat
import struct
import tarfile
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.sourcing.archives import Limits, Member, is_archive, members

PDF = b"%PDF-1.4\n1 0 obj <<>> endobj\n"


def packed(path: Path, files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, body in files.items():
            archive.writestr(name, body)
    return path


def with_raw_names(path: Path, encoding: str) -> Path:
    """The same ZIP as a packer writes it that knows no UTF-8 flag: flag cleared, names re-encoded (same length)."""
    data = bytearray(path.read_bytes())
    with zipfile.ZipFile(path) as archive:
        infos = archive.infolist()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for info in infos:
            raw = info.filename.encode(encoding)
            with zipfile.ZipFile(path) as old:
                archive.writestr(zipfile.ZipInfo("x" * len(raw)), old.read(info))
        central = [info.header_offset for info in archive.infolist()]
    data = bytearray(out.getvalue())
    for info, offset in zip(infos, central, strict=True):
        raw = info.filename.encode(encoding)
        data[offset + 30 : offset + 30 + len(raw)] = raw
        at = data.find(b"PK\x01\x02")
        while struct.unpack_from("<L", data, at + 42)[0] != offset:
            at = data.find(b"PK\x01\x02", at + 1)
        data[at + 46 : at + 46 + len(raw)] = raw
    path.write_bytes(data)
    return path


def unpack(path: Path, limits: Limits | None = None) -> list[Member]:
    return list(members(path, path.parent / "work", limits, address="https://a.gov.cn/包.zip"))


def codes(found: list[Member]) -> list[str | None]:
    return [member.error.code if member.error else None for member in found]


def test_members_keep_the_address_of_the_archive(tmp_path: Path) -> None:
    path = packed(
        tmp_path / "a.zip", {"二〇二三/自评表.pdf": PDF, "说明.txt": "说明".encode(), "照片.jpg": b"\xff\xd8"}
    )
    found = unpack(path)
    assert [member.address for member in found] == [
        "https://a.gov.cn/包.zip!/二〇二三/自评表.pdf",
        "https://a.gov.cn/包.zip!/说明.txt",
        "https://a.gov.cn/包.zip!/照片.jpg",
    ]
    assert found[0].path is not None and found[0].path.read_bytes() == PDF and found[0].path.name == "自评表.pdf"
    assert found[0].path.stat().st_mtime_ns == path.stat().st_mtime_ns
    assert found[2].path is None and found[2].error is None
    assert [member.path for member in unpack(path)] == [member.path for member in found]


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_names_without_the_utf8_flag(tmp_path: Path, encoding: str) -> None:
    path = with_raw_names(packed(tmp_path / "a.zip", {"联通/绩效自评表.pdf": PDF, "联通.txt": b"x"}), encoding)
    assert [member.name for member in unpack(path)] == ["联通/绩效自评表.pdf", "联通.txt"]


def test_content_tells_a_report_without_a_suffix(tmp_path: Path) -> None:
    found = unpack(packed(tmp_path / "a.zip", {"自评表": PDF, "readme": b"hello"}))
    assert [member.path is not None for member in found] == [True, False]


def test_hostile_names_write_nothing_outside(tmp_path: Path) -> None:
    names = {"../../evil.txt": b"x", "/etc/evil.txt": b"x", "C:\\evil.txt": b"x", "..\\evil.txt": b"x", "好.txt": b"y"}
    found = unpack(packed(tmp_path / "a.zip", names))
    assert codes(found) == ["unsafe_name"] * 4 + [None]
    assert [path.name for path in tmp_path.rglob("*.txt")] == ["好.txt"]


def test_links_and_locked_and_broken_members_cost_only_themselves(tmp_path: Path) -> None:
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        link = zipfile.ZipInfo("link.pdf")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("locked.pdf", PDF)
        archive.writestr("broken.pdf", PDF + b"BREAK")
        archive.writestr("in.rar", b"Rar!\x1a\x07")
        archive.writestr("good.pdf", PDF)
    data = bytearray(path.read_bytes())
    at = data.find(b"PK\x01\x02", data.find(b"PK\x01\x02") + 1)
    data[at + 8] |= 1
    data[data.find(b"BREAK")] = 0
    path.write_bytes(data)
    found = unpack(path)
    assert codes(found) == ["unsafe_member", "encrypted_member", "damaged_member", "unsupported_archive", None]
    assert found[4].path is not None and found[4].path.read_bytes() == PDF


def test_bombs_stop_at_the_limits(tmp_path: Path) -> None:
    bomb = packed(tmp_path / "bomb.zip", {"零.txt": bytes(20 << 20), "好.pdf": PDF})
    assert codes(unpack(bomb)) == ["archive_ratio", None]
    large = packed(tmp_path / "large.zip", {f"{n}.txt": bytes(1 << 20) for n in range(4)})
    assert codes(unpack(large, Limits(total_bytes=2 << 20))) == [None, None, "archive_size", "archive_size"]
    many = packed(tmp_path / "many.zip", {f"{n}.txt": b"x" for n in range(9)})
    assert codes(unpack(many, Limits(members=3))) == [None] * 3 + ["archive_members"]
    endless = tmp_path / "endless.tar.gz"
    with gzip.open(endless, "wb") as file, tarfile.open(fileobj=file, mode="w") as tar:
        info = tarfile.TarInfo("picture.jpg")
        info.size = 8 << 20
        tar.addfile(info, io.BytesIO(bytes(info.size)))
    assert codes(unpack(endless, Limits(total_bytes=1 << 20)))[-1] == "archive_size"


def test_a_directory_that_lies_about_sizes(tmp_path: Path) -> None:
    path = packed(tmp_path / "a.zip", {"a.txt": bytes(1 << 20), "b.pdf": PDF})
    data = bytearray(path.read_bytes())
    struct.pack_into("<L", data, data.find(b"PK\x01\x02") + 24, 10)
    path.write_bytes(data)
    assert codes(unpack(path)) == ["damaged_member", None]


def test_archives_in_archives(tmp_path: Path) -> None:
    inner = packed(tmp_path / "inner.zip", {"表.pdf": PDF}).read_bytes()
    middle = packed(tmp_path / "middle.zip", {"inner.zip": inner, "文.txt": b"x"}).read_bytes()
    outer = packed(tmp_path / "outer.zip", {"middle.zip": middle})
    found = unpack(outer)
    assert [member.address.partition("!/")[2] for member in found] == [
        "middle.zip!/inner.zip!/表.pdf",
        "middle.zip!/文.txt",
    ]
    assert codes(found) == [None, None]
    assert codes(unpack(outer, Limits(depth=2))) == ["archive_depth", None]


def test_tar_with_gbk_names_and_links(tmp_path: Path) -> None:
    path = tmp_path / "a.tar.gz"
    with tarfile.open(path, "w:gz", encoding="gb18030", format=tarfile.GNU_FORMAT) as tar:
        for name in ("表/自评表.pdf", "二.txt"):
            info = tarfile.TarInfo(name)
            info.size = len(PDF)
            tar.addfile(info, io.BytesIO(PDF))
        link = tarfile.TarInfo("link.pdf")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        tar.addfile(link)
    found = unpack(path)
    assert [member.name for member in found] == ["表/自评表.pdf", "二.txt", "link.pdf"]
    assert codes(found) == [None, None, "unsafe_member"]
    assert found[0].path is not None and found[0].path.read_bytes() == PDF


@pytest.mark.parametrize("cut", ["header", "end"])
def test_a_tar_that_breaks_off_says_so(tmp_path: Path, cut: str) -> None:
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w") as tar:
        for number in range(60):
            info = tarfile.TarInfo(f"{number}.pdf")
            info.size = len(PDF)
            tar.addfile(info, io.BytesIO(PDF))
    assert codes(unpack(path)) == [None] * 60
    data = bytearray(path.read_bytes())
    if cut == "header":
        data[40 * 1024 + 150] ^= 0xFF
    path.write_bytes(data if cut == "header" else data[: 40 * 1024])
    assert codes(unpack(path)) == [None] * 40 + ["damaged"]


def test_what_counts_as_an_archive(tmp_path: Path) -> None:
    assert is_archive(packed(tmp_path / "a.bin", {"a.txt": b"x"}))
    assert not is_archive(packed(tmp_path / "b.docx", {"word/document.xml": b"<x/>"}))
    (tmp_path / "c.rar").write_bytes(b"Rar!\x1a\x07\x00")
    assert is_archive(tmp_path / "c.rar")
    assert codes(unpack(tmp_path / "c.rar")) == ["unsupported_archive"]
    assert codes(unpack(packed(tmp_path / "empty.zip", {}))) == ["empty_archive"]
    tarfile.open(tmp_path / "empty.tgz", "w:gz").close()
    assert codes(unpack(tmp_path / "empty.tgz")) == ["empty_archive"]


@settings(max_examples=60)
@given(data=st.data())
def test_damage_anywhere_is_never_an_exception(tmp_path_factory: pytest.TempPathFactory, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("damage")
    method = data.draw(st.sampled_from([zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA]))
    whole = bytearray(packed(folder / "a.zip", {"表.pdf": PDF, "b/二.txt": b"text" * 50}, method).read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        whole[data.draw(st.integers(0, len(whole) - 1))] = data.draw(st.integers(0, 255))
    (folder / "a.zip").write_bytes(whole[: data.draw(st.integers(4, len(whole)))])
    for member in unpack(folder / "a.zip"):
        assert member.path is None or member.path.is_relative_to(folder / "work")
