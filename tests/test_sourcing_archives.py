"""Archives unpacked safely: real ZIP and TAR files, hostile ones included."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from email.message import EmailMessage
from pathlib import Path

import py7zr
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.sourcing.archives import Member, UnpackingLimits, is_archive, members

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


def unpack(path: Path, limits: UnpackingLimits | None = None) -> list[Member]:
    return list(members(path, path.parent / "work", limits, address="https://a.gov.cn/包.zip"))


def codes(found: list[Member]) -> list[str | None]:
    return [member.error.code if member.error else None for member in found]


def test_members_keep_the_address_of_the_archive(tmp_path: Path) -> None:
    path = packed(
        tmp_path / "a.zip", {"二〇二三/自评表.pdf": PDF, "说明.txt": "说明".encode(), "__MACOSX/._自评表.pdf": b"x"}
    )
    found = unpack(path)
    assert [member.address for member in found] == [
        "https://a.gov.cn/包.zip!/二〇二三/自评表.pdf",
        "https://a.gov.cn/包.zip!/说明.txt",
        "https://a.gov.cn/包.zip!/__MACOSX/._自评表.pdf",
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
    found = unpack(
        packed(tmp_path / "a.zip", {"自评表": PDF, "b.dat": PDF, "c.dat": b"\x7fELF\0\0\0\0" * 9, "d.ini": b"x"})
    )
    assert codes(found) == [None, None, "unread_member", "unread_member"]


def test_what_systems_leave_behind_is_not_mentioned(tmp_path: Path) -> None:
    junk = ["__MACOSX/._表.pdf", "Thumbs.db", "~$表.docx", ".DS_Store", "表_files/image001.png", "样式.css"]
    found = unpack(packed(tmp_path / "a.zip", dict.fromkeys(junk, b"x")))
    assert [(member.path, member.error) for member in found] == [(None, None)] * len(junk)


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
    assert codes(found) == ["unsafe_member", "encrypted_member", "damaged_member", "damaged", None]
    assert found[4].path is not None and found[4].path.read_bytes() == PDF


def test_bombs_stop_at_the_limits(tmp_path: Path) -> None:
    bomb = packed(tmp_path / "bomb.zip", {"零.txt": bytes(20 << 20), "好.pdf": PDF})
    assert codes(unpack(bomb)) == ["archive_ratio", None]
    large = packed(tmp_path / "large.zip", {f"{n}.txt": bytes(1 << 20) for n in range(4)})
    assert codes(unpack(large, UnpackingLimits(total_bytes=2 << 20))) == [None, None, "archive_size", "archive_size"]
    many = packed(tmp_path / "many.zip", {f"{n}.txt": b"x" for n in range(9)})
    assert codes(unpack(many, UnpackingLimits(members=3))) == [None] * 3 + ["archive_members"]
    endless = tmp_path / "endless.tar.gz"
    with gzip.open(endless, "wb") as file, tarfile.open(fileobj=file, mode="w") as tar:
        info = tarfile.TarInfo("picture.jpg")
        info.size = 8 << 20
        tar.addfile(info, io.BytesIO(bytes(info.size)))
    assert codes(unpack(endless, UnpackingLimits(total_bytes=1 << 20)))[-1] == "archive_size"


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
    assert codes(unpack(outer, UnpackingLimits(depth=2))) == ["archive_depth", None]


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


@pytest.mark.parametrize("suffix", ["bz2", "xz", "gz"])
def test_a_compressed_file_that_is_no_tar_is_its_only_member(tmp_path: Path, suffix: str) -> None:
    packer = {"bz2": bz2.compress, "xz": lzma.compress, "gz": gzip.compress}[suffix]
    path = tmp_path / f"自评表.pdf.{suffix}"
    path.write_bytes(packer(PDF))
    (member,) = unpack(path)
    assert member.name == "自评表.pdf" and member.path is not None and member.path.read_bytes() == PDF


def test_7z_members_in_folders_and_behind_a_password(tmp_path: Path) -> None:
    with py7zr.SevenZipFile(tmp_path / "a.7z", "w") as archive:
        archive.writestr(PDF, "二〇二三/自评表.pdf")
        archive.writestr(b"x", "Thumbs.db")
    first, second = unpack(tmp_path / "a.7z")
    assert first.name == "二〇二三/自评表.pdf" and first.path is not None and first.path.read_bytes() == PDF
    assert second.path is None and second.error is None
    with py7zr.SevenZipFile(tmp_path / "b.7z", "w", password="123456") as archive:
        archive.writestr(PDF, "自评表.pdf")
    assert codes(unpack(tmp_path / "b.7z")) == ["encrypted_archive"]
    (tmp_path / "c.7z").write_bytes((tmp_path / "a.7z").read_bytes()[:-40])
    assert codes(unpack(tmp_path / "c.7z")) == ["damaged"]
    assert codes(unpack(tmp_path / "a.7z", UnpackingLimits(total_bytes=10))) == ["archive_size"]


def stored_rar(name: bytes, body: bytes, flags: int = 0x8000) -> bytes:
    """A RAR 4 with one member that is only stored, its name in the bytes of the system that packed it."""

    def block(kind: int, flags: int, head: bytes, extra: bytes = b"") -> bytes:
        rest = struct.pack("<BHH", kind, flags, len(head) + 7) + head
        return struct.pack("<H", zlib.crc32(rest) & 0xFFFF) + rest + extra

    file_head = struct.pack("<IIBIIBBHI", len(body), len(body), 0, zlib.crc32(body), 0, 20, 0x30, len(name), 0x20)
    return (
        b"Rar!\x1a\x07\x00"
        + block(0x73, 0, bytes(6))
        + block(0x74, flags, file_head + name, body)
        + block(0x7B, 0x4000, b"")
    )


def test_rar_members_with_names_in_gbk(tmp_path: Path) -> None:
    (tmp_path / "a.rar").write_bytes(stored_rar("附件\\绩效自评表.pdf".encode("gb18030"), PDF))
    (member,) = unpack(tmp_path / "a.rar")
    assert member.name == "附件/绩效自评表.pdf" and member.path is not None and member.path.read_bytes() == PDF


def test_a_mail_gives_its_body_and_its_attachments(tmp_path: Path) -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@b.gov.cn", "c@d.gov.cn", "绩效自评"
    message.set_content("附件是自评表。")
    message.add_attachment(PDF, maintype="application", subtype="pdf", filename="绩效自评表.pdf")
    (tmp_path / "a.eml").write_bytes(bytes(message))
    assert is_archive(tmp_path / "a.eml")
    body, attachment = unpack(tmp_path / "a.eml")
    assert body.path is not None and body.path.read_text("utf-8").strip() == "附件是自评表。"
    assert attachment.name == "绩效自评表.pdf" and attachment.path is not None
    assert attachment.path.read_bytes() == PDF


def test_what_counts_as_an_archive(tmp_path: Path) -> None:
    assert is_archive(packed(tmp_path / "a.bin", {"a.txt": b"x"}))
    assert not is_archive(packed(tmp_path / "b.docx", {"word/document.xml": b"<x/>"}))
    (tmp_path / "c.rar").write_bytes(b"Rar!\x1a\x07\x00")
    assert is_archive(tmp_path / "c.rar")
    assert codes(unpack(tmp_path / "c.rar")) == ["empty_archive"]
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
