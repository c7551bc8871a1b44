"""Indicators told in sentences (句子里的指标): 新建蓄水池，年初目标值6座，实际完成值6座，自评得分20分."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import regex

from parsers.document import Paragraph
from parsers.interpret.prose_sections import heading_rank
from parsers.interpret.prose_words import prose_words
from schemas.lexicon import Lexicon, squeeze
from schemas.privacy import redact
from schemas.quantities import parse_actual, parse_money, parse_number, parse_target
from schemas.records import CellPlace, Indicator
from schemas.traditional import simplified
from schemas.vocabulary import pattern, words

_PERCENT = "%"
_DASH = regex.compile(r"[-—–]+")
_PIECE = regex.compile(r"[^；;。\n]+")
_MARKER = pattern("told_marker")
_ODD = pattern("odd_in_text")
_RANGE = pattern("money_range")
_GOT = pattern("told_got")
_WORDS_AND_FIGURE = regex.compile(r"(?P<words>\p{Han}+)(?P<figure>\d.*)")
_ENDS = "".join(words("name_edges"))
_LONGEST_NAME = 40
_SHORTEST_NAME = 2
"""A single character before the words for the target is what is left of a longer such word (初目标值)."""
_LONGEST_LEVEL = 10
_RANK_OF_ITEMS = 3
_TAIL = pattern("level_heading_tail")
_NOISE = pattern("noise_before_name")


@dataclass(slots=True)
class _Levels:
    """The level names that headings and labels before a sentence told."""

    level1: str | None = None
    level2: str | None = None

    def take(self, text: str, lexicon: Lexicon) -> bool:
        """Whether `text` is the name of a level (1.产出指标完成情况), which is kept."""
        plain = _TAIL.sub("", _MARKER.sub("", squeeze(text)).strip(_ENDS))
        if lexicon.is_level1(plain):
            # 满意度指标 is a name of both levels.
            self.level1, self.level2 = plain, plain if plain == self.level1 and lexicon.is_level2(plain) else None
        elif lexicon.is_level2(plain) or _is_level_by_name(plain, lexicon):
            self.level2 = plain
        else:
            return False
        return True


def _is_level_by_name(plain: str, lexicon: Lexicon) -> bool:
    """A level-2 name that no list has but whose words say what it is of: 产出数量指标."""
    named = plain.endswith(words("indicator_word")) and len(plain) <= _LONGEST_LEVEL
    return named and lexicon.category(plain, None, "") is not None


def told_indicators(paragraphs: Sequence[Paragraph], lexicon: Lexicon) -> list[Indicator]:
    """The indicators whose target and result a sentence states; ids are given when the document is known."""
    found: list[Indicator] = []
    levels = _Levels()
    for paragraph in paragraphs:
        if _begins_section(paragraph.text):
            levels = _Levels()
        for piece in _PIECE.findall(paragraph.text):
            if not levels.take(piece, lexicon) and (told := _told(piece, levels, lexicon)) is not None:
                found.append(_indicator(told, levels, len(found), paragraph, lexicon))
    return found


@dataclass(frozen=True, slots=True)
class _Told:
    name: str
    target: str
    actual: str
    points: str | None
    score: str | None


def _begins_section(text: str) -> bool:
    """Whether a heading of a section stands there: the levels told before are not of what follows."""
    rank = heading_rank(text)
    return rank is not None and rank < _RANK_OF_ITEMS and len(text) <= _LONGEST_NAME


def _told(piece: str, levels: _Levels, lexicon: Lexicon) -> _Told | None:
    plain = squeeze(piece)
    match = _sentence().search(simplified(plain)) or _signed().search(simplified(plain))
    if match is None:
        return _planned_told(plain, levels, lexicon)
    return _told_as(_name(plain[: match.start()], levels, lexicon), match, plain)


def _planned_told(plain: str, levels: _Levels, lexicon: Lexicon) -> _Told | None:
    """计划改造24个，实际改造24个: an indicator where a level or points are told with it; an amount of money is none."""
    match = _planned().search(simplified(plain))
    if match is None:
        return None
    before = _NOISE.sub("", _name(plain[: match.start()], levels, lexicon))
    names = not levels.take(before, lexicon) and not before.startswith(prose_words().gate.own_words)
    told = _told_as(before if names else match["object"], match, plain) or _told_as(match["object"], match, plain)
    if told is None or parse_money(told.target) is not None or _is_share_of_plan(told):
        return None
    return told if levels.level2 or told.points or told.score else None


def _is_share_of_plan(told: _Told) -> bool:
    """Whether a percentage stands beside a number of things (计划1300户，完成率101%): it is no result."""
    wanted, done = parse_target(told.target).unit, parse_actual(told.actual).unit
    return done == _PERCENT and wanted != _PERCENT


def _told_as(name: str, match: regex.Match[str], plain: str) -> _Told | None:
    """What a sentence tells of an indicator of that name; None where the name is none."""
    if not name or len(name) > _LONGEST_NAME:
        return None
    rest = simplified(plain)[match.end() :]
    target, actual = (plain[slice(*match.span(group))] for group in ("target", "actual"))
    points, score = _points().search(rest), _score().search(rest) or _GOT.search(rest)
    actual = _without_name(actual, name)
    return _Told(name, target, actual, points["value"] if points else None, score["value"] if score else None)


def _without_name(actual: str, name: str) -> str:
    """A result without the words of the indicator's name before it: 布防飞机数量≥6架，实际布防6架."""
    match = _WORDS_AND_FIGURE.fullmatch(actual)
    return match["figure"] if match is not None and match["words"] in name else actual


def _name(before: str, levels: _Levels, lexicon: Lexicon) -> str:
    """The name before the target; level names before it are kept: 产出指标：数量指标：新建蓄水池."""
    name = _MARKER.sub("", before)
    for part in (*regex.split(r"[:：]", name)[:-1],):
        levels.take(part, lexicon)
    name = regex.split(r"[:：]", name.rstrip(_ENDS))[-1]
    name = _end_of_path(name, levels, lexicon)
    pieces = [piece for piece in regex.split(r"[，,]", name) if len(piece) >= _SHORTEST_NAME]
    return _MARKER.sub("", pieces[-1]).strip(_ENDS) if pieces else ""


def _end_of_path(name: str, levels: _Levels, lexicon: Lexicon) -> str:
    """The name of an indicator behind those of its levels: 产出-数量目标-参保人数-2022年."""
    first, *parts = _DASH.split(name)
    if len(parts) < 2 or not levels.take(first, lexicon):
        return name
    return next((part for part in reversed(parts) if _NOISE.sub("", part)), name)


def _indicator(told: _Told, levels: _Levels, ordinal: int, paragraph: Paragraph, lexicon: Lexicon) -> Indicator:
    target = parse_target(told.target)
    actual = parse_actual(told.actual)
    points = parse_number(told.points) if told.points else None
    score = parse_number(told.score) if told.score else None
    place = paragraph.place
    columns = ["target_value", "actual_value", *(["points"] if points else []), *(["score"] if score else [])]
    return Indicator(
        ordinal=ordinal,
        level1=levels.level1,
        level2=levels.level2,
        level3=redact(told.name),
        category=lexicon.category(levels.level2, levels.level1, told.name),
        target_raw=told.target,
        target_op=target.op,
        target_value=target.value,
        target_high=target.high,
        target_unit=target.unit,
        actual_raw=told.actual,
        actual_value=actual.value,
        actual_unit=actual.unit,
        points=points.value if points else None,
        points_raw=told.points,
        score=score.value if score else None,
        score_raw=told.score,
        page=place.page,
        bbox=place.bbox,
        locator=place.locator,
        cells=tuple(CellPlace(column, place.page, place.bbox, place.locator) for column in columns),
    )


def _sentence() -> regex.Pattern[str]:
    told = prose_words().told
    return pattern("told_values", target_word=told.target_words, actual_word=told.actual_words)


def _signed() -> regex.Pattern[str]:
    """布防数量≥6架，实际布防6架: the sign stands for the word."""
    told = prose_words().told
    words = (*told.target_words, *told.plan_words)
    return pattern("told_by_sign", target_word=words, actual_word=told.actual_words)


def _planned() -> regex.Pattern[str]:
    told = prose_words().told
    return pattern("told_by_plan", plan_word=told.plan_words, done_word=(*told.actual_words, *told.done_words))


def _points() -> regex.Pattern[str]:
    return pattern("told_number", number_word=prose_words().told.points_words)


def _score() -> regex.Pattern[str]:
    return pattern("told_number", number_word=prose_words().told.score_words)


def ranges_in(paragraphs: Sequence[Paragraph]) -> Iterator[tuple[str, Paragraph]]:
    """Ranges of money in sentences (150—160万元), which are no amount: their texts with the paragraphs."""
    for paragraph in paragraphs:
        for match in _RANGE.finditer(paragraph.text):
            yield match[0], paragraph


def odd_figures_in(paragraphs: Sequence[Paragraph]) -> Iterator[tuple[str, Paragraph]]:
    """Figures with their units that are written as none is (466。2万元, 48O万元, 97，5分): what they say is a guess."""
    for paragraph in paragraphs:
        for match in _ODD.finditer(paragraph.text):
            yield match[0], paragraph
