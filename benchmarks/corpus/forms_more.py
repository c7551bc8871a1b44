"""More templates: whole units, score sheets, forms of single provinces."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from benchmarks.corpus import words as w
from benchmarks.corpus.facts import money
from benchmarks.corpus.forms import (
    GRADES,
    L2020,
    L2021,
    Block,
    Template,
    fund_columns,
    heads,
    hubei_blocks,
    hubei_options,
    indicator_columns,
    national_blocks,
    national_options,
    shanghai_blocks,
    shanghai_options,
    sichuan_blocks,
    sichuan_old_blocks,
    sichuan_old_options,
    sichuan_options,
    tail,
    title,
    transfer_blocks,
    transfer_options,
    unit_line,
    vary,
    yunnan_blocks,
    yunnan_options,
)
from benchmarks.corpus.layout import IndicatorBlock, full, funding_rows, goal_rows, grade_text, pairs, relate, side_label
from benchmarks.corpus.model import FACTORS, Cell, Facts, Line, Options, Table, rounded


def scored_levels(parts: tuple[tuple[str, str], ...], rng: Random) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    """Levels of a score sheet: 决策 and 过程 from their own lists, 产出 and 效益 from the usual kinds."""
    out = []
    for name, points in parts:
        if name in w.SCORED:
            picked = sorted(rng.sample(range(len(w.SCORED[name])), k=min(len(w.SCORED[name]), rng.choice((3, 4)))))
            out.append((name, points, tuple("|".join(w.SCORED[name][k]) for k in picked)))
        elif name.startswith("产出"):
            out.append((name, points, ("数量", "质量", "时效")))
        else:
            out.append((name, points, ("社会", "持续", "满意")))
    return tuple(out)


# --- Chongqing: whole unit, flat ----------------------------------------------------------------------------------


def chongqing_options(rng: Random) -> Options:
    levels = (("", "90", ("数量", "质量", "时效", "社会", "满意")),)
    return vary(rng, kind="unit", levels=levels, unit_share=True, columns=("initial", "annual", "executed"), sources=("其中：财政资金", "非财政资金"), money_style="plain")


def chongqing_blocks(facts: Facts, rng: Random) -> list[Block]:
    place, lines = unit_line(facts, rng)
    adjusted = rng.random() < 0.5
    for item in facts.indicators:
        item.l1 = item.l2 = ""
    keys = ["l3", "unit", "relation", "value", *(["adjusted_value"] if adjusted else []), "actual", *(["coefficient"] if rng.random() < 0.5 else [])]
    keys += ["points", "score", *(["core"] if rng.random() < 0.5 else []), "deviation"]
    words = {"l3": "指标名称", "unit": "计量单位", "relation": "指标性质", "value": "年初指标值" if adjusted else "指标值", "actual": "全年完成值"}
    words |= {"points": "指标权重", "score": "指标得分", "deviation": "说明", "coefficient": "得分系数", "core": "是否核心指标", "adjusted_value": "调整指标值"}
    columns = indicator_columns(rng, keys, **words)
    funds = fund_columns(facts, rng, ("money", "rate", "points", "score"), initial="年初预算数", annual="全年（调整）预算数", executed="全年执行数", points="执行率权重", score="执行率得分")
    width = max(len(keys), len(funds) + 2)
    rows = [pairs(width, [("部门（单位）名称", facts.unit)], 2)]
    rows += funding_rows(facts, width, funds, side_label("部门（单位）整体支出", facts.options.unit, place))
    rows += goal_rows(facts, width, "当年整体绩效目标", ("年初绩效目标", "全年目标实际完成情况"))
    block = _Adjusted(facts, width, columns, None)
    rows += block.headers() + block.rows() + ([block.total("合计")] if rng.random() < 0.5 else [])
    if not any(cell.text == "合计" for cell in rows[-1]):
        facts.total_points = facts.total_score = None
    table = Table(width, rows)
    relate(table)
    return [*title(facts, rng, ("部门（单位）整体支出绩效自评表", "区级部门整体绩效自评表")), *lines, table, *tail(facts, rng)]


class _Adjusted(IndicatorBlock):
    """A block with the adjusted target beside the initial one: they are the same here."""

    def text(self, item: object, key: str, k: int) -> str:
        if key == "adjusted_value":
            return str(getattr(item, "value", ""))
        return super().text(item, key, k)  # type: ignore[arg-type]


# --- Hunan --------------------------------------------------------------------------------------------------------


def hunan_options(rng: Random) -> Options:
    return vary(rng, kind="unit", levels=L2020, sources=(), grade=None, columns=("initial", "annual", "executed"), money_style="plain", unit=rng.choice(("万元", "元")))


def hunan_blocks(facts: Facts, rng: Random) -> list[Block]:
    width = 9
    funds = fund_columns(facts, rng, ("money", "points", "rate", "score"), initial="年初预算数", annual="全年预算数", executed="全年执行数")
    rows = [pairs(width, [("预算单位名称", facts.unit)], 2)]
    head_rows = funding_rows(facts, width, funds, "")
    total, unit = facts.funding[0], facts.options.unit
    annual, done, places = total.exact["annual"], total.exact["executed"], facts.options.decimals
    whole, all_done = (rounded(v / FACTORS[unit], places) for v in (annual, done))
    part, spent = rounded(whole * Decimal("0.8"), places), rounded(all_done * Decimal("0.7"), places)
    left = [f"按收入性质分：{whole:f}", f"其中：一般公共预算：{part:f}", "政府性基金拨款：", "纳入专户管理的非税收入拨款：", f"其他资金：{whole - part:f}"]
    right = [f"按支出性质分：{all_done:f}", f"其中：基本支出：{spent:f}", f"项目支出：{all_done - spent:f}", "", ""]
    head_rows[0][0] = Cell(f"年度预算申请（{unit}）", rows=len(head_rows) + len(left), head=True, cols=head_rows[0][0].cols)
    rows += head_rows
    own = width - head_rows[0][0].cols
    rows += [[Cell(a, cols=own // 2, align="left"), Cell(b, cols=own - own // 2, align="left")] for a, b in zip(left, right, strict=True)]
    rows += goal_rows(facts, width, "年度总体目标", ("预期目标", "实际完成情况"))
    keys = ("l1", "l2", "l3", "target", "actual", "points", "score", "deviation")
    block = IndicatorBlock(facts, width, indicator_columns(rng, keys), "绩效指标")
    rows += block.with_side(block.headers() + block.rows(brackets=rng.random() < 0.7), block.total("总分"), inside=False)
    table = Table(width, rows)
    relate(table)
    out: list[Block] = [*title(facts, rng, ("部门整体支出绩效自评表", "预算单位整体支出绩效自评表")), table, *tail(facts, rng)]
    if rng.random() < 0.6:
        return [Line("附件1", "annex"), *basic_table(facts, rng), Line("附件2", "annex", page_break=True), *out]
    return out


def basic_table(facts: Facts, rng: Random) -> list[Block]:
    """基础数据表: staff and costs of three years; amounts, not an evaluation."""
    year = facts.options.year
    people = rng.randint(6, 120)
    rows = [pairs(4, [("预算单位名称", facts.unit)])]
    rows += [[Cell("财政供养人员情况（人）", rows=2, head=True), Cell("编制数"), Cell(f"{year}年实际在职人数"), Cell("控制率")]]
    rows += [[Cell(str(people)), Cell(str(people - 1)), Cell(f"{(people - 1) / people:.2%}")]]
    rows += [[Cell("经费控制情况（万元）", head=True), Cell(f"{year - 1}年决算数"), Cell(f"{year}年预算数"), Cell(f"{year}年决算数")]]
    years = [[Decimal(rng.randint(0, 900)) / 100 for _ in range(6)] for _ in range(3)]
    sums = [[y[0] + y[1] + y[2] + y[3], y[0] + y[1], y[0], y[1], y[2], y[3], y[4] * 10, y[5] * 10 + y[4], y[5]] for y in years]
    names = ("三公经费", "1、公务用车购置和维护经费", "其中：公车购置", "公车运行维护", "2、出国经费", "3、公务接待", "项目支出：", "公用经费", "其中：办公经费")
    for k, name in enumerate(names):
        rows.append([Cell(name, align="left"), *[Cell(f"{year_sums[k]:.2f}", align="right") for year_sums in sums]])
    rows.append(full(4, "厉行节约保障措施", "严格审批程序。"))
    table = Table(4, rows)
    relate(table)
    return [Line(f"{year}年度部门整体支出绩效评价基础数据表", "title"), table]


def hunan_scores_options(rng: Random) -> Options:
    return vary(rng, kind="unit", levels=scored_levels((("决策", "20"), ("过程", "20"), ("产出", "30"), ("效益", "30")), rng), sources=(), columns=(), execution_points=None, rate="")


def hunan_scores_blocks(facts: Facts, rng: Random) -> list[Block]:
    """Points and self score are both headed 得分 (or 分值 and 得分 with criteria between)."""
    facts.funding = []
    both = rng.random() < 0.6
    words = {"points": "得分" if both else "分值", "score": "得分" if both else "自评得分", "target": "目标值", "criteria": "评价标准"}
    keys = rng.choice((("l1", "l2", "l3", "points", "target", "actual", "score", "deviation"), ("l1", "l2", "l3", "points", "criteria", "target", "actual", "score")))
    if "deviation" not in keys:
        for item in facts.indicators:
            item.deviation = ""
    width = len(keys)
    rows = [pairs(width, [("单位名称", facts.unit)], 2)]
    block = IndicatorBlock(facts, width, indicator_columns(rng, keys, **words), None)
    total = block.total("合计")
    rows += [*block.headers(), *block.rows(), total]
    table = Table(width, rows)
    relate(table)
    return [*title(facts, rng, ("部门整体支出绩效自评表", "整体支出绩效自评评分表")), table, *tail(facts, rng)]


# --- score sheets -------------------------------------------------------------------------------------------------


def jiangsu_options(rng: Random) -> Options:
    levels = scored_levels((("决策", "15"), ("过程", "15"), ("产出", "30"), ("效益", "30")), rng)
    return vary(rng, levels=levels, columns=rng.choice((("initial", "annual", "executed"), ("annual", "executed"))), sources=rng.choice((("其中：财政拨款", "其他资金"), ())))


def jiangsu_blocks(facts: Facts, rng: Random) -> list[Block]:
    place, lines = unit_line(facts, rng)
    keys = rng.choice(
        (
            ("l1", "l2", "l3", "points", "criteria", "target", "actual", "score", "deviation"),
            ("l1", "l2", "l3", "target", "points", "criteria", "actual", "score"),
            ("l1", "l2", "l3", "points", "target", "actual", "criteria", "score"),
        )
    )
    if "deviation" not in keys:
        for item in facts.indicators:
            item.deviation = ""
    funds = fund_columns(facts, rng)
    width = max(len(keys), len(funds) + 2)
    rows = heads(facts, width, rng, 2)
    rows += funding_rows(facts, width, funds, side_label("项目资金", facts.options.unit, place))
    rows += goal_rows(facts, width, "年度绩效目标", ("年初设定目标", "目标完成情况"))
    block = IndicatorBlock(facts, width, indicator_columns(rng, keys), None)
    rows += [*block.headers(), *block.rows(brackets=rng.random() < 0.3), block.total(rng.choice(("总分", "合计")))]
    table = Table(width, rows)
    relate(table)
    return [*title(facts, rng, ("项目支出绩效自评表", "财政专项资金绩效自评价表")), *lines, table, *tail(facts, rng)]


def ningxia_options(rng: Random) -> Options:
    levels = scored_levels((("决策", "20"), ("管理", "25"), ("产出", "25"), ("效益", "30")), rng)
    return vary(rng, levels=levels, sources=("其中：财政拨款", "其他资金"), columns=("annual", "arrived", "executed"), execution_points=None, rate="")


def ningxia_blocks(facts: Facts, rng: Random) -> list[Block]:
    place, lines = unit_line(facts, rng)
    keys = ("l1", "l2", "l3", "points", "target", "actual", "score", "audited", "deviation")
    words = {"points": "分值", "score": "自评得分", "audited": rng.choice(("财政审核评分", "主管部门复核得分")), "target": "目标值", "actual": "完成值", "deviation": "扣分原因"}
    block = IndicatorBlock(facts, 9, indicator_columns(rng, keys, **words), None)
    rows = heads(facts, 9, rng, 2)
    funds = fund_columns(facts, rng, ("money",))
    rows += funding_rows(facts, 9, funds, side_label("资金情况", facts.options.unit, place))
    rows += [*block.headers(), *block.rows(), block.total("合计")]
    table = Table(9, rows)
    relate(table)
    return [*title(facts, rng, ("项目支出绩效自评打分表", "项目支出绩效自评表")), *lines, table, *tail(facts, rng)]


def zhejiang_options(rng: Random) -> Options:
    levels = tuple((l1, p, k) for l1, p, k in (("产出指标", "60", ("数量", "质量", "时效")), ("效益指标", "30", ("社会", "持续")), ("满意度指标", "10", ("满意",))))
    sources = rng.choice((("其中：中央资金", "省级资金", "市级资金", "县级资金", "其他资金"), ("上级财政资金", "本级财政资金", "其他资金")))
    return vary(rng, levels=levels, sources=sources, columns=("initial", "arrived"), execution_points=None, rate="", total_label="合计", grade=rng.choice((None, "优/良/中/差")))


def zhejiang_blocks(facts: Facts, rng: Random) -> list[Block]:
    place, lines = unit_line(facts, rng)
    unit = f"（{facts.options.unit}）" if place == "side" else ""
    order = [("initial", f"计划安排资金{unit}"), ("arrived", f"实际到位资金{unit}")]
    width = 8
    rows = heads(facts, width, rng, 2)
    rows += funding_rows(facts, width, order, rng.choice(("资金来源", "项目资金")), "资金来源")
    parts = [("设备购置", Decimal("0.4")), ("劳务支出", Decimal("0.35")), ("其他支出", Decimal("0.25"))]
    total = facts.funding[0].exact["initial"]
    rows.append([Cell("支出情况", rows=5, head=True), Cell("支出内容", cols=3, head=True), Cell(f"计划支出数{unit}", cols=2, head=True), Cell(f"实际支出数{unit}", cols=2, head=True)])
    planned = [money(total * share, facts.options, rng) for _, share in parts]
    arrived = facts.funding[0].exact["arrived"]
    spent = [money(arrived * share, facts.options, rng) for _, share in parts]
    for (name, _), plan, done in zip(parts, planned, spent, strict=True):
        rows.append([Cell(name, cols=3, align="left"), Cell(plan, cols=2, align="right"), Cell(done, cols=2, align="right")])
    sums = [money(value, facts.options, rng) for value in (total, arrived)]
    rows.append([Cell("支出合计", cols=3), *[Cell(text, cols=2, align="right") for text in sums]])
    block = IndicatorBlock(facts, width, indicator_columns(rng, ("l1", "l2", "l3", "target", "actual", "points", "score", "deviation")), None)
    rows += [*block.headers(), *block.rows(), block.total("总分")]
    if facts.grade:
        rows.append(full(width, "自评结论", grade_text(facts, rng), 2))
    table = Table(width, rows)
    relate(table)
    return [*title(facts, rng, ("项目支出绩效自评表", "预算项目绩效自评表")), *lines, table, *tail(facts, rng)]


# --- other provinces ----------------------------------------------------------------------------------------------


def beijing_options(rng: Random) -> Options:
    return vary(rng, sources=("其中：当年财政拨款", "上年结转资金", "其他资金"), total_label="年度资金总额", columns=("initial", "annual", "executed"), unit="万元", decimals=rng.choice((2, 6)), step="0.5")


def beijing_blocks(facts: Facts, rng: Random) -> list[Block]:
    place, lines = unit_line(facts, rng)
    funds = fund_columns(facts, rng, ("money", "points", "rate", "score"), initial="年初预算数", annual="全年预算数", executed="全年执行数")
    width = 10
    rows = [pairs(width, [("项目名称", facts.project_name or "")], 2), pairs(width, [("主管部门", facts.department or ""), ("实施单位", facts.unit)], 2)]
    rows.append(pairs(width, [("项目负责人", ""), ("联系电话", "")], 2))
    rows += funding_rows(facts, width, funds, side_label("项目资金", facts.options.unit, place))
    rows += goal_rows(facts, width, "年度总体目标", ("预期目标", "实际完成情况"))
    keys = ("l1", "l2", "l3", "target", "actual", "points", "score", "deviation")
    words = {"target": "年度指标值", "actual": "实际完成值", "points": "分值", "score": "得分", "deviation": "偏差原因分析及改进措施"}
    block = IndicatorBlock(facts, width, indicator_columns(rng, keys, **words), "绩\n效\n指\n标")
    rows += block.with_side(block.headers() + block.rows(), block.total("总分"), inside=False)
    table = Table(width, rows)
    relate(table)
    return [Line("项目支出绩效自评表", "title"), Line(f"（ {facts.options.year} 年度）", "sub"), *lines, table, *tail(facts, rng)]


def guangdong_options(rng: Random) -> Options:
    levels = (("产出指标", "45", ("数量", "质量", "时效", "成本")), ("效益指标", "35", ("社会", "持续", "满意")))
    return vary(rng, levels=levels, execution_points=Decimal(20), columns=rng.choice((("annual", "executed"), ("annual", "arrived", "executed"))), sources=rng.choice((("其中：省级资金", "市级资金", "县区资金"), ("财政拨款", "自筹资金"))), grade=rng.choice((None, "优/良/中/差")))


def guangdong_blocks(facts: Facts, rng: Random) -> list[Block]:
    place, lines = unit_line(facts, rng)
    funds = fund_columns(facts, rng, ("money", "rate", "points", "score"))
    keys = ("seq", "l1", "l2", "l3", "target", "actual", "done_rate", "points", "score", "deviation", "evidence")
    words = {"seq": "序号", "done_rate": "完成率", "evidence": "佐证材料"}
    width = max(len(keys), len(funds) + 2)
    rows = heads(facts, width, rng, 2)
    if facts.grade:
        rows.append(pairs(width, [("自评得分", facts.total_score or ""), ("自评等级", facts.grade)], 2))
    rows += funding_rows(facts, width, funds, side_label("资金情况", facts.options.unit, place))
    block = IndicatorBlock(facts, width, indicator_columns(rng, keys, **words), None)
    rows += [*block.headers(), *block.rows(), block.total("合计")]
    table = Table(width, rows)
    relate(table)
    return [*title(facts, rng, ("项目支出绩效自评表", "财政支出绩效自评表")), *lines, table, *tail(facts, rng)]


def anhui_options(rng: Random) -> Options:
    return vary(rng, levels=L2021, columns=("annual", "executed"), sources=rng.choice((("1.财政拨款", "2.其他资金"), ("（1）中央资金", "（2）省级资金", "（3）市县资金"))), grade=rng.choice(GRADES))


def anhui_blocks(facts: Facts, rng: Random) -> list[Block]:
    """Levels without level 2, grade and total in one line at the end."""
    place, lines = unit_line(facts, rng)
    funds = fund_columns(facts, rng)
    keys = ("l1", "l3", "target", "actual", "points", "score", "deviation")
    for item in facts.indicators:
        item.l2 = ""
    width = max(len(keys), len(funds) + 2)
    rows = heads(facts, width, rng, 2)
    rows += funding_rows(facts, width, funds, side_label("预算执行情况", facts.options.unit, place))
    rows += goal_rows(facts, width, "总体目标", ("年度目标", "完成情况"))
    block = IndicatorBlock(facts, width, indicator_columns(rng, keys, l3="指标名称"), None)
    rows += [*block.headers(), *block.rows(brackets=rng.random() < 0.5), block.total("总分")]
    rows.append(full(width, "评价等级", grade_text(facts, rng), 2))
    table = Table(width, rows)
    relate(table)
    return [*title(facts, rng, ("项目支出绩效自评表",)), *lines, table, *tail(facts, rng)]


def shandong_options(rng: Random) -> Options:
    return vary(rng, levels=rng.choice((L2020, L2021)), columns=("initial", "annual", "executed"), grade=rng.choice((None, *GRADES)), blank="-", rate=rng.choice(("2%", "ratio4", "1%")))


def shandong_blocks(facts: Facts, rng: Random) -> list[Block]:
    """Separate tables for head, money and indicators."""
    place, lines = unit_line(facts, rng)
    funds = fund_columns(facts, rng)
    first = Table(6, heads(facts, 6, rng, 1))
    unit = facts.options.unit
    second = Table(len(funds) + 1, funding_rows(facts, len(funds) + 1, funds, None, "资金性质"))
    keys = ("l1", "l2", "l3", "target", "actual", "points", "score", "deviation")
    block = IndicatorBlock(facts, len(keys), indicator_columns(rng, keys), None)
    third = Table(len(keys), [*block.headers(), *block.rows(), block.total("合计")])
    if facts.grade:
        third.rows.append(full(len(keys), "自评等级", grade_text(facts, rng), 2))
    for table in (first, second, third):
        relate(table)
    money: list[Block] = [Line("一、预算执行情况" + (f"（单位：{unit}）" if place == "side" else ""), "heading"), *lines, second]
    return [*title(facts, rng, ("项目支出绩效自评表",)), first, *money, Line("二、绩效指标完成情况", "heading"), third, *tail(facts, rng)]


def flatlist_options(rng: Random) -> Options:
    return vary(rng, levels=(("", "100", ("数量", "质量", "时效", "社会", "满意")),), columns=("annual", "executed"), sources=(), execution_points=None, unit="万元")


def flatlist_blocks(facts: Facts, rng: Random) -> list[Block]:
    """A flat list with the money in one row of labels and values."""
    for item in facts.indicators:
        item.l1 = item.l2 = ""
    fund = facts.funding[0]
    fund.label = "预算数"
    keys = ("seq", "l3", "target", "actual", "points", "score", "deviation")
    block = IndicatorBlock(facts, 7, indicator_columns(rng, keys, seq="序号", l3=rng.choice(("指标名称", "绩效指标名称")), deviation="备注"), None)
    rows = [pairs(7, [("项目名称", facts.project_name or "")]), pairs(7, [("主管部门", facts.department or ""), ("实施单位", facts.unit)])]
    unit = facts.options.unit if facts.options.money_style != "unit" else ""
    tag = f"（{unit}）" if unit else ""
    rows.append([Cell(f"预算数{tag}", head=True), Cell(fund.printed["annual"]), Cell(f"执行数{tag}", head=True), Cell(fund.printed["executed"], cols=2), Cell("执行率", head=True), Cell(fund.printed["rate"])])
    rows += [*block.headers(), *block.rows(), block.total("合计")]
    table = Table(7, rows)
    relate(table)
    return [*title(facts, rng, ("项目绩效自评表", "项目支出绩效自评表")), table, *tail(facts, rng)]


# --- execution rate inside the indicator table; whole units with tasks ----------------------------------------------


def henan_options(rng: Random) -> Options:
    base = rng.choice((L2020, L2021))
    levels = (("预算执行", "10", ("执行",)), *base)
    return vary(rng, levels=levels, execution_points=None, columns=rng.choice((("initial", "annual", "executed"), ("annual", "executed"))), grade=rng.choice((None, *GRADES)))


def henan_blocks(facts: Facts, rng: Random) -> list[Block]:
    place, lines = unit_line(facts, rng)
    funds = fund_columns(facts, rng, ("money", "rate"))
    keys = ("l1", "l2", "l3", "points", "target", "actual", "score", "deviation")
    side = rng.choice((None, "绩效指标"))
    width = max(len(keys) + (side is not None), len(funds) + 2)
    rows = heads(facts, width, rng, 2)
    rows += funding_rows(facts, width, funds, side_label("资金情况", facts.options.unit, place))
    rows += goal_rows(facts, width, "年度目标", ("年初设定目标", "年度总体目标完成情况综述"))
    block = IndicatorBlock(facts, width, indicator_columns(rng, keys), side)
    rows += block.with_side(block.headers() + block.rows(brackets=rng.random() < 0.4), None, inside=False)
    scored = [("自评得分", facts.total_score or ""), *([("自评等级", facts.grade)] if facts.grade else [])]
    rows.append(pairs(width, scored, 2))
    facts.total_points = None
    table = Table(width, rows)
    relate(table)
    return [*title(facts, rng, ("项目支出绩效自评表", "预算项目绩效自评表")), *lines, table, *tail(facts, rng)]


def gansu_options(rng: Random) -> Options:
    first = scored_levels((("部门管理", "20"),), rng)
    levels = (*first, ("履职效果", "60", ("数量", "质量", "时效", "社会")), ("满意度", "10", ("满意",)))
    return vary(rng, kind="unit", levels=levels, sources=("基本支出", "项目支出"), total_label=rng.choice(("合计", "部门支出总额")), columns=("initial", "annual", "executed"))


def gansu_blocks(facts: Facts, rng: Random) -> list[Block]:
    place, lines = unit_line(facts, rng)
    funds = fund_columns(facts, rng, ("money", "rate", "points", "score"))
    width = 10
    rows = [pairs(width, [("部门（单位）名称", facts.unit)], 2)]
    rows += funding_rows(facts, width, funds, side_label("部门预算执行情况", facts.options.unit, place))
    rows += goal_rows(facts, width, "年度总体目标", ("预期目标", "实际完成情况"))
    tasks = ["日常运转保障", facts.theme]
    rows.append([Cell("年度主要任务", rows=len(tasks) + 1, head=True), Cell("任务名称", cols=3, head=True), Cell("完成情况", cols=6, head=True)])
    rows += [[Cell(name, cols=3), Cell(rng.choice(("已完成", "全面完成年度任务。")), cols=6, align="left")] for name in tasks]
    keys = ("l1", "l2", "l3", "target", "actual", "points", "score", "deviation")
    block = IndicatorBlock(facts, width, indicator_columns(rng, keys), "绩效指标")
    rows += block.with_side(block.headers() + block.rows(), block.total("总分"), inside=False)
    table = Table(width, rows)
    relate(table)
    return [*title(facts, rng, ("部门（单位）整体支出绩效自评表", "部门整体支出绩效自评表")), *lines, table, *tail(facts, rng)]


TEMPLATES: tuple[Template, ...] = (
    Template("national", national_options, national_blocks),
    Template("shanghai", shanghai_options, shanghai_blocks),
    Template("yunnan", yunnan_options, yunnan_blocks),
    Template("sichuan", sichuan_options, sichuan_blocks),
    Template("sichuanold", sichuan_old_options, sichuan_old_blocks),
    Template("chongqing", chongqing_options, chongqing_blocks),
    Template("hubei", hubei_options, hubei_blocks),
    Template("hunan", hunan_options, hunan_blocks),
    Template("hunanscores", hunan_scores_options, hunan_scores_blocks),
    Template("transfer", transfer_options, transfer_blocks),
    Template("jiangsu", jiangsu_options, jiangsu_blocks),
    Template("zhejiang", zhejiang_options, zhejiang_blocks),
    Template("ningxia", ningxia_options, ningxia_blocks),
    Template("beijing", beijing_options, beijing_blocks),
    Template("guangdong", guangdong_options, guangdong_blocks),
    Template("anhui", anhui_options, anhui_blocks),
    Template("shandong", shandong_options, shandong_blocks),
    Template("flatlist", flatlist_options, flatlist_blocks),
    Template("henan", henan_options, henan_blocks),
    Template("gansu", gansu_options, gansu_blocks),
)
