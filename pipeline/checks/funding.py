"""Checks of the funding table: sums, execution rates, scale (项目资金的核对)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from pipeline.checks.config import Rules
from pipeline.checks.model import Finding, Form, check, consistent, not_checkable
from pipeline.checks.outline import Block, blocks
from pipeline.checks.printed import MONEY_COLUMNS, POINTS_OF_PERCENT, Printed, is_telling, plain, row_name
from pipeline.checks.relation import Relation, Term, expected, gap
from pipeline.checks.relations import block_sums, intervals_of, nested_sums, rate_relations
from pipeline.checks.sums import listed_twice, rounding, share_of
from pipeline.checks.written import written
from schemas.decimals import CENT, HUNDRED, ONE, ZERO
from schemas.intervals import Interval
from schemas.records import FundingRow, Severity, Subject


@check(
    "funding_sum",
    "资金分项之和与总额",
    "财预〔2020〕10号附件：年度资金总额等于各来源资金之和",
    "error",
    support=2.0,
)
def funding_sum(form: Form, rules: Rules) -> Iterator[Finding]:
    """Per column; a list without a closing line may be partial, so only an excess contradicts it."""
    if not form.funding:
        yield not_checkable("没有读到项目资金表，资金合计无法核对。")
        return
    made = False
    for block in blocks(form, rules):
        for relation in block_sums(form, block, rules):
            made = True
            yield _sum_finding(form, relation, block, rules)
    if not made:
        yield not_checkable("项目资金表没有读到可与总额相加的分项，资金合计无法核对。")


@check(
    "funding_nested_sum",
    "下级资金之和与上级来源",
    "财预〔2020〕10号附件：“其中”各项不超过其上级",
    "error",
    support=2.0,
)
def funding_nested_sum(form: Form, rules: Rules) -> Iterator[Finding]:
    """Lines under a line (财政拨款 → 中央, 省级) exceed it only by mistake; a shorter list may be partial."""
    for block in blocks(form, rules):
        for relation in nested_sums(form, block):
            yield _sum_finding(form, relation, block, rules)


def _sum_finding(form: Form, relation: Relation, block: Block, rules: Rules) -> Finding:
    total, terms = form.cells[relation.total], relation.options[0]
    parts = [form.cells[term.cell] for term in terms]
    values = intervals_of(form.cells)
    wanted = expected(relation, terms, values)
    assert wanted is not None
    added = sum((part.value for part in parts), ZERO)
    listed = "＋".join(f"{part.row}{part.shown}" for part in parts)
    computed = written(added, total)
    head = f"{total.name}经复算为{computed}（{listed}），填列{total.shown}"
    difference = total.value - added
    if total.interval.meets(wanted):
        note = "相符" if difference == 0 else f"差异{plain(abs(difference))}万元，在四舍五入范围内"
        return consistent(f"{head}，{note}。", relation.cells, total.shown, (relation,))
    short = total.interval.low >= wanted.high
    severity: Severity | None = None
    note = f"差异{plain(abs(difference))}万元{share_of(difference, total)}"
    twice = listed_twice(total, parts)
    if twice:
        severity, note = "warning", note + f"，“{twice}”一行填列了两次，去掉一次即相符"
    elif short and not relation.complete:
        usually_complete = _complete_elsewhere(form, relation, block, rules)
        severity = "warning" if usually_complete else "info"
        note += "，分项可能未列全" + ("（但其他栏的分项与总额相等）" if usually_complete else "")
    elif short and _short_in_every_column(form, relation, block, rules):
        severity, note = "warning", note + "，各栏都少，疑似缺一行分项"
    elif short and all(part.value == 0 for part in parts):
        severity, note = "warning", note + "，分项均为0，疑似未填"
    elif short and total.ref.ordinal == block.total.ordinal and len(parts) < len(block.parts):
        severity, note = "warning", note + "，有分项空白，差额可能在空白的分项里"
    return Finding(
        "inconsistent",
        f"{head}，{note}。",
        relation.cells,
        reported=total.shown,
        expected=computed,
        difference=difference,
        tolerance=rounding(total.interval, wanted),
        unit="万元",
        severity=severity,
        relations=(relation,),
    )


def _short_in_every_column(form: Form, relation: Relation, block: Block, rules: Rules) -> bool:
    """Whether the same total is above its lines in every column, two at least: a line is missing, no figure wrong."""
    alike = [one for one in block_sums(form, block, rules) if one.total.ordinal == relation.total.ordinal]
    return len(alike) > 1 and all(_is_short(form, one) for one in alike)


def _is_short(form: Form, relation: Relation) -> bool:
    wanted = expected(relation, relation.options[0], intervals_of(form.cells))
    if wanted is None:
        return False
    total = form.cells[relation.total]
    lacks_a_line = wanted.high * HUNDRED > total.value  # nearly all of it lacking is another unit, or nothing filled in
    short = total.interval.low >= wanted.high and not total.interval.meets(wanted)
    return lacks_a_line and short and not _has_a_line_in_other_unit(form, relation, wanted)


def _has_a_line_in_other_unit(form: Form, relation: Relation, wanted: Interval) -> bool:
    """Whether one of the lines makes up what is lacking when its amount is taken for 万元 or 千元 instead of 元."""
    total = form.cells[relation.total].interval
    parts = [form.cells[term.cell] for term in relation.options[0]]
    larger = ((part.interval, part.interval.scale(factor)) for part in parts if part.value for factor in _OTHER_UNITS)
    return any(total.meets(wanted - own + scaled) for own, scaled in larger)


def _complete_elsewhere(form: Form, relation: Relation, block: Block, rules: Rules) -> bool:
    """Whether the same lines make the whole in another column, so that the list is complete after all."""
    values = intervals_of(form.cells)
    rows = {term.cell.ordinal for term in relation.options[0]}
    for other in (*block_sums(form, block, rules), *nested_sums(form, block)):
        same = other.total.ordinal == relation.total.ordinal and other.total.column != relation.total.column
        if same and {term.cell.ordinal for term in other.options[0]} >= rows:
            total, wanted = form.cells[other.total], expected(other, other.options[0], values)
            if total.value and wanted and total.interval.meets(wanted):
                return True
    return False


_OTHER_UNITS = (Decimal(10000), Decimal(1000))
_TWICE = Decimal(200)
"""Up to this, in percent, more may have been spent than planned; beyond, an amount is wrong."""
_BASES = {"annual_budget_wanyuan": "全年预算数", "initial_budget_wanyuan": "年初预算数", "arrived_wanyuan": "到位数"}


@check(
    "execution_rate",
    "执行率与金额",
    "财预〔2020〕10号附件：执行率＝全年执行数÷全年预算数（有的以年初预算或到位数为基数）",
    "error",
    cause="unless_explained",
    support=1.0,
    agrees="执行率",
)
def execution_rate(form: Form, rules: Rules) -> Iterator[Finding]:
    """Any of the three bases may fit; a 0.00 beside a part that nobody computed is a placeholder."""
    made = False
    for row in form.funding:
        for relation in rate_relations(form, row):
            made = True
            yield _rate_finding(form, row, relation)
    if not made:
        yield not_checkable("没有同时读到执行率与相应金额的行，执行率无法核对。")


def _rate_finding(form: Form, row: FundingRow, relation: Relation) -> Finding:
    rate, values = form.cells[relation.total], intervals_of(form.cells)
    fitting = [option for option in relation.options if gap(relation, option, values) == 0]
    for term_executed, term_base in fitting:
        executed, base = form.cells[term_executed.cell], form.cells[term_base.cell]
        if base.value:
            return consistent(
                f"{rate.name}填列{rate.shown}，与执行数{executed.shown}÷{base.column_title}{base.shown}相符。",
                (rate.ref, executed.ref, base.ref),
                rate.shown,
                (relation,),
            )
    executed = form.cells[relation.options[0][0].cell]
    if fitting:
        shown = "、".join(f"{form.cells[o[1].cell].column_title}{form.cells[o[1].cell].shown}" for o in fitting)
        return not_checkable(
            f"“{row_name(row.label)}”的{shown}，执行数{executed.shown}，执行率{rate.shown}无从核对。",
            relation.cells,
            (relation,),
        )
    if rate.value == 0 and row.role == "component" and not _computed_rates(form):
        message = f"{rate.name}填列{rate.shown}，各分项均未计算执行率，视为占位。"
        return not_checkable(message, (rate.ref,), (relation,))
    computable = [option for option in relation.options if _finite(expected(relation, option, values))]
    if not computable:
        return _rate_without_budget(row, relation, rate, executed)
    return _wrong_rate(form, relation, computable, rate, executed)


def _finite(wanted: Interval | None) -> bool:
    return wanted is not None and wanted.low.is_finite() and wanted.high.is_finite()


def _computed_rates(form: Form) -> bool:
    """Whether some component line has a rate of its own."""
    return any(row.role == "component" and row.execution_rate_pct for row in form.funding)


def _rate_without_budget(row: FundingRow, relation: Relation, rate: Printed, executed: Printed) -> Finding:
    bases = "、".join(_BASES[option[1].cell.column] for option in relation.options)
    if rate.value == 0:
        return Finding(
            "inconsistent",
            f"“{row_name(row.label)}”的{bases}为0而执行数为{executed.shown}，执行率填列{rate.shown}，属于无预算支出，请核实。",
            relation.cells,
            reported=rate.shown,
            severity="warning",
            relations=(relation,),
        )
    return Finding(
        "inconsistent",
        f"“{row_name(row.label)}”的{bases}为0，执行数为{executed.shown}，执行率却填列{rate.shown}，无从算出。",
        relation.cells,
        reported=rate.shown,
        expected="预算为0，不能计算执行率",
        relations=(relation,),
    )


def _wrong_rate(
    form: Form, relation: Relation, options: list[tuple[Term, ...]], rate: Printed, executed: Printed
) -> Finding:
    values = intervals_of(form.cells)
    computed = []
    for option in options:
        base = form.cells[option[1].cell]
        computed.append((base, executed.value / base.value * HUNDRED))
    base, share = computed[0]
    wanted = expected(relation, options[0], values)
    assert wanted is not None
    way = f"执行数{executed.shown}÷{base.column_title}{base.shown}"
    others = "".join(
        f"；以{other.column_title}{other.shown}为基数则为{_rate(value)}"
        for other, value in computed[1:]
        if value != share
    )
    difference = rate.value - share
    step = rate.interval.high - rate.interval.low
    severity: Severity | None = None
    note = f"差异{plain(abs(difference).quantize(CENT))}个百分点"
    if any(_truncated(rate, expected(relation, option, values), step) for option in options):
        severity, note = "warning", note + "，疑似直接舍去尾数而未四舍五入"
    elif rate.value == HUNDRED and HUNDRED < share <= _TWICE:
        severity, note = "warning", note + "，超预算执行而只填100%"
    elif _annual_budget_left_out(form, relation):
        severity, note = "warning", note + "，本行全年预算数空白，请核对原文"
    return Finding(
        "inconsistent",
        f"{rate.name}经复算为{_rate(share)}（{way}{others}），填列{rate.shown}，{note}。",
        relation.cells,
        reported=rate.shown,
        expected=_rate(share),
        difference=_round(difference),
        tolerance=_round(rounding(rate.interval, wanted)),
        unit=POINTS_OF_PERCENT,
        severity=severity,
        relations=(relation,),
    )


def _annual_budget_left_out(form: Form, relation: Relation) -> bool:
    """Whether the base that a rate usually has is blank in its row alone: it may have been lost."""
    rows = {ref.ordinal for ref in form.cells if (ref.table, ref.column) == ("funding", "annual_budget_wanyuan")}
    return bool(rows) and relation.total.ordinal not in rows


def _truncated(rate: Printed, wanted: Interval | None, step: Decimal) -> bool:
    return wanted is not None and wanted.meets(Interval(rate.value, rate.value + step))


def _round(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.0001"))


def _rate(value: Decimal) -> str:
    return f"{value.quantize(CENT)}%"


@check(
    "amount_scale",
    "同一行金额的数量级",
    "同一行各栏金额数字相同而相差整万倍、整千倍，是元与万元、千元混写的痕迹",
    "warning",
    cause="never",
)
def amount_scale(form: Form, rules: Rules) -> Iterator[Finding]:
    """The same digits at another scale in one row: a unit slip even where no sum can show it."""
    rows = 0
    for row in form.funding:
        cells = [cell for column in MONEY_COLUMNS if (cell := form.money(row, column)) is not None and cell.value]
        rows += len(cells) > 1
        for i, first in enumerate(cells):
            for second in cells[i + 1 :]:
                high, low = sorted((first, second), key=lambda cell: abs(cell.value), reverse=True)
                factor = next((f for f in rules.scale_factors if low.value * f == high.value), None)
                if factor is not None:
                    yield Finding(
                        "inconsistent",
                        f"{high.name}{high.shown}恰为{low.column_title}{low.shown}的{plain(factor)}倍，"
                        "疑似单位或小数点错位。",
                        (high.ref, low.ref),
                        reported=high.shown,
                        expected=low.shown,
                        difference=high.value - low.value,
                        unit="万元",
                        relations=(Relation("scale", high.ref, ((Term(low.ref),),)),),
                    )
    if rows:
        yield consistent(f"已比较{rows}行金额各栏的数量级。")


@check(
    "row_in_other_unit",
    "整行金额的单位",
    "项目资金表各行用同一单位（见表头）；整行以元、千元填写的，合计与分项不符",
    "error",
    agrees="合计",
)
def row_in_other_unit(form: Form, rules: Rules) -> Iterator[Finding]:
    """A row ten thousand times too large: brought to the unit of the table, every sum holds, and none does before."""
    made = False
    for block in blocks(form, rules):
        sums = list(block_sums(form, block, rules))
        for row in (block.total, *block.parts) if sums else ():
            made = True
            if finding := _other_unit(form, row, sums):
                yield finding
                break
    yield (
        consistent("没有整行以另一单位填写的迹象。") if made else not_checkable("没有可以相加的资金行，单位无法对照。")
    )


_UNITS_APART = (Decimal(10000), Decimal(1000))
"""How many times too large an amount in 元 or 千元 is in a table of 万元 or 元."""


def _other_unit(form: Form, row: FundingRow, sums: list[Relation]) -> Finding | None:
    """The finding about one row that fits once it is divided, where its amounts are telling enough."""
    mine = [
        (relation, ref)
        for relation in sums
        for ref in relation.cells
        if ref.ordinal == row.ordinal and form.cells[ref].value
    ]
    values = {form.cells[ref].value for _, ref in mine}
    if len(values) < 2 and not any(map(is_telling, values)):
        return None
    factor = next((one for one in _UNITS_APART if all(_fits(form, *each, one) for each in mine)), None)
    if factor is None:
        return None
    shown = "、".join(f"{form.cells[ref].column_title}{form.cells[ref].shown}" for _, ref in mine)
    right = "、".join(written(form.cells[ref].value / factor, form.cells[ref]) for _, ref in mine)
    return Finding(
        "inconsistent",
        f"“{row_name(row.label)}”一行填列{shown}，各除以{plain(factor)}后，各栏分项与总额均相符，疑似整行单位有误。",
        tuple(ref for _, ref in mine),
        reported=shown,
        expected=right,
        relations=tuple(relation for relation, _ in mine),
    )


def _fits(form: Form, relation: Relation, ref: Subject, factor: Decimal) -> bool:
    """Whether a sum holds with one of its cells divided, and neither as printed nor without that cell."""
    whole = replace(relation, complete=True)

    def apart(share: Decimal) -> bool:
        values = intervals_of(form.cells)
        values[ref] = values[ref].scale(share)
        return bool(gap(whole, whole.options[0], values))

    return apart(ONE) and apart(ZERO) and not apart(ONE / factor)
