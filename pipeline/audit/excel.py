"""The findings as a workbook that auditors pass on (Excel 清单).

Sheets: 发现 (a row per finding, filters, links), 重算 and 其他数额 (printed figures with live formulas beside them),
得分分布 (how offices score themselves by year), 核对范围 (which checks could be made, which not and why), 汇总 (offices
by rules). The columns 决定, 理由 and 反馈 of 发现 are to be filled in; `ziping audit --import` reads them back.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from secrets import token_hex

import xlsxwriter
from xlsxwriter.exceptions import XlsxWriterException

from pipeline.audit.coverage import Coverage
from pipeline.audit.excel_cells import PLAIN, Book, Style, WorksheetPage, beside_link, file_link
from pipeline.audit.excel_figures import write_amounts, write_figures
from pipeline.audit.filters import SEVERITIES, Filters, matching
from pipeline.audit.findings import AuditFinding
from pipeline.audit.loading import AuditData
from pipeline.audit.replies import WORD_OF
from pipeline.audit.scores import distribution_of
from pipeline.console import SEVERITY_ZH
from pipeline.findings.cross.stored_forms import FormKey
from pipeline.reading.run_summary import STATUS_ZH
from pipeline.unread import NO_UNIT
from schemas.errors import StoreError
from schemas.locators import in_words
from schemas.records import Check

_COLUMNS: Sequence[tuple[str, float]] = (
    ("序号", 5),
    ("同因", 7),
    ("程度", 9),
    ("读取把握", 9),
    ("年度", 6),
    ("单位", 20),
    ("项目", 24),
    ("规则", 14),
    ("说明", 56),
    ("填列", 15),
    ("应为", 15),
    ("差异", 20),
    ("可能原因", 40),
    ("文件", 24),
    ("位置", 16),
    ("原文", 36),
    ("截图", 6),
    ("重算", 6),
    ("决定", 11),
    ("理由", 20),
    ("反馈", 20),
    ("经办", 18),
    ("主管部门", 20),
    ("地区", 12),
    ("规则代码", 20),
    ("核对编号", 26),
)
_PRINTED_COLUMNS = 21
"""What goes on paper: up to the decision; the rest is for filtering."""
_CHOICE = {
    "validate": "list",
    "source": list(WORD_OF.values()),
    "error_title": "处理决定",
    "error_message": "请从下拉表中选择。",
}
_ALLOWED = {"autofilter": True, "format_columns": True, "format_rows": True, "select_locked_cells": True}
"""The sheet is protected without a password, so that an id is not changed by a slip; decisions can be filled in."""
_A4, _A3 = 9, 8
_AT = {title: at for at, (title, _) in enumerate(_COLUMNS)}
_STYLES: Mapping[str, Style] = {"error": "error", "warning": "warning", "info": "text"}


def write_workbook(
    path: Path,
    desk: AuditData,
    findings: Sequence[AuditFinding],
    covered: Coverage,
    filters: Filters,
    pictures: Mapping[str, str] | None = None,
    excerpts: Mapping[str, str] | None = None,
) -> None:
    """Write the workbook at `path`, replacing what stands there only when it is whole. Raises StoreError.

    `pictures`: the picture of a finding's place, by check id, as a path relative to the workbook's folder.
    `excerpts`: the source's own text there, where it has no pages.
    """
    temporary = path.with_name(f".{path.name}-{token_hex(4)}")
    try:
        _write(temporary, desk, findings, covered, filters, pictures or {}, excerpts or {})
        os.replace(temporary, path)
    except (OSError, XlsxWriterException) as error:
        temporary.unlink(missing_ok=True)
        raise StoreError(f"无法写入 {path}（{error}）；请检查文件夹、权限，以及该文件是否正在别处打开。") from error


def _write(
    path: Path,
    desk: AuditData,
    findings: Sequence[AuditFinding],
    covered: Coverage,
    filters: Filters,
    pictures: Mapping[str, str],
    excerpts: Mapping[str, str],
) -> None:
    workbook = xlsxwriter.Workbook(str(path), {"strings_to_formulas": False, "strings_to_urls": False})
    book = Book(workbook)
    names = ("发现", "重算", "其他数额", "得分分布", "核对范围", "汇总")
    listed, figures, amounts, scores, scope, sums = (
        WorksheetPage(book, workbook.add_worksheet(name)) for name in names
    )
    inside = matching(desk, filters)
    begins = write_figures(figures, desk, _in_order(desk, findings, inside))
    _write_findings(listed, findings, begins, pictures, excerpts)
    write_amounts(amounts, desk, inside)
    _write_scores(scores, desk, inside)
    _write_coverage(scope, desk, findings, covered, filters)
    _write_sums(sums, findings)
    for page in (listed, figures, amounts, scores, scope, sums):
        page.sheet.set_landscape()
        page.sheet.set_paper(_A3 if page is listed else _A4)
        page.sheet.set_margins(0.4, 0.4, 0.5, 0.6)
        page.sheet.fit_to_pages(1, 0)
        page.sheet.set_footer("&L&F　&A&R第 &P 页，共 &N 页")
    for page in (listed, figures, amounts, scores):
        page.sheet.repeat_rows(0)
    listed.sheet.print_area(0, 0, max(len(findings), 1), _PRINTED_COLUMNS - 1)
    workbook.close()


def _in_order(desk: AuditData, findings: Sequence[AuditFinding], inside: set[FormKey]) -> list[FormKey]:
    """Evaluations to compute again: those with findings first, in their order, then the others by file."""
    first = [(one.check.document_id, one.check.evaluation_id) for one in findings if one.check.evaluation_id]
    rest = [
        (row.document_id, row.evaluation_id)
        for row in sorted(
            desk.evaluations.values(), key=lambda row: (desk.documents[row.document_id].source_uri, row.ordinal)
        )
    ]
    return [key for key in dict.fromkeys([*first, *rest]) if key in inside]


def _write_findings(
    page: WorksheetPage,
    findings: Sequence[AuditFinding],
    begins: Mapping[FormKey, int],
    pictures: Mapping[str, str],
    excerpts: Mapping[str, str],
) -> None:
    page.heads(0, [title for title, _ in _COLUMNS])
    page.widths([width for _, width in _COLUMNS])
    page.sheet.freeze_panes(1, 2)
    page.sheet.autofilter(0, 0, max(len(findings), 1), len(_COLUMNS) - 1)
    page.sheet.data_validation(1, _AT["决定"], max(len(findings), 1), _AT["决定"], _CHOICE)
    page.sheet.protect(options=_ALLOWED)
    leads: dict[str, int] = {}
    for row, finding in enumerate(findings, 1):
        lead = leads.setdefault(finding.root_id, row)
        _finding(page, row, finding, excerpts.get(finding.check.check_id))
        page.text(row, _AT["同因"], f"随第{lead}项" if lead != row else None, "faint")
        _links(page, row, finding, begins, pictures)


def _finding(page: WorksheetPage, row: int, finding: AuditFinding, excerpt: str | None) -> None:
    check, form, decision = finding.check, finding.evaluation, finding.decision
    page.number(row, _AT["序号"], row, "0")
    page.text(row, _AT["程度"], SEVERITY_ZH[check.severity], _STYLES[check.severity])
    page.text(row, _AT["读取把握"], "核对原文" if finding.question else None, "warning")
    page.number(row, _AT["年度"], form.fiscal_year if form else None, "0")
    texts = {
        "地区": form.region if form else None,
        "主管部门": form.department if form else None,
        "单位": form.unit if form else None,
        "项目": (form.project_name or form.title) if form else None,
        "规则": finding.title,
        "说明": check.message,
        "填列": check.reported,
        "应为": check.expected,
        "可能原因": check.likely_cause,
        "经办": f"{decision.who} {decision.at.astimezone():%Y-%m-%d %H:%M}" if decision else None,
        "位置": in_words(finding.place.locator) if finding.place else None,
        "原文": excerpt,
        "规则代码": check.rule,
        "核对编号": check.check_id,
    }
    for title, text in texts.items():
        page.text(row, _AT[title], text)
    page.input(row, _AT["决定"], WORD_OF[decision.verdict] if decision else None)
    page.input(row, _AT["理由"], decision.note if decision else None)
    page.input(row, _AT["反馈"], None)
    page.number(row, _AT["差异"], check.difference_value, f'{PLAIN}"{_unit(check)}"')
    page.height(row, [(texts.get(title), width) for title, width in _COLUMNS])


def _links(
    page: WorksheetPage, row: int, finding: AuditFinding, begins: Mapping[FormKey, int], pictures: Mapping[str, str]
) -> None:
    address = file_link(finding.document)
    if address:
        page.link(row, _AT["文件"], address, finding.document.file_name)
    else:
        page.text(row, _AT["文件"], finding.document.source_uri)
    picture = pictures.get(finding.check.check_id)
    if picture is not None:
        page.link(row, _AT["截图"], beside_link(picture), "看图")
    begin = begins.get((finding.check.document_id, finding.check.evaluation_id))
    if begin is not None:
        page.link(row, _AT["重算"], f"internal:'重算'!A{begin}", "看算")


def _unit(check: Check) -> str:
    """The unit a difference is printed with, as a number format can hold it."""
    return "".join(char for char in check.difference or "" if char not in '0123456789.,+-"\\')


def _write_scores(page: WorksheetPage, desk: AuditData, inside: set[FormKey]) -> None:
    """How the offices score themselves, a line for each office and year: a table to look at, not a verdict."""
    table = distribution_of(desk, inside)
    page.heads(0, [field.metadata[b"zh"].decode() for field in table.schema])
    page.widths([36, 8, 10, 12, 14, 14, 18, 14])
    page.sheet.freeze_panes(1, 2)
    page.sheet.autofilter(0, 0, max(table.num_rows, 1), table.num_columns - 1)
    for row, (office, year, count, *shares) in enumerate(zip(*table.to_pydict().values(), strict=True), 1):
        page.text(row, 0, office)
        page.number(row, 1, year, "0")
        page.number(row, 2, count, "0")
        for at, share in enumerate(shares, 3):
            page.number(row, at, Decimal(str(share)), "0.0")


def _write_sums(page: WorksheetPage, findings: Sequence[AuditFinding]) -> None:
    """How many findings of each rule each office has, the offices with most first (单位 × 规则)."""
    rules = list(dict.fromkeys(one.title for one in findings))
    offices = Counter((one.evaluation.unit if one.evaluation else None) or NO_UNIT for one in findings)
    counts = Counter(((one.evaluation.unit if one.evaluation else None) or NO_UNIT, one.title) for one in findings)
    page.heads(0, ["单位", *rules, "合计"])
    page.widths([30, *[14] * len(rules), 8])
    page.sheet.freeze_panes(1, 1)
    for row, (office, total) in enumerate(offices.most_common(), 1):
        page.text(row, 0, office)
        for column, rule in enumerate(rules, 1):
            page.number(row, column, counts[office, rule] or None, "0")
        page.number(row, len(rules) + 1, total, "0", "sum")


def _write_coverage(
    page: WorksheetPage, desk: AuditData, findings: Sequence[AuditFinding], covered: Coverage, filters: Filters
) -> None:
    page.widths([30, 26, 60, 10, 10, 22, 30])
    row = _facts(page, desk, findings, covered, filters)
    page.text(row, 0, "各规则的核对情况", "bold")
    page.heads(row + 1, ("规则", "代码", "适用的自评", "相符", "不符", "无法核对"))
    row += 2
    for rule in covered.rules:
        page.text(row, 0, rule.title)
        page.text(row, 1, rule.rule)
        page.number(row, 2, rule.forms, "0")
        for at, count in enumerate((rule.consistent, rule.inconsistent, rule.not_checkable), 3):
            page.number(row, at, count, "0")
        row += 1
    page.text(row + 1, 0, "无法核对的原因", "bold")
    page.heads(row + 2, ("规则", "代码", "原因", "次数", "例：年度", "例：单位", "例：文件"))
    row += 3
    for rule in covered.rules:
        for reason in rule.reasons:
            form = reason.evaluation
            page.text(row, 0, rule.title)
            page.text(row, 1, rule.rule)
            page.text(row, 2, reason.text)
            page.number(row, 3, reason.count, "0")
            page.number(row, 4, form.fiscal_year if form else None, "0")
            page.text(row, 5, form.unit if form else None)
            page.text(row, 6, reason.document.file_name)
            row += 1
    _write_unread(page, row + 1, covered)


def _facts(
    page: WorksheetPage, desk: AuditData, findings: Sequence[AuditFinding], covered: Coverage, filters: Filters
) -> int:
    """What this workbook is about; says which row comes next."""
    counts = {severity: sum(one.check.severity == severity for one in findings) for severity in SEVERITIES}
    facts = {
        "数据集": str(desk.dataset.path),
        "生成时间": f"{datetime.now().astimezone():%Y-%m-%d %H:%M}",
        "筛选": filters.told(),
        "自评": f"{covered.forms} 份",
        "发现": "，".join(f"{SEVERITY_ZH[severity]} {count} 处" for severity, count in counts.items()),
        "程度": "自相矛盾：所印的数字互相不合；存疑、提示：合规而少见，需要判断",
        "核对原文": "读取把握不足，可能是程序读错，请先对照原件",
        "重算": "印出的数在格中，公式引用它们；改动一个数，结论随之改变。“允许”为四舍五入所能解释的差额",
    }
    for row, (name, value) in enumerate(facts.items()):
        page.text(row, 0, name, "bold")
        page.text(row, 1, value, "faint")
    return len(facts) + 1


def _write_unread(page: WorksheetPage, row: int, covered: Coverage) -> None:
    page.text(row, 0, "未读出、未读全或没有自评的文件", "bold")
    page.heads(row + 1, ("文件", "情况", "原因与处理建议"))
    for at, document in enumerate(covered.unread, row + 2):
        page.text(at, 0, document.source_uri)
        page.text(at, 1, STATUS_ZH[document.status])
        page.text(at, 2, document.error)
