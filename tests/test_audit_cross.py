"""Rules across forms: what is found between documents, years and offices, how sure, and what is left alone."""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from audit_build import ingest, named
from hypothesis import given, settings
from hypothesis import strategies as st
from test_checks_forms import amount, funding, indicator, national, records

from pipeline import cli, exit_codes
from pipeline.audit.filters import Filters, YearRange
from pipeline.audit.findings import AuditFinding, load_findings
from pipeline.audit.scores import score_distribution
from pipeline.checks import rules_from
from pipeline.checks.config import CROSS_RULES
from pipeline.dataset.store import open_dataset
from schemas.errors import ConfigError
from schemas.records import DocumentRecords, EvaluationRecords, Section

HEAD = {"kind": "project", "unit": "甲县农业局", "project_name": "农村公路养护项目"}
ROWS = (
    indicator(0, "养护里程", "≥1200公里", "1274公里", "20", "20"),
    indicator(1, "巡查次数", "≥300次", "318次", "20", "20"),
    indicator(2, "维修面积", "≥4500平方米", "4730平方米", "20", "20"),
    indicator(3, "验收合格率", "≥95%", "96.4%", "20", "20"),
    indicator(4, "群众满意度", "≥90%", "95%", "10", "10"),
)


def form(name: str, rows: Mapping[int, Mapping[str, str]] | None = None, **head: Any) -> DocumentRecords:
    """The national form of the project in a file of its own."""
    return named(national(rows, **(HEAD | head)), name)


def across(output: Path, *documents: DocumentRecords) -> list[AuditFinding]:
    """What the rules across forms find."""
    ingest(output, *documents)
    return [one for one in load_findings(output) if one.check.rule in CROSS_RULES]


def with_indicators(name: str, **head: Any) -> DocumentRecords:
    lines = [funding(0, "年度资金总额", "10.00", "10.00", "10.00")]
    return named(records(lines, ROWS, **(HEAD | head)), name)


# The same project twice ---------------------------------------------------------------------------------------------


def test_the_same_project_with_another_figure_is_an_error_with_both_places(tmp_path: Path) -> None:
    (found,) = across(tmp_path, form("a.txt"), form("b.txt", {0: {"executed": "425.20"}}, unit="岳阳市甲县农业局"))
    assert found.check.rule == "duplicate_project" and found.check.severity == "error"
    assert (
        "415.20万元" in found.check.message and "425.20万元" in found.check.message and "10万元" in found.check.message
    )
    assert {cell.document.file_name for cell in found.cells} == {"a.txt", "b.txt"}
    assert {cell.shown for cell in found.cells} == {"415.20万元", "425.20万元"}


def test_the_same_figures_are_a_hint_whatever_unit_they_are_printed_in(tmp_path: Path) -> None:
    lines = [funding(0, "年度资金总额", "5000000.00", "4800000.00", "4152000.00", unit="元")]
    (found,) = across(tmp_path, form("a.txt"), named(records(lines, fiscal_year=2022, **HEAD), "b.txt"))
    assert found.check.severity == "info" and "全部相同" in found.check.message


@pytest.mark.parametrize(
    "other",
    [
        {"fiscal_year": 2023},
        {"project_name": "农村公路养护项目（二期）"},
        {"unit": "乙县农业局"},
        {"unit": None},
        {"budget_code": "B2"},
        {"kind": "transfer"},
    ],
)
def test_other_projects_are_no_duplicates(tmp_path: Path, other: dict[str, Any]) -> None:
    found = across(tmp_path, form("a.txt", budget_code="B1"), form("b.txt", {0: {"executed": "425.20"}}, **other))
    assert [one for one in found if one.check.rule == "duplicate_project"] == []


def test_a_similar_name_is_said_with_its_similarity_and_never_an_error(tmp_path: Path) -> None:
    (found,) = across(tmp_path, form("a.txt"), form("b.txt", {0: {"executed": "425.20"}}, unit="甲县农业农村局"))
    assert found.check.severity == "warning"
    assert "相似度0." in found.check.message and "请核实是否同一单位" in found.check.message


def test_what_was_read_in_part_is_a_question(tmp_path: Path) -> None:
    partial = form("b.txt", {0: {"executed": "425.20"}})
    partial = replace(partial, document=replace(partial.document, status="partial"))
    (found,) = across(tmp_path, form("a.txt"), partial)
    assert found.check.severity == "warning" and "请先核对原文" in found.check.message


def test_mostly_different_figures_are_another_batch(tmp_path: Path) -> None:
    lines = [funding(0, "年度资金总额", "7.00", "7.00", "6.00", "10", "85.71%", "8.57")]
    (found,) = across(tmp_path, form("a.txt"), named(records(lines, fiscal_year=2022, **HEAD), "b.txt"))
    assert found.check.severity == "warning" and "不同批次" in found.check.message


# Money carried over -------------------------------------------------------------------------------------------------


def before(executed: str, **head: Any) -> DocumentRecords:
    lines = [funding(0, "年度资金总额", "400.00", "400.00", executed)]
    return named(records(lines, fiscal_year=2021, **(HEAD | head)), "before.txt")


def test_carried_over_money_is_what_was_left(tmp_path: Path) -> None:
    assert across(tmp_path, before("250.00"), form("now.txt")) == []


def test_carried_over_money_that_was_not_left(tmp_path: Path) -> None:
    (found,) = across(tmp_path, before("260.00"), form("now.txt"))
    assert (found.check.rule, found.check.severity) == ("carryover_across_years", "warning")
    assert found.check.difference == "10万元" and found.check.expected == "140万元"
    assert [cell.name.split("：")[0] for cell in found.cells] == ["2021年", "2021年", "2022年"]


def test_carried_over_under_the_offices_new_name(tmp_path: Path) -> None:
    (found,) = across(tmp_path, before("260.00"), form("now.txt", unit="甲县农业农村局"))
    assert "相似度" in found.check.message


def test_nothing_carried_over_beside_unspent_money_is_a_hint(tmp_path: Path) -> None:
    nothing = {2: {"initial_budget": "0.00", "annual_budget": "0.00", "executed": "0.00"}}
    found = across(tmp_path, before("260.00"), form("now.txt", nothing))
    assert [one.check.severity for one in found] == ["info"]


# A unit and its projects --------------------------------------------------------------------------------------------


def unit_file(spending: str, text: str, *projects: str) -> DocumentRecords:
    lines = [funding(0, "年度资金总额", "90.00", "90.00", "90.00"), funding(1, "项目支出", None, spending, None)]
    whole = named(records(lines, fiscal_year=2022, kind="unit", unit="甲县农业局"), "unit.txt")
    parts = [whole.evaluations[0]]
    for at, money in enumerate(projects, 1):
        (one,) = records([funding(0, "年度资金总额", None, money, None)], fiscal_year=2022, **HEAD).evaluations
        key = f"{whole.document.document_id[:16]}-{at}"
        head = replace(
            one.evaluation,
            evaluation_id=key,
            document_id=whole.document.document_id,
            ordinal=at,
            project_name=f"第{'一二三四'[at]}个专项",
        )
        parts.append(EvaluationRecords(head, tuple(replace(row, evaluation_id=key) for row in one.funding)))
    section = Section(whole.document.document_id, None, text=text)
    return replace(whole, evaluations=tuple(parts), sections=(section,))


@pytest.mark.parametrize(
    ("spending", "text", "severities"),
    [
        ("30.00", "共有2个项目。", []),
        ("35.00", "共有2个项目。", ["error"]),
        ("35.00", "共有两类支出。", []),
        ("35.00", "共有3个项目。", []),
        ("25.00", "共有两类支出。", ["warning"]),
        ("25.00", "共有二个项目。", ["error"]),
    ],
)
def test_a_unit_and_its_projects(tmp_path: Path, spending: str, text: str, severities: list[str]) -> None:
    found = across(tmp_path, unit_file(spending, text, "10.00", "20.00"))
    assert [one.check.severity for one in found] == severities
    if found:
        assert len(found[0].cells) == 3 and found[0].check.expected == "30万元"


# Prose elsewhere ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("said", "count"), [("480.00", 0), ("470.00", 1)])
def test_prose_in_another_file(tmp_path: Path, said: str, count: int) -> None:
    spoken = amount(0, "全年预算数", "annual_budget", said, origin="prose")
    prose = named(records(amounts=[spoken], fiscal_year=2022, **HEAD), "prose.txt")
    found = across(tmp_path, form("form.txt"), prose)
    assert [one.check.rule for one in found] == ["prose_elsewhere"] * count
    for one in found:
        assert {cell.document.file_name for cell in one.cells} == {"form.txt", "prose.txt"}
        assert one.check.message.count("。") == 1


# Copies -------------------------------------------------------------------------------------------------------------


def test_indicators_copied_from_another_year(tmp_path: Path) -> None:
    found = across(tmp_path, with_indicators("a.txt", fiscal_year=2021), with_indicators("b.txt", fiscal_year=2022))
    (copy,) = [one for one in found if one.check.rule == "copied_indicators"]
    assert copy.check.severity == "warning" and copy.check.reported == "100%"
    assert copy.evaluation is not None and copy.evaluation.fiscal_year == 2022


def test_indicators_copied_from_another_office(tmp_path: Path) -> None:
    other = {"unit": "乙县林场", "project_name": "防火道维护", "fiscal_year": 2022}
    found = across(tmp_path, with_indicators("a.txt", fiscal_year=2022), with_indicators("b.txt", **other))
    assert [one.check.rule for one in found] == ["copied_indicators"]


def test_common_values_are_no_copy(tmp_path: Path) -> None:
    rows = [indicator(at, f"指标{at}", "≥95%", "100%", "10", "10") for at in range(8)]
    documents = [named(records([], rows, fiscal_year=year, **HEAD), f"{year}.txt") for year in (2020, 2021, 2022)]
    assert across(tmp_path, *documents) == []


def test_targets_met_exactly_every_year_are_a_hint(tmp_path: Path) -> None:
    rows = [indicator(at, f"指标{at}", f"{at}273人", f"{at}273人", "10", "10") for at in range(1, 7)]
    documents = [named(records([], rows, fiscal_year=year, **HEAD), f"{year}.txt") for year in (2021, 2022)]
    assert [one.check.severity for one in across(tmp_path, *documents)] == ["info"]


TEXT = "全年共开展培训47期，培训学员3216人次，修复沿线护栏1875米，完成了预期的各项任务，受到沿线群众的一致好评。"


def test_long_texts_copied_word_for_word(tmp_path: Path) -> None:
    first = form("a.txt", fiscal_year=2021, goal_actual=TEXT)
    (found,) = across(tmp_path, first, form("b.txt", unit="乙县林场", project_name="护栏", goal_actual=TEXT))
    assert (found.check.rule, found.check.severity) == ("copied_text", "warning")


def test_the_same_phrases_are_a_hint_and_those_of_everybody_nothing(tmp_path: Path) -> None:
    text = (
        "本项目按照实施方案有序推进，各项工作均已落实到位，资金使用规范，管理制度健全，受益对象较为满意，总体情况良好。"
    )
    two = [form(f"{at}.txt", unit=f"{at}县林场", project_name=f"护栏{at}", goal_actual=text) for at in "甲乙"]
    assert [one.check.severity for one in across(tmp_path / "two", *two)] == ["info"]
    many = [
        form(f"{at}.txt", unit=f"{at}县林场", project_name=f"护栏{at}", goal_actual=text) for at in "甲乙丙丁戊己庚"
    ]
    assert across(tmp_path / "many", *many) == []


# Kept up with the dataset ------------------------------------------------------------------------------------------


def stored(output: Path) -> set[tuple[str, str, str]]:
    rows = open_dataset(output).read("checks").to_pylist()
    return {(row["check_id"], row["message"], row["severity"]) for row in rows if row["rule"] in CROSS_RULES}


def filings() -> list[DocumentRecords]:
    """Forms that are doubled, carried over, copied, told of elsewhere, and such that have nothing to do with these."""
    spoken = amount(0, "全年预算数", "annual_budget", "470.00", origin="prose")
    text = {"goal_actual": TEXT}
    return [
        form("a.txt"),
        form("b.txt", {0: {"executed": "425.20"}}),
        form("c.txt", {0: {"executed": "435.20"}}, unit="甲县农业农村局"),
        before("260.00"),
        named(records(amounts=[spoken], fiscal_year=2022, **HEAD), "prose.txt"),
        unit_file("30.00", "", "10.00", "20.00"),
        *(with_indicators(f"copy-{year}.txt", fiscal_year=year, project_name="护林") for year in (2020, 2021, 2022)),
        form("d.txt", unit="丙县林场", project_name="巡护", **text),
        form("e.txt", unit="丁县林场", project_name="护栏", **text),
        form("f.txt", {}, unit="戊县水库", project_name="别的项目"),
    ]


@given(order=st.permutations(range(12)), cuts=st.sets(st.integers(1, 11), max_size=1), changed=st.integers(0, 11))
@settings(max_examples=4, deadline=None)
def test_checks_across_forms_are_the_same_however_the_files_came(
    order: list[int], cuts: set[int], changed: int
) -> None:
    files = filings()
    address = files[changed].document
    last = form("corrected.txt", {0: {"executed": "399.99"}})
    last = replace(last, document=replace(last.document, source_uri=address.source_uri, file_name=address.file_name))
    with TemporaryDirectory() as steps, TemporaryDirectory() as at_once:
        edges = [0, *sorted(cuts), len(files)]
        for begin, end in itertools.pairwise(edges):
            ingest(Path(steps), *(files[at] for at in order[begin:end]))
        ingest(Path(steps), last)
        ingest(Path(at_once), *(one for at, one in enumerate(files) if at != changed), last)
        assert stored(Path(steps)) == stored(Path(at_once)) != set()


def test_checks_across_forms_stand_in_the_dataset_and_are_carried_on(tmp_path: Path) -> None:
    ingest(tmp_path, form("a.txt"), form("b.txt", {0: {"executed": "425.20"}}))
    (row,) = [row for row in open_dataset(tmp_path).read("checks").to_pylist() if row["rule"] == "duplicate_project"]
    assert len(row["places"]) == len(row["subjects"]) and len({one["document_id"] for one in row["places"]}) == 2
    before_it = stored(tmp_path)
    ingest(tmp_path, form("f.txt", {}, unit="戊县水库", project_name="别的项目"))
    assert before_it <= stored(tmp_path)


# At the desk --------------------------------------------------------------------------------------------------------


def test_findings_across_forms_are_listed_filtered_and_decided(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    output = ["--output", str(tmp_path)]
    (found,) = across(tmp_path, form("a.txt"), form("b.txt", {0: {"executed": "425.20"}}))
    assert cli.main(["audit", *output, "--rule", "duplicate_project", "--json"]) == exit_codes.FINDINGS
    (shown,) = json.loads(capsys.readouterr().out)["findings"]
    assert {cell["source_uri"] for cell in shown["cells"]} == {"/reports/a.txt", "/reports/b.txt"}
    assert cli.main(["audit", *output, "--dismiss", found.check.check_id, "--note", "更正稿"]) == exit_codes.OK
    assert cli.main(["audit", *output, "--rule", "duplicate_project"]) == exit_codes.OK
    assert "更正稿" in capsys.readouterr().out
    ingest(tmp_path, form("c.txt", {}, unit="丙县水库", project_name="别的项目"))  # more files change nothing about it
    (again,) = [one for one in load_findings(tmp_path) if one.check.rule == "duplicate_project"]
    assert again.check.check_id == found.check.check_id and again.decision is not None


def test_a_finding_belongs_to_every_form_it_speaks_of(tmp_path: Path) -> None:
    across(tmp_path, before("260.00"), form("now.txt"))
    for year, count in ((2021, 1), (2022, 1), (2020, 0)):
        found = load_findings(tmp_path, Filters(YearRange(year, year), rules=("carryover_across_years",)))
        assert len(found) == count


def test_reports_show_findings_of_several_files(tmp_path: Path) -> None:
    across(tmp_path, form("a.txt"), form("b.txt", {0: {"executed": "425.20"}}))
    page, book = tmp_path / "r.html", tmp_path / "r.xlsx"
    cli.main(["audit", "--output", str(tmp_path), "--html", str(page), "--xlsx", str(book)])
    text = page.read_text(encoding="utf-8")
    assert "同一项目报了两次" in text and "得分分布" in text
    assert book.stat().st_size


def test_the_distribution_counts_every_form_once(tmp_path: Path) -> None:
    documents = [form("a.txt"), form("copy.txt"), form("b.txt", project_name="别的项目", total_score="100")]
    ingest(tmp_path, *documents, form("c.txt", unit="乙县林场", total_score="60", total_points="80"))
    lines = {(row["office"], row["fiscal_year"]): row for row in score_distribution(tmp_path).to_pylist()}
    own, everybody = lines["甲县农业局", 2022], lines["全部单位", 2022]
    assert (own["count"], own["min_pct"], own["share_90"], own["share_100"]) == (2, 97.15, 100, 50)
    assert (everybody["count"], everybody["min_pct"], everybody["median_pct"]) == (3, 75, 97.15)


@pytest.mark.parametrize(
    ("old", "new", "named_entry"),
    [
        ('duplicate_project = "error"', 'duplicate_project = "bad"', "cross.severity.duplicate_project"),
        ('copied_text = "warning"', "", "cross.severity.copied_text"),
        ('copied_text = "warning"', 'copied_text = "warning"\nother = "info"', "cross.severity.other"),
        ("similar_from = 0.8", "similar_from = 8", "cross.names.similar_from"),
        ("text_sure = 150", "text_sure = 0", "cross.copied.text_sure"),
        ('"共{n}个项目"', '"共几个项目"', "cross.unit_projects.complete_list"),
    ],
)
def test_a_mistake_in_the_settings_is_named(tmp_path: Path, old: str, new: str, named_entry: str) -> None:
    text = (Path(__file__).parents[1] / "pipeline" / "checks" / "rules.toml").read_text(encoding="utf-8")
    path = tmp_path / "rules.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(ConfigError, match=named_entry):
        rules_from(path)


def test_severity_is_configured(tmp_path: Path) -> None:
    text = (Path(__file__).parents[1] / "pipeline" / "checks" / "rules.toml").read_text(encoding="utf-8")
    path = tmp_path / "rules.toml"
    path.write_text(text.replace('duplicate_project = "error"', 'duplicate_project = "info"'), encoding="utf-8")
    ingest(tmp_path, form("a.txt"), form("b.txt", {0: {"executed": "425.20"}}))
    arguments = ["audit", "--output", str(tmp_path), "--rule", "duplicate_project", "--rules", str(path)]
    assert cli.main(arguments) == exit_codes.OK
