"""Word papers from templates that a person can edit (审计工作底稿、问题清单).

A template is a Word file with places for values, `{{ unit }}`, and loops over the items, `{%p for item in items %}`
(see docs/audit.md). Those of the project serve where a folder of the user's own has none of the same name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

from docx.shared import Cm
from docxtpl import DocxTemplate, InlineImage
from jinja2 import TemplateError

from pipeline.audit.evidence import exhibits, main_cell
from pipeline.audit.findings import AuditFinding, Card, cards
from pipeline.audit.pictures import draw_pictures, first_pictures
from pipeline.audit.word_excerpts import word_excerpts
from pipeline.checks.run import all_rules
from pipeline.export.target import replaced
from pipeline.originals.model import RASTER, Drawn
from pipeline.unread import NO_DEPARTMENT, NO_UNIT
from schemas.errors import ConfigError
from schemas.locators import in_words

OWN_TEMPLATES = Path(__file__).parent / "templates"
WORKING_PAPER = "working_paper.docx"
LIST_OF_PROBLEMS = "list_of_problems.docx"

PICTURE_WIDTH = Cm(16)
ANSWER_WITHIN = timedelta(days=15)
"""How long an office has to answer, where the template does not say."""

SEVERITY_ZH = {"error": "数字自相矛盾", "warning": "存疑，请核对原文", "info": "提示"}
_UNSAFE = re.compile(r'[\\/:*?"<>|\s]+')
_LONGEST_NAME = 40


@dataclass(frozen=True, slots=True)
class PaperItem:
    """One finding as a template sees it (一项): texts; `picture` is the place on the page where Word can hold it.

    `excerpt` has the rows and lines of the source where not. `others` tells the findings that the same cause explains.
    """

    number: int
    title: str
    severity: str
    unit: str
    project: str
    subject: str
    criterion: str
    reported: str
    expected: str
    difference: str
    message: str
    cause: str
    others: str
    place: str
    conclusion: str
    picture: object = None
    excerpt: object = ""


def write_papers(
    folder: Path,
    findings: Sequence[AuditFinding],
    author: str,
    templates: Path | None = None,
    today: date | None = None,
) -> list[Path]:
    """Working papers by unit and lists of problems by department into `folder`; dismissed findings are left out.

    Raises ConfigError for a template that cannot be filled in, naming it; StoreError for what cannot be written.
    """
    kept = [one for one in findings if one.decision is None or one.decision.verdict not in ("dismissed", "misread")]
    drawn = draw_pictures(kept, RASTER)
    day = today or date.today()
    written = []
    for unit, own in _grouped(kept, _unit):
        values = {"unit": unit, "department": _department(own[0]), "years": _years(own), "author": author}
        path = folder / f"审计工作底稿_{_file_name(unit)}.docx"
        written.append(_fill(WORKING_PAPER, templates, path, values | _dates(day), own, drawn))
    for department, own in _grouped(kept, _department):
        values = {"department": department, "office": author}
        path = folder / f"问题清单_{_file_name(department)}.docx"
        written.append(_fill(LIST_OF_PROBLEMS, templates, path, values | _dates(day), own, None))
    return written


def _fill(
    name: str,
    templates: Path | None,
    target: Path,
    values: dict[str, str],
    findings: Iterable[AuditFinding],
    drawn: Drawn | None,
) -> Path:
    own = templates / name if templates is not None else None
    source = own if own is not None and own.exists() else OWN_TEMPLATES / name
    try:
        document = DocxTemplate(source)
        items = [_shown(document, item, one, drawn) for item, one in _items(findings)]
        document.render({**values, "items": items}, autoescape=True)
        with replaced(target) as temporary:
            document.save(temporary)
    except (TemplateError, KeyError, ValueError) as error:
        raise ConfigError(f"Word 模板 {source} 无法填写（{error}）；请对照随程序提供的模板改正后重试。") from error
    return target


def _shown(document: DocxTemplate, item: PaperItem, finding: AuditFinding, drawn: Drawn | None) -> dict[str, Any]:
    """An item with its picture or excerpt; `drawn` is None for a paper without them."""
    values = asdict(item)
    if drawn is None:
        return values | {"picture": ""}
    picture = first_pictures([finding], drawn, RASTER).get(finding.check.check_id)
    shown = InlineImage(document, BytesIO(picture.content), width=PICTURE_WIDTH) if picture else ""
    cuttings = [cutting for exhibit in exhibits(finding, drawn, RASTER) for cutting in exhibit.cuttings]
    return values | {"picture": shown, "excerpt": word_excerpts(cuttings)}


def _items(findings: Iterable[AuditFinding]) -> Iterator[tuple[PaperItem, AuditFinding]]:
    criteria = {rule.code: rule.source for rule in all_rules()}
    for number, card in enumerate(cards(findings), 1):
        yield _item(number, card, criteria.get(card.lead.check.rule, card.lead.title)), card.lead


def _item(number: int, card: Card, criterion: str) -> PaperItem:
    one = card.lead
    cell = main_cell(one)
    evaluation = one.evaluation
    where = in_words(one.place.locator) if one.place else ""
    return PaperItem(
        number=number,
        title=one.title,
        severity=SEVERITY_ZH[one.check.severity],
        unit=_unit(one),
        project=(evaluation.project_name if evaluation else None) or "",
        subject=cell.full_name if cell else one.title,
        criterion=criterion,
        reported=one.check.reported or "",
        expected=one.check.expected or "",
        difference=one.check.difference or "",
        message=one.check.message,
        cause=one.check.likely_cause or "",
        others=_others(card),
        place=f"{one.document.file_name} {where}".strip(),
        conclusion=one.decision.shown if one.decision else "待核",
    )


def _others(card: Card) -> str:
    """What the same cause explains beside the finding itself, a line each."""
    if not card.others:
        return ""
    lines = (f"（{number}）{one.check.message}" for number, one in enumerate(card.others, 1))
    return "\n".join((f"同一原因的另{len(card.others)}处：", *lines))


def _grouped(
    findings: Iterable[AuditFinding], key: Callable[[AuditFinding], str]
) -> list[tuple[str, list[AuditFinding]]]:
    groups: dict[str, list[AuditFinding]] = {}
    for one in findings:
        groups.setdefault(key(one), []).append(one)
    return sorted(groups.items())


def _unit(one: AuditFinding) -> str:
    return (one.evaluation.unit if one.evaluation else None) or NO_UNIT


def _department(one: AuditFinding) -> str:
    return (one.evaluation.department if one.evaluation else None) or NO_DEPARTMENT


def _years(findings: Iterable[AuditFinding]) -> str:
    years = {one.evaluation.fiscal_year for one in findings if one.evaluation and one.evaluation.fiscal_year}
    return "、".join(str(year) for year in sorted(years))


def _dates(day: date) -> dict[str, str]:
    return {"date": _zh(day), "due": _zh(day + ANSWER_WITHIN)}


def _zh(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _file_name(name: str) -> str:
    """A name that any file system takes."""
    return _UNSAFE.sub("_", name)[:_LONGEST_NAME].strip("._") or "未命名"
