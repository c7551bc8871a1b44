"""The text reader as a whole: places, leftovers of dumping tools, bad input in bounded time."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers.document import Document, Grid, Paragraph
from parsers.text.dialects import blocks_of
from parsers.text.lines import MAX_LINE_CHARS
from parsers.text.reader import MAX_BYTES, MAX_CELLS, MAX_LINES, read_text
from schemas.errors import DamagedFile, FileUnavailable, LimitExceeded, ReadError, UnsupportedFormat

SENTENCE = "云山县水务局绩效自评，预算执行率98.09%。"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "自评 报告.txt"


def read(file: Path, text: str) -> Document:
    file.write_text(text, encoding="utf-8", newline="")
    return read_text(file)


def paragraphs(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def test_paragraphs_know_their_lines(file: Path) -> None:
    document = read(file, f"\n  附件1\n\n\u3000\u3000{SENTENCE}\n- 4 -\n第 3 页 共 9 页\n完。")
    assert [(block.text, block.place.locator) for block in document.blocks if isinstance(block, Paragraph)] == [
        ("附件1", "line 2"),
        (SENTENCE, "line 4"),
        ("完。", "line 7"),
    ]
    assert (document.format, document.page_count, document.problems) == ("txt", None, ())


def test_leftovers_of_dumping_tools_vanish(file: Path) -> None:
    head = f"\ufeff[bookmark: _GoBack]一、概况\n[image: ]\nimage1.png\n\ufeff{SENTENCE}\u200b\n\n"
    document = read(file, head + "\t[image: ]\n\t100\n\t\u300097\u3000\n\n\t总\n\t5\n")
    assert paragraphs(document) == ["一、概况", SENTENCE]
    (grid,) = (block for block in document.blocks if isinstance(block, Grid))
    assert [cell.text for cell in grid.cells] == ["", "100", "97", "总", "5"]


def test_page_breaks_soft_breaks_and_cell_marks(file: Path) -> None:
    document = read(
        file, f"第一页\n\f第二页\x0b续\n甲\x07148\x0746\x07\n乙\x0731\x0752\x07\n\n{SENTENCE}\f{SENTENCE}\n"
    )
    first, second, grid, last = document.blocks
    assert isinstance(first, Paragraph) and isinstance(second, Paragraph) and isinstance(last, Paragraph)
    assert (first.text, second.text, second.place.locator) == ("第一页", "第二页\n续", "line 2")
    assert last.text == f"{SENTENCE} {SENTENCE}"
    assert isinstance(grid, Grid)
    assert [cell.text for cell in grid.cells] == ["甲", "148", "46", "", "乙", "31", "52", ""]


def test_stray_control_characters_are_reported(file: Path) -> None:
    document = read(file, f"{SENTENCE * 5}\n执行数1\x00463.50万元\n")
    (problem,) = document.problems
    assert (problem.code, problem.place and problem.place.locator) == ("bad_bytes", "line 2")
    assert paragraphs(document)[1] == "执行数1\ufffd463.50万元"


@pytest.mark.parametrize("data", [b"", b" \r\n\t \n", b"\xef\xbb\xbf", "\ufeff".encode("utf-16-le")])
def test_an_empty_file(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    with pytest.raises(DamagedFile) as caught:
        read_text(file)
    assert caught.value.code == "empty_file"
    assert file.name in str(caught.value)


def test_a_file_that_is_not_there(file: Path) -> None:
    with pytest.raises(FileUnavailable) as caught:
        read_text(file)
    assert caught.value.transient


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission(file: Path) -> None:
    file.write_text(SENTENCE)
    file.chmod(0)
    with pytest.raises(FileUnavailable):
        read_text(file)


def test_a_huge_file_is_refused_before_it_is_read(file: Path) -> None:
    with file.open("wb") as out:
        out.truncate(200 * 1024 * 1024)
    began = time.monotonic()
    with pytest.raises(LimitExceeded, match=str(MAX_BYTES // 1024**2)):
        read_text(file)
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("text", ["\t" * (MAX_CELLS + 1), "\n" * (MAX_LINES + 1) + SENTENCE])
def test_too_many_cells_or_lines_are_refused(file: Path, text: str) -> None:
    with pytest.raises(LimitExceeded):
        read(file, text)


def test_one_endless_line_is_cut_and_said_so(file: Path) -> None:
    document = read(file, f"附件1\n{SENTENCE * 20_000}\n完。")
    assert list(map(len, paragraphs(document))) == [3, MAX_LINE_CHARS, 2]
    (problem,) = document.problems
    assert (problem.code, problem.place and problem.place.locator) == ("line_too_long", "line 2")


HOSTILE_SECONDS = 30
"""A hundred times what these take: only work that explodes with length comes near."""
HOSTILE = {
    "cells and text": "\t5\n\n优\n\n优\n\n" * 400,
    "open quotes": ('a\t"b\n' + "c\n" * 49) * 40,
    "short rows": "a\tb\tc\td\t\n" * 300 + "a\tb\n" * 300 + "x\n" * 300,
    "borders": ("-" * 20_000 + "x\n") * 5,
    "blanks": (" " * 20_000 + "x\n") * 5,
    "fields": ("5 " * 10_000 + "\n") * 5,
    "brackets": ("[image: " * 2_000 + "\n") * 5,
    "labels and words": "产出指标 优\n中\n中\n中\n" * 300,
    "numbered paragraphs": "\t1、a\n" + "".join(f"\n{at}、x\n" for at in range(2, 90)),
    "gaps": "\t5\n" + "\n优" * 900 + "\n\t6\n",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_text_is_read_in_bounded_time(file: Path, name: str) -> None:
    file.write_text(HOSTILE[name] * 8, encoding="utf-8")
    began = time.process_time()
    read_text(file)
    assert time.process_time() - began < HOSTILE_SECONDS


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.binary(max_size=300),
        st.text(alphabet='\t\n |"一1、。：5%≥附件表 \u3000\x0b\f\x07\r-优', max_size=120).map(str.encode),
    )
)
def test_any_bytes_give_a_document_or_a_reason(file: Path, data: bytes) -> None:
    file.write_bytes(data)
    try:
        document = read_text(file)
    except ReadError as error:
        assert file.name in str(error)
        return
    grids = [block for block in document.blocks if isinstance(block, Grid)]
    assert [grid.number for grid in grids] == list(range(1, len(grids) + 1))
    for grid in grids:
        slots = [(cell.row, cell.col) for cell in grid.cells]
        assert slots == sorted(set(slots))
        assert all(row < grid.n_rows and col < grid.n_cols for row, col in slots)


@given(st.text(alphabet='\t\n"一1、：5优', max_size=80))
def test_nothing_written_is_lost(text: str) -> None:
    blocks, _ = blocks_of(text.split("\n"))
    kept = [
        block.text if isinstance(block, Paragraph) else "".join(cell.text for cell in block.cells) for block in blocks
    ]
    assert sorted("".join("".join(kept).replace('"', "").split())) == sorted("".join(text.replace('"', "").split()))


def test_data_about_a_self_evaluation_is_refused_by_name(file: Path) -> None:
    file.write_text('{"标题": "2024年度项目支出绩效自评表", "得分": 95.5}', encoding="utf-8")
    with pytest.raises(UnsupportedFormat, match="JSON"):
        read_text(file)
    file.write_text('{"标题": "门户网站配置"}', encoding="utf-8")
    assert read_text(file).blocks
