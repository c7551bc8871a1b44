"""Sentences with their figures: what each is called, what kind it is, which year it speaks of (句中数额)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from operator import itemgetter

import regex

from parsers.document import Paragraph
from parsers.interpret.prose_words import Measure, measure_of, prose_words, unit_class
from schemas.numerals import fold
from schemas.quantities import Mention, find_quantities
from schemas.traditional import simplified
from schemas.units import units
from schemas.vocabulary import pattern, words

_SENTENCE = regex.compile(r"[^。！？!?\n]+[。！？!?]*")
_DUMP_MARK = regex.compile(r"\[(?:bookmark|image)[^\]\n]{0,80}\]")
_MARKS = "，,、 "
_NAME_ENDS = ':：、，,的“”"'
_YEAR = pattern("year")
_YEARS_SPANNED = pattern("years_spanned")
_CLAUSE_END = regex.compile(r"[，；;,。)）]")
_LAST_YEAR = pattern("last_year")
_THIS_YEAR = pattern("this_year")
_CLAUSE = regex.compile(r"[^，；;]*$")
_LEADING_NOISE = pattern("leading_noise")
_DOCUMENT_NUMBER = pattern("document_number")
_COUNTED_NOUN = regex.compile(r"(?:[(（][^()（）]{0,20}[)）])?\p{Han}{1,16}")
_GOT = frozenset(words("score_between"))
"""What stands between the points of something and its score: 预算配置15分得14分."""
_FOUNDING = pattern("founding_year")
_ASIDE = pattern("aside")
_YEAR_BEGINS = pattern("year_begins")
_GROUPED_NUMBER = regex.compile(r"\d{1,3}(?:[,，]\d{3})+(?:\.\d+)?|(?:[,，]?\d{3})+[,，]\d{3}(?:\.\d+)?")
"""A number that stands bare before a name (5,512,640 执行率) is none of its words."""
_BROKEN_NUMBER = pattern("broken_number")
_NAMED_ITEM = pattern("named_item")
_QUOTED = regex.compile(r"《[^《》]*》")
_QUOTED_NAME = regex.compile(r"“(?P<name>[^“”]{2,80})”\s*$")
_AND = "、"
_LISTED = regex.compile(r"[、,，:：]")
_LIST_MARK = regex.compile(r"[；;]")
_LEAD_END = regex.compile(r"[，,；;。:：、()（）]")
_COUNTED_AND = pattern("counted_and")
_COUNTED_LEAD = 10
_LABEL_LENGTH = 40
_YEAR_REACH = 300
_CONTEXT_LENGTH = 600
_DISCRETE = frozenset({"item", "person", "case", "copy", "batch", "session", "times", "person_times", "household"})


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence and where it stands: the paragraph's index, and whether it opens or closes that paragraph.

    `text` is `printed` in simplified characters, one for one.
    """

    text: str
    printed: str
    paragraph: int
    first: bool
    last: bool


@dataclass(frozen=True, slots=True)
class SentenceFigure:
    """A figure in its sentence (句中的数).

    `lead` is the text between the figure before it (or the sentence's start) and this one; `bracket` is the position
    of the innermost bracket that is open around it, -1 for none; `phrase` holds the words that name it.
    """

    found: Mention
    sentence: int
    lead: str
    label: str
    measure: Measure
    year: int | None
    bracket: int
    phrase: str = ""

    @property
    def unit(self) -> str:
        return self.found.quantity.unit


def sentences_of(paragraphs: Sequence[Paragraph]) -> list[Sentence]:
    """The sentences of all paragraphs in order, without the marks that text dumps leave."""
    result = []
    for index, paragraph in enumerate(paragraphs):
        texts = [m[0].strip() for m in _SENTENCE.finditer(_DUMP_MARK.sub("", paragraph.text))]
        texts = [text for text in texts if text]
        result += [Sentence(simplified(text), text, index, i == 0, i == len(texts) - 1) for i, text in enumerate(texts)]
    return result


def sentence_figures(
    sentence: Sentence, index: int, default_year: int | None, unit: str | None = None
) -> list[SentenceFigure]:
    """The figures of sentence number `index` in order.

    `unit` is the unit of money that the heading above tells; it is that of bare numbers with a word for money.
    """
    own = unit_told(sentence.text)
    figures = _figures(sentence.text, index, default_year, own or unit)
    return [figure for figure in figures if own or figure.found.quantity.unit_raw or figure.measure.code]


def _figures(text: str, sentence: int, default_year: int | None, unit: str | None) -> Iterator[SentenceFigure]:
    previous = 0
    before: SentenceFigure | None = None
    named_to: dict[int, int] = {}
    ignored = prose_words().ignored_units
    depths = _brackets(text)
    for found in find_quantities(text, unit):
        lead = text[previous : found.start]
        if found.quantity.unit not in ignored:
            level = depths[found.start]
            printed = _phrase(text, found.start, named_to.get(level, 0), depths)
            if before is not None and _goes_on(before, lead, found):
                printed = before.phrase + printed
            named = _without_counted(before, printed, found)
            phrase = prose_words().changed.sub("", named)
            figure = SentenceFigure(
                found=found,
                sentence=sentence,
                lead=lead,
                label=_label(phrase, text, found) or _before_bracket(text, level, previous, found) or _item_name(text),
                measure=measure_of(phrase, found.quantity.unit),
                year=_year(_before(text, found), default_year),
                bracket=level,
                phrase=phrase,
            )
            if word := _left_behind(figure, text):
                figure = replace(figure, label=word, measure=measure_of(word, figure.unit))
            elif before is not None and named and not phrase and before.unit == figure.unit:
                # 由4.2%下降到3.6%: both are values of one thing.
                figure = replace(figure, label=before.label, measure=before.measure)
            elif before is not None and before.unit == figure.unit and lead.strip() == _AND == phrase.strip():
                # 每人每月100元、200元、300元标准: all are of one name.
                figure = replace(figure, label=before.label, measure=before.measure)
            elif before is not None and _is_its_score(figure, before):
                figure = replace(figure, label=before.label)
            elif name := _name_of_scored(figure, text):
                figure = replace(figure, label=name)
            yield figure
            before, previous = figure, found.end
            named_to[level] = found.end


def _left_behind(figure: SentenceFigure, text: str) -> str:
    """What an amount is that 尚有 leads to, told behind it: 尚有308.8万元未支付; "" for others."""
    if figure.label not in prose_words().still:
        return ""
    balances = next((measure.words for measure in prose_words().measures if measure.code == "balance"), ())
    return next((word for word in balances if text.startswith(word, figure.found.end)), "")


def _is_its_score(figure: SentenceFigure, before: SentenceFigure) -> bool:
    """Whether points are the score of what the points before them are of: 预算配置15分得14分."""
    bare = figure.label in _GOT and figure.lead.strip(_MARKS) in _GOT
    return bare and before.unit == figure.unit


def _goes_on(before: SentenceFigure, lead: str, found: Mention) -> bool:
    """Whether an amount goes on where a count stood in its name: 年初批复预算8个项目985万元."""
    counted = before.unit in _DISCRETE and found.quantity.unit == "wanyuan"
    taken = lead.rstrip().endswith(prose_words().no_names)  # 分2批次将141.8万元…: the name stands behind the amount
    return counted and not taken and len(lead) <= _COUNTED_LEAD and not _LEAD_END.search(lead)


def _without_counted(before: SentenceFigure | None, phrase: str, found: Mention) -> str:
    """A phrase without the noun that the count before it counted: 28个展区以及174台拼接屏."""
    if before is None or before.unit not in _DISCRETE or found.quantity.unit not in _DISCRETE:
        return phrase
    return _COUNTED_AND.sub("", phrase)


def _before_bracket(text: str, bracket: int, previous: int, found: Mention) -> str:
    """The name in quotation marks before a bracket that begins with the figure: “某水库除险加固”（723万元）."""
    if bracket < previous or text[bracket + 1 : found.start].strip():
        return ""
    match = _QUOTED_NAME.search(text, previous, bracket)
    return match["name"][-_LABEL_LENGTH:] if match else ""


def _item_name(text: str) -> str:
    """The name of the item that a sentence begins with: (1)制度健全性：…，得2分."""
    match = _NAMED_ITEM.match(text)
    return match["name"].strip() if match else ""


def _name_of_scored(figure: SentenceFigure, text: str) -> str:
    """The name of the item or indicator that a bare score is of; "" for other figures, and where none is told."""
    if figure.label in _GOT:
        return _item_name(text)
    return _told_name(text[: figure.found.start]) if figure.label in prose_words().told.score_words else ""


def _told_name(before: str) -> str:
    """The name of the indicator that a score is told of: 群众满意度，年初目标值≥90%，…，自评得分20分."""
    piece = _LIST_MARK.split(before)[-1]
    match = pattern("told_item", target_word=prose_words().told.target_words).match(piece)
    return match["name"].strip() if match else ""


def _before(text: str, found: Mention) -> str:
    """What stands before a figure and may name its year: for points not what is quoted, never a year of founding.

    What a bracket before it adds of another year (含2022年结转的项目5个) holds within the bracket only.
    """
    before = _FOUNDING.sub(_blank, text[max(0, found.start - _YEAR_REACH) : found.start])
    before = _ASIDE.sub(_blank, before)
    return _QUOTED.sub(_blank, before) if unit_class(found.quantity.unit) == "point" else before


def _blank(match: regex.Match[str]) -> str:
    return " " * len(match[0])


def unit_told(text: str) -> str | None:
    """The unit of money that a sentence states once for its figures: （单位：万元）."""
    match = prose_words().unit_told.search(text)
    return match["unit"] if match else None


def _brackets(text: str) -> list[int]:
    """For every position, where the innermost bracket around it opens; -1 outside of all."""
    opened: list[int] = []
    inside = []
    for index, character in enumerate(text):
        if character in ")）" and opened:
            opened.pop()
        inside.append(opened[-1] if opened else -1)
        if character in "(（":
            opened.append(index)
    return inside


def _phrase(text: str, end: int, previous: int, depths: Sequence[int]) -> str:
    """The words right before a figure, back to the end of the clause; brackets in between are left out."""
    level = depths[end]
    picked: list[str] = []
    for index in range(end - 1, max(level, previous - 1, end - 200), -1):
        character = text[index]
        if depths[index] != level or character in ")）" or (character in "(（" and index != level):
            continue
        if character in "，；;。" or (character == "," and not text[index - 1 : index].isdecimal()):
            break
        picked.append(character)
    phrase = "".join(reversed(picked))
    for opener in prose_words().openers:
        at = phrase.rfind(opener)
        if at >= 0:
            phrase = phrase[at + len(opener) :]
    return phrase


def _label(phrase: str, text: str, found: Mention) -> str:
    """The name of a figure: its phrase without year, connectives and the verb to be; a count with what is counted."""
    name = name_of(phrase)
    name = "" if name in prose_words().no_names else name
    if found.quantity.unit in _DISCRETE or not name:
        noun = _COUNTED_NOUN.match(text, found.end)
        name += _noun(noun[0]) if noun else ""
    return _shortened(name)


def _shortened(name: str) -> str:
    """The end of a long name, from where one of the things it lists begins, if that is not far."""
    end = name[-_LABEL_LENGTH:]
    begins = _LISTED.search(end, 0, _LABEL_LENGTH // 2) if len(name) > _LABEL_LENGTH else None
    return end[begins.end() :] if begins else end


def _noun(printed: str) -> str:
    """What a count is of; nothing where a verb follows it at once (分2批次将…)."""
    noun = _first_of(printed).strip("".join(words("name_trim")))
    return "" if noun in prose_words().no_names else noun


def _first_of(noun: str) -> str:
    """The noun before a word that joins another one to it: 展区以及…"""
    for joint in words("and_also"):
        noun = noun.partition(joint)[0] or noun
    return noun


def name_of(phrase: str) -> str:
    """The name in a phrase: without year, list number, connectives and the verb to be."""
    name = _GROUPED_NUMBER.split("".join(phrase.split()))[-1]
    name = _DOCUMENT_NUMBER.sub("", _BROKEN_NUMBER.sub("", name)).rstrip(":：")
    name = _behind_colon(name)
    name = _behind_speaker(name[name.rfind("》") + 1 :] or name)
    while name not in prose_words().sums and (shorter := _shorter(name)) != name:
        name = shorter
    return name.replace("”", "") if "“" not in name else name


def _behind_colon(name: str) -> str:
    """What stands behind the last colon, unless that is a connective only: 资金总额及构成：共."""
    at = max(name.rfind(":"), name.rfind("："))
    behind = name[at + 1 :]
    return name[:at] if at > 0 and behind in prose_words().trailing else behind


def _behind_speaker(name: str) -> str:
    """A name from the words for the one who speaks on: …情况我单位2017年项目支出决算."""
    ends = [name.rfind(word) + len(word) for word in prose_words().speakers if word in name]
    return name[max(ends) :] or name if ends else name


def _shorter(name: str) -> str:
    """The name without one more word that belongs to the sentence, not to the name; never empty."""
    words = prose_words()
    noise = _LEADING_NOISE.match(name)
    if noise and noise.end() < len(name):
        return name[noise.end() :]
    leading = next((word for word in words.leading if name.startswith(word) and len(word) < len(name)), "")
    if leading:
        return name[len(leading) :]
    plain = name.rstrip(_NAME_ENDS)
    if units().approximate_not.ending(plain):
        return plain
    if plain.endswith(words.kept_endings):
        return plain
    trailing = next((word for word in words.trailing if plain.endswith(word) and len(word) < len(plain)), "")
    return plain[: len(plain) - len(trailing)]


def _year(before: str, default: int | None) -> int | None:
    """The last year named before a figure in its sentence, or 上年 and 今年 in its clause; else the report's year.

    What its clause says of several years (2021—2023年总投资…) is of no single one; how long a project runs is no year.
    """
    folded = fold(before)
    spans = [match for match in _YEARS_SPANNED.finditer(folded) if match["first"] != match["last"]]
    plain = folded
    for span in spans:
        plain = plain[: span.start()] + " " * len(span[0]) + plain[span.end() :]
    named: list[tuple[int, int | None]] = [
        (match.start(), int(match[1])) for match in _YEAR.finditer(plain) if _reaches_end(plain, match)
    ]
    named += [(span.start(), None) for span in spans if not _CLAUSE_END.search(folded, span.end())]
    if default is not None:
        clause = _CLAUSE.search(before)
        at = clause.start() if clause else 0
        named += [(match.start(), default - 1) for match in _LAST_YEAR.finditer(before, at)]
        named += [(match.start(), default) for match in _THIS_YEAR.finditer(before, at)]
    return max(named, key=itemgetter(0))[1] if named else default


def _reaches_end(before: str, year: regex.Match[str]) -> bool:
    """Whether a year within a clause is of the clause that ends what stands before the figure: no semicolon between."""
    return _YEAR_BEGINS.search(before[: year.start()]) is not None or _LIST_MARK.search(before, year.end()) is None


def context_of(text: str) -> str:
    """The sentence as it is kept with its figures, at most a few hundred characters."""
    return text[:_CONTEXT_LENGTH]
