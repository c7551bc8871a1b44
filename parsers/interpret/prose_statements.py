"""What sentences and cover lines say about the evaluation as a whole (总体陈述): score, grade, name, year, date."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import pairwise

import regex

from parsers.document import Paragraph, Place
from parsers.interpret.head import grade_of
from parsers.interpret.not_reports import unquoted
from parsers.interpret.prose_respectively import figures_of
from parsers.interpret.prose_scores import total_score
from parsers.interpret.prose_sentences import sentences_of
from parsers.interpret.prose_words import prose_words
from parsers.interpret.titles import (
    is_office,
    may_publish,
    opening_names,
    publisher_in,
    says_where,
    short_named_office,
    title_parts,
)
from schemas.lexicon import Lexicon, lexicon
from schemas.numerals import fold, plain_digits, read_numeral
from schemas.traditional import as_printed, simplified
from schemas.vocabulary import names_any, pattern, words

_HAN_DATE = pattern("han_date")
_DATE_LINE = pattern("date_line")
_LONGEST_SENTENCE = 600
_SCALE = pattern("score_scale")
_TITLE_LENGTH = 80
_HALF_TITLE = 45
_BRACKETS = ("(", "（")
_OPENING = 12
"""Paragraphs at the beginning that introduce a report."""
_PAGE_TOP = 30
"""Lines at the top of a web page that may be its navigation."""
_STEP = regex.compile(r"[>＞»›]+")
_FEWEST_STEPS = 3
"""Steps of the way to a page, the page's own the last."""
_NO_TITLE = regex.compile(r"[。；;，,：:|]|^[(（•·●▪■◆]")
_ITEM = regex.compile(r"^[•·●▪■◆]")
_ITEM_MARKS = regex.compile(r"^[•·●▪■◆\[【]+|[\]】:：]+$")
_DAY = pattern("calendar_day")
_IN_BRACKETS = regex.compile(r"[(（]([^()（）]+)[)）]")
_YEAR_OF = pattern("fiscal_year")
_CLOSED = pattern("year_closed")
_OF_THE_YEAR = frozenset({"initial_budget", "annual_budget", "allocated", "executed", "arrived"})


Named = tuple[str, Place]


@dataclass(frozen=True, slots=True)
class ProseFigures:
    """Facts about the evaluation that sentences or cover lines state, each with its place; None where not stated."""

    total_score: tuple[Decimal, str, Place] | None = None
    grade: tuple[str, Place] | None = None
    project_name: tuple[str, Place] | None = None
    unit: tuple[str, Place] | None = None
    fiscal_year: tuple[int, Place] | None = None
    report_date: tuple[date, Place] | None = None


def read_figures(paragraphs: Sequence[Paragraph]) -> ProseFigures:
    """What the paragraphs of one report say about it; of several statements of one fact the first counts."""
    plain = [replace(paragraph, text=simplified(paragraph.text)) for paragraph in paragraphs]
    name, year, office = _title(plain)
    opening_name, opening_year, opening_office = _opening(plain)
    unit = office or _office_line(plain) or opening_office
    unit = unit or _short_named(plain) or _signature(plain) or _publisher(plain) or _column_office(plain)
    return ProseFigures(
        total_score=total_score(plain, office[0] if office else ""),
        grade=_as_printed(_grade(plain, lexicon()), paragraphs),
        project_name=_as_printed(name or opening_name or _bracketed_project(plain), paragraphs),
        unit=_as_printed(unit, paragraphs),
        fiscal_year=year or opening_year or _spoken_year(plain) or _only_year(plain) or _closed_year(plain),
        report_date=_report_date(plain),
    )


def _as_printed(named: Named | None, paragraphs: Sequence[Paragraph]) -> Named | None:
    """A name found in simplified characters, in those it is printed in."""
    if named is None:
        return None
    printed = "".join("".join(paragraph.text.split()) for paragraph in paragraphs)
    return as_printed(named[0], printed), named[1]


# -- grade ------------------------------------------------------------------------------------------------------------


def _grade(paragraphs: Sequence[Paragraph], lexicon: Lexicon) -> tuple[str, Place] | None:
    for paragraph in paragraphs:
        for sentence in regex.split(r"[。！？\n]", paragraph.text):
            grade = grade_in(sentence, lexicon)
            if grade is not None:
                return grade, paragraph.place
    return None


def grade_in(sentence: str, lexicon: Lexicon) -> str | None:
    """The grade that a sentence states; None where it states none, or tells what scores each grade has."""
    if len(sentence) > _LONGEST_SENTENCE or _SCALE.search(fold(sentence)):
        return None
    grades = lexicon.longest_grades_first
    ticked = pattern("grade_boxes", grade_word=prose_words().grade_words).search(sentence)
    if ticked and (chosen := grade_of(ticked["boxes"], lexicon)) and chosen in grades:
        return chosen
    said = pattern("grade_said", grade=grades, grade_word=prose_words().grade_words).search(sentence)
    match = said or pattern("grade_behind_score", grade=grades).search(sentence)
    if match is None:
        return None
    followed = sentence[match.end("grade") : match.end("grade") + 1]
    return _without_tail(match["grade"], followed)


def _without_tail(grade: str, followed: str) -> str:
    """优等级 is the grade 优, not 优等."""
    if followed not in words("grade_level"):
        return grade
    return next((grade.removesuffix(tail) for tail in words("grade_suffix") if grade.endswith(tail)), grade)


# -- cover lines -----------------------------------------------------------------------------------------------------


def _title(
    paragraphs: Sequence[Paragraph],
) -> tuple[Named | None, tuple[int, Place] | None, Named | None]:
    """Project name, year and office as the first line, or pair of lines, states each that reads like such a title."""
    name: Named | None = None
    year: tuple[int, Place] | None = None
    office: Named | None = None
    lines = ["".join(paragraph.text.split()) for paragraph in paragraphs]
    for paragraph, text in _title_lines(paragraphs, lines):
        parts = title_parts(text) if lexicon().title_has("words", text) else None
        if parts is None:
            continue
        name = name or ((parts.project, paragraph.place) if parts.project else None)
        year = year or ((parts.year, paragraph.place) if parts.year else None)
        office = office or ((parts.office, paragraph.place) if parts.office else None)
    return name, year, office


def _title_lines(paragraphs: Sequence[Paragraph], lines: Sequence[str]) -> Iterator[tuple[Paragraph, str]]:
    """Each line, and behind it the pair that it makes with the next one where it may be half a title."""
    for paragraph, line, following in zip(paragraphs, lines, [*lines[1:], ""], strict=False):
        yield paragraph, line
        if following and _may_go_on(line, following):
            yield paragraph, line + following


def _may_go_on(line: str, following: str) -> bool:
    """Whether a line may be the first half of a title: one that is whole goes on with a bracket only."""
    half = len(line) <= _HALF_TITLE and not (_NO_TITLE.search(line) or _DAY.search(line) or _ITEM.match(following))
    if following.startswith(_BRACKETS):
        return half
    return half and title_parts(line) is None and not _names_office_or_project(following)


def _names_office_or_project(line: str) -> bool:
    """Whether a line is a title that needs no other half."""
    parts = title_parts(line)
    return parts is not None and bool(parts.office or parts.project)


def _opening(
    paragraphs: Sequence[Paragraph],
) -> tuple[Named | None, tuple[int, Place] | None, Named | None]:
    """Project name, year and office of a sentence at the beginning: 某局对2023年某某资金开展了绩效自评."""
    project: Named | None = None
    year: tuple[int, Place] | None = None
    office: Named | None = None
    for paragraph in paragraphs[:_OPENING]:
        for sentence in regex.split(r"[。！？\n]", paragraph.text):
            parts = opening_names(unquoted(sentence))
            if parts is None:
                continue
            project = project or ((parts.project, paragraph.place) if parts.project else None)
            year = year or ((parts.year, paragraph.place) if parts.year else None)
            office = office or ((parts.office, paragraph.place) if parts.office else None)
    return project, year, office


def _office_line(paragraphs: Sequence[Paragraph]) -> Named | None:
    """An office's name alone on a line beside the title, in brackets or not.

    Above the navigation of a web page it is the site's.
    """
    navigation = [index for index, line in enumerate(paragraphs[:_PAGE_TOP]) if names_any("site_navigation", line.text)]
    first = max(navigation, default=-1) + 1
    lines = ["".join(paragraph.text.split()) for paragraph in paragraphs[first : first + _OPENING + 1]]
    texts = [match[1] if (match := _IN_BRACKETS.fullmatch(line)) else line for line in lines]
    for at, text in enumerate(texts[:_OPENING]):
        if is_office(text) and not says_where(text) and not _is_labelled_otherwise(lines[max(at - 1, 0)]):
            # Two names are those of a site and its owner where the page says who published.
            several = any(map(is_office, texts[at + 1 : at + 2]))
            return None if several and _publisher(paragraphs) else (text, paragraphs[first + at].place)
        if len(text) > _TITLE_LENGTH:
            return None
    return None


def _is_labelled_otherwise(above: str) -> bool:
    """Whether the line above is a label that the name of another than the unit stands below (主管部门)."""
    return lexicon().whole_key(above.rstrip("：:")) not in (None, "unit")


def _short_named(paragraphs: Sequence[Paragraph]) -> Named | None:
    """The office that the beginning gives a short name to (以下简称)."""
    for paragraph in paragraphs[:_OPENING]:
        office = short_named_office(unquoted(paragraph.text))
        if office is not None:
            return office, paragraph.place
    return None


def _signature(paragraphs: Sequence[Paragraph]) -> Named | None:
    """An office's name alone on a line, the date alone on the next: how a report is signed (落款)."""
    for line, below in pairwise(paragraphs):
        text = "".join(line.text.split())
        if is_office(text) and _DATE_LINE.match(_date_text(below.text)):
            return text, line.place
    return None


def _publisher(paragraphs: Sequence[Paragraph]) -> Named | None:
    """The office that a web page names as its publisher (发布机构), near its top."""
    if below := _named_below_its_label(paragraphs):
        return below
    of_region = _speaks_of(paragraphs, "our_region") and not _speaks_of(paragraphs, "our_town")
    for paragraph in paragraphs[:_OPENING]:
        office = publisher_in(paragraph.text)
        is_town = office is not None and office.endswith(words("town"))
        if office is not None and not (is_town and of_region):
            return office, paragraph.place
    return None


def _named_below_its_label(paragraphs: Sequence[Paragraph]) -> Named | None:
    """The publisher in the line below its label, both items of a list: • 发布机构 above • 某市文化和旅游局."""
    for line, below in pairwise(paragraphs[:_PAGE_TOP]):
        label, name = (_ITEM_MARKS.sub("", "".join(one.text.split())) for one in (line, below))
        if label in prose_words().titles.publisher_labels and may_publish(name):
            return name, below.place
    return None


def _bracketed_project(paragraphs: Sequence[Paragraph]) -> Named | None:
    """A line at the top that is nothing but the name of a project or of funds in brackets: （木材检查站租金项目）."""
    for paragraph in paragraphs[:_OPENING]:
        match = _IN_BRACKETS.fullmatch("".join(paragraph.text.split()))
        if match is not None and match[1].endswith(words("names_project")) and len(match[1]) <= _TITLE_LENGTH:
            return match[1], paragraph.place
    return None


def _speaks_of(paragraphs: Sequence[Paragraph], own: str) -> bool:
    return any(word in paragraph.text for paragraph in paragraphs for word in words(own))


def _column_office(paragraphs: Sequence[Paragraph]) -> Named | None:
    """The office whose column of a site the page stands in: 首页 > 部门信息公开 > 某县交通运输局 > 正文."""
    for paragraph in paragraphs[:_PAGE_TOP]:
        steps = [step.strip() for step in _STEP.split(paragraph.text) if step.strip()]
        offices = [step for step in steps[1:] if may_publish(step)] if len(steps) >= _FEWEST_STEPS else []
        if offices:
            return offices[-1], paragraph.place
    return None


def _spoken_year(paragraphs: Sequence[Paragraph]) -> tuple[int, Place] | None:
    """The one year whose budget and spending the sentences state; None where they state several years'."""
    sentences = sentences_of(paragraphs)
    figures = [one for one in figures_of(sentences, None) if one.measure.code in _OF_THE_YEAR and one.year]
    years = {figure.year for figure in figures}
    if len(years) != 1 or figures[0].year is None:
        return None
    return figures[0].year, paragraphs[sentences[figures[0].sentence].paragraph].place


def _only_year(paragraphs: Sequence[Paragraph]) -> tuple[int, Place] | None:
    """The one year that the text calls a 年度; None where it names several, or none. Quoted papers do not count."""
    named = [
        (int(match[1]), paragraph.place)
        for paragraph in paragraphs
        for match in _YEAR_OF.finditer(unquoted(fold(paragraph.text)))
    ]
    return named[0] if len({year for year, _ in named}) == 1 else None


def _closed_year(paragraphs: Sequence[Paragraph]) -> tuple[int, Place] | None:
    """The one year at whose end the text tells how things stood (截至2024年12月31日), or that the project ran in."""
    told = [(int(match["year"]), line.place) for line in paragraphs for match in _CLOSED.finditer(fold(line.text))]
    return told[0] if len({year for year, _ in told}) == 1 else None


def _date_text(text: str) -> str:
    """A line, a date in Chinese numerals turned into figures: 二〇二二年四月二十日 → 2022年4月20日."""
    return _HAN_DATE.sub(_figures_of_date, fold(text).strip())


def _figures_of_date(match: regex.Match[str]) -> str:
    month, day = read_numeral(match[2]), read_numeral(match[3])
    if month is None or day is None:
        return match[0]
    return f"{plain_digits(match[1])}年{month.value}月{day.value}日"


def _report_date(paragraphs: Sequence[Paragraph]) -> tuple[date, Place] | None:
    """A date alone on a line, or behind a label that ends in 日期."""
    for paragraph in paragraphs:
        text = _date_text(paragraph.text)
        match = _DATE_LINE.match(text) if len(text) <= 40 else None
        if match is None:
            continue
        try:
            return date(int(match[1]), int(match[2]), int(match[3])), paragraph.place
        except ValueError:
            continue
    return None
