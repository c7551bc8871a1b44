"""PDF table readers side by side: pages per second, rows right, labels known (PDF 表格读取对比).

    PYTHONPATH=. python benchmarks/pdf_readers.py [FOLDER ...]

Every reader reads every PDF of the folders once, in this process, after one warm-up on the smallest of them. The
folder or one above it holds `truth.json`: a list of forms that each PDF contains, or forms by file name.

rows right  level-3 indicator to deviation stand in one row, each in a cell of its own, character for character
            (NFKC, white space removed; a target printed as relation, value and unit in three cells is those joined)
labels      of the rows that have a level-1 and level-2 label, how many are right and know both
×           speed relative to pdfplumber with ruling lines on the same file

Readers that are not installed are skipped with the reason (camelot-py, docvortex, pdfspine, tablers: best in a virtual
environment of their own, beside this project's dependencies). Ratios travel between machines, absolute times do not.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import sys
import time
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import permutations
from pathlib import Path
from typing import Any

import pypdfium2

REPOSITORY = Path(__file__).resolve().parents[1]
DEFAULT_FOLDERS = (REPOSITORY.parent / "shared" / "bench", REPOSITORY / "samples" / "pdf")
BASELINE = "pdfplumber lines"
FIELDS = ("l1", "l2", "l3", "target", "actual", "points", "score", "deviation")

Rows = list[list[str]]
Truth = dict[str, list[tuple[tuple[str, ...], tuple[str, str]]]]
"""Level-3 indicator → each row of that name: its other cells (blank ones left out) and its two labels."""


@dataclass(frozen=True, slots=True)
class Score:
    """What one reader got out of one file."""

    seconds: float
    right: int = 0
    labelled: int = 0
    error: str = ""


# --- the readers: a path to rows of cell texts; a cell over several rows stands in each, where the reader says so -----


def ziping(path: Path) -> Rows:
    from parsers.document import Grid
    from parsers.readers import read_document

    rows: Rows = []
    for grid in read_document(path).blocks:
        if isinstance(grid, Grid):
            slots: list[dict[int, str]] = [{} for _ in grid.rows]
            for cell in grid.cells:
                for row in range(cell.row, cell.row + cell.row_span):
                    slots[row][cell.col] = cell.text
            rows += [[row[col] for col in sorted(row)] for row in slots]
    return rows


def pdfplumber_with(settings: dict[str, str]) -> Callable[[Path], Rows]:
    def read(path: Path) -> Rows:
        import pdfplumber

        with pdfplumber.open(path) as pdf:
            tables = [table for page in pdf.pages for table in page.extract_tables(settings)]
        return [[cell or "" for cell in row] for table in tables for row in table]

    return read


def camelot_with(flavor: str) -> Callable[[Path], Rows]:
    def read(path: Path) -> Rows:
        import camelot

        return [list(row) for table in camelot.read_pdf(str(path), pages="all", flavor=flavor) for row in table.data]

    return read


def pdfspine(path: Path) -> Rows:
    import pdfspine

    tables = [table for page in pdfspine.open(str(path)) for table in page.find_tables().tables]
    return [[cell or "" for cell in row] for table in tables for row in table.extract()]


def tablers(path: Path) -> Rows:
    import tablers

    document = tablers.Document(str(path))
    tables = [table for page in document.pages() for table in tablers.find_tables(page, extract_text=True)]
    rows = [[cell.text or "" if cell else "" for cell in row.cells] for table in tables for row in table.rows]
    document.close()
    return rows


def docvortex(path: Path) -> Rows:
    import docvortex
    from loguru import logger

    logger.disable("docvortex")
    result = docvortex.parse(str(path), parse_mode="txt").to_dict()
    return [row for html in _html_tables(result) for row in _TableRows.read(html)]


READERS: dict[str, tuple[str, Callable[[Path], Rows]]] = {
    "ziping": ("parsers", ziping),
    BASELINE: ("pdfplumber", pdfplumber_with({})),
    "pdfplumber text": (
        "pdfplumber",
        pdfplumber_with({"vertical_strategy": "text", "horizontal_strategy": "text"}),
    ),
    "camelot lattice": ("camelot", camelot_with("lattice")),
    "camelot network": ("camelot", camelot_with("network")),
    "docvortex": ("docvortex", docvortex),
    "pdfspine": ("pdfspine", pdfspine),
    "tablers": ("tablers", tablers),
}


def _html_tables(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from _html_tables(value)
    elif isinstance(node, list):
        for value in node:
            yield from _html_tables(value)
    elif isinstance(node, str) and node.startswith("<table"):
        yield node


class _TableRows(HTMLParser):
    """Rows of an HTML table, a cell with rowspan repeated in every row it spans."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[dict[int, str]] = []
        self.spans: list[tuple[int, int]] = []
        self.open: list[str] | None = None

    @classmethod
    def read(cls, html: str) -> Rows:
        parser = cls()
        parser.feed(html)
        return [[row[col] for col in sorted(row)] for row in parser.rows]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.spans = [(rows - 1, col) for rows, col in self.spans if rows > 1]
            above = self.rows[-1] if self.rows else {}
            self.rows.append({col: above[col] for _, col in self.spans if col in above})
        elif tag in ("td", "th"):
            values = dict(attrs)
            col = next(at for at in range(len(self.rows[-1]) + 1) if at not in self.rows[-1])
            for at in range(col, col + int(values.get("colspan") or 1)):
                self.rows[-1][at] = ""
                self.spans.append((int(values.get("rowspan") or 1), at))
            self.open, self.col = [], col

    def handle_data(self, data: str) -> None:
        if self.open is not None:
            self.open.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self.open is not None:
            self.rows[-1][self.col] = "".join(self.open)
            self.open = None


# --- truth and scoring -----------------------------------------------------------------------------------------------


def norm(text: object) -> str:
    """Text as it is compared: NFKC, without white space; None is blank."""
    return "".join(unicodedata.normalize("NFKC", "" if text is None else str(text)).split())


def truth_of(path: Path) -> Truth:
    """The indicator rows printed in a PDF; empty when nothing is known of it."""
    for folder in (path.parent, path.parent.parent):
        if (folder / "truth.json").is_file():
            forms = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
            if isinstance(forms, dict):
                forms = forms.get(path.relative_to(folder).as_posix(), [])
            return _truth_rows(forms)
    return {}


def _truth_rows(forms: Iterable[dict[str, Any]]) -> Truth:
    truth: Truth = defaultdict(list)
    for form in forms:
        rows = form["rows"] if "rows" in form else [[each[name] for name in FIELDS] for each in form["indicators"]]
        for row in rows:
            level1, level2, level3, *cells = map(norm, row)
            truth[level3].append((tuple(filter(None, cells)), (level1, level2)))
    return truth


def compare(rows: Rows, truth: Truth) -> tuple[int, int]:
    """How many rows of the truth are among `rows`, and how many of them with both labels."""
    left = {level3: list(wanted) for level3, wanted in truth.items()}
    right = labelled = 0
    for row in rows:
        texts = list(filter(None, map(norm, row)))
        wanted = left.get(next((text for text in texts if left.get(text)), ""), [])
        found = [each for each in wanted if _holds(texts, each[0])]
        if found:
            known = [each for each in found if _knows(texts, each[1])]
            wanted.remove(known[0] if known else found[0])
            right += 1
            labelled += any(all(labels) for _, labels in known)
    return right, labelled


def _holds(texts: list[str], cells: tuple[str, ...]) -> bool:
    """Whether every cell of the truth is a cell of the row, each of them once."""
    rest = list(texts)
    for cell in cells:
        parts = next((parts for parts in _neighbours(rest) if cell in map("".join, permutations(parts))), None)
        if parts is None:
            return False
        for part in parts:
            rest.remove(part)
    return True


def _neighbours(texts: list[str]) -> Iterator[list[str]]:
    """Each cell, then each two and three neighbours."""
    for length in (1, 2, 3):
        for at in range(len(texts) - length + 1):
            yield texts[at : at + length]


def _knows(texts: list[str], labels: tuple[str, str]) -> bool:
    """Whether both labels stand in the row, level 1 perhaps with its points: `产出指标(50分)`."""
    return all(not label or any(text == label or text.startswith(f"{label}(") for text in texts) for label in labels)


# --- running and printing --------------------------------------------------------------------------------------------


def run(read: Callable[[Path], Rows], path: Path, truth: Truth) -> Score:
    began = time.perf_counter()
    try:
        rows = read(path)
    except Exception as error:  # a reader under comparison may fail in any way; that is its result
        return Score(time.perf_counter() - began, error=type(error).__name__)
    seconds = time.perf_counter() - began
    return Score(seconds, *compare(rows, truth))


def available() -> tuple[dict[str, Callable[[Path], Rows]], list[str]]:
    """The readers that can run here, and why the others cannot."""
    found = {name: read for name, (module, read) in READERS.items() if importlib.util.find_spec(module)}
    missing = [
        f"{name}: module {module} is not installed" for name, (module, _) in READERS.items() if name not in found
    ]
    return found, missing


def page_count(path: Path) -> int:
    document = pypdfium2.PdfDocument(path)
    try:
        return len(document)
    finally:
        document.close()


def report(title: str, pages: int, truths: list[Truth], scores: dict[str, Score]) -> str:
    """The table of one file, or of all."""
    wanted = [labels for truth in truths for rows in truth.values() for _, labels in rows]
    total, labelled = len(wanted), sum(all(labels) for labels in wanted)
    baseline = scores.get(BASELINE)
    lines = [f"{title}: {pages} pages, {total} indicator rows"]
    lines.append(f"{'reader':<18}{'pages/s':>9}{'×':>8}{'rows right':>12}{'labels':>10}")
    for name, score in scores.items():
        ratio = f"{baseline.seconds / score.seconds:.1f}" if baseline and not baseline.error else "-"
        right = f"{score.right / total:.1%}" if total else "-"
        labels = f"{score.labelled}/{labelled}" if labelled else "-"
        row = f"{name:<18}{pages / score.seconds:>9.1f}{ratio:>8}{right:>12}{labels:>10}"
        lines.append(f"{row}  {score.error}".rstrip())
    return "\n".join(lines)


def total_of(scores: list[Score]) -> Score:
    errors = [score.error for score in scores if score.error]
    return Score(
        sum(score.seconds for score in scores),
        sum(score.right for score in scores),
        sum(score.labelled for score in scores),
        f"failed on {len(errors)} files: {', '.join(sorted(set(errors)))}" if errors else "",
    )


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", nargs="*", type=Path, default=DEFAULT_FOLDERS)
    folders = arguments.parse_args().folder
    paths = [path for folder in folders for path in sorted(folder.glob("*.pdf"))]
    if not paths:
        print(f"没有找到 PDF：{'、'.join(map(str, folders))}，请给出存放 PDF 的文件夹。", file=sys.stderr)
        return 2
    readers, missing = available()
    print("\n".join(f"skipped {reason}" for reason in missing), file=sys.stderr)
    smallest = min(paths, key=lambda path: path.stat().st_size)
    for name, read in readers.items():
        print(f"warming up {name}", file=sys.stderr)
        run(read, smallest, {})
    truths = [truth_of(path) for path in paths]
    pages = [page_count(path) for path in paths]
    table: dict[str, list[Score]] = {name: [] for name in readers}
    for path, truth, count in zip(paths, truths, pages, strict=True):
        for name, read in readers.items():
            table[name].append(run(read, path, truth))
        print(report(path.name, count, [truth], {name: row[-1] for name, row in table.items()}), end="\n\n", flush=True)
    print(report("all files", sum(pages), truths, {name: total_of(row) for name, row in table.items()}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
