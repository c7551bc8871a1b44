"""Encodings: every supported one is recognised, nothing is guessed, a few lost bytes cost only their line."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from parsers.document import Paragraph
from parsers.text.encoding import decode, guess
from parsers.text.reader import read_text
from schemas.errors import UndecodableText

REPORT = (
    "云山县水务局2023年度项目支出绩效自评报告\n"
    "一、项目概况\n本项目年初预算120.50万元，全年执行118.20万元，预算执行率98.09%。\n"
    "（一）供水保障率≥95%，群众满意度达到92.5%；未发生安全事故。\n"
    "二、存在问题\n部分管网老化，維護資金不足，下一步将统筹安排。\n"
)
CODECS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8-sig",
    "utf-16-le": "utf-16-le",
    "utf-16-be": "utf-16-be",
    "gb18030": "gb18030",
}
WORDS = [
    "绩效自评",
    "预算执行率",
    "水务局",
    "≥95%",
    "118.20万元",
    "，",
    "。\n",
    "\t",
    " ",
    "产出指标",
    "2023年",
    "——",
    "（A）",
]

texts = st.lists(st.sampled_from(WORDS), min_size=12, max_size=60).map("".join).filter(lambda text: "绩效" in text)


@pytest.mark.parametrize("encoding", CODECS)
def test_every_encoding_is_recognised_and_recorded(encoding: str) -> None:
    decoded = decode(REPORT.encode(CODECS[encoding]), "甲.txt")
    assert (decoded.text, decoded.encoding) == (REPORT, encoding)


@pytest.mark.parametrize("codec", ["utf-16-le", "utf-16-be"])
def test_utf16_with_byte_order_mark(codec: str) -> None:
    decoded = decode(("\ufeff" + REPORT).encode(codec), "甲.txt")
    assert (decoded.text, decoded.encoding) == (REPORT, codec)


def test_gbk_is_read_as_gb18030() -> None:
    assert decode(REPORT.encode("gbk"), "甲.txt").encoding == "gb18030"


def test_traditional_text_in_big5() -> None:
    text = "水務局績效自評報告，預算執行率為九成，資金使用合規，群眾滿意度良好。" * 3
    assert decode(text.encode("big5"), "甲.txt") == decode(text.encode("big5"), "乙.txt")
    assert decode(text.encode("big5"), "甲.txt").text == text


def test_two_characters_that_look_like_utf8() -> None:
    assert decode("联通".encode("gbk"), "甲.txt").text == "联通"


def test_another_language_is_readable() -> None:
    text = "Отчёт об исполнении бюджета за 2023 год.\n" * 5
    assert decode(text.encode(), "甲.txt").text == text


@given(texts, st.sampled_from(sorted(CODECS)))
def test_text_comes_back_exactly(text: str, encoding: str) -> None:
    decoded = decode(text.encode(CODECS[encoding]), "甲.txt")
    assert decoded.text == text
    assert decoded.encoding in (encoding, "utf-8")


@given(st.binary(max_size=400))
@example(b"\xff\xfe")
@example(b"\xef\xbb\xbf")
@example(b"\x00" * 50)
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    try:
        decoded = decode(data, "甲.txt")
    except UndecodableText:
        return
    assert guess(data) == decoded.encoding


@pytest.mark.parametrize("seed", range(5))
def test_noise_is_refused(seed: int) -> None:
    with pytest.raises(UndecodableText):
        decode(random.Random(seed).randbytes(5000), "甲.txt")


def test_noise_of_upper_bytes_is_refused() -> None:
    noise = bytes(random.Random(1).choices(range(0x81, 0xFF), k=4000))
    with pytest.raises(UndecodableText):
        decode(noise, "甲.txt")


def test_text_garbled_before_it_was_saved_is_refused() -> None:
    garbled = (REPORT * 3).encode("utf-8").decode("gb18030", "replace").replace("\ufffd", "?")
    with pytest.raises(UndecodableText):
        decode(garbled.encode("utf-8"), "甲.txt")


def test_binary_is_named_as_such() -> None:
    with pytest.raises(UndecodableText) as caught:
        decode(b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 20, "甲.txt")
    assert caught.value.code == "binary"
    assert "甲.txt" in str(caught.value)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_lost_byte_costs_its_line_only(tmp_path: Path, encoding: str) -> None:
    lines = (REPORT * 20).split("\n")
    rows = [line.encode(encoding) for line in lines]
    rows[7] = rows[7][:9] + b"\xff" + rows[7][10:]
    path = tmp_path / "甲.txt"
    path.write_bytes(b"\n".join(rows))
    document = read_text(path)
    assert [problem.place.locator for problem in document.problems if problem.place] == ["line 8"]
    assert "第 8 行" in document.problems[0].message
    texts = {block.place.locator: block.text for block in document.blocks if isinstance(block, Paragraph)}
    assert "\ufffd" in texts["line 8"]
    assert all(texts[f"line {at}"] == lines[at - 1] for at in range(1, 80) if at != 8 and lines[at - 1])


def test_many_lost_bytes_are_refused() -> None:
    data = bytearray((REPORT * 20).encode("utf-8"))
    for at in range(0, len(data), 30):
        data[at] = 0xFF
    with pytest.raises(UndecodableText):
        decode(bytes(data), "甲.txt")


@pytest.mark.parametrize("order", [("utf-8", "gb18030"), ("gb18030", "utf-8"), ("gb18030", "utf-16-le")])
def test_encodings_mixed_in_one_file_are_refused(order: tuple[str, str]) -> None:
    with pytest.raises(UndecodableText):
        decode(b"".join((REPORT * 40).encode(codec) for codec in order), "甲.txt")
