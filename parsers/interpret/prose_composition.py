"""Compositions in sentences (构成): a total and its parts after 其中 or in brackets, a sum after its parts, shares.

Which figures belong to a list is read from the words and marks between them. Where two readings are possible (a second
其中 without a semicolon after its list), the one whose numbers add up is taken, and none where neither does: what is
ambiguous is left without a composition rather than accused.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import regex

from parsers.interpret.prose_sentences import Figure, Sentence
from parsers.interpret.prose_words import prose_words, unit_class
from schemas.intervals import Interval
from schemas.numerals import fold, read_numeral
from schemas.records import AmountRole
from schemas.vocabulary import pattern, words

_SEMICOLON = regex.compile(r"[；;]")
_CLAUSE_END = regex.compile(r"[，；;。,]")
_LIST_NUMBER = pattern("list_mark")
_YEAR = pattern("year")
_BASE = pattern("share_base")
_PLAIN_LEAD = 45
_LONGEST_LIST = 60
_SUM_REACH = 8
"""Characters between a word for a sum and its figure; `_SUM_OPENS` where the clause begins with the word."""
_SUM_OPENS = 20


@dataclass(slots=True)
class Compositions:
    """What was found: by index of the figure, the composition it is total of, or part of, and its parent figure."""

    roles: dict[int, AmountRole] = field(default_factory=dict)
    total_of: dict[int, int] = field(default_factory=dict)
    part_of: dict[int, int] = field(default_factory=dict)
    parent: dict[int, int] = field(default_factory=dict)
    count: int = 0

    def add(self, total: int, parts: Iterable[int], role: AmountRole) -> None:
        """A composition of figure `total`; nothing happens when it already is one, or a part belongs elsewhere."""
        free = [part for part in parts if part not in self.part_of and part != total]
        if not free or total in self.total_of:
            return
        self.total_of[total], self.roles[total] = self.count, role
        for part in free:
            self.join(part, total, "part")
        self.count += 1

    def join(self, part: int, total: int, role: AmountRole) -> None:
        self.part_of[part], self.parent[part] = self.total_of[total], total
        self.roles.setdefault(part, role)


def compositions(figures: Sequence[Figure], sentences: Sequence[Sentence]) -> Compositions:
    """Every composition that the figures, in order, are said to form."""
    return _Reader(figures, sentences).read()


@dataclass(slots=True)
class _Reader:
    figures: Sequence[Figure]
    sentences: Sequence[Sentence]
    found: Compositions = field(default_factory=Compositions)
    nested: set[int] = field(default_factory=set)

    def read(self) -> Compositions:
        for index, figure in enumerate(self.figures):
            kind = unit_class(figure.unit)
            if kind == "percent":
                self.share(index)
            elif kind == "point":
                continue
            elif index not in self.nested and self.opens_list(index):
                self.list_from(index)
            elif (whole := self.opened_inside(index)) is not None:
                self.found.add(whole, self.certain(index, self.members(index, whole)[0]), "total")
            elif self.is_sum(index):
                self.sum_at(index)
        return self.found

    # -- lists after 其中 or in brackets ----------------------------------------------------------------------------

    def opens_list(self, index: int) -> bool:
        """Whether this figure is the first part of a list: 其中 before it, or first of several in a bracket."""
        figure = self.figures[index]
        if _opener(figure.lead):
            return True
        if figure.bracket >= 0 and self.is_first_in_bracket(index):
            following = self.figures[index + 1] if index + 1 < len(self.figures) else None
            return (
                following is not None
                and following.sentence == figure.sentence
                and (following.bracket, following.unit) == (figure.bracket, figure.unit)
                and self.is_amount_before_bracket(index)
            )
        return self.opens_after_colon(index)

    def is_first_in_bracket(self, index: int) -> bool:
        before = self.figures[index - 1] if index else None
        figure = self.figures[index]
        return before is None or before.sentence != figure.sentence or before.bracket != figure.bracket

    def is_amount_before_bracket(self, index: int) -> bool:
        before, figure = self.figures[index - 1] if index else None, self.figures[index]
        return before is not None and before.sentence == figure.sentence and 0 <= figure.bracket - before.found.end <= 1

    def opens_after_colon(self, index: int) -> bool:
        """`支出100万元，其中：` at a paragraph's end, and the parts as a numbered list below."""
        figure = self.figures[index]
        sentence = self.sentences[figure.sentence]
        if figure.sentence == 0 or not sentence.first or not _LIST_NUMBER.match(sentence.text):
            return False
        before = self.sentences[figure.sentence - 1].text.rstrip("：: ，,")
        return before.endswith(prose_words().openers) and self.is_first_in_sentence(index)

    def is_first_in_sentence(self, index: int) -> bool:
        return index == 0 or self.figures[index - 1].sentence != self.figures[index].sentence

    def list_from(self, first: int) -> None:
        candidates = self.totals_before(first)
        if not candidates:
            return
        nearest = candidates[0]
        parts, nested_at = self.members(first, nearest)
        if nested_at is not None and parts:
            parts += self.nested_list(parts, nested_at, nearest)
        for total in candidates:
            if fitting := self.fitting(first, parts, total):
                self.found.add(total, fitting, "total")
                return
        self.found.add(nearest, self.certain(first, parts), "total")

    def fitting(self, first: int, parts: list[int], total: int) -> list[int]:
        """The reading of a list that adds up to `total`; none where none does.

        What stands in later sentences may belong to the list, and so may a bare 增加: only where it makes the sum.
        """
        certain = self.certain(first, parts)
        begun = [parts[:end] for end in range(1, len(parts) + 1)]
        named = [[part for part in some if not self.is_bare_change(part)] for some in begun]
        readings = [certain, *named, *begun]
        longer = (reading for reading in readings if len(reading) >= len(certain))
        # 其中：…；用于…: behind a semicolon may stand another list of the same total.
        clauses = (parts[:end] for end in range(1, len(parts)) if _SEMICOLON.search(self.figures[parts[end]].lead))
        return next((reading for reading in (*longer, *clauses) if self.add_up(reading, total)), [])

    def certain(self, first: int, parts: list[int]) -> list[int]:
        """The parts that are certainly of the list: those of its own sentence, or of the numbered list that it is."""
        numbered = _LIST_NUMBER.match(self.sentences[self.figures[first].sentence].text)
        home = self.figures[first].sentence
        own = parts if numbered and self.is_first_in_sentence(first) else [p for p in parts if self.own(p, home)]
        return [part for part in own if not self.is_bare_change(part)]

    def own(self, part: int, home: int) -> bool:
        return self.figures[part].sentence == home

    def is_bare_change(self, index: int) -> bool:
        """`，增加60万元`: the change of what was named before it, rather than a part of its own."""
        return self.figures[index].label in prose_words().change_verbs

    def totals_before(self, first: int) -> list[int]:
        """Figures the list may be of, nearest first: same unit and bracket level, at most one sentence back."""
        figure = self.figures[first]
        home = self.sentences[figure.sentence].paragraph
        colon = self.opens_after_colon(first)
        found: list[int] = []
        for index in range(first - 1, max(-1, first - 12), -1):
            candidate = self.figures[index]
            if figure.sentence - candidate.sentence > 1:
                break
            if self.sentences[candidate.sentence].paragraph != home and not colon:
                break
            if _is_comparison(candidate):
                continue
            outside = figure.bracket >= 0 and candidate.bracket != figure.bracket
            if candidate.unit == figure.unit and (candidate.bracket == figure.bracket or outside):
                if outside:
                    return [*found, index] if figure.bracket - candidate.found.end <= 1 else found
                found.append(index)
        return found

    def members(self, first: int, total: int) -> tuple[list[int], int | None]:
        """The parts from `first` on, and where a list inside the list opens, if one does."""
        parts: list[int] = []
        start, whole = self.figures[first], self.figures[total]
        expected = {start.measure.code, whole.measure.code}
        for index in range(first, min(len(self.figures), first + _LONGEST_LIST)):
            figure = self.figures[index]
            if parts and figure.sentence != self.figures[parts[-1]].sentence and not self.continues(index, parts[-1]):
                break
            if start.bracket >= 0 and figure.bracket < start.bracket:
                break
            if figure.unit != start.unit or figure.bracket != start.bracket or _is_comparison(figure):
                continue
            if parts:
                if _opener(figure.lead):
                    return parts, index
                if self.opened_inside(index) is not None or _opens_clause_inside(figure.lead):
                    break
                if self.is_sum(index) or (figure.measure.separates and figure.measure.code not in expected):
                    break
                if (whole.measure.code, figure.measure.code) == ("executed", "balance"):
                    break  # what is left over is no part of what was spent
            parts.append(index)
        return parts, None

    def continues(self, index: int, last: int) -> bool:
        """Whether a list goes on in the next sentence: that starts with a short name and its amount, no more."""
        figure, before = self.figures[index], self.figures[last]
        sentence = self.sentences[figure.sentence]
        words = sentence.text[: figure.found.start]
        if not self.is_first_in_sentence(index) or figure.sentence - before.sentence != 1:
            return False
        if figure.unit != before.unit or len(words) > _PLAIN_LEAD or _CLAUSE_END.search(words) or _YEAR.search(words):
            return False
        if self.sentences[before.sentence].paragraph == sentence.paragraph:
            return True
        return _follows(self.sentences[before.sentence].text, sentence.text)

    def nested_list(self, parts: list[int], at: int, total: int) -> list[int]:
        """A list inside a list: adds it to its own total, and returns the parts of the outer list after it."""
        inner_total = parts[-1]
        tail, _ = self.members(at, inner_total)
        self.nested.update(tail)
        marks = [i for i in range(1, len(tail)) if self.starts_anew(tail[i - 1], tail[i])]
        if marks:
            split: int | None = marks[0]
        else:
            fitting = [i for i in range(1, len(tail) + 1) if self.add_up(tail[:i], inner_total)]
            whole = [i for i in fitting if self.add_up(parts + tail[i:], total)]
            split = next(iter(whole or fitting), None)
        if split is None:
            return []
        self.found.add(inner_total, tail[:split], "total")
        return tail[split:]

    def starts_anew(self, before: int, index: int) -> bool:
        return self.figures[before].sentence != self.figures[index].sentence or bool(
            _SEMICOLON.search(self.figures[index].lead)
        )

    # -- parts of a named figure: 基本支出中，人员经费… ----------------------------------------------------------------

    def opened_inside(self, index: int) -> int | None:
        """The figure whose parts this one begins, where `X中，` stands before it and X is one of the figures before."""
        match = prose_words().inside.search(self.figures[index].lead)
        if match is None:
            return None
        whole = self.named(_plain(match["name"]), index)
        # Without a comma (工程费中清淤180万元) only the very name opens its parts.
        exact = whole is not None and self.figures[whole].label == _plain(match["name"])
        return whole if match["comma"] or exact else None

    # -- sums after their parts ------------------------------------------------------------------------------------

    def is_sum(self, index: int) -> bool:
        return _sum_word(self.figures[index].lead) is not None

    def sum_at(self, index: int) -> None:
        figure = self.figures[index]
        parts = self.alike_before(index, figure.sentence)
        if not parts and self.is_first_in_sentence(index):
            self.sum_of_sentence_before(index)
            return
        alike = [part for part in parts if self.figures[part].measure.code == figure.measure.code != ""]
        parts = alike if len(alike) > 1 else parts
        fitting = [parts[i:] for i in range(len(parts) - 1) if self.add_up(parts[i:], index)]
        if fitting:
            self.found.add(index, fitting[0], "sum")
        elif len(parts) > 1 and self.is_plain_list(parts):
            self.found.add(index, parts, "sum")

    def alike_before(self, index: int, sentence: int) -> list[int]:
        """The figures of a sentence that stand before `index` and may be what it adds up."""
        figure = self.figures[index]
        parts: list[int] = []
        for before in range(index - 1, max(-1, index - _LONGEST_LIST), -1):
            candidate = self.figures[before]
            if candidate.sentence != sentence or self.found.roles.get(before) == "sum":
                break
            if (candidate.unit, candidate.bracket) == (figure.unit, figure.bracket):
                parts.insert(0, before)
        return parts

    def sum_of_sentence_before(self, index: int) -> None:
        """`…36万元；…3万元。共计下达…`: the list of the sentence before, where it makes the sum."""
        parts = self.alike_before(index, self.figures[index].sentence - 1)
        free = not any(part in self.found.roles for part in parts)
        if len(parts) > 1 and free and self.add_up(parts, index):
            self.found.add(index, parts, "sum")

    def is_plain_list(self, parts: Sequence[int]) -> bool:
        """Whether figures that do not add up are certainly what the sum speaks of."""
        if any(part in self.found.roles for part in parts):
            return False
        kinds = {self.figures[part].measure.code for part in parts if self.figures[part].measure.separates}
        return len(kinds) <= 1

    def add_up(self, parts: Sequence[int], total: int) -> bool:
        if not parts:
            return False
        amounts = [self._signed(part) for part in parts]
        added = amounts[0]
        for amount in amounts[1:]:
            added = added + amount
        return added.meets(self.figures[total].found.quantity.interval)

    def _signed(self, index: int) -> Interval:
        interval = self.figures[index].found.quantity.interval
        return Interval(-interval.high, -interval.low) if self.figures[index].measure.code == "reduced" else interval

    # -- shares ----------------------------------------------------------------------------------------------------

    def share(self, index: int) -> None:
        """`75.65万元，占基本支出的56.92%`: a share of the total that is named, or of the list it stands in."""
        figure = self.figures[index]
        match = _BASE.search(figure.lead[-_PLAIN_LEAD:].rstrip())
        if match is None or index == 0:
            return
        base, part = _plain(match["base"]), index - 1
        numerator = self.figures[part]
        if numerator.sentence != figure.sentence or unit_class(numerator.unit) == "percent":
            return
        total = self.found.parent.get(part)
        if total is None:
            total = self.named(base, part)
            if total is None or total in self.found.total_of:
                return
            self.found.add(total, [part], "total")
        elif base not in prose_words().generic_bases and not _related(base, _plain(self.figures[total].label)):
            return
        self.found.join(index, total, "share")

    def named(self, base: str, part: int) -> int | None:
        """The figure before `part`, in its unit and paragraph, that `base` names."""
        home = self.sentences[self.figures[part].sentence].paragraph
        for index in range(part - 1, max(-1, part - _LONGEST_LIST), -1):
            candidate = self.figures[index]
            if self.sentences[candidate.sentence].paragraph != home:
                return None
            if candidate.unit == self.figures[part].unit and base and _related(base, _plain(candidate.label)):
                return index
        return None


def _follows(text: str, following: str) -> bool:
    """Whether two paragraphs are neighbours in one numbered list (1. … 2. …)."""
    first, second = _LIST_NUMBER.match(text), _LIST_NUMBER.match(following)
    if first is None or second is None or first["number"].isdecimal() != second["number"].isdecimal():
        return False
    one, two = read_numeral(fold(first["number"])), read_numeral(fold(second["number"]))
    return first["close"] == second["close"] and one is not None and two is not None and two.value == one.value + 1


def _opener(lead: str) -> bool:
    """Whether a word that opens a list of parts (其中) stands between the last figure and this one's name."""
    clause = _SEMICOLON.split(lead)[-1]
    for opener in prose_words().openers:
        at = clause.rfind(opener)
        if at >= 0:
            return not _CLAUSE_END.search(clause[at + len(opener) :].lstrip("：:，, "))
    return False


def _opens_clause_inside(lead: str) -> bool:
    """Whether `基本支出中，` stands before a figure."""
    match = prose_words().inside.search(lead)
    return match is not None and bool(match["comma"])


def _is_comparison(figure: Figure) -> bool:
    """`比上年增加60万元`, `与上年相比减少5万元`: what something differs by, never a part or a total of a list."""
    words = prose_words()
    if figure.label.startswith(words.comparisons):
        return True
    clause = _CLAUSE_END.split(figure.lead)[-1]
    return figure.label.endswith(words.change_verbs) and any(word in clause for word in words.comparisons)


def _sum_word(lead: str) -> str | None:
    clause = _CLAUSE_END.split(lead)[-1].strip()
    for word in prose_words().sums:
        at = clause.rfind(word)
        reach = _SUM_OPENS if at == 0 else _SUM_REACH
        if at >= 0 and len(clause) - at - len(word) <= reach:
            return word
    return None


def _plain(name: str) -> str:
    return "".join(name.split()).strip("".join(words("name_trim")))


def _related(base: str, label: str) -> bool:
    """Whether two names name one thing: one contains the other, or the same words stand in another order."""
    contained = base in label or label in base
    return min(len(base), len(label)) > 1 and (contained or sorted(base) == sorted(label))
