"""Damaged files are said to be damaged; what can be read of them is read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pdf_build import form_page, pdf
from pypdf import PdfWriter
from pypdf.generic import DecodedStreamObject, NameObject

from parsers.extract import extract
from parsers.pdf.integrity import Integrity, integrity_of
from parsers.pdf.reader import read_pdf
from schemas.errors import DamagedFile


def form(tmp_path: Path) -> tuple[Path, bytes]:
    path = pdf(tmp_path / "form.pdf", form_page)
    return path, path.read_bytes()


def codes(path: Path) -> set[str]:
    return {problem.code for problem in read_pdf(path).problems}


def test_a_whole_file_has_nothing_wrong(tmp_path: Path) -> None:
    assert integrity_of(form(tmp_path)[0]) == Integrity()


@pytest.mark.parametrize("share", [0.3, 0.5, 0.9, 0.99])
def test_a_flipped_byte_in_a_content_stream_is_said(tmp_path: Path, share: float) -> None:
    path, data = form(tmp_path)
    start, end = data.index(b"stream\n") + 7, data.index(b"endstream")
    at = start + int((end - start) * share)
    path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
    assert "damaged_stream" in codes(path)


def test_a_stream_that_lost_the_name_of_its_filter_is_said(tmp_path: Path) -> None:
    path, data = form(tmp_path)
    path.write_bytes(data.replace(b"/Filter", b"/Bilter"))
    assert integrity_of(path).damaged


@pytest.mark.parametrize("spoil", [(rb"(\d{9})\d( 00000 n)", rb"\g<1>9\2"), (rb"startxref\n\d+", b"startxref\n7")])
def test_a_table_of_objects_that_does_not_hold_is_said(tmp_path: Path, spoil: tuple[bytes, bytes]) -> None:
    path, data = form(tmp_path)
    path.write_bytes(re.sub(*spoil, data, count=2))
    assert integrity_of(path).false_table


@pytest.mark.parametrize("suffix", [".pdf", ".docx", ".xls"])
def test_an_error_page_under_the_name_of_a_document_is_a_failure(tmp_path: Path, suffix: str) -> None:
    for content in ("404 Not Found", "<html><body><h1>502 Bad Gateway</h1></body></html>"):
        path = tmp_path / f"附件1{suffix}"
        path.write_text(content, encoding="utf-8")
        with pytest.raises(DamagedFile, match="扩展名") as caught:
            extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=1)
        assert caught.value.code == "not_the_file"


def test_a_text_file_without_a_report_is_no_failure(tmp_path: Path) -> None:
    path = tmp_path / "说明.txt"
    path.write_text("放假通知", encoding="utf-8")
    records = extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=1)
    assert records.document.status == "empty"


@pytest.mark.parametrize(
    "spoil",
    [(rb"/Resources", b"/Resou\x10ces"), (rb" 0 R", b" 0 \x12"), (rb"/Type\s*/Page\b", b"\0" * 12), (rb"<<", b"  ")],
)
def test_an_object_with_spoiled_words_is_said(tmp_path: Path, spoil: tuple[bytes, bytes]) -> None:
    path, data = form(tmp_path)
    spoiled = re.sub(spoil[0], spoil[1], data, count=1)
    assert spoiled != data
    path.write_bytes(spoiled)
    assert integrity_of(path).damaged


def test_a_page_whose_content_is_gone_is_said(tmp_path: Path) -> None:
    path = pdf(tmp_path / "form.pdf", form_page, lambda canvas: canvas.drawString(90, 700, "2"))
    writer = PdfWriter(clone_from=path)
    empty = DecodedStreamObject()
    empty.set_data(b"")
    writer.pages[1][NameObject("/Contents")] = writer._add_object(empty)
    writer.write(path)
    assert "damaged_stream" in codes(path)


def test_a_page_left_blank_is_whole(tmp_path: Path) -> None:
    path = pdf(tmp_path / "form.pdf", form_page, lambda canvas: canvas.drawString(90, 700, " "))
    assert codes(path) == set()
