"""The recomputed figures as sheets of live formulas (重算、其他数额)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal

import pyarrow as pa
import pyarrow.compute as pc
from xlsxwriter.utility import xl_col_to_name

from pipeline.audit.calculation import Calculation, laid_out
from pipeline.audit.excel_cells import MONEY, PERCENT, PLAIN, POINTS, Style, WorksheetPage, file_link
from pipeline.audit.findings import Cited, cited, rule_titles
from pipeline.audit.loading import AuditData
from pipeline.audit.recompute import (
    AGREES,
    DIFFERS,
    PARTIAL,
    SPARE,
    Formula,
    Value,
    WorksheetLine,
    placed,
    recompute,
)
from pipeline.checks.model import Form
from pipeline.checks.printed import UNITS
from pipeline.findings.cross.stored_forms import FormKey
from schemas.records import Check
from schemas.stored import from_arrow

MOST_ROWS = 1_000_000
"""Excel's limit is 1,048,576; what does not fit is said in the last row."""

_FIGURES: Sequence[tuple[str, str, float, str]] = (
    ("initial", "年初预算数", 13, MONEY),
    ("annual", "全年预算数", 13, MONEY),
    ("executed", "全年执行数", 13, MONEY),
    ("arrived", "到位数", 11, MONEY),
    ("rate", "执行率%（填列）", 9, PERCENT),
    ("rate_again", "执行率%（复算）", 10, PERCENT),
    ("rate_difference", "差异", 9, PERCENT),
    ("rate_allowed", "允许", 8, PERCENT),
    ("points", "分值", 8, POINTS),
    ("score", "得分（填列）", 8, PERCENT),
    ("score_again", "执行得分（复算）", 9, PERCENT),
    ("score_difference", "差异", 8, PERCENT),
    ("score_allowed", "允许", 8, PERCENT),
)
_FIRST = 2
_LETTERS: Mapping[str, str] = {key: xl_col_to_name(_FIRST + at) for at, (key, *_) in enumerate(_FIGURES)}
_VERDICT = _FIRST + len(_FIGURES)
_KINDS: Mapping[str, Style] = {"合计": "sum", "差额": "sum", "允许": "faint", "总分": "bold", "标注": "bold"}


def write_figures(page: WorksheetPage, desk: AuditData, keys: Sequence[FormKey]) -> dict[FormKey, int]:
    """Write every form of `keys` computed again; says in which row (1-based) each begins."""
    heads = ["类别", "行", *(title for _, title, *_ in _FIGURES), "结论", "算法", "位置"]
    page.heads(0, heads)
    page.widths([7, 30, *(width for *_, width, _ in _FIGURES), 14, 44, 18])
    page.sheet.freeze_panes(1, 2)
    forms = desk.forms(keys)
    begins: dict[FormKey, int] = {}
    row = 1
    for at, key in enumerate(keys):
        lines = recompute(forms[key], desk.rules)
        if not lines:
            continue
        if row + len(lines) >= MOST_ROWS:
            page.text(
                row, 0, f"其余 {len(keys) - at} 份自评超出一张工作表所能容纳，请用 --year、--unit 缩小范围。", "error"
            )
            break
        begins[key] = row + 1
        _heading(page, row, forms[key])
        for line in lines:
            row += 1
            _line(page, row, line, begins[key] + 1)
        row += 1
    page.sheet.autofilter(0, 0, max(row - 1, 0), len(heads) - 1)
    _colour(page, row, _VERDICT)
    _colour_differences(page, row)
    return begins


def _heading(page: WorksheetPage, row: int, form: Form) -> None:
    head = form.evaluation
    assert head is not None  # only evaluations are computed again
    units = sorted({each.unit_raw for each in form.funding if each.unit_raw} - {UNITS["money"]})
    year = f"{head.fiscal_year}年" if head.fiscal_year else None
    facts = [head.unit or head.department, head.project_name or head.title, year]
    title = " · ".join(fact for fact in facts if fact) or form.document.file_name
    page.sheet.set_row(row, None, page.book.style("title"))
    page.text(row, 0, "自评", "title")
    page.text(row, 1, title, "title")
    page.text(
        row, _VERDICT + 1, f"金额单位：万元（原表以{'、'.join(units)}填写）" if units else "金额单位：万元", "title"
    )
    address = file_link(form.document)
    if address:
        page.link(row, _VERDICT + 2, address, form.document.file_name)
    else:
        page.text(row, _VERDICT + 2, form.document.source_uri)


def _line(page: WorksheetPage, row: int, line: WorksheetLine, first_row: int) -> None:
    """One line into 0-based `row`; the form's line 0 is in 1-based row `first_row`."""
    style = _KINDS.get(line.kind, "text")
    page.text(row, 0, line.kind, style)
    page.text(row, 1, line.name, style)
    for at, (key, _, _, number) in enumerate(_FIGURES):
        if key in line.cells:
            _value(page, row, _FIRST + at, line.cells[key], number, style, first_row)
    if line.verdict is not None:
        text = placed(line.verdict.text, first_row, _LETTERS)
        page.formula(row, _VERDICT, text, line.verdict.value, style="bold")
    page.text(row, _VERDICT + 1, line.remark, "faint")
    page.text(row, _VERDICT + 2, line.locator, "faint")


def _value(page: WorksheetPage, row: int, column: int, value: Value, number: str, style: Style, first_row: int) -> None:
    if isinstance(value, Formula):
        page.formula(row, column, placed(value.text, first_row, _LETTERS), value.value, number, style)
    else:
        page.number(row, column, value, number, style)


def _colour(page: WorksheetPage, rows: int, column: int) -> None:
    """Verdicts in colour, whatever they turn to when somebody changes a number."""
    add = page.book.workbook.add_format
    for criteria, text, look in (
        ("begins with", DIFFERS, {"bg_color": "#FFC7CE", "font_color": "#9C0006"}),
        ("begins with", "得分超过", {"bg_color": "#FFC7CE", "font_color": "#9C0006"}),
        ("begins with", PARTIAL, {"bg_color": "#FFEB9C", "font_color": "#9C5700"}),
        ("begins with", AGREES, {"font_color": "#006100"}),
    ):
        rule = {"type": "text", "criteria": criteria, "value": text, "format": add(look)}
        page.sheet.conditional_format(1, column, max(rows, 1), column, rule)


def _colour_differences(page: WorksheetPage, rows: int) -> None:
    """The very differences that rounding cannot explain."""
    look = page.book.workbook.add_format({"bg_color": "#FFC7CE", "font_color": "#9C0006"})
    for first, last in (("initial", "arrived"), ("points", "score")):
        letter = _LETTERS[first]
        test = f'=AND($A2="差额",ISNUMBER({letter}2),ABS({letter}2)>{letter}3+{SPARE})'
        area = f"{letter}2:{_LETTERS[last]}{max(rows, 2)}"
        page.sheet.conditional_format(area, {"type": "formula", "criteria": test, "format": look})
    for column in ("rate", "score"):
        letter, allowed = _LETTERS[f"{column}_difference"], _LETTERS[f"{column}_allowed"]
        test = f"=AND(ISNUMBER({letter}2),ABS({letter}2)>{allowed}2+{SPARE})"
        area = f"{letter}2:{letter}{max(rows, 2)}"
        page.sheet.conditional_format(area, {"type": "formula", "criteria": test, "format": look})


_AMOUNT_HEADS = ("核对", "名称", "项", "填列", "单位", "复算", "差异", "允许", "结论", "文件", "位置")


def write_amounts(page: WorksheetPage, desk: AuditData, inside: set[FormKey]) -> None:
    """Write the other figures (数表、正文) that were compared, each sum or quotient a block of its own."""
    page.heads(0, _AMOUNT_HEADS)
    page.widths([20, 44, 20, 16, 8, 16, 14, 12, 14, 30, 18])
    page.sheet.freeze_panes(1, 2)
    row = 1
    titles = rule_titles()
    for check, cells in _compared(desk, inside):
        if row + len(cells) >= MOST_ROWS:
            page.text(row, 0, "其余的超出一张工作表所能容纳，请用 --year、--unit 缩小范围。", "error")
            break
        _amount_block(page, row, titles[check.rule], check, cells)
        row += len(cells)
    page.sheet.autofilter(0, 0, max(row - 1, 0), len(_AMOUNT_HEADS) - 1)
    _colour(page, row, 8)


def _compared(desk: AuditData, inside: set[FormKey]) -> Iterator[tuple[Check, list[Cited]]]:
    """The checks of other figures with their values, those that do not agree first."""
    kept = pc.and_(
        pc.is_in(desk.checks["relation"], pa.array(("sum", "quotient"))),
        pc.not_equal(desk.checks["outcome"], "not_checkable"),
    )
    found: Iterable[Check] = from_arrow("checks", desk.checks.filter(kept))
    checks = [
        check
        for check in found
        if (check.document_id, check.evaluation_id) in inside
        and not check.places
        and any(subject.table == "amounts" for subject in check.subjects)
    ]
    forms = desk.forms({(check.document_id, check.evaluation_id) for check in checks})
    for check in sorted(
        checks, key=lambda one: (one.outcome == "consistent", one.document_id, one.evaluation_id or "")
    ):
        cells = cited(forms[check.document_id, check.evaluation_id], check.subjects)
        if all(cell.value is not None for cell in cells):
            yield check, cells


def _amount_block(page: WorksheetPage, row: int, title: str, check: Check, cells: Sequence[Cited]) -> None:
    made = laid_out(check, cells)
    total = made.printed
    if total is None:
        return
    address = file_link(total.document)
    for at, cell in enumerate(cells):
        page.text(row + at, 0, title, "bold" if cell is total else "text")
        page.text(row + at, 1, cell.name, "bold" if cell is total else "text")
        page.text(row + at, 2, cell.column)
        page.number(row + at, 3, cell.value, PLAIN)
        page.text(row + at, 4, cell.unit)
        page.text(row + at, 10, cell.place.locator, "faint")
        if address:
            page.link(row + at, 9, address, total.document.file_name)
        else:
            page.text(row + at, 9, total.document.source_uri)
    rows = {id(cell): row + at + 1 for at, cell in enumerate(cells)}
    found = _formula(made, rows)
    if found is None or total.value is None:
        return
    text, right = found
    at = row + list(cells).index(total)
    allowed = _tolerance(check)
    difference = (total.value - right).quantize(Decimal("0.000001"))
    page.formula(at, 5, text, right, PLAIN, "bold")
    page.formula(at, 6, f"=ROUND(D{at + 1}-F{at + 1},6)", difference)
    page.text(at, 8, _verdict(check), "bold")
    page.number(at, 7, allowed, PLAIN)


def _verdict(check: Check) -> str:
    """The check's own verdict: what rounding allows differs from figure to figure here."""
    if check.outcome == "consistent":
        return AGREES
    return DIFFERS if check.severity == "error" else f"{DIFFERS}（存疑）"


def _formula(made: Calculation, rows: Mapping[int, int]) -> tuple[str, Decimal] | None:
    """The formula over the values, `rows` saying in which 1-based row of column D each stands, and its result."""
    if made.shape == "quotient":
        return _quotient(made, rows)
    values = [-_value_of(term.cell) if term.sign == "－" else _value_of(term.cell) for term in made.terms]
    places = [rows[id(term.cell)] for term in made.terms]
    right = sum(values, Decimal(0))
    if places == list(range(places[0], places[0] + len(places))) and not any(t.sign == "－" for t in made.terms):
        return f"=SUM(D{places[0]}:D{places[-1]})", right
    signed = zip(made.terms, places, strict=True)
    text = "".join(f"{'-' if term.sign == '－' else '+'}D{place}" for term, place in signed)
    return "=" + text.removeprefix("+"), right


def _quotient(made: Calculation, rows: Mapping[int, int]) -> tuple[str, Decimal] | None:
    """By the base that fits best."""
    assert made.printed is not None
    part, *bases = [term.cell for term in made.terms]
    shares = {id(base): _value_of(part) / _value_of(base) * 100 for base in (*bases, *made.others) if _value_of(base)}
    if not shares:
        return None
    printed = _value_of(made.printed)
    best = min(shares, key=lambda base: abs(shares[base] - printed))
    return f"=D{rows[id(part)]}/D{rows[best]}*100", shares[best]


def _value_of(cell: Cited) -> Decimal:
    return cell.value or Decimal(0)


def _tolerance(check: Check) -> Decimal | None:
    """What rounding can explain, as the check said it: ±0.02万元."""
    digits = "".join(char for char in check.tolerance or "" if char.isdigit() or char == ".")
    return Decimal(digits) if digits else None
