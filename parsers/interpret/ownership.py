"""Which evaluation a piece of prose or a table belongs to (归属)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from parsers.document import Paragraph
from parsers.interpret import head
from parsers.interpret.drafts import Context
from schemas.lexicon import Lexicon, squeeze
from schemas.records import Evaluation
from schemas.vocabulary import pattern

_GENERAL_END = pattern("general_end")
_LEADING_YEAR = pattern("year_prefix")
_SHORTEST_CORE = 4
LONGEST_HEADING = 40
"""Characters up to which a line may head tables or a chapter."""


@dataclass(slots=True)
class Report:
    """Consecutive contexts that make one piece of writing; `index` is the first one's place among all contexts.

    `closed` marks a context that stands alone: it holds a form, or somebody else's assessment.
    """

    index: int
    contexts: list[Context]
    closed: bool = False

    @property
    def paragraphs(self) -> list[Paragraph]:
        """Everything written outside tables, without the titles."""
        return [paragraph for context in self.contexts for paragraph in context.paragraphs]

    @property
    def lines(self) -> list[Paragraph]:
        """Titles and paragraphs in reading order."""
        return [line for context in self.contexts for line in context.lines]

    @property
    def titles(self) -> str:
        return "".join(squeeze(title.text) for context in self.contexts for title in context.titles)


def owner_of(report: Report, evaluations: Sequence[Evaluation], lexicon: Lexicon) -> int | None:
    """The evaluation a report belongs to: the only one, or the one whose project or unit it names."""
    results = [i for i, evaluation in enumerate(evaluations) if evaluation.kind != "target"]
    if len(results) == 1:
        return results[0] if _compatible(report, evaluations[results[0]], lexicon) else None
    names = _names(report)
    by_project = [i for i in results if _named(evaluations[i].project_name, names, report.titles)]
    if len(by_project) == 1:
        return by_project[0]
    whole = [i for i in results if evaluations[i].kind == "unit" and _named(evaluations[i].unit, names, report.titles)]
    return whole[0] if len(whole) == 1 else None


def _names(report: Report) -> set[str]:
    items = [item for context in report.contexts for item in context.head]
    names = {squeeze(item.pair.value) for item in items if item.pair.concept == "project_name" and item.pair.value}
    offices = (head.office_of([item], "unit") for item in items)
    return {*names, *(office for office in offices if office)}


def _named(name: str | None, names: set[str], titles: str) -> bool:
    """Whether a name is among the heads, or in the titles but for a general word at its end (…经费, …项目)."""
    if not name:
        return False
    core = _GENERAL_END.sub("", _LEADING_YEAR.sub("", name))
    return name in names or (len(core) >= _SHORTEST_CORE and core in titles)


def _compatible(report: Report, evaluation: Evaluation, lexicon: Lexicon) -> bool:
    """A report on the whole unit is no part of a single project's form, unless nothing says so."""
    about_unit = lexicon.title_has("unit", report.titles)
    return not (about_unit and evaluation.kind in ("project", "transfer"))


def is_around(report: Report, lexicon: Lexicon) -> bool:
    """Whether what stands around a form is the budget or the accounts that carry it, not a part of it (公开文本)."""
    if head.is_self_evaluation(report.titles, lexicon):
        return False
    headings = (line.text for line in report.lines if len(line.text) <= LONGEST_HEADING)
    return any(lexicon.title_has("around", heading) for heading in headings)
