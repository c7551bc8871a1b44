"""Known contents checked by other rules from their stored rows: the same as reading them again, without reading."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pytest

from pipeline.checks import rules_from
from pipeline.checks.config import Rules
from pipeline.dataset.stored_contents import OF_A_CONTENT, stored_records
from pipeline.findings import found_again
from pipeline.reading.known_files import OWN_RULES
from pipeline.reading.one_file import FileResult, read_file
from pipeline.reading.staging import arrow_tables
from schemas.tables import arrow_schema

SAMPLES = Path(__file__).parent.parent / "samples"
ONE_OF_EACH = sorted({path.suffix: path for path in sorted((SAMPLES / "carriers").iterdir())}.values()) + [
    SAMPLES / name
    for name in (
        "txt/errors_funding_tabs_utf-8.txt",
        "txt/errors_scores_cells_gb18030.txt",
        "docx/cost.docx",
        "docx/prose.docx",
        "pdf/errors_scores_ruled.pdf",
        "pdf/national_borderless.pdf",
        "scan/national_photo.jpg",
    )
]


@pytest.fixture(scope="module")
def milder(tmp_path_factory: pytest.TempPathFactory) -> Rules:
    """Rules by which no sum is an error."""
    path = tmp_path_factory.mktemp("rules") / "rules.toml"
    codes = ("funding_sum", "execution_score", "points_total", "score_total", "score_over_points")
    milder = "".join(f'\n{code} = "info"' for code in codes)
    path.write_text(OWN_RULES.read_text(encoding="utf-8").replace("[severity]", f"[severity]{milder}"), "utf-8")
    return rules_from(path)


def stored(result: FileResult) -> Mapping[str, pa.Table]:
    tables = arrow_tables(result)
    return {table: tables.get(table, arrow_schema(table).empty_table()) for table in OF_A_CONTENT}


def again(result: FileResult, source: Path | None) -> FileResult:
    """The outcome of checking the stored rows of `result` by the project's own rules."""
    document = result.document
    ((records, checks),) = stored_records(stored(result).__getitem__, {document.document_id: document})
    return FileResult(*found_again(records, checks, None, lambda: source))


def no_reader(*_: object) -> None:
    raise AssertionError("a file was read")


@pytest.mark.parametrize("path", ONE_OF_EACH, ids=lambda path: path.name)
def test_rows_checked_again_are_those_of_reading_again(
    path: Path, milder: Rules, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, now = read_file(str(path), milder), read_file(str(path))
    monkeypatch.setattr("parsers.extract.read_document", no_reader)
    assert stored(again(before, path)) == stored(now)
    assert stored(again(now, None)) == stored(now), "what was looked up before needs no file"


def test_a_new_accusation_whose_file_is_gone_is_a_question(milder: Rules) -> None:
    path = SAMPLES / "pdf" / "errors_scores_ruled.pdf"
    before, now = read_file(str(path), milder), read_file(str(path))
    alone = again(before, None)
    accused = {check.check_id for check in now.checks if check.severity == "error"}
    asked = {check.check_id: check for check in alone.checks if check.check_id in accused}
    assert accused and {check.severity for check in asked.values()} == {"warning"}
    assert all(check.message.endswith("；原件不在，未能复读，请核对原文。") for check in asked.values())


def test_values_finer_than_their_column_are_checked_as_the_dataset_has_them(tmp_path: Path) -> None:
    path = tmp_path / "yuan.txt"
    path.write_text(
        "项目支出绩效自评表\n（2022年度）\n项目名称\t渠道清淤\n"
        "项目资金（元）\t\t全年预算数\t全年执行数\t分值\t执行率\t得分\n"
        "\t年度资金总额\t12345.678\t12345.678\t10\t100%\t10\n"
        "\t其中：财政拨款\t12345.678\t12345.678\t—\t100%\t—\n"
        "一级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\n产出指标\t清淤长度\t≥5公里\t5公里\t90\t90\n",
        encoding="utf-8",
    )
    read = read_file(str(path))
    (row, *_) = read.records.evaluations[0].funding
    assert str(row.executed_wanyuan) == "1.234568"
    assert stored(again(read, None)) == stored(read)
    assert again(read, None).checks == replace(read).checks
