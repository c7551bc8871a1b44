"""Every code that the dataset can hold is explained in Chinese and English."""

from __future__ import annotations

import ast
import json
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest

from parsers.formats import BY_NAME
from pipeline.checks.run import all_rules
from pipeline.dataset.description import datapackage
from pipeline.findings.cross import RULES
from schemas import records
from schemas.codes import code_lists, codes_of
from schemas.tables import arrow_schema, data_dictionary

ROOT = Path(__file__).parents[1]
SCHEMAS = ROOT / "schemas"


def codes(name: str) -> set[str]:
    return {each.code for each in code_lists()[name].codes}


def toml(name: str) -> dict[str, object]:
    return tomllib.loads((SCHEMAS / name).read_text(encoding="utf-8"))


def calls(*rooms: str) -> Iterator[ast.Call]:
    for room in rooms:
        for path in (ROOT / room).rglob("*.py"):
            yield from (node for node in ast.walk(ast.parse(path.read_text("utf-8"))) if isinstance(node, ast.Call))


def test_every_code_has_a_meaning_in_both_languages() -> None:
    for each in code_lists().values():
        assert each.codes and all(code.zh and code.en for code in each.codes), each.name
        assert not any(code.en.startswith("TODO") for code in each.codes), each.name


@pytest.mark.parametrize(
    ("name", "literal"),
    [
        ("status", records.Status),
        ("kind", records.EvaluationKind),
        ("role", records.FundingRole),
        ("operator", records.TargetOp),
        ("origin", records.AmountOrigin),
        ("amount_role", records.AmountRole),
        ("section", records.SectionKind),
        ("outcome", records.Outcome),
        ("severity", records.Severity),
    ],
)
def test_the_lists_are_those_of_the_records(name: str, literal: object) -> None:
    assert codes(name) == set(get_args(literal))


def test_sources_categories_units_and_measures_are_those_of_the_lexicon() -> None:
    lexicon, units, prose = toml("lexicon.toml"), toml("units.toml"), toml("prose.toml")
    assert {entry["code"] for entry in lexicon["sources"]} | {"total"} == codes("source")  # type: ignore[attr-defined]
    assert set(lexicon["indicator_categories"].values()) == codes("category")  # type: ignore[attr-defined]
    assert set(units["count"].values()) <= codes("unit")  # type: ignore[attr-defined]
    assert set(prose["measures"]) == codes("measure")  # type: ignore[call-overload]


def test_formats_and_rules_are_those_registered() -> None:
    assert set(BY_NAME) == codes("format")
    assert {rule.code for rule in (*all_rules(), *RULES)} == codes("rule")


def test_every_problem_and_error_that_the_code_names_is_listed() -> None:
    places = {"Problem": 0, "row_doubt": 1}
    problems = {
        argument.value
        for call in calls("parsers")
        if isinstance(call.func, ast.Name) and call.func.id in places
        for argument in call.args[places[call.func.id] :][:1]
        if isinstance(argument, ast.Constant)
    }
    errors = {
        word.value.value
        for call in calls("parsers", "pipeline", "schemas")
        for word in call.keywords
        if word.arg == "code" and isinstance(word.value, ast.Constant) and isinstance(word.value.value, str)
    }
    assert problems <= codes("problem")
    assert errors <= codes("error") | codes("problem")


def test_columns_that_hold_codes_say_them_in_the_parquet_metadata() -> None:
    metadata = arrow_schema("funding").field("source").metadata
    assert json.loads(metadata[b"codes"])["carryover"]["zh"] == "上年结转、结余资金"
    known = {f"{column.table}.{column.column}" for column in data_dictionary()}
    assert {column for each in code_lists().values() for column in each.columns} <= known


def test_the_description_for_programs_names_every_column_and_code() -> None:
    package = datapackage()
    columns = {
        f"{resource['name']}.{field['name']}": field
        for resource in package["resources"]
        for field in resource["schema"]["fields"]
    }
    assert len(columns) == len(data_dictionary())
    assert len(columns["indicators.category"]["categories"]) == len(codes_of("indicators.category"))
