"""`python -m benchmarks.damage FOLDER... --count N --seed S`: damage files in a hundred ways, find silent wrong values.

The reading of the undamaged file is the truth. A damaged file is `said` when it is not read as `ok` or an error is
found in it; `right` when every value read is one of the truth's; `lost` when rows are missing and nothing is said;
`wrong` when a value differs and nothing is said: that must not happen. What no reader can notice is not done: a digit
changed in plain text, two values of one kind exchanged.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from pebble import ProcessPool

from benchmarks.ways import AS_LETTERS, EMPTIED, INEVITABLE, WAYS
from benchmarks.ways.of_tables import LOOK_ALIKES
from parsers.extract import extract
from pipeline.findings import run_checks
from schemas.errors import ReadError
from schemas.records import DocumentRecords, EvaluationRecords

SECONDS = 240
_NUMBERS = ("points", "score")
_MONEY = ("initial_budget_wanyuan", "annual_budget_wanyuan", "executed_wanyuan", "execution_rate_pct", *_NUMBERS)
_TEXTS = ("target_raw", "actual_raw")

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


def _judged(name: str, truth: Reading, found: Reading) -> tuple[str, str]:
    """The verdict on a file damaged in the way of that name."""
    if name in AS_LETTERS:
        truth, found = _with_letters(truth), _with_letters(found)
    result, detail = verdict(truth, found)
    if result == "wrong" and name in EMPTIED and _only_shorter(truth, found):
        result = "lost"
    if result == "lost" and (name in INEVITABLE or found.forms < truth.forms):
        result = "lost, inevitably"
    return result, detail


def _with_letters(one: Reading) -> Reading:
    """The reading with every digit as the letter that looks like it, so that only other differences count."""
    letters = str.maketrans(LOOK_ALIKES)
    values = {key: {value.translate(letters) for value in values} for key, values in one.values.items()}
    return replace(one, values=values)


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
            result, detail = _judged(name, known[source], found)
            tally[f"{source.suffix} {name}", result] += 1
            if result in ("wrong", "lost"):
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
