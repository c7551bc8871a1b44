"""MHT, MHTML → Document (读取单一文件网页): a page kept with its parts in the form of a mail message."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from email import policy
from email.message import Message
from email.parser import BytesParser
from pathlib import Path

from parsers.bounded import read_at_most
from parsers.document import Block, Document, Grid, Place
from parsers.html.reader import MAX_BYTES, read_page
from schemas.errors import DamagedFile

FORMAT = "mht"
_MAX_PARTS = 200


def read_mht(path: Path) -> Document:
    """Reads the page of an MHT; a workbook saved as one has a page for each sheet.

    Raises DamagedFile, FileUnavailable, LimitExceeded.
    """
    data = read_at_most(path, MAX_BYTES, "请只保留正文")
    pages = list(_pages(BytesParser(policy=policy.compat32).parsebytes(data)))
    if not pages:
        raise DamagedFile(f"《{path.name}》里没有网页正文，文件不完整；请用浏览器打开后另存为网页再试。")
    documents = [read_page(body, path.name, charset) for body, charset in pages]
    shown = [document for document in documents if document.blocks] or documents[:1]
    blocks = tuple(_numbered(block for document in shown for block in document.blocks))
    problems = tuple(problem for document in shown for problem in document.problems)
    left_out = tuple(entry for document in shown for entry in document.left_out)
    return replace(shown[0], format=FORMAT, blocks=blocks, problems=problems, left_out=left_out)


def _pages(message: Message) -> Iterator[tuple[bytes, str | None]]:
    """The bytes of each HTML part and the encoding its header states."""
    for number, part in enumerate(message.walk()):
        if number > _MAX_PARTS:
            return
        if part.get_content_type() == "text/html":
            body = part.get_payload(decode=True)
            if isinstance(body, bytes) and body.strip():
                yield body, part.get_content_charset()


def _numbered(blocks: Iterator[Block]) -> Iterator[Block]:
    """Blocks of several pages with their tables counted over all of them."""
    number = 0
    for block in blocks:
        if isinstance(block, Grid):
            number += 1
            rows = tuple(Place(f"table {number} row {row}") for row in range(1, block.n_rows + 1))
            block = replace(block, number=number, rows=rows)
        yield block
