"""How an office scores itself over the years (自评分分布): a table for the analyst, not a verdict."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container
from decimal import Decimal
from pathlib import Path
from statistics import fmean, median
from typing import Any

import pyarrow as pa

from pipeline.audit.loading import AuditData, open_desk
from pipeline.findings.cross.stored_forms import FormKey

EVERYBODY = "全部单位"
"""The office of the lines that count everybody."""

MOST_LINES = 60

SCHEMA = pa.schema(
    [
        pa.field("office", pa.string(), metadata={"zh": "单位"}),
        pa.field("fiscal_year", pa.int16(), metadata={"zh": "年度"}),
        pa.field("count", pa.int64(), metadata={"zh": "自评份数"}),
        pa.field("min_pct", pa.float64(), metadata={"zh": "最低得分率（%）"}),
        pa.field("median_pct", pa.float64(), metadata={"zh": "得分率中位数（%）"}),
        pa.field("mean_pct", pa.float64(), metadata={"zh": "平均得分率（%）"}),
        pa.field("share_90", pa.float64(), metadata={"zh": "得分率不低于90%的占比（%）"}),
        pa.field("share_100", pa.float64(), metadata={"zh": "满分的占比（%）"}),
    ]
)


def score_distribution(output: Path) -> pa.Table:
    """The distribution of total scores by office and year of the dataset at `output`. Raises StoreError."""
    return distribution_of(open_desk(output))


def distribution_of(desk: AuditData, inside: Container[FormKey] | None = None) -> pa.Table:
    """The same for a desk, or those of its forms that are `inside`; everybody's lines first, then by name and year.

    Scores are in percent of the total points. What several files hold of one project and year with one score counts
    once. Offices stand as printed: names are not merged.
    """
    seen: set[tuple[object, ...]] = set()
    scores: dict[tuple[str, int | None], list[float]] = defaultdict(list)
    for row in desk.evaluations.values():
        if inside is not None and (row.document_id, row.evaluation_id) not in inside:
            continue
        office = row.unit or row.department
        key = (office, row.fiscal_year, row.project_name or row.title, row.total_score)
        if row.total_score is None or row.kind == "target" or office is None or key in seen:
            continue
        seen.add(key)
        share = float(row.total_score / (row.total_points or desk.rules.usual_total) * Decimal(100))
        scores[office, row.fiscal_year].append(share)
        scores[EVERYBODY, row.fiscal_year].append(share)
    ordered = sorted(scores, key=lambda key: (key[0] != EVERYBODY, key[0], key[1] or 0))
    return pa.Table.from_pylist([_line(*key, scores[key]) for key in ordered], schema=SCHEMA)


def score_lines(desk: AuditData, inside: Container[FormKey]) -> list[dict[str, Any]]:
    """The lines to show where there is no room for all: everybody's, then those with the most self-evaluations."""
    lines: list[dict[str, Any]] = distribution_of(desk, inside).to_pylist()
    return sorted(lines, key=lambda line: (line["office"] != EVERYBODY, -line["count"]))[:MOST_LINES]


def _line(office: str, year: int | None, shares: list[float]) -> dict[str, object]:
    return {
        "office": office,
        "fiscal_year": year,
        "count": len(shares),
        "min_pct": min(shares),
        "median_pct": median(shares),
        "mean_pct": fmean(shares),
        "share_90": 100 * sum(share >= 90 for share in shares) / len(shares),
        "share_100": 100 * sum(share >= 100 for share in shares) / len(shares),
    }
