"""The rules' data: every mistake is named, every setting has its effect; the list of rules is current."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from test_checks_forms import findings, national, records

from pipeline.checks import rules_from
from pipeline.checks.catalog import catalog
from pipeline.checks.config import Rules
from pipeline.checks.run import all_rules
from pipeline.findings import run_checks
from schemas.errors import ConfigError

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "pipeline" / "checks" / "rules.toml"


def edited(tmp_path: Path, old: str, new: str) -> Rules:
    text = SHIPPED.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "rules.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return rules_from(path)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("# funding_sum", "funding_sum", None),
        ("[severity]", '[severity]\ngrade = "fatal"', "severity.grade"),
        ("[severity]", '[severity]\nno_such_rule = "info"', "severity.no_such_rule"),
        ("confidence = 0.9", "confidence = 9", "doubt.confidence"),
        ("confidence = 0.9", "", "doubt.confidence"),
        ("exact_multiple = 0.5", 'exact_multiple = "half"', "scores.exact_multiple"),
        ("from = 90", "from = 70", "grades.excellent.limits"),
        ("limits = [80, 200]", "limits = [80]", "grades.excellent.limits"),
        ('year_end = "12-31"', 'year_end = "13-31"', "dates.year_end"),
        ("scale_factors = [10000, 1000, 100, 10]", "scale_factors = [1]", "funding.scale_factors"),
        ('summary_words = ["汇总"]', 'summary_words = "汇总"', "amounts.summary_words"),
        ("[doubt]", "[doubt", "TOML"),
        ("[dates]", "[datum]", "datum"),
    ],
)
def test_a_mistake_in_the_file_is_named(tmp_path: Path, old: str, new: str, named: str | None) -> None:
    if named is None:
        edited(tmp_path, old, new)
        return
    with pytest.raises(ConfigError, match=re.escape(named)) as caught:
        edited(tmp_path, old, new)
    assert str(caught.value).endswith("。")


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml"):
        rules_from(tmp_path / "none.toml")


def test_severity_by_configuration(tmp_path: Path) -> None:
    rules = edited(tmp_path, '# funding_sum = "warning"', 'funding_sum = "warning"')
    wrong = national({0: {"annual_budget": "391.73"}})
    assert [one.severity for one in findings(wrong, "funding_sum", rules)] == ["warning"]


def test_grade_cut_offs_by_region(tmp_path: Path) -> None:
    rules = edited(tmp_path, "# [[grade_regions]]", '[[grade_regions]]\nregion = "甲省"\nexcellent = 85\n#')
    good = records(total_score="86", grade="优", region="甲省乙市")
    assert findings(good, "grade", rules) == []
    assert len(findings(good, "grade")) == 1


def test_the_list_of_rules_is_current() -> None:
    assert (ROOT / "docs" / "checks.md").read_text(encoding="utf-8") == catalog(), (
        "请运行 python -m pipeline.checks.catalog > docs/checks.md"
    )


def test_codes_titles_and_sources() -> None:
    rules = all_rules()
    assert len({rule.code for rule in rules}) == len(rules)
    for rule in rules:
        assert re.fullmatch(r"[a-z_]+", rule.code)
        assert re.search(r"[\u4e00-\u9fff]", rule.title) and re.search(r"[\u4e00-\u9fff]", rule.source)


def test_messages_are_one_chinese_sentence() -> None:
    wrong = national({0: {"annual_budget": "391.73", "score": "7.65"}}, {1: {"score": "20.5"}}, total_score="99")
    for one in run_checks(wrong):
        assert one.message.endswith("。") and one.message.count("。") == 1, one.message


def test_the_id_changes_with_the_printed_number_only() -> None:
    first = findings(national({0: {"annual_budget": "391.73"}}), "funding_sum")[0]
    again = findings(national({0: {"annual_budget": "391.73", "score": "7.65"}}), "funding_sum")[0]
    other = findings(national({0: {"annual_budget": "391.74"}}), "funding_sum")[0]
    assert first.check_id == again.check_id != other.check_id
