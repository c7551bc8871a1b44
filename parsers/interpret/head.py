"""Head and tail of a form: titles, kind, year, dates, names, codes (表头与表尾)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

import regex

from parsers.document import Place
from parsers.interpret.drafts import Context, FormDraft, HeadItem
from parsers.interpret.not_reports import names_other_evaluator
from parsers.interpret.titles import project_kind, title_parts, without_suffix
from schemas.lexicon import Lexicon, squeeze
from schemas.numerals import plain_digits
from schemas.quantities import is_blank
from schemas.records import EvaluationKind
from schemas.traditional import simplified
from schemas.vocabulary import names_any, pattern, words

_YEAR = pattern("year")
_FILE_MARK = pattern("file_mark")
_DAY = pattern("calendar_day")
"""A month or day of the calendar; the year in it is when something was written, filed or done."""
_SELF_WITH_OTHER = pattern("self_with_other")
_YEAR_OF = pattern("fiscal_year")
_LEADING_YEAR = pattern("leading_year")
_YEAR_AT_END = pattern("year_at_end")
_CHINESE_YEAR = pattern("han_year")
_DATE = pattern("date")
_PERIOD = ("period_start", "period_end", "period")
_FIRST_MONTH = "1月"
_YEAR_ALONE = pattern("year_alone")
_DATE_ALONE = pattern("date_alone")
_BARE_CODE = regex.compile(r"^([0-9A-Za-z][0-9A-Za-z\-]{3,40})$")
_OFFICE_CODE = pattern("office_code")
_GLUED_CODE = pattern("glued_code")
_TICK_BEFORE = pattern("tick_before")
_TICK_BEHIND = pattern("tick_behind")
_BOX_FIRST = pattern("box_first")
_SEAL = pattern("seal")


def value_of(items: Iterable[HeadItem], *concepts: str) -> HeadItem | None:
    """The first head item of one of `concepts` (in that order) that has a value."""
    listed = list(items)
    for concept in concepts:
        for item in listed:
            if item.pair.concept == concept and item.pair.value and not is_blank(item.pair.value):
                return item
    return None


def text_of(item: HeadItem | None) -> str | None:
    """The value without white space and without a place for a seal （公章）; None where nothing is left."""
    if item is None or item.pair.value is None:
        return None
    return _SEAL.sub("", squeeze(item.pair.value)) or None


def office_of(items: Iterable[HeadItem], *concepts: str) -> str | None:
    """The name of an office without the code printed before it (219001-某镇人民政府)."""
    text = text_of(value_of(items, *concepts))
    return _OFFICE_CODE.sub("", text) if text else None


def title_of(context: Context, lexicon: Lexicon) -> tuple[str | None, Place | None]:
    """The title of a context: its last line with a self-evaluation word, with a line above that it continues."""
    titles = context.titles
    if not titles:
        return None, None
    if squeeze(titles[-1].text).endswith(words("table_word")):
        chosen = titles[-1]  # the name right above a table is its title, whatever heading came before
    else:
        chosen = next((t for t in reversed(titles) if lexicon.title_has("self", t.text)), titles[-1])
    text = without_suffix(_FILE_MARK.sub("", squeeze(chosen.text)))
    for line in reversed(context.head_lines):
        above = squeeze(line.text)
        if regex.search(r"[:：。；;]", above) or _DATE_ALONE.fullmatch(above) or _DAY.search(above):
            continue
        if _YEAR.search(above) and not _YEAR.search(text) and not _YEAR_ALONE.fullmatch(above):
            return above + text, line.place
    return text, chosen.place


def kind_of(title: str | None, form: FormDraft | None, items: Sequence[HeadItem], lexicon: Lexicon) -> EvaluationKind:
    """project, unit, transfer or other: by the title's words first, then by what the head asks for."""
    labels = " ".join(item.pair.label for item in items)
    if (title and lexicon.title_has("transfer", title)) or names_any("transfer_label", simplified(labels)):
        return "transfer"
    if title and lexicon.title_has("unit", title):
        return "unit"
    concepts = {item.pair.concept for item in items}
    if (title and lexicon.title_has("project", title)) or "project_name" in concepts:
        return "project"
    named = title_parts(title) if title else None
    if form is None and named is not None and named.project:
        return "transfer" if project_kind(named.project) else "project"
    if "unit" in concepts or (form is not None and form.side_amounts):
        return "unit"
    return "other"


def is_foreign(context: Context, lexicon: Lexicon) -> bool:
    """Whether a title says that this is somebody else's assessment, a tracking report or a list, or a ticked box."""
    titled = any(_is_foreign_title(squeeze(title.text), lexicon) for title in context.titles)
    return titled or names_other_evaluator(context.lines)


def _is_foreign_title(title: str, lexicon: Lexicon) -> bool:
    """Of a title with 自评 the rest from there decides: words before it (食品抽查项目…) name the project.

    A form that holds both (自评及复核表) is the unit's own with another's score beside it.
    """
    start = max((simplified(title).rfind(word) for word in lexicon.titles["self"]), default=-1)
    rest = title[max(start, 0) :]
    return lexicon.title_has("foreign", rest) and not _SELF_WITH_OTHER.match(simplified(rest))


def is_self_evaluation(text: str, lexicon: Lexicon) -> bool:
    return lexicon.title_has("self", text)


def states_year(line: str) -> bool:
    """Whether a line says 年度 with its year."""
    return bool(_YEAR_OF.search(line))


def fiscal_year_of(texts: Sequence[str | None], items: Sequence[HeadItem]) -> int | None:
    """The fiscal year: `年度` in title and head lines first, then a label 年度, then any year in title or name.

    Else it is the year that the project's period lies in. A date alone (填报日期) never tells it.
    """
    stated = text_of(value_of(items, "fiscal_year"))
    undated = [_without_days(text) for text in texts if text]
    for wanted in (_YEAR_OF, _YEAR, _LEADING_YEAR, _YEAR_AT_END):
        for text in undated:
            if match := wanted.search(text):
                return int(match[1])
        if stated and (match := _LEADING_YEAR.search(stated)):
            return int(match[1])
    for text in undated:
        if match := _CHINESE_YEAR.search(text):
            digits = plain_digits(match[1])
            return int(digits) if digits.isdigit() else None
    start, end = period_of(items)
    return start.year if start is not None and end is not None and start.year == end.year else None


def _without_days(text: str) -> str:
    """A text without blanks and days of the calendar; a time of day behind one (2018-06-19 10:40) is no part of it."""
    return _DAY.sub("", squeeze(_DAY.sub(" ", text)))


def date_of(item: HeadItem | None) -> date | None:
    """A full date (`2023-06-10`, `2023年 06 月10 日`); a month alone is no date."""
    text = text_of(item)
    match = _DATE.search(text) if text else None
    if match is None or match[3] is None:
        return None
    try:
        return date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return None


def period_of(items: Sequence[HeadItem]) -> tuple[date | None, date | None]:
    """Start and end of the project's period: months count from their first to their last day."""
    start, end, both = (_with_first_month(text_of(value_of(items, key))) for key in _PERIOD)
    found = list(_DATE.finditer(both)) if both else []
    first = _DATE.search(start) if start else (found[0] if found else None)
    last = _DATE.search(end) if end else (found[1] if len(found) > 1 else None)
    return _month_day(first, last_day=False), _month_day(last, last_day=True)


def _with_first_month(text: str | None) -> str | None:
    """元月 in figures."""
    for word in words("first_month"):
        text = text.replace(word, _FIRST_MONTH) if text else None
    return text


def _month_day(match: regex.Match[str] | None, *, last_day: bool) -> date | None:
    if match is None:
        return None
    year, month = int(match[1]), int(match[2])
    try:
        if match[3]:
            return date(year, month, int(match[3]))
        if not last_day:
            return date(year, month, 1)
        following = date(year + month // 12, month % 12 + 1, 1)
        return date.fromordinal(following.toordinal() - 1)
    except ValueError:
        return None


def project_and_code(items: Sequence[HeadItem]) -> tuple[str | None, str | None]:
    """Project name and budget code; a code glued to the name is split off (Sichuan forms).

    Of the names of two levels (一级项目名称, 二级项目名称) the lower one is that of the project that was evaluated.
    """
    specific = [item for item in items if names_any("second_level", item.pair.label)]
    name = text_of(value_of(specific, "project_name") or value_of(items, "project_name"))
    code = text_of(value_of(items, "budget_code"))
    if name and (match := _GLUED_CODE.match(name)):
        return name[match.end() :], code or match[1] or match[2]
    if code and not _BARE_CODE.match(code):
        code = None
    return name, code


def grade_of(text: str | None, lexicon: Lexicon) -> str | None:
    """The grade as printed; of check boxes (优☑ 良□) the ticked one."""
    if not text or is_blank(text):
        return None
    plain = squeeze(text)
    ticked = (_TICK_BEFORE if _BOX_FIRST.match(plain) else _TICK_BEHIND).search(plain)
    if ticked:
        known = [grade for grade in lexicon.grades if ticked[1].startswith(grade)]
        return max(known, key=len, default=ticked[1])
    if plain.strip("“”\"'" + "".join(words("grade_edge"))) in lexicon.grades or plain in lexicon.grades:
        return plain
    return plain if len(plain) <= 6 and any(plain.startswith(g) for g in lexicon.grades) else None
