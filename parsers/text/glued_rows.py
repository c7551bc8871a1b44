"""Rows of a form whose cells are glued (连写的各行): indicators under their levels, funds behind their labels."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import regex

from parsers.text.fund_lines import borne_out, line_agrees, scores_agree, texts_of
from parsers.text.parting import NEAR, Parting, Reading
from parsers.text.placing import Header, PlacedRow, is_level
from parsers.text.tokens import Token
from schemas.lexicon import lexicon, strip_points
from schemas.quantities import is_blank, parse_number, parse_points
from schemas.vocabulary import pattern, words

_ROW = 1.2
"""What it costs to begin a row."""
_NO_FIGURE = 1.5
"""What it costs a row to hold a name alone."""
_LEFT_OVER = 4.0
"""What it costs to leave the rest of a text unread."""
_LONGEST_RUN = 300
"""Characters of the longest text between two levels that is parted; a longer one is no rows of a form."""
_MOST_CUTS = 120
"""Places where a cell may end, of which the ways to part a text are weighed in seconds."""
_FEWEST_LETTERS = 4
"""Letters from which a text without figures may be a row of words."""
_ASIDE = frozenset({"side", "level1", "level2", "sequence", "levels"})
_FIGURE = regex.compile(r"\d+(?:\.\d+)?")
_CLOSED = ("actual", "score", "points", "score")
"""The columns behind the result in forms that say whether it was reached, and count the score in three numbers."""
_STATED = frozenset({"level3", "target", "actual", "points", "score"})
_AT_MOST = frozenset("<≤≦")
_EXPLAINED = 2.0
"""What a reason behind lost points is worth."""
_TOTALS, _STEP_OF_TOTALS = (Decimal(50), Decimal(120)), Decimal(5)
"""Points that all rows of a form have together: without those of the execution 90, with those for more 110."""
_LEAST_REACHED = Decimal("0.3")
"""Share of them that a form scores at least."""
_SAID = 2.0
"""What it is worth that target and result say what the word beside them says."""
_ROUNDING = Decimal("0.05")
_RELATION = regex.compile(r"[≥≤<>=＝≧≦═]")
_BEGINS_NAME = pattern("figure_in_name")
_STARTS_IN_FIGURE = regex.compile(r"[\d≥≤<>=%％.]")


def indicator_rows(tokens: Sequence[Token], header: Header) -> list[PlacedRow]:
    """The rows that levels and glued names with figures make; `first` and `last` are numbers of tokens."""
    places = [at for at, concept in enumerate(header.concepts) if concept not in _ASIDE]
    own = _told_apart([header.concepts[at] for at in places])
    if any(own.count(concept) > 1 for concept in _STATED):
        return []  # of two heads alike nothing tells which figure is whose
    rows: list[PlacedRow] = []
    pending: dict[str, str] = {}
    opened = 0
    for at, token in enumerate(tokens):
        if not token.glued:
            opened = at if not pending else opened
            pending[_level_of(tokens, at)] = token.text
            continue
        done = 0
        for reading in _rows_of(token, own):
            cells = [pending.get(concept, "") for concept in header.concepts]
            for place, cell in zip(places, reading.cells, strict=True):
                cells[place] = cell
            slots = header.spread(cells)
            rows.append(PlacedRow(slots, opened if pending else at, at, reading.worth >= 0))
            rows += _left_open(token.text[done : reading.stop], reading.cells, at, header)
            pending, done = {}, reading.stop
        rows += _left_open(token.text[done:], (), at, header)
    return rows


def _left_open(text: str, cells: Sequence[str], at: int, header: Header, name: str = "level3") -> list[PlacedRow]:
    """A row with what no cell took of a text, under the names: so that it is said, not lost."""
    for cell in cells:
        text = text.replace(cell, " ", 1)
    lost = " ".join(text.split())
    counts = _FIGURE.search(lost) or sum(map(str.isalpha, lost)) >= _FEWEST_LETTERS
    return [PlacedRow(_slots({name: lost}, header), at, at, False)] if counts else []


def funding_rows(at: int, tokens: Sequence[Token], header: Header, whole: Sequence[str]) -> list[PlacedRow]:
    """The line of funds whose label is token number `at`, and below it the figures that found no column."""
    row = _funding_row(at, tokens, header, whole)
    return [row, *_left_open(tokens[at + 1].text, row.slots, at + 1, header, "label")]


def _told_apart(concepts: Sequence[str]) -> list[str]:
    """The concepts of the columns in the glued text, two alike told apart where the form's order tells which is which.

    实际完成值 | 单项指标完成情况 | 单项指标得分 | 权重占比 | 折算得分: whether it was reached, then three numbers.
    """
    closed = concepts.index("actual") + 1 if "actual" in concepts else 0
    if tuple(concepts[closed:]) != _CLOSED:
        return list(concepts)
    return [*concepts[:closed], "done", "other_score", "other_score", "score"]


def _slots(cells: dict[str, str], header: Header) -> tuple[str, ...]:
    return header.spread([cells.get(concept, "") for concept in header.concepts])


def _level_of(tokens: Sequence[Token], at: int) -> str:
    """Whether a name of a level is of level 1 or 2: points in brackets, the lists, or what stands beside it decide."""
    words = lexicon()
    name, points = strip_points(tokens[at].text)
    first, second = words.is_level1(name), words.is_level2(name)
    if not second or (points and (first or not _is_below_level1(tokens, at))):
        return "level1"
    if points:
        return "level2"
    below = tokens[at + 1].text if at + 1 < len(tokens) and not tokens[at + 1].glued else ""
    heads = first and is_level(below) and not words.is_foreign(strip_points(below)[0], name)
    return "level1" if heads else "level2"


def _is_below_level1(tokens: Sequence[Token], at: int) -> bool:
    """Whether a name that can only be of level 1 stands before token number `at`."""
    words = lexicon()
    names = (strip_points(token.text)[0] for token in tokens[:at] if not token.glued)
    return any(words.is_level1(name) and not words.is_level2(name) for name in names)


def _rows_of(token: Token, concepts: Sequence[str]) -> list[Reading]:
    """The best rows of one glued text; cells in which another reading is near are blank, and its worth is negative."""
    if len(token.text) > _LONGEST_RUN:
        return []
    parting = Parting(token.text, token.gaps, concepts, _agreement)
    if len(parting.cuts) > _MOST_CUTS:
        return []
    best: dict[int, tuple[float, Reading | None, list[Reading]]] = {len(token.text): (0.0, None, [])}
    for start in sorted(_starts(parting), reverse=True):
        ways = [(one.worth - _ROW + best[one.stop][0], one) for one in parting.readings(start) if one.stop in best]
        ways.append((-_LEFT_OVER, Reading((), len(token.text), -1)))
        total, chosen = max(ways, key=lambda way: way[0])
        near = [one for value, one in ways if one is not chosen and total - value < NEAR]
        best[start] = (total, chosen, near)
    rows: list[Reading] = []
    at = 0
    while at < len(token.text):
        _, reading, near = best[at]
        if reading is None or not reading.cells:
            break
        rows.append(_without_open(reading, near))
        at = reading.stop
    return rows


def _starts(parting: Parting) -> list[int]:
    """Where a row may begin: with the text, or with a name behind figures, which a year may begin."""
    text = parting.text
    inside = (cut for cut in parting.cuts if 0 < cut < len(text))
    return [0, *(cut for cut in inside if not _STARTS_IN_FIGURE.match(text, cut) or _BEGINS_NAME.match(text, cut))]


def _without_open(chosen: Reading, near: Sequence[Reading]) -> Reading:
    if not near:
        return chosen
    cells = tuple(
        cell if all(other.cells[at : at + 1] == (cell,) for other in near) else ""
        for at, cell in enumerate(chosen.cells)
    )
    return Reading(cells, chosen.stop, -1 if cells != chosen.cells else chosen.worth)


def _agreement(concepts: Sequence[str], cells: Sequence[str]) -> float:
    """What target and result, points and score of an indicator say of each other."""
    texts = dict(zip(concepts, cells, strict=True))
    alone = sum(bool(text) for text in cells) < 2
    agreed = scores_agree(texts) + _values_agree(texts.get("target", ""), texts.get("actual", ""))
    agreed += _reached_as_said(texts) + _weighed(cells[-3:]) if "done" in texts else 0.0
    agreed += _explained(texts)
    return agreed - (_NO_FIGURE if alone else 0.0)


def _explained(texts: dict[str, str]) -> float:
    """Whether words behind lost points tell their reason."""
    points, score = parse_points(texts.get("points", "")), parse_points(texts.get("score", ""))
    if points is None or score is None or is_blank(texts.get("deviation", "")):
        return 0.0
    return _EXPLAINED if score.value < points.value else 0.0


def _values_agree(target: str, actual: str) -> float:
    if not target or not actual:
        return 0.0
    plain = _RELATION.sub("", target)
    if plain == _RELATION.sub("", actual):
        return 1.5
    expected, reached = _FIGURE.match(plain), _FIGURE.match(_RELATION.sub("", actual))
    if expected is not None and reached is not None and expected[0] == reached[0]:
        return 1.2
    if parse_number(plain) is not None and parse_number(actual) is not None:
        return -0.3
    return 0.5 if _unit(plain) == _unit(actual) else 0.0


def _reached_as_said(texts: dict[str, str]) -> float:
    """Whether target and result say what the word beside them says: >= | 5000 | 6418件 | 完成."""
    planned = texts.get("relation", "") + texts["target"]
    sign, target, actual = _RELATION.search(planned), _FIGURE.search(planned), _FIGURE.match(texts["actual"])
    if sign is None or target is None or actual is None:
        return 0.0
    expected, reached = Decimal(target[0]), Decimal(actual[0])
    holds = reached <= expected if sign[0] in _AT_MOST else reached >= expected
    return _SAID if holds == (texts["done"] in words("reached_word")) else -_SAID


def _weighed(numbers: Sequence[str]) -> float:
    """Whether the last of three numbers is the first by the weight in the second: 95.03 | 10 | 9.5."""
    reached, weight, score = (_FIGURE.fullmatch(number) for number in numbers)
    if reached is None or weight is None or score is None:
        return -_SAID
    expected = Decimal(reached[0]) * Decimal(weight[0]) / 100
    return _SAID if abs(expected - Decimal(score[0])) <= _ROUNDING else -2 * _SAID


def _unit(text: str) -> str:
    return regex.sub(r"[\d.,≥≤<>=]", "", text)


# -- funds -------------------------------------------------------------------------------------------------------------


def _funding_row(at: int, tokens: Sequence[Token], header: Header, whole: Sequence[str]) -> PlacedRow:
    """The line of funds whose label is token number `at`, its glued figures behind it; `whole` is the total's line."""
    label, figures = tokens[at], tokens[at + 1]
    concepts = [concept for concept in header.concepts if concept not in ("label", "side", "blank")]
    above = texts_of(whole, header)
    parting = Parting(figures.text, figures.gaps, concepts, lambda _, cells: line_agrees(concepts, cells, above))
    end = len(figures.text)
    ways = sorted((one for one in parting.readings(0) if one.stop == end), key=lambda one: -one.worth)
    if not ways:
        return PlacedRow(_slots({"label": label.text}, header), at, at + 1, False)
    chosen = _without_open(ways[0], [one for one in ways[1:] if ways[0].worth - one.worth < NEAR])
    remnant = sum(map(bool, chosen.cells)) == 1 and "".join(chosen.cells) != figures.text
    if remnant or not borne_out(dict(zip(concepts, chosen.cells, strict=True)), above):
        return PlacedRow(_slots({"label": label.text}, header), at, at + 1, False)
    cells = {"label": label.text, **dict(zip(concepts, chosen.cells, strict=True))}
    return PlacedRow(_slots(cells, header), at, at + 1, chosen.worth >= 0)


def total_cells(text: str) -> list[str]:
    """Points and score of a total row printed as one: 100100, 10098.5, 9088.5; the points are never below the score."""
    cuts = [cut for cut in range(1, len(text)) if text[cut] not in ".0" and text[cut - 1] != "."]
    found = [[text[:cut], text[cut:]] for cut in cuts if _are_totals(text[:cut], text[cut:])]
    return found[0] if len(found) == 1 else [text]


def _are_totals(points: str, score: str) -> bool:
    whole, reached = parse_points(points), parse_points(score)
    if whole is None or reached is None or whole.value % _STEP_OF_TOTALS:
        return False
    low, high = _TOTALS
    return low <= whole.value <= high and _LEAST_REACHED * whole.value <= reached.value <= whole.value
