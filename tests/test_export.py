"""The dataset in other tools: everyday verbs work, sums are right, every export opens."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import polars as pl
import pytest
from PIL import Image
from polars import selectors as cs

import pipeline
from pipeline.cli import main
from pipeline.exit_codes import OK, WRONG_USE
from pipeline.export.relations import relations
from pipeline.export.views import views
from schemas.tables import TABLES

SAMPLES = Path(__file__).parents[1] / "samples"
READ = (
    "docx/national.docx",
    "docx/prose.docx",
    "docx/shanghai.docx",
    "pdf/national_ruled.pdf",
    "txt/errors_funding_tabs_utf-8.txt",
    "txt/errors_scores_cells_gb18030.txt",
)


@pytest.fixture(scope="module")
def output(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("output")
    files = [str(SAMPLES / name) for name in READ]
    assert main(["ingest", *files, "--output", str(folder), "--workers", "1"]) == OK
    return folder


@pytest.fixture(scope="module")
def exported(output: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    targets = {name: str(folder / f"data.{name}") for name in ("duckdb", "sqlite", "xlsx", "csv", "jsonl")}
    asked = [part for name, target in targets.items() for part in (f"--{name}", target)]
    assert main(["export", "--output", str(output), *asked]) == OK
    return folder


VERBS: dict[str, Callable[[pd.DataFrame], Any]] = {
    "quantile": lambda f: f.execution_rate_pct.quantile([0.1, 0.5]),
    "cut": lambda f: pd.cut(f.execution_rate_pct, [0, 80, 95, 100, 1000]).value_counts(),
    "division": lambda f: f.executed_wanyuan / f.annual_budget_wanyuan,
    "describe": lambda f: f.describe(),
    "histogram": lambda f: f.executed_wanyuan.value_counts(bins=3),
    "groupby": lambda f: f.groupby("source").executed_wanyuan.agg(["sum", "mean"]),
    "drop_duplicates": lambda f: f.drop_duplicates(),
    "to_excel": lambda f: f.to_excel(io.BytesIO(), index=False),
    "merge": lambda f: f.merge(f[["evaluation_id"]].drop_duplicates(), on="evaluation_id"),
    "pivot": lambda f: f.pivot_table("executed_wanyuan", "fiscal_year", "source", "sum"),
    "sort": lambda f: f.sort_values("executed_wanyuan").head(3),
    "round": lambda f: f.executed_wanyuan.round(1).sum(),
}


@pytest.mark.parametrize("verb", VERBS)
def test_everyday_verbs_work_in_pandas(output: Path, verb: str) -> None:
    VERBS[verb](pipeline.open_dataset(output).frame("funding"))


def test_the_line_of_the_readme_for_polars_gives_numbers_that_divide(output: Path) -> None:
    funding = pl.read_parquet(f"{output}/dataset/funding/*.parquet").cast({cs.decimal(): pl.Float64})
    rates = funding.select(pl.col("executed_wanyuan") / pl.col("annual_budget_wanyuan")).to_series()
    assert rates.quantile(0.5) is not None
    assert funding.group_by("source").agg(pl.col("executed_wanyuan").sum()).height > 1


def test_every_table_and_view_becomes_a_frame(output: Path) -> None:
    data = pipeline.open_dataset(output)
    for relation in relations():
        data.frame(relation.name).drop_duplicates().to_excel(io.BytesIO())


def test_spending_by_source_sums_to_the_totals(output: Path) -> None:
    data = pipeline.open_dataset(output)
    columns = (
        "sum(executed_wanyuan) as executed, sum(annual_budget_wanyuan) as annual, count(distinct evaluation_id) as n"
    )
    total, parts = (data.sql(f"select {columns} from {view}") for view in ("v_spending", "v_spending_by_source"))
    assert total.equals(parts)
    wrong = data.sql("select sum(executed_wanyuan) as s from funding where role = 'component'").s[0]
    assert wrong > total.executed[0] * 2, "the samples hold a slip of units that would drown the sum"


def test_two_copies_of_a_form_count_once(output: Path) -> None:
    data = pipeline.open_dataset(output)
    copies = data.sql("select count(*) as n from evaluations where duplicate_of is not null").n[0]
    assert copies >= 1  # national.docx and national_ruled.pdf
    assert data.sql("select count(*) - count(distinct project_key) as n from v_spending").n[0] == 0


def test_a_cell_shows_its_place_on_the_page(output: Path) -> None:
    data = pipeline.open_dataset(output)
    row = data.sql("select * from funding where page is not null and executed_raw is not null limit 1").iloc[0]
    cell = data.cell("funding", row, "executed_wanyuan")
    assert cell.raw == row.executed_raw
    picture = Image.open(io.BytesIO(cell.crop()))
    assert picture.width > 100


def test_duckdb_finds_texts_by_words(exported: Path) -> None:
    with closing(duckdb.connect(str(exported / "data.duckdb"), read_only=True)) as data:
        word = data.sql("select word from text_words order by count desc limit 1").fetchall()[0][0]
        found = data.sql(f"select text, relevance from search('{word}')").fetchall()
        assert found and all(word in text and relevance > 0 for text, relevance in found)
        commented = data.sql("select comment from duckdb_columns() where column_name = 'executed_wanyuan'").fetchall()
        assert "执行数" in commented[0][0]


def test_sqlite_holds_the_same_rows_and_views(output: Path, exported: Path) -> None:
    data = pipeline.open_dataset(output)
    with closing(sqlite3.connect(exported / "data.sqlite")) as database:
        for name in (*TABLES, *(view.name for view in views())):
            here = database.execute(f"select count(*) from {name}").fetchone()[0]
            assert here == data.sql(f"select count(*) as n from {name}").n[0], name
        text = database.execute("select text from sections where length(text) > 20").fetchone()[0]
        query = f'"{text[5:9]}"'
        assert database.execute("select count(*) from sections_fts where sections_fts match ?", [query]).fetchone()[0]
    metadata = json.loads((exported / "data.metadata.json").read_text(encoding="utf-8"))
    assert "资金" in metadata["databases"]["data"]["tables"]["funding"]["description"]


def test_csv_has_the_mark_that_excel_needs_and_every_row(output: Path, exported: Path) -> None:
    path = exported / "data.csv" / "indicators.csv"
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == pipeline.open_dataset(output).sql("select count(*) as n from indicators").n[0]
    assert any(row["target_raw"].startswith("≥") for row in rows)


def test_json_lines_keep_numbers_as_numbers(exported: Path) -> None:
    lines = (exported / "data.jsonl" / "funding.jsonl").read_text(encoding="utf-8").splitlines()
    values = [json.loads(line)["executed_wanyuan"] for line in lines]
    assert any(isinstance(value, float) for value in values)


def test_the_workbook_has_the_dictionary_and_texts_that_are_no_formulas(exported: Path) -> None:
    book = openpyxl.load_workbook(exported / "data.xlsx", read_only=True)
    assert book.sheetnames[:2] == ["说明", "documents"]
    targets = list(book["indicators"].iter_rows(values_only=True))
    column = targets[0].index("target_raw")
    assert any(isinstance(row[column], str) for row in targets[1:])


def test_only_what_is_asked_for_is_exported(output: Path, tmp_path: Path) -> None:
    data = pipeline.open_dataset(output)
    year = int(data.sql("select max(fiscal_year) as y from evaluations").y[0])
    target = tmp_path / "one.duckdb"
    assert main(["export", "--output", str(output), "--year", str(year), "--duckdb", str(target)]) == OK
    with closing(duckdb.connect(str(target), read_only=True)) as part:
        assert part.sql("select distinct fiscal_year from evaluations").fetchall() == [(year,)]
        assert part.sql(
            "select count(*) from funding where evaluation_id not in (from evaluations select evaluation_id)"
        ).fetchall() == [(0,)]


def test_a_selection_without_rows_and_an_export_of_nothing_are_told(
    output: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = str(tmp_path / "x.duckdb")
    assert main(["export", "--output", str(output), "--year", "1999", "--duckdb", target]) == WRONG_USE
    assert "没有符合条件的自评" in capsys.readouterr().err
    assert main(["export", "--output", str(output)]) == WRONG_USE
    assert not list(tmp_path.iterdir())


def test_exact_numbers_stay_exact(output: Path) -> None:
    data = pipeline.open_dataset(output)
    value = data.connection.execute("select max(executed_wanyuan) from funding").fetchone()
    assert value is not None and isinstance(value[0], Decimal)
