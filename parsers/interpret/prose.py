"""Prose → drafts (正文理解): sections, figures in sentences with their compositions, and statements about the whole.

`read_sections`, `read_amounts` and `read_figures` take the paragraphs of one report; `amount_records` and
`section_records` make rows of the drafts once the evaluation they belong to is known.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from parsers.document import Paragraph, Place
from parsers.interpret.prose_composition import Compositions, compositions
from parsers.interpret.prose_respectively import figures_of
from parsers.interpret.prose_sections import SectionDraft, read_sections
from parsers.interpret.prose_sentences import Sentence, SentenceFigure, context_of, sentences_of
from parsers.interpret.prose_statements import ProseFigures, read_figures
from parsers.interpret.prose_words import prose_words
from schemas.privacy import redact
from schemas.quantities import Quantity
from schemas.records import Amount, AmountRole, Section
from schemas.traditional import as_printed

__all__ = [
    "AmountDraft",
    "ProseFigures",
    "SectionDraft",
    "amount_records",
    "read_amounts",
    "read_figures",
    "read_sections",
    "section_records",
]

_DEEPEST_PATH = 5


@dataclass(frozen=True, slots=True)
class AmountDraft:
    """A figure of a sentence without its document; see `schemas.records.Amount` for the composition (句中数额)."""

    label: str
    measure: str | None
    fiscal_year: int | None
    quantity: Quantity
    context: str
    place: Place
    role: AmountRole | None = None
    part_of: str | None = None
    total_of: str | None = None


def read_amounts(paragraphs: Sequence[Paragraph], default_year: int | None) -> list[AmountDraft]:
    """Every figure in the sentences of `paragraphs`, in order; `default_year` is the report's fiscal year.

    Ids of compositions contain the place of their total, so they are unique in the document.
    """
    sentences = sentences_of(paragraphs)
    figures = figures_of(sentences, default_year)
    found = compositions(figures, sentences)
    places = [paragraphs[sentences[figure.sentence].paragraph].place for figure in figures]
    ids = {number: f"{places[total].locator}#{number + 1}" for total, number in found.total_of.items()}
    spoken = {figure.sentence for figure in figures}
    contexts = {index: redact(context_of(sentences[index].printed)) for index in spoken}
    return [
        AmountDraft(
            label=redact(_path(index, figures, found, sentences)),
            measure=figure.measure.code or None,
            fiscal_year=figure.year,
            quantity=_quantity(figure, sentences[figure.sentence]),
            context=contexts[figure.sentence],
            place=places[index],
            role=found.roles.get(index),
            part_of=ids[found.part_of[index]] if index in found.part_of else None,
            total_of=ids[found.total_of[index]] if index in found.total_of else None,
        )
        for index, figure in enumerate(figures)
    ]


def _quantity(figure: SentenceFigure, sentence: Sentence) -> Quantity:
    """The quantity with its text as printed, which may be in traditional characters."""
    found = figure.found
    unit_raw = as_printed(found.quantity.unit_raw, sentence.printed)
    return replace(found.quantity, raw=sentence.printed[found.start : found.end], unit_raw=unit_raw)


def _path(index: int, figures: Sequence[SentenceFigure], found: Compositions, sentences: Sequence[Sentence]) -> str:
    """The label under those of the totals it is a part of; a share has the label of the part it is the share of."""
    index = found.share_of.get(index, index)
    parent = found.parent.get(index)
    names = [_within(_label(figures[index], sentences), "" if parent is None else _label(figures[parent], sentences))]
    while parent is not None and found.roles.get(parent) != "sum" and len(names) < _DEEPEST_PATH:
        names.append(_label(figures[parent], sentences))
        parent = found.parent.get(parent)
    return "/".join(reversed(names))


def _label(figure: SentenceFigure, sentences: Sequence[Sentence]) -> str:
    return as_printed(figure.label, sentences[figure.sentence].printed)


def _within(label: str, whole: str) -> str:
    """A label without the name of its total before it: 工程费中清淤 → 清淤."""
    rest = label.removeprefix(whole)
    ways = prose_words().inside_words
    way = next((word for word in ways if rest.startswith(word) and len(word) < len(rest)), "") if rest != label else ""
    return rest[len(way) :] if way else label


def amount_records(drafts: Iterable[AmountDraft]) -> list[Amount]:
    """Rows of `amounts`."""
    return [
        Amount(
            label=draft.label,
            measure=draft.measure,
            fiscal_year=draft.fiscal_year,
            value=draft.quantity.value,
            unit=draft.quantity.unit,
            value_raw=draft.quantity.raw,
            unit_raw=draft.quantity.unit_raw or None,
            step=draft.quantity.width,
            origin="prose",
            context=draft.context,
            page=draft.place.page,
            bbox=draft.place.bbox,
            locator=draft.place.locator,
            role=draft.role,
            part_of=draft.part_of,
            total_of=draft.total_of,
        )
        for draft in drafts
    ]


def section_records(drafts: Iterable[SectionDraft]) -> list[Section]:
    """Rows of `sections`."""
    return [
        Section(
            heading=draft.heading,
            kind=draft.kind,
            text=draft.text,
            keywords=draft.keywords,
            page=draft.place.page,
            locator=draft.place.locator,
        )
        for draft in drafts
    ]
