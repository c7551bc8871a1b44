"""Compositions in sentences (构成): a total and its parts after 其中 or in brackets, a sum after its parts, shares.

Which figures belong to a list is read from the words and marks between them. Where two readings are possible (a second
其中 without a semicolon after its list), the one whose numbers add up is taken, and none where neither does: what is
ambiguous is left without a composition rather than accused.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from parsers.interpret.prose_joints import (
    CLAUSE_END,
    LIST_NUMBER,
    SEMICOLON,
    follows,
    is_comparison,
    is_plan,
    opener,
    opens_behind_amount,
    opens_clause_inside,
    opens_inside_amount,
    plain,
    related,
    sum_word,
)
from parsers.interpret.prose_sentences import Sentence, SentenceFigure
from parsers.interpret.prose_words import prose_words, unit_class
from schemas.intervals import Interval
from schemas.records import AmountRole
from schemas.vocabulary import pattern

_YEAR = pattern("year")
_YEAR_FIRST = pattern("year_prefix")
_BASE = pattern("share_base")
_PLAIN_LEAD = 45
_IN_ORDER = pattern("told_in_order")
_JOINS = pattern("joins_figures")
_SHARE_VERB = pattern("share_verb")
_NAMING = 3
"""Letters before 占 from which they name something, and are no mere adverb (约占, 共占)."""
_LONGEST_LIST = 60


@dataclass(slots=True)
class Compositions:
    """What was found: by index of the figure, the composition it is total of, or part of, and its parent figure."""

    roles: dict[int, AmountRole] = field(default_factory=dict)
    total_of: dict[int, int] = field(default_factory=dict)
    part_of: dict[int, int] = field(default_factory=dict)
    parent: dict[int, int] = field(default_factory=dict)
    share_of: dict[int, int] = field(default_factory=dict)
    """Of each share, the figure that it is the share of its total of."""
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


def compositions(figures: Sequence[SentenceFigure], sentences: Sequence[Sentence]) -> Compositions:
    """Every composition that the figures, in order, are said to form."""
    return _Reader(figures, sentences).read()


@dataclass(slots=True)
class _Reader:
    figures: Sequence[SentenceFigure]
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
        """Whether this figure is the first part of a list: 其中, a colon, or a bracket around several."""
        figure = self.figures[index]
        if opener(figure.lead) or opens_behind_amount(self.figures[max(0, index - 1) : index + 2], figure):
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
        if figure.sentence == 0 or not sentence.first or not LIST_NUMBER.match(sentence.text):
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
        if not self.opens_paragraph(first) and not self.follows_a_list(first, nearest):
            self.found.add(nearest, self.certain(first, parts), "total")

    def follows_a_list(self, first: int, nearest: int) -> bool:
        """`…，公用经费200万元；其中：…`: behind a list the parts are rather the whole's than those of its last part."""
        return nearest in self.found.parent and SEMICOLON.search(self.figures[first].lead) is not None

    def opens_paragraph(self, first: int) -> bool:
        """Whether a paragraph begins with 其中: a list of what the one above ends with, where it adds up."""
        figure = self.figures[first]
        return self.sentences[figure.sentence].first and self.is_first_in_sentence(first) and opener(figure.lead)

    def fitting(self, first: int, parts: list[int], total: int) -> list[int]:
        """The reading of a list that adds up to `total`; none where none does.

        What stands in later sentences may belong to the list, and so may a bare 增加: only where it makes the sum.
        """
        certain = self.certain(first, parts)
        begun = [parts[:end] for end in range(1, len(parts) + 1)]
        named = [[part for part in some if not self.is_bare_change(part)] for some in begun]
        readings = [certain, *named, *begun]
        longer = (reading for reading in readings if len(reading) >= len(certain))
        # 其中：…；用于…，实际到位…: another list of the total may follow, or what became of it.
        clauses = (parts[:end] for end in range(1, len(parts)) if self.may_be_apart(parts[end], total))
        return next((reading for reading in (*longer, *clauses) if self.add_up(reading, total)), [])

    def may_be_apart(self, index: int, total: int) -> bool:
        """Whether a figure may begin something else: another kind of money, another clause, the total once more."""
        figure = self.figures[index]
        again = figure.found.quantity.value == self.figures[total].found.quantity.value
        return again or figure.measure.separates or SEMICOLON.search(figure.lead) is not None

    def certain(self, first: int, parts: list[int]) -> list[int]:
        """The parts that are certainly of the list: those of its own sentence, or of the numbered list that it is.

        A list with commas between its parts ends at the semicolon.
        """
        numbered = LIST_NUMBER.match(self.sentences[self.figures[first].sentence].text)
        home = self.figures[first].sentence
        own = parts if numbered and self.is_first_in_sentence(first) else [p for p in parts if self.own(p, home)]
        marks = [at for at, part in enumerate(own) if at and SEMICOLON.search(self.figures[part].lead)]
        with_commas = bool(marks) and marks[0] > 1
        return [part for part in own[: marks[0] if with_commas else None] if not self.is_bare_change(part)]

    def own(self, part: int, home: int) -> bool:
        return self.figures[part].sentence == home

    def is_bare_change(self, index: int) -> bool:
        """`，增加60万元`: the change of what was named before it, rather than a part of its own."""
        return self.figures[index].label in prose_words().change_verbs

    def totals_before(self, first: int) -> list[int]:
        """Figures the list may be of, nearest first: same unit and bracket level, at most one sentence back."""
        figure = self.figures[first]
        home = self.sentences[figure.sentence].paragraph
        above = self.opens_after_colon(first) or self.opens_paragraph(first)
        found: list[int] = []
        for index in range(first - 1, max(-1, first - 12), -1):
            candidate = self.figures[index]
            if figure.sentence - candidate.sentence > 1:
                break
            if self.sentences[candidate.sentence].paragraph != home and not above:
                break
            if is_comparison(candidate) or self.is_bare_change(index):
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
            if figure.unit != start.unit or figure.bracket != start.bracket or is_comparison(figure):
                continue
            if parts:
                if opener(figure.lead):
                    return parts, index
                if self.opened_inside(index) is not None or opens_clause_inside(figure.lead):
                    break
                if self.begins_with_year(index, start) or is_plan(figure):
                    break
                if self.is_sum(index) or (figure.measure.separates and figure.measure.code not in expected):
                    break
                if (whole.measure.code, figure.measure.code) == ("executed", "balance"):
                    break  # what is left over is no part of what was spent
            parts.append(index)
        return parts, None

    def begins_with_year(self, index: int, start: SentenceFigure) -> bool:
        """Whether a statement begins at once behind a figure: …其他资金86万元2023年支出120万元. Lists by year go on."""
        return _YEAR_FIRST.match(self.figures[index].lead) is not None and not _YEAR.search(start.lead)

    def continues(self, index: int, last: int) -> bool:
        """Whether a list goes on in the next sentence: that starts with a short name and its amount, no more."""
        figure, before = self.figures[index], self.figures[last]
        sentence = self.sentences[figure.sentence]
        words = sentence.text[: figure.found.start]
        if not self.is_first_in_sentence(index) or figure.sentence - before.sentence != 1:
            return False
        if figure.unit != before.unit or len(words) > _PLAIN_LEAD or CLAUSE_END.search(words) or _YEAR.search(words):
            return False
        if self.sentences[before.sentence].paragraph == sentence.paragraph:
            return True
        return follows(self.sentences[before.sentence].text, sentence.text)

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
            if SEMICOLON.search(self.figures[inner_total].lead):  # another clause: its list stands for itself
                self.nested.difference_update(tail)
            return []
        self.found.add(inner_total, tail[:split], "total")
        return tail[split:]

    def starts_anew(self, before: int, index: int) -> bool:
        return self.figures[before].sentence != self.figures[index].sentence or bool(
            SEMICOLON.search(self.figures[index].lead)
        )

    # -- parts of a named figure: 基本支出中，人员经费… ----------------------------------------------------------------

    def opened_inside(self, index: int) -> int | None:
        """The figure whose parts this one begins: `X中，` before it, X a figure before; or `X320万元中，`."""
        if opens_inside_amount(self.figures[index].lead) and not self.is_first_in_sentence(index):
            return index - 1
        match = prose_words().inside.search(self.figures[index].lead)
        if match is None:
            return None
        whole = self.named(plain(match["name"]), index)
        # Without a comma (工程费中清淤180万元) only the very name opens its parts.
        exact = whole is not None and self.figures[whole].label == plain(match["name"])
        return whole if match["comma"] or exact else None

    # -- sums after their parts ------------------------------------------------------------------------------------

    def is_sum(self, index: int) -> bool:
        return sum_word(self.figures[index].lead) is not None

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
            alike = (candidate.unit, candidate.bracket) == (figure.unit, figure.bracket)
            if alike and not is_comparison(candidate):
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
        if _IN_ORDER.search(figure.lead):
            self.shares_in_order(index, plain(match["base"]))
            return
        base, part = plain(match["base"]), self.named_part(index)
        if part is None:
            return
        numerator = self.figures[part]
        if numerator.sentence != figure.sentence or unit_class(numerator.unit) == "percent":
            return
        total = self.found.parent.get(part)
        if total is None:
            total = self.named(base, part)
            if total is None or total in self.found.total_of:
                return
            self.found.add(total, [part], "total")
        elif base not in prose_words().generic_bases and not related(base, plain(self.figures[total].label)):
            return
        self.found.join(index, total, "share")
        self.found.share_of[index] = part

    def shares_in_order(self, index: int, base: str) -> None:
        """`甲2160万元、乙4752万元、丙1728万元，分别占25%、55%、20%`: each of its place in the list before."""
        end = index + 1
        while end < len(self.figures) and _JOINS.fullmatch(self.figures[end].lead):
            end += 1
        parts = self.parts_before(index)[index - end :]
        whole = {self.found.parent.get(part) for part in parts}
        total = whole.pop() if len(whole) == 1 else None
        told = base in prose_words().generic_bases or total is None or related(base, plain(self.figures[total].label))
        if total is None or len(parts) != end - index or not told:
            return
        for share, part in zip(range(index, end), parts, strict=True):
            self.found.join(share, total, "share")
            self.found.share_of[share] = part

    def parts_before(self, index: int) -> list[int]:
        """The parts of lists that stand before a figure in its sentence."""
        home = self.figures[index].sentence
        return [at for at in self.found.parent if at < index and self.figures[at].sentence == home]

    def named_part(self, index: int) -> int | None:
        """The figure that a share is of: the last before it; 技术人员占比85% names its own, which may be none."""
        nearest = self.before_brackets(index)
        figure = self.figures[index]
        clause = CLAUSE_END.split(figure.lead)[-1]
        name = plain(clause[: max((verb.start() for verb in _SHARE_VERB.finditer(clause)), default=0)])
        if len(name) < _NAMING or related(name, plain(self.figures[nearest].label)):
            return nearest
        before = (at for at in range(index - 1, -1, -1) if self.figures[at].sentence == figure.sentence)
        alike = (at for at in before if unit_class(self.figures[at].unit) != "percent")
        return next((at for at in alike if plain(self.figures[at].label).endswith(name)), None)

    def before_brackets(self, index: int) -> int:
        """The figure that a share is of: the last before it, but for those of a bracket closed between them."""
        sentence, level = self.figures[index].sentence, self.figures[index].bracket
        for before in range(index - 1, -1, -1):
            if self.figures[before].sentence != sentence:
                break
            if self.figures[before].bracket == level:
                return before
        return index - 1

    def named(self, base: str, part: int) -> int | None:
        """The figure before `part`, in its unit, that `base` names: of another paragraph only by its very name."""
        home = self.sentences[self.figures[part].sentence].paragraph
        for index in range(part - 1, max(-1, part - _LONGEST_LIST), -1):
            candidate = self.figures[index]
            at_home = self.sentences[candidate.sentence].paragraph == home
            names = related if at_home else operator.eq
            if candidate.unit == self.figures[part].unit and base and names(base, plain(candidate.label)):
                return index
        return None
