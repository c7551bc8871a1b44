"""Labels and their values: `项目名称 | X`, `填报日期：2023-06-10`, `预算编码 404010` (标签与值)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import regex

from parsers.interpret.concepts import HEAD_KEYS
from parsers.interpret.rows import Row, Slot
from parsers.interpret.titles import is_office
from schemas.lexicon import Lexicon, normalise, squeeze
from schemas.quantities import parse_money, parse_points
from schemas.units import is_money_unit
from schemas.vocabulary import pattern
from schemas.vocabulary import words as listed

_LABEL = regex.compile(r"([\p{Han}A-Za-z/、]{1,14}(?:[(（][^()（）]{0,8}[)）])?[\p{Han}]{0,6})\s*[:：]")
_BRACKETED = regex.compile(r"[(（][^()（）]{0,12}[)）]")
_SPACED_LABEL = regex.compile(r"(?<!\p{Han})(?:\p{Han}[ \u3000]){2,7}\p{Han}(?=\s*[:：])")
"""A label printed with a blank behind each character: 预 算 编 码：."""
_SPACED_KEYS = frozenset(
    {"project_name", "department", "unit", "budget_code", "report_date", "grade", "period_start", "period_end"}
)
_LONE_BAR = regex.compile(r"\s[|｜](?=\s)")
_DAY = pattern("calendar_day")
_YEAR_ALONE = pattern("year_alone")
_OFFICES = frozenset({"unit", "department"})
_NEXT_LABEL = regex.compile(r"\s+(?=\p{Han}{2,6}\s?[:：])")
_BOXES = pattern("boxes")
_NAMES_SCORE = pattern("score_name")
_NAME = regex.compile(r"(?=.*\p{Han}{2})[^。；;：:|]{4,60}")
_COLONS = ":："
_WITHIN_WORDS = regex.compile(r"\p{Han}\p{Han}")
_UNIT_SAID = pattern("unit_said")
_LONGEST_GLUED = 10
_STROKE = regex.compile(r"[/／]")
_INLINE_AMOUNT = regex.compile(r"^(?P<label>[^:：]{2,40})[:：](?P<value>[^:：]*)$")


@dataclass(frozen=True, slots=True)
class LabelledValue:
    """A label whose concept is known, and what stands beside it (None where the place is empty)."""

    concept: str
    label: str
    value: str | None
    slots: tuple[Slot, ...] = ()


def row_pairs(row: Row, lexicon: Lexicon) -> list[LabelledValue]:
    """The label/value pairs of a row: a label cell takes the next filled cell that is not a label itself."""
    pairs: list[LabelledValue] = []
    filled = row.filled
    index = 0
    while index < len(filled):
        slot = filled[index]
        concept = lexicon.key(slot.text) or _bare_concept(filled[index:], lexicon)
        if concept is None and index + 1 < len(filled) and (parts := _two_in_one(slot, filled[index + 1], lexicon)):
            pairs.extend(parts)
            index += 2
            continue
        if concept is None:
            pairs.extend(
                LabelledValue(p.concept, p.label, p.value, (slot,))
                for p in inline_pairs(slot.cell.text, lexicon)
                if p.value
            )
            index += 1
            continue
        following = filled[index + 1] if index + 1 < len(filled) else None
        if following is None or (lexicon.key(following.text) and not _adjacent_value(slot, following, row, lexicon)):
            pairs.append(LabelledValue(concept, slot.text, None, (slot,)))
            index += 1
        else:
            if not (concept == "unit" and is_money_unit(following.text)):
                pairs.append(LabelledValue(concept, slot.text, following.cell.text.strip(), (following,)))
            index += 2
    if filled and squeeze(filled[0].text).rstrip(_COLONS) in listed("publication_label"):
        pairs = [pair for pair in pairs if pair.concept not in _OFFICES]  # 索引号 | … | 部门： | 财政局: who published
    return [_signed(pair) for pair in (*pairs, *_year_between(filled, pairs))]


def _year_between(filled: Sequence[Slot], pairs: Sequence[LabelledValue]) -> list[LabelledValue]:
    """The year that stands alone in a row of cells with their labels inside: 填报单位：甲局 | 2023年 | 单位：万元."""
    others = [slot for slot in filled if not _YEAR_ALONE.fullmatch(slot.text)]
    years = [slot for slot in filled if slot not in others]
    if len(years) != 1 or not pairs or any(_INLINE_AMOUNT.match(slot.text) is None for slot in others):
        return []
    return [LabelledValue("fiscal_year", "", years[0].text, (years[0],))]


def _signed(pair: LabelledValue) -> LabelledValue:
    """A day behind the label of an office (项目单位（盖章） 2020年7月16日) is when the form was signed, not a name."""
    day = pair.concept in _OFFICES and bool(pair.value) and _DAY.fullmatch(squeeze(pair.value or ""))
    return replace(pair, concept="report_date") if day else pair


def _bare_concept(cells: Sequence[Slot], lexicon: Lexicon) -> str | None:
    """项目 alone is the label of a name where the label behind its value is an office's (项目 | 甲 | 预算单位 | 乙)."""
    beside = lexicon.key(cells[2].text) if len(cells) > 3 else None
    return "project_name" if beside in _OFFICES and cells[0].text in listed("bare_project") else None


def is_unknown_label(slot: Slot, lexicon: Lexicon) -> bool:
    """Whether a cell is a label by its colon, of which the lexicon knows nothing (申报口径：)."""
    return slot.text.endswith((":", "：")) and lexicon.key(slot.text) is None


def _two_in_one(label: Slot, value: Slot, lexicon: Lexicon) -> list[LabelledValue]:
    """Two labels in one cell and their values in the next: 项目实施单位/项目负责人 | 某农技中心/王某."""
    labels = _STROKE.split(label.text)
    values = _STROKE.split(value.text)
    concepts = [lexicon.key(text) for text in labels]
    if len(labels) < 2 or len(values) > len(labels) or not all(concepts):
        return []
    found = zip(concepts, labels, values, strict=False)
    return [LabelledValue(concept, text, part or None, (value,)) for concept, text, part in found if concept]


def _adjacent_value(label: Slot, value: Slot, row: Row, lexicon: Lexicon) -> bool:
    """A value may look like a label (an office called 合计?): only grades and totals are allowed to."""
    return lexicon.key(label.text) in {"grade"} and value.text in lexicon.grades


def inline_pairs(text: str, lexicon: Lexicon) -> list[LabelledValue]:
    """Pairs inside one text: `填表人：李某 填报日期：2023-06-10`; a value ends where the next known label begins."""
    if len(text) > 400:
        return []
    text = _BRACKETED.sub(lambda match: squeeze(match[0]), text)
    text = _SPACED_LABEL.sub(lambda match: squeeze(match[0]), text)
    text = _UNIT_SAID.sub(" ", text)
    labels = _LABEL.finditer(text) if ":" in text or "：" in text else ()  # without one the search is long, and in vain
    marks = [
        (match.start(1) + (begun := _start_of_label(match[1])), match.end(), match[1][begun:], concept)
        for match in labels
        if (concept := _label_concept(match[1], lexicon))
    ]
    pairs = []
    for position, (_, value_start, label, concept) in enumerate(marks):
        value_end = marks[position + 1][0] if position + 1 < len(marks) else len(text)
        # A label longer than any begins somewhere in the value before it: where, nothing tells.
        whole = text.startswith(listed("label_behind_value"), value_end)
        torn = not whole and _WITHIN_WORDS.match(text, value_end - 1) is not None
        field = "" if torn else text[value_start:value_end].strip()
        if concept in _OFFICES:
            field, day = _without_time(field)
            if day and concept == "unit":
                pairs.append(LabelledValue("report_date", squeeze(label), day))
        value = field if concept == "grade" and _BOXES.search(field) else _first_field(field)
        glued = _glued_office(value, lexicon)
        value = "" if glued is not None or _begins_with_label(value, lexicon) else value
        pairs.append(LabelledValue(concept, squeeze(label), value or None))
        pairs.extend([glued] if glued is not None else [])
        pairs.extend(_spaced_pairs(field[len(value) :], lexicon))
    pairs = pairs or _spaced_pairs(text, lexicon)
    # 单位：万元 states a unit of money, not an office.
    named = [pair for pair in pairs if not (pair.concept == "unit" and pair.value and _states_money(pair.value))]
    return [_signed(pair) for pair in named]


def _start_of_label(printed: str) -> int:
    """Where in the text before a colon a label that is surely whole begins: …专项资金是否为专项资金：."""
    plain = squeeze(printed)
    starts = (plain.find(word) for word in listed("label_behind_value") if plain.endswith(word))
    return next(starts, 0) if plain == printed else 0


def _glued_office(value: str, lexicon: Lexicon) -> LabelledValue | None:
    """The label of an office and its name with nothing between, behind an empty place: 实施(主管)单位某县法院."""
    for size in range(min(len(value), _LONGEST_GLUED), 0, -1):
        label, name = value[:size], value[size:]
        if lexicon.whole_key(label) in _OFFICES and is_office(name):
            return LabelledValue(lexicon.whole_key(label) or "", label, name)
    return None


def _begins_with_label(value: str, lexicon: Lexicon) -> bool:
    """Whether a place is empty, and another label with its value follows: 是否专项： 实施单位 某局."""
    label, _, rest = value.partition(" ")
    return bool(rest) and lexicon.key(label) in _SPACED_KEYS


def value_below(label: str, text: str, lexicon: Lexicon) -> LabelledValue | None:
    """The value of a label that stands alone in the line above: 项目名称 above 信访维稳经费; None where it is none."""
    plain, value = squeeze(label).rstrip(_COLONS), squeeze(text)
    concept = lexicon.whole_key(plain)
    if concept not in HEAD_KEYS or lexicon.key(value) or lexicon.column(value):
        return None
    named = _NAME.fullmatch(value) is not None if concept == "project_name" else is_office(value)
    return LabelledValue(concept, plain, value) if named else None


def _without_time(field: str) -> tuple[str, str]:
    """The name of an office without the year or day printed behind it, and the day (某站  2024年2月6日)."""
    for gap in regex.finditer(r"\s+", field):
        behind = squeeze(field[gap.end() :])
        if _DAY.fullmatch(behind) or _YEAR_ALONE.fullmatch(behind):
            return field[: gap.start()], field[gap.end() :] if _DAY.fullmatch(behind) else ""
    return field, ""


def _states_money(value: str) -> bool:
    """Whether a value begins with a unit of money (万元的分项为…); 元 alone may begin the name of a place."""
    return is_money_unit(value) or any(is_money_unit(value[:length]) for length in (2, 3))


def _label_concept(label: str, lexicon: Lexicon) -> str | None:
    """The concept of a label, trying shorter ends (`…  填报日期` may have words before it)."""
    plain = squeeze(label)
    if plain.endswith(listed("publication_label")):
        return None
    for start in range(max(len(plain) - 1, 1)):
        if plain[:start].endswith(listed("not_label_lead")):
            continue
        if start and plain[start:] in listed("only_whole_label"):
            continue
        concept = lexicon.key(plain[start:])
        if concept and concept not in {"note", "total"}:
            return concept
        if concept == "total" and start == 0:
            return concept
    return None


def _first_field(value: str) -> str:
    """The value up to a wide gap, a line end or another label that starts something else."""
    first = regex.split(r"\s{2,}|\t|\n", value.strip(), maxsplit=1)[0]
    return _NEXT_LABEL.split(first, maxsplit=1)[0].strip(" ，,；;。")


def _spaced_pairs(text: str, lexicon: Lexicon) -> list[LabelledValue]:
    """`部门(单位)名称 某某中心   开始时间 2022.01`: labels and values with only blanks, or a bar, between."""
    words = _whole_names(_LONE_BAR.sub(" ", text).split())
    pairs = []
    for label, value in pairwise(words):
        concept = lexicon.key(label)
        known = concept in _SPACED_KEYS or (concept == "total" and _states_score(label, value))
        if known and concept is not None and lexicon.key(value) is None:
            pairs.append(LabelledValue(concept, squeeze(label), value.strip(" ，,；;。") or None))
    return pairs if len(words) <= 12 else []


def _states_score(label: str, value: str) -> bool:
    """Whether a label of a total names a score (no bare 合计), and its value is one: 自评得分    97分."""
    return _NAMES_SCORE.search(label) is not None and parse_points(value) is not None


def _whole_names(words: list[str]) -> list[str]:
    """Names printed with a blank between their characters (优 抚) made whole."""
    whole: list[str] = []
    spaced_before = False
    for word in words:
        spaced = bool(whole) and len(word) == 1 and spaced_before
        whole = [*whole[:-1], whole[-1] + word] if spaced else [*whole, word]
        spaced_before = len(word) == 1
    return whole


def inline_amount(text: str) -> tuple[str, str] | None:
    """`其中：  一般公共预算：132.90` → (`一般公共预算`, `132.90`); the amount may be missing (`项目支出：`)."""
    plain = squeeze(text)
    for lead in ("其中:", "其中："):
        plain = plain.removeprefix(lead)
    match = _INLINE_AMOUNT.match(plain)
    if match is None or regex.search(r"\d", match["label"]):
        return None
    if match["value"] and parse_money(match["value"]) is None:
        return None
    return normalise(match["label"]), match["value"]
