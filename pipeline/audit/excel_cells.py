"""Cells of a workbook: text that can never become a formula, numbers, links (单元格)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from math import ceil
from pathlib import PurePath
from typing import Any, Literal
from unicodedata import east_asian_width

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from schemas.records import DocumentRow

MOST_CHARACTERS = 32_767
"""Excel's limit for one cell."""
MOST_LINKS = 65_000
"""Excel's limit for one sheet is 65,530."""
LONGEST_LINK = 2_079

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What a cell's text must not begin with unmarked: edited or pasted on, it would turn into a formula (注入)."""

MONEY, PERCENT, POINTS, PLAIN = "#,##0.00####", "0.00##", "0.##", "#,##0.######"

HEAD_HEIGHT, LINE_HEIGHT, MOST_LINES = 28, 14.5, 12

Style = Literal["text", "input", "bold", "head", "title", "error", "warning", "link", "faint", "sum"]

_STYLES: Mapping[Style, dict[str, Any]] = {
    "text": {"text_wrap": True, "valign": "top"},
    "input": {"text_wrap": True, "valign": "top", "bg_color": "#FFF9E5", "locked": False},
    "bold": {"bold": True, "valign": "top"},
    "head": {
        "bold": True,
        "bg_color": "#1F4E78",
        "font_color": "white",
        "text_wrap": True,
        "valign": "vcenter",
        "border": 1,
    },
    "title": {"bold": True, "bg_color": "#DDEBF7", "valign": "top"},
    "error": {"bold": True, "font_color": "#C00000", "valign": "top"},
    "warning": {"font_color": "#9C5700", "valign": "top"},
    "link": {"font_color": "#0563C1", "underline": 1, "valign": "top"},
    "faint": {"font_color": "#7F7F7F", "valign": "top"},
    "sum": {"bold": True, "bg_color": "#F2F2F2", "valign": "top"},
}


@dataclass(slots=True)
class Book:
    """A workbook and its formats, made once each (工作簿)."""

    workbook: xlsxwriter.Workbook
    _formats: dict[tuple[Style, str, bool], Format] = field(default_factory=dict)

    def style(self, style: Style, number: str = "", quoted: bool = False) -> Format:
        """The format for a style and a number format; `quoted` marks a cell as text for good."""
        key = (style, number, quoted)
        if key not in self._formats:
            made = {**_STYLES[style], "font_name": "宋体", "font_size": 10}
            if number:
                made["num_format"] = number
            if quoted:
                made["quote_prefix"] = True
            self._formats[key] = self.workbook.add_format(made)
        return self._formats[key]


@dataclass(slots=True)
class WorksheetPage:
    """One worksheet (工作表)."""

    book: Book
    sheet: Worksheet
    _links: int = 0

    def text(self, row: int, column: int, value: str | None, style: Style = "text") -> None:
        """Text, whatever it begins with; nothing for None or ""."""
        if value:
            shown = value if len(value) <= MOST_CHARACTERS else value[: MOST_CHARACTERS - 1] + "…"
            self.sheet.write_string(row, column, shown, self.book.style(style, quoted=shown.startswith(FORMULA_STARTS)))

    def input(self, row: int, column: int, value: str | None) -> None:
        """A cell that a person may fill in though the sheet is protected."""
        quoted = bool(value) and (value or "").startswith(FORMULA_STARTS)
        self.sheet.write_string(row, column, value or "", self.book.style("input", quoted=quoted))

    def number(
        self, row: int, column: int, value: Decimal | int | None, number: str = PLAIN, style: Style = "text"
    ) -> None:
        """A number, as exact as a spreadsheet's is; nothing for None."""
        if value is not None:
            self.sheet.write_number(row, column, float(value), self.book.style(style, number))

    def formula(
        self, row: int, column: int, text: str, value: Decimal | str, number: str = PLAIN, style: Style = "text"
    ) -> None:
        """A live formula of this program's own making, with its result."""
        shown = value if isinstance(value, str) else float(value)
        self.sheet.write_formula(row, column, text, self.book.style(style, number), shown)

    def link(self, row: int, column: int, address: str, shown: str) -> None:
        """A link; plain text where Excel takes no more of them."""
        if self._links >= MOST_LINKS or len(address) > LONGEST_LINK:
            self.text(row, column, shown)
            return
        self._links += 1
        quoted = shown.startswith(FORMULA_STARTS)
        self.sheet.write_url(row, column, address, self.book.style("link", quoted=quoted), shown[:MOST_CHARACTERS])

    def heads(self, row: int, titles: Sequence[str]) -> None:
        """A row of column heads."""
        self.sheet.set_row(row, HEAD_HEIGHT)
        for column, title in enumerate(titles):
            self.text(row, column, title, "head")

    def height(self, row: int, texts: Sequence[tuple[str | None, float]]) -> None:
        """As high as its longest text needs in a column of so many characters; not every program finds out itself."""
        lines = max((ceil(_width(text) * 1.05 / (width - 1)) for text, width in texts if text), default=1)
        self.sheet.set_row(row, LINE_HEIGHT * min(max(lines, 1), MOST_LINES))

    def widths(self, widths: Sequence[float]) -> None:
        """The width of each column, in characters."""
        for column, width in enumerate(widths):
            self.sheet.set_column(column, column, width)


def _width(text: str) -> int:
    """Characters as wide as a digit: Chinese ones are twice as wide."""
    return sum(2 if east_asian_width(char) in "WFA" else 1 for char in text)


def file_link(document: DocumentRow) -> str | None:
    """The link to a document's file; None where it is on no file system this machine knows."""
    path = PurePath(document.local_path or document.source_uri)
    # in capitals, because XlsxWriter takes a lower-case file:///work/a.pdf for a relative path of Windows
    return path.as_uri().replace("file:", "FILE:", 1) if path.is_absolute() else None


def beside_link(relative: str) -> str:
    """The link to a file that stands beside the workbook."""
    return f"external:{relative}"
