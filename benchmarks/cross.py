"""`python -m benchmarks.cross --offices N`: precision, recall and time of the rules across forms.

A dataset of several years is made record by record, with cases planted and with what must not be mistaken for them:
the same project in 元 and in 万元, offices of one name in two districts, phases of a project, equal rows by chance.
"""

from __future__ import annotations

import argparse
import hashlib
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from random import Random

import pyarrow as pa

from benchmarks.corpus import words
from pipeline.dataset.output_folder import Store
from pipeline.dataset.store import Dataset, open_dataset
from pipeline.findings.cross import kept_up
from pipeline.reading.one_file import FileResult
from pipeline.reading.staging import BatchWriter
from schemas.records import (
    Amount,
    DocumentRecords,
    DocumentRow,
    Evaluation,
    EvaluationRecords,
    FundingRow,
    Indicator,
    Section,
)

NIGHT = 25
"""Files that come in one night."""
YEARS = (2020, 2021, 2022, 2023)
CENT = Decimal("0.01")
OFFICES = (
    "卫生计生信息管理服务中心", "财政局", "农业局", "教育局", "国土资源局", "公共图书服务中心", "民政局", "交通运输局",
    "疾控中心", "水利工程管理所", "档案馆", "第一小学", "第二小学", "城市管理行政执法局", "人民医院", "福利院",
)  # fmt: skip
NEW_NAMES = {
    "卫生计生信息管理服务中心": "卫生健康信息中心", "农业局": "农业农村局", "国土资源局": "自然资源局",
    "城市管理行政执法局": "城市管理和综合执法局", "公共图书服务中心": "公共图书管理中心",
    "疾控中心": "疾病预防控制中心",
}  # fmt: skip
PROJECTS = (
    "农村公路养护项目", "公用经费", "设备购置（一期）", "设备购置（二期）", "信息系统运维", "人才培训",
    "防汛物资储备项目", "办公楼维修", "困难群众救助", "宣传活动经费",
)  # fmt: skip
COUNTS = ("培训人次", "检查次数", "养护里程", "服务人数", "采购数量", "巡查次数", "发放册数", "救助人数", "维修面积")
RATES = ("验收合格率", "资金拨付及时率", "任务完成率", "群众满意度", "服务对象满意度", "设备完好率", "覆盖率")


@dataclass(slots=True)
class Made:
    """The documents so far, and what was planted: by rule, the evaluations involved."""

    documents: list[DocumentRecords] = field(default_factory=list)
    planted: dict[str, set[frozenset[str]]] = field(default_factory=lambda: defaultdict(set))
    copy_of: dict[str, str] = field(default_factory=dict)
    original: dict[str, str] = field(default_factory=dict)
    """Of forms that stand in the dataset a second time, the first."""

    def family(self, key: str) -> str:
        """The form whose rows this one has, through any number of copies."""
        while key in self.copy_of or key in self.original:
            key = self.copy_of.get(key) or self.original[key]
        return key

    def keys(self, rule: str, involved: Iterable[str]) -> frozenset[str]:
        """What a finding is known by: the form copied from, or all forms involved, each as its original."""
        if rule.startswith("copied"):
            return frozenset({self.family(key) for key in involved})
        return frozenset(
            key if rule in ("duplicate_project", "prose_elsewhere") else self.original.get(key, key) for key in involved
        )


def document(name: str, *parts: EvaluationRecords, sections: tuple[Section, ...] = ()) -> DocumentRecords:
    """A document of its own, its parts renamed to belong to it."""
    key = hashlib.sha256(name.encode()).hexdigest()
    own = []
    for at, part in enumerate(parts):
        evaluation_id = f"{key[:16]}-{at}"
        own.append(
            EvaluationRecords(
                replace(part.evaluation, evaluation_id=evaluation_id, document_id=key, ordinal=at),
                tuple(replace(row, evaluation_id=evaluation_id) for row in part.funding),
                tuple(replace(row, evaluation_id=evaluation_id) for row in part.indicators),
                tuple(replace(row, evaluation_id=evaluation_id, document_id=key) for row in part.amounts),
            )
        )
    row = DocumentRow(key, f"/made/{name}", name, format="txt", evaluation_count=len(own))
    return DocumentRecords(row, tuple(own), sections=tuple(replace(one, document_id=key) for one in sections))


def id_of(one: DocumentRecords, at: int = 0) -> str:
    return one.evaluations[at].evaluation.evaluation_id


def funding(
    label: str, source: str, budget: Decimal, executed: Decimal, ordinal: int, yuan: bool = False
) -> FundingRow:
    """A line of money as printed, in 元 or in 万元."""

    def raw(value: Decimal) -> str:
        return f"{value * 10000:.2f}" if yuan else f"{value:.2f}"

    return FundingRow(
        "", ordinal, label, source, "total" if source == "total" else "component",
        annual_budget_wanyuan=budget, annual_budget_raw=raw(budget), executed_wanyuan=executed,
        executed_raw=raw(executed), unit_raw="元" if yuan else "万元", confidence=1.0,
    )  # fmt: skip


def indicators(random: Random, names: list[tuple[str, str]], targets: dict[str, str]) -> tuple[Indicator, ...]:
    """A year's rows: names stay, targets mostly too, actuals are of the year."""
    rows = []
    for at, (name, unit) in enumerate(names):
        if name in RATES:
            aim = targets.setdefault(name, random.choice(("95", "90", "98", "100")))
            value = Decimal(random.choice((aim, "100", f"{random.randint(880, 999) / 10}")))
        else:
            if name not in targets or random.random() < 0.3:
                targets[name] = str(random.choice((20, 50, 100, 300, 1200, 85, 4500, 137)))
            aim = targets[name]
            value = Decimal(aim) if random.random() < 0.5 else Decimal(aim) + random.randint(1, 400)
        rows.append(
            Indicator(
                "", at, "产出指标", None, "数量指标", name, None, f"≥{aim}{unit}", ">=", Decimal(aim), None, unit,
                f"{value}{unit}", value, unit, Decimal(10), "10", Decimal(10), "10", confidence=1.0,
            )
        )  # fmt: skip
    return tuple(rows)


def form(
    office: str,
    project: str | None,
    year: int,
    lines: tuple[FundingRow, ...],
    rows: tuple[Indicator, ...],
    **head: object,
) -> EvaluationRecords:
    evaluation = Evaluation(
        "", "", 0, kind="project" if project else "unit", title=None if project else "单位整体自评", fiscal_year=year,
        unit=office, project_name=project, total_points=Decimal(100), total_score=Decimal(95),
    )  # fmt: skip
    return EvaluationRecords(replace(evaluation, **head), lines, rows)  # type: ignore[arg-type]


def project_years(random: Random, made: Made, place: str, office: str, project: str) -> None:
    """One project over the years, its money carried over from year to year; something planted here and there."""
    names = [(name, "次") for name in random.sample(COUNTS, 5)] + [(name, "%") for name in random.sample(RATES, 4)]
    targets: dict[str, str] = {}
    left, before = Decimal(0), None
    for year in YEARS:
        shown = f"{place}{NEW_NAMES.get(office, office) if year >= 2022 else office}"
        fresh = Decimal(random.randint(1000, 900000)) / 100
        budget = fresh + left
        executed = (budget * random.randint(60, 100) / 100).quantize(CENT)
        carried, wrong = left, False
        if before is not None and left and random.random() < 0.05:
            carried, wrong = left + Decimal(random.randint(100, 5000)) / 100, True
            budget = fresh + carried
        lines = (
            funding("年度资金总额", "total", budget, executed, 0),
            funding("当年财政拨款", "fiscal_current_year", fresh, min(executed, fresh), 1),
            funding("上年结转资金", "carryover", carried, carried, 2),
        )
        rows = indicators(random, names, targets)
        copied = before is not None and random.random() < 0.04
        if copied and before is not None:
            rows = before.evaluations[0].indicators
        text = f"全年共完成{random.randint(100, 9999)}次相关工作，服务{random.randint(100, 99999)}人次，"
        text += "按计划推进各项建设内容，资金及时足额拨付到位，管理服务水平有所提升，群众反映良好。"
        one = document(f"{place}{office}{project}{year}.txt", form(shown, project, year, lines, rows, goal_actual=text))
        made.documents.append(one)
        if wrong and before is not None:
            made.planted["carryover_across_years"].add(frozenset({id_of(before), id_of(one)}))
        if copied and before is not None:
            made.copy_of[id_of(one)] = id_of(before)
            if characteristic(rows) >= 5:
                made.planted["copied_indicators"].add(frozenset({made.family(id_of(one))}))
        again(random, made, one, f"{place}{office}{project}{year}")
        left, before = budget - executed, one


def characteristic(rows: tuple[Indicator, ...], targets: bool = False) -> int:
    """How telling equal actuals are: digits of counts, of those that are the targets only where that tells as well."""
    return sum(
        len(str(row.actual_value).replace(".", "").strip("0")) - 1
        for row in rows
        if row.actual_value is not None and (targets or row.actual_value != row.target_value)
        if row.target_unit != "%" or row.actual_value != row.actual_value.to_integral_value()
    )


def again(random: Random, made: Made, one: DocumentRecords, name: str) -> None:
    """The same form a second time: as it is, in 元 with the same amounts, or with another figure."""
    (part,) = one.evaluations
    chance = random.random()
    if chance < 0.02:
        second(made, one, document(f"{name}-same.txt", part))
    elif chance < 0.04:
        in_yuan = tuple(
            funding(row.label, row.source, row.annual_budget_wanyuan, row.executed_wanyuan, row.ordinal, yuan=True)
            for row in part.funding
            if row.annual_budget_wanyuan is not None and row.executed_wanyuan is not None
        )
        second(made, one, document(f"{name}-yuan.txt", replace(part, funding=in_yuan)))
    elif chance < 0.06:
        first = part.funding[0]
        assert first.executed_wanyuan is not None
        value = first.executed_wanyuan + Decimal(random.choice(("0.09", "12.5", "-3.21", "900")))
        changed = replace(first, executed_wanyuan=value, executed_raw=f"{value:.2f}")
        other = document(f"{name}-other.txt", replace(part, funding=(changed, *part.funding[1:])))
        second(made, one, other)
        made.planted["duplicate_project"].add(frozenset({id_of(one), id_of(other)}))
    elif chance < 0.08:
        first = part.funding[0]
        assert first.annual_budget_wanyuan is not None
        wrong = random.random() < 0.5
        value = first.annual_budget_wanyuan + (Decimal("7.7") if wrong else 0)
        said = Amount(
            "", None, 0, "全年预算数", "annual_budget", None, value, "wanyuan", f"{value:.2f}", "万元", "prose"
        )
        head = replace(part.evaluation, goal_actual=None)
        other = document(f"{name}-prose.txt", EvaluationRecords(head, amounts=(said,)))
        made.documents.append(other)
        if wrong:
            made.planted["prose_elsewhere"].add(frozenset({id_of(one), id_of(other)}))


def second(made: Made, one: DocumentRecords, other: DocumentRecords) -> None:
    made.documents.append(other)
    made.original[id_of(other)] = id_of(one)


def whole_units(random: Random, made: Made, place: str, office: str) -> None:
    """A whole-unit form with its projects in one file; some say that the list is complete, some do not add up."""
    for year in YEARS[-2:]:
        amounts = [Decimal(random.randint(1000, 90000)) / 100 for _ in range(random.randint(2, 5))]
        said, wrong = random.random() < 0.5, random.random() < 0.2
        listed = sum(amounts, Decimal(0)) + (Decimal("8.88") if wrong else 0)
        total = listed + 500
        parts = [
            form(f"{place}{office}", f"专项{at}", year, (funding("年度资金总额", "total", money, money, 0),), ())
            for at, money in enumerate(amounts, 1)
        ]
        spent = (
            funding("年度资金总额", "total", total, total, 0),
            replace(funding("项目支出", "other", listed, listed, 1), role="component"),
        )
        text = Section("", None, 0, text=f"本单位共有{len(amounts)}个项目。" if said else "本单位另有其他项目。")
        one = document(
            f"{place}{office}{year}整体.txt", form(f"{place}{office}", None, year, spent, ()), *parts, sections=(text,)
        )
        made.documents.append(one)
        if wrong and said:
            made.planted["unit_projects_sum"].add(frozenset(id_of(one, at) for at in range(len(parts) + 1)))


def from_other_offices(random: Random, made: Made) -> None:
    """Forms of offices that have none in the dataset, their indicators and texts taken from somebody else's."""
    sources = [one for one in made.documents if one.evaluations[0].indicators]
    for at, one in enumerate(random.sample(sources, max(len(sources) // 60, 1))):
        (part,) = one.evaluations
        money = Decimal(random.randint(1000, 90000)) / 100
        lines = (funding("年度资金总额", "total", money, money, 0),)
        office = f"远山县{'甲乙丙丁戊己庚辛'[at % 8]}{'子丑寅卯辰巳午未申'[at % 9]}服务站"
        text = part.evaluation.goal_actual if at % 2 else None
        year = part.evaluation.fiscal_year or YEARS[0]
        other = document(
            f"远山{at}.txt", form(office, f"远山{at}号工程", year, lines, part.indicators, goal_actual=text)
        )
        made.documents.append(other)
        made.copy_of[id_of(other)] = id_of(one)
        if characteristic(part.indicators, targets=True) >= 5:
            made.planted["copied_indicators"].add(frozenset({made.family(id_of(other))}))
        if text:
            made.planted["copied_text"].add(frozenset({made.family(id_of(other))}))


def make(offices: int, seed: int) -> Made:
    random, made = Random(seed), Made()
    for at in range(offices):
        again, place_at = divmod(at // len(OFFICES), len(words.PLACES))
        place = f"{'新' * again}{words.PLACES[place_at]}"
        office = OFFICES[at % len(OFFICES)]
        for project in random.sample(PROJECTS, 4):
            project_years(random, made, place, office, project)
        whole_units(random, made, place, office)
    from_other_offices(random, made)
    return made


def write(documents: Sequence[DocumentRecords], output: Path) -> float:
    """Commit the documents as one run; the seconds that looking across took."""
    seconds = 0.0

    def across(dataset: Dataset, before: pa.Table | None, changed: AbstractSet[str]) -> pa.Table:
        nonlocal seconds
        start = time.process_time()
        rows = kept_up(None, dataset, before, changed)
        seconds = time.process_time() - start
        return rows

    store = Store(output)
    with store.session(print):
        with BatchWriter(store.staging, "made") as writer:
            for one in documents:
                writer.add(one.document.source_uri, FileResult(one))
            batch = writer.finish()
        store.commit([batch], across=across)
    return seconds


def found_in(made: Made, output: Path) -> dict[str, list[tuple[frozenset[str], str, str]]]:
    """What the rules found, by rule: the evaluations involved, severity and message."""
    found = defaultdict(list)
    for row in open_dataset(output).read("checks").to_pylist():
        if row["outcome"] == "inconsistent" and row["severity"] != "info" and row["places"]:
            involved = {place["evaluation_id"] or "" for place in row["places"]} - {""}
            keys = made.keys(row["rule"], involved)
            found[row["rule"]].append((keys, row["severity"], row["message"]))
    return found


def lines(made: Made, output: Path, show: bool) -> Iterator[str]:
    first = write(made.documents[:-NIGHT], output)
    night = write(made.documents[-NIGHT:], output)
    found = found_in(made, output)
    forms = sum(len(one.evaluations) for one in made.documents)
    yield f"{forms} forms: looked across all in {first:.2f} s, after a night with {NIGHT} new files in {night:.2f} s"
    yield f"{'rule':24} planted found right precision recall errors-wrong"
    for rule in sorted({*made.planted, *found}):
        planted = made.planted[rule]
        right = {keys for keys, _, _ in found[rule]} & planted
        false = [one for one in found[rule] if one[0] not in planted]
        errors = sum(severity == "error" for _, severity, _ in false)
        precision = 1 - len(false) / max(len(found[rule]), 1)
        recall = len(right) / max(len(planted), 1)
        yield (
            f"{rule:24} {len(planted):7} {len(found[rule]):5} {len(right):5} {precision:9.3f} {recall:6.3f} {errors:12}"
        )
        if show:
            yield from (f"    false: {severity} {message}" for _, severity, message in false[:8])
            yield from (f"    missed: {sorted(keys)}" for keys in list(planted - right)[:8])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--offices", type=int, default=160, help="each has about 26 forms")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--show", action="store_true", help="name what was wrong and what was missed")
    options = parser.parse_args()
    made = make(options.offices, options.seed)
    with tempfile.TemporaryDirectory() as folder:
        for line in lines(made, Path(folder), options.show):
            print(line)


if __name__ == "__main__":
    main()
