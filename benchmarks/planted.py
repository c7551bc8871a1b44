"""Contradictions planted by hand in small forms (人工埋入的矛盾): found, missed, and what is said of clean ones.

`python -m benchmarks.planted [--show]` reads every form of `planted.toml` as it is and with each of its changes. A
plant is found when one of the rules named for it speaks; any error or warning on a form that nothing was planted in is
false, and so is one beside a plant that stands under another root. `--show` prints every message, to be read.
"""

from __future__ import annotations

import argparse
import tempfile
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.reading.one_file import read_file
from schemas.records import Check

CASES = Path(__file__).with_name("planted.toml")


@dataclass(frozen=True, slots=True)
class Plant:
    """One change of a form and the rules of which one should speak (一处埋入)."""

    kind: str
    form: str
    text: str
    rules: frozenset[str]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one plant: whether it was found, and what was said beside it."""

    plant: Plant
    said: tuple[Check, ...]
    found: bool
    beside: tuple[Check, ...]


def clean_forms() -> dict[str, str]:
    """The forms in which nothing is planted, by name."""
    forms: dict[str, str] = _cases()["forms"]
    return forms


def plants() -> Iterator[Plant]:
    """Every planted form. Raises ValueError for a change that finds nothing, or several places, to change."""
    forms = clean_forms()
    for case in _cases()["plants"]:
        yield Plant(case["kind"], case["form"], _changed(forms[case["form"]], case["change"]), frozenset(case["rules"]))


def _cases() -> Mapping[str, dict[str, str] | list[dict[str, object]]]:
    return tomllib.loads(CASES.read_text(encoding="utf-8"))


def _changed(text: str, changes: Mapping[str, str]) -> str:
    for old, new in changes.items():
        if text.count(old) != 1:
            raise ValueError(f"{old!r} stands {text.count(old)} times in its form")
        text = text.replace(old, new)
    return text


def said_of(text: str, folder: Path) -> tuple[Check, ...]:
    """What the checks say of a form: its contradictions and oddities."""
    path = folder / "form.txt"
    lines = ("\t".join(cell.strip() for cell in line.split("|")) for line in text.strip().splitlines())
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return tuple(check for check in read_file(str(path)).checks if check.outcome == "inconsistent")


def judge(plant: Plant, said: Sequence[Check]) -> Verdict:
    """Whether a plant was found; what stands under the same root as what was found is no false accusation."""
    hits = {check.root_id for check in said if check.rule in plant.rules}
    beside = tuple(check for check in said if check.root_id not in hits and check.severity != "info")
    return Verdict(plant, tuple(said), bool(hits), beside)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--show", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        alarms = {form: said_of(text, folder) for form, text in clean_forms().items()}
        verdicts = [judge(plant, said_of(plant.text, folder)) for plant in plants()]
    missed = [verdict for verdict in verdicts if not verdict.found]
    kinds = len({verdict.plant.kind for verdict in verdicts})
    print(f"planted {len(verdicts)} in {kinds} kinds: found {len(verdicts) - len(missed)}, missed {len(missed)}")
    false = {form: [check for check in said if check.severity != "info"] for form, said in alarms.items()}
    print(f"clean forms {len(false)}: errors and warnings {sum(map(len, false.values()))}")
    print(f"beside what was planted: {sum(len(verdict.beside) for verdict in verdicts)}")
    for verdict in missed:
        print(f"missed: {verdict.plant.kind} ({verdict.plant.form}), {', '.join(sorted(verdict.plant.rules))}")
    for form, said in false.items():
        _print(f"clean {form}", said)
    for verdict in verdicts:
        _print(f"{verdict.plant.kind} ({verdict.plant.form})", verdict.said if given.show else verdict.beside)


def _print(head: str, said: Sequence[Check]) -> None:
    if said:
        print(f"\n{head}")
    for check in said:
        under = "" if check.root_id == check.check_id else "  "
        print(f"{under}  {check.severity:8}{check.rule}: {check.message}")
        if check.likely_cause and not under:
            print(f"          {check.likely_cause}")


if __name__ == "__main__":
    main()
