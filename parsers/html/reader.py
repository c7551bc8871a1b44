"""HTML → Document (读取网页): the article of a page, its tables and paragraphs in reading order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import lxml.etree

from parsers.bounded import read_at_most
from parsers.document import Block, Cell, Document, Geometry, Grid, LeftOut, Paragraph, Place, Problem
from parsers.html.divtables import read_block_table
from parsers.html.encoding import decode_page
from parsers.html.furniture import remove_furniture, source_of, start_at_heading, title_of
from parsers.html.lines import LineBuilder, is_raised, shown
from parsers.html.tables import is_layout, is_line, misspelt_in_tables, read_table, rows_of
from parsers.html.tree import BLOCKS, body_of, frame_of, parse, remove_hidden, squeezed
from parsers.html.words import page_words
from parsers.picture_forms import holds_little
from parsers.spans import grid_of
from parsers.text.dialects import blocks_of
from parsers.zipped import Element
from schemas.confidence import step

FORMAT = "html"
MAX_BYTES = 64 * 1024 * 1024

_OFFICE = re.compile(r"urn:schemas-microsoft-com:office|word\.document|excel\.sheet|microsoft|libreoffice|wps", re.I)
_HEADING = re.compile(r"h([1-6])$")
_BLOCK_TABLE_CONFIDENCE = step("block_table")
_GAP = "    "
_PICTURE_SIDE = 200
_SHORTEST_TITLE = 6
_TITLE_LINES = 8
"""Among so many first lines of an article its title is looked for."""


def read_html(path: Path) -> Document:
    """Reads a web page, or what Word, Excel or WPS saved as one.

    Raises FileUnavailable or LimitExceeded.
    """
    return read_page(read_at_most(path, MAX_BYTES, "请只保留正文"), path.name)


def read_page(data: bytes, name: str, said_encoding: str | None = None) -> Document:
    """The Document of a page's bytes; `name` is what messages call it. Raises LimitExceeded."""
    text, encoding = decode_page(data, said_encoding)
    root = parse(text, name)
    words = page_words()
    is_saved = _is_saved_by_office(root)
    title = "" if is_saved else title_of(root, words)
    sources = [] if is_saved else [line for line in (source_of(root, words),) if line]
    has_frames = next(root.iter("frameset", "iframe"), None) is not None
    body = body_of(root)
    has_pictures = any(_is_large(picture) for picture in body.iter("img"))
    remove_hidden(root)
    if not is_saved:
        sources += remove_furniture(root)
        start_at_heading(root, title)
    blocks = list(_Walk(name).blocks(body))
    blocks = [*_missing_title(title, blocks), *blocks, *_source_lines(sources)]
    if blocks:
        has_pictures = any(_is_large(picture) for picture in body.iter("img"))
    problems = list(_elsewhere(name, blocks, has_pictures, has_frames))
    if _breaks_off(text):
        said = f"网页《{name}》在表格中间中断，其后的内容可能缺失；请重新获取该网页。"
        problems.append(Problem("page_cut_off", said))
    if found := misspelt_in_tables(body):
        said = f"网页《{name}》的表格里有不认识的标记“{found}”，其中的单元格可能没有读到；请重新获取该网页。"
        problems.append(Problem("page_damaged", said))
    frame = tuple(LeftOut("page_frame", text, Place("page frame")) for text in frame_of(root))
    return Document(FORMAT, tuple(blocks), encoding=encoding, problems=tuple(problems), left_out=frame)


def _breaks_off(text: str) -> bool:
    """Whether the page ends inside a table, as after a broken download."""
    plain = text.lower()
    opened = plain.rfind("<table")
    return opened >= 0 and not any(end in plain[opened:] for end in ("</table", "</body", "</html"))


def _is_saved_by_office(root: Element) -> bool:
    """Whether an office program saved the page: it has no furniture, and its title is nobody's care."""
    marks = [*root.attrib.values()]
    marks += [meta.get("content") or "" for meta in root.iter("meta") if (meta.get("name") or "").lower() in _MAKERS]
    return any(_OFFICE.search(mark) for mark in marks)


_MAKERS = ("progid", "generator", "originator")


def _is_large(picture: Element) -> bool:
    sides = [
        int(digits[0]) for name in ("width", "height") if (digits := re.match(r"\d{1,5}", picture.get(name) or ""))
    ]
    return not sides or min(sides) >= _PICTURE_SIDE


def _missing_title(title: str, blocks: list[Block]) -> Iterator[Paragraph]:
    """The title of the page's head, where the article itself does not begin with it."""
    if title and blocks:
        wanted = "".join(title.split())
        first = ["".join(block.text.split()) for block in blocks[:_TITLE_LINES] if isinstance(block, Paragraph)]
        if not any(wanted in line or (line in wanted and len(line) >= _SHORTEST_TITLE) for line in first):
            yield Paragraph(title, Place("page title"), 1)


def _source_lines(sources: list[str]) -> list[Paragraph]:
    return [Paragraph(line, Place("page source")) for line in dict.fromkeys(sources)]


def _elsewhere(name: str, blocks: Sequence[Block], has_pictures: bool, has_frames: bool) -> Iterator[Problem]:
    """What is said of a page whose content is in its pictures or frames."""
    if has_pictures and holds_little(blocks):
        said = f"网页《{name}》除标题外只有图片，图片中的文字没有读取；请提供原件或可选取文字的文件。"
        yield Problem("image_only", said)
    elif has_frames and not blocks:
        yield Problem("external_part", f"网页《{name}》的内容在另外的框架页里，未能读取；请提供框架中的网页。")


class _Walk:
    """One pass over an article: lines become paragraphs, tables grids."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._tables = 0
        self._paragraphs = 0

    def blocks(self, body: Element) -> Iterator[Block]:
        line = LineBuilder()
        levels: list[int] = []
        numbers: list[int] = []
        walk = lxml.etree.iterwalk(body, events=("start", "end"))
        for event, element in walk:
            tag = element.tag
            heading = _HEADING.match(tag)
            if event == "end":
                if tag in BLOCKS:
                    yield from self._paragraph(line.take(), levels[-1] if levels else None)
                if heading and levels:
                    levels.pop()
                if tag == "ol" and numbers:
                    numbers.pop()
                if element is not body:
                    line.add(element.tail)
                continue
            if tag in BLOCKS or tag == "br":
                yield from self._paragraph(line.take(), levels[-1] if levels else None)
            if heading:
                levels.append(int(heading[1]))
            if tag == "ol":
                numbers.append(0)
            found = self._special(element)
            if found is not None:
                yield from found
                walk.skip_subtree()
            elif tag == "input":
                line.add(shown(element))
            elif is_raised(element):
                line.add_raised(element)
                walk.skip_subtree()
            elif tag != "option" or element.get("selected") is not None:
                if tag == "li" and numbers and element.getparent().tag == "ol":
                    numbers[-1] += 1
                    line.label = f"{numbers[-1]}. "
                line.add(element.text, keeps_spaces=tag == "textarea")
        yield from self._paragraph(line.take(), None)

    def _special(self, element: Element) -> list[Block] | None:
        """The blocks of an element that is no run of lines: a table, a table of blocks, text set as typed."""
        if element.tag == "table":
            if is_line(element):
                return list(self._line_table(element))
            return None if is_layout(element) else list(self._table(element))
        if element.tag == "pre":
            return self._typed(element)
        if element.tag in ("div", "section", "ul", "dl", "form", "article"):
            rows = read_block_table(element)
            return None if rows is None else [self._block_table(rows)]
        return None

    def _paragraph(self, text: str, level: int | None) -> Iterator[Paragraph]:
        if text:
            self._paragraphs += 1
            yield Paragraph(text, Place(f"paragraph {self._paragraphs}"), level)

    def _line_table(self, table: Element) -> Iterator[Paragraph]:
        texts = [" ".join(cell.text_content().split()) for row in rows_of(table) for cell in row]
        yield from self._paragraph(_GAP.join(text for text in texts if text), None)

    def _table(self, table: Element) -> Iterator[Block]:
        source = read_table(table)
        yield from self._paragraph(source.caption, None)
        if not any(cell.text for row in source.rows for cell in row):
            return
        self._tables += 1
        grid = grid_of(source.rows, self._tables)
        if grid is not None:
            yield grid
        for nested in source.nested:
            if squeezed(nested):
                yield from self.blocks(nested) if is_layout(nested) else self._table(nested)

    def _block_table(self, rows: list[list[str]]) -> Grid:
        self._tables += 1
        places = tuple(Place(f"table {self._tables} row {row}") for row in range(1, len(rows) + 1))
        cells = tuple(
            Cell(row, column, text, confidence=_BLOCK_TABLE_CONFIDENCE)
            for row, texts in enumerate(rows)
            for column, text in enumerate(texts)
        )
        widths = {len(row) for row in rows}
        geometry: Geometry = "slots" if len(widths) == 1 else "sequence"
        return Grid(cells, places, max(widths), geometry, self._tables)

    def _typed(self, element: Element) -> list[Block]:
        """Text set as it was typed may hold a table in one of the dialects of text files."""
        found, _ = blocks_of(element.text_content().replace("\xa0", " ").splitlines())
        numbered: list[Block] = []
        for block in found:
            if isinstance(block, Grid):
                self._tables += 1
                block = Grid(block.cells, block.rows, block.n_cols, block.geometry, self._tables, (), block.confidence)
            numbered.append(block)
        return numbered
