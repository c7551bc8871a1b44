"""Readers of office files, web pages and OFD side by side: CPU seconds a file, rows right (各载体读取对比).

    PYTHONPATH=. python benchmarks/carriers.py [FOLDER ...]

Every reader reads every file of its formats below the folders once, in this process, after a warm-up; LibreOffice
converts all files of a format in one call, its process counted with it. The folder or one above a file holds
`truth.json`: the forms of each file by its name. What counts as a right row is told in `pdf_readers.py`.

× is the CPU time of a reader relative to ziping on the same files. `ziping records` goes on to the records and their
account. Readers that are not installed are skipped with the reason.
"""

from __future__ import annotations

import argparse
import csv
import importlib.util
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from pdf_readers import Rows, _html_tables, _TableRows, compare, truth_of, ziping

from parsers.readers import read_document

REPOSITORY = Path(__file__).resolve().parents[1]
DEFAULT_FOLDERS = (REPOSITORY.parent / "shared" / "devset2", REPOSITORY / "samples" / "carriers")
SUFFIXES = (".doc", ".wps", ".rtf", ".odt", ".xls", ".xlsx", ".ods", ".html", ".htm", ".ofd", ".docx")
PICTURES = "with pictures of pages"
TEXTS = (".doc", ".wps", ".rtf", ".odt", ".docx")
SHEETS = (".xls", ".xlsx", ".ods")


@dataclass(frozen=True, slots=True)
class Result:
    """What one reader made of the files of one format: CPU seconds, rows right, files it failed on."""

    seconds: float
    right: int
    failed: int


def records(path: Path) -> Rows:
    """From file to records; the rows are those of the Document, for the comparison."""
    from parsers.extract import extract

    extract(path, document_id="", source_uri="", file_name=path.name, size_bytes=path.stat().st_size)
    return []


def docvortex(path: Path) -> Rows:
    import docvortex

    return [row for html in _html_tables(docvortex.parse(str(path)).to_dict()) for row in _TableRows.read(html)]


def pandas_excel(path: Path) -> Rows:
    import pandas as pd

    sheets = pd.read_excel(path, sheet_name=None, header=None, dtype=str)
    return [row for sheet in sheets.values() for row in sheet.fillna("").values.tolist()]


def openpyxl_rows(path: Path) -> Rows:
    import openpyxl

    book = openpyxl.load_workbook(path, data_only=True)
    return [[str(value) for value in row if value is not None] for sheet in book for row in sheet.values]


def xlrd_rows(path: Path) -> Rows:
    import xlrd

    book = xlrd.open_workbook(str(path))
    return [[str(value) for value in sheet.row_values(row)] for sheet in book for row in range(sheet.nrows)]


READERS: dict[str, tuple[str, tuple[str, ...], Callable[[Path], Rows]]] = {
    "ziping": ("parsers", SUFFIXES, ziping),
    "ziping records": ("parsers", SUFFIXES, records),
    "docvortex": ("docvortex", (".doc", ".wps", ".rtf", ".docx"), docvortex),
    "pandas.read_excel": ("pandas", (".xls", ".xlsx"), pandas_excel),
    "openpyxl": ("openpyxl", (".xlsx",), openpyxl_rows),
    "xlrd": ("xlrd", (".xls",), xlrd_rows),
}


def measured(read: Callable[[Path], Rows], paths: Sequence[Path]) -> Result:
    """Every file once, after the first of them as a warm-up."""
    with_errors(read, paths[0])
    seconds, right, failed = 0.0, 0, 0
    for path in paths:
        began = time.process_time()
        rows = with_errors(read, path)
        seconds += time.process_time() - began
        failed += rows is None
        right += compare(rows or [], truth_of(path))[0]
    return Result(seconds, right, failed)


def with_errors(read: Callable[[Path], Rows], path: Path) -> Rows | None:
    try:
        return read(path)
    except Exception:  # a reader under comparison may fail in any way; that is its result
        return None


def libreoffice(paths: Sequence[Path], suffix: str) -> Result | None:
    """All files of a format converted in one call, tables of texts by way of HTML, sheets by way of CSV."""
    kind = "html" if suffix in TEXTS else "csv" if suffix in SHEETS else ""
    if not kind or shutil.which("soffice") is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        sources = [Path(shutil.copy(path, Path(folder) / f"{at}{path.suffix}")) for at, path in enumerate(paths)]
        filter_ = (
            "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1" if kind == "csv" else kind
        )
        began = _children()
        command = ["soffice", "--headless", f"-env:UserInstallation=file://{folder}/profile", "--convert-to", filter_]
        subprocess.run([*command, "--outdir", f"{folder}/out", *map(str, sources)], check=False, capture_output=True)
        seconds = _children() - began
        right = failed = 0
        for at, path in enumerate(paths):
            made = sorted((Path(folder) / "out").glob(f"{at}[.-]*{kind}"))
            failed += not made
            right += compare([row for one in made for row in _converted(one)], truth_of(path))[0]
    return Result(seconds, right, failed)


def _converted(path: Path) -> Rows:
    text = path.read_text(encoding="utf-8", errors="replace")
    return list(csv.reader(text.splitlines())) if path.suffix == ".csv" else _TableRows.read(text)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _group(path: Path) -> str:
    """The suffix of a file; an OFD whose pages are pictures takes another time than one with text."""
    if path.suffix == ".ofd" and read_document(path).text_source != "native":
        return f"{path.suffix} {PICTURES}"
    return path.suffix


def main() -> int:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", nargs="*", type=Path, default=DEFAULT_FOLDERS)
    files: dict[str, list[Path]] = defaultdict(list)
    for folder in arguments.parse_args().folder:
        for path in sorted(folder.rglob("*")):
            if path.suffix in SUFFIXES and truth_of(path):
                files[_group(path)].append(path)
    if not files:
        print("没有找到带 truth.json 的文件，请给出存放报告的文件夹。", file=sys.stderr)
        return 2
    for group in sorted(files, key=lambda group: SUFFIXES.index(group.split()[0])):
        paths, suffix = files[group], group.split()[0]
        total = sum(len(rows) for path in paths for rows in truth_of(path).values())
        print(f"{group}: {len(paths)} files, {total} indicator rows")
        results = {
            name: measured(read, paths)
            for name, (module, suffixes, read) in READERS.items()
            if suffix in suffixes and importlib.util.find_spec(module)
        }
        converted = libreoffice(paths, suffix)
        if converted is not None:
            results["LibreOffice"] = converted
        own = results["ziping"].seconds
        for name, one in results.items():
            right = "" if name == "ziping records" else f"{one.right / total:.1%}"
            failed = f"  failed on {one.failed}" if one.failed else ""
            print(
                f"  {name:<20}{one.seconds / len(paths):>9.3f} s{one.seconds / own:>8.1f} ×{right:>9}{failed}",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main())
