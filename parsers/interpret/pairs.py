"""Labels and their values: `项目名称 | X`, `填报日期：2023-06-10`, `预算编码 404010` (标签与值)."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from parsers.interpret.rows import Row, Slot
from schemas.lexicon import Lexicon, normalise, squeeze
from schemas.quantities import parse_money

_LABEL = regex.compile(r"([\p{Han}A-Za-z/、]{1,14}(?:[(（][^()（）]{0,8}[)）])?[\p{Han}]{0,6})\s*[:：]")
_INLINE_AMOUNT = regex.compile(r"^(?P<label>[^:：]{2,40})[:：](?P<value>[^:：]*)$")


@dataclass(frozen=True, slots=True)
class Pair:
    """A label whose concept is known, and what stands beside it (None where the place is empty)."""

    concept: str
    label: str
    value: str | None
    slots: tuple[Slot, ...] = ()


def row_pairs(row: Row, lexicon: Lexicon) -> list[Pair]:
    """The label/value pairs of a row: a label cell takes the next filled cell that is not a label itself."""
    pairs: list[Pair] = []
    filled = row.filled
    index = 0
    while index < len(filled):
        slot = filled[index]
        concept = lexicon.key(slot.text)
        if concept is None:
            pairs.extend(
                Pair(p.concept, p.label, p.value, (slot,)) for p in inline_pairs(slot.cell.text, lexicon) if p.value
            )
            index += 1
            continue
        following = filled[index + 1] if index + 1 < len(filled) else None
        if following is None or (lexicon.key(following.text) and not _adjacent_value(slot, following, row, lexicon)):
            pairs.append(Pair(concept, slot.text, None, (slot,)))
            index += 1
        else:
            pairs.append(Pair(concept, slot.text, following.cell.text.strip(), (following,)))
            index += 2
    return pairs


def _adjacent_value(label: Slot, value: Slot, row: Row, lexicon: Lexicon) -> bool:
    """A value may look like a label (an office called 合计?): only grades and totals are allowed to."""
    return lexicon.key(label.text) in {"grade"} and value.text in lexicon.grades


def inline_pairs(text: str, lexicon: Lexicon) -> list[Pair]:
    """Pairs inside one text: `填表人：李某 填报日期：2023-06-10`; a value ends where the next known label begins."""
    if len(text) > 400:
        return []
    marks = [
        (match.start(1), match.end(), match[1], concept)
        for match in _LABEL.finditer(text)
        if (concept := _label_concept(match[1], lexicon))
    ]
    pairs = []
    for position, (_, value_start, label, concept) in enumerate(marks):
        value_end = marks[position + 1][0] if position + 1 < len(marks) else len(text)
        value = _first_field(text[value_start:value_end])
        pairs.append(Pair(concept, squeeze(label), value or None))
    if not pairs and (spaced := _spaced_pair(text, lexicon)):
        pairs.append(spaced)
    return pairs


def _label_concept(label: str, lexicon: Lexicon) -> str | None:
    """The concept of a label, trying shorter ends (`…  填报日期` may have words before it)."""
    plain = squeeze(label)
    for start in range(0, max(len(plain) - 1, 1)):
        concept = lexicon.key(plain[start:])
        if concept and concept not in {"note", "total"}:
            return concept
        if concept == "total" and start == 0:
            return concept
    return None


def _first_field(value: str) -> str:
    """The value up to a wide gap or a line end that starts something else."""
    return regex.split(r"\s{3,}|\t|\n", value.strip(), maxsplit=1)[0].strip(" ，,；;。")


def _spaced_pair(text: str, lexicon: Lexicon) -> Pair | None:
    """`部门(单位)名称 某某中心`: a label and its value with only a blank between."""
    parts = text.split(None, 1)
    if len(parts) != 2 or len(text) > 60:
        return None
    concept = lexicon.key(parts[0])
    if concept in {"project_name", "department", "unit", "budget_code", "report_date", "grade"}:
        return Pair(concept, squeeze(parts[0]), _first_field(parts[1]) or None)
    return None


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
