"""Checks of reports on several projects: what is said of all of them beside what each says (多个项目的汇总)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby

import regex

from parsers.interpret.prose_statements import grade_in
from parsers.interpret.prose_words import prose_words
from pipeline.checks.config import Rules
from pipeline.checks.grades import grade_index
from pipeline.checks.judged import judged
from pipeline.checks.model import Finding, Form, check
from pipeline.checks.printed import Printed, plain
from pipeline.checks.prose_figures import ProseFigure, Said, figures, own_label, spent, text_behind, whole_money
from pipeline.checks.sums import interval_sum, rounding, sum_finding
from schemas.decimals import CENT, HUNDRED, ZERO
from schemas.intervals import Interval
from schemas.judgement import judgement
from schemas.lexicon import lexicon
from schemas.vocabulary import pattern

_FEWEST = 2
_BUDGETS = ("annual_budget", "initial_budget", "allocated", "arrived")
_NAME_END = regex.compile(r"[:：，,。；;]")
_LONGEST_NAME = 24
_GRADE_COUNTS = ("graded_count", "count_of_grade", "count_of_plain_grade")
_BRACKETED = regex.compile(r"\p{Han}")


@dataclass(frozen=True, slots=True)
class _Project:
    """What one paragraph says of one project (一个项目)."""

    budget: Printed
    executed: Printed
    rate: Printed | None
    score: Printed | None
    grade: str | None


@dataclass(frozen=True, slots=True)
class _Digest:
    """The projects of a report, and what the paragraph that counts them says of all (汇总)."""

    projects: tuple[_Project, ...]
    summary: tuple[ProseFigure, ...]
    count: Printed

    @property
    def is_complete(self) -> bool:
        """Whether as many projects are told one by one as are said to be."""
        return self.count.value == len(self.projects)

    @property
    def totals(self) -> list[tuple[Printed, list[Printed]]]:
        """The budget and the spending of all, where each is told once, with those of the projects."""
        whole = [one for one in whole_money(self.summary) if not _is_mean(one)]
        paid = spent(whole)
        budgets = [one for one in whole if one.amount.measure in (*_BUDGETS, None) and one not in paid]
        told = ((budgets, [one.budget for one in self.projects]), (paid, [one.executed for one in self.projects]))
        return [(said[0].cell, parts) for said, parts in told if len(said) == 1]


@check(
    "prose_digest",
    "正文中各项目与汇总",
    "逐项说明各项目的：预算、支出的合计等于各项目之和，平均分、平均执行率由各项目算出，各等级的个数与逐项所写一致",
    "warning",
    cause="never",
    agrees="汇总",
)
def prose_digest(form: Form, rules: Rules) -> Iterator[Finding]:
    """Only where a paragraph says how many projects there are, and that many are told, each in a paragraph of its own.

    Where fewer are told and their amounts already make the totals, it is the number that is odd.
    """
    digest = _digest(form)
    looked_at = len(digest.projects) if digest else 0
    found = list(_compared(digest, rules) if digest.is_complete else _miscounted(digest)) if digest else []
    odd = [one for one in found if one.outcome == "inconsistent"] + list(_rows_miscounted(form))
    yield from judged(odd, looked_at, "汇总数与各项目相符", "正文没有同时写明项目个数与逐项的金额")


def _rows_miscounted(form: Form) -> Iterator[Finding]:
    """共安排项目5个，具体如下, above a table of four that make up its total line."""
    parts = [row for row in form.funding if row.role == "component"]
    labels = [row.label or "" for row in parts]
    said = figures(form)
    counts = [one for one in said if _counts_projects(one) and judgement().below.search(text_behind(one.amount))]
    counts = counts or [one for one in said if _counts_places(one, labels)]
    totals = [row for row in form.funding if row.role == "total"]
    if len(counts) != 1 or len(totals) != 1 or len(parts) + 1 != len(form.funding) or len(parts) < _FEWEST:
        return
    told = counts[0].cell
    column = "annual_budget" if form.money(totals[0], "annual_budget") else "executed"
    whole = form.money(totals[0], column)
    cells = [cell for row in parts if (cell := form.money(row, column)) is not None]
    adds_up = whole is not None and len(cells) == len(parts) and whole.interval.meets(interval_sum(cells))
    if adds_up and told.value != len(parts):
        names = "、".join(cell.row for cell in cells)
        yield Finding(
            "inconsistent",
            f"正文写明{told.name}{told.shown}，表中列出{len(parts)}个（{names}），其和已等于表中合计，个数请核实。",
            (told.ref, *(cell.ref for cell in cells)),
            reported=told.shown,
            expected=f"{len(parts)}个",
        )


def _counts_places(one: ProseFigure, names: list[str]) -> bool:
    """Whether a figure counts places, and the rows are such: 5个县（区） above 云台县, 梅岭区."""
    kind = next((kind for kind in judgement().places if text_behind(one.amount).startswith(kind)), "")
    ends = {kind[-1:], *_BRACKETED.findall(text_behind(one.amount)[len(kind) : len(kind) + 3])}
    counted = one.cell.kind == "count" and one.cell.value >= _FEWEST
    return counted and bool(kind) and all(name[-1:] in ends for name in names)


def _digest(form: Form) -> _Digest | None:
    projects: list[_Project] = []
    counts: list[ProseFigure] = []
    paragraphs = {place: list(said) for place, said in groupby(figures(form), key=lambda one: one.amount.locator)}
    for said in paragraphs.values():
        found = [one for one in said if _counts_projects(one)]
        counts += found
        if not found and (project := _project(said, f"第{len(projects) + 1}个项目")):
            projects.append(project)
    if len(projects) < _FEWEST or not counts:
        return None
    return _Digest(tuple(projects), tuple(paragraphs[counts[0].amount.locator]), counts[0].cell)


def _project(group: Said, otherwise: str) -> _Project | None:
    """The project that a paragraph is about: one budget, one amount spent, at most one score and one rate."""
    whole = whole_money(group)
    paid = spent(whole)
    budgets = [one for one in whole if one.amount.measure in _BUDGETS and one not in paid]
    budgets = [one for one in budgets if one.amount.measure == "annual_budget"] or budgets
    scores, rates = ([one for one in group if one.amount.measure == name] for name in ("score", "execution_rate"))
    if len(budgets) != 1 or len(paid) != 1 or max(len(scores), len(rates)) > 1 or any(map(_is_mean, group)):
        return None
    name = _name(group[0].amount.context or "") or otherwise
    budget, executed = (replace(one.cell, row=name) for one in (budgets[0], paid[0]))
    rate, score = (some[0].cell if some else None for some in (rates, scores))
    grade = grade_in(scores[0].amount.context or "", lexicon()) if scores else None
    return _Project(budget, executed, rate, score, grade)


def _name(sentence: str) -> str:
    """What a project's paragraph begins with, for a sum: 街面绿化补植项目; "" where that is a figure already."""
    noise = pattern("leading_noise").match(sentence)
    words = _NAME_END.split(sentence[noise.end() :] if noise else sentence)[0]
    told = len(words) <= _LONGEST_NAME and not any(letter.isdigit() for letter in words)
    return words if told else ""


def _counts_projects(one: ProseFigure) -> bool:
    """Whether a figure says how many projects there are, all grades together."""
    counted = one.cell.kind == "count" and one.cell.value >= _FEWEST
    names = any(word in own_label(one) for word in judgement().projects)
    return counted and names and not any(word in own_label(one) for word in prose_words().grade_words)


def _is_mean(one: ProseFigure) -> bool:
    return any(word in own_label(one) for word in judgement().means)


def _miscounted(digest: _Digest) -> Iterator[Finding]:
    """6个项目 above five that make up all the money."""
    fits = [total for total, parts in digest.totals if total.interval.meets(interval_sum(parts))]
    if not fits:
        return
    told = len(digest.projects)
    shown = "、".join(f"{total.name}{total.shown}" for total in fits)
    yield Finding(
        "inconsistent",
        f"正文写明项目{digest.count.shown}，逐项说明的为{told}个，其金额之和已等于汇总的{shown}，项目个数请核实。",
        (digest.count.ref, *(total.ref for total in fits)),
        reported=digest.count.shown,
        expected=f"{told}个",
    )


def _compared(digest: _Digest, rules: Rules) -> Iterator[Finding]:
    """What is said of all projects, against the projects."""
    for total, parts in digest.totals:
        yield sum_finding(total, parts, None, "各项目：", (), "写为")
    yield from _means(digest)
    yield from _grades(digest, rules)


def _means(digest: _Digest) -> Iterator[Finding]:
    for one in filter(_is_mean, digest.summary):
        if one.amount.measure == "score":
            scores = [project.score for project in digest.projects if project.score]
            yield from _mean(digest, one.cell, scores, [])
        elif one.amount.measure == "execution_rate":
            rates = [project.rate for project in digest.projects if project.rate]
            yield from _mean(digest, one.cell, rates, [_rate_of_all(digest)])


def _rate_of_all(digest: _Digest) -> Interval | None:
    """What was spent of all that was budgeted."""
    paid, budget = (
        interval_sum(parts)
        for parts in ([one.executed for one in digest.projects], [one.budget for one in digest.projects])
    )
    share = paid.ratio(budget)
    return share.scale(HUNDRED) if share else None


def _mean(digest: _Digest, said: Printed, each: list[Printed], others: list[Interval | None]) -> Iterator[Finding]:
    """A mean beside what it is of: each counted once, or by its budget, or `others` it may be as well."""
    if len(each) != len(digest.projects):
        return
    mean = sum((one.value for one in each), ZERO) / len(each)
    slack = rounding(*(one.interval for one in each)) / len(each) + rounding(said.interval)
    budgets = [project.budget.value for project in digest.projects]
    total = sum(budgets, ZERO)
    weighed = sum((one.value * budget for one, budget in zip(each, budgets, strict=True)), ZERO) / (total or 1)
    fits = any(abs(said.value - way) <= slack for way in (mean, weighed))
    if fits or any(other and said.interval.meets(other) for other in others):
        return
    right = f"{plain(mean.quantize(CENT))}{said.unit}"
    listed = "、".join(one.shown for one in each)
    gap = f"{plain(abs(said.value - mean).quantize(CENT))}{said.unit_apart}"
    yield Finding(
        "inconsistent",
        f"{said.name}经复算为{right}（{listed}的平均数），写为{said.shown}，差异{gap}。",
        (said.ref, *(one.ref for one in each)),
        reported=said.shown,
        expected=right,
        difference=said.value - mean,
        tolerance=slack,
        unit=said.unit,
    )


def _grades(digest: _Digest, rules: Rules) -> Iterator[Finding]:
    """4个项目等级为“优”，1个项目等级为“良”, beside the grade of each."""
    each = Counter(grade_index(project.grade, rules) for project in digest.projects if project.grade)
    if each.total() != len(digest.projects) or None in each:
        return
    texts = dict.fromkeys(one.amount.context or "" for one in digest.summary)
    ways = [pattern(name, grade=lexicon().longest_grades_first) for name in _GRADE_COUNTS]
    counted = (match for text in texts for way in ways for match in way.finditer(text))
    said = {match["grade"]: int(match["count"]) for match in counted}
    told = {grade: each[grade_index(grade, rules)] for grade in said}
    if said == told:
        return
    summed, single = ("、".join(f"“{grade}”{count}个" for grade, count in some.items()) for some in (said, told))
    yield Finding(
        "inconsistent",
        f"正文写明各等级的项目个数为{summed}，逐项所写的为{single}。",
        (digest.count.ref, *(project.score.ref for project in digest.projects if project.score)),
        reported=summed,
        expected=single,
    )
