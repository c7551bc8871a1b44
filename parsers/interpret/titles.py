"""What titles and openings of reports name: office, year, project (标题与开头所说的单位、年度、项目)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

import regex

from parsers.interpret.localities import locality_of
from parsers.interpret.prose_words import prose_words
from schemas.lexicon import squeeze
from schemas.traditional import simplified
from schemas.vocabulary import pattern
from schemas.vocabulary import words as listed

_SUFFIX = regex.compile(r"\.(?:pdf|docx?|xlsx?|wps|et|txt|rtf|html?)$", regex.IGNORECASE)
_YEAR = pattern("title_year")
_NUMBERED = pattern("title_number")
_BRACKET = regex.compile(r"[(（](?P<inner>(?:[^()（）]|[(（][^()（）]*[)）]){2,40})[)）]?$")
_LEADING_YEAR = pattern("year_prefix")
_QUOTES = (("“", "”"), ("《", "》"), ('"', '"'), ("(", ")"), ("（", "）"))
_COLON = regex.compile(r"(?<=\p{Han})[:：]")
_WAY = regex.compile(r"[>＞»›]")
"""The way to a page (首页>范文>自评报告) is no title."""
_FILE_MARK = pattern("file_mark")
_TITLE_LABEL = pattern("title_label")
_ASPECTS = pattern("aspects")
_ANY_OFFICE = listed("any_office")[0]
_OPENING_BRACKETS = ("(", "（", "[", "【")
_LONGEST = 90
_SHORTEST_NAME = 4
_LONGEST_SECTION = 6


@dataclass(frozen=True, slots=True)
class TitleParts:
    """What a title names; None where it does not."""

    project: str | None
    year: int | None
    office: str | None


def without_suffix(title: str) -> str:
    """A title without the suffix of the file it was the name of."""
    return _SUFFIX.sub("", title)


def title_parts(text: str) -> TitleParts | None:
    """The parts of a title of a self-evaluation in any order of office, year and project; None for other lines."""
    plain = _TITLE_LABEL.sub("", _FILE_MARK.sub("", without_suffix(squeeze(text))))
    if len(plain) > _LONGEST or _NUMBERED.match(plain) or _WAY.search(plain):
        return None
    match = _tail().search(simplified(plain))
    if match is None:
        return None
    body = _COLON.split(plain[: match.start()])[-1]  # 发布日期：… 名称：某县…自评报告
    if says_where(body):
        return None
    bracket = _bracketed(plain[match.end() :])
    year = _YEAR.search(body)
    before, after = (body[: year.start()], _YEAR.sub("", body[year.end() :])) if year else ("", body)
    office, project = _office_and_project(_without_leading(before), _without_leading(after), bracket)
    stated = year or _YEAR.search(plain, match.end())
    return TitleParts(project, int(stated["year"]) if stated else None, office)


def says_where(line: str) -> bool:
    """Whether a line is what a web page says of a text (公开目录 自评报告), by its label."""
    return simplified(line).startswith(listed("publication_label"))


def is_office(text: str) -> bool:
    """Whether a text is the name of an office and nothing else."""
    return _office().fullmatch(simplified(text)) is not None


def project_kind(name: str | None) -> str | None:
    """`transfer` for the name of funds that only another level of government hands down (中央…资金)."""
    words = prose_words().titles
    plain = simplified(name or "")
    starts, ends = plain.startswith(words.transfer_starts), plain.endswith(words.transfer_ends)
    return "transfer" if starts and ends else None


def _bracketed(rest: str) -> str | None:
    """The name in brackets behind a title, its year left out: …自评报告（2022年优抚）; the line may lack its end."""
    match = _BRACKET.search(rest)
    if match is None:
        return None
    inner = _LEADING_YEAR.sub("", match["inner"])
    return inner if len(inner) > 1 and not inner[0].isdecimal() else None


def _office_and_project(before: str, after: str, bracket: str | None) -> tuple[str | None, str | None]:
    name = _project_name(after)
    if before and is_office(before):
        return before, name or _bracket_name(bracket)
    office, rest = _leading_office(after)
    if office:
        return office, _project_name(rest) or _bracket_name(bracket)
    if name is None and before and not _is_region(before):
        # 某工程2023年度绩效自评报告
        office, rest = _leading_office(before)
        named = rest if office else before
        kind = after if after.endswith(listed("names_project")) and _without_whole(after) == after else ""
        return office, _project_name(named + kind) or _bracket_name(bracket)
    return None, name or _bracket_name(bracket)


def _is_region(text: str) -> bool:
    return locality_of(text + _ANY_OFFICE) == text


def _without_locality(name: str) -> str:
    return name.removeprefix(locality_of(name) or "")


def _bracket_name(bracket: str | None) -> str | None:
    return None if bracket is None or is_office(bracket) else bracket


def _leading_office(text: str) -> tuple[str | None, str]:
    """An office that a text begins with, and the rest: the whole of it, or up to an ending only offices have."""
    rest = _without_whole(text)
    if rest != text and is_office(rest):
        return rest, ""
    if is_office(text):
        return text, ""
    match = _strong_office().match(simplified(text))
    if match is None or not _is_certain(match[0]):
        return None, text
    return text[: match.end()], text[match.end() :]


def _is_certain(office: str) -> bool:
    """Whether an office in the middle of a title is one: by its ending, or because it begins with a place or level."""
    return pattern("certain_office").search(office) is not None or locality_of(office) is not None


def _project_name(text: str) -> str | None:
    """The name of a project, without what a title adds to it; None for the whole unit and for general words."""
    words = prose_words().titles
    name = _ASPECTS.sub("", text)
    while (ending := next((one for one in words.name_endings if simplified(name).endswith(one)), None)) is not None:
        name = name[: -len(ending)]
    own = next((word for word in prose_words().gate.own_words if name.startswith(word)), "")
    name = _unquoted(name[len(own) :])
    inner = _without_locality(name)
    says_nothing = words.general.fullmatch(simplified(inner)) or _without_whole(inner) != inner
    if name.startswith(_OPENING_BRACKETS) or says_nothing:
        return None
    return name if len(_without_project(inner)) >= _SHORTEST_NAME and not is_office(name) else None


def _without_project(name: str) -> str:
    return next((name.removesuffix(word) for word in listed("project_word") if name.endswith(word)), name)


def _without_whole(text: str) -> str:
    words = prose_words().titles
    endings = (*words.whole, *words.name_endings)
    plain = simplified(text)
    while (ending := next((one for one in endings if plain.endswith(one)), None)) is not None:
        plain = plain[: -len(ending)]
    return text[: len(plain)] if any(word in simplified(text) for word in words.whole) else text


def _without_leading(text: str) -> str:
    leading = next((word for word in prose_words().titles.leading if text.startswith(word)), "")
    plain = text[len(leading) :]
    behind = next((word for word in prose_words().titles.leading if plain.endswith(word)), "")
    return plain[: len(plain) - len(behind)]


def _unquoted(name: str) -> str:
    """A name without the quotation marks around the whole of it; those around a part of it stay."""
    for opening, closing in _QUOTES:
        inner = name.removeprefix(opening).removesuffix(closing)
        if len(inner) == len(name) - 2 and opening not in inner and closing not in inner:
            return inner
    return name


def opening_names(sentence: str) -> TitleParts | None:
    """What a sentence such as 某市水务局对2023年某某资金开展了绩效自评 names; None where it says nothing of the kind.

    现将某市水务局2023年某某资金绩效自评情况报告如下 names as much; 我院开展了2020年度部门绩效自评 the year only.
    """
    plain = simplified(squeeze(sentence))
    reported = _reported().search(plain)
    parts = title_parts(reported["what"]) if reported is not None else None
    if parts is not None and (parts.project or parts.office):
        return parts
    match, done = _opening().search(plain), _done_names(_done().search(plain))
    if match is None:
        return done
    if own := next((word for word in prose_words().gate.own_words if match["what"].startswith(word)), None):
        told = _YEAR.match(plain, match.start("what") + len(own))  # 对我县2021年某项工作进行自评
        return done or (TitleParts(None, int(told["year"]), None) if told else None)
    start, end = match.span("what")
    year = _YEAR.match(plain, start, end)
    name = squeeze(sentence)[year.end() if year else start : end]
    office = match["office"]
    named = office if office and is_office(office) and office not in prose_words().gate.own_words else None
    stated = int(year["year"]) if year else done.year if done else None
    return TitleParts(_project_name(_without_locality(name)), stated, named)


def _done_names(done: regex.Match[str] | None) -> TitleParts | None:
    """What 某厅认真组织开展了2024年度某项资金绩效自评工作 names."""
    if done is None:
        return None
    office = done["office"]
    named = office if office and is_office(office) and not office.endswith(prose_words().gate.own_words) else None
    return TitleParts(_project_name(_without_locality(done["what"])), int(done["year"]), named)


def short_named_office(sentence: str) -> str | None:
    """The office that an opening gives a short name to: 某省残疾人联合会（以下简称“省残联”）."""
    match = pattern("named_short").search(simplified(squeeze(sentence)))
    return match["office"] if match is not None and is_office(match["office"]) else None


def glued_title(text: str) -> int:
    """Where a title ends that is printed in one line with the text behind it; 0 where there is none."""
    match = pattern("glued_title").match(simplified(text))
    return match.end() if match is not None else 0


@cache
def _tail() -> regex.Pattern[str]:
    words = prose_words().titles
    tails = "|".join(map(regex.escape, words.tails))
    endings = "|".join(map(regex.escape, words.endings))
    return regex.compile(rf"(?:{tails})+(?:{endings})?(?=$|[(（])")


@cache
def _office() -> regex.Pattern[str]:
    return pattern("office_in_title", ending=tuple(prose_words().titles.office_endings))


@cache
def _strong_office() -> regex.Pattern[str]:
    return pattern("office_in_text", ending=tuple(prose_words().titles.strong_endings))


@cache
def _done() -> regex.Pattern[str]:
    return pattern("evaluation_year", ending=tuple(prose_words().titles.office_endings))


@cache
def _reported() -> regex.Pattern[str]:
    return pattern("report_of", tail=tuple(prose_words().titles.tails))


@cache
def _opening() -> regex.Pattern[str]:
    return pattern("evaluation_of", tail=tuple(prose_words().titles.tails))


def publisher_in(line: str) -> str | None:
    """The office a line such as `发布机构：某县教育局` names; a footer names the site's owner and is passed over."""
    return next(filter(may_publish, offices_named(line)), None)


def offices_named(line: str) -> Iterator[str]:
    """The names behind the labels of publishers in a line (发布机构、来源), none of a footer."""
    if not any(word in line for word in prose_words().titles.footer):
        yield from (match["office"] for match in _publisher().finditer(line))


def may_publish(name: str) -> bool:
    """Whether a name is that of an office that publishes its own reports: the finance office publishes everybody's.

    A section within an office (规划财务处, 综合科) is none that a report is about.
    """
    plain = simplified(name)
    inner = plain.endswith(listed("inner_section")) and len(plain) <= _LONGEST_SECTION and locality_of(plain) is None
    return is_office(name) and not inner and not plain.endswith(prose_words().titles.never_publisher)


@cache
def _publisher() -> regex.Pattern[str]:
    labels = "|".join(map(regex.escape, prose_words().titles.publisher_labels))
    return regex.compile(rf"(?:{labels})\s*[:：]?\s*(?P<office>\p{{Han}}{{3,30}})")
