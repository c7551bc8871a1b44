"""Formats are recognised by content, and what no reader takes is refused in one plain sentence."""

from __future__ import annotations

import struct
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.detect import detect_format
from parsers.readers import read_document
from schemas.errors import DamagedFile, EncryptedFile, FileUnavailable, ReadError, UnsupportedFormat

TEXT = "云山县水务局2023年度项目支出绩效自评报告。\n全年执行118.20万元，预算执行率98.09%。\n"
WORD_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"


def archive(path: Path, *names: str, types: str = "") -> Path:
    with zipfile.ZipFile(path, "w") as out:
        out.writestr("[Content_Types].xml", f'<Types><Override PartName="/x.xml" ContentType="{types}"/></Types>')
        for name in names:
            out.writestr(name, "<x/>")
    return path


def compound(path: Path, *streams: str) -> Path:
    """An OLE2 file as far as its header and its first directory sector go."""
    header = bytearray(512)
    header[:8] = bytes.fromhex("d0cf11e0a1b11ae1")
    struct.pack_into("<H", header, 30, 9)
    struct.pack_into("<I", header, 48, 1)
    entries = b"".join((name + "\0").encode("utf-16-le").ljust(128, b"\0") for name in ("Root Entry", *streams))
    path.write_bytes(bytes(header) + bytes(512) + entries)
    return path


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n", "pdf"),
        (b"HTTP/1.1 200 OK\r\nContent-Type: application/pdf\r\n\r\n%PDF-1.4\n", "pdf"),
        (b"\xef\xbb\xbf\r\n%PDF-1.4\n", "pdf"),
        (b"garbage\n12 0 obj <</Type/Catalog>>", "pdf"),
        (b"{\\rtf1\\ansi", "rtf"),
        (b"<!DOCTYPE html>\n<html>", "html"),
        (b"\xef\xbb\xbf  <HTML lang='zh'>", "html"),
        ("\ufeff<html><table>".encode("utf-16-le"), "html"),
        (b"MIME-Version: 1.0\nContent-Type: multipart/related", "mht"),
        (b"Received: from a\r\n by b\r\nFrom: a@b.gov.cn\r\nContent-Type: multipart/mixed", "eml"),
        (b"<?xml version='1.0'?><?mso-application progid='Word.Document'?>", "xml"),
        (b"\x89PNG\r\n\x1a\n", "png"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "jpeg"),
        (b"GIF89a", "gif"),
        (b"BM\x36\x00\x00\x00\x00\x00\x00\x00", "bmp"),
        (b"II*\x00\x08\x00", "tiff"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "webp"),
        (b"\x1f\x8b\x08\x00", "tar"),
        (b"Rar!\x1a\x07", "rar"),
        (b"\x7fELF\x02\x01\x01\x00" + bytes(range(256)) * 8, "binary"),
        (b"\0" * 900, "binary"),
        (b"", "empty"),
        (TEXT.encode(), "txt"),
        (TEXT.encode("gb18030"), "txt"),
        (TEXT.encode("utf-16-be"), "txt"),
        (b"BMI 5\n", "txt"),
        (b"MM: 5\n", "txt"),
    ],
)
@pytest.mark.parametrize("suffix", [".pdf", ".txt", ""])
def test_content_decides(tmp_path: Path, data: bytes, expected: str, suffix: str) -> None:
    path = tmp_path / f"附件 一{suffix}"
    path.write_bytes(data)
    assert detect_format(path) == expected


@pytest.mark.parametrize(
    ("names", "types", "expected"),
    [
        (["word/document.xml"], WORD_TYPES, "docx"),
        (["word/document2.xml"], WORD_TYPES, "docx"),
        (["main.xml"], "application/vnd.ms-word.document.macroEnabled.main+xml", "docx"),
        (["main.xml"], "application/vnd.ms-word.template.macroEnabledTemplate.main+xml", "docx"),
        (["xl/workbook.xml"], "", "xlsx"),
        (["xl/workbook.bin"], "", "xlsb"),
        (["ppt/presentation.xml"], "", "pptx"),
        (["OFD.xml", "Doc_0/Document.xml"], "", "ofd"),
        (["META-INF/manifest.xml", "content.xml"], "", "odf"),
        (["报告.pdf"], "", "zip"),
    ],
)
def test_zips_are_known_by_their_parts(tmp_path: Path, names: list[str], types: str, expected: str) -> None:
    assert detect_format(archive(tmp_path / "甲.docx", *names, types=types)) == expected


@pytest.mark.parametrize("inner", ["word/document.xml", "xl/workbook.xml", "OFD.xml"])
def test_an_archive_of_a_document_stored_as_it_is_stays_an_archive(tmp_path: Path, inner: str) -> None:
    document = archive(tmp_path / "a.bin", inner, types=WORD_TYPES)
    outer = tmp_path / "b.zip"
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_STORED) as out:
        out.write(document, "附件/自评表.docx")
    assert detect_format(outer) == "zip"
    outer.write_bytes(outer.read_bytes()[:-40])
    assert detect_format(outer) == "zip", "also when it is cut off"


def test_a_truncated_docx_is_still_one(tmp_path: Path) -> None:
    path = archive(tmp_path / "甲.docx", "word/document.xml", types=WORD_TYPES)
    path.write_bytes(path.read_bytes()[:-60])
    assert detect_format(path) == "docx"


def test_a_zip_with_an_endless_directory_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "甲.docx"
    path.write_bytes(b"PK\x03\x04" + bytes(100) + b"PK\5\6" + bytes(8) + struct.pack("<II", 2**31, 0) + bytes(2))
    assert detect_format(path) == "zip"


@pytest.mark.parametrize(
    ("stream", "expected"),
    [
        ("WordDocument", "doc"),
        ("Workbook", "xls"),
        ("Book", "xls"),
        ("PowerPoint Document", "ppt"),
        ("EncryptedPackage", "encrypted"),
        ("Anything", "ole2"),
    ],
)
def test_compound_files_are_known_by_their_streams(tmp_path: Path, stream: str, expected: str) -> None:
    assert detect_format(compound(tmp_path / "甲.docx", "\x05SummaryInformation", stream)) == expected


def test_refusals_say_name_content_and_what_to_do(tmp_path: Path) -> None:
    path = compound(tmp_path / "自评 表.docx", "PowerPoint Document")
    with pytest.raises(UnsupportedFormat) as caught:
        read_document(path)
    assert caught.value.code == "unsupported_ppt"
    assert str(caught.value) == (
        "文件“自评 表.docx”扩展名是 .docx，内容是旧版演示文稿（.ppt），请用原软件导出为带文字的 PDF 后重试。"
    )


def test_an_encrypted_file(tmp_path: Path) -> None:
    with pytest.raises(EncryptedFile):
        read_document(compound(tmp_path / "甲.docx", "EncryptedPackage"))


def test_an_empty_file(tmp_path: Path) -> None:
    path = tmp_path / "甲.pdf"
    path.touch()
    with pytest.raises(DamagedFile) as caught:
        read_document(path)
    assert caught.value.code == "empty_file"


def test_a_folder_or_nothing(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "没有.txt"):
        with pytest.raises(FileUnavailable, match=path.name):
            read_document(path)


@pytest.mark.parametrize("suffix", [".txt", ".docx", ".pdf", ".dat"])
def test_text_is_read_whatever_its_suffix(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"甲{suffix}"
    path.write_text(TEXT, encoding="gb18030")
    assert read_document(path).encoding == "gb18030"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from([b"", b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1"), b"<html", b"\xff\xfe", b"BM"]),
    st.binary(max_size=200),
)
def test_any_bytes_have_a_format(tmp_path: Path, head: bytes, tail: bytes) -> None:
    path = tmp_path / "甲.txt"
    path.write_bytes(head + tail)
    found = detect_format(path)
    if found not in ("pdf", "docx"):
        try:
            read_document(path)
        except ReadError as error:
            assert "甲.txt" in str(error)
