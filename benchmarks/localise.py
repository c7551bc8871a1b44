"""How often the localiser names the right cell: forms of the corpus with planted errors, read without a reader.

`python -m benchmarks.localise [--forms 2000] [--seed 1] [--pairs] [--examples 0]` plants one error (two with --pairs)
of every kind in turn and prints a row for each kind, then for each size of the change, then what the checks say of
clean forms. `--devset FOLDER` reads the files of a folder with a truth.json instead.

first: the right cell alone; tied: among equally good ones, all shown; wrong: another cell; silent: no cause for it.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, fields
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.corpus.errors import PLANTERS, contradictions, plant
from benchmarks.corpus.facts import make
from benchmarks.corpus.model import Facts, number
from benchmarks.corpus.templates import TEMPLATES
from benchmarks.localise_records import COLUMNS, records
from pipeline.findings import run_checks
from pipeline.localise import Cause, localise
from pipeline.reading.one_file import read_file
from schemas.records import Check, DocumentRecords, Subject

SIZES = ((Decimal("0.01"), "below 1%"), (Decimal("0.1"), "1 to 10%"), (Decimal(1), "10 to 100%"))


@dataclass(slots=True)
class Tally:
    """How it went with some planted errors."""

    n: int = 0
    found: int = 0
    first: int = 0
    tied: int = 0
    wrong: int = 0
    silent: int = 0
    examples: list[str] = field(default_factory=list)

    def counts(self) -> list[int]:
        return [getattr(self, f.name) for f in fields(self)[:6]]


@dataclass(slots=True)
class Clock:
    """Processor time of checks and localiser, in seconds."""

    checks: list[float] = field(default_factory=list)
    localiser: list[float] = field(default_factory=list)


def forms(count: int, seed: int, kinds: Sequence[str], planted: int) -> Iterator[Facts]:
    """Forms with `planted` errors each, the kinds in turn; a template that cannot hold a kind is left for another."""
    for index in range(count):
        rng = Random(f"{seed}-{index}")
        for _ in range(200):
            if facts := _form(rng, kinds[index % len(kinds)], kinds, planted):
                yield facts
                break


def _form(rng: Random, kind: str, kinds: Sequence[str], planted: int) -> Facts | None:
    template = rng.choice(TEMPLATES)
    facts = make(template.options(rng), rng)
    template.blocks(facts, Random(rng.random()))
    if contradictions(facts) or not facts.funding:
        return None
    if planted:
        plant(facts, rng, 1, (kind,))
    if planted > 1 and facts.injected:
        others = [other for other in kinds if other != kind]
        plant(facts, rng, planted, tuple(rng.sample(others, len(others))))
    return facts if len(facts.injected) == planted else None


def cell_of(injected: dict[str, Any], facts: Facts) -> Subject | None:
    """The record's cell an error was planted in; None for a row that is gone."""
    cell = injected["cell"]
    if cell["table"] == "funding":
        labels = [fund.label for fund in facts.funding]
        if cell["row"] not in labels:
            return None
        column = COLUMNS.get(cell["column"])
        name = f"{column}_wanyuan" if column else {"rate": "execution_rate_pct"}.get(cell["column"], cell["column"])
        return Subject("funding", labels.index(cell["row"]), name)
    if cell["table"] == "indicators":
        return Subject("indicators", [row.l3 for row in facts.indicators].index(cell["row"]), cell["column"])
    return Subject("evaluations", 0, cell["column"])


def judge(facts: Facts, injected: dict[str, Any], checks: list[Check], causes: tuple[Cause, ...]) -> str:
    """missed, first, tied, wrong or silent."""
    cell = cell_of(injected, facts)
    bad = [check for check in checks if check.outcome == "inconsistent" and check.severity != "info"]

    def concerns(check: Check) -> bool:
        if injected["kind"] == "grade":
            return check.rule == "grade"
        return cell in check.subjects if cell else check.rule == "funding_sum"

    touched = {check.check_id for check in bad if concerns(check)}
    near = [cause for cause in causes if touched & set(cause.repairs)]
    if not touched:
        return "missed"
    hits = [cause for cause in near if _names(cause, cell, len(facts.injected))]
    if not near:
        return "silent"
    if not hits:
        return "wrong"
    alone = any(not any(o is not hit and set(o.repairs) & set(hit.repairs) for o in near) for hit in hits)
    return "first" if alone else "tied"


def _names(cause: Cause, cell: Subject | None, planted: int) -> bool:
    """Whether a cause says that the cell is wrong; what follows from the mistake does not count as naming it."""
    if cell is None:
        return cause.kind == "missing_row" or any(change.printed is None for change in cause.changes)
    return cell in [change.cell for change in cause.changes[: 1 if planted == 1 else None]]


def size_of(injected: dict[str, Any]) -> str:
    """How much the planted error changed the number."""
    printed, truth = (number(injected["cell"][key]) for key in ("printed", "truth"))
    if printed is None or not truth:
        return "no number"
    share = abs(printed - truth) / abs(truth)
    return next((name for limit, name in SIZES if share < limit), "100% and more")


def run(document: DocumentRecords, clock: Clock) -> tuple[list[Check], tuple[Cause, ...]]:
    """Checks without their causes being counted twice, then the causes."""
    begun = time.process_time()
    checks = list(run_checks(document))
    clock.checks.append(time.process_time() - begun)
    begun = time.process_time()
    causes = tuple(c for e in document.evaluations for c in localise(e, document.problems))
    clock.localiser.append(time.process_time() - begun)
    return checks, causes


def measure(count: int, seed: int, kinds: Sequence[str], planted: int, examples: int) -> None:
    """Print the tables for forms with planted errors."""
    by_kind: dict[str, Tally] = defaultdict(Tally)
    by_size: dict[str, Tally] = defaultdict(Tally)
    clock = Clock()
    for facts in forms(count, seed, kinds, planted):
        checks, causes = run(records(facts), clock)
        for injected in facts.injected:
            verdict = judge(facts, injected, checks, causes)
            for tally in (by_kind[injected["kind"]], by_size[size_of(injected)]):
                tally.n += 1
                tally.found += verdict != "missed"
                if verdict != "missed":
                    setattr(tally, verdict, getattr(tally, verdict) + 1)
            if verdict in ("wrong", "silent"):
                by_kind[injected["kind"]].examples.append(_example(verdict, facts, injected, checks, causes))
    _print("kind", by_kind, sorted)
    _print("size of the change", by_size, list)
    for text in (text for tally in by_kind.values() for text in tally.examples[:examples]):
        print(text)
    _print_clock(clock)


def _print(head: str, tallies: dict[str, Tally], order: Callable[[dict[str, Tally]], list[str]]) -> None:
    names = [f.name for f in fields(Tally)[:6]]
    print(f"{head:26}" + "".join(f"{name:>8}" for name in names) + "   right or tied")
    total = [0] * len(names)
    for name in order(tallies):
        counts = tallies[name].counts()
        total = [a + b for a, b in zip(total, counts, strict=True)]
        _print_row(name, counts)
    _print_row("all", total)
    print()


def _print_row(name: str, counts: list[int]) -> None:
    share = (counts[2] + counts[3]) / counts[1] if counts[1] else 0
    print(f"{name:26}" + "".join(f"{count:8}" for count in counts) + f"{share:15.1%}")


def _print_clock(clock: Clock) -> None:
    for name, spent in (("localiser", clock.localiser), ("checks with causes", clock.checks)):
        spent = sorted(spent) or [0.0]
        mean, late = sum(spent) / len(spent) * 1000, spent[int(len(spent) * 0.99)] * 1000
        print(f"{name}: {mean:.1f} ms a form, {late:.0f} ms at the 99th percentile")


def _example(
    verdict: str, facts: Facts, injected: dict[str, Any], checks: list[Check], causes: tuple[Cause, ...]
) -> str:
    lines = [f"{injected['kind']} {verdict}: {facts.options.unit} {injected['cell']}"]
    lines += [f"      {fund.label} {fund.printed}" for fund in facts.funding]
    lines += [f"    {c.rule} {c.severity} {c.message}" for c in checks if c.outcome == "inconsistent"]
    lines += [f"    => {c.kind} {c.weight} {c.sentence}" for c in causes]
    return "\n".join(lines)


def measure_clean(count: int, seed: int) -> None:
    """Print what the checks say of forms without errors."""
    made = alarmed = warned = blamed = 0
    clock = Clock()
    for facts in forms(count, seed, ("clean",), 0):
        checks, causes = run(records(facts), clock)
        arithmetic = [check for check in checks if check.outcome == "inconsistent" and check.severity == "error"]
        odd = [check for check in checks if check.outcome == "inconsistent" and check.severity == "warning"]
        made += 1
        alarmed += bool(arithmetic)
        warned += bool(odd)
        blamed += bool(causes)
        for cause in causes:
            print(f"    => {cause.kind} {cause.weight} {cause.sentence}")
    print(f"{made} clean forms: {alarmed} with an error, {blamed} with a cause, {warned} with a warning")
    _print_clock(clock)


def measure_devset(folder: Path, examples: int) -> None:
    """The same for files whose truth tells the numbers an error is about, not its cell: whether it has a cause."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    clock = Clock()
    for name, truths in json.loads((folder / "truth.json").read_text(encoding="utf-8")).items():
        wanted = [injected for truth in truths for injected in truth.get("injected") or []]
        if not wanted:
            continue
        checks, causes = run(read_file(str(folder / name)).records, clock)
        bad = [check for check in checks if check.outcome == "inconsistent" and check.severity != "info"]
        for injected in wanted:
            about = {check.check_id for check in bad if _speaks_of(check.message, injected)}
            near = [cause for cause in causes if about & set(cause.repairs)]
            tally = tallies[injected["kind"]]
            tally.n += 1
            tally.found += bool(about)
            verdict = "silent" if not near else "tied" if len(near) > 1 else "first"
            setattr(tally, verdict, getattr(tally, verdict) + 1)
            tally.examples.append("\n".join([f"{name}: {injected}", *(f"    => {cause.sentence}" for cause in near)]))
    _print("devset", tallies, sorted)
    for text in (text for tally in tallies.values() for text in tally.examples[:examples]):
        print(text)
    _print_clock(clock)


def _speaks_of(text: str, injected: dict[str, Any]) -> bool:
    """Whether a sentence has one of the error's numbers in it, as printed or in 万元."""
    plain = text.replace(",", "").replace("，", "")
    values = [value for raw in injected["numbers"] if (value := number(raw)) is not None]
    texts = {f"{v.normalize():f}" for value in values for v in (value, value / 10000)} | set(injected["numbers"])
    return any(one.replace(",", "") in plain for one in texts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--forms", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kinds", default=",".join(PLANTERS))
    parser.add_argument("--pairs", action="store_true")
    parser.add_argument("--examples", type=int, default=0)
    parser.add_argument("--devset", type=Path)
    given = parser.parse_args()
    if given.devset:
        measure_devset(given.devset, given.examples)
        return
    measure(given.forms, given.seed, given.kinds.split(","), 2 if given.pairs else 1, given.examples)
    measure_clean(given.forms // 4, given.seed)


if __name__ == "__main__":
    main()
