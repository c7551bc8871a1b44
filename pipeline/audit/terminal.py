"""The findings as a list a person reads in the terminal, and as JSON for a program (终端清单)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from pipeline.audit.calculation import Calculation, CalculationTerm, calculation
from pipeline.audit.coverage import Coverage
from pipeline.audit.filters import SEVERITIES
from pipeline.audit.findings import AuditFinding, Card, Cited, cards
from pipeline.console import SEVERITY_ZH, STYLE

PARTS_SHOWN = 8
"""A sum of more indicators than this is shown with their subtotal: the whole list is in the other reports."""

QUESTION_ZH = "核对原文"
SHORT_ID = 12
"""Characters of a check's id that are shown; any unambiguous beginning names it."""


def show(findings: Sequence[AuditFinding], console: Console) -> None:
    """Print the findings, a block for each with those of the same cause under it."""
    for number, card in enumerate(cards(findings), 1):
        console.print(_block(number, card))


def summary(findings: Sequence[AuditFinding], covered: Coverage, hidden: int, stale: int) -> str:
    """How many of what, in a few lines; `hidden` findings are less severe, `stale` decisions have no effect."""
    return "\n".join(_summary(findings, covered, hidden, stale))


def _summary(findings: Sequence[AuditFinding], covered: Coverage, hidden: int, stale: int) -> Iterator[str]:
    files = len({one.document.document_id for one in findings})
    counts = Counter(one.check.severity for one in findings)
    parts = "，".join(f"{SEVERITY_ZH[severity]} {counts[severity]} 处" for severity in SEVERITIES if counts[severity])
    yield f"自评 {covered.forms} 份，发现 {len(findings)} 处，在 {files} 个文件中" + (f"：{parts}" if parts else "")
    if any(one.check.tolerance for one in findings):
        yield "差异均超出所印数字四舍五入所能解释的范围；各处允许的差额见 --xlsx 的“重算”"
    questions = sum(one.question for one in findings)
    if questions:
        yield f"其中 {questions} 处读取把握不足，请先核对原文"
    decided = Counter(one.decision.shown.partition("（")[0] for one in findings if one.decision)
    if decided:
        yield "已有决定：" + "，".join(f"{verdict} {count} 处" for verdict, count in decided.items())
    if stale:
        yield f"先前的决定有 {stale} 条不再对应现有的发现（数值已变，或报告已更正），相应的发现重新待定"
    if hidden:
        yield f"另有程度较轻的 {hidden} 处未列出，见 --min-severity"
    if covered.not_checkable:
        yield f"另有 {covered.not_checkable} 项无法核对，原因见 --xlsx 的“核对范围”"
    if covered.unread:
        yield f"有 {len(covered.unread)} 个文件未读出、未读全或没有自评，不在核对之列，见 --xlsx 的“核对范围”"


def _block(number: int, card: Card) -> RenderableType:
    finding = card.lead
    style = "dim" if finding.decision else STYLE.get(finding.check.severity, "cyan")
    head = Text(f"{number}. ", style="bold")
    head.append(f"{SEVERITY_ZH[finding.check.severity]}", style=style)
    if finding.question:
        head.append(f"（{QUESTION_ZH}）", style="magenta")
    head.append(f" {finding.title}", style="bold")
    head.append(f"  {finding.check.rule}  {finding.check.check_id[:SHORT_ID]}", style="dim")
    lines: list[RenderableType] = [Text(about(finding), style="cyan"), _figures(calculation(finding), finding)]
    lines += [Text(f"{name}：{value}") for name, value in _remarks(finding) if value]
    lines += [Text(_under(one), style="dim") for one in card.others]
    return Group(head, Padding(Group(*lines), (0, 0, 1, 3), expand=False))


def _under(one: AuditFinding) -> str:
    decided = f"（{one.decision.shown}）" if one.decision else ""
    return f"同一原因：{one.title}  {one.check.check_id[:SHORT_ID]}{decided}  {one.check.message}"


def about(finding: AuditFinding) -> str:
    """Which form: unit, project, year."""
    form = finding.evaluation
    facts = (form.unit or form.department, form.project_name, _year(form.fiscal_year)) if form else ()
    return " · ".join(fact for fact in facts if fact) or (
        form.title if form and form.title else finding.document.file_name
    )


def _year(year: int | None) -> str:
    return "" if year is None else f"{year}年"


def where(finding: AuditFinding) -> str:
    """File and place."""
    place = finding.place
    return f"{finding.document.source_uri}" + (f"  {place.locator}" if place and place.locator else "")


def _remarks(finding: AuditFinding) -> Iterator[tuple[str, str | None]]:
    yield "说明", finding.check.message
    yield "可能原因", finding.check.likely_cause
    yield "位置", where(finding)
    yield "决定", finding.decision.shown if finding.decision else None


def _figures(made: Calculation, finding: AuditFinding) -> Table:
    """The numbers one under the other, as on paper."""
    table = Table.grid(padding=(0, 1))
    table.add_column()
    table.add_column(overflow="fold")
    table.add_column(justify="right", no_wrap=True)
    for sign, name, shown in _lines(made):
        table.add_row(sign, name, shown)
    if made.printed is not None:
        table.add_row("＝", "复算", made.result or "")
        table.add_row("", f"填列 {made.printed.full_name}", Text(made.printed.shown, style="bold"))
    else:
        listed = {term.cell.shown for term in made.terms}
        for name, value in (("填列", finding.check.reported), ("应为", finding.check.expected)):
            if value and value not in listed:
                table.add_row("", name, value)
    if finding.check.difference:
        table.add_row("", "差异", Text(finding.check.difference, style="bold red"))
    return table


def _lines(made: Calculation) -> Iterator[tuple[str, str, str]]:
    whole = [term for term in made.terms if term.cell.subject.table != "indicators"]
    rows = [term for term in made.terms if term.cell.subject.table == "indicators"]
    if made.shape != "sum" or len(rows) <= PARTS_SHOWN:
        whole, rows = list(made.terms), []
    for term in whole:
        yield _line(term)
    if rows:
        added = sum((term.cell.value or Decimal(0) for term in rows), Decimal(0))
        yield "＋" if whole else "", f"{len(rows)} 项指标的{rows[0].cell.column}", f"{_plain(added)}分"
    for cell in made.others:
        yield "", f"（另一基数 {cell.full_name}）", cell.shown


def _line(term: CalculationTerm) -> tuple[str, str, str]:
    return term.sign, term.cell.full_name, term.cell.shown or "（空）"


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def as_json(findings: Sequence[AuditFinding], covered: Coverage, stale: int) -> dict[str, Any]:
    """Everything as plain data; numbers are text, so that no digit is lost."""
    return {
        "findings": [_finding(one) for one in findings],
        "counts": dict(Counter(one.check.severity for one in findings)),
        "stale_decisions": stale,
        "coverage": {
            "evaluations": covered.forms,
            "rules": [
                {
                    "rule": rule.rule,
                    "title": rule.title,
                    "consistent": rule.consistent,
                    "inconsistent": rule.inconsistent,
                    "not_checkable": rule.not_checkable,
                    "reasons": [{"reason": reason.text, "count": reason.count} for reason in rule.reasons],
                }
                for rule in covered.rules
            ],
            "unread": [
                {"source_uri": row.source_uri, "status": row.status, "code": row.error_code, "error": row.error}
                for row in covered.unread
            ],
        },
    }


def _finding(one: AuditFinding) -> dict[str, Any]:
    check, form = one.check, one.evaluation
    return {
        "check_id": check.check_id,
        "root_id": one.root_id,
        "rule": check.rule,
        "title": one.title,
        "severity": check.severity,
        "question": one.question,
        "message": check.message,
        "reported": check.reported,
        "expected": check.expected,
        "difference": check.difference,
        "tolerance": check.tolerance,
        "likely_cause": check.likely_cause,
        "document_id": check.document_id,
        "source_uri": one.document.source_uri,
        "evaluation_id": check.evaluation_id,
        "fiscal_year": form.fiscal_year if form else None,
        "region": form.region if form else None,
        "department": form.department if form else None,
        "unit": form.unit if form else None,
        "project_name": form.project_name if form else None,
        "cells": [_cell(cell) for cell in one.cells],
        "decision": _plain_decision(one),
    }


def _cell(cell: Cited) -> dict[str, Any]:
    return {
        **asdict(cell.subject),
        "name": cell.name,
        "title": cell.column,
        "printed": cell.shown,
        "value": None if cell.value is None else _plain(cell.value),
        "unit": cell.unit,
        "source_uri": cell.document.source_uri,
        "page": cell.place.page,
        "bbox": cell.place.bbox,
        "locator": cell.place.locator,
    }


def _plain_decision(one: AuditFinding) -> dict[str, str] | None:
    if one.decision is None:
        return None
    facts = asdict(one.decision)
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in facts.items()}
