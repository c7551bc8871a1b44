"""A finding's calculation as lines of a column of figures, decimal points under each other (竖式).

The numbers are the dataset's, in one unit for the whole column; a value that was printed otherwise (in 元, as a ratio)
says so beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from pipeline.audit.calculation import Calculation, CalculationTerm, calculation
from pipeline.audit.findings import AuditFinding, Cited
from pipeline.checks.printed import POINTS_OF_PERCENT, plain
from schemas.decimals import CENT

LineKind = Literal["term", "computed", "printed", "difference", "other"]

MOST_TERMS = 24
"""A sum of more terms than this ends in one line for the rest."""
_NUMBER = re.compile(r"[-－]?\d[\d,，]*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class FigureLine:
    """One line (一行): sign, name, and figures (before the point, from it, blanks to align) or `text`."""

    kind: LineKind
    sign: str
    name: str
    whole: str = ""
    fraction: str = ""
    padding: str = ""
    unit: str = ""
    text: str = ""
    printed_as: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """The column of figures with what all its terms have in common as its caption (竖式)."""

    caption: str
    lines: tuple[FigureLine, ...]


@dataclass(frozen=True, slots=True)
class _Draft:
    kind: LineKind
    sign: str
    name: str
    value: Decimal | None
    unit: str = ""
    text: str = ""
    printed_as: str = ""


def figures(finding: AuditFinding) -> Figures:
    """The lines of a finding's calculation, top to bottom."""
    made = calculation(finding)
    caption, names = _names(finding.cells)
    drafts = list(_calculated(finding, made, names) if made.printed else _listed(finding, names))
    places = max((len(_split(draft.value)[1]) for draft in drafts if draft.value is not None), default=0)
    return Figures(caption, tuple(_line(draft, places) for draft in drafts))


def _calculated(finding: AuditFinding, made: Calculation, names: dict[int, str]) -> Iterator[_Draft]:
    for term in made.terms[:MOST_TERMS]:
        yield _draft("term", term.sign, term.cell, names)
    if rest := made.terms[MOST_TERMS:]:
        added = sum((_signed(term) for term in rest), Decimal(0))
        yield _Draft("term", "＋", f"其余 {len(rest)} 项", added, rest[0].cell.unit)
    assert made.printed is not None
    difference, printed = finding.check.difference_value, made.printed.value
    if difference is not None and printed is not None:
        computed = printed - difference
        if made.shape in ("quotient", "product"):
            computed = computed.quantize(CENT)
        yield _Draft("computed", "＝", "复算", computed, made.printed.unit)
    elif made.result:
        yield _Draft("computed", "＝", "复算", None, text=made.result)
    yield _draft("printed", "", made.printed, names, "填列 ")
    yield from _difference(finding)
    for cell in made.others:
        yield _draft("other", "", cell, names, "另一基数 ")


def _listed(finding: AuditFinding, names: dict[int, str]) -> Iterator[_Draft]:
    """Values that do not go together: each as printed, then what was expected."""
    for cell in finding.cells:
        yield _Draft("term", "", names[id(cell)], None, text=cell.shown or "（空）")
    shown = {cell.shown for cell in finding.cells}
    check = finding.check
    if check.reported and check.reported not in shown:
        yield _Draft("printed", "", "填列", None, text=check.reported)
    if check.expected and check.expected not in shown:
        yield _Draft("computed", "", "应为", None, text=check.expected)
    yield from _difference(finding)


def _difference(finding: AuditFinding) -> Iterator[_Draft]:
    check = finding.check
    if check.difference is None:
        return
    value = check.difference_value
    unit = (_NUMBER.sub("", check.difference, count=1)).strip() if value is not None else ""
    text = "" if value is not None else check.difference
    rounded = value.quantize(CENT) if value is not None and unit == POINTS_OF_PERCENT else value
    yield _Draft("difference", "", "差异", rounded, unit, text)


def _draft(kind: LineKind, sign: str, cell: Cited, names: dict[int, str], before: str = "") -> _Draft:
    name = before + names[id(cell)]
    if cell.value is None:
        return _Draft(kind, sign, name, None, text=cell.shown or "（空）")
    return _Draft(kind, sign, name, cell.value, cell.unit, printed_as=_printed_as(cell))


def _printed_as(cell: Cited) -> str:
    """What is printed, where its digits are not those of the value."""
    found = _NUMBER.search(cell.shown)
    same = found is not None and Decimal(found[0].replace(",", "").replace("，", "").replace("－", "-")) == cell.value
    return "" if same or not cell.shown else f"原文 {cell.shown}"


def _signed(term: CalculationTerm) -> Decimal:
    value = term.cell.value or Decimal(0)
    return -value if term.sign == "－" else value


def _names(cells: Sequence[Cited]) -> tuple[str, dict[int, str]]:
    """What the cells have in common (their column, or their row), and what tells each from the others."""
    columns = {cell.column for cell in cells}
    rows = {(cell.subject.table, cell.subject.ordinal, cell.document.document_id) for cell in cells}
    documents = {cell.document.document_id for cell in cells}
    origin = {id(cell): _origin(cell) if len(documents) > 1 else "" for cell in cells}
    if len(columns) == 1 and all(cell.name for cell in cells):
        return next(iter(columns)), {id(cell): cell.name + origin[id(cell)] for cell in cells}
    if len(rows) == 1:
        return cells[0].name, {id(cell): cell.column for cell in cells}
    if len(columns) == 2 and sum(not cell.name for cell in cells) == 1:  # the form's own total beside rows
        return "", {id(cell): (cell.name or cell.column) + origin[id(cell)] for cell in cells}
    return "", {id(cell): cell.full_name + origin[id(cell)] for cell in cells}


def _origin(cell: Cited) -> str:
    """The file of a cell whose name does not tell it."""
    return "" if cell.document.file_name in cell.full_name else f"（{cell.document.file_name}）"


def _line(draft: _Draft, places: int) -> FigureLine:
    if draft.value is None:
        return FigureLine(draft.kind, draft.sign, draft.name, text=draft.text, printed_as=draft.printed_as)
    whole, fraction = _split(draft.value)
    missing = places - len(fraction)
    padding = ("" if fraction or not missing else ".") + "0" * missing
    return FigureLine(
        draft.kind,
        draft.sign,
        draft.name,
        whole,
        f".{fraction}" if fraction else "",
        padding,
        draft.unit,
        printed_as=draft.printed_as,
    )


def _split(value: Decimal) -> tuple[str, str]:
    """Digits before the point, in groups and with a true minus sign, and digits after it."""
    whole, _, fraction = plain(abs(value)).partition(".")
    return ("−" if value < 0 else "") + f"{int(whole):,}", fraction
