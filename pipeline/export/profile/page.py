"""The profile as one page, readable offline and printable (概览页)."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from pipeline.dataset.keys.names import office, similar_offices
from pipeline.dataset.store import open_dataset
from pipeline.export.connection import connect
from pipeline.export.profile.charts import answer, questions, sections
from pipeline.export.target import replaced
from schemas.version import EXTRACTOR_VERSION

ALIKE = 0.8
"""From this similarity on two names of offices are listed as perhaps one, renamed."""
MOST_PAIRS = 50

_SUMS = """
select (select count(*) from documents) as documents,
       (select count(*) from evaluations) as evaluations,
       (select count(*) from evaluations where is_current) as current,
       (select count(*) from funding) as funding,
       (select count(*) from indicators) as indicators,
       (select count(*) from amounts) as amounts,
       (select sum(figures_printed) from documents) as printed,
       (select sum(figures_read) from documents) as read,
       (select sum(figures_left_out) from documents) as left_out,
       (select sum(figures_unread) from documents) as unread,
       (select count(*) from funding where suspect) + (select count(*) from indicators where suspect) as suspect,
       (select sum(executed_wanyuan) from v_spending) as spent,
       (select string_agg(distinct extractor_version, '、') from documents) as versions
"""


@dataclass(frozen=True, slots=True)
class RenamedPair:
    """Two names of offices that are alike (疑似更名): nothing is merged, a person decides."""

    one: str
    other: str
    similarity: float


def write_profile(output: Path, target: Path) -> None:
    """Write the page about the dataset below `output`. Raises StoreError."""
    with closing(connect(open_dataset(output))) as connection:
        page = (
            _environment()
            .get_template("profile.html")
            .render(
                sums=_sums(connection),
                sections=sections([answer(connection, question) for question in questions()]),
                renamed=renamed(connection),
                made_at=datetime.now().astimezone(),
                version=EXTRACTOR_VERSION,
                output=output,
            )
        )
    with replaced(target) as temporary:
        temporary.write_text(page, encoding="utf-8")


def _sums(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    asked = connection.execute(_SUMS)
    names = [column[0] for column in asked.description or ()]
    return dict(zip(names, asked.fetchone() or (), strict=True))


def renamed(connection: duckdb.DuckDBPyConnection) -> list[RenamedPair]:
    """Names of offices that may be one office before and after a reform, the most alike first."""
    names = connection.execute(
        "select unit, any_value(region) from evaluations where unit is not null group by 1 order by 1"
    ).fetchall()
    offices = {office(name, region).identity: office(name, region) for name, region in names}
    found = {
        (min(one, other), max(one, other)): alike
        for one, others in similar_offices(offices.values(), ALIKE).items()
        for other, alike in others.items()
    }
    pairs = [RenamedPair("".join(one), "".join(other), alike) for (one, other), alike in found.items()]
    return sorted(pairs, key=lambda pair: (-pair.similarity, pair.one))[:MOST_PAIRS]


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters["shown"] = _shown
    environment.filters["drawing"] = Markup
    return environment


def _shown(value: object) -> str:
    """A value as a person reads it: numbers grouped and without spare zeros, nothing for null."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, Decimal):
        value = float(value)
    if isinstance(value, float):
        return f"{value:,.6f}".rstrip("0").rstrip(".")
    return str(value)
