"""The data dictionary: one source for the Parquet metadata, the command and the documentation."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.commands import dictionary
from schemas.tables import RECORD_OF_TABLE, TABLES, arrow_schema, data_dictionary

DOCUMENTATION = Path(__file__).parents[1] / "docs" / "data-dictionary.md"


def test_the_documentation_is_the_one_generated() -> None:
    assert DOCUMENTATION.read_text(encoding="utf-8") == dictionary.as_markdown(), (
        "run: ziping schema --markdown > docs/data-dictionary.md"
    )


@pytest.mark.parametrize("table", TABLES)
def test_every_column_says_what_it_means_in_both_languages(table: str) -> None:
    assert RECORD_OF_TABLE[table].__doc__
    for field in arrow_schema(table):
        assert field.metadata[b"zh"].decode().strip()
        assert field.metadata[b"en"].decode().strip()


def test_the_command_prints_it_for_people_machines_and_documents(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema", "--json"]) == 0
    columns = json.loads(capsys.readouterr().out)
    assert len(columns) == len(data_dictionary())
    assert {"table", "column", "type", "unit", "zh", "en", "codes"} == set(columns[0])
    assert main(["schema", "--markdown"]) == 0
    assert capsys.readouterr().out == dictionary.as_markdown()
    assert main(["schema"]) == 0
    printed = capsys.readouterr().out
    assert all(table in printed for table in TABLES)
    assert "execution_rate_pct" in printed
