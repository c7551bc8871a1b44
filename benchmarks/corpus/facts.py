"""Facts of a form: amounts exact in 元, then printed as the form prints them; all relations hold."""

from __future__ import annotations

from decimal import Decimal
from random import Random

from benchmarks.corpus import words as w
from benchmarks.corpus.model import FACTORS, Facts, Fund, Indicator, Options, narrow, number, rounded

WIDE = str.maketrans("0123456789.,", "０１２３４５６７８９．，")
ZERO = Decimal(0)


def make(options: Options, rng: Random) -> Facts:
    """A consistent form of the template's options."""
    place, theme = rng.choice(w.PLACES), rng.choice(w.PROJECTS)
    department = place + rng.choice(w.OFFICES)
    unit = department if rng.random() < 0.4 else department + rng.choice(w.SUBUNITS)
    names = (f"{theme}", f"{options.year}年{place}{theme}", f"{theme}项目", f"{theme}专项经费", f"{place}{theme}资金")
    funding = funds(options, rng)
    indicators, totals = _indicators(options, rng)
    facts = Facts(
        options=options,
        project_name=rng.choice(names) if options.kind != "unit" else None,
        department=department if options.kind != "unit" else None,
        unit=unit,
        place=place,
        theme=theme,
        funding=funding,
        indicators=indicators,
        goal_expected=rng.choice(w.GOALS).format(theme=theme),
        goal_actual=rng.choice(w.DONE).format(theme=theme),
        total_points=None,
        total_score=None,
        grade=None,
        report_date=f"{options.year + 1}-{rng.randint(1, 6):02}-{rng.randint(1, 28):02}",
        level_points=totals,
    )
    for item in indicators:
        if item.l3 == "预算执行率":
            _own_rate(item, funding[0], options)
    finish(facts)
    return facts


def _own_rate(item: Indicator, total: Fund, options: Options) -> None:
    """An execution rate that stands as an ordinary indicator says what the money says."""
    base = total.exact[options.base]
    share = min(total.exact["executed"] / base, Decimal(1)) if base else ZERO
    item.target, item.relation, item.value, item.unit = "100%", "", "100", "%"
    item.actual = rate_text(total.exact["executed"] / base, "2%") if base else ""
    item.score = show(rounded((number(item.points) or ZERO) * share, 2), "short")
    item.deviation = "" if share == 1 else "部分款项跨年度支付。"


def finish(facts: Facts) -> None:
    """Totals and grade out of the printed points and scores."""
    options = facts.options
    points = [number(i.points) for i in facts.indicators]
    scores = [number(i.score) for i in facts.indicators]
    total = facts.funding[0].printed if facts.funding else {}
    if options.execution_points is not None and "score" in total:
        points.append(number(total.get("points")) if "points" in total else options.execution_points)
        scores.append(number(total["score"]))
    if all(p is not None for p in points) and points and facts.indicators and facts.indicators[0].points is not None:
        facts.total_points = show(sum((p for p in points if p is not None), ZERO), "short")
    if all(s is not None for s in scores) and scores and facts.indicators and facts.indicators[0].score is not None:
        value = sum((s for s in scores if s is not None), ZERO)
        facts.total_score = show(value, options.point_format if options.point_format == "fixed" else "short")
        if options.point_format == "fixed" and facts.total_points:
            facts.total_points = show(Decimal(facts.total_points), "fixed")
        if options.grade:
            facts.grade = grade_of(value, options.grade)


def grade_of(score: Decimal, words: str) -> str:
    """The grade by the usual cut-offs; `words` lists the four grades, best first."""
    names = words.split("/")
    return names[0] if score >= 90 else names[1] if score >= 80 else names[2] if score >= 60 else names[3]


def show(value: Decimal, style: str) -> str:
    """Points and scores: short (5.5), fixed (5.50)."""
    if style == "fixed":
        return f"{rounded(value, 2):f}"
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money(value: Decimal, options: Options, rng: Random) -> str:
    """An amount in 元 as a cell prints it."""
    places = options.decimals
    text = f"{rounded(value / FACTORS[options.unit], places):f}"
    if options.money_style == "trim" and "." in text:
        text = text.rstrip("0").rstrip(".")
    if options.commas and rng.random() < options.commas:
        whole, _, rest = text.partition(".")
        text = f"{int(whole):,}" + (f".{rest}" if rest else "")
    if options.money_style == "wide":
        text = text.translate(WIDE)
    if options.money_style == "unit":
        text += options.unit
    if options.money_style == "yuan":
        text += "元" if options.unit == "元" else options.unit
    return text


def rate_text(value: Decimal, style: str) -> str:
    """A rate (1 is 100 %) as printed: `2%` two decimals and a sign, `0` whole and bare, `ratio2` 0.97."""
    if style.startswith("ratio"):
        text = f"{rounded(value, int(style[5:])):f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    places, sign = int(style[0]), style[1:]
    text = f"{rounded(value * 100, places):f}"
    if sign == "%t":
        text, sign = (text.rstrip("0").rstrip(".") if "." in text else text), "%"
    return text + sign


def funds(options: Options, rng: Random) -> list[Fund]:
    """The funding block: total first, then its parts."""
    count = len(options.sources)
    live = [rng.random() < 0.55 for _ in range(count)]
    if not any(live) and count:
        live[rng.randrange(count)] = True
    size = rng.choice((3, 4, 5, 5, 6, 6, 7))
    columns: dict[str, list[Decimal]] = {c: [] for c in ("initial", "annual", "executed", "arrived")}
    grain = rng.choice((Decimal("0.01"), Decimal("0.01"), Decimal(100), Decimal(10000)))
    changed = rng.random() < 0.5
    full = rng.random() < 0.3
    over = rng.random() < 0.06
    for is_live in live or [True]:
        annual = _grain(Decimal(rng.randint(10**size, 10 ** (size + 1))) * Decimal("1.37"), grain) if is_live else ZERO
        initial = _grain(annual * Decimal(rng.randint(60, 140)) / 100, grain) if changed else annual
        if is_live and rng.random() < 0.06:
            initial = ZERO
        share = Decimal(1) if full else Decimal(rng.randint(7200, 10000)) / 10000
        if rng.random() < 0.08:
            share = Decimal(rng.randint(500, 6000)) / 10000
        if over:
            share = Decimal(rng.randint(10200, 12900)) / 10000
        arrived = annual if rng.random() < 0.7 else max(_grain(annual * Decimal("0.97"), grain), ZERO)
        executed = _grain(annual * share, grain)
        if "arrived" in options.columns and not over:
            executed = min(executed, arrived)
        columns["initial"].append(initial)
        columns["annual"].append(annual)
        columns["arrived"].append(arrived)
        columns["executed"].append(executed)
    labels = list(options.sources)
    exact = {c: sum(v, ZERO) for c, v in columns.items()}
    rows = [Fund(options.total_label, "total", exact)]
    rows += [Fund(label, "component", {c: columns[c][k] for c in columns}) for k, label in enumerate(labels)]
    for row in rows:
        _print(row, options, rng)
    return rows


def _grain(value: Decimal, grain: Decimal) -> Decimal:
    return (value / grain).quantize(Decimal(1)) * grain


def _print(row: Fund, options: Options, rng: Random) -> None:
    total = row.role == "total"
    for column in options.columns:
        row.printed[column] = money(row.exact[column], options, rng)
        if not total and row.exact[column] == 0 and options.component_rates == "empty":
            row.printed[column] = rng.choice(("", options.blank, "0"))
    base, executed = row.exact[options.base], row.exact["executed"]
    if options.rate and "executed" in options.columns:
        if total or (options.component_rates == "all" and base):
            row.printed["rate"] = rate_text(executed / base, options.rate) if base else options.blank
        else:
            row.printed["rate"] = "0.00" if options.component_rates == "zero" else options.blank
    if options.execution_points is None:
        return
    if total:
        row.printed["points"] = show(options.execution_points, options.point_format)
        share = min(executed / base, Decimal(1)) if base else ZERO
        value = rounded(options.execution_points * share, options.execution_places)
        row.printed["score"] = f"{value:f}" if options.execution_places == 2 else show(value, "short")
    else:
        row.printed["points"] = row.printed["score"] = options.blank


def _indicators(options: Options, rng: Random) -> tuple[list[Indicator], dict[str, str]]:
    out: list[Indicator] = []
    totals: dict[str, str] = {}
    used: set[str] = set()
    for l1, total, kinds in options.levels:
        drafts: list[Indicator] = []
        for kind in kinds:
            times = rng.choice((1, 1, 1, 2, 2, 3)) if kind in ("数量", "质量", "社会") else rng.choice((1, 1, 2))
            for _ in range(times * (options.many if kind in ("数量", "质量", "时效") else 1)):
                draft = _draft(l1, kind, options, rng)
                if draft is not None and options.many > 1 and draft.l3 in used:
                    draft.l3 = f"{rng.choice(w.PLACES)}{draft.l3}"
                if draft is not None and draft.l3 not in used:
                    used.add(draft.l3)
                    drafts.append(draft)
        if not drafts:
            continue
        if total:
            totals[l1] = total
            for draft, points in zip(drafts, _split(Decimal(total), len(drafts), Decimal(options.step)), strict=True):
                _score(draft, points, options, rng)
        out += drafts
    return out, totals


def _split(total: Decimal, count: int, step: Decimal) -> list[Decimal]:
    """`count` shares of `total`, multiples of `step`, as equal as they can be."""
    units = int(total / step)
    shares = [units // count + (1 if k >= count - units % count else 0) for k in range(count)]
    out = [step * s for s in shares]
    out[-1] += total - sum(out, ZERO)
    return out


def _score(draft: Indicator, points: Decimal, options: Options, rng: Random) -> None:
    missed = draft.deviation == "MISSED"
    draft.deviation = rng.choice(w.REASONS) if missed or rng.random() < 0.05 else rng.choice(("", "", "", "无"))
    lost = rng.random() < (0.9 if missed else 0.06)
    score = rounded(points * Decimal(rng.randint(50, 97)) / 100, rng.choice((0, 1, 1, 2))) if lost else points
    score = min(score, points)
    if lost and draft.deviation in ("", "无"):
        draft.deviation = rng.choice(w.REASONS)
    draft.points, draft.score = show(points, options.point_format), show(score, options.point_format)
    if rng.random() < 0.04 and "." in draft.score and options.point_format == "short":
        draft.score = f"{score:.2f}"


def _draft(l1: str, kind: str, options: Options, rng: Random) -> Indicator | None:
    if l1 in w.SCORED:
        l2, name, word = kind.split("|")
        return _written(options, rng, l1, l2, name, ("", word, ""), word if word != "100%" else "100%")
    if kind == "执行":
        return _written(options, rng, l1, w.L2[kind], "预算执行率", ("", "100", "%"), "")
    l2 = rng.choice(w.CONTENT_L2) if kind == "满意" and rng.random() < 0.4 else w.L2[kind]
    if kind == "数量":
        name, unit, low, high, places, sign = rng.choice(w.COUNTS)
        value = rounded(Decimal(rng.randint(low * 100, high * 100)) / 100, places)
        more = value if sign == "=" else rounded(value * Decimal(rng.choice((100, 100, 103, 108, 115))) / 100, places)
        return _counted(options, rng, l1, l2, name, sign, value, unit, more)
    if kind in ("质量", "满意") or (kind == "时效" and rng.random() < 0.4):
        pool = w.RATES if kind == "质量" else w.TIME_RATES if kind == "时效" else tuple((n, ">=") for n in w.CONTENT)
        name, sign = rng.choice(pool)
        if sign == "<=":
            value = Decimal(rng.choice((1, 2, 3, 5)))
            return _counted(options, rng, l1, l2, name, sign, value, "%", max(value - 1, ZERO))
        value = Decimal(100) if sign == "=" else Decimal(rng.choice((80, 85, 90, 92, 95, 96, 98, 100)))
        actual = value if value == 100 else min(value + rng.choice((0, 1, 2, 3)), Decimal(100))
        if rng.random() < 0.08:
            actual = value - rng.choice((2, 5, 7))
        return _counted(options, rng, l1, l2, name, sign, value, "%", actual)
    if kind in ("成本", "经济成本"):
        if rng.random() < 0.2:
            name, target, done = rng.choice(w.COST_WORDS)
            return _written(options, rng, l1, l2, name, ("", target, ""), done)
        name, unit, low, high, places = rng.choice(w.COSTS)
        value = rounded(Decimal(rng.randint(low * 100, high * 100)) / 100, places)
        less = rounded(value * Decimal(rng.choice((100, 100, 97, 90))) / 100, places)
        return _counted(options, rng, l1, l2, name, "<=", value, unit, less)
    if kind == "经济":
        name, unit, low, high, places = rng.choice(w.ECONOMIC)
        value = rounded(Decimal(rng.randint(low * 100, high * 100)) / 100, places)
        return _counted(options, rng, l1, l2, name, ">=", value, unit, value)
    if kind == "社会" and rng.random() < 0.4:
        name, unit, low, high, sign = rng.choice(w.SOCIAL_COUNTS)
        value = Decimal(rng.randint(low, high))
        return _counted(options, rng, l1, l2, name, sign, value, unit, value)
    pool4 = {"时效": w.TIMES, "社会": w.SOCIAL, "生态": w.ECOLOGY, "持续": w.LASTING}.get(kind)
    if pool4 is None:
        return _written(options, rng, l1, l2, rng.choice(("对周边环境影响", "社会负担")), ("", "可控", ""), "可控")
    choice = rng.choice(pool4)
    if len(choice) == 5:
        name, unit, low, high, sign = choice
        value = Decimal(rng.randint(int(low), int(high)))
        return _counted(options, rng, l1, l2, name, str(sign), value, unit, value)
    return _written(options, rng, l1, l2, choice[0], ("", choice[1], ""), choice[2])


SIGNS = {
    ">=": ("≥", "≥", "≥", "≧", ">=", "不低于", "大于等于", "不少于", ""),
    "<=": ("≤", "≤", "≤", "≦", "<=", "不超过", "小于等于", ""),
    "=": ("=", "=", "═", "", ""),
}


def _counted(
    options: Options, rng: Random, l1: str, l2: str, name: str, sign: str, value: Decimal, unit: str, actual: Decimal
) -> Indicator:
    relation = rng.choice(SIGNS[sign])
    text = f"{value:f}"
    draft = _written(options, rng, l1, l2, name, (relation, text, unit), "")
    if relation and unit != "次/月" and not options.unit_share and rng.random() < 0.12:
        draft.target = f"{relation}{value:.2f}({unit})"
        draft.value = f"{value:.2f}"
    draft.actual = f"{actual:f}{unit}" if rng.random() < 0.6 else f"{actual:f}"
    if rng.random() < 0.04:
        draft.actual = f"已完成{actual:f}{unit}"
    missed = (sign == ">=" and actual < value) or (sign == "<=" and actual > value)
    draft.deviation = "MISSED" if missed else ""
    return draft


def _written(
    options: Options, rng: Random, l1: str, l2: str, name: str, target: tuple[str, str, str], actual: str
) -> Indicator:
    relation, value, unit = target
    joined = relation + value + unit
    return Indicator(l1, l2, name, relation, value, unit, joined, actual, None, None, "", rng.choice(w.CRITERIA))


def plain(text: str) -> str:
    """A printed number without commas and full-width signs."""
    return narrow(text).replace(",", "")
