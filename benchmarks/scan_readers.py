"""Readers of scanned tables side by side: CPU seconds a page, rows right (扫描表格读取对比).

    PYTHONPATH=. python benchmarks/scan_readers.py FOLDER ... [--most N]

FOLDER is what `benchmarks.scanned` writes: PDFs of pictures, in folders by kind, with `truth.json`. Every reader reads
the first N files of every kind once, in this process; loading its models is part of the first. What counts as a right
row is told in `pdf_readers.py`; a cell that is wrong by one character makes its row wrong.

Readers that are not installed are skipped with the reason: rapidocr, wired-table-rec (0.0.3, the last whose wheel holds
its model), img2table; best in a virtual environment of their own, beside this project's dependencies.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2 as pdfium
from pdf_readers import Rows, _TableRows, compare, page_count, truth_of, ziping

DPI = 200
Reader = Callable[[Path], Rows]


def pictures(path: Path) -> Iterator[Any]:
    """The pages as other readers take them: rows of blue, green, red."""
    for page in pdfium.PdfDocument(path):
        yield np.array(page.render(scale=DPI / 72).to_numpy()[:, :, :3])


@cache
def recogniser() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR()


def lines(picture: Any) -> list[tuple[Any, str, float]]:
    """The lines of text that rapidocr finds by itself: box, text, score."""
    found = recogniser()(picture)
    return [] if found.boxes is None else list(zip(found.boxes, found.txts, found.scores, strict=True))


def rapidocr(path: Path) -> Rows:
    """Lines beside each other as rows: what recognition alone gives."""
    rows: Rows = []
    for picture in pictures(path):
        bottom = -1.0
        for box, text, _ in sorted(lines(picture), key=lambda line: float(line[0][:, 1].mean())):
            middle = float(box[:, 1].mean())
            if middle > bottom:
                rows.append([])
                bottom = float(box[:, 1].max())
            rows[-1].append(text)
    return rows


@cache
def wired() -> Any:
    from wired_table_rec import WiredTableRecognition

    return WiredTableRecognition()


def wired_table_rec(path: Path) -> Rows:
    rows: Rows = []
    for picture in pictures(path):
        html = wired()(picture, [[box.tolist(), text, score] for box, text, score in lines(picture)])[0]
        rows += _TableRows.read(html)
    return rows


def img2table(path: Path) -> Rows:
    from img2table.document import PDF
    from img2table.ocr import RapidOCR
    from rapidocr import LangRec

    tables = PDF(str(path)).extract_tables(ocr=RapidOCR({"Rec.lang_type": LangRec.CH}), borderless_tables=True)
    frames = [table.df for page in tables.values() for table in page]
    return [["" if cell is None else str(cell) for cell in row] for frame in frames for row in frame.values.tolist()]


READERS: dict[str, tuple[tuple[str, ...], Reader]] = {
    "ziping": (("parsers",), ziping),
    "rapidocr": (("rapidocr",), rapidocr),
    "rapidocr + wired-table-rec": (("rapidocr", "wired_table_rec"), wired_table_rec),
    "rapidocr + img2table": (("rapidocr", "img2table"), img2table),
}


def available() -> dict[str, Reader]:
    """The readers that can run here; says why the others cannot."""
    found: dict[str, Reader] = {}
    for name, (modules, read) in READERS.items():
        missing = [module for module in modules if importlib.util.find_spec(module) is None]
        if missing:
            print(f"skipped {name}: not installed: {', '.join(missing)}", file=sys.stderr)
        else:
            found[name] = read
    return found


def main() -> int:
    """Read, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--most", type=int, default=2, help="files of every kind")
    options = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = "1"
    kinds: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(path for folder in options.folders for path in folder.rglob("*.pdf")):
        kinds[path.parent.name].append(path)
    readers = available()
    print(f"| kind | rows | {' | '.join(readers)} |\n|---|---|{'---|' * len(readers)}")
    for kind, paths in kinds.items():
        chosen = paths[: options.most]
        wanted = sum(len(rows) for path in chosen for rows in truth_of(path).values())
        told = [_told(read, chosen, wanted) for read in readers.values()]
        print(f"| {kind} | {wanted} | {' | '.join(told)} |", flush=True)
    return 0


def _told(read: Reader, paths: list[Path], wanted: int) -> str:
    """Rows right and CPU seconds a page of one reader on the files of a kind."""
    began, right, failed = time.process_time(), 0, 0
    for path in paths:
        try:
            right += compare(read(path), truth_of(path))[0]
        except Exception as error:  # a reader under comparison may fail in any way; that is its result
            print(f"{path.name}: {type(error).__name__}: {error}", file=sys.stderr)
            failed += 1
    seconds = (time.process_time() - began) / max(sum(map(page_count, paths)), 1)
    return f"{right / max(wanted, 1):.1%}, {seconds:.1f} s" + (f", failed on {failed}" if failed else "")


if __name__ == "__main__":
    raise SystemExit(main())
