"""Why a file was read as it was: the kind each row was taken for, the meaning of each column and where it comes from.

What `ziping show --why` prints (判读依据).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from parsers.document import Document
from parsers.interpret.column import Column
from parsers.interpret.concepts import PART
from parsers.interpret.sorting import SortedRow, sort_blocks
from schemas.lexicon import Lexicon

_TITLES = {"side": "竖排标签", "blank": "无标题", "unknown": "未登记的标题", "label": "行名", PART: "其中一部分"}


@dataclass(frozen=True, slots=True)
class ColumnReason:
    """A head as printed, what it means, and how that is known."""

    header: str
    meaning: str
    known_by: str


@dataclass(frozen=True, slots=True)
class RowReason:
    """A row, the kind it was taken for, and the columns it was read under where they are new."""

    locator: str
    kind: str
    texts: tuple[str, ...]
    columns: tuple[ColumnReason, ...]


def reasons(document: Document, lexicon: Lexicon) -> list[RowReason]:
    """Every filled row of the document's tables with what it was taken for."""
    return list(_reasons(sort_blocks(document.blocks, lexicon).rows, lexicon))


def _reasons(rows: list[SortedRow], lexicon: Lexicon) -> Iterator[RowReason]:
    told: tuple[Column, ...] = ()
    for one in rows:
        new = one.columns if one.columns and one.columns != told else ()
        told = one.columns or told
        columns = tuple(_column(column, lexicon) for column in new)
        texts = tuple(slot.text for slot in one.row.filled)
        yield RowReason(one.row.place.locator, one.kind.zh, texts, columns)


def _column(column: Column, lexicon: Lexicon) -> ColumnReason:
    meaning = _TITLES.get(column.concept) or lexicon.column_title(column.concept)
    return ColumnReason(column.header, meaning, _known_by(column, lexicon))


def _known_by(column: Column, lexicon: Lexicon) -> str:
    if column.inferred:
        return "由各列的次序与数值推定"
    if column.concept in _TITLES:
        return "由所在位置推定" if column.concept != "unknown" else "词库中没有该词"
    words = [text for text in column.path if lexicon.column(text) == column.concept]
    if not words:
        return "由上下两行标题合并判定"
    return "词库部分字样（推测）" if column.guessed else "词库整词"
