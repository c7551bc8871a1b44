"""`python -m benchmarks.damage FOLDER... --count N --seed S`: damage files in a hundred ways, find silent wrong values.

The reading of the undamaged file is the truth. A damaged file is `said` when it is not read as `ok` or an error is
found in it; `right` when every value read is one of the truth's; `doubted` when those that differ are no surer than
0.8 or are asked about; `lost` when rows are missing and nothing is said; `wrong` when a value differs and nothing is
said: that must not happen. What no reader can notice is not done: a digit changed in plain text, two values of one kind
exchanged.

With `--forms` it is the form that is damaged, as copying and converting do, and then written anew as Word, page, sheet,
PDF or text; among these ways are some that no reader can notice (a figure without its last digit), told by their name.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

from pebble import ProcessPool

from benchmarks.rewritten import CARRIERS, FORM_SUFFIXES, form_of, written
from benchmarks.ways import AS_LETTERS, AS_PRINTED, EMPTIED, GRID_WAYS, INEVITABLE, WAYS
from benchmarks.ways.of_grids import GridWay
from benchmarks.ways.of_tables import LOOK_ALIKES
from parsers.extract import extract
from parsers.readers import read_document
from pipeline.findings import run_checks
from schemas.errors import ReadError
from schemas.numerals import fold
from schemas.quantities import parse_number
from schemas.records import Check, DocumentRecords, EvaluationRecords

SECONDS = 240
_NUMBERS = ("points", "score")
_MONEY = ("initial_budget_wanyuan", "annual_budget_wanyuan", "executed_wanyuan", "execution_rate_pct", *_NUMBERS)
_TEXTS = ("target_raw", "actual_raw", "level1", "level2")
_VALUES_MISSING = frozenset({"incomplete_table", "score_total", "funding_sum"})
_SURE = 0.8
"""Confidence from which a wrong value is a silent one."""

Values = dict[tuple[str, str, str], set[str]]
"""Table, name of the row, column → the values read there."""

Make = Callable[[list[Path], Random, str, Path], "Trial"]
"""Files, randomness, a label and a folder → a damaged file."""

Asked = set[tuple[str | None, str, int]]
"""Evaluation, table and ordinal of rows."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a file: its values, how many rows, whether anything was said about it."""

    values: Values
    rows: int
    said: str
    doubted: Values = field(default_factory=dict)
    """Those of the values that are no surer than 0.8, or that some finding asks about."""
    forms: Counter[tuple[str, int]] = field(default_factory=Counter)
    """The forms by name and number of rows."""
    is_short: bool = False
    """Whether a finding tells that rows or values are missing."""


# -- reading -----------------------------------------------------------------------------------------------------------


def reading(path: Path) -> Reading:
    """The values of a file; a file that cannot be read has said so."""
    try:
        size = path.stat().st_size
        records = extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=size)
    except ReadError as error:
        return Reading({}, 0, f"failed: {error.code}")
    values: Values = {}
    doubted: Values = {}
    found = [c for c in run_checks(records) if c.outcome == "inconsistent" and c.severity != "info"]
    asked = _asked_about(found)
    for part in records.evaluations:
        _collect(part, asked, values, doubted)
    rows = sum(len(part.funding) + len(part.indicators) for part in records.evaluations)
    forms = Counter(
        (part.evaluation.project_name or part.evaluation.unit or "", len(part.funding) + len(part.indicators))
        for part in records.evaluations
    )
    is_short = any(check.rule in _VALUES_MISSING for check in found)
    return Reading(values, rows, _said(records, found), doubted, forms, is_short)


def _said(records: DocumentRecords, found: Sequence[Check]) -> str:
    if records.document.status != "ok":
        return f"{records.document.status}: {records.document.error_code}"
    errors = [check for check in found if check.severity == "error"]
    return f"error: {errors[0].rule}" if errors else ""


def _asked_about(found: Sequence[Check]) -> Asked:
    """The rows that a contradiction or an oddity is found in, by evaluation, table and ordinal."""
    return {(check.evaluation_id, subject.table, subject.ordinal) for check in found for subject in check.subjects}


def _collect(part: EvaluationRecords, asked: Asked, values: Values, doubted: Values) -> None:
    rows: tuple[tuple[str, str, Any, tuple[str, ...]], ...] = (
        *(("funding", row.label, row, _MONEY) for row in part.funding),
        *(("indicators", row.level3 or "", row, (*_TEXTS, *_NUMBERS)) for row in part.indicators),
        ("total", "", part.evaluation, ("total_points", "total_score")),
    )
    for table, name, row, columns in rows:
        is_asked = (part.evaluation.evaluation_id, table, row.ordinal) in asked
        for column, printed, confidence in _printed_values(row, columns):
            values.setdefault((table, name, column), set()).add(printed)
            if is_asked or confidence < _SURE:
                doubted.setdefault((table, name, column), set()).add(printed)


def _printed_values(row: Any, columns: tuple[str, ...]) -> Iterator[tuple[str, str, float]]:
    """The values of a row that are there, by column, each with how sure it is."""
    sure = {cell.column: cell.confidence for cell in row.cells}
    for column in columns:
        value = getattr(row, column)
        if value is not None:
            confidence = sure.get(column)
            printed = f"{value.normalize():f}" if isinstance(value, Decimal) else fold(str(value))
            yield column, printed, row.confidence if confidence is None else confidence


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
    differing = {key: more for key, values in found.values.items() if (more := values - _printed(truth, key))}
    for key, values in differing.items():
        if not values <= found.doubted.get(key, set()):
            return "wrong", f"{'/'.join(key)}: {sorted(values)} for {sorted(truth.values.get(key, ()))}"
    if differing:
        return "doubted", ""
    if found.rows > truth.rows and not found.doubted:
        return "wrong", f"{found.rows} for {truth.rows} rows"
    if found.rows >= truth.rows:
        return _blank(truth, found)
    return ("doubted", "") if found.is_short else ("lost", f"{found.rows} of {truth.rows} rows")


def _blank(truth: Reading, found: Reading) -> tuple[str, str]:
    """Whether a row that is there lacks a value that the truth has, with nothing said of it."""
    there = {(table, name) for table, name, _ in found.values}
    gone = sorted({key for key in truth.values if key[:2] in there and key[1]} - set(found.values))
    asked = {key[:2] for key in found.doubted}
    silent = [key for key in gone if key[:2] not in asked]
    if silent and found.is_short:
        return "doubted", ""
    return ("blank", f"no {'/'.join(silent[0])}: {sorted(truth.values[silent[0]])}") if silent else ("right", "")


def _judged(name: str, truth: Reading, found: Reading) -> tuple[str, str]:
    """The verdict on a file damaged in the way of that name."""
    for names, change in ((AS_LETTERS, _letters), (AS_PRINTED, _plain)):
        if name in names:
            truth, found = _with(truth, change), _with(found, change)
    result, detail = verdict(truth, found)
    if result == "wrong" and name in EMPTIED and _only_shorter(truth, found):
        result = "lost"
    if result == "lost" and (name in INEVITABLE or found.forms < truth.forms):
        result = "lost, inevitably"
    return result, detail


def _with(one: Reading, change: Callable[[str], str]) -> Reading:
    """The reading with every value changed, so that only other differences count."""
    values = {key: {change(value) for value in values} for key, values in one.values.items()}
    return replace(one, values=values)


def _letters(value: str) -> str:
    """Every digit as the letter that looks like it."""
    return value.translate(str.maketrans(LOOK_ALIKES))


def _plain(value: str) -> str:
    """A percentage as its number, a share of one in percent."""
    found = parse_number(value.removesuffix("%"))
    if found is None:
        return value.rstrip("%")
    number = found.value * 100 if found.value <= 1 else found.value
    return f"{number.normalize():f}"


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


# -- trying ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Trial:
    """A damaged file, the file it is compared with, and how it was damaged."""

    name: str
    clean: Path
    damaged: Path


def _of_files(files: list[Path], rng: Random, label: str, folder: Path) -> Trial:
    """A file with its bytes, pages, tables or lines damaged."""
    source = rng.choice(files)
    name, damage = rng.choice(WAYS[source.suffix])
    path = folder / f"{source.stem}_{label}_{name}{source.suffix}"
    path.write_bytes(damage(source.read_bytes(), rng))
    return Trial(f"{source.suffix} {name}", source, path)


def _of_forms(ways: Sequence[tuple[str, GridWay]], files: list[Path], rng: Random, label: str, folder: Path) -> Trial:
    """A form damaged and written anew in some carrier, beside the form itself in that carrier."""
    source, (name, damage) = rng.choice(files), rng.choice(ways)
    carrier = rng.choice(sorted(CARRIERS))
    suffix, write = CARRIERS[carrier]
    form = form_of(read_document(source))
    clean = folder / f"{source.parent.name}_{source.stem}_{carrier}{suffix}"
    if not clean.exists():
        write(written(form), clean)
    damage(form, rng)
    path = folder / f"{source.stem}_{label}_{name}_{carrier}{suffix}"
    write(written(form), path)
    return Trial(name, clean, path)


def main() -> int:
    """Damage files and print what became of them; 1 where a value was silently wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--forms", action="store_true", help="damage the forms, and write them anew")
    parser.add_argument("--keep", type=Path, help="folder for the damaged files that are silently wrong or lost")
    parser.add_argument("--ways", default="", help="damage forms in these ways only: names, separated by commas")
    options = parser.parse_args()
    files = sorted(p for folder in options.folders for p in folder.rglob("*") if p.suffix in WAYS)
    if options.forms:
        files = [path for path in files if path.suffix in FORM_SUFFIXES]
    wanted = set(filter(None, options.ways.split(",")))
    ways = [way for way in GRID_WAYS if not wanted or way[0] in wanted]
    tally: Counter[tuple[str, str]] = Counter()
    with ProcessPool(max_workers=1) as pool, tempfile.TemporaryDirectory() as folder:
        known: dict[Path, Reading] = {}
        for number in range(options.count):
            make: Make = partial(_of_forms, ways) if options.forms else _of_files
            trial = make(files, Random(f"{options.seed}-{number}"), f"{options.seed}_{number}", Path(folder))
            if trial.clean not in known:
                known[trial.clean] = _undamaged(pool, trial.clean)
            if not known[trial.clean].said:
                result, detail = _judged(trial.name.split()[-1], known[trial.clean], _damaged(pool, trial.damaged))
                tally[trial.name, result] += 1
                _report(result, detail, trial.damaged, options.keep)
            trial.damaged.unlink()
    _print(tally)
    return 1 if any(result == "wrong" for _, result in tally) else 0


def _damaged(pool: ProcessPool, path: Path) -> Reading:
    try:
        found: Reading = pool.schedule(reading, args=(path,), timeout=SECONDS).result()
    except Exception as error:  # a run goes on after a file that no reader survives
        return Reading({}, 0, f"crashed: {error}")
    return found


def _report(result: str, detail: str, path: Path, keep: Path | None) -> None:
    if result not in ("wrong", "lost", "blank"):
        return
    print(f"{result}: {path.name}: {detail}")
    if keep:
        keep.mkdir(parents=True, exist_ok=True)
        (keep / path.name).write_bytes(path.read_bytes())


def _print(tally: Counter[tuple[str, str]]) -> None:
    results = ("right", "said", "doubted", "lost, inevitably", "blank", "lost", "wrong")
    print(f"{'damage':22}" + "".join(f"{result:>18}" for result in results))
    for way in sorted({way for way, _ in tally}):
        print(f"{way:22}" + "".join(f"{tally[way, result]:18}" for result in results))
    print(f"{'all':22}" + "".join(f"{sum(n for (_, r), n in tally.items() if r == result):18}" for result in results))


if __name__ == "__main__":
    sys.exit(main())
