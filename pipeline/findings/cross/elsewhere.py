"""Figures of a report in prose against the form of the same project in another file (表与另一文件的正文)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from pipeline.checks.model import Form
from pipeline.checks.prose_and_form import against_prose, figures_of_whole
from pipeline.findings.cross.frame import Across, AllEvaluations, Filed, Related, about_office
from pipeline.findings.cross.stored_forms import FormKey

RULE = "prose_elsewhere"


@dataclass(frozen=True, slots=True)
class Told:
    """A report in prose, and a form of the same project and year in another file (正文与表)."""

    prose: Filed
    form: Filed
    alike: float


def told(frame: AllEvaluations) -> list[Told]:
    """Reports in prose without a funding table, each with the one form it can be about."""
    found = []
    for evaluation_id in sorted((frame.spoken - frame.funded) & frame.filed.keys()):
        one = frame.filed[evaluation_id]
        near = [
            Told(one, form, alike)
            for form, alike in frame.neighbours(one)
            if form.evaluation.evaluation_id in frame.funded and form.document.document_id != one.document.document_id
        ]
        found += sorted(near, key=lambda told: -told.alike)[:1]
    return found


def findings(frame: AllEvaluations, one: Told, forms: Mapping[FormKey, Form]) -> Iterator[Across]:
    """The check of form and prose within one evaluation, on the form of one file and the prose of the other."""
    prose, form = forms[one.prose.key], forms[one.form.key]
    doubt = f"（两处在不同文件：“{one.form.document.file_name}”与“{one.prose.document.file_name}”"
    doubt += f"{about_office(one.prose, one.form, one.alike)}）。"
    together = replace(form, amounts=prose.amounts, sections=prose.sections)
    for finding in against_prose(together, figures_of_whole(together, frame.rules)):
        places = tuple(
            Related(one.prose.key, subject, "正文")
            if subject.table == "amounts"
            else Related(one.form.key, subject, "表")
            for subject in finding.subjects
        )
        message = finding.message.removesuffix("。") + doubt
        yield Across(RULE, one.form.key, replace(finding, message=message), places)
