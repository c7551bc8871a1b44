"""The questions behind the overview, the list of findings and the list of files (总览与清单)."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlencode

from pipeline.desk.workbench import STATES, Rows, Workbench
from pipeline.unread import NO_UNIT

PAGE = 50
"""Findings on one page of the list."""

_FINDINGS = """
from contradictions c
left join decided v on v.check_id = c.check_id
left join rule_titles t on t.rule = c.rule
where true
"""
_MONEY = "case when c.difference like '%万元' then abs(c.difference_value) end"
_POINTS = "case when c.difference like '%百分点' then abs(c.difference_value) end"
_ROOT = "coalesce(c.root_id, c.check_id)"
_FAMILY = f"(partition by {_ROOT})"
_LEADS_FIRST = f"c.check_id <> {_ROOT}, c.severity, c.check_id"
_ORDER = f"""min(case c.severity when 'error' then 0 else 1 end) over {_FAMILY},
max({_MONEY}) over {_FAMILY} desc nulls last, max({_POINTS}) over {_FAMILY} desc nulls last,
max(abs(c.difference_value)) over {_FAMILY} desc nulls last, c.file_name, {_ROOT}, {_LEADS_FIRST}"""
"""What moves most first; what one cause explains stands together, the finding that stands for all before the others."""


@dataclass(frozen=True, slots=True)
class ListFilter:
    """What the list shows (筛选): None or "" where nothing is asked; names match anywhere."""

    severity: str = ""
    rule: str = ""
    state: str = ""
    unit: str = ""
    department: str = ""
    region: str = ""
    year: str = ""
    file: str = ""
    money: str = ""
    """At least so many 万元 of difference (重要性)."""
    percent: str = ""
    """At least so many percentage points."""
    group: str = ""
    """unit or file: stand together by it."""
    sample: str = ""
    """A random sample of so many findings."""
    seed: str = ""
    """What the sample was drawn with: the same seed draws the same findings again."""
    page: str = "1"

    @staticmethod
    def of(asked: dict[str, str]) -> ListFilter:
        """From the fields of an address; others are left aside."""
        known = {each.name for each in fields(ListFilter)}
        return ListFilter(**{name: value.strip() for name, value in asked.items() if name in known})

    def address(self, **changes: str) -> str:
        """The address of the list with this filter, changed."""
        now = {each.name: getattr(self, each.name) for each in fields(self)} | changes
        return "/findings?" + urlencode({name: value for name, value in now.items() if value})

    @property
    def page_number(self) -> int:
        return int(self.page) if self.page.isdecimal() and int(self.page) > 0 else 1


@dataclass(frozen=True, slots=True)
class FindingsPage:
    """One page of findings (一页清单) and how many there are in all."""

    rows: Rows
    total: int
    filter: ListFilter

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE))


def listed(bench: Workbench, asked: ListFilter) -> FindingsPage:
    """The findings that `asked` lets pass, what moves most money first."""
    conditions, values = _conditions(asked)
    base = f"{_FINDINGS} {conditions}"
    if asked.sample.isdecimal():
        ids = bench.ask(
            f"select c.check_id {base} order by md5(c.check_id || ?) limit {int(asked.sample)}", [*values, asked.seed]
        )
        base, values = f"{_FINDINGS} and c.check_id in (select unnest(?))", [[row["check_id"] for row in ids]]
    total = bench.ask(f"select count(*) as n {base}", values)[0]["n"]
    group = {"unit": "c.unit nulls last,", "file": "c.file_name,"}.get(asked.group, "")
    rows = bench.ask(
        f"""select c.check_id, c.document_id, c.evaluation_id, c.severity, c.rule, coalesce(t.title, c.rule) as title,
        c.message, c.likely_cause, c.difference, c.unit, c.department, c.project_name, c.fiscal_year, c.file_name,
        coalesce(v.verdict, 'open') as state, v.note, v.who,
        row_number() over (partition by {_ROOT} order by {_LEADS_FIRST}) > 1 as under
        {base} order by {group} {_ORDER} limit {PAGE} offset {PAGE * (asked.page_number - 1)}""",
        values,
    )
    return FindingsPage(rows, total, asked)


def _conditions(asked: ListFilter) -> tuple[str, list[Any]]:
    conditions, values = [], []
    exact = {
        "c.severity": asked.severity,
        "c.rule": asked.rule,
        "coalesce(v.verdict, 'open')": asked.state if asked.state in STATES else "",
        "cast(c.fiscal_year as varchar)": asked.year,
    }
    part = {
        "c.unit": asked.unit,
        "c.department": asked.department,
        "c.file_name": asked.file,
        "concat_ws(' ', c.region, c.province, c.city, c.region_name, c.region_code)": asked.region,
    }
    for column, value in exact.items():
        if value:
            conditions.append(f"and {column} = ?")
            values.append(value)
    for column, value in part.items():
        if value:
            conditions.append(f"and contains({column}, ?)")
            values.append(value)
    least = _least(asked)
    if least:
        material = " or ".join(f"{measure} >= try_cast(? as double)" for measure, _ in least)
        conditions.append(f"and ({material})")
        values.extend(amount for _, amount in least)
    return " ".join(conditions), values


def _least(asked: ListFilter) -> list[tuple[str, str]]:
    return [(measure, least) for measure, least in ((_MONEY, asked.money), (_POINTS, asked.percent)) if least]


def new_seed() -> str:
    return secrets.token_hex(4)


@dataclass(frozen=True, slots=True)
class Overview:
    """What the first page tells (总览)."""

    totals: dict[str, Any]
    states: Rows
    units: Rows
    rules: Rows
    cells: dict[tuple[str, str], int]
    departments: Rows
    regions: Rows
    years: Rows
    changed: dict[str, int | None]
    """How many findings are `new` and how many `gone` since the state before; None where there is none."""


def overview(bench: Workbench) -> Overview:
    """Counts by state, office, rule, region and year, and what changed since the last run."""
    by_rule = bench.ask(
        f"""select c.rule, any_value(coalesce(t.title, c.rule)) as title, count(*) as n {_FINDINGS}
        group by 1 order by 3 desc"""
    )
    by_unit = bench.ask(
        f"""select coalesce(c.unit, '{NO_UNIT}') as unit, count(*) as n,
        count(*) filter (c.severity = 'error') as errors, count(*) filter (v.verdict is null) as open,
        sum({_MONEY}) as money {_FINDINGS} group by 1 order by errors desc, n desc limit 30"""
    )
    crossed = bench.ask(f"select coalesce(c.unit, '{NO_UNIT}') as unit, c.rule, count(*) as n {_FINDINGS} group by all")
    return Overview(
        totals=bench.ask("select * from totals")[0],
        states=bench.ask(
            f"""select coalesce(v.verdict, 'open') as state, count(*) as n,
            count(*) filter (c.severity = 'error') as errors {_FINDINGS} group by 1"""
        ),
        units=by_unit,
        rules=by_rule,
        cells={(row["unit"], row["rule"]): row["n"] for row in crossed},
        departments=_counted(bench, "c.department"),
        regions=_counted(bench, "concat_ws(' ', c.province, c.region_name)"),
        years=_counted(bench, "cast(c.fiscal_year as varchar)"),
        changed=bench.ask("select * from changed")[0],
    )


def _counted(bench: Workbench, column: str) -> Rows:
    return bench.ask(
        f"""select {column} as name, count(*) as n, count(*) filter (v.verdict is null) as open {_FINDINGS}
        and {column} <> '' group by 1 order by 2 desc limit 15"""
    )


def files(bench: Workbench, name: str, status: str, page: int) -> tuple[Rows, int]:
    """One page of files and how many there are: those with something open first."""
    conditions = "where d.duplicate_of is null and contains(d.file_name, ?) and (? = '' or d.status = ?)"
    values = [name, status, status]
    total = bench.ask(f"select count(*) as n from documents d {conditions}", values)[0]["n"]
    rows = bench.ask(
        f"""select d.document_id, d.file_name, d.format, d.status, d.error, d.evaluation_count, d.figures_printed,
        d.figures_unread, coalesce(o.open, 0) as open
        from documents d left join (
          select c.document_id, count(*) as open from contradictions c left join decided v on v.check_id = c.check_id
          where v.check_id is null group by 1
        ) o on o.document_id = d.document_id
        {conditions} order by open desc, d.figures_unread desc nulls last, d.file_name
        limit {PAGE} offset {PAGE * (page - 1)}""",
        values,
    )
    return rows, int(total)
