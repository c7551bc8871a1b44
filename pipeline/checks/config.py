"""The rules' data, read from `rules.toml`: limits, grades, severities, words (核对规则的数据).

Every mistake in the file is a ConfigError whose message names the entry and says what was expected there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from pipeline.checks.numbering import RowNumbering, numbering
from pipeline.checks.toml_table import TomlTable
from schemas.errors import ConfigError
from schemas.lexicon import normalise
from schemas.records import Severity

SEVERITIES: tuple[Severity, ...] = ("error", "warning", "info")
SECTIONS = (
    "severity",
    "doubt",
    "funding",
    "scores",
    "grades",
    "grade_regions",
    "indicators",
    "dates",
    "amounts",
    "numbering",
    "prose",
    "cross",
)
GRADES = ("excellent", "good", "fair", "poor")


@dataclass(frozen=True, slots=True)
class Nest:
    """Sources of funds that may stand under another: usually, or only where the numbers say so (上下级来源)."""

    usual: frozenset[str]
    possible: frozenset[str]


@dataclass(frozen=True, slots=True)
class Grade:
    """One grade (等次): its word, the score (% of the total points) it starts from, the widest band known anywhere."""

    zh: str
    start: Decimal
    low: Decimal
    high: Decimal
    words: frozenset[str]


@dataclass(frozen=True, slots=True)
class SumFamily:
    """A figure of a table and the figures it is made of (合计与组成); each entry lists spellings of one concept."""

    total: frozenset[str]
    parts: tuple[frozenset[str], ...]
    closing: frozenset[str]


@dataclass(frozen=True, slots=True)
class AmountWords:
    """Words for the checks of other figures (其他数额用词)."""

    summary: tuple[str, ...]
    income: frozenset[str]
    spending: frozenset[str]
    balance: frozenset[str]
    changes: frozenset[str]
    cuts: frozenset[str]
    arrival_rates: frozenset[str]
    carryover: frozenset[str]
    sums: tuple[SumFamily, ...]


CROSS_RULES = (
    "duplicate_project",
    "carryover_across_years",
    "unit_projects_sum",
    "prose_elsewhere",
    "copied_indicators",
    "copied_text",
)
"""The rules that look across forms, years and offices, in the order of the report."""


@dataclass(frozen=True, slots=True)
class CrossRules:
    """Limits and words of the rules that look across forms (跨表规则的数据)."""

    severity: Mapping[str, Severity]
    similar_from: float
    same_share: Decimal
    copied_rows: int
    copied_share: Decimal
    copied_digits: int
    copied_names: int
    text_length: int
    reason_length: int
    text_owners: int
    text_digits: int
    text_sure: int
    boilerplate: tuple[str, ...]
    project_spending: frozenset[str]
    complete_list: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything `rules.toml` says, typed (规则数据)."""

    severity: Mapping[str, Severity]
    doubt_confidence: float
    doubt_recognised: float
    harmless_problems: frozenset[str]
    closing_sources: frozenset[str]
    scale_factors: tuple[Decimal, ...]
    nests: Mapping[str, Nest]
    exact_multiple: Decimal
    full_score_from_rate: Decimal
    usual_total: Decimal
    bonus_words: tuple[str, ...]
    grades: tuple[Grade, ...]
    grade_regions: tuple[tuple[str, Mapping[str, Decimal]], ...]
    share_gap: Decimal
    less_is_better: tuple[str, ...]
    over_fulfilment: Decimal
    over_fulfilment_from: Decimal
    little_money: Decimal
    same_reason_rows: int
    year_end: tuple[int, int]
    amounts: AmountWords
    numbering: RowNumbering
    whole_words: tuple[str, ...]
    this_project: tuple[str, ...]
    unit_words: frozenset[str]
    extents: frozenset[str]
    cross: CrossRules

    def grade_starts(self, region: str | None) -> tuple[Decimal, ...]:
        """The lowest score of each grade, as the region has it (各等次下限)."""
        for name, starts in self.grade_regions:
            if region and name in region:
                return tuple(starts.get(key, grade.start) for key, grade in zip(GRADES, self.grades, strict=True))
        return tuple(grade.start for grade in self.grades)


def _grade(table: TomlTable) -> Grade:
    limits = table.value("limits", "[下限, 上限]")
    if (
        not isinstance(limits, list)
        or len(limits) != 2
        or not all(isinstance(x, int | float | Decimal) for x in limits)
    ):
        raise table.fail("limits", "[下限, 上限]")
    low, high = (Decimal(str(x)) for x in limits)
    start = table.number("from")
    if not low <= start <= high:
        raise table.fail("limits", "包含 from 的一段")
    return Grade(table.text("zh"), start, low, high, frozenset(normalise(word) for word in table.words("words")))


def _region(table: TomlTable) -> tuple[str, Mapping[str, Decimal]]:
    starts = {key: table.number(key, high=Decimal(200)) for key in table.data if key != "region"}
    for key in starts:
        if key not in GRADES:
            raise table.fail(key, f"等次之一（{'、'.join(GRADES)}）")
    return table.text("region"), starts


def _spellings(entry: str) -> frozenset[str]:
    return frozenset(normalise(word) for word in entry.split("|"))


def _family(table: TomlTable) -> SumFamily:
    closing = frozenset(word for entry in table.words("closing") for word in _spellings(entry))
    return SumFamily(_spellings(table.text("total")), tuple(_spellings(p) for p in table.words("parts")), closing)


def _amounts(table: TomlTable) -> AmountWords:
    return AmountWords(
        summary=table.words("summary_words"),
        income=frozenset(normalise(word) for word in table.words("income")),
        spending=frozenset(normalise(word) for word in table.words("spending")),
        **{
            key: frozenset(normalise(word) for word in table.words(key))
            for key in ("balance", "changes", "cuts", "arrival_rates")
        },
        carryover=frozenset(normalise(word) for word in table.words("carryover")),
        sums=tuple(_family(entry) for entry in table.tables("sums")),
    )


def _numbering(table: TomlTable) -> RowNumbering:
    levels = table.value("levels", "若干层编号的写法")
    if not isinstance(levels, list) or not all(isinstance(ways, list) and ways for ways in levels):
        raise table.fail("levels", '若干层编号的写法（[["{n}、"], ["({n})"], …]）')
    return numbering(levels, table.words("inside"))


def _severities(table: TomlTable) -> Mapping[str, Severity]:
    for key, value in table.data.items():
        if value not in SEVERITIES:
            raise table.fail(key, "error、warning、info 之一")
    return dict(table.data)


def _cross(table: TomlTable) -> CrossRules:
    severities = table.table("severity")
    for key in severities.data:
        if key not in CROSS_RULES:
            raise severities.fail(key, f"跨表规则之一（{'、'.join(CROSS_RULES)}）的程度")
    for key in CROSS_RULES:
        severities.text(key)
    names, copied, unit = table.table("names"), table.table("copied"), table.table("unit_projects")
    for pattern in unit.words("complete_list"):
        if "{n}" not in pattern:
            raise unit.fail("complete_list", "含 {n}（项目个数）的说法")
    return CrossRules(
        severity=_severities(severities),
        similar_from=float(names.number("similar_from", low=Decimal("0.5"), high=Decimal(1))),
        same_share=table.table("duplicates").number("same_share", high=Decimal(1)),
        copied_rows=copied.count("rows"),
        copied_share=copied.number("share", low=Decimal("0.5"), high=Decimal(1)),
        copied_digits=copied.count("digits"),
        copied_names=copied.count("names"),
        text_length=copied.count("text_length"),
        reason_length=copied.count("reason_length"),
        text_owners=copied.count("text_owners"),
        text_digits=copied.count("text_digits"),
        text_sure=copied.count("text_sure"),
        boilerplate=tuple(sorted(map(normalise, copied.words("boilerplate")), key=len, reverse=True)),
        project_spending=frozenset(map(normalise, unit.words("project_spending"))),
        complete_list=unit.words("complete_list"),
    )


def _month_day(table: TomlTable, key: str) -> tuple[int, int]:
    month, _, day = table.text(key).partition("-")
    if not (month.isdigit() and day.isdigit() and 1 <= int(month) <= 12 and 1 <= int(day) <= 31):
        raise table.fail(key, '“月-日”，如 "12-31"')
    return int(month), int(day)


def _rule_table(path: Path) -> TomlTable:
    """All of a rule file, none of its sections unknown."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"核对规则 {path} 无法读取（{error.strerror}），请检查路径与权限。") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"核对规则 {path} 不是正确的 TOML（{error}），请改正后重试。") from error
    top = TomlTable(path, "", data)
    for key in data:
        if key not in SECTIONS:
            raise top.fail(key, f"已知的一节（{'、'.join(SECTIONS)}）")
    return top


def _scale_factors(funding: TomlTable) -> tuple[Decimal, ...]:
    factors = funding.value("scale_factors", "若干倍数")
    if not isinstance(factors, list) or not all(isinstance(x, int) and x > 1 for x in factors):
        raise funding.fail("scale_factors", "若干大于 1 的整数")
    return tuple(map(Decimal, factors))


def load_rules(path: Path) -> Rules:
    """Read a rule file. Raises ConfigError with the entry and what was expected there."""
    top = _rule_table(path)
    funding, scores, indicators = top.table("funding"), top.table("scores"), top.table("indicators")
    doubt, grades = top.table("doubt"), top.table("grades")
    nests = funding.table("nests")
    return Rules(
        severity=_severities(top.table("severity")),
        doubt_confidence=float(doubt.number("confidence", high=Decimal(1))),
        doubt_recognised=float(doubt.number("recognised", high=Decimal(1))),
        harmless_problems=frozenset(doubt.words("harmless")),
        closing_sources=frozenset(funding.words("closing")),
        scale_factors=_scale_factors(funding),
        nests={
            key: Nest(frozenset(nests.table(key).words("usual")), frozenset(nests.table(key).words("possible")))
            for key in nests.data
        },
        exact_multiple=scores.number("exact_multiple", low=Decimal("0.01")),
        full_score_from_rate=scores.number("full_score_from_rate", high=Decimal(100)),
        usual_total=scores.number("usual_total", low=Decimal(1)),
        bonus_words=scores.words("bonus_words"),
        grades=tuple(_grade(grades.table(key)) for key in GRADES),
        grade_regions=tuple(_region(entry) for entry in top.tables("grade_regions")),
        share_gap=indicators.number("share_gap", high=Decimal(1)),
        less_is_better=indicators.words("less_is_better"),
        over_fulfilment=indicators.number("over_fulfilment", low=Decimal(1)),
        over_fulfilment_from=indicators.number("over_fulfilment_from"),
        little_money=indicators.number("little_money", high=Decimal(100)),
        same_reason_rows=indicators.count("same_reason_rows"),
        year_end=_month_day(top.table("dates"), "year_end"),
        amounts=_amounts(top.table("amounts")),
        numbering=_numbering(top.table("numbering")),
        this_project=tuple(map(normalise, top.table("prose").words("this_project"))),
        unit_words=frozenset(map(normalise, top.table("prose").words("unit_only"))),
        extents=frozenset(top.table("prose").words("extents")),
        whole_words=tuple(sorted(map(normalise, top.table("prose").words("whole")), key=len, reverse=True)),
        cross=_cross(top.table("cross")),
    )


@cache
def default_rules() -> Rules:
    """The rules shipped with the project."""
    return load_rules(Path(__file__).with_name("rules.toml"))
