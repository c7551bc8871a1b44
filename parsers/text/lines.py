"""Text to numbered lines, freed of what dumping tools leave behind (分行与清理)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from parsers.document import Paragraph, Place, Problem
from schemas.traditional import without_pinyin
from schemas.vocabulary import pattern

MAX_LINE_CHARS = 200_000
"""A longer line is no paragraph of a report; the rest of it is not read (and that is said)."""
MAX_REPORTED_LINES = 20
"""Undecodable lines named one by one; further ones are summed up."""

SOFT_BREAK = "\x0b"
"""A line break inside a paragraph or cell, kept inside one numbered line."""

_ODD = re.compile(
    "[\x07\x0b\x0c\x85\xad\u200b-\u200f\u2028\u2029\u2060\ufeff]|\\[(?:image|bookmark):|(?m:^[ \t]*image\\d)"
)
_EDGE_PAGE_BREAK = re.compile("\x0c+(?=\n|$)|(?<=\n)\x0c+|^\x0c+")
_SOFT_BREAKS = re.compile("[\x85\u2028\u2029]")
_INVISIBLE = re.compile("[\xad\u200b-\u200f\u2060\ufeff]")
_LEFTOVER = re.compile(r"\[(?:image|bookmark):[^\[\]\n\t]{0,120}\]")
_IMAGE_NAME = re.compile(r"^([ \t]*)image\d+\.(?:png|jpe?g|gif|bmp|emf|wmf|tiff?)[ \t]*$", re.MULTILINE)
_PAGE_NUMBER = pattern("page_number_line")

_FOOT = pattern("text_foot")
_HEADING = pattern("text_heading")
_TITLE = pattern("text_title")


def split_lines(text: str) -> tuple[list[str], tuple[Problem, ...]]:
    """The lines of a decoded file as an editor numbers them (index 0 is line 1), without dump leftovers."""
    if "\r" in text:
        text = text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")
    if _ODD.search(text):
        text = _without_leftovers(text)
    text = without_pinyin(text)
    lines = text.split("\n")
    problems = [*_cut_long_lines(lines), *_undecodable_lines(lines, text)]
    return lines, tuple(problems)


def paragraphs(lines: list[str], start: int, end: int) -> Iterator[Paragraph]:
    """One paragraph per line that has text."""
    for index in range(start, end):
        text = cell_text(lines[index].replace("\t", " "))
        if text:
            yield Paragraph(text, line_place(index))


def cell_text(raw: str) -> str:
    """The text of a cell or paragraph: trimmed lines, joined by a line feed."""
    if SOFT_BREAK in raw or "\n" in raw:
        parts = (part.strip() for part in raw.replace(SOFT_BREAK, "\n").split("\n"))
        return "\n".join(part for part in parts if part)
    return raw.strip()


def line_place(first: int, last: int | None = None) -> Place:
    """The place of the 0-based line index `first`, or of the lines from `first` to `last`."""
    if last is None or last == first:
        return Place(f"line {first + 1}")
    return Place(f"line {first + 1}-{last + 1}")


def is_blank(line: str) -> bool:
    """Whether a line holds neither text nor a cell (a lone tab is an empty cell)."""
    return not line or (line.isspace() and "\t" not in line)


def is_page_number(line: str) -> bool:
    """Whether a line is nothing but a page's number (`- 4 -`, `第 4 页 共 9 页`)."""
    return _PAGE_NUMBER.fullmatch(line.strip()) is not None


def is_heading(text: str) -> bool:
    """Whether a text begins like a section of a report (一、 （一） 第一部分 附件)."""
    return _HEADING.match(text) is not None


def is_outside(line: str) -> bool:
    """Whether a line without tabs is evidently no part of a cell: a form's foot, or the title of the next one."""
    text = "".join(line.split())
    return _FOOT.search(line.strip()) is not None or (len(text) <= 60 and _TITLE.search(text) is not None)


def _without_leftovers(text: str) -> str:
    text = _EDGE_PAGE_BREAK.sub("", text).replace("\x0c", " ")
    # The cell mark of a word processor's binary format: dropping it would fuse two numbers.
    text = text.replace("\x07", "\t")
    text = _INVISIBLE.sub("", _SOFT_BREAKS.sub(SOFT_BREAK, text))
    return _IMAGE_NAME.sub(r"\1", _LEFTOVER.sub("", text))


def _cut_long_lines(lines: list[str]) -> Iterator[Problem]:
    if max(map(len, lines)) <= MAX_LINE_CHARS:
        return
    for index, line in enumerate(lines):
        if len(line) > MAX_LINE_CHARS:
            lines[index] = line[:MAX_LINE_CHARS]
            yield Problem(
                "line_too_long",
                f"第 {index + 1} 行长 {len(line)} 字，只读取了前 {MAX_LINE_CHARS} 字，请核对原文件是否缺少换行。",
                line_place(index),
            )


def _undecodable_lines(lines: list[str], text: str) -> Iterator[Problem]:
    if "\ufffd" not in text:
        return
    bad = [index for index, line in enumerate(lines) if "\ufffd" in line]
    for index in bad[:MAX_REPORTED_LINES]:
        yield Problem(
            "bad_bytes", f"第 {index + 1} 行有无法解码的字节，已以“\ufffd”代替，请核对原文。", line_place(index)
        )
    if len(bad) > MAX_REPORTED_LINES:
        rest = len(bad) - MAX_REPORTED_LINES
        yield Problem("bad_bytes", f"另有 {rest} 行含无法解码的字节，已以“\ufffd”代替，请核对原文。")
