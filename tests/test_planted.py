"""A part of the planted contradictions: each is found, and nothing is said of a form in which none was planted."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.planted import Plant, clean_forms, judge, plants, said_of

EVERY = 4
PLANTS = list(plants())


@pytest.mark.parametrize("name", clean_forms())
def test_nothing_is_said_of_a_clean_form(name: str, tmp_path: Path) -> None:
    said = said_of(clean_forms()[name], tmp_path)
    assert [check.message for check in said if check.severity != "info"] == []


@pytest.mark.parametrize("plant", PLANTS[::EVERY], ids=lambda plant: f"{plant.form} {plant.kind}")
def test_a_planted_contradiction_is_found(plant: Plant, tmp_path: Path) -> None:
    verdict = judge(plant, said_of(plant.text, tmp_path))
    assert verdict.found, [check.message for check in verdict.said]


def test_a_change_that_changes_nothing_is_no_plant() -> None:
    assert all(plant.text != clean_forms()[plant.form] for plant in PLANTS)
    assert len({plant.kind for plant in PLANTS}) > 30


def test_a_row_that_stands_twice_is_said_and_no_sum_is_accused(tmp_path: Path) -> None:
    row = "道路安全事故 | 0起 | 0起 | 15 | 15 |"
    text = clean_forms()["project"].replace(row, f"{row}\n | | {row}").replace("（30分）", "")
    said = said_of(text, tmp_path)
    sums = [check for check in said if check.rule in ("points_total", "score_total")]
    assert [check.severity for check in sums] == ["warning", "warning"]
    assert all("“道路安全事故”一行填列了两次，去掉一次即相符" in check.message for check in sums)
