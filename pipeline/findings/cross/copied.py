"""Indicators and long texts copied unchanged from another year or another office (照抄).

Equal rows prove little where everybody writes 满意度 ≥95% 95%. What counts is how characteristic the equal actuals are:
the digits of numbers that are neither round nor common under many different names.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from pipeline.checks.model import Finding
from pipeline.checks.printed import plain
from pipeline.dataset.keys.names import squeezed
from pipeline.findings.cross.frame import Across, AllEvaluations, Filed, Related, about_office, telling_digits
from pipeline.findings.cross.stored_forms import StoredForms
from pipeline.unread import NO_YEAR
from schemas.decimals import HUNDRED
from schemas.records import Severity, Subject
from schemas.vocabulary import pattern

INDICATORS, TEXT = "copied_indicators", "copied_text"
MOST_SOURCES = 24
"""Of very many forms that share a row, so many earlier ones are looked at as its source."""
MOST_SHOWN = 6

_DIGITS = re.compile(r"\d")
_NUMBERS = pattern("number_but_year")
"""Numbers in a text, years aside."""


@dataclass(frozen=True, slots=True)
class ComparedIndicator:
    """One indicator as compared (一行指标): its three texts, and how characteristic its actual is."""

    ordinal: int
    key: tuple[str, str, str]
    digits: int
    """Characteristic digits of the actual."""
    met: bool
    """The actual is the target."""


Lines = Mapping[str, Sequence[ComparedIndicator]]
Texts = Mapping[str, Sequence[tuple[Subject, str]]]
"""Indicators to compare, and long texts, by evaluation."""


@dataclass(frozen=True, slots=True)
class _Match:
    source: Filed
    lines: tuple[tuple[ComparedIndicator, ComparedIndicator], ...]
    share: Decimal


def findings(frame: AllEvaluations, lines: Lines, texts: Texts, touched: AbstractSet[str] | None) -> Iterator[Across]:
    """Every form with enough indicators against the earlier form it has most rows in common with; then its texts.

    With `touched` only these are looked at, against everything.
    """
    yield from _copied_lines(frame, lines, touched)
    yield from _copied_texts(frame, texts, touched)


def related(frame: AllEvaluations, lines: Lines, texts: Texts, changed: AbstractSet[str]) -> set[str]:
    """The evaluations whose source `changed` may be, and those that share what has become common by them."""
    phrases = frame.rules.cross.boilerplate
    rows = {key: {line.key for line in found if line.digits} for key, found in lines.items()}
    bodies = {key: {_body(text, phrases) for _, text in found} for key, found in texts.items()}
    return {
        *_later(frame, rows, changed),
        *_later(frame, bodies, changed),
        *_now_common(lines, changed, frame.rules.cross.copied_names),
    }


def _later(
    frame: AllEvaluations, held: Mapping[str, AbstractSet[Hashable]], changed: AbstractSet[str]
) -> Iterator[str]:
    """Those that hold something that a changed one before them holds."""
    first: dict[Hashable, tuple[int, str, int]] = {}
    for key in changed & held.keys():
        for each in held[key]:
            first[each] = min(first.get(each, _order(frame.filed[key])), _order(frame.filed[key]))
    for key, found in held.items():
        met = found & first.keys()
        if met and _order(frame.filed[key]) > min(first[each] for each in met):
            yield key


def _now_common(lines: Lines, changed: AbstractSet[str], names: int) -> Iterator[str]:
    """Those with a target and actual that stand under so many names since `changed` came."""
    new = {line.key[1:] for key in changed for line in lines.get(key, ()) if line.digits}
    before: dict[tuple[str, ...], set[str]] = defaultdict(set)
    now: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for key, found in lines.items():
        for line in found:
            if line.key[1:] in new:
                now[line.key[1:]].add(line.key[0])
                if key not in changed:
                    before[line.key[1:]].add(line.key[0])
    common = {pair for pair in new if len(before[pair]) < names <= len(now[pair])}
    return (key for key, found in lines.items() if common and any(line.key[1:] in common for line in found))


def _order(one: Filed) -> tuple[int, str, int]:
    """Who copied from whom: the later year from the earlier, within a year any fixed order."""
    return one.year or 0, one.document.document_id, one.evaluation.ordinal


def _apart(frame: AllEvaluations, one: Filed, other: Filed) -> tuple[bool, float]:
    """Whether two forms are of different years or offices, and how alike their offices' names are."""
    alike = frame.alike(one, other)
    if one.office is None or other.office is None:
        return False, alike
    return bool(not alike or (one.year and other.year and one.year != other.year)), alike


# Indicators ---------------------------------------------------------------------------------------------------------

_COLUMNS = [
    "evaluation_id",
    "ordinal",
    "level3",
    "target_raw",
    "actual_raw",
    "target_value",
    "actual_value",
    "actual_unit",
    "deviation",
]


def read_lines(frame: AllEvaluations, stored: StoredForms) -> tuple[Lines, Texts]:
    """Indicators to compare, and long texts, by evaluation."""
    table = stored.dataset.read("indicators", _COLUMNS)
    lines: dict[str, list[ComparedIndicator]] = defaultdict(list)
    texts: dict[str, list[tuple[Subject, str]]] = defaultdict(list)
    for key, ordinal, name, target, actual, wanted, value, unit, reason in zip(
        *(table[column].to_pylist() for column in _COLUMNS), strict=True
    ):
        if key not in frame.filed:
            continue
        if name and actual:
            parts = (_same(name), _same(target or ""), _same(actual))
            lines[key].append(
                ComparedIndicator(ordinal, parts, telling_digits(value, unit), wanted is not None and wanted == value)
            )
        if reason and len(reason) >= frame.rules.cross.reason_length:
            texts[key].append((Subject("indicators", ordinal, "deviation"), reason))
    for key, one in frame.filed.items():
        for column in ("goal_expected", "goal_actual"):
            text = getattr(one.evaluation, column)
            if text and len(text) >= frame.rules.cross.text_length:
                texts[key].append((Subject("evaluations", one.evaluation.ordinal, column), text))
    for rows in lines.values():
        rows.sort(key=lambda line: line.ordinal)
    return lines, texts


@lru_cache(maxsize=65536)
def _same(text: str) -> str:
    """A cell as compared: blanks and marks aside, but not the decimal point."""
    return squeezed(text.replace(".", "点").replace("．", "点"))


def _copied_lines(frame: AllEvaluations, lines: Lines, touched: AbstractSet[str] | None) -> Iterator[Across]:
    rules = frame.rules.cross
    names: dict[tuple[str, str], set[str]] = defaultdict(set)
    for rows in lines.values():
        for line in rows:
            names[line.key[1:]].add(line.key[0])
    compared = {key: rows for key, rows in lines.items() if len(rows) >= rules.copied_rows}
    by_text = {key: ({line.key: line for line in rows}, len(rows)) for key, rows in compared.items()}
    owners: dict[tuple[str, str, str], list[Filed]] = defaultdict(list)
    for one in sorted((frame.filed[key] for key in compared), key=_order):
        rows = compared[one.evaluation.evaluation_id]
        telling = [line for line in rows if line.digits and len(names[line.key[1:]]) < rules.copied_names]
        looked_at = touched is None or one.evaluation.evaluation_id in touched
        match = _best(frame, one, rows, telling, owners, by_text) if looked_at else None
        if match is not None:
            yield _copied(frame, one, rows, match, {line.key for line in telling})
        for line in telling:
            owners[line.key].append(one)


def _best(
    frame: AllEvaluations,
    one: Filed,
    rows: Sequence[ComparedIndicator],
    telling: Iterable[ComparedIndicator],
    owners: Mapping[tuple[str, str, str], Sequence[Filed]],
    compared: Mapping[str, tuple[Mapping[tuple[str, str, str], ComparedIndicator], int]],
) -> _Match | None:
    """The earlier form of another year or office with most rows in common; of equal ones, the same office's.

    `compared` are the rows of each form by their texts, and how many there are.
    """
    sources = {
        other.evaluation.evaluation_id: other
        for line in telling
        for other in [*owners.get(line.key, ())[:MOST_SOURCES], *owners.get(line.key, ())[-MOST_SOURCES:]]
    }
    best: tuple[tuple[int, float], _Match] | None = None
    for key, other in sources.items():
        apart, alike = _apart(frame, one, other)
        if not apart:
            continue
        theirs, count = compared[key]
        equal = tuple((line, theirs[line.key]) for line in rows if line.key in theirs)
        match = _Match(other, equal, Decimal(len(equal)) / max(len(rows), count))
        rank = (len(equal), alike)
        if best is None or rank > best[0]:
            best = (rank, match)
    return best[1] if best else None


def _copied(
    frame: AllEvaluations,
    one: Filed,
    rows: Sequence[ComparedIndicator],
    match: _Match,
    telling: Collection[tuple[str, str, str]],
) -> Across:
    rules, source = frame.rules.cross, match.source
    alike = frame.alike(one, source)
    equal = [line for line, _ in match.lines if line.key in telling]
    # the same office may plan the same again and meet it exactly; that is no copy
    digits = sum(line.digits for line in equal if not (alike and line.met))
    whole = sum(line.digits for line in equal)
    places = tuple(
        Related(filed.key, Subject("indicators", line.ordinal, "actual_value"), whose)
        for pair in sorted(match.lines, key=lambda pair: -pair[0].digits)[:MOST_SHOWN]
        for filed, line, whose in zip((one, source), pair, _whose(one, source), strict=True)
    )
    share = f"{plain((match.share * HUNDRED).quantize(Decimal('0.1')))}%"
    all_of_them = len(match.lines) == len(rows)
    some, equally = ("", "全部相同") if all_of_them else (f"中有{len(match.lines)}项", f"完全相同，占{share}")
    about = f"{_called(one)}的{len(rows)}项指标{some}的名称、指标值、实际完成值与{_called(source)}{equally}"
    doubt = about_office(one, source, alike) if alike else ""
    strong = digits >= rules.copied_digits
    if match.share < rules.copied_share or not (strong or (whole >= rules.copied_digits and match.share == 1)):
        note = "，不算照抄" if match.share < rules.copied_share else "，但多为整数、常见值，可能是巧合"
        return Across(INDICATORS, one.key, Finding("consistent", f"{about}{note}{doubt}。"), places)
    severity: Severity | None = None if strong else "info"
    if not alike and one.project and one.project == source.project and one.year == source.year:
        severity, doubt = "info", "；项目与年度相同，可能是同一自评由两个单位分别公开"
    detail = (
        "，其中不是整数、常见值的数字较多，巧合的可能很小" if strong else "，实际完成值又都等于指标值，可能是年年相同"
    )
    return Across(
        INDICATORS,
        one.key,
        Finding("inconsistent", f"{about}{detail}{doubt}。", reported=share, severity=severity),
        places,
    )


def _called(one: Filed) -> str:
    """“设备购置”（云岭县教育局，2022年）."""
    return f"“{one.name}”（{one.owner}，{f'{one.year}年' if one.year else NO_YEAR}）"


def _whose(one: Filed, source: Filed) -> tuple[str, str]:
    if one.year and source.year and one.year != source.year:
        return f"{one.year}年", f"{source.year}年"
    return one.owner, source.owner


# Long texts ---------------------------------------------------------------------------------------------------------


def _copied_texts(frame: AllEvaluations, texts: Texts, touched: AbstractSet[str] | None) -> Iterator[Across]:
    rules = frame.rules.cross
    known: dict[str, list[tuple[Filed, Subject]]] = defaultdict(list)
    bodies = {
        key: [(subject, text, _body(text, rules.boilerplate)) for subject, text in rows] for key, rows in texts.items()
    }
    owners: dict[str, set[object]] = defaultdict(set)
    for key, rows in bodies.items():
        office = frame.filed[key].office
        for _, _, body in rows:
            owners[_DIGITS.sub("", body)].add(office.identity if office else key)
    for one in sorted((frame.filed[key] for key in bodies), key=_order):
        found: dict[str, list[tuple[Subject, Subject, str]]] = {}
        rows = bodies[one.evaluation.evaluation_id]
        looked_at = touched is None or one.evaluation.evaluation_id in touched
        for subject, text, body in rows if looked_at else ():
            least = rules.reason_length if subject.column == "deviation" else rules.text_length
            # a wording that many share, with figures filled in, may be equal by chance
            shared = len(owners[_DIGITS.sub("", body)]) >= rules.text_owners
            general = shared and _digits_of(text) < rules.copied_digits
            if len(body) < least or general:
                continue
            for other, theirs in known[body][-MOST_SOURCES:]:
                apart, alike = _apart(frame, one, other)
                # what an office wants to reach may well be the same every year
                standing = alike and "goal_expected" in (subject.column, theirs.column)
                pairs = found.setdefault(other.evaluation.evaluation_id, [])
                if apart and not standing and all(subject != mine and theirs != its for mine, its, _ in pairs):
                    pairs.append((subject, theirs, text))
        found = {key: pairs for key, pairs in found.items() if pairs}
        if found:
            source = max(found, key=lambda key: (len(found[key]), frame.alike(one, frame.filed[key]), key))
            yield _same_text(frame, one, frame.filed[source], found[source])
        for subject, _, body in rows:
            known[body].append((one, subject))


def _body(text: str, boilerplate: Iterable[str]) -> str:
    body = _same(text)
    for phrase in boilerplate:
        body = body.replace(_same(phrase), "")
    return body


def _digits_of(text: str) -> int:
    """Characteristic digits of the numbers in a text."""
    return sum(telling_digits(Decimal(found[1].replace(",", "")), found[2]) for found in _NUMBERS.finditer(text))


def _telling(frame: AllEvaluations, texts: Sequence[str]) -> bool:
    """Whether equal texts are more than the same phrases: by the numbers in them, or by their length."""
    digits = sum(map(_digits_of, texts))
    bodies = {_body(text, frame.rules.cross.boilerplate) for text in texts}
    length = sum(map(len, bodies))
    return digits >= frame.rules.cross.text_digits or length >= frame.rules.cross.text_sure


def _same_text(
    frame: AllEvaluations, one: Filed, source: Filed, found: Sequence[tuple[Subject, Subject, str]]
) -> Across:
    alike = frame.alike(one, source)
    doubt = about_office(one, source, alike) if alike else ""
    severity: Severity | None = None if _telling(frame, [text for _, _, text in found]) else "info"
    if not alike and one.project and one.project == source.project and one.year == source.year:
        severity, doubt = "info", "；项目与年度相同，可能是同一自评由两个单位分别公开"
    longest = max((text for _, _, text in found), key=len)
    places = tuple(
        Related(filed.key, subject, whose)
        for mine, theirs, _ in found[:MOST_SHOWN]
        for filed, subject, whose in zip((one, source), (mine, theirs), _whose(one, source), strict=True)
    )
    length = f"（{len(longest)}字）" if len(found) == 1 else f"（最长的{len(longest)}字）"
    message = f"{_called(one)}有{len(found)}段文字{length}与{_called(source)}一字不差{doubt}。"
    return Across(TEXT, one.key, Finding("inconsistent", message, severity=severity), places)
