"""Files that are no good end with their error; real ones come out whole."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from itertools import pairwise
from pathlib import Path

import pytest
from pdf_build import form_page, grids, pdf
from PIL import Image, ImageChops
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfgen.canvas import Canvas

from parsers.document import Document
from parsers.pdf.picture import draw_page
from parsers.pdf.reader import read_pdf
from schemas.errors import DamagedFile, EncryptedFile, FileUnavailable, ReadError

SHARED = Path(__file__).parents[1].parent / "shared"


def encrypted(path: Path, user: str) -> Path:
    canvas = Canvas(str(path), encrypt=StandardEncryption(user, ownerPassword="owner"))
    canvas.drawString(100, 500, "text")
    canvas.save()
    return path


def test_a_password_is_asked_for_only_where_there_is_one(tmp_path: Path) -> None:
    with pytest.raises(EncryptedFile, match="密码"):
        read_pdf(encrypted(tmp_path / "a.pdf", "secret"))
    assert read_pdf(encrypted(tmp_path / "b.pdf", "")).page_count == 1


def test_what_is_no_pdf_is_damaged(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"")
    (tmp_path / "b.pdf").write_bytes(b"PK\x03\x04 not a pdf at all")
    (tmp_path / "c.pdf").write_bytes(pdf(tmp_path / "d.pdf", form_page).read_bytes()[:300])
    for name in ("a.pdf", "b.pdf", "c.pdf"):
        with pytest.raises(DamagedFile, match=name):
            read_pdf(tmp_path / name)


def test_a_missing_file_may_come_back(tmp_path: Path) -> None:
    with pytest.raises(FileUnavailable) as caught:
        read_pdf(tmp_path / "none.pdf")
    assert caught.value.transient


def test_the_picture_shows_the_page_with_its_cells(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", form_page)
    found = grids(read_pdf(path))
    draw_page(path, 1, tmp_path / "plain.png", [], {})
    draw_page(path, 1, tmp_path / "drawn.png", found, {})
    plain, drawn = Image.open(tmp_path / "plain.png"), Image.open(tmp_path / "drawn.png")
    assert plain.size == drawn.size == (1191, 1684)
    assert len(drawn.getcolors(100_000)) > len(plain.getcolors(100_000))
    with pytest.raises(ReadError, match="第 2 页"):
        draw_page(path, 2, tmp_path / "none.png", found, {})


def test_a_label_is_no_wider_than_its_cell(tmp_path: Path) -> None:
    path = pdf(tmp_path / "a.pdf", form_page)
    box = (100.0, 200.0, 140.0, 230.0)
    for name, labels in (("plain", {}), ("labelled", {box: "annual_budget" * 3})):
        draw_page(path, 1, tmp_path / f"{name}.png", [], labels)
    plain, labelled = Image.open(tmp_path / "plain.png"), Image.open(tmp_path / "labelled.png")
    left, top, right, bottom = ImageChops.difference(plain, labelled).getbbox()
    assert 200 <= left < 210 and 260 < right <= 280 and 380 < top < bottom < 420


def squeezed(text: str | None) -> str:
    return "".join((text or "").split())


def grid_rows(document: Document) -> list[Counter[str]]:
    """For each row of all grids, the texts of the cells that reach it, and of two and three neighbours together."""
    rows: list[Counter[str]] = []
    for grid in grids(document):
        by_row: dict[int, list[str]] = defaultdict(list)
        for cell in grid.cells:
            for row in range(cell.row, cell.row + cell.row_span):
                by_row[row].append(squeezed(cell.text))
        for texts in by_row.values():
            joined = [a + b for a, b in pairwise(texts)]
            joined += [a + b + c for a, b, c in zip(texts, texts[1:], texts[2:], strict=False)]
            rows.append(Counter(texts + joined))
    return rows


@pytest.mark.skipif(not SHARED.exists(), reason="the shared development set is not on this machine")
@pytest.mark.parametrize("folder", ["pdf_office", "long"])
def test_development_forms_have_every_row(folder: str) -> None:
    truth = json.loads((SHARED / "devset" / "truth.json").read_text(encoding="utf-8"))
    total = right = 0
    for name, evaluations in truth.items():
        if not name.startswith(folder):
            continue
        rows = grid_rows(read_pdf(SHARED / "devset" / name))
        for evaluation in evaluations:
            for item in evaluation["indicators"]:
                wanted = [squeezed(item.get(key)) for key in ("l2", "l3", "target", "actual", "points", "score")]
                total += 1
                right += any(all(text in row for text in wanted if text) for row in rows)
    assert total and right >= 0.995 * total


@pytest.mark.skipif(not SHARED.exists(), reason="the shared real files are not on this machine")
@pytest.mark.parametrize("path", sorted((SHARED / "robust" / "pdf").glob("*.pdf"))[::8], ids=lambda path: path.name)
def test_hostile_files_end_with_a_document_or_an_error(path: Path) -> None:
    try:
        document = read_pdf(path)
    except ReadError as error:
        assert path.name in str(error)
    else:
        assert document.page_count
