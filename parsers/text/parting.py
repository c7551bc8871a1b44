"""One row's glued cells parted under its heads (连写一行的分格).

`8550万粒550万粒8` under points, target, result and score is 8 | 550万粒 | 550万粒 | 8: what fits each head by kind, and
what the figures of a row say of each other (score and points, target and result, rate and amounts), decide. All
readings are weighed; where two are near, the cells in which they differ are left blank, and the row is doubtful.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import regex

from parsers.interpret.fit import tells_value
from parsers.text.placing import fits, skip_cost
from schemas.numerals import fold, read_numeral
from schemas.quantities import is_blank
from schemas.units import units
from schemas.vocabulary import pattern, words

NEAR = 0.6
"""Lead of the best reading over another, below which the cells in which they differ are open."""
_NAME_WORTH = (-1.0, -1.0, -0.5, 0.3, 0.7, 1.0)
"""What a name of so many characters is worth, the last of all longer ones."""
_BEAM = 20
"""Readings kept for each place where a cell may end: what a row's figures say of each other is weighed at its end."""
_WIDE_BEAM = 400
_SHORT_TEXT = 40
_NO_NAME = 6.0
_CUTS_UNIT, _CUTS_ZERO, _CUTS_MARK, _CUTS_WORD, _CUTS_DIGITS = 3.0, 1.5, 3.0, 0.8, 0.3
"""What it costs to cut a figure from its unit, or before a nought, an indicator's number from its word, a word, and
two digits."""
_CUTS_TOLD, _WHOLE_VALUE = 1.5, 4
"""The same for a value told in so many characters or more (明显改善)."""
_ALIKE = 2
"""Characters with which target and result begin alike where both are told in words."""
_LONGEST_NAME = 60
_LONGEST_VALUE = 20
_NAMES = frozenset({"level3", "label"})
_SENTENCES = _NAMES | {"criteria", "deviation"}
_VALUES = frozenset({"target", "actual", "adjusted_target"})
_SCORES = frozenset({"points", "score", "other_score"})
_PLAIN = regex.compile(r"(?:0|[1-9]\d*)(?:\.\d+)?[%％]?|[—–/-]")
_NAME_END = regex.compile(r"[\d%％]$|[≥≤<>=＝≧≦═]")
_RELATION_WORD = pattern("relation_word")
"""A word such as 不低于 right before a figure: the value begins with it."""
_DAY = pattern("calendar_day")
_DATE = pattern("day_or_deadline")
_FIGURES_OF_ROW = regex.compile(r"[≥≤<>=＝≧≦═]|\d\D+\d")
"""What no reason of a few words holds: a relation, or figures."""
_BOUND_BEHIND = pattern("bound_behind")
_BOUND_BEHIND_FIGURE = pattern("bound_behind_figure")
"""A bound told behind its figure (90%以上, 5天以内)."""
_CUT_NAME = pattern("cut_name")
_BEGINS_NAME = pattern("figure_in_name")
"""Figures that a name begins with or holds: 2022年…, 1号泵站…, 120急救…"""
_STARTS_IN_FIGURE = regex.compile(r"[\d≥≤<>=%％.]")
_FIGURE_CHARS = regex.compile(r"[\d.,]*")
_LOOSE_UNIT = regex.compile(r"\p{Han}{1,3}(?=[\d≥≤<>=]|$)")
_RATE_TAIL = pattern("rate_tail")
_STARTS_IN_NAME = regex.compile(r"[^\d≥≤<>=—]")
_HAS_DIGIT = regex.compile(r"\d")
_SHARE_WANTED = regex.compile(r"[≥≤<>=](?:\d{1,2}(?:\.\d+)?|100)%")
"""A share behind its relation is one figure: ≥85%, never ≥8 and 5%."""
_RELATION = regex.compile(r"[≥≤<>=＝≧≦═]")
_ENDS_IN_RELATION = pattern("ends_in_relation")


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to part a row: a text for each column, where it ends in the glued text, and its worth."""

    cells: tuple[str, ...]
    stop: int
    worth: float


Bonus = Callable[[Sequence[str], Sequence[str]], float]
"""What the cells of a whole row say of each other: concepts and texts to a worth."""


class Parting:
    """The readings of a glued text under the columns of one header."""

    def __init__(self, text: str, gaps: frozenset[int], concepts: Sequence[str], bonus: Bonus) -> None:
        self.text, self.gaps, self.concepts, self.bonus = text, gaps, tuple(concepts), bonus
        self.cuts = cuts_of(text, gaps)
        self.costs = _costs_of(text) | dict.fromkeys(filter(self._in_words, gaps), _CUTS_WORD)
        self.forced = {gap for gap in gaps if _between_digits(text, gap)}

    def _in_words(self, gap: int) -> bool:
        before, after = self.text[gap - 1 : gap], self.text[gap : gap + 1]
        return not (_STARTS_IN_FIGURE.match(before) or _STARTS_IN_FIGURE.match(after))

    def readings(self, start: int) -> list[Reading]:
        """The best ways to read one row from `start` on, the best of each end."""
        beam = _WIDE_BEAM if len(self.text) <= _SHORT_TEXT and not _STARTS_IN_NAME.match(self.text) else _BEAM
        partial: list[Reading] = [Reading((), start, 0.0)]
        for concept in self.concepts:
            following: dict[int, list[Reading]] = {}
            for one in partial:
                for step in self._steps(one, concept):
                    following.setdefault(step.stop, []).append(step)
            partial = [one for ways in following.values() for one in sorted(ways, key=lambda way: -way.worth)[:beam]]
        whole = [Reading(one.cells, one.stop, one.worth + self.bonus(self.concepts, one.cells)) for one in partial]
        return [one for one in whole if one.stop > start]

    def _steps(self, one: Reading, concept: str) -> Iterator[Reading]:
        yield Reading((*one.cells, ""), one.stop, one.worth - (_NO_NAME if concept == "level3" else skip_cost(concept)))
        longest = _LONGEST_NAME if concept in _SENTENCES else _LONGEST_VALUE
        for cut in self.cuts:
            if cut <= one.stop:
                continue
            if cut - one.stop > longest or any(one.stop < gap < cut for gap in self.forced):
                return
            cell = self.text[one.stop : cut]
            worth = piece_fit(cell, concept)
            if worth > -2:
                yield Reading((*one.cells, cell), cut, one.worth + worth - self.costs.get(cut, 0.0))


def _between_digits(text: str, gap: int) -> bool:
    return 0 < gap < len(text) and text[gap - 1] in "0123456789.%％" and text[gap].isdecimal()


@lru_cache(maxsize=65536)
def piece_fit(cell: str, concept: str) -> float:
    """How well a piece of glued text fits a head: a figure is whole, a name does not end in one."""
    if concept in _NAMES:
        worth = _NAME_WORTH[min(len(cell), len(_NAME_WORTH) - 1)]
        worth -= 0.8 if _STARTS_IN_FIGURE.match(cell) and not _BEGINS_NAME.match(cell) else 0.0
        worth -= 0.5 if _HAS_DIGIT.search(_BEGINS_NAME.sub("", cell)) and not _is_placeholder(cell) else 0.0
        return worth - (2.5 if _is_no_name(cell) else 0.0)
    if concept in _VALUES:
        return _value_fit(cell, concept)
    if concept == "deviation":
        return _reason_fit(cell)
    if concept == "criteria":
        return 1.0 if pattern("tells_criteria").search(cell) else -2.5
    if concept in ("unknown", "blank"):
        return -0.2
    if concept == "done":
        return 3.0 if cell in words("done_word") else -4.0
    if concept in _SCORES and cell[-1:] in ("%", "％"):
        return 1.0 if _PLAIN.fullmatch(cell) else -4.0
    worth = fits(cell, concept)
    if concept in _SCORES and worth < 0:
        return -4.0
    plain = _PLAIN.fullmatch(cell) is not None or concept in ("relation", "target_unit")
    return worth if plain or _has_unit(cell) else -4.0


def _is_placeholder(cell: str) -> bool:
    return pattern("placeholder_number").match(cell) is not None


def _is_no_name(cell: str) -> bool:
    """Whether a text ends in what begins a value, is a value, begins with one or holds one: no name does."""
    ended = _NAME_END.search(cell) or _ENDS_IN_RELATION.search(cell) or _RELATION_WORD.search(cell)
    begun = _closing().match(cell) or _CUT_NAME.match(cell)
    return bool(ended or begun) or tells_value(cell)


def _reason_fit(cell: str) -> float:
    """How well a piece fits the reasons: `无` does, no figure, no word for a result, nothing with figures of a row."""
    if is_blank(cell):
        return 0.3
    if _STARTS_IN_FIGURE.match(cell) or len(cell) == 1:
        return -3.0
    if _closing().fullmatch(cell):
        return -0.5
    return -1.5 if tells_value(cell) or _FIGURES_OF_ROW.search(cell) else -0.5


def _value_fit(cell: str, concept: str) -> float:
    if tells_value(cell):
        return 0.9
    cell = _RELATION_WORD.sub("", cell, count=1) if _RELATION_WORD.match(cell) else cell
    if _DATE.fullmatch(cell):
        return 0.9
    if _STARTS_IN_FIGURE.match(cell) is None:
        return -2.5 if _HAS_DIGIT.search(cell) else -0.4
    undated = _DAY.sub("", cell, count=1)
    if undated != cell and not _HAS_DIGIT.search(undated):
        return 0.9  # 2021年12月31日前完成
    figure = _RELATION.sub("", cell)
    if not figure or (figure[0] == "0" and figure[1:2].isdecimal()) or figure[0] in "%％.":
        return -4.0
    figure = _BOUND_BEHIND.sub("", figure)
    if _end_of_figure(fold(figure), 0) == len(figure):
        return fits(cell, concept)
    return -3.0 if len(regex.findall(r"[\d.,]+", figure)) > 1 else -1.0


def _has_unit(cell: str) -> bool:
    return cell[:1].isdecimal() and _end_of_figure(fold(cell), 0) == len(cell) and not cell[-1].isdecimal()


# -- where a cell may end ----------------------------------------------------------------------------------------------


@cache
def _usual_run() -> regex.Pattern[str]:
    return regex.compile(rf"(?:{_usual().pattern})+")


@cache
def _closing() -> regex.Pattern[str]:
    """Values that stand in no name, so that one ends and another cell begins around them."""
    return regex.compile("|".join(map(regex.escape, words("closing_value"))))


@cache
def _usual() -> regex.Pattern[str]:
    """The words that tell what was wanted or reached, the longest that fits."""
    return regex.compile(pattern("told_value").pattern, regex.POSIX)


def cuts_of(text: str, gaps: frozenset[int]) -> list[int]:
    """The places where one cell may end and the next begin."""
    folded = fold(text)
    cuts = {0, len(text)}
    for at in range(1, len(text)):
        if _may_cut(folded, at):
            cuts.add(at)
    for match in regex.finditer(r"\d[\d.,]*", folded):
        cuts.add(_end_of_figure(folded, match.start()))
    for found in (_DATE, _BOUND_BEHIND_FIGURE):
        cuts |= {place for match in found.finditer(folded) for place in (match.start(), match.end())}
    cuts |= {match.start() for match in pattern("placeholder_number").finditer(folded)}
    cuts |= {match.start() for match in _RELATION_WORD.finditer(folded)}
    cuts |= {match.start() for match in _BEGINS_NAME.finditer(folded, overlapped=True)}
    for match in _closing().finditer(text):
        cuts |= {match.start(), match.end()}
    for match in _usual_run().finditer(text, overlapped=True):
        if match.end() == len(text) or _STARTS_IN_FIGURE.match(text, match.end()):
            cuts |= {match.start(), *(one.end() for one in _usual().finditer(text, match.start(), match.end()))}
    cuts |= {*_halves(text), *_around_words_for_values(text)}
    return sorted(cut for cut in cuts | gaps if not _inside_decimal(folded, cut))


def _costs_of(text: str) -> dict[int, float]:
    """Places that part what most likely belongs together."""
    folded = fold(text)
    costs: dict[int, float] = {}
    for match in regex.finditer(r"\d[\d.,]*", folded):
        end = _end_of_figure(folded, match.start())
        costs |= dict.fromkeys(range(match.end(), end), _CUTS_UNIT)
        inside = range(match.start() + 1, match.end())
        in_share = _SHARE_WANTED.match(folded, max(match.start() - 1, 0)) is not None
        costs |= {at: _cost_between_digits(folded[at], in_share=in_share) for at in inside}
    for match in _usual().finditer(text, overlapped=True):
        cost = _CUTS_TOLD if len(match[0]) >= _WHOLE_VALUE else _CUTS_WORD
        inside = range(match.start() + 1, match.end())
        costs |= {at: max(cost, costs.get(at, 0.0)) for at in inside}
    for match in _DATE.finditer(folded):
        costs |= dict.fromkeys(range(match.start() + 1, match.end()), _CUTS_UNIT)
    for match in pattern("asks_whether").finditer(folded):
        costs |= dict.fromkeys(range(match.start(), match.end()), _CUTS_MARK)
    for match in pattern("placeholder_number").finditer(folded):
        costs |= dict.fromkeys(range(match.start() + 1, match.end() + 1), _CUTS_MARK)
    return costs


def _cost_between_digits(after: str, *, in_share: bool) -> float:
    return _CUTS_UNIT if in_share else _CUTS_ZERO if after == "0" else _CUTS_DIGITS


def _may_cut(folded: str, at: int) -> bool:
    before, after = folded[at - 1], folded[at]
    if after.isdecimal():
        return before not in "<>=≥≤"
    if before in "<>" and after == "=":
        return False
    return (before.isdecimal() and after not in ".,%") or before == "%" or after in "<>=≥≤—"


def _inside_decimal(folded: str, at: int) -> bool:
    return folded[at : at + 1] == "." or (at > 0 and folded[at - 1] == "." and folded[at : at + 1].isdecimal())


def _digits(folded: str, start: int) -> int:
    """How many characters of a figure's digits, points and commas stand there."""
    found = _FIGURE_CHARS.match(folded, start)
    return len(found[0]) if found else 0


def _end_of_figure(folded: str, start: int) -> int:
    """Where a figure with its unit ends (550万粒)."""
    numeral = read_numeral(folded, start)
    end = numeral.end if numeral is not None else start + _digits(folded, start)
    table = units()
    unit = max((words_.at(folded, end) or "" for words_ in (table.count, table.percent, table.money_base)), key=len)
    loose = None if unit else _LOOSE_UNIT.match(folded, end)
    if loose is not None and not _usual_run().fullmatch(loose[0]):
        return loose.end()
    rate = _RATE_TAIL.match(folded, end + len(unit)) if unit else None
    return rate.end() if rate else end + len(unit)


def _around_words_for_values(text: str) -> Iterator[int]:
    """Around a word for what is told in words (文字描述), and before the result that begins like the target there."""
    for match in pattern("told_in_words").finditer(text):
        yield from match.span()
        begins = text[match.end() : match.end() + _ALIKE]
        again = text.find(begins, match.end() + _ALIKE) if len(begins) == _ALIKE else -1
        yield from [again] if again > 0 else []


def _halves(text: str) -> Iterator[int]:
    """The middle of a text said twice (显著提升显著提升), between figures."""
    for match in regex.finditer(r"[^\d≥≤<>=%％]+", text):
        for start in range(match.start(), match.end()):
            size, odd = divmod(match.end() - start, 2)
            if size and not odd and text[start : start + size] == text[start + size : match.end()]:
                yield from (start, start + size)
                break
