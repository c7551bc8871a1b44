"""Damage to the tables of Word files, sheets, OpenDocument texts and web pages: rows, cells, spans."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

import lxml.html
from lxml import etree
from openpyxl.utils import column_index_from_string, get_column_letter

from benchmarks.ways.of_bytes import cut
from benchmarks.ways.way import Way

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_X = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_T = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_FIGURE = re.compile(r"\s*[\d.,]*\d[\d.,]*%?\s*")
LOOK_ALIKES = {"0": "O", "1": "l", "5": "S", "8": "B"}
"""Letters that pass for digits."""
_ADDRESS = re.compile(r"([A-Z]+)(\d+)")


@dataclass(frozen=True, slots=True)
class Kind:
    """How a format writes tables: the member (None: the file itself), its rows and cells, what joins cells."""

    member: re.Pattern[str] | None
    row: str
    cells: tuple[str, ...]
    span_elements: tuple[str, ...] = ()
    span_attributes: tuple[str, ...] = ()
    addressed: bool = False
    """Whether a cell says itself where it stands."""


WORD = Kind(re.compile(r"word/document\.xml"), f"{_W}tr", (f"{_W}tc",), (f"{_W}gridSpan", f"{_W}vMerge"))
XLSX = Kind(re.compile(r"xl/worksheets/[^/]+\.xml"), f"{_X}row", (f"{_X}c",), (f"{_X}mergeCell",), addressed=True)
ODT = Kind(
    re.compile(r"content\.xml"),
    f"{_T}table-row",
    (f"{_T}table-cell", f"{_T}covered-table-cell"),
    span_attributes=(f"{_T}number-columns-spanned", f"{_T}number-rows-spanned"),
)
HTML = Kind(None, "tr", ("td", "th"), span_attributes=("colspan", "rowspan"))


@dataclass(frozen=True, slots=True)
class Table:
    """The tree of a file, and how its format writes tables."""

    root: Any
    kind: Kind

    @property
    def rows(self) -> list[Any]:
        return [row for row in self.root.iter(self.kind.row) if self.cells(row)]

    def cells(self, row: Any) -> list[Any]:
        return [child for child in row if child.tag in self.kind.cells]

    @property
    def all_cells(self) -> list[Any]:
        return [cell for row in self.rows for cell in self.cells(row)]


Change = Callable[[Table, Random], None]


def in_tables(kind: Kind, change: Change) -> Way:
    """The damage that `change` does to the tables of a file."""

    def damaged(data: bytes, rng: Random) -> bytes:
        if kind.member is None:
            return _in_page(data, kind, change, rng)
        return in_member(data, kind.member, lambda content: _in_xml(content, kind, change, rng), rng)

    return damaged


def in_member(data: bytes, name: re.Pattern[str], change: Callable[[bytes], bytes], rng: Random) -> bytes:
    """The package with one member of that name changed, its checksums in order."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        one = rng.choice([item.filename for item in source.infolist() if name.fullmatch(item.filename)])
        for item in source.infolist():
            content = source.read(item)
            target.writestr(item, change(content) if item.filename == one else content)
    return out.getvalue()


def member_cut(data: bytes, rng: Random) -> bytes:
    """The end of a part of the package missing, the package whole."""
    return in_member(data, re.compile(r".*\.xml"), lambda content: cut(content, rng), rng)


def _in_xml(content: bytes, kind: Kind, change: Change, rng: Random) -> bytes:
    table = Table(etree.fromstring(content), kind)
    if table.rows:
        change(table, rng)
    return bytes(etree.tostring(table.root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _in_page(data: bytes, kind: Kind, change: Change, rng: Random) -> bytes:
    table = Table(lxml.html.document_fromstring(_decoded(data)), kind)
    if not table.rows:
        return cut(data, rng)
    change(table, rng)
    return bytes(etree.tostring(table.root, method="html", encoding="utf-8"))


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeError:
        return data.decode("gb18030", errors="replace")


# -- cells -------------------------------------------------------------------------------------------------------------


def lose_cell(table: Table, rng: Random) -> None:
    """A cell gone, what follows it moved up."""
    cell = rng.choice(table.all_cells)
    row = cell.getparent()
    follow = table.cells(row)[table.cells(row).index(cell) + 1 :]
    row.remove(cell)
    _renumber(table, follow, -1)


def double_cell(table: Table, rng: Random) -> None:
    """A cell twice, what follows it moved on."""
    cell = rng.choice(table.all_cells)
    again = deepcopy(cell)
    cell.addnext(again)
    cells = table.cells(cell.getparent())
    _renumber(table, cells[cells.index(again) :], 1)


def _renumber(table: Table, cells: list[Any], by: int) -> None:
    if not table.kind.addressed:
        return
    for cell in cells:
        letters, row = _address(cell)
        cell.set("r", f"{get_column_letter(column_index_from_string(letters) + by)}{row}")


def _address(cell: Any) -> tuple[str, int]:
    match = _ADDRESS.fullmatch(cell.get("r"))
    assert match is not None
    return match[1], int(match[2])


def empty_cell(table: Table, rng: Random) -> None:
    _empty(rng.choice(table.all_cells))


def empty_column(table: Table, rng: Random) -> None:
    """The cells of one place in their rows empty, from some row on."""
    rows = table.rows
    at, start = rng.randrange(max(len(table.cells(row)) for row in rows)), rng.randrange(len(rows))
    for row in rows[start:]:
        for cell in table.cells(row)[at : at + 1]:
            _empty(cell)


def _empty(cell: Any) -> None:
    for element in cell.iter():
        if element.text and element.text.strip():
            element.text = ""
        if element is not cell and element.tail and element.tail.strip():
            element.tail = ""


def look_alike(table: Table, rng: Random) -> None:
    """A digit of a figure as the letter that looks like it."""
    figures = [e for cell in table.all_cells for e in cell.iter() if e.text and _FIGURE.fullmatch(e.text)]
    places = [
        (element, at)
        for element in figures
        for at, char in enumerate(element.text)
        if char in LOOK_ALIKES and not table.kind.addressed
    ]
    if places:
        element, at = rng.choice(places)
        element.text = element.text[:at] + LOOK_ALIKES[element.text[at]] + element.text[at + 1 :]


# -- rows --------------------------------------------------------------------------------------------------------------


def lose_row(table: Table, rng: Random) -> None:
    row = rng.choice(table.rows)
    row.getparent().remove(row)


def double_row(table: Table, rng: Random) -> None:
    row = rng.choice(table.rows)
    after = table.rows[table.rows.index(row) :]
    row.addnext(deepcopy(row))
    _move_down(table, row, after)


def _move_down(table: Table, row: Any, after: list[Any]) -> None:
    """The rows under a doubled one, and the copy, one address further down."""
    if not table.kind.addressed:
        return
    for one in [row.getnext(), *after[1:]]:
        number = int(one.get("r")) + 1
        one.set("r", str(number))
        for cell in table.cells(one):
            cell.set("r", f"{_address(cell)[0]}{number}")
    last = int(row.get("r"))
    for span in table.root.iter(*table.kind.span_elements):
        span.set("ref", _ADDRESS.sub(lambda end: f"{end[1]}{int(end[2]) + (int(end[2]) > last)}", span.get("ref")))


def move_row(table: Table, rng: Random) -> None:
    """A row at the place of another."""
    row = rng.choice(table.rows)
    other = rng.choice([one for one in table.rows if one.getparent() is row.getparent()])
    if other is row:
        return
    if table.kind.addressed:
        _exchange(table, row, other)
    else:
        other.addnext(row)


def _exchange(table: Table, one: Any, other: Any) -> None:
    """Two rows of a sheet in each other's place."""
    numbers = other.get("r"), one.get("r")
    for row, number in zip((one, other), numbers, strict=True):
        row.set("r", number)
        for cell in table.cells(row):
            cell.set("r", f"{_address(cell)[0]}{number}")
    before = one.getprevious()
    other.addprevious(one)
    if before is None:
        other.getparent().insert(0, other)
    else:
        before.addnext(other)


def rotate_row(table: Table, rng: Random) -> None:
    """The contents of a row one cell further on, the last in the first."""
    row = rng.choice(table.rows)
    cells = table.cells(row)
    if table.kind.addressed:
        addresses = [cell.get("r") for cell in cells]
        row.insert(0, cells[-1])
        for cell, address in zip(table.cells(row), addresses, strict=True):
            cell.set("r", address)
        return
    row.insert(row.index(cells[0]), cells[-1])


# -- spans -------------------------------------------------------------------------------------------------------------


def lose_span(table: Table, rng: Random) -> None:
    """One of the joined cells no more joined."""
    spans = _spans(table)
    if spans:
        rng.choice(spans)()


def lose_spans(table: Table, rng: Random) -> None:
    """No cell joined any more."""
    for lose in _spans(table):
        lose()


def _spans(table: Table) -> list[Callable[[], object]]:
    """What would take each span of a file from it."""
    found: list[Callable[[], object]] = []
    for element in table.root.iter(*table.kind.span_elements) if table.kind.span_elements else ():
        found.append(lambda element=element: element.getparent().remove(element))  # type: ignore[misc]
    for cell in table.all_cells:
        for name in table.kind.span_attributes:
            if cell.get(name) is not None:
                found.append(lambda cell=cell, name=name: cell.attrib.pop(name))  # type: ignore[misc]
    return found


_CHANGES: tuple[Change, ...] = (
    *(lose_cell, double_cell, empty_cell, empty_column, look_alike),
    *(lose_row, double_row, move_row, rotate_row),
    *(lose_span, lose_spans),
)


def table_ways(kind: Kind) -> tuple[tuple[str, Way], ...]:
    """Every damage to tables, for one format."""
    return tuple((change.__name__, in_tables(kind, change)) for change in _CHANGES)
