"""Readings made by hand, so that the store can be tested without parsers."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from pipeline.dataset.part_files import Segment
from pipeline.reading.one_file import FileResult
from pipeline.reading.staging import BatchWriter
from schemas.records import (
    Amount,
    Check,
    DocumentRecords,
    DocumentRow,
    Evaluation,
    EvaluationRecords,
    FundingRow,
    Indicator,
    ProblemRow,
    Section,
    Subject,
)


def reading(uri: str, content: str, *, failed: bool = False, rows: int = 3, version: str = "1") -> FileResult:
    """What reading the bytes `content` at `uri` gave: one evaluation with `rows` rows in every table."""
    document = DocumentRow(
        document_id=content,
        source_uri=uri,
        file_name=uri.rsplit("/", 1)[-1],
        status="failed" if failed else "ok",
        error_code="damaged" if failed else None,
        failed_since=datetime.now(UTC) if failed else None,
        failed_version=version if failed else None,
        failed_code="damaged" if failed else None,
        evaluation_count=0 if failed else 1,
        extractor_version=version,
        ingested_at=datetime.now(UTC),
    )
    if failed:
        return FileResult(DocumentRecords(document))
    evaluation = Evaluation(f"{content}-0", content, 0, fiscal_year=2022, unit=f"单位{content}", title=version)
    part = EvaluationRecords(
        evaluation,
        tuple(
            FundingRow(evaluation.evaluation_id, i, "年度资金总额", executed_wanyuan=Decimal("1.5"))
            for i in range(rows)
        ),
        tuple(
            Indicator(evaluation.evaluation_id, i, level3=f"指标{i}", bbox=(1.0, 2.0, 3.0, 4.0)) for i in range(rows)
        ),
        tuple(Amount(content, evaluation.evaluation_id, i, value=Decimal(i)) for i in range(rows)),
    )
    return FileResult(
        DocumentRecords(
            document,
            (part,),
            sections=tuple(Section(content, None, i, text="正文", keywords=("词",)) for i in range(rows)),
            problems=(ProblemRow(content, 0, "x"),),
        ),
        tuple(
            Check(f"{content}-{i}", content, evaluation.evaluation_id, subjects=(Subject("funding", i, "score"),))
            for i in range(rows)
        ),
    )


def stage(staging: Path, name: str, readings: list[FileResult]) -> Segment:
    """`readings` as one staged batch."""
    with BatchWriter(staging, name) as writer:
        for each in readings:
            writer.add(each.document.source_uri, each)
        return writer.finish()
