"""What a report shows of the source beside a finding (原文): its page, or its own rows and lines around the place.

A file may be gone or changed since it was read: then the printed values of the dataset stand in, with the values
concerned marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal

from pipeline.audit.findings import AuditFinding, Cited
from pipeline.audit.loading import Row
from pipeline.checks.printed import plain
from pipeline.originals.crops import places
from pipeline.originals.excerpts import pieces
from pipeline.originals.model import (
    PAGED,
    Drawn,
    Excerpt,
    Excerpts,
    Mark,
    MarkedBox,
    PageImage,
    PagePlace,
    Place,
    PlacedValue,
    Source,
    TextPlace,
    Value,
)
from schemas.locators import in_words
from schemas.records import Amount, BBox, DocumentRow, Evaluation, FundingRow, Indicator

GONE = "原文件已变或不在，以下为入库时读到的内容。"
NOT_DRAWN = "原文件此处无法画出，以下为入库时读到的内容。"

_COLUMNS: dict[type, tuple[str, ...]] = {
    Evaluation: ("total_points_raw", "total_score_raw", "grade"),
    FundingRow: (
        "label",
        "initial_budget_raw",
        "annual_budget_raw",
        "executed_raw",
        "arrived_raw",
        "points_raw",
        "execution_rate_raw",
        "score_raw",
        "unit_raw",
    ),
    Indicator: (
        "level1",
        "level1_points",
        "level2",
        "level3",
        "target_raw",
        "actual_raw",
        "points_raw",
        "score_raw",
        "deviation",
    ),
    Amount: ("label", "measure", "fiscal_year", "value_raw", "unit_raw"),
}
_TITLES = {
    (record, field.name): str(field.metadata["zh"]).partition("（")[0].partition("：")[0]
    for record in _COLUMNS
    for field in fields(record)
}
_SUFFIX = re.compile(r"_(?:wanyuan|pct|value|high|op|unit)$")

_NUMBERED = re.compile(r"(.*\D)(\d+)(\D*)")
"""A place that ends in a number: what stands before it, the number, what stands behind."""


@dataclass(frozen=True, slots=True)
class SmallTable:
    """Rows of one kind with their printed values (小表): `places` says for each where it stands."""

    head: tuple[str, ...]
    rows: tuple[tuple[Value, ...], ...]
    places: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shot:
    """A picture with what it shows (截图)."""

    picture: PageImage
    page: int
    caption: str


@dataclass(frozen=True, slots=True)
class Cutting:
    """An excerpt with what it shows (摘录)."""

    excerpt: Excerpt
    caption: str


@dataclass(frozen=True, slots=True)
class Exhibit:
    """What one document shows about a finding (一份文件中的原文).

    `shots` and `cuttings` show the source itself; `tables` and `sentences` what the dataset holds of it, where that is
    all there is. `note` says why a source is not shown.
    """

    document: DocumentRow
    shots: tuple[Shot, ...]
    cuttings: tuple[Cutting, ...]
    tables: tuple[SmallTable, ...]
    sentences: tuple[tuple[Value, ...], ...]
    note: str


def wanted(findings: Iterable[AuditFinding], paged: frozenset[str] = PAGED) -> dict[Source, list[Place]]:
    """Everything the findings ask for, by file; `paged` are the formats whose pages can be shown as pictures."""
    asked: dict[Source, list[Place]] = {}
    for finding in findings:
        for cells in _by_document(finding):
            asked.setdefault(source(cells[0].document), []).extend(_places(finding, cells, paged))
    return asked


def source(document: DocumentRow) -> Source:
    """The file of a document."""
    return Source(document.local_path or document.source_uri, document.document_id)


def exhibits(finding: AuditFinding, drawn: Drawn, paged: frozenset[str] = PAGED) -> tuple[Exhibit, ...]:
    """What to show beside a finding, one exhibit a document; `paged` as it was for `wanted`."""
    return tuple(_exhibit(finding, cells, drawn, paged) for cells in _by_document(finding))


def main_cell(finding: AuditFinding) -> Cited | None:
    """The value that was reported: what the check names so, else the first."""
    reported = finding.check.reported
    found = (cell for cell in finding.cells if reported and cell.shown == reported)
    return next(found, finding.cells[0] if finding.cells else None)


def _by_document(finding: AuditFinding) -> list[list[Cited]]:
    grouped: dict[str, list[Cited]] = {}
    for cell in finding.cells:
        grouped.setdefault(cell.document.document_id, []).append(cell)
    return list(grouped.values())


def _exhibit(finding: AuditFinding, cells: Sequence[Cited], drawn: Drawn, paged: frozenset[str]) -> Exhibit:
    document = cells[0].document
    file = source(document)
    asked = list(_places(finding, cells, paged))
    shown = [(place, drawn.shown[file, place]) for place in asked if (file, place) in drawn.shown]
    shots = tuple(
        Shot(picture, place.page, f"第{place.page}页")
        for place, picture in shown
        if isinstance(place, PagePlace) and isinstance(picture, PageImage)
    )
    texts = [found for _, found in shown if isinstance(found, Excerpts)]
    cuttings = tuple(Cutting(part, _caption(part)) for found in texts for part in found.parts)
    note = ""
    if (file, None) in drawn.failed:
        note = GONE
    elif len(shown) < len(asked):
        note = NOT_DRAWN
    whole = bool(asked) and not note and all(found.complete for found in texts)
    if whole and (texts or all(_box(cell) for cell in cells)):
        return Exhibit(document, shots, cuttings, (), (), "")
    tables, sentences = tuple(_tables(finding, cells)), tuple(_sentences(finding, cells))
    return Exhibit(document, shots, cuttings, tables, sentences, note)


def _caption(excerpt: Excerpt) -> str:
    """Where an excerpt stands, from its first row concerned to its last: 表1 第4—6行."""
    first, last = (_NUMBERED.fullmatch(place) for place in excerpt.places)
    if first and last and first[1] == last[1] and first[2] != last[2]:
        return in_words(f"{first[1]}{first[2]}-{last[2]}{last[3]}")
    return "—".join(dict.fromkeys(in_words(place) for place in excerpt.places))


def _places(finding: AuditFinding, cells: Sequence[Cited], paged: frozenset[str]) -> Iterator[Place]:
    """What to show of one document: pages in order, rows from the top down; the values where there are no pages."""
    if cells[0].document.format in paged:
        yield from _page_places(finding, cells)
        return
    main = main_cell(finding)
    figures = (
        PlacedValue(cell.place.locator, _raw(cell), cell is main, cell.place.page, cell.place.bbox)
        for cell in cells
        if cell.place.locator
    )
    found = tuple(dict.fromkeys(figures))
    if found:
        yield TextPlace(found)


def _raw(cell: Cited) -> str:
    """What is printed for a value, as far as it is known."""
    if isinstance(cell.row, Amount):
        return cell.row.value_raw or ""
    column = _SUFFIX.sub("", cell.subject.column) + "_raw"
    printed = getattr(cell.row, column, None) or getattr(cell.row, cell.subject.column, None)
    return cell.place.raw or (printed if isinstance(printed, str) else "")


def _page_places(finding: AuditFinding, cells: Sequence[Cited]) -> Iterator[PagePlace]:
    main = main_cell(finding)
    boxes: dict[int, dict[BBox, bool]] = {}
    rows: dict[int, list[BBox]] = {}
    for cell in cells:
        place, row, box = cell.place, cell.row, _box(cell)
        if place.page is None or box is None:
            continue
        on_page = boxes.setdefault(place.page, {})
        on_page[box] = on_page.get(box, False) or cell is main
        if row is not None and not isinstance(row, Evaluation) and row.bbox and row.page == place.page:
            rows.setdefault(place.page, []).append(row.bbox)
    for page in sorted(boxes):
        yield from places(page, rows.get(page, ()), [MarkedBox(bbox, main) for bbox, main in boxes[page].items()])


def _box(cell: Cited) -> BBox | None:
    """Where a value stands on its page; the title of a form is not the place of a fact whose own is not known."""
    row = cell.row
    if isinstance(row, Evaluation) and all(own.column != cell.subject.column for own in row.cells):
        return None
    return cell.place.bbox


def _tables(finding: AuditFinding, cells: Sequence[Cited]) -> Iterator[SmallTable]:
    """The rows the values stand in, as a table for each kind; figures in sentences are shown in these."""
    marks = _marks(finding, cells)
    for record, columns in _COLUMNS.items():
        rows = [row for row in _rows(cells) if type(row) is record and not _in_sentence(row)]
        marked = [column for row in rows for column in marks.get(id(row), {})]
        beside = columns if record is not Evaluation or any(column in columns for column in marked) else ()
        shown = {column for column in beside if any(_text(row, column) for row in rows)} | set(marked)
        used = [column for column in dict.fromkeys((*columns, *marked)) if column in shown]
        if rows and used:
            yield SmallTable(
                tuple(_TITLES[record, column] for column in used),
                tuple(
                    tuple(Value(_text(row, column), marks.get(id(row), {}).get(column, "")) for column in used)
                    for row in rows
                ),
                tuple(_row_place(row, cells) for row in rows),
            )


def _row_place(row: Row, cells: Sequence[Cited]) -> str:
    """Where a row stands; the facts of a form's head stand each in a place of its own."""
    if isinstance(row, Evaluation):
        return "；".join(dict.fromkeys(in_words(cell.place.locator) for cell in cells if cell.row is row))
    return in_words(row.locator)


def _sentences(finding: AuditFinding, cells: Sequence[Cited]) -> Iterator[tuple[Value, ...]]:
    """Each sentence that figures stand in, the figures marked."""
    main = main_cell(finding)
    found: dict[str, dict[str, Mark]] = {}
    for cell in cells:
        row = cell.row
        if isinstance(row, Amount) and _in_sentence(row):
            marks = found.setdefault(row.context or row.value_raw or "", {})
            if row.value_raw:
                marks[row.value_raw] = "main" if cell is main or marks.get(row.value_raw) == "main" else "part"
    for sentence, marks in found.items():
        yield tuple(pieces(sentence, marks))


def _in_sentence(row: Row) -> bool:
    return isinstance(row, Amount) and row.origin == "prose"


def _rows(cells: Sequence[Cited]) -> list[Row]:
    """Each row once, in the order of the document."""
    rows = {id(cell.row): cell.row for cell in cells if cell.row is not None}
    return sorted(rows.values(), key=lambda row: (_evaluation_id(row), row.ordinal))


def _evaluation_id(row: Row) -> str:
    return row.evaluation_id or ""


def _marks(finding: AuditFinding, cells: Sequence[Cited]) -> dict[int, dict[str, Mark]]:
    """The marked columns of each row, by the columns they are shown in."""
    main = main_cell(finding)
    marks: dict[int, dict[str, Mark]] = {}
    for cell in cells:
        if cell.row is None:
            continue
        columns = _COLUMNS[type(cell.row)]
        raw = _SUFFIX.sub("", cell.subject.column) + "_raw"
        column = raw if raw in columns else cell.subject.column
        if (type(cell.row), column) in _TITLES:
            own = marks.setdefault(id(cell.row), {})
            own[column] = "main" if cell is main or own.get(column) == "main" else "part"
    return marks


def _text(row: Row, column: str) -> str:
    """What is printed in a column; where that was not kept, the value."""
    value = getattr(row, column)
    if value is None and column.endswith("_raw"):
        stem = column.removesuffix("_raw")
        names = (stem, f"{stem}_wanyuan", f"{stem}_pct")
        value = next((found for name in names if (found := getattr(row, name, None)) is not None), None)
    if value is None:
        return ""
    return plain(value) if isinstance(value, Decimal) else str(value)
