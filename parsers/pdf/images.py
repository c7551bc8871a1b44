"""An image file as a Document: its pictures are read as the pages of a PDF (图片文件读取入口)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from parsers.detect import detect_format
from parsers.document import Document
from parsers.pdf.pdfium import pages_of, read_pages
from parsers.pdf.reader import document_of_pages
from parsers.pdf.shapes import PageContent
from parsers.scan.models import are_installed
from schemas.errors import UnsupportedFormat


def read_image(path: Path) -> Document:
    """The content of a photograph or scan. Raises what `read_pages` raises, UnsupportedFormat without recognition."""
    name = detect_format(path)
    if not are_installed():
        raise UnsupportedFormat(f"{path.name}：未安装文字识别组件，无法读取图片。", code=f"unsupported_{name}")
    return document_of_pages(read_pages(path), path, name)


def pages_of_pictures(pictures: Iterable[bytes], path: Path) -> Iterator[PageContent]:
    """The pages that the pictures inside the file at `path` show. Raises DamagedFile where none can be read."""
    from parsers.scan.images import pictures_as_pdf  # late: few runs meet pictures inside files

    document = pictures_as_pdf(pictures, path.name)
    try:
        yield from pages_of(document, path)
    finally:
        document.close()
