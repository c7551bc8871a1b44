"""`python -m benchmarks.reliability FOLDER... [--damaged N --seed S] [--fit]`: is .9 right nine times in ten?

FOLDER holds `truth.json` (as `benchmarks.corpus` writes it) and the files it names. Every value read is compared with
the printed one; for each kind of source and each bucket of confidence the table says how many values there were and
which share of them was right. With `--damaged` so many copies of the files are damaged in the ways of
`benchmarks.ways` and counted as a kind of their own; so are the kinds of scans that `benchmarks.scanned` writes.

Half of the families of forms (by their name) are there to fit the numbers of `schemas/confidence.toml`: `--fit` prints
what they would be. The table shows the other half.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import zlib
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
from pebble import ProcessPool

from benchmarks.scanned import KINDS
from benchmarks.ways import WAYS
from parsers.completeness.law import accounted
from parsers.confidence.evidence import Evidence, Surroundings, evidence_of
from parsers.confidence.weigh import share_right
from parsers.confidence.witness import Ref
from parsers.interpret.document import interpret
from parsers.readers import read_document
from schemas.confidence import model
from schemas.errors import ReadError
from schemas.lexicon import lexicon, squeeze
from schemas.numerals import fold
from schemas.quantities import parse_money, parse_number, parse_percent
from schemas.records import DocumentRow, EvaluationRecords, FundingRow, Indicator

SECONDS = 120
BUCKETS = (0.0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999, 1.01)
ALARM = 0.8
_ALIKE = 0.5
_UNDEFINED = frozenset(
    {
        "move_row",
        "double_row",
        "double_page",
        "lose_row",
        "rotate_row",
        "lose_line",
        "empty_cell",
        "empty_column",
        "column",
        "look_alike",
    }
)
"""Damages that leave another form, of which the truth says nothing."""
_TIMES = (1, 1, 1, 2, 3, 5)
"""How often a copy is damaged."""
_MONEY = (
    ("initial", "initial_budget_wanyuan"),
    ("annual", "annual_budget_wanyuan"),
    ("executed", "executed_wanyuan"),
)
_TEXTS = (("target", "target_raw", "target_value"), ("actual", "actual_raw", "actual_value"))
_LEVELS = (("l1", "level1"), ("l2", "level2"))
_NOTHING = frozenset({"", "-", "—", "－", "/", "无"})

Truth = list[dict[str, Any]]
Compared = tuple[str, Ref, bool, str]
"""What of a row was compared, the value, whether it is right, the row."""


@dataclass(frozen=True, slots=True)
class Value:
    """One value that was read: what it rests on, whether it is right, whether anything was said about its document."""

    family: str
    kind: str
    evidence: Evidence
    right: bool
    said: bool
    where: str
    row: str


# -- comparison with the truth -----------------------------------------------------------------------------------------


def values_of(path: Path, truth: Truth, family: str, kind: str) -> list[Value]:
    """Every value read from a file."""
    try:
        document = read_document(path)
        records = accounted(document, interpret(document, DocumentRow("0" * 64, "", path.name), lexicon()))
    except ReadError:
        return []
    around = Surroundings(document, records)
    said = records.document.status != "ok"
    found = []
    parts = [part for part in records.evaluations if part.indicators or part.funding]
    for at, part in _aligned(truth, parts, lambda form: form["project_name"] or form["unit"], _name):
        evidence = evidence_of(part, around)
        for column, ref, right, row in _compared(truth[at], part) if at is not None else ():
            shown = kind or evidence[ref].source
            found.append(Value(family, shown, evidence[ref], right, said, f"{path.name} {ref} {column}", row))
    return found


def _name(part: EvaluationRecords) -> str:
    return part.evaluation.project_name or part.evaluation.unit or ""


def _compared(form: Mapping[str, Any], part: EvaluationRecords) -> Iterator[Compared]:
    unit = form["money_unit"]
    for at, row in _aligned(form["funding"], part.funding, lambda r: _label(r["label"]), lambda r: _label(r.label)):
        yield from _funding(form["funding"][at] if at is not None else {}, row, unit)
    for at, one in _aligned(form["indicators"], part.indicators, lambda r: r["l3"], lambda r: r.level3 or ""):
        yield from _indicator(form["indicators"][at] if at is not None else {}, one)


def _funding(printed: Mapping[str, Any], row: FundingRow, unit: str) -> Iterator[Compared]:
    name = f"funding {row.ordinal}"
    for key, column in _MONEY:
        value = getattr(row, column)
        if value is not None:
            money = parse_money(printed.get(key) or "", unit)
            yield key, ("funding", row.ordinal, column), money is not None and money.value == value, name
    rate = parse_percent(printed.get("rate") or "")
    if row.execution_rate_pct is not None:
        right = rate is not None and row.execution_rate_pct in (rate.value, rate.value * 100)
        yield "rate", ("funding", row.ordinal, "execution_rate_pct"), right, name
    for key in ("points", "score"):
        if getattr(row, key) is not None:
            number = parse_number(printed.get(key) or "")
            right = number is not None and number.value == getattr(row, key)
            yield key, ("funding", row.ordinal, key), right, name


def _indicator(printed: Mapping[str, Any], row: Indicator) -> Iterator[Compared]:
    name = f"indicators {row.ordinal}"
    cells = {cell.column for cell in row.cells}
    for key in ("points", "score"):
        if getattr(row, key) is not None and key in cells:
            number = parse_number((printed.get(key) or "").rstrip("%％"))
            right = number is not None and number.value == getattr(row, key)
            yield key, ("indicators", row.ordinal, key), right, name
    for key, column, cell in _TEXTS:
        if getattr(row, column) and cell in cells:
            yield key, ("indicators", row.ordinal, cell), _same(printed.get(key), getattr(row, column)), name
    for key, column in _LEVELS:
        if getattr(row, column) and column in cells and printed.get(key):
            yield key, ("indicators", row.ordinal, column), _same(printed.get(key), getattr(row, column)), name


def _plain(text: str | None) -> str:
    folded = fold(squeeze(text or "")).translate(str.maketrans("≧≦═", "≥≤=", "()（）,，。；;：:、"))
    return "" if folded in _NOTHING else folded


def _same(printed: str | None, read: str) -> bool:
    return _plain(printed) == _plain(read)


def _label(text: str) -> str:
    return squeeze(text).removeprefix("其中").strip("：:")


def _aligned(truth: Sequence[Any], read: Sequence[Any], name: Any, own: Any) -> Iterator[tuple[int | None, Any]]:
    """Each row read with the printed one it is, in order; None where it is none of them."""
    if len(truth) == len(read) == 1:
        yield 0, read[0]
        return
    wide = len(read) + 1
    alike = [[_alike(name(a), own(b)) for b in read] for a in truth]
    best = [[0.0] * wide for _ in range(len(truth) + 1)]
    for i in range(len(truth) - 1, -1, -1):
        for j in range(len(read) - 1, -1, -1):
            both = best[i + 1][j + 1] + (alike[i][j] if alike[i][j] > _ALIKE else -1.0)
            best[i][j] = max(best[i + 1][j], best[i][j + 1], both)
    i = j = 0
    while j < len(read):
        if i < len(truth) and alike[i][j] > _ALIKE and best[i][j] == best[i + 1][j + 1] + alike[i][j]:
            yield i, read[j]
            i, j = i + 1, j + 1
        elif i < len(truth) and best[i][j] == best[i + 1][j]:
            i += 1
        else:
            yield None, read[j]
            j += 1


def _alike(a: str, b: str) -> float:
    a, b = _plain(a), _plain(b)
    return 1.0 if a == b else SequenceMatcher(None, a, b, autojunk=False).ratio()


# -- the files ---------------------------------------------------------------------------------------------------------


def gathered(folders: Iterable[Path], damaged: int, seed: int) -> list[Value]:
    """The values of all files and of damaged copies of them."""
    known = [
        (folder / name, forms)
        for folder in folders
        for name, forms in json.loads((folder / "truth.json").read_text("utf-8")).items()
        if (folder / name).is_file()
    ]
    found: list[Value] = []
    with ProcessPool(max_workers=1) as pool, tempfile.TemporaryDirectory() as folder:

        def read(path: Path, forms: Truth, family: str, kind: str) -> None:
            try:
                found.extend(pool.schedule(values_of, args=(path, forms, family, kind), timeout=SECONDS).result())
            except Exception as error:  # a run goes on after a file that no reader survives
                print(f"{path.name}: {error}")

        for path, forms in known:
            kind = path.parent.name
            read(path, forms, family_of(path), kind if kind in KINDS else "")
        breakable = [(path, forms) for path, forms in known if path.suffix in WAYS]
        for number in range(damaged if breakable else 0):
            rng = Random(f"{seed}-{number}")
            path, forms = rng.choice(breakable)
            copy = Path(folder) / f"{path.stem}_{seed}_{number}{path.suffix}"
            copy.write_bytes(_broken(path, rng))
            read(copy, forms, family_of(path), "damaged")
            copy.unlink()
    return found


def _broken(path: Path, rng: Random) -> bytes:
    """The bytes of a file damaged in one way, once or several times."""
    _, damage = rng.choice([way for way in WAYS[path.suffix] if way[0] not in _UNDEFINED])
    data = path.read_bytes()
    for _ in range(rng.choice(_TIMES)):
        try:
            data = damage(data, rng)
        except Exception:  # what is broken already cannot be broken again in this way
            return data
    return data


def family_of(path: Path) -> str:
    """The family of forms a file is of, by the beginning of its name."""
    return path.stem.split("_")[0]


def is_for_fitting(family: str) -> bool:
    """Half of the families, whatever the order of files."""
    return zlib.crc32(family.encode()) % 2 == 0


# -- results -----------------------------------------------------------------------------------------------------------


def table(values: Sequence[Value]) -> str:
    """Kind of source × bucket of confidence: how many values, which share is right; then what an alarm would do."""
    lines = ["| source | confidence | values | right | said to be |", "|---|---|---|---|---|"]
    kinds = sorted({value.kind for value in values})
    for kind in [*kinds, "all"]:
        own = [value for value in values if kind in (value.kind, "all")]
        for low, high in pairwise(BUCKETS):
            inside = [(share_right(v.evidence), v.right) for v in own if low <= share_right(v.evidence) < high]
            if inside:
                right = sum(ok for _, ok in inside) / len(inside)
                claimed = sum(share for share, _ in inside) / len(inside)
                lines.append(f"| {kind} | {low:g}–{min(high, 1):g} | {len(inside)} | {right:.4f} | {claimed:.4f} |")
    heads = ("source", "values", "wrong", "wrong, nothing said, ≥ 0.8", "rows", "rows below 0.8")
    lines += ["", f"| {' | '.join(heads)} |", "|---" * len(heads) + "|"]
    for kind in [*kinds, "all"]:
        lines.append(_alarms(kind, [value for value in values if kind in (value.kind, "all")]))
    return "\n".join(lines)


def _alarms(kind: str, values: Sequence[Value]) -> str:
    rows: dict[str, list[Value]] = defaultdict(list)
    for value in values:
        rows[f"{value.where.split(' ')[0]} {value.row}"].append(value)
    least = [model().share_of_rows(min(share_right(value.evidence) for value in row)) for row in rows.values()]
    wrong = [value for value in values if not value.right]
    silent = [value for value in wrong if not value.said and share_right(value.evidence) >= ALARM]
    alarmed = sum(one < ALARM for one in least) / max(len(least), 1)
    return f"| {kind} | {len(values)} | {len(wrong)} | {len(silent)} | {len(rows)} | {alarmed:.1%} |"


def fitted(values: Sequence[Value]) -> str:
    """The numbers of the model by logistic regression, those of the file as its starting point and its pull."""
    known = model()
    sources, signs = sorted(known.source), sorted(known.signs)
    bands = [start for start, _ in known.sureness[1:]]
    names = [*sources, *(f"from {band:g}" for band in bands), *signs]
    place = {name: at for at, name in enumerate(names)}
    seen: dict[tuple[str, ...], list[int]] = defaultdict(lambda: [0, 0])
    for value in values:
        found = [value.evidence.source, *sorted(value.evidence.signs)]
        if value.evidence.sureness < 1:
            found.append(f"from {next(b for b in bands if value.evidence.sureness >= b):g}")
        seen[tuple(found)][value.right] += 1
    design = np.zeros((len(seen), len(names)))
    for at, found in enumerate(seen):
        design[at, [place[name] for name in found]] = 1
    counts = np.array(list(seen.values()), dtype=float)
    weights = _regressed(design, counts, _start(names))
    lines = [f"{name:16} {_shown(name, weight, sources)}" for name, weight in zip(names, weights, strict=True)]
    return "\n".join(lines)


def _start(names: Sequence[str]) -> np.ndarray[Any, np.dtype[np.float64]]:
    known = model()
    bands = {f"from {start:g}": times for start, times in known.sureness}
    odds = {name: share / (1 - share) for name, share in known.source.items()}
    return np.log([odds.get(name) or bands.get(name) or known.signs[name] for name in names])


def _regressed(
    design: np.ndarray[Any, Any], counts: np.ndarray[Any, Any], start: np.ndarray[Any, Any]
) -> np.ndarray[Any, Any]:
    """Newton's method with a weak pull towards `start`, so that what is never seen stays what it is."""
    weights, total, right, pull = start.copy(), counts.sum(axis=1), counts[:, 1], 0.5
    for _ in range(60):
        share = 1 / (1 + np.exp(-design @ weights))
        slope = design.T @ (right - total * share) - pull * (weights - start)
        bend = (design * (total * share * (1 - share))[:, None]).T @ design + pull * np.eye(len(weights))
        weights = weights + np.clip(np.linalg.solve(bend, slope), -1, 1)
    return weights


def _shown(name: str, weight: float, sources: Sequence[str]) -> str:
    odds = float(np.exp(weight))
    return f"{odds / (1 + odds):.5f}" if name in sources else f"{odds:.3g}"


def main() -> int:
    """Read, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--damaged", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--fit", action="store_true", help="print the numbers that half of the families give")
    parser.add_argument("--wrong", action="store_true", help="list the wrong values that nothing is said about")
    options = parser.parse_args()
    values = gathered(options.folders, options.damaged, options.seed)
    if options.fit:
        print(fitted([value for value in values if is_for_fitting(value.family)]))
    print(table([value for value in values if not is_for_fitting(value.family)]))
    if options.wrong:
        for value in values:
            if not value.right and not value.said:
                print(f"{share_right(value.evidence):.4f} {value.where} {sorted(value.evidence.signs)}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
