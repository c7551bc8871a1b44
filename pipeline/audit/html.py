"""The findings as one page for a browser and for paper (网页报告).

The page asks nothing of the network: style, script and pictures are inside it. Only where the pictures grow too large
they stand in a folder beside it. Without its script it is still whole; the script filters and sorts what is there.
The same dataset gives the same bytes.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from pipeline.audit.coverage import Coverage
from pipeline.audit.decisions import VERDICT_ZH
from pipeline.audit.evidence import Cutting, Exhibit, SmallTable, exhibits
from pipeline.audit.figures import Figures, figures
from pipeline.audit.filters import SEVERITIES, Filters, matching
from pipeline.audit.findings import AuditFinding, cards
from pipeline.audit.loading import AuditData
from pipeline.audit.pictures import file_name, folder_of, replace_file, write_folder
from pipeline.audit.scores import score_lines
from pipeline.checks.run import all_rules
from pipeline.console import SEVERITY_ZH
from pipeline.findings.cross import RULES
from pipeline.originals.model import Drawn, PageImage, TableExcerpt, Value
from pipeline.reading.run_summary import STATUS_ZH
from pipeline.unread import NO_UNIT, NO_YEAR
from schemas.errors import StoreError
from schemas.locators import in_words
from schemas.records import DocumentRow

TEMPLATE = "report.html"

INLINE_BYTES = 6 * 2**20
"""Pictures inside the page, the findings that matter most first; a third more as text. What follows goes beside it."""

OPEN = "open"
"""The decision of a finding that nobody has decided."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture in the page (图): its address, or the number of the picture before it that is the same."""

    number: int
    address: str
    same_as: int | None
    width: int
    height: int
    caption: str
    link: str


@dataclass(frozen=True, slots=True)
class Shelf:
    """What one document shows beside a finding (原文一份), pictures with their addresses."""

    document: DocumentRow
    link: str
    pictures: tuple[Shown, ...]
    cuttings: tuple[Cutting, ...]
    tables: tuple[SmallTable, ...]
    sentences: tuple[tuple[Value, ...], ...]
    note: str


@dataclass(frozen=True, slots=True)
class Under:
    """A finding under another one (所属一条): what it says, its numbers, what was decided about it."""

    finding: AuditFinding
    figures: Figures


@dataclass(frozen=True, slots=True)
class FindingEntry:
    """A finding as the page shows it (一条), with those of the same cause under it."""

    number: int
    finding: AuditFinding
    figures: Figures
    shelves: tuple[Shelf, ...]
    office: str
    year: str
    source: str
    place: str
    under: tuple[Under, ...]
    """What the same cause explains."""

    @property
    def members(self) -> tuple[AuditFinding, ...]:
        """The finding and those under it."""
        return (self.finding, *(one.finding for one in self.under))

    @property
    def facts(self) -> Mapping[str, str]:
        """What the page filters by, for the finding and those under it."""
        facts: dict[str, Iterable[str]] = {
            "severity": (one.check.severity for one in self.members),
            "rule": (one.check.rule for one in self.members),
            "decision": (one.decision.verdict if one.decision else OPEN for one in self.members),
            "question": ("yes" if one.question else "no" for one in self.members),
        }
        return {name: " ".join(dict.fromkeys(values)) for name, values in facts.items()}

    @property
    def relative(self) -> str:
        """The difference as a share of what it is a difference of."""
        return f"{-self.finding.weight.minus_relative:f}"

    @property
    def tall(self) -> bool:
        """Whether it may be cut by a page's end in print: it would leave most of a page white, or not fit one."""
        pictures = sum(shown.height for shelf in self.shelves for shown in shelf.pictures) / 24
        rows = sum(_length(cutting) for shelf in self.shelves for cutting in shelf.cuttings)
        return len(self.figures.lines) + pictures + rows > 40


def _length(cutting: Cutting) -> int:
    """Lines that an excerpt takes at least."""
    excerpt = cutting.excerpt
    return len(excerpt.rows) if isinstance(excerpt, TableExcerpt) else len(excerpt.lines)


@dataclass(frozen=True, slots=True)
class FindingTally:
    """How many findings of each severity one office, year or rule has (计数), with the addresses that show them."""

    name: str
    counts: tuple[int, ...]
    link: str
    links: tuple[str, ...]

    @property
    def total(self) -> int:
        return sum(self.counts)


def write_html(
    path: Path, desk: AuditData, findings: Sequence[AuditFinding], covered: Coverage, filters: Filters, drawn: Drawn
) -> Path | None:
    """Write the page to `path`; gives the folder of pictures beside it, where one was needed. Raises StoreError."""
    folder = folder_of(path)
    entries, beside = _entries(findings, drawn, folder.name)
    version = desk.dataset.path.name
    page = _template().render(
        entries=entries,
        tallies=_tallies(entries),
        totals=_totals(findings),
        covered=covered,
        scores=score_lines(desk, matching(desk, filters)),
        scope=filters.told(),
        version=int(version) if version.isdecimal() else None,
        found=len(findings),
        documents=len({one.document.document_id for one in findings}),
        choices=_choices(entries),
        severities={code: SEVERITY_ZH[code] for code in SEVERITIES},
        verdicts=VERDICT_ZH,
        status_zh=STATUS_ZH,
    )
    try:
        replace_file(path, page.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise StoreError(f"无法写入 {path}（{error.strerror}）；请检查文件夹与权限，或另选位置。") from error
    write_folder(folder, beside)
    return folder if beside else None


def _template() -> Template:
    """The page's template; whatever is put into it is text, never markup."""
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["place"] = in_words
    environment.filters["script_hash"] = _script_hash
    return environment.get_template(TEMPLATE)


def _script_hash(script: str) -> str:
    """What the page's content policy allows to run: this script, nothing a file name or cell might bring along."""
    return b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _entries(
    findings: Sequence[AuditFinding], drawn: Drawn, folder: str
) -> tuple[list[FindingEntry], dict[str, PageImage]]:
    """The findings in order, and the pictures that do not fit into the page by their names in `folder`."""
    addresses = _Addresses(folder)
    sources = {rule.code: rule.source for rule in all_rules()} | {rule.code: rule.source for rule in RULES}
    entries = []
    for number, card in enumerate(cards(findings), 1):
        finding = card.lead
        form, place = finding.evaluation, finding.place
        entries.append(
            FindingEntry(
                number,
                finding,
                figures(finding),
                tuple(_shelf(exhibit, addresses) for exhibit in exhibits(finding, drawn)),
                office=(form and (form.unit or form.department)) or NO_UNIT,
                year=f"{form.fiscal_year}年" if form and form.fiscal_year else NO_YEAR,
                source=sources.get(finding.check.rule, ""),
                place=in_words(place.locator) if place else "",
                under=tuple(Under(one, figures(one)) for one in card.others),
            )
        )
    return entries, addresses.beside


class _Addresses:
    """Gives pictures their addresses: inside the page until it is full, then in the folder; the same picture once."""

    def __init__(self, folder: str) -> None:
        self.beside: dict[str, PageImage] = {}
        self._folder = quote(folder)
        self._inside = 0
        self._number = 0
        self._known: dict[PageImage, int] = {}

    def shown(self, picture: PageImage, caption: str, link: str) -> Shown:
        self._number += 1
        first = self._known.get(picture)
        address = ""
        if first is None and self._inside + len(picture.content) <= INLINE_BYTES:
            self._inside += len(picture.content)
            self._known[picture] = self._number
            address = f"data:{picture.media_type};base64,{b64encode(picture.content).decode()}"
        elif first is None:
            name = file_name(picture)
            self.beside[name] = picture
            address = f"{self._folder}/{name}"
        return Shown(self._number, address, first, picture.width, picture.height, caption, link)


def _shelf(exhibit: Exhibit, addresses: _Addresses) -> Shelf:
    link = _file_link(exhibit.document)
    pictures = tuple(
        addresses.shown(shot.picture, shot.caption, f"{link}#page={shot.page}" if link else "")
        for shot in exhibit.shots
    )
    return Shelf(exhibit.document, link, pictures, exhibit.cuttings, exhibit.tables, exhibit.sentences, exhibit.note)


def _file_link(document: DocumentRow) -> str:
    """An address that opens the file on the machine it was read on; none where no file was kept."""
    path = Path(document.local_path or document.source_uri)
    return path.as_uri() if path.is_absolute() else ""


def _tallies(entries: Sequence[FindingEntry]) -> list[tuple[str, str, list[FindingTally]]]:
    """The findings counted by rule, office and year: the field to filter by, its name, the counts."""
    pairs = [(entry, finding) for entry in entries for finding in entry.members]
    titles = {finding.check.rule: finding.title for _, finding in pairs}
    years = _tally("year", ((entry.year, finding) for entry, finding in pairs))
    return [
        ("rule", "规则", _tally("rule", ((finding.check.rule, finding) for _, finding in pairs), titles)),
        ("office", "单位", _tally("office", ((entry.office, finding) for entry, finding in pairs))),
        ("year", "年度", sorted(years, key=lambda year: (year.name != NO_YEAR, year.name), reverse=True)),
    ]


def _tally(
    field: str, found: Iterable[tuple[str, AuditFinding]], titles: Mapping[str, str] | None = None
) -> list[FindingTally]:
    """The findings of each value of a field, those with most first; `titles` name the values."""
    counts: dict[str, Counter[str]] = {}
    for value, finding in found:
        counts.setdefault(value, Counter())[finding.check.severity] += 1
    made = [
        FindingTally(
            titles[code] if titles else code,
            tuple(count[severity] for severity in SEVERITIES),
            _link({field: code}),
            tuple(_link({field: code, "severity": severity}) for severity in SEVERITIES),
        )
        for code, count in counts.items()
    ]
    return sorted(made, key=lambda tally: (*(-count for count in tally.counts), tally.name))


def _link(state: Mapping[str, str]) -> str:
    return "#" + urlencode(state)


def _totals(findings: Sequence[AuditFinding]) -> list[tuple[str, str, int, str]]:
    """The figures at the top: style, name, number, the address that shows these findings."""
    severities = Counter(one.check.severity for one in findings)
    found = [(code, SEVERITY_ZH[code], severities[code], _link({"severity": code})) for code in SEVERITIES]
    questions = sum(one.question for one in findings)
    undecided = sum(one.decision is None for one in findings)
    return [
        *found,
        ("question", "须先核对原文", questions, _link({"question": "yes"})),
        ("open", "尚未决定", undecided, _link({"decision": OPEN})),
    ]


def _choices(entries: Sequence[FindingEntry]) -> dict[str, list[tuple[str, str]]]:
    """The values to filter by, each with the name to show."""
    rules = {one.check.rule: one.title for entry in entries for one in entry.members}
    documents = {entry.finding.document.document_id: entry.finding.document.file_name for entry in entries}
    return {
        "rule": sorted(rules.items(), key=lambda rule: rule[1]),
        "office": [(name, name) for name in sorted({entry.office for entry in entries})],
        "year": [(name, name) for name in sorted({entry.year for entry in entries}, reverse=True)],
        "document": sorted(documents.items(), key=lambda document: document[::-1]),
    }
