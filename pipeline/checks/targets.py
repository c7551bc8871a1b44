"""Checks of targets and actual values by themselves: units, shares, direction, repeats (指标值与完成值的核对).

Judgements, never errors: what is printed is odd, and somebody has to look.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from pipeline.checks.config import Rules
from pipeline.checks.indicators import Compared, comparable, compare
from pipeline.checks.judged import has_full_marks, in_points, indicator_cells, judged, remark
from pipeline.checks.model import Finding, Form, check
from pipeline.checks.printed import LARGE_UNITS, indicator_name, plain
from pipeline.checks.prose_figures import Said, figures
from schemas.decimals import HUNDRED, ZERO
from schemas.judgement import judgement
from schemas.lexicon import normalise
from schemas.records import Indicator
from schemas.units import money_factor, units

_TENTH, _THOUSAND = Decimal("0.1"), Decimal(1000)
_FAR = Decimal(4)
"""How many times its target a share is that leaves no doubt."""
_FEWEST_IN_PERCENT = 4
"""Rows with both figures in percent from which the only one with a bare figure tells something."""
_PERCENT = ("%", "％", "百分比", "百分点")
_RISING = (">=", ">", "=")
_FALLING = ("<=", "<")


def _shown(row: Indicator) -> str:
    return f"“{indicator_name(row)}”指标值{row.target_raw}，实际完成{row.actual_raw}"


@check(
    "share_above_whole",
    "比率超过100%",
    "满意度、合格率等是部分占全部的比率，不会超过100%",
    "warning",
)
def share_above_whole(form: Form, rules: Rules) -> Iterator[Finding]:
    """Satisfaction of 105%; a share as target of more than 100%."""
    shares = [row for row in form.indicators if judgement().is_share(indicator_name(row))]
    said = [one for one in figures(form) if one.amount.measure == "satisfaction" and one.cell.kind == "percent"]
    found = (*_shares_above(shares), *_said_above(said))
    yield from judged(found, len(shares) + len(said), "没有超过100%的比率", "没有满意度、合格率一类的指标")


def _shares_above(rows: list[Indicator]) -> Iterator[Finding]:
    for row in rows:
        for column, value, unit, raw in (
            ("target_value", row.target_value, row.target_unit, row.target_raw),
            ("actual_value", row.actual_value, row.actual_unit or row.target_unit, row.actual_raw),
        ):
            if value is not None and value > HUNDRED and (unit or "") in _PERCENT:
                title = "指标值" if column == "target_value" else "实际完成值"
                message = f"“{indicator_name(row)}”的{title}填列{raw}，这样的比率不会超过100%。"
                yield remark(message, indicator_cells(row, column), raw, "不超过100%")


def _said_above(said: Said) -> Iterator[Finding]:
    """群众满意度达到104%, in a sentence."""
    for one in said:
        if one.cell.value > HUNDRED:
            message = f"正文中{one.cell.name}写为{one.cell.shown}，这样的比率不会超过100%。"
            yield remark(message, (one.cell.ref,), one.cell.shown, "不超过100%")


@check(
    "unit_of_actual",
    "实际完成值与指标值的单位",
    "财预〔2020〕10号附件：实际完成值与年度指标值对应填列，单位应一致",
    "warning",
)
def unit_of_actual(form: Form, rules: Rules) -> Iterator[Finding]:
    """平方米 beside 亩; a bare 100 beside 19家, which says 100% of them."""
    rows = [row for row in form.indicators if row.target_value is not None and row.actual_value is not None]
    yield from judged(
        _units_apart(rows, rules),
        len(rows),
        "指标值与实际完成值的单位一致或可以换算",
        "没有指标值与实际完成值都是数字的指标",
    )


def _units_apart(rows: list[Indicator], rules: Rules) -> Iterator[Finding]:
    alone = _alone_without_percent(rows)
    for row in rows:
        cells = indicator_cells(row, "target_value", "actual_value")
        kinds = {_kind(row.target_unit, rules), _kind(row.actual_unit, rules)}
        if len(kinds) > 1 and None not in kinds:
            message = f"{_shown(row)}，单位不同，无法对照。"
            finding = remark(message, cells, row.actual_raw, f"以{row.target_unit}计的完成值")
            yield replace(finding, severity="info") if _is_wholly_done(row) else finding
        elif _of_other_groups(row):
            message = f"{_shown(row)}，计数的单位不同，无法对照。"
            yield remark(message, cells, row.actual_raw, f"以{row.target_unit}计的完成值")
        elif _in_other_money(row) or _in_other_size(row):
            message = f"{_shown(row)}，数值相近而单位相差悬殊，疑似单位写错。"
            yield remark(message, cells, row.actual_raw, f"以{row.target_unit}计的完成值")
        elif _lacks_digits(row):
            message = f"{_shown(row)}，相差悬殊，疑似漏印数字或单位。"
            yield remark(message, cells, row.target_raw, f"{row.actual_raw}左右")
        elif row in alone:
            finding = remark(f"{_shown(row)}，只有一方写明百分比，疑似漏印“%”。", cells, row.actual_raw)
            yield replace(finding, severity="info")
        elif _a_share_of(row):
            yield remark(f"{_shown(row)}，疑似以百分比填写，未写单位。", cells, row.actual_raw, f"{row.target_raw}左右")


def _is_wholly_done(row: Indicator) -> bool:
    """已完成100% beside a target of 2次: in another way of speaking, all of it."""
    return row.actual_value == HUNDRED and (row.actual_unit or "") in _PERCENT


def _of_other_groups(row: Indicator) -> bool:
    """卷 beside 页, 人次 beside 场次: units of count that do not count the same things."""
    wanted, done = (_group_of(unit) for unit in (row.target_unit, row.actual_unit))
    return wanted is not None and done is not None and wanted != done


def _group_of(unit: str | None) -> int | None:
    """Which group of units of count one belongs to; None for what counts anything (个), or is none."""
    code = units().count.get((unit or "").strip("()（）").lstrip(LARGE_UNITS))
    groups = judgement().unit_groups
    return next((at for at, codes in enumerate(groups) if code in codes), None)


def _kind(unit: str | None, rules: Rules) -> str | None:
    """percent, money, each unit of length, area, weight by itself, count for all the rest; None for an unknown one."""
    plain_unit = (unit or "").strip("()（）")
    if plain_unit in _PERCENT:
        return "percent"
    if money_factor(plain_unit) is not None:
        return "money"
    if plain_unit not in units().count:
        return None
    code = units().count[plain_unit]
    return code if code in rules.extents else "count"


def _in_other_money(row: Indicator) -> bool:
    """17.92元/公里 beside 18.5万元/公里: numbers of one size, in units that are far from it."""
    wanted, done = _money_per(row.target_unit), _money_per(row.actual_unit)
    if wanted is None or done is None or wanted[1] != done[1] or not row.target_value or not row.actual_value:
        return False
    of_one_size = _TENTH < row.actual_value / row.target_value < 10
    return of_one_size and max(wanted[0], done[0]) >= min(wanted[0], done[0]) * _THOUSAND


def _in_other_size(row: Indicator) -> bool:
    """1.27亩 beside 1.25万亩: numbers of one size, in units of one name that are ten thousand times apart."""
    wanted, done = ((unit or "").strip("()（）") for unit in (row.target_unit, row.actual_unit))
    bare = wanted.lstrip(LARGE_UNITS), done.lstrip(LARGE_UNITS)
    if wanted == done or bare[0] != bare[1] or not bare[0] or not row.target_value or not row.actual_value:
        return False
    return _TENTH < row.actual_value / row.target_value < 10


def _money_per(unit: str | None) -> tuple[Decimal, str] | None:
    """The worth of a unit of money, and what it is for each of: 万元/公里."""
    money, _, each = (unit or "").strip("()（）").partition("/")
    factor = money_factor(money)
    return (factor, each) if factor is not None else None


def _alone_without_percent(rows: list[Indicator]) -> list[Indicator]:
    """The only row with one figure in percent and the other bare, among rows that have both in percent."""
    marks = [[(unit or "") in _PERCENT for unit in (row.target_unit, row.actual_unit)] for row in rows]
    bare = [row for row, found in zip(rows, marks, strict=True) if any(found) and not all(found)]
    bare = [row for row in bare if not (row.target_unit and row.actual_unit)]
    return bare if len(bare) == 1 and sum(map(all, marks)) >= _FEWEST_IN_PERCENT else []


def _lacks_digits(row: Indicator) -> bool:
    """Whether the target of a share (合格率) is a bare figure or far too low beside a result in percent: ≥8 | 87%; or
    its result is so beside the target, with nothing said of why."""
    wanted, done = row.target_value, row.actual_value
    if not wanted or not done or row.target_op in _FALLING or not judgement().is_share(indicator_name(row)):
        return False
    low, low_unit, high_unit = (
        (wanted, row.target_unit, row.actual_unit) if wanted < done else (done, row.actual_unit, row.target_unit)
    )
    signs = [unit for unit in (low_unit, high_unit) if unit]
    in_percent = bool(signs) and all(sign in _PERCENT for sign in signs)
    may_be_ratio = not low_unit and low <= 1
    is_explained = done < wanted and bool(row.deviation)
    return in_percent and not may_be_ratio and not is_explained and low * _FAR <= max(wanted, done)


def _a_share_of(row: Indicator) -> bool:
    """Whether a bare 100 stands for all of a target that is a number of something."""
    unit = (row.target_unit or "").strip("()（）")
    counted = bool(unit) and unit not in _PERCENT and not row.actual_unit
    if not counted or row.actual_value != HUNDRED or not row.target_value:
        return False
    return not HUNDRED / 2 < row.target_value < HUNDRED * 2


@check(
    "cost_target_direction",
    "成本指标的方向",
    "成本指标是支出的上限，指标值应为“不超过”",
    "warning",
)
def cost_target_direction(form: Form, rules: Rules) -> Iterator[Finding]:
    costs = [row for row in form.indicators if _is_cost_to_be_kept(row, rules)]
    yield from judged(
        (
            remark(
                f"成本指标“{indicator_name(row)}”的指标值填列{row.target_raw}，成本应以不超过为目标。",
                indicator_cells(row, "target_value"),
                row.target_raw,
                f"≤{plain(row.target_value or ZERO)}{row.target_unit or ''}",
            )
            for row in costs
            if row.target_op in (">=", ">")
        ),
        len(costs),
        "成本指标均以不超过为目标",
        "没有以数字为目标的成本指标",
    )


@check(
    "indicator_twice",
    "同一指标重复填列",
    "各指标应分别衡量不同的内容，重复的指标重复计分",
    "warning",
)
def indicator_twice(form: Form, rules: Rules) -> Iterator[Finding]:
    """The same name under the same heads with the same target, its points counted twice, or with the same result."""
    rows: dict[tuple[str, ...], list[Indicator]] = {}
    for row in form.indicators:
        if row.level3 and (row.points or row.actual_raw):
            result = "" if row.points else row.actual_raw or ""
            names = (row.level1 or "", row.level2 or "", row.level3, row.target_raw or "", result)
            rows.setdefault(tuple(map(normalise, names)), []).append(row)
    yield from judged(_repeated(rows.values()), len(form.indicators), "没有重复的指标", "没有读到指标")


def _repeated(groups: Iterable[list[Indicator]]) -> Iterator[Finding]:
    for group in groups:
        if len(group) > 1:
            name = indicator_name(group[0])
            cells = tuple(cell for row in group for cell in indicator_cells(row, "level3"))
            yield remark(f"指标“{name}”（指标值{group[0].target_raw or '空白'}）填列了{len(group)}次。", cells, name)


@check(
    "over_fulfilled",
    "完成值大幅超过指标值",
    "财预〔2020〕10号：实际完成大幅超过指标值的，应分析指标值是否偏低",
    "info",
)
def over_fulfilled(form: Form, rules: Rules) -> Iterator[Finding]:
    pairs = [one for row in form.indicators if (one := compare(row, rules))]
    large = [one for one in pairs if one.target >= rules.over_fulfilment_from]
    rising = [one for one in large if one.row.target_op in _RISING and not _less_is_better(one.row)]
    yield from judged(
        (
            remark(
                f"{one.shown}，为指标值的{_times(one)}倍，指标值可能偏低。",
                indicator_cells(one.row, "target_value", "actual_value"),
                one.row.actual_raw,
            )
            for one in rising
            if one.actual >= one.target * rules.over_fulfilment
        ),
        len(rising),
        "没有大幅超过指标值的完成值",
        "没有可与指标值比较的完成值",
    )


def _is_cost_to_be_kept(row: Indicator, rules: Rules) -> bool:
    """Whether a row is a cost with a number as target, of which less is better."""
    is_cost = (row.category or "").startswith(rules.less_is_better)
    return bool(row.target_value) and is_cost and _less_is_better(row)


def _times(one: Compared) -> str:
    return plain((one.actual / one.target).quantize(Decimal("0.1")))


def _less_is_better(row: Indicator) -> bool:
    return bool(judgement().lower_is_better(indicator_name(row), row.category or ""))


@check(
    "unfinished_full_score",
    "写明未完成而得满分",
    "财预〔2020〕10号：未完成指标值的，按完成比例计分并说明原因",
    "warning",
)
def unfinished_full_score(form: Form, rules: Rules) -> Iterator[Finding]:
    """The actual value says in words that it was not done, and the score is full."""
    rows = [row for row in form.indicators if row.actual_raw and row.actual_value is None]
    yield from judged(
        (
            remark(
                f"“{indicator_name(row)}”实际完成写明“{row.actual_raw}”，却得满分{in_points(row.score_raw)}。",
                indicator_cells(row, "actual_value", "points", "score"),
                row.score_raw,
                "低于满分",
            )
            for row in rows
            if judgement().says_unfinished(row.actual_raw or "") and has_full_marks(form, row)
        ),
        len(rows),
        "没有写明未完成而得满分的指标",
        "没有以文字填写的完成值",
    )


@check(
    "target_not_comparable",
    "无法比较的指标",
    "指标值不带符号、单位不同或只有一方是数字的，完成情况要看原文",
    "info",
)
def target_not_comparable(form: Form, rules: Rules) -> Iterator[Finding]:
    """How many indicators with numbers could not be judged: a direction nobody told, units that differ."""
    numbers = [row for row in form.indicators if row.target_value is not None and row.actual_value is not None]
    compared = [row for row in numbers if comparable(row, rules)]
    left = len(numbers) - len(compared)
    if left:
        names = "、".join(f"“{indicator_name(row)}”" for row in numbers if row not in compared)
        message = (
            f"{len(numbers)}项指标的指标值与完成值都是数字，其中{left}项看不出应高应低或单位不同，未作比较：{names}。"
        )
        cells = tuple(cell for row in numbers if row not in compared for cell in indicator_cells(row, "target_value"))
        yield Finding("not_checkable", message, cells)
        return
    yield from judged((), len(numbers), "指标值与完成值均可比较", "没有指标值与实际完成值都是数字的指标")
