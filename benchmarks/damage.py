"""`python -m benchmarks.damage FOLDER... --count N --seed S`: damage files in a hundred ways, find silent wrong values.

The reading of the undamaged file is the truth. A damaged file is `said` when it is not read as `ok` or an error is
found in it; `right` when every value read is one of the truth's; `lost` when rows are missing and nothing is said;
`wrong` when a value differs and nothing is said: that must not happen. What no reader can notice is not done: a digit
changed in plain text, two values of one kind exchanged.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tempfile
import zipfile
from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from lxml import etree
from pebble import ProcessPool
from pypdf import PdfReader, PdfWriter

from parsers.extract import extract
from pipeline.findings import run_checks
from schemas.errors import ReadError
from schemas.records import DocumentRecords, EvaluationRecords

SECONDS = 240
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_NUMBERS = ("points", "score")
_MONEY = ("initial_budget_wanyuan", "annual_budget_wanyuan", "executed_wanyuan", "execution_rate_pct", *_NUMBERS)
_TEXTS = ("target_raw", "actual_raw")

_CELLS = 2
"""Cells of a line from which it is a row."""

Values = dict[tuple[str, str, str], set[str]]
"""Table, name of the row, column → the values read there."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a file: its values, how many rows, whether anything was said about it."""

    values: Values
    rows: int
    said: str
    forms: Counter[tuple[str, int]] = field(default_factory=Counter)
    """The forms by name and number of rows."""


# -- reading -----------------------------------------------------------------------------------------------------------


def reading(path: Path) -> Reading:
    """The values of a file; a file that cannot be read has said so."""
    try:
        size = path.stat().st_size
        records = extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=size)
    except ReadError as error:
        return Reading({}, 0, f"failed: {error.code}")
    values: Values = {}
    for part in records.evaluations:
        _collect(part, values)
    rows = sum(len(part.funding) + len(part.indicators) for part in records.evaluations)
    forms = Counter(
        (part.evaluation.project_name or part.evaluation.unit or "", len(part.funding) + len(part.indicators))
        for part in records.evaluations
    )
    return Reading(values, rows, _said(records), forms)


def _said(records: DocumentRecords) -> str:
    if records.document.status != "ok":
        return f"{records.document.status}: {records.document.error_code}"
    errors = [c for c in run_checks(records) if c.outcome == "inconsistent" and c.severity == "error"]
    return f"error: {errors[0].rule}" if errors else ""


def _collect(part: EvaluationRecords, values: Values) -> None:
    for row in part.funding:
        _add("funding", row.label, row, _MONEY, values)
    for indicator in part.indicators:
        _add("indicators", indicator.level3 or "", indicator, (*_TEXTS, *_NUMBERS), values)
    _add("total", "", part.evaluation, ("total_points", "total_score"), values)


def _add(table: str, name: str, row: Any, columns: tuple[str, ...], values: Values) -> None:
    for column in columns:
        value = getattr(row, column)
        if value is not None:
            values.setdefault((table, name, column), set()).add(str(value))


# -- damage to bytes ---------------------------------------------------------------------------------------------------


def flip(data: bytes, rng: Random) -> bytes:
    """A few bits the other way."""
    spoiled = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 3, 10))):
        spoiled[rng.randrange(len(spoiled))] ^= 1 << rng.randrange(8)
    return bytes(spoiled)


def cut(data: bytes, rng: Random) -> bytes:
    """The end missing, as after a broken download."""
    return data[: int(len(data) * rng.uniform(0.2, 0.99))]


def gap(data: bytes, rng: Random) -> bytes:
    """A run of bytes missing or zero."""
    start, length = rng.randrange(len(data)), rng.choice((1, 7, 64, 512))
    filling = bytes(length) if rng.random() < 0.5 else b""
    return data[:start] + filling + data[start + length :]


def one_page_less(data: bytes, rng: Random) -> bytes:
    """A PDF without one of its pages."""
    pages = PdfReader(io.BytesIO(data)).pages
    if len(pages) < 2:
        return cut(data, rng)
    left_out = rng.choice((0, len(pages) - 1, len(pages) - 1))
    writer = PdfWriter()
    for index, page in enumerate(pages):
        if index != left_out:
            writer.add_page(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


# -- damage to Word tables ---------------------------------------------------------------------------------------------


def in_word(change: Callable[[Any, Random], None]) -> Callable[[bytes, Random], bytes]:
    """The damage that `change` does to the tree of a Word file's main part."""

    def damaged(data: bytes, rng: Random) -> bytes:
        out = io.BytesIO()
        with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
            for item in source.infolist():
                content = source.read(item)
                if item.filename == "word/document.xml":
                    root = etree.fromstring(content)
                    if root.find(f".//{W}tc") is not None:
                        change(root, rng)
                    content = etree.tostring(root)
                target.writestr(item, content)
        return out.getvalue()

    return damaged


def _any(root: Any, tag: str, rng: Random) -> Any:
    return rng.choice(list(root.iter(W + tag)))


def lose_cell(root: Any, rng: Random) -> None:
    cell = _any(root, "tc", rng)
    cell.getparent().remove(cell)


def double_cell(root: Any, rng: Random) -> None:
    cell = _any(root, "tc", rng)
    cell.addnext(deepcopy(cell))


def lose_row(root: Any, rng: Random) -> None:
    row = _any(root, "tr", rng)
    row.getparent().remove(row)


def double_row(root: Any, rng: Random) -> None:
    row = _any(root, "tr", rng)
    row.addnext(deepcopy(row))


def move_row(root: Any, rng: Random) -> None:
    row = _any(root, "tr", rng)
    other = rng.choice(list(row.getparent().iterchildren(W + "tr")))
    if other is not row:
        other.addnext(row)


def lose_span(root: Any, rng: Random) -> None:
    spans = [*root.iter(W + "gridSpan", W + "vMerge")]
    if spans:
        span = rng.choice(spans)
        span.getparent().remove(span)


def empty_cell(root: Any, rng: Random) -> None:
    for text in _any(root, "tc", rng).iter(W + "t"):
        text.text = ""


# -- damage to web pages -----------------------------------------------------------------------------------------------

_HTML_CELL = re.compile(r"<t[dh][^>]*>.*?</t[dh]>", re.DOTALL | re.IGNORECASE)
_HTML_SPAN = re.compile(r"\s(?:col|row)span\s*=\s*[\"']?\d+[\"']?", re.IGNORECASE)


def in_page(pattern: re.Pattern[str], change: Callable[[str], str]) -> Callable[[bytes, Random], bytes]:
    """The damage that `change` does to one match of `pattern` in a page."""

    def damaged(data: bytes, rng: Random) -> bytes:
        for encoding in ("utf-8", "gb18030"):
            try:
                text = data.decode(encoding)
            except UnicodeError:
                continue
            found = list(pattern.finditer(text))
            if not found:
                return cut(data, rng)
            one = rng.choice(found)
            return (text[: one.start()] + change(one[0]) + text[one.end() :]).encode(encoding)
        return cut(data, rng)

    return damaged


# -- damage to text ----------------------------------------------------------------------------------------------------


def in_text(change: Callable[[list[str], Random], list[str]]) -> Callable[[bytes, Random], bytes]:
    """The damage that `change` does to the lines of a text file."""

    def damaged(data: bytes, rng: Random) -> bytes:
        for encoding in ("utf-8-sig", "gb18030", "utf-16"):
            try:
                lines = data.decode(encoding).split("\n")
            except UnicodeError:
                continue
            return "\n".join(change(lines, rng)).encode(encoding)
        return cut(data, rng)

    return damaged


def lose_mark(lines: list[str], rng: Random) -> list[str]:
    """A mark between two cells missing: the cells run together."""
    text = "\n".join(lines)
    marks = [match.start() for match in re.finditer(r"[\t|]", text)]
    at = rng.choice(marks) if marks else len(text)
    return (text[:at] + text[at + 1 :]).split("\n")


def lose_field(lines: list[str], rng: Random) -> list[str]:
    """A cell missing with its mark: a tab, or a run of blanks."""
    mark = "\t" if any("\t" in line for line in lines) else " "
    rows = [index for index, line in enumerate(lines) if len(line.strip(mark).split(mark)) > _CELLS]
    if not rows:
        return break_line(lines, rng)
    at = rng.choice(rows)
    fields = lines[at].split(mark)
    del fields[rng.randrange(len(fields))]
    return [*lines[:at], mark.join(fields), *lines[at + 1 :]]


def lose_line(lines: list[str], rng: Random) -> list[str]:
    at = rng.randrange(len(lines))
    return lines[:at] + lines[at + 1 :]


def break_line(lines: list[str], rng: Random) -> list[str]:
    at = rng.randrange(len(lines))
    where = rng.randrange(len(lines[at]) + 1)
    return [*lines[:at], lines[at][:where], lines[at][where:], *lines[at + 1 :]]


def join_lines(lines: list[str], rng: Random) -> list[str]:
    at = rng.randrange(max(len(lines) - 1, 1))
    return [*lines[:at], "".join(lines[at : at + 2]), *lines[at + 2 :]]


WAYS: dict[str, tuple[tuple[str, Callable[[bytes, Random], bytes]], ...]] = {
    ".pdf": (("flip", flip), ("cut", cut), ("gap", gap), ("page", one_page_less)),
    ".docx": (
        ("flip", flip),
        ("cut", cut),
        *((c.__name__, in_word(c)) for c in (lose_cell, double_cell, lose_row, double_row, move_row)),
        *((c.__name__, in_word(c)) for c in (lose_span, empty_cell)),
    ),
    ".txt": (
        ("cut", cut),
        *((c.__name__, in_text(c)) for c in (lose_mark, lose_field, lose_line, break_line, join_lines)),
    ),
}
WAYS |= {
    ".xlsx": (("flip", flip), ("cut", cut), ("gap", gap)),
    ".odt": (("flip", flip), ("cut", cut), ("gap", gap)),
    ".ofd": (("flip", flip), ("cut", cut), ("gap", gap)),
    ".doc": (("cut", cut),),
    ".xls": (("cut", cut),),
    ".rtf": (("cut", cut),),
    ".html": (
        ("cut", cut),
        ("lose_td", in_page(_HTML_CELL, lambda _: "")),
        ("double_td", in_page(_HTML_CELL, lambda cell: cell * 2)),
        ("lose_colspan", in_page(_HTML_SPAN, lambda _: "")),
    ),
}
INEVITABLE = frozenset({"lose_row", "lose_line", "empty_cell", "move_row"})
"""Damage after which what is left is a form like any other: rows it lost leave no trace, nor do whole forms."""


# -- comparison --------------------------------------------------------------------------------------------------------


def _printed(truth: Reading, key: tuple[str, str, str]) -> set[str]:
    """The values of a row's column; those of all rows where damage took the name of the row."""
    table, name, column = key
    if name:
        return truth.values.get(key, set())
    return {value for (t, _, c), values in truth.values.items() if (t, c) == (table, column) for value in values}


def verdict(truth: Reading, found: Reading) -> tuple[str, str]:
    """What became of a damaged file, and the first wrong value."""
    if found.said:
        return "said", found.said
    for key, values in found.values.items():
        if not values <= _printed(truth, key):
            return "wrong", f"{'/'.join(key)}: {sorted(values)} for {sorted(truth.values.get(key, ()))}"
    return ("lost", f"{found.rows} of {truth.rows} rows") if found.rows < truth.rows else ("right", "")


def _only_shorter(truth: Reading, found: Reading) -> bool:
    """Whether every value that differs is the rest of a printed one whose unit or relation had the emptied cell."""
    return all(
        any(value in whole for whole in _printed(truth, key))
        for key, values in found.values.items()
        for value in values
    )


def _undamaged(pool: ProcessPool, source: Path) -> Reading:
    """The reading of a file as it is; of one that takes too long nothing can be said."""
    try:
        return pool.schedule(reading, args=(source,), timeout=SECONDS).result()
    except TimeoutError:
        return Reading({}, 0, "failed: too slow")


def main() -> int:
    """Damage files and print what became of them; 1 where a value was silently wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder for the damaged files that are silently wrong or lost")
    options = parser.parse_args()
    files = sorted(p for folder in options.folders for p in folder.rglob("*") if p.suffix in WAYS)
    tally: Counter[tuple[str, str]] = Counter()
    with ProcessPool(max_workers=1) as pool, tempfile.TemporaryDirectory() as folder:
        known: dict[Path, Reading] = {}
        for number in range(options.count):
            rng = Random(f"{options.seed}-{number}")
            source = rng.choice(files)
            if source not in known:
                known[source] = _undamaged(pool, source)
            if known[source].said:
                continue
            name, damage = rng.choice(WAYS[source.suffix])
            path = Path(folder) / f"{source.stem}_{options.seed}_{number}_{name}{source.suffix}"
            path.write_bytes(damage(source.read_bytes(), rng))
            try:
                found = pool.schedule(reading, args=(path,), timeout=SECONDS).result()
            except Exception as error:  # a run goes on after a file that no reader survives
                found = Reading({}, 0, f"crashed: {error}")
            result, detail = verdict(known[source], found)
            emptied = result == "wrong" and name == "empty_cell" and _only_shorter(known[source], found)
            result = "lost" if emptied else result
            inevitable = result == "lost" and (name in INEVITABLE or found.forms < known[source].forms)
            tally[f"{source.suffix} {name}", "lost, inevitably" if inevitable else result] += 1
            if result in ("wrong", "lost") and not inevitable:
                print(f"{result}: {path.name}: {detail}")
                if options.keep:
                    options.keep.mkdir(parents=True, exist_ok=True)
                    (options.keep / path.name).write_bytes(path.read_bytes())
            path.unlink()
    _print(tally)
    return 1 if any(result == "wrong" for _, result in tally) else 0


def _print(tally: Counter[tuple[str, str]]) -> None:
    results = ("right", "said", "lost, inevitably", "lost", "wrong")
    print(f"{'damage':22}" + "".join(f"{result:>18}" for result in results))
    for way in sorted({way for way, _ in tally}):
        print(f"{way:22}" + "".join(f"{tally[way, result]:18}" for result in results))
    print(f"{'all':22}" + "".join(f"{sum(n for (_, r), n in tally.items() if r == result):18}" for result in results))


if __name__ == "__main__":
    sys.exit(main())
