"""Excerpts of a source as tables of a Word paper (原文摘录的 Word 表格)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.sax.saxutils import escape

from markupsafe import Markup

from pipeline.audit.evidence import Cutting
from pipeline.originals.model import ExcerptCell, LinesExcerpt, Mark, TableExcerpt, Value

_NO_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_HALF_POINTS = 16
"""Type of 8 points: a wide form fits the page."""
_HEAD_FILL = "F1F3F6"
_FILLS: dict[Mark, str] = {"main": "FBE3E1", "part": "E3EDFA"}
_COLOURS: dict[Mark, str] = {"main": "C81E1E", "part": "145ABE"}
_BORDERS = "".join(
    f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="9AA3AE"/>'
    for side in ("top", "left", "bottom", "right", "insideH", "insideV")
)
_TABLE = (
    f'<w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{_BORDERS}</w:tblBorders>'
    '<w:tblLayout w:type="autofit"/></w:tblPr>'
)


def word_excerpts(cuttings: Iterable[Cutting]) -> Markup:
    """The excerpts with their captions, as the XML that stands in the place of a paragraph; empty where there are none.

    Everything the source says is text in it, never markup.
    """
    return Markup("".join(part for cutting in cuttings for part in _parts(cutting)))


def _parts(cutting: Cutting) -> Iterator[str]:
    yield _paragraph([Value(f"原文　{cutting.caption}")])
    if isinstance(cutting.excerpt, TableExcerpt):
        yield _table(cutting.excerpt)
        yield _paragraph([])
    else:
        yield from _lines(cutting.excerpt)


def _lines(excerpt: LinesExcerpt) -> Iterator[str]:
    for number, line in excerpt.lines:
        yield _paragraph([Value(f"{number}　" if number else ""), *line])


def _table(excerpt: TableExcerpt) -> str:
    columns = "<w:gridCol/>" * excerpt.n_cols
    return f"<w:tbl>{_TABLE}<w:tblGrid>{columns}</w:tblGrid>{''.join(_rows(excerpt))}</w:tbl>"


def _rows(excerpt: TableExcerpt) -> Iterator[str]:
    """The rows; where a cell from above reaches into one, the piece of it that Word wants there."""
    above: dict[int, tuple[int, int]] = {}
    """By first column, how many rows a cell from above still reaches, and its width."""
    for row in excerpt.rows:
        if row is None:
            yield f"<w:tr>{_cell(ExcerptCell(Value('……'), col_span=excerpt.n_cols))}</w:tr>"
            continue
        cells, at, waiting = [], 0, list(row)
        below: dict[int, tuple[int, int]] = {}
        while at < excerpt.n_cols and (waiting or at in above):
            if at in above:
                left, width = above[at]
                cells.append(_piece(width))
            else:
                one = waiting.pop(0)
                left, width = one.row_span, one.col_span
                cells.append(_cell(one))
            if left > 1:
                below[at] = (left - 1, width)
            at += width
        above = below
        yield f"<w:tr>{''.join(cells)}</w:tr>"


def _piece(width: int) -> str:
    return f'<w:tc><w:tcPr><w:gridSpan w:val="{width}"/><w:vMerge/></w:tcPr><w:p/></w:tc>'


def _cell(cell: ExcerptCell) -> str:
    fill = _FILLS.get(cell.value.mark) or (_HEAD_FILL if cell.head else "")
    properties = (
        f'<w:gridSpan w:val="{cell.col_span}"/>',
        '<w:vMerge w:val="restart"/>' if cell.row_span > 1 else "",
        f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else "",
    )
    return f"<w:tc><w:tcPr>{''.join(properties)}</w:tcPr>{_paragraph([cell.value])}</w:tc>"


def _paragraph(pieces: Iterable[Value]) -> str:
    return f'<w:p><w:pPr><w:spacing w:after="0"/></w:pPr>{"".join(_run(piece) for piece in pieces if piece.text)}</w:p>'


def _run(piece: Value) -> str:
    bold = "<w:b/>" if piece.mark else ""
    colour = f'<w:color w:val="{_COLOURS[piece.mark]}"/>' if piece.mark else ""
    lines = escape(_NO_XML.sub("", piece.text)).replace("\t", "</w:t><w:tab/><w:t>").split("\n")
    texts = "<w:br/>".join(f'<w:t xml:space="preserve">{line}</w:t>' for line in lines)
    return f'<w:r><w:rPr>{bold}{colour}<w:sz w:val="{_HALF_POINTS}"/></w:rPr>{texts}</w:r>'
