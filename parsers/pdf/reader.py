"""A PDF file as a Document: page by page, then joined (PDF 读取入口)."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from parsers.document import BBox, Block, Cell, Document, Grid, Paragraph, Place
from parsers.pagination import missing_pages
from parsers.pdf.attachments import embedded_files
from parsers.pdf.furniture import MarginLine, furniture, margins, settled, without_furniture
from parsers.pdf.integrity import integrity_of
from parsers.pdf.joining import join
from parsers.pdf.lines import group_lines, lines_of_page
from parsers.pdf.notes import Notes
from parsers.pdf.paragraphs import TextBlock, paragraphs
from parsers.pdf.parts import Part, from_ruled, from_unruled
from parsers.pdf.pdfium import damaged_page, open_document, pages_of
from parsers.pdf.ruled import PageTables, find_ruled
from parsers.pdf.shapes import Char, Line, PageContent, maker_of
from parsers.pdf.sheets import is_headed, side_by_side, whole_line
from parsers.pdf.unruled import UnruledTable, find_tables
from parsers.printed import joined_text
from schemas.confidence import step
from schemas.errors import DamagedFile
from schemas.vocabulary import pattern

OCR_CONFIDENCE = step("text_layer")
"""Confidence in text that somebody's OCR laid under a scan: nobody has checked it."""
LAYOUT_FAILURES = (ArithmeticError, LookupError, TypeError, ValueError)
"""What arithmetic on absurd positions raises."""
NEIGHBOURS = 2
"""Pages to either side that running headers are compared with: left and right pages can differ."""


@dataclass(frozen=True, slots=True)
class _Page:
    """A page after its ruled tables are found: what is outside them as lines, and which of these are furniture."""

    content: PageContent
    tables: PageTables
    lines: tuple[Line, ...]
    margins: tuple[MarginLine, ...]
    furniture: tuple[tuple[str, Line], ...] = ()


@dataclass(frozen=True, slots=True)
class _Item:
    """A table or paragraph of a page, before numbering; `leaf` counts pages where one in the file shows two."""

    page: int
    bbox: BBox
    body: Part | TextBlock
    leaf: int

    def follows(self, other: _Item) -> bool:
        """Whether the item stands on the page after that of the other."""
        return self.leaf == other.leaf + 1


def read_pdf(path: Path) -> Document:
    """The content of a PDF in reading order.

    Raises the errors of `schemas.errors`: FileUnavailable, EncryptedFile, DamagedFile, LimitExceeded. Pages without
    text, with a meaningless text layer, or damaged are named in `problems`; nothing is invented for them.
    """
    document = open_document(path)
    try:
        notes = Notes(path.name)
        notes.integrity(integrity_of(path))
        notes.files(embedded_files(document))
        return document_of_pages(pages_of(document, path), path, "pdf", notes)
    finally:
        document.close()


def document_of_pages(
    source: Iterator[PageContent], path: Path, file_format: str, notes: Notes | None = None
) -> Document:
    """The Document of any format that lays characters and rules on pages. Raises what `source` raises, DamagedFile.

    `notes` holds what was noted of the file as a whole.
    """
    notes = notes or Notes(path.name)
    pages = _with_running_lines(_analysed(source, notes))
    blocks = tuple(_numbered(_run_on(_joined(_whole_sheets(_page_items(pages, notes), notes), notes))))
    if all(quality == "damaged" for quality in notes.qualities.values()):
        raise DamagedFile(f"{path.name}：所有页面都已损坏，无法读取，请重新获取该文件。")
    if not blocks:
        notes.nothing_recognised()
    count = len(notes.qualities)
    problems = (*notes.problems, *missing_pages(notes.left_out, count))
    return Document(
        file_format,
        blocks,
        count,
        notes.text_source,
        None,
        problems,
        tuple(notes.left_out),
        notes.paper.ends_full,
        notes.recognised_pages,
    )


def _analysed(source: Iterator[PageContent], notes: Notes) -> Iterator[_Page]:
    """Pages with their ruled tables. A page whose layout cannot be made out costs that page."""
    for content in source:
        try:
            page = _page(content)
        except LAYOUT_FAILURES:
            page = _page(damaged_page(content.number - 1))
        notes.page(page.content)
        notes.overprinted(page.content, (cell for table in page.tables.tables for cell in table.texts))
        yield page


def _page(content: PageContent) -> _Page:
    tables = find_ruled(content)
    lines = tuple(lines_of_page(tables.rest))
    return _Page(content, tables, lines, margins(lines, (table.bbox for table in tables.tables), content.height))


def _with_running_lines(pages: Iterator[_Page]) -> Iterator[_Page]:
    """Each page with its running lines marked by the pages around it; no more pages are held than that takes."""
    before: deque[tuple[MarginLine, ...]] = deque(maxlen=NEIGHBOURS)
    window: deque[_Page] = deque()

    def first() -> _Page:
        page = window.popleft()
        near = [*before, *(other.margins for other in window)]
        before.append(settled(page.margins, near, page.lines))
        around = furniture(page.lines, page.content.height, before[-1])
        return replace(page, margins=before[-1], furniture=tuple(around))

    for page in pages:
        window.append(page)
        if len(window) > NEIGHBOURS:
            yield first()
    while window:
        yield first()


def _page_items(pages: Iterator[_Page], notes: Notes) -> Iterator[list[_Item]]:
    """The items of each page. A table without rules that ends one page may go on with a single row on the next."""
    open_table: UnruledTable | None = None
    for leaf, page in enumerate(pages):
        number = page.content.number
        try:
            unruled = _unruled(page, open_table)
            items = _items(page, unruled, leaf)
        except LAYOUT_FAILURES:
            notes.unreadable(number)
            open_table = None
            continue
        notes.furniture(number, page.furniture)
        notes.account(page.content, (text for item in items for text in _texts(item.body)), page.furniture)
        _measure(page.content, items, notes)
        yield items
        ends_page = bool(unruled and items) and items[-1].bbox == unruled[-1].bbox
        open_table = unruled[-1] if ends_page else None


def _measure(content: PageContent, items: Sequence[_Item], notes: Notes) -> None:
    """Note how much of the page is filled, and by what."""
    if not items:
        notes.paper.blank()
        return
    last = items[-1].body
    heights = [row.bbox[3] - row.bbox[1] for row in last.rows if row.bbox] if isinstance(last, Part) else []
    notes.paper.page(min(item.bbox[1] for item in items), content.height - items[-1].bbox[3], heights)


def _whole_sheets(pages: Iterator[list[_Item]], notes: Notes) -> Iterator[_Item]:
    """The items of all pages; of a sheet wider than its paper, both halves as one."""
    held: list[_Item] = []
    for items in pages:
        whole = _beside(held, items) if held else None
        if whole is None:
            yield from held
            held = items
        else:
            notes.mended(held[0].page, items[0].page)
            held = whole
    yield from held


def _beside(left: Sequence[_Item], right: Sequence[_Item]) -> list[_Item] | None:
    """The items of two pages as those of one sheet, None where each page is its own."""
    tables = [[item for item in items if isinstance(item.body, Part)] for items in (left, right)]
    if len(tables[0]) != 1 or len(tables[1]) != 1:
        return None
    first, second = tables[0][0].body, tables[1][0].body
    assert isinstance(first, Part) and isinstance(second, Part)
    table = side_by_side(first, second)
    if table is None:
        return None
    above, rest = ([item.body for item in items if isinstance(item.body, TextBlock)] for items in (left, right))
    if is_headed(first, above) and is_headed(second, rest):
        return None
    items: list[_Item] = []
    for item in left:
        if isinstance(item.body, Part):
            items.append(replace(item, body=table))
            continue
        more = whole_line(item.body, rest, (first, second))
        if more is not None:
            rest = [block for block in rest if block.bbox != more.bbox]
            item = replace(item, body=replace(item.body, text=item.body.text + more.text))
        items.append(item)
    return [*items, *(replace(left[0], bbox=block.bbox, body=block) for block in rest)]


def _texts(body: Part | TextBlock) -> Iterator[str]:
    if isinstance(body, TextBlock):
        yield body.text
    else:
        yield from (cell.text for cell in body.cells)


def _items(page: _Page, unruled: Sequence[UnruledTable], leaf: int) -> list[_Item]:
    """Tables and paragraphs of a page from top to bottom."""
    content = page.content
    lines = without_furniture(page.lines, page.furniture)
    sure = OCR_CONFIDENCE if content.text_quality == "ocr-invisible" else 1.0
    if unruled:
        boxes = [table.bbox for table in unruled]
        around = [line for line in lines if not any(_holds(box, line) for box in boxes)]
        loose = [char for line in around for char in line.chars if not _is_in_any(char, boxes)]
        lines = group_lines(loose)
    parts = [from_ruled(table, content, sure) for table in page.tables.tables]
    parts += [from_unruled(table, content, sure) for table in unruled]
    tables = [_Item(content.number, part.bbox, part, leaf) for part in parts]
    tables.sort(key=lambda item: (item.bbox[1], item.bbox[0]))
    left = min((line.x0 for line in lines), default=0.0)
    right = max((line.x1 for line in lines), default=0.0)
    stretches: list[list[Line]] = [[] for _ in range(len(tables) + 1)]
    for line in lines:
        stretches[sum(table.bbox[1] < line.top for table in tables)].append(line)
    items: list[_Item] = []
    for at, stretch in enumerate(stretches):
        items += [
            _Item(content.number, block.bbox, replace(block, bbox=content.as_seen(block.bbox)), leaf)
            for block in paragraphs(stretch, left, right)
        ]
        items += tables[at : at + 1]
    return items


def _unruled(page: _Page, continues: UnruledTable | None) -> list[UnruledTable]:
    """Tables without cell borders in the text outside ruled tables, page furniture left out."""
    content = page.content
    around = {char for _, line in page.furniture for char in line.chars}
    rest = page.tables.rest
    chars = rest.take(np.array([char not in around for char in rest], dtype=bool)) if around else rest
    return find_tables(chars, page.tables.loose_edges(), content.number, content.height, continues)


def _holds(box: BBox, line: Line) -> bool:
    """Whether a whole line lies in a box."""
    return box[0] <= line.x0 and box[1] <= line.top and line.x1 <= box[2] and line.bottom <= box[3]


def _is_in_any(char: Char, boxes: Sequence[BBox]) -> bool:
    """Whether the middle of a character lies in one of some boxes."""
    x, y = (char.x0 + char.x1) / 2, (char.top + char.bottom) / 2
    return any(x0 <= x <= x1 and top <= y <= bottom for x0, top, x1, bottom in boxes)


def _joined(items: Iterator[_Item], notes: Notes) -> Iterator[_Item]:
    """Items with tables joined over page breaks; titles repeated above the continuation go with its header."""
    table: _Item | None = None
    heading: list[str] = []
    between: list[_Item] = []
    page_texts: list[str] = []
    leaf = -1
    for item in items:
        if item.leaf != leaf:
            leaf, page_texts = item.leaf, []
        if isinstance(item.body, TextBlock):
            page_texts.append(item.body.text)
            if table is not None and item.follows(table):
                between.append(item)
                continue
        elif table is not None and isinstance(table.body, Part) and item.follows(table):
            repeats = all(isinstance(p.body, TextBlock) and _is_repeat(p.body.text, heading) for p in between)
            whole = join(table.body, item.body) if repeats else None
            if whole is not None:
                dropped = [text for part in between for text in _texts(part.body)] + list(whole.dropped)
                notes.leave("repeated_heading", item.page, "\n".join(dropped))
                table, between = replace(item, body=replace(whole, dropped=())), []
                continue
        if table is not None:
            yield table
        yield from between
        table, between = None, []
        if isinstance(item.body, Part):
            table, heading = item, list(page_texts)
        else:
            yield item
    if table is not None:
        yield table
    yield from between


def _run_on(items: Iterator[_Item]) -> Iterator[_Item]:
    """Items with paragraphs joined that a page break cuts."""
    held: _Item | None = None
    for item in items:
        whole = _one_paragraph(held, item) if held is not None and item.follows(held) else None
        if held is not None and whole is None:
            yield held
        held = item if whole is None else whole
    if held is not None:
        yield held


def _one_paragraph(first: _Item, second: _Item) -> _Item | None:
    """Both items as one paragraph if the first runs out of its page into the second."""
    before, after = first.body, second.body
    if not (isinstance(before, TextBlock) and isinstance(after, TextBlock) and before.runs_out and after.runs_in):
        return None
    return replace(first, body=replace(before, text=joined_text(before.text, after.text), runs_out=False))


_CONTINUED = pattern("continued_table")


def _is_repeat(text: str, heading: Sequence[str]) -> bool:
    return text in heading or bool(_CONTINUED.match(text.strip()))


def _numbered(items: Iterator[_Item]) -> Iterator[Block]:
    """Blocks with their locators: tables counted over the document, paragraphs on their page."""
    tables = 0
    on_page: Counter[int] = Counter()
    for item in items:
        if isinstance(item.body, Part):
            tables += 1
            yield _grid(item.body, tables)
        else:
            on_page[item.page] += 1
            place = Place(f"p{item.page} paragraph {on_page[item.page]}", item.page, item.body.bbox)
            yield Paragraph(item.body.text, place)


_as_cell = maker_of(Cell)


def _grid(part: Part, number: int) -> Grid:
    cells = tuple(
        _as_cell((row, col, text, row_span, col_span, pages[0], box, confidence, None, others))
        for row, col, row_span, col_span, text, pages, box, confidence, _, _, _, others in part.cells
    )
    rows = tuple(
        Place(f"p{'-'.join(map(str, dict.fromkeys(row.pages)))} table {number} row {index}", row.pages[0], row.bbox)
        for index, row in enumerate(part.rows, 1)
    )
    return Grid(cells, rows, part.n_cols, part.geometry, number, part.breaks)
