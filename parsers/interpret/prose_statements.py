"""What sentences and cover lines say about the evaluation as a whole (总体陈述): score, grade, name, year, date."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import chain, pairwise
from typing import Literal, cast

import regex

from parsers.document import Paragraph, Place
from parsers.interpret.prose_words import prose_words
from schemas.lexicon import Lexicon, lexicon
from schemas.numerals import fold, read_numeral
from schemas.traditional import as_printed, simplified

_TITLE = regex.compile(
    r"^(?:关于)?(?P<office>.{0,40}?)(?P<year>(?:19|20)\d\d)(?:年度|年)?(?P<name>.{0,60}?)"
    r"(?:(?<=项目)(?:财政)?(?:资金|支出|经费)+|支出)?(?:预算)?(?:绩效)*(?:情况)?的?(?:绩效)?(?:评价)?(?:自我评价|自我评估|自评价|自评)"
    r"(?:情况)?(?:的)?(?:报告|总结|说明)?$"
)
_OFFICE = regex.compile(
    r"^\p{Han}{2,30}(?:局|委员会|委|办公室|中心|院|校|厅|处|站|所|队|镇|乡|街道|街道办事处|政府|人民政府|大学|学院|医院|馆|会)$"
)
_DATE = regex.compile(r"((?:19|20)\d\d)\s*[年.\-/]\s*(\d{1,2})\s*[月.\-/]\s*(\d{1,2})\s*日?")
_HAN_DATE = regex.compile(
    r"([二〇○零Oo一三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
_HAN_YEAR = str.maketrans("〇○零Oo一二三四五六七八九", "00000123456789")
_DATE_LINE = regex.compile(rf"^(?:.{{0,12}}日期\s*[:：]?\s*)?{_DATE.pattern}$")
_AFTER_LABEL = regex.compile(r"[:：]\s*(?P<value>\S.*)$")
_HIGHEST_SCORE = Decimal(150)
_FULL_POINTS = Decimal(100)
_POINTS = regex.compile(
    r"(?<![\d.,])(?P<value>\d{1,3}(?:\.\d{1,4})?)(?:\s?(?P<unit>分)(?!之|别|值|钟)|(?=\s*(?:$|[,，。;；、)])))"
)
_CLAUSE = regex.compile(r"[^，；;,]{0,80}$")
_RELATION_AFTER = regex.compile(r"\s*(?:及?以上|以下|以内|[(（]含|-|~|—|至)")
_SCALE = regex.compile(r"分\s*(?:[(（]含[)）])?\s*(?:及?以上|以下|[-~—至])|[-~—至]\s*\d+\s*分")
_GRADE_TAIL = r"(?:等级|等次|级|等|档)?"
_TITLE_LENGTH = 80
_SHORTEST_NAME = 4


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
    title = _title(plain)
    name, year, office = title if title else (None, None, None)
    grade = _grade(plain, lexicon())
    return ProseFigures(
        total_score=_total_score(plain),
        grade=_as_printed(grade, paragraphs),
        project_name=_as_printed(name, paragraphs),
        unit=_as_printed(office or _office_line(plain) or _signature(plain), paragraphs),
        fiscal_year=year,
        report_date=_report_date(plain),
    )


def _as_printed(named: Named | None, paragraphs: Sequence[Paragraph]) -> Named | None:
    """A name found in simplified characters, in those it is printed in."""
    if named is None:
        return None
    printed = "".join("".join(paragraph.text.split()) for paragraph in paragraphs)
    return as_printed(named[0], printed), named[1]


# -- score and grade -------------------------------------------------------------------------------------------------


def _total_score(paragraphs: Sequence[Paragraph]) -> tuple[Decimal, str, Place] | None:
    """The first stated score of the whole; a mere 总分 counts where nothing clearer is said, and 100 is full points."""
    weak: tuple[Decimal, str, Place] | None = None
    for paragraph in paragraphs:
        for sentence in regex.split(r"[。！？\n]", paragraph.text):
            folded = fold(sentence)
            for match in _POINTS.finditer(folded):
                clause = _CLAUSE.search(folded, 0, match.start())
                strength = _names_total_score(clause[0] if clause else "", bare=not match["unit"])
                value = Decimal(match["value"])
                if strength is None or value > _HIGHEST_SCORE or _RELATION_AFTER.match(folded, match.end()):
                    continue
                stated = value, sentence[match.start() : match.end()].strip(), paragraph.place
                if strength == "strong":
                    return stated
                weak = weak or (stated if value != _FULL_POINTS else None)
    return weak


def _names_total_score(clause: str, *, bare: bool) -> Literal["strong", "weak"] | None:
    """Whether the words before a number of points name the score of the whole, not of a part or of somebody else.

    A `bare` number, without 分, needs the verb: 自评得分为94.8.
    """
    words = prose_words()
    phrase = regex.sub(r"(?:19|20)\d\d\s?(?:年度|年)?|[\s“”\"《》]", "", clause)
    ended = regex.sub(r"(?:分别)?(?:为|是|达到|达|得|共|共计|合计|评定)*[:：]?$", "", phrase)
    if bare and ended == phrase:
        return None
    for strength, endings in (("strong", words.score_words), ("weak", words.weak_score_words)):
        ending = next((word for word in endings if ended.endswith(word)), None)
        if ending is None:
            continue
        subject = ended[: -len(ending)]
        subject = subject[max(subject.rfind(":"), subject.rfind("：")) + 1 :]
        if ending in ("得分", "评分") and not subject:
            return None
        return cast(Literal["strong", "weak"], strength) if _is_generic(subject) else None
    return None


def _is_generic(subject: str) -> bool:
    """Whether nothing is left of a subject but words for the project, the unit, the evaluation."""
    subjects = prose_words().score_subjects
    while subject:
        known = next((word for word in subjects if subject.startswith(word)), None)
        if known is None:
            return False
        subject = subject[len(known) :]
    return True


def _grade(paragraphs: Sequence[Paragraph], words: Lexicon) -> tuple[str, Place] | None:
    grades = "|".join(map(regex.escape, sorted(words.grades, key=len, reverse=True)))
    before = "|".join(map(regex.escape, prose_words().grade_words))
    pattern = regex.compile(
        rf"(?:{before})[^，。；;,、\d]{{0,8}}?(?:为|是|:|：|达到|“|\"|\s)*\s*[“\"'‘「]?"
        rf"(?P<grade>{grades}){_GRADE_TAIL}[”\"'’」]?(?=$|[\s，。；;,)）])"
    )
    behind_score = regex.compile(
        rf"\d\s?分\s?[,，、]?\s?(?:等级|等次|评价)?(?:为|属于|属|评为|达到)\s?[“\"'‘「]?(?P<grade>{grades}){_GRADE_TAIL}(?=$|[\s，。；;,、”\"'’」)）])"
    )
    for paragraph in paragraphs:
        for sentence in regex.split(r"[。！？\n]", paragraph.text):
            if len(sentence) > 600 or _SCALE.search(fold(sentence)):
                continue
            match = pattern.search(sentence) or behind_score.search(sentence)
            if match:
                grade = match["grade"]
                followed = sentence[match.end("grade") : match.end("grade") + 1]
                return grade.removesuffix("等") if followed == "级" else grade, paragraph.place
    return None


# -- cover lines -----------------------------------------------------------------------------------------------------


def _title(
    paragraphs: Sequence[Paragraph],
) -> tuple[Named | None, tuple[int, Place] | None, Named | None] | None:
    """Project name, year and office from the first line, or pair of lines, that reads like such a title."""
    lines = ["".join(paragraph.text.split()) for paragraph in paragraphs]
    pairs = [line + following for line, following in pairwise(lines)]
    for paragraph, text in chain(zip(paragraphs, lines, strict=True), zip(paragraphs, pairs, strict=False)):
        match = _TITLE.match(text) if len(text) <= _TITLE_LENGTH else None
        if match is None:
            continue
        name, office = _unquoted(match["name"]), match["office"]
        bare = name.removesuffix("项目")
        whole = "整体" in name or "部门" in name or len(bare) < _SHORTEST_NAME or _OFFICE.match(bare)
        return (
            None if whole else (name, paragraph.place),
            (int(match["year"]), paragraph.place),
            (office, paragraph.place) if _OFFICE.match(office) else None,
        )
    return None


def _unquoted(name: str) -> str:
    """A name without the quotation marks around the whole of it; those around a part of it stay."""
    for opening, closing in ("“”", "《》", '""'):
        inner = name.removeprefix(opening).removesuffix(closing)
        if len(inner) == len(name) - 2 and opening not in inner and closing not in inner:
            return inner
    return name


def _office_line(paragraphs: Sequence[Paragraph]) -> Named | None:
    """An office's name alone on a line above the title."""
    for paragraph in paragraphs[:12]:
        text = "".join(paragraph.text.split())
        if _OFFICE.match(text):
            return text, paragraph.place
        if len(text) > _TITLE_LENGTH:
            return None
    return None


def _signature(paragraphs: Sequence[Paragraph]) -> Named | None:
    """An office's name alone on a line, the date alone on the next: how a report is signed (落款)."""
    for line, below in pairwise(paragraphs):
        text = "".join(line.text.split())
        if _OFFICE.match(text) and _DATE_LINE.match(_date_text(below.text)):
            return text, line.place
    return None


def _date_text(text: str) -> str:
    """A line, a date in Chinese numerals turned into figures: 二〇二二年四月二十日 → 2022年4月20日."""
    return _HAN_DATE.sub(_figures_of_date, fold(text).strip())


def _figures_of_date(match: regex.Match[str]) -> str:
    month, day = read_numeral(match[2]), read_numeral(match[3])
    if month is None or day is None:
        return match[0]
    return f"{match[1].translate(_HAN_YEAR)}年{month.value}月{day.value}日"


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
