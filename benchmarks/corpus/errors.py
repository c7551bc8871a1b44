"""Planted errors: one printed cell is changed so that the printed numbers contradict each other."""

from __future__ import annotations

import copy
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

from benchmarks.corpus.facts import grade_of, money, rate_text, show
from benchmarks.corpus.model import FACTORS, MONEY, Facts, Fund, number, rounded

Planted = dict[str, Any]
Hundred = Decimal(100)
UNFUNDED = ("points_sum", "score_total", "score_over_points", "grade")


def interval(text: str | None) -> tuple[Decimal, Decimal] | None:
    """All values that round to a printed number."""
    value = number(text)
    if value is None or text is None:
        return None
    half = Decimal(1).scaleb(int(value.as_tuple().exponent)) / 2
    return value - half, value + half


def contradictions(facts: Facts) -> list[str]:
    """The rules the printed numbers break, by their intervals."""
    broken = [*_sum_rules(facts), *_rate_rules(facts), *_score_rules(facts)]
    score = number(facts.total_score)
    if (
        facts.grade
        and facts.options.grade
        and score is not None
        and facts.grade != grade_of(score, facts.options.grade)
    ):
        broken.append("grade")
    return broken


def _sum_rules(facts: Facts) -> list[str]:
    out = []
    parts = [f for f in facts.funding if f.role == "component"]
    for column in facts.options.columns:
        total = interval(facts.funding[0].printed.get(column)) if facts.funding else None
        if total is None or not parts:
            continue
        ranges = [r for f in parts if (r := interval(f.printed.get(column))) is not None]
        low, high = sum((r[0] for r in ranges), Decimal(0)), sum((r[1] for r in ranges), Decimal(0))
        if ranges and (low > total[1] or high < total[0]):
            out.append(f"sum {column}")
    return out


def _rate_rules(facts: Facts) -> list[str]:
    out = []
    for fund in facts.funding:
        base, done = interval(fund.printed.get(facts.options.base)), interval(fund.printed.get("executed"))
        rate = interval(fund.printed.get("rate"))
        if base is None or done is None or rate is None or fund.printed.get("rate") == "0.00":
            continue
        scale = Decimal(1) if facts.options.rate.startswith("ratio") else Hundred
        if base[0] <= 0:
            continue
        if done[0] / base[1] * scale > rate[1] or done[1] / base[0] * scale < rate[0]:
            out.append(f"rate {fund.label}")
    return out


def _score_rules(facts: Facts) -> list[str]:
    out = []
    points = [number(i.points) for i in facts.indicators if i.points is not None]
    scores = [number(i.score) for i in facts.indicators if i.score is not None]
    head = facts.funding[0].printed if facts.funding else {}
    share, full, got = interval(head.get("rate")), number(head.get("points")), interval(head.get("score"))
    if share and full is not None and got:
        scale = Decimal(1) if facts.options.rate.startswith("ratio") else Hundred
        low, high = (min(full, full * s / scale) for s in share)
        if low > got[1] or high < got[0]:
            out.append("execution score")
    if full is not None:
        points.append(full)
    if "score" in head:
        scores.append(number(head["score"]))
    clean = [p for p in points if p is not None]
    if facts.total_points and clean and sum(clean, Decimal(0)) != number(facts.total_points):
        out.append("points")
    got_all = [s for s in scores if s is not None]
    if facts.total_score and got_all and sum(got_all, Decimal(0)) != number(facts.total_score):
        out.append("total")
    out += ["over points" for i in facts.indicators if (number(i.score) or 0) > (number(i.points) or Hundred)]
    return out


def plant(facts: Facts, rng: Random, count: int, kinds: tuple[str, ...] | None = None) -> None:
    """Plant up to `count` errors of different kinds and on different cells, each a contradiction of its own."""
    pool = list(kinds or PLANTERS)
    rng.shuffle(pool)
    touched: set[object] = set()
    for kind in pool:
        if len(facts.injected) >= count:
            return
        if not facts.funding and kind not in UNFUNDED:
            continue
        before, saved = set(contradictions(facts)), copy.deepcopy(facts)
        planted = PLANTERS[kind](facts, rng)
        stale = facts.total_score != saved.total_score and any(i["column"] == "total_score" for i in facts.injected)
        cell = planted and tuple(planted["cell"][k] for k in ("table", "row", "column"))
        if planted and not stale and cell not in touched and set(contradictions(facts)) - before:
            touched.add(cell)
            facts.injected.append({"kind": kind, **planted})
            continue
        _restore(facts, saved)


def _restore(facts: Facts, saved: Facts) -> None:
    for name in facts.__slots__:
        setattr(facts, name, getattr(saved, name))


def _money_cell(facts: Facts, rng: Random, least: int = 3) -> tuple[Fund, str, str] | None:
    cells = [
        (f, c, f.printed[c])
        for f in facts.funding
        for c in facts.options.columns
        if c in f.printed
        and (value := number(f.printed[c])) is not None
        and value > 0
        and len(f"{value:f}".replace(".", "")) >= least
    ]
    return rng.choice(cells) if cells else None


def _change(facts: Facts, fund: Fund, column: str, new: str) -> Planted | None:
    """Change a money cell; the numbers are what a message about it can name."""
    old = fund.printed[column]
    if number(new) == number(old):
        return None
    fund.printed[column] = new
    total = facts.funding[0].printed.get(column, "")
    parts = sum((number(f.printed.get(column)) or Decimal(0) for f in facts.funding[1:]), Decimal(0))
    numbers = [new, old, total, f"{parts:f}"]
    unit = facts.options.unit
    if unit not in ("元", "万元"):
        factor = FACTORS[unit] / FACTORS["万元"]
        numbers += [f"{(v * factor).normalize():f}" for n in numbers if (v := number(n)) is not None]
    cell = {"table": "funding", "row": fund.label, "column": column, "printed": new, "truth": old}
    return {"numbers": [n for n in dict.fromkeys(numbers) if n], "column": column, "truth": old, "cell": cell}


def _reprint(facts: Facts, value: Decimal, like: str) -> str:
    """`value` (in the printed unit) printed with the decimals of `like`."""
    shown = number(like) or Decimal(0)
    places = max(-int(shown.as_tuple().exponent), 0)
    suffix = facts.options.unit if like.endswith("元") else ""
    return f"{rounded(value, places):f}{suffix}"


def _funding_sum(facts: Facts, rng: Random) -> Planted | None:
    if len(facts.funding) < 2 or not (found := _money_cell(facts, rng)):
        return None
    _, column, _ = found
    fund = facts.funding[0]
    value = number(fund.printed[column])
    if value is None or value <= 0:
        return None
    share = Decimal(rng.choice((-400, -150, 90, 120, 350))) / 10000
    return _change(facts, fund, column, _reprint(facts, value * (1 + share), fund.printed[column]))


def _digits(change: Callable[[str, Random], str | None], least: int) -> Callable[[Facts, Random], Planted | None]:
    def planter(facts: Facts, rng: Random) -> Planted | None:
        if not (found := _money_cell(facts, rng, least)):
            return None
        fund, column, old = found
        plain = f"{number(old):f}"
        new = change(plain, rng)
        if new is None or new == plain:
            return None
        return _change(facts, fund, column, new + (facts.options.unit if old.endswith("元") else ""))

    return planter


def _transpose(text: str, rng: Random) -> str | None:
    spots = [k for k in range(len(text) - 1) if text[k] != text[k + 1] and "." not in text[k : k + 2]]
    spots = [k for k in spots if not (k == 0 and text[1] == "0")]
    if not spots:
        return None
    k = rng.choice(spots)
    return text[:k] + text[k + 1] + text[k] + text[k + 2 :]


def _double(text: str, rng: Random) -> str | None:
    k = rng.choice([k for k, c in enumerate(text.split(".")[0]) if c != "."])
    return text[:k] + text[k] + text[k:]


def _drop(text: str, rng: Random) -> str | None:
    whole = text.split(".")[0]
    if len(whole) < 3:
        return None
    k = rng.randrange(1, len(whole))
    return text[:k] + text[k + 1 :]


def _drop_point(text: str, rng: Random) -> str | None:
    return text.replace(".", "") if "." in text else None


def _sign(text: str, rng: Random) -> str | None:
    return "-" + text


def _unit_slip(facts: Facts, rng: Random) -> Planted | None:
    if facts.options.unit not in ("元", "万元") or facts.options.money_style in ("unit", "yuan"):
        return None
    if not (found := _money_cell(facts, rng)):
        return None
    fund, column, _ = found
    other = "元" if facts.options.unit == "万元" else "万元"
    return _change(facts, fund, column, f"{rounded(fund.exact[column] / FACTORS[other], 2):f}")


def _neighbour_row(facts: Facts, rng: Random) -> Planted | None:
    if len(facts.funding) < 3 or not (found := _money_cell(facts, rng)):
        return None
    fund, column, _ = found
    other = rng.choice([f for f in facts.funding[1:] if f is not fund])
    new = other.printed.get(column, "")
    return _change(facts, fund, column, new) if number(new) is not None and fund.role == "component" else None


def _neighbour_column(facts: Facts, rng: Random) -> Planted | None:
    if not (found := _money_cell(facts, rng)):
        return None
    fund, column, _ = found
    others = [c for c in facts.options.columns if c != column and number(fund.printed.get(c)) is not None]
    return _change(facts, fund, column, fund.printed[rng.choice(others)]) if others else None


def _missing_part(facts: Facts, rng: Random) -> Planted | None:
    live = [f for f in facts.funding[1:] if (number(f.printed.get("executed")) or 0) > 0]
    if len(live) < 2 or len(facts.funding) < 4:
        return None
    gone = rng.choice(live[:-1])
    column = next(c for c in facts.options.columns if (number(gone.printed.get(c)) or 0) > 0)
    if gone is facts.funding[1]:
        return None
    facts.funding.remove(gone)
    total = facts.funding[0].printed[column]
    parts = sum((number(f.printed.get(column)) or Decimal(0) for f in facts.funding[1:]), Decimal(0))
    cell = {"table": "funding", "row": gone.label, "column": column, "printed": None, "truth": gone.printed[column]}
    return {"numbers": [total, f"{parts:f}"], "column": column, "truth": gone.printed[column], "cell": cell}


def _total_zero(facts: Facts, rng: Random) -> Planted | None:
    column = rng.choice([c for c in facts.options.columns if c in MONEY])
    fund = facts.funding[0]
    if len(facts.funding) < 2 or not number(fund.printed[column]):
        return None
    planted = _change(facts, fund, column, _reprint(facts, Decimal(0), fund.printed[column]))
    if planted:
        planted["numbers"] = [n for n in planted["numbers"] if number(n)]
    return planted


def _last_year(facts: Facts, rng: Random) -> Planted | None:
    column = rng.choice([c for c in facts.options.columns if c in MONEY])
    fund = facts.funding[0]
    if len(facts.funding) < 2 or not fund.exact[column]:
        return None
    factor = Decimal(rng.randint(70, 130)) / 100
    return _change(facts, fund, column, money(fund.exact[column] * factor, facts.options, rng))


def _cell(fund_row: str, column: str, printed: str, truth: str, table: str = "funding") -> dict[str, str]:
    return {"table": table, "row": fund_row, "column": column, "printed": printed, "truth": truth}


def _execution_rate(facts: Facts, rng: Random) -> Planted | None:
    fund = facts.funding[0]
    if number(fund.printed.get("rate")) is None or not fund.exact[facts.options.base]:
        return None
    right = fund.printed["rate"]
    value = fund.exact["executed"] / fund.exact[facts.options.base]
    new = rate_text(value + Decimal(rng.choice((-13, -6, -3, 4, 9))) / 100, facts.options.rate)
    return _rate(facts, new, right)


def _rate_base(facts: Facts, rng: Random) -> Planted | None:
    fund = facts.funding[0]
    others = [
        c for c in facts.options.columns if c not in (facts.options.base, "executed", "arrived") and fund.exact[c]
    ]
    if number(fund.printed.get("rate")) is None or not others:
        return None
    new = rate_text(fund.exact["executed"] / fund.exact[others[0]], facts.options.rate)
    return _rate(facts, new, fund.printed["rate"])


def _rate(facts: Facts, new: str, right: str) -> Planted | None:
    if number(new) == number(right) or (number(new) or 0) <= 0:
        return None
    fund = facts.funding[0]
    fund.printed["rate"] = new
    scale = 100 if facts.options.rate.startswith("ratio") else 1
    numbers = [f"{(number(t) or Decimal(0)) * scale:f}" for t in (new, right)]
    return {"numbers": numbers, "column": "rate", "truth": right, "cell": _cell(fund.label, "rate", new, right)}


def _execution_score(facts: Facts, rng: Random) -> Planted | None:
    fund = facts.funding[0]
    right = number(fund.printed.get("score"))
    if right is None or facts.options.execution_points is None or not facts.options.rate:
        return None
    new = right + rng.choice((Decimal(-2), Decimal("-1.5"), Decimal("1.5")))
    if not 0 < new <= facts.options.execution_points:
        return None
    text, old = f"{new:f}", fund.printed["score"]
    fund.printed["score"] = text
    return {"numbers": [text, old], "column": "score", "truth": old, "cell": _cell(fund.label, "score", text, old)}


def _points_sum(facts: Facts, rng: Random) -> Planted | None:
    if not facts.total_points or not facts.indicators:
        return None
    row = rng.choice(facts.indicators)
    value = number(row.points)
    if value is None:
        return None
    old = row.points or ""
    row.points = show(value + rng.choice((1, 2, 3, 5)), facts.options.point_format)
    points = [number(i.points) or Decimal(0) for i in facts.indicators]
    if (extra := number(facts.funding[0].printed.get("points")) if facts.funding else None) is not None:
        points.append(extra)
    numbers = [f"{sum(points, Decimal(0)):f}", facts.total_points]
    cell = _cell(row.l3, "points", row.points, old, "indicators")
    return {"numbers": numbers, "column": "points", "truth": old, "cell": cell}


def _score_total(facts: Facts, rng: Random) -> Planted | None:
    value = number(facts.total_score)
    if value is None or facts.total_score is None:
        return None
    old = facts.total_score
    new = value + rng.choice((Decimal(-3), Decimal("-1.2"), Decimal("0.9"), Decimal(2)))
    if not 60 <= new <= 100:
        return None
    facts.total_score = f"{new:f}"
    cell = _cell("总分", "total_score", facts.total_score, old, "evaluations")
    return {"numbers": [facts.total_score, old], "column": "total_score", "truth": old, "cell": cell}


def _without_execution(facts: Facts, rng: Random) -> Planted | None:
    score = number(facts.funding[0].printed.get("score")) if facts.funding else None
    value = number(facts.total_score)
    if not score or value is None or facts.total_score is None:
        return None
    old, facts.total_score = facts.total_score, f"{value - score:f}"
    if facts.grade and facts.options.grade:
        facts.grade = grade_of(value - score, facts.options.grade)
    cell = _cell("总分", "total_score", facts.total_score, old, "evaluations")
    return {"numbers": [facts.total_score, old], "column": "total_score", "truth": old, "cell": cell}


def _over_points(facts: Facts, rng: Random) -> Planted | None:
    rows = [i for i in facts.indicators if number(i.points) and i.score]
    if not rows:
        return None
    row = rng.choice(rows)
    old, points = row.score or "", number(row.points) or Decimal(0)
    row.score = show(points + 1, facts.options.point_format)
    if facts.total_score:
        facts.total_score = f"{(number(facts.total_score) or Decimal(0)) + points + 1 - (number(old) or Decimal(0)):f}"
    numbers = [row.score, row.points or ""]
    cell = _cell(row.l3, "score", row.score, old, "indicators")
    return {"numbers": numbers, "column": "score", "truth": old, "cell": cell}


def _grade(facts: Facts, rng: Random) -> Planted | None:
    words = (facts.options.grade or "").split("/")
    if not facts.grade or not facts.total_score or len(words) < 4:
        return None
    old = facts.grade
    facts.grade = rng.choice([word for word in words[:3] if word != old])
    cell = _cell("评分等级", "grade", facts.grade, old, "evaluations")
    return {"numbers": [facts.total_score], "column": "grade", "truth": old, "cell": cell}


PLANTERS: dict[str, Callable[[Facts, Random], Planted | None]] = {
    "funding_sum": _funding_sum,
    "points_sum": _points_sum,
    "execution_rate": _execution_rate,
    "unit_slip": _unit_slip,
    "execution_score": _execution_score,
    "score_total": _score_total,
    "transposed": _digits(_transpose, 4),
    "score_over_points": _over_points,
    "grade": _grade,
    "doubled_digit": _digits(_double, 2),
    "dropped_digit": _digits(_drop, 4),
    "dropped_point": _digits(_drop_point, 3),
    "wrong_sign": _digits(_sign, 2),
    "neighbour_row": _neighbour_row,
    "neighbour_column": _neighbour_column,
    "missing_part": _missing_part,
    "total_zero": _total_zero,
    "total_last_year": _last_year,
    "rate_base": _rate_base,
    "total_without_execution": _without_execution,
}
