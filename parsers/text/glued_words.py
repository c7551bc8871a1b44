"""Glued text → cells, as far as words tell (按词断格): labels, heads of columns, names of levels, sources of funds.

Between two of them a stretch of figures, or of names with their figures, may hold several cells: such a token is
`glued`, and `glued_rows` parts it under the heads it stands below.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import combinations, pairwise

import regex

from parsers.interpret.concepts import HEAD_KEYS, LEVEL_COLUMNS, MONEY_COLUMNS
from parsers.text.placing import is_level
from parsers.text.tokens import Token
from schemas.lexicon import Lexicon, lexicon, normalise, squeeze
from schemas.vocabulary import pattern
from schemas.vocabulary import words as vocabulary

_FEWEST_HEADS = 3
_LONGEST_LABEL = 18
_SHORTEST_LABEL = 4
_SHORTEST_LEVEL = 4
_RATE = "execution_rate"
_GOALS = frozenset({"goal", "goal_expected", "goal_actual"})
_FIGURES = regex.compile(r"[\d≥≤<>=＝≧≦].*|[-—–/]+", regex.DOTALL)
_BRACKET = regex.compile(r"[(（][^()（）]{1,12}[)）]")
_WITHIN_HEAD = regex.compile(r"(?P<first>\p{Han}{1,6})[(（]\p{Han}{1,4}[)）](?P<rest>\p{Han}{1,6})")
_SHARE_NUMBER = regex.compile(r"^(\d{1,2})、")
_VALUE_FOLLOWS = regex.compile(r"[\d≥≤<>=＝]")


@dataclass(frozen=True, slots=True)
class GluedText:
    """Lines without their blanks; `gaps` are the places where one was, `lines` the line of each character."""

    text: str
    gaps: frozenset[int]
    lines: tuple[int, ...]

    def token(self, start: int, stop: int, *, glued: bool = False) -> Token:
        gaps = frozenset(gap - start for gap in self.gaps if start < gap < stop)
        return Token(self.text[start:stop], self.lines[start], glued=glued, gaps=gaps)


def glued_text(lines: Sequence[str], stretch: range) -> GluedText:
    """The lines of a stretch as one text; the numbers that document sharers put before each of them are left out."""
    text: list[str] = []
    gaps: set[int] = set()
    places: list[int] = []
    for index, line in zip(stretch, _unnumbered([lines[index] for index in stretch]), strict=True):
        for word in line.split():
            gaps.add(len(text))
            text += word
            places += [index] * len(word)
    return GluedText("".join(text), frozenset(gaps), tuple(places))


def _unnumbered(lines: Sequence[str]) -> list[str]:
    numbers = [int(match[1]) for line in lines if (match := _SHARE_NUMBER.match(line))]
    shared = len(numbers) > 1 and numbers == list(range(1, len(numbers) + 1))
    return [_SHARE_NUMBER.sub("", line) for line in lines] if shared else list(lines)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A word of forms in the text, and what it is as a label ("head" for heads of columns)."""

    start: int
    stop: int
    concept: str


def glued_tokens(glued: GluedText) -> tuple[list[Token], list[Token]]:
    """What stands before the form, and the form's cells."""
    runs = list(_head_runs(glued.text))
    first = _form_start(glued.text, runs)
    lead = [glued.token(start, stop) for start, stop in _line_pieces(glued, 0, first)]
    tokens: list[Token] = []
    at, state = first, "head"
    for run in runs:
        if run[0].start < at:
            continue
        tokens += _cells(glued, at, run[0].start, state)
        tokens += [glued.token(mark.start, mark.stop) for mark in run]
        at, state = run[-1].stop, _state_below(glued.text, run)
    return lead, [*tokens, *_cells(glued, at, len(glued.text), state)]


def _line_pieces(glued: GluedText, start: int, stop: int) -> Iterator[tuple[int, int]]:
    """The lines of a part of the text, a title behind a sentence apart."""
    breaks = [at for at in range(start + 1, stop) if glued.lines[at] != glued.lines[at - 1]]
    for left, right in pairwise([start, *breaks, stop]):
        cut = pattern("title_at_end").search(glued.text[left:right])
        if cut is not None and cut.start(1):
            yield left, left + cut.start(1)
            left += cut.start(1)
        if left < right:
            yield left, right


# -- heads of columns --------------------------------------------------------------------------------------------------


@cache
def _listed_heads() -> tuple[frozenset[str], int]:
    """Every head of a column that is listed, and how long the longest is."""
    columns = lexicon().columns
    levels = tuple(word for concept in columns if concept.name in LEVEL_COLUMNS for word in concept.words)
    # 一级指标二级指标 is listed as one head; here it is two.
    listed = frozenset(
        word
        for concept in columns
        for word in concept.words
        if len(word) > 1 and not (concept.name == "levels" and word.startswith(levels))
    )
    return listed, max(map(len, listed))


def _listed_spans(text: str) -> Iterator[tuple[int, int]]:
    """Where heads stand in a text, from left to right, the longest that begins at a place, with its bracket."""
    listed, longest = _listed_heads()
    at = 0
    while at < len(text):
        sizes = range(min(longest, len(text) - at), 1, -1)
        size = next((size for size in sizes if text[at : at + size] in listed), 0) or _bracketed_size(text, at)
        if size:
            bracket = _BRACKET.match(text, at + size)
            stop = bracket.end() if bracket else at + size
            yield at, stop
            at = stop
        else:
            at += 1


def _bracketed_size(text: str, at: int) -> int:
    """How long a head is that is listed without the bracket within it: 全年(调整)预算数; 0 where none stands there."""
    match = _WITHIN_HEAD.match(text, at)
    if match is None:
        return 0
    listed, _ = _listed_heads()
    sizes = (size for size in range(len(match["rest"]), 0, -1) if match["first"] + match["rest"][:size] in listed)
    size = next(sizes, 0)
    return match.start("rest") + size - at if size else 0


def _head_runs(text: str) -> Iterator[list[_Mark]]:
    """Runs of heads of columns with nothing between."""
    run: list[_Mark] = []
    for match in _heads(text):
        mark = _Mark(*match, lexicon().column(text[slice(*match)]) or "")
        if run and run[-1].stop != mark.start:
            yield from [_with_rate(text, run)] if _heads_table(run) else []
            run = []
        if run or not _ends_label(text, mark):
            run.append(mark)
    yield from [_with_rate(text, run)] if _heads_table(run) else []


def _with_rate(text: str, run: list[_Mark]) -> list[_Mark]:
    """A run in which 执行率得分 is the heads of the rate and its score, where no other is that of the rate."""
    if any(mark.concept == _RATE for mark in run):
        return run
    return [part for mark in run for part in _rate_and_score(text, mark)]


def _rate_and_score(text: str, mark: _Mark) -> list[_Mark]:
    word = text[mark.start : mark.stop]
    cuts = [mark.start + size for size in range(1, len(word)) if mark.concept == "score"]
    for cut in cuts:
        first, second = lexicon().column(text[mark.start : cut]), lexicon().column(text[cut : mark.stop])
        if (first, second) == (_RATE, "score"):
            return [_Mark(mark.start, cut, _RATE), _Mark(cut, mark.stop, "score")]
    return [mark]


def _heads(text: str) -> Iterator[tuple[int, int]]:
    """Heads of columns; 三级指标分值 is two of them where no name of an indicator stands among the heads before it."""
    level3 = next(concept.words for concept in lexicon().columns if concept.name == "level3")
    named, behind = False, -1
    for start, stop in _listed_spans(text):
        head = text[start:stop]
        word = next((head[:size] for size in range(len(head) - 1, 1, -1) if head[:size] in level3), "")
        named, behind = named and start == behind, stop
        is_points = lexicon().column(head) == "points" and bool(word)
        if is_points and not named and lexicon().column(text[start + len(word) : stop]):
            yield start, start + len(word)
            start, named = start + len(word), True
        named = named or head in level3
        yield start, stop


def _ends_label(text: str, mark: _Mark) -> bool:
    """Whether a head is the end of a label (绩效目标 before 完成情况)."""
    befores = (text[mark.start - size : mark.stop] for size in range(1, min(8, mark.start) + 1))
    return any(word[0].isalnum() and lexicon().whole_key(word) for word in befores)


def _heads_table(run: Sequence[_Mark]) -> bool:
    concepts = {mark.concept for mark in run}
    return len(run) >= _FEWEST_HEADS and bool(concepts & {*LEVEL_COLUMNS, *MONEY_COLUMNS})


def glued_runs(line: str) -> bool:
    """Whether heads of a table of indicators or funds follow each other in a line, most with nothing between."""
    if _table_word().search(squeeze(line)) is None:
        return False
    glued = glued_text([line], range(1))
    return any(2 * sum(mark.start in glued.gaps for mark in run[1:]) < len(run) - 1 for run in _head_runs(glued.text))


def begins_form(line: str) -> bool:
    """Whether a line begins with a label of a form's head."""
    plain = squeeze(line)
    mark = _label_at(plain, 0, len(plain))
    return mark is not None and mark.concept in HEAD_KEYS


@cache
def _table_word() -> regex.Pattern[str]:
    """Any head that a table of indicators or funds has: where none is, there is no need to look further.

    A word that holds another listed word is found by that.
    """
    listed = {
        word
        for concept in lexicon().columns
        if concept.name in LEVEL_COLUMNS or concept.name in MONEY_COLUMNS
        for word in concept.words
        if len(word) > _SHORTEST_LEVEL - 1
    }
    short = (word for word in listed if not any(part in listed for part in _parts(word)))
    return regex.compile("|".join(map(regex.escape, sorted(short))))


def _parts(word: str) -> Iterator[str]:
    """Whatever stands within a word, shorter than the whole."""
    for start, stop in combinations(range(len(word) + 1), 2):
        if stop - start < len(word):
            yield word[start:stop]


def _state_below(text: str, run: Sequence[_Mark]) -> str:
    return "indicators" if {mark.concept for mark in run} & set(LEVEL_COLUMNS) else "funding"


# -- labels ------------------------------------------------------------------------------------------------------------


def _label_at(text: str, start: int, end: int) -> _Mark | None:
    """The longest label of a head, a goal or a tail that stands at `start`, with its bracket and colon."""
    words = lexicon()
    for length in range(min(_LONGEST_LABEL, end - start), _SHORTEST_LABEL - 1, -1):
        word = text[start : start + length]
        if not _may_be_label(word):
            continue
        concept = words.whole_key(word) or _both(word, words)
        if concept is None:
            continue
        stop = start + length
        behind = _BRACKET.match(text, stop, end)
        stop = behind.end() if behind else stop
        return _Mark(start, stop + (text[stop : min(stop + 1, end)] in (":", "：")), concept)
    return None


def _may_be_label(word: str) -> bool:
    """Whether a piece of text begins and ends as labels do: not in a mark, not in a figure."""
    first, last = word[0], word[-1]
    begins = first.isalpha() and not first.isascii()
    ends = last == ")" or not (last.isascii() or last in "：（")
    whole = word.count("(") == word.count(")")
    return begins and ends and whole and len(normalise(word)) >= _SHORTEST_LABEL


def _both(word: str, words: Lexicon) -> str | None:
    """Two labels with a stroke between them: 项目实施单位/项目负责人."""
    parts = word.split("/")
    return words.whole_key(parts[0]) if len(parts) == 2 and all(map(words.whole_key, parts)) else None


def _labels(text: str, start: int, stop: int) -> Iterator[_Mark]:
    named = None
    for mark in _longest_labels(text, start, stop):
        yield _behind_name(text, mark, stop) if named is not None and named.stop < mark.start else mark
        named = mark if mark.concept == "project_name" else None


def _behind_name(text: str, mark: _Mark, stop: int) -> _Mark:
    """The label right behind the name of a project without the word that ends the name (…维护项目 | 主管部门)."""
    size = next((len(word) for word in vocabulary("project_noun") if text.startswith(word, mark.start)), 0)
    shorter = _label_at(text, mark.start + size, stop) if size else None
    return shorter if shorter is not None and shorter.stop == mark.stop else mark


def _longest_labels(text: str, start: int, stop: int) -> Iterator[_Mark]:
    at = start
    while at < stop:
        mark = _label_at(text, at, stop)
        if mark is None:
            at += 1
            continue
        later = (_label_at(text, inside, stop) for inside in range(at + 1, mark.stop))
        longer = next((one for one in later if one is not None and one.stop - one.start > mark.stop - at), None)
        if longer is None:
            yield mark
            at = mark.stop
        else:
            at = longer.start


def _form_start(text: str, runs: Sequence[Sequence[_Mark]]) -> int:
    head = runs[0][0].start if runs else len(text)
    return next((mark.start for mark in _labels(text, 0, head) if mark.concept in HEAD_KEYS | {"total"}), head)


def _cells(glued: GluedText, start: int, stop: int, state: str) -> list[Token]:
    if state == "indicators":
        return list(_indicator_cells(glued, start, stop))
    return list(_label_cells(glued, start, stop, funding=state == "funding"))


def _label_cells(glued: GluedText, start: int, stop: int, *, funding: bool) -> Iterator[Token]:
    """Labels with what stands between them; behind the name of the funds, sources and figures in turn."""
    at = start
    goals = False
    for mark in _labels(glued.text, start, stop):
        if not _is_label_here(glued.text, mark, goals=goals, end=stop):
            continue
        yield from _between(glued, at, mark.start, funding=funding)
        yield glued.token(mark.start, mark.stop)
        goals = goals or mark.concept in _GOALS
        funding = mark.concept == "funding"
        at = mark.stop
    yield from _between(glued, at, stop, funding=funding)


def _is_label_here(text: str, mark: _Mark, *, goals: bool, end: int) -> bool:
    """Inside goals only the words for goals are labels, and the side label right before the heads below."""
    if mark.concept == "side" or mark.stop == end:
        return mark.stop == end
    if goals:
        return mark.concept in _GOALS
    if mark.concept == "funding":
        if any(lexicon().is_funding_total(text[mark.start : mark.stop + more]) for more in range(1, 5)):
            return False
        return text[mark.stop - 1] in ")）:：" or lexicon().knows_source(text[mark.stop : mark.stop + 6])
    return True


def _between(glued: GluedText, start: int, stop: int, *, funding: bool) -> Iterator[Token]:
    if start == stop:
        return
    if not funding:
        yield glued.token(start, stop)
        return
    for match in pattern("glued_money").finditer(glued.text, start, stop):
        name = match.span("label")
        if name[0] < name[1]:
            yield glued.token(*name)
        figures = match.span("figures")
        if figures[0] < figures[1]:
            yield glued.token(*figures, glued=True)


# -- indicators --------------------------------------------------------------------------------------------------------


@cache
def _level() -> regex.Pattern[str]:
    words = lexicon()
    sides = next(concept.words for concept in words.keys if concept.name == "side")
    listed = {word for word in words.level1 | words.level2 | sides if len(word) >= _SHORTEST_LEVEL}
    listed.update(vocabulary("execution_level"))
    alternatives = "|".join(map(regex.escape, sorted(listed, key=lambda word: (-len(word), word))))
    points = pattern("points_behind").pattern
    behind = pattern("not_level_behind").pattern
    return regex.compile(rf"(?:{alternatives})(?!{behind})(?:{points})?")


def _indicator_cells(glued: GluedText, start: int, stop: int) -> Iterator[Token]:
    text = glued.text
    ends = pattern("glued_end").search(text, start, stop)
    end = ends.start() if ends else stop
    at = start
    for match in _level().finditer(text, start, end):
        if _is_name(text, match.end()) or match.start() < at:
            continue
        yield from _names(glued, at, match.start())
        if lexicon().key(match[0]) != "side" or is_level(match[0]):
            yield glued.token(match.start(), match.end())
        at = match.end()
    yield from _names(glued, at, end)
    if ends is None:
        return
    figures = regex.compile(r"[\d.]*").match(text, ends.end())
    if ends["total"]:
        yield glued.token(ends.start(), ends.end())
        if figures and figures[0]:
            yield glued.token(*figures.span(), glued=True)
    rest = (figures.end() if figures and figures[0] else ends.end()) if ends["total"] else ends.start()
    if rest < stop:
        yield from _label_cells(glued, rest, stop, funding=False)


def _is_name(text: str, behind: int) -> bool:
    """Whether a word for a level is the name of an indicator here: its figures follow at once.

    Figures that a name begins with (数量指标120急救电话接听量) are no values.
    """
    return _VALUE_FOLLOWS.match(text, behind) is not None and not pattern("figure_in_name").match(text, behind)


def _names(glued: GluedText, start: int, stop: int) -> Iterator[Token]:
    if start < stop and not lexicon().is_placeholder(glued.text[start:stop]):
        yield glued.token(start, stop, glued=True)
