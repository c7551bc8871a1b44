"""Files that are hostile, broken, encrypted or something else: each ends with its reason, at once."""

from __future__ import annotations

import struct
import time
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from docx_build import MAIN_TYPE, element, grids, lines, p, package, r, tbl, tc, tr

from parsers.docx import read_docx
from schemas.errors import (
    DamagedFile,
    EncryptedFile,
    FileUnavailable,
    LimitExceeded,
    ReadError,
    UnsupportedFormat,
)

OLE2 = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def ole2(*entries: str) -> bytes:
    directory = b"".join(entry.encode("utf-16-le").ljust(128, b"\0") for entry in ("Root Entry", *entries))
    return OLE2.ljust(512, b"\0") + directory


def rewrite(path: Path, change: Callable[[str, bytes], bytes | None], extra: dict[str, bytes] | None = None) -> Path:
    """The package with each part changed (None: left out)."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: change(name, archive.read(name)) for name in archive.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in {**parts, **(extra or {})}.items():
            if data is not None:
                archive.writestr(name, data)
    return path


def with_document(path: Path, document: bytes) -> Path:
    return rewrite(package(path, ""), lambda name, data: document if name == "word/document.xml" else data)


@pytest.mark.parametrize(
    ("content", "kind", "says"),
    [
        (b"", DamagedFile, "空文件"),
        (ole2("EncryptionInfo", "EncryptedPackage"), EncryptedFile, "密码"),
        (ole2("WordDocument"), UnsupportedFormat, "旧版 Word"),
        (ole2("Workbook"), UnsupportedFormat, "旧版 Excel"),
        (ole2("Contents"), UnsupportedFormat, "旧版 Office"),
        (b"%PDF-1.7\n", UnsupportedFormat, "PDF"),
        (b"{\\rtf1\\ansi", UnsupportedFormat, "RTF"),
        (b"\r\n<!DOCTYPE html><html><body>", UnsupportedFormat, "网页"),
        (b'<?xml version="1.0"?><pkg:package xmlns:pkg="x">', UnsupportedFormat, "XML"),
        ("项目支出绩效自评表\t1".encode(), UnsupportedFormat, "纯文本"),
        ("项目支出绩效自评表\t1".encode("gb18030"), UnsupportedFormat, "纯文本"),
        ("自评表".encode("utf-16"), UnsupportedFormat, "纯文本"),
        (b"\x89PNG\r\n\x1a\n", UnsupportedFormat, "图片"),
        (b"Rar!\x1a\x07", UnsupportedFormat, "压缩包"),
        (b"\x05User1".ljust(162, b"\0"), UnsupportedFormat, "临时文件"),
        (b"\0\x01\x02\x03" * 100, DamagedFile, "无法识别"),
        (b"PK\x03\x04" + b"\x14\0\0\0" * 50, DamagedFile, "不完整"),
        (b"PK\x05\x06".ljust(22, b"\0"), UnsupportedFormat, "普通压缩包"),
    ],
)
def test_other_content_under_the_name_of_a_docx(
    tmp_path: Path, content: bytes, kind: type[ReadError], says: str
) -> None:
    path = tmp_path / "自评表.docx"
    path.write_bytes(content)
    with pytest.raises(kind, match=says) as caught:
        read_docx(path)
    assert type(caught.value) is kind
    assert "《自评表.docx》" in str(caught.value) and str(caught.value).endswith("。")


def test_missing_file(tmp_path: Path) -> None:
    with pytest.raises(FileUnavailable, match="没有"):
        read_docx(tmp_path / "没有.docx")


def test_truncated_and_flipped_bytes(tmp_path: Path) -> None:
    whole = package(tmp_path / "a.docx", p("正文" * 2000)).read_bytes()
    for size in (10, len(whole) // 2, len(whole) - 5):
        (tmp_path / "b.docx").write_bytes(whole[:size])
        with pytest.raises(DamagedFile):
            read_docx(tmp_path / "b.docx")
    at = whole.index(b"word/document.xml") + 60
    (tmp_path / "c.docx").write_bytes(whole[:at] + bytes(64) + whole[at + 64 :])
    with pytest.raises(DamagedFile, match="document"):
        read_docx(tmp_path / "c.docx")


def test_the_main_part_is_found_by_relationship_then_by_type_then_by_name(tmp_path: Path) -> None:
    path = package(tmp_path / "a.docx", p("正文"), main="内容/main 1.xml")
    assert lines(read_docx(path)) == ["正文"]
    assert lines(read_docx(rewrite(path, lambda name, data: None if name == "_rels/.rels" else data))) == ["正文"]
    usual = package(tmp_path / "b.docx", p("正文"))
    assert lines(read_docx(rewrite(usual, lambda name, data: data if "document" in name else None))) == ["正文"]
    with pytest.raises(DamagedFile, match="缺少正文"):
        read_docx(rewrite(usual, lambda name, data: None, {"[Content_Types].xml": b"<Types/>"}))


@pytest.mark.parametrize("name", ["a.docm", "a.dotx", "a.bin"])
@pytest.mark.parametrize(
    "main_type",
    [
        MAIN_TYPE,
        "application/vnd.ms-word.document.macroEnabled.main+xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml",
    ],
)
def test_macro_documents_and_templates_are_docx(tmp_path: Path, name: str, main_type: str) -> None:
    document = read_docx(package(tmp_path / name, p("正文"), main_type=main_type))
    assert (document.format, lines(document)) == ("docx", ["正文"])


@pytest.mark.parametrize(
    ("main_type", "says"),
    [
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "Excel"),
        ("application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml", "PowerPoint"),
    ],
)
def test_other_office_packages(tmp_path: Path, main_type: str, says: str) -> None:
    with pytest.raises(UnsupportedFormat, match=says):
        read_docx(package(tmp_path / "a.docx", "", main="xl/workbook.xml", main_type=main_type))


@pytest.mark.parametrize(
    ("member", "says"), [("mimetype", "OpenDocument"), ("OFD.xml", "OFD"), ("a.txt", "普通压缩包")]
)
def test_other_archives(tmp_path: Path, member: str, says: str) -> None:
    path = tmp_path / "a.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, "x")
    with pytest.raises(UnsupportedFormat, match=says):
        read_docx(path)


def test_external_entities_and_entity_bombs_are_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("密", "utf-8")
    body = element("document", "<w:body><w:p><w:r><w:t>&e;</w:t></w:r></w:p></w:body>").partition("?>")[2]
    for declarations in (
        f'<!ENTITY e SYSTEM "file://{tmp_path}/secret">',
        "".join(f"<!ENTITY e{i} '{10 * f'&e{i + 1};'}'>" for i in range(12)) + '<!ENTITY e "&e0;">',
        f'<!ENTITY % x SYSTEM "file://{tmp_path}/secret"> %x;<!ENTITY e "x">',
    ):
        path = with_document(tmp_path / "a.docx", f"<!DOCTYPE d [{declarations}]>{body}".encode())
        started = time.process_time()
        with pytest.raises(DamagedFile, match="word/document"):
            read_docx(path)
        assert time.process_time() - started < 20


def test_broken_xml_and_missing_body(tmp_path: Path) -> None:
    with pytest.raises(DamagedFile, match="第 1 行"):
        read_docx(with_document(tmp_path / "a.docx", b"<w:document"))
    with pytest.raises(DamagedFile, match="没有正文"):
        read_docx(with_document(tmp_path / "a.docx", element("document", "").encode()))


def test_zip_bomb_is_refused_before_it_is_unpacked(tmp_path: Path) -> None:
    path = package(tmp_path / "bomb.docx", p("标题", '<w:pStyle w:val="1"/>'), styles="")
    rewrite(path, lambda name, data: None if name == "word/styles.xml" else data)
    with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("word/styles.xml", "w") as part:
        for _ in range(80):
            part.write(b" " * 1024 * 1024)
    tracemalloc.start()
    with pytest.raises(LimitExceeded, match="超出读取上限"):
        read_docx(path)
    assert tracemalloc.get_traced_memory()[1] < 8 * 1024 * 1024
    tracemalloc.stop()


def test_a_size_that_lies_is_caught_while_unpacking(tmp_path: Path) -> None:
    document = element("document", "<w:body>" + " " * 2_000_000 + "</w:body>").encode()
    path = with_document(tmp_path / "a.docx", document)
    sizes = struct.pack("<I", len(document)), struct.pack("<I", 500)
    path.write_bytes(path.read_bytes().replace(*sizes))
    with pytest.raises(DamagedFile):
        read_docx(path)


def test_password_on_the_zip_itself(tmp_path: Path) -> None:
    data = bytearray(package(tmp_path / "a.docx", p("正文")).read_bytes())
    at = 0
    while (at := data.find(b"PK\x01\x02", at + 1)) >= 0:
        data[at + 8] |= 1
    (tmp_path / "a.docx").write_bytes(bytes(data))
    with pytest.raises(EncryptedFile, match="密码"):
        read_docx(tmp_path / "a.docx")


@pytest.mark.parametrize("depth", [200, 600, 3000])
def test_thousands_of_nested_tables_end_at_once(tmp_path: Path, depth: int) -> None:
    body = tbl(tr(tc("内"), tc("x")))
    opening, closing = "<w:tbl><w:tr><w:tc><w:p/></w:tc><w:tc>", "</w:tc></w:tr></w:tbl>"
    started = time.process_time()
    with pytest.raises(LimitExceeded, match="嵌套"):
        read_docx(package(tmp_path / "a.docx", opening * depth + body + closing * depth))
    assert time.process_time() - started < 20


def test_reasonable_nesting_is_read(tmp_path: Path) -> None:
    opening, closing = "<w:tbl><w:tr><w:tc><w:p/></w:tc><w:tc>", "</w:tc></w:tr></w:tbl>"
    document = read_docx(package(tmp_path / "a.docx", opening * 30 + p("最内层") + closing * 30))
    (grid,) = grids(document)
    assert grid.cells[1].text == "最内层"


def test_deeply_nested_controls_are_read(tmp_path: Path) -> None:
    opening, closing = "<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"
    assert lines(read_docx(package(tmp_path / "a.docx", opening * 100 + p("正文") + closing * 100))) == ["正文"]


def test_endless_elements_and_endless_text(tmp_path: Path) -> None:
    with pytest.raises(LimitExceeded, match="元素"):
        read_docx(package(tmp_path / "a.docx", "<w:p/>" * 2_000_001))
    with pytest.raises(LimitExceeded):
        read_docx(package(tmp_path / "b.docx", f"<w:p>{r('文' * 5_000_000)}</w:p>"))
