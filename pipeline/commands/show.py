"""What was understood from one file, as tables a person reads beside the paper (单个文件的呈现)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, is_dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from rich.table import Table
from rich.text import Text

from pipeline.console import SEVERITY_ZH, STYLE, stdout_console
from pipeline.reading.one_file import FileResult
from pipeline.reading.run_summary import STATUS_ZH
from schemas.left_out import left_out
from schemas.records import Amount, Check, DocumentRow, Evaluation, EvaluationRecords, Section

OUTCOME_ZH = {"consistent": "一致", "inconsistent": "不一致", "not_checkable": "无法核对"}
KIND_ZH = {"project": "项目自评", "unit": "整体自评", "transfer": "转移支付自评", "target": "绩效目标", "other": "其他"}

Column = tuple[str, Callable[[Any], object]]

FUNDING: tuple[Column, ...] = (
    ("资金", lambda r: r.label),
    ("来源", lambda r: r.source),
    ("年初预算（万元）", lambda r: read_or_printed(r.initial_budget_wanyuan, r.initial_budget_raw)),
    ("全年预算（万元）", lambda r: read_or_printed(r.annual_budget_wanyuan, r.annual_budget_raw)),
    ("执行（万元）", lambda r: read_or_printed(r.executed_wanyuan, r.executed_raw)),
    ("到位（万元）", lambda r: read_or_printed(r.arrived_wanyuan, r.arrived_raw)),
    ("分值", lambda r: read_or_printed(r.points, r.points_raw)),
    ("执行率 %", lambda r: read_or_printed(r.execution_rate_pct, r.execution_rate_raw)),
    ("得分", lambda r: read_or_printed(r.score, r.score_raw)),
    ("位置", lambda r: r.locator),
)
INDICATORS: tuple[Column, ...] = (
    ("一级", lambda r: r.level1),
    ("二级", lambda r: r.level2),
    ("三级", lambda r: r.level3),
    ("指标值", lambda r: r.target_raw),
    ("实际完成值", lambda r: r.actual_raw),
    ("分值", lambda r: read_or_printed(r.points, r.points_raw)),
    ("得分", lambda r: read_or_printed(r.score, r.score_raw)),
    ("偏差原因", lambda r: r.deviation),
    ("位置", lambda r: r.locator),
)
AMOUNTS: tuple[Column, ...] = (
    ("数额", lambda r: r.label),
    ("计量项", lambda r: r.measure),
    ("年度", lambda r: r.fiscal_year),
    ("数值", lambda r: r.value),
    ("单位", lambda r: r.unit),
    ("原文", lambda r: r.value_raw),
    ("位置", lambda r: r.locator),
)
SECTIONS: tuple[Column, ...] = (
    ("正文", lambda r: r.heading),
    ("类别", lambda r: r.kind),
    ("字数", lambda r: len(r.text)),
    ("关键词", lambda r: "、".join(r.keywords)),
    ("位置", lambda r: r.locator),
)
PROBLEMS: tuple[Column, ...] = (
    ("未能读取之处", lambda r: r.message),
    ("代码", lambda r: r.code),
    ("位置", lambda r: r.locator),
)
CHECKS: tuple[Column, ...] = (
    ("核对", lambda r: OUTCOME_ZH[r.outcome]),
    ("程度", lambda r: SEVERITY_ZH[r.severity]),
    ("说明", lambda r: r.message),
    ("可能原因", lambda r: r.likely_cause),
    ("规则", lambda r: r.rule),
)
HEADINGS: tuple[tuple[str, Callable[[Evaluation], object]], ...] = (
    ("项目名称", lambda e: e.project_name),
    ("主管部门", lambda e: e.department),
    ("单位", lambda e: e.unit),
    ("地区", lambda e: e.region),
    ("项目编码", lambda e: e.budget_code),
    ("年度", lambda e: e.fiscal_year),
    ("填报日期", lambda e: e.report_date),
    ("总分值", lambda e: read_or_printed(e.total_points, e.total_points_raw)),
    ("总得分", lambda e: read_or_printed(e.total_score, e.total_score_raw)),
    ("等级", lambda e: e.grade),
    ("预期目标", lambda e: e.goal_expected),
    ("实际完成", lambda e: e.goal_actual),
    ("位置", lambda e: e.locator),
)


def read_or_printed(value: Decimal | None, printed: str | None) -> object:
    """The value understood; where there is none, what is printed there, in brackets."""
    if value is not None:
        return value
    return f"（{printed}）" if printed else None


def show(result: FileResult) -> None:
    """Print everything understood from one file to stdout."""
    console = stdout_console()
    for part in _parts(result):
        console.print(part)


def as_json(result: FileResult) -> dict[str, Any]:
    """Everything understood from one file as plain data; numbers are text, so that no digit is lost."""
    return {"records": _plain(result.records), "checks": _plain(result.checks)}


def _parts(result: FileResult) -> Iterator[Text | Table]:
    records = result.records
    yield _document(records.document)
    for part in records.evaluations:
        yield from _evaluation(part)
    yield from _figures("文件其余部分", records.amounts, records.sections)
    if records.problems:
        yield _table(PROBLEMS, records.problems)
    yield from _checks(result.checks)


def _document(row: DocumentRow) -> Text:
    facts = {
        "格式": row.format,
        "页数": row.page_count,
        "编码": row.encoding,
        "字节": row.size_bytes,
        "自评": row.evaluation_count,
    }
    told = "，".join(f"{name} {value}" for name, value in facts.items() if value is not None)
    text = Text(f"{row.file_name}：{STATUS_ZH[row.status]}（{told}）", style="bold")
    if row.figures_printed is not None:
        text.append(f"\n{_account(row)}", style="default")
    if row.error:
        text.append(f"\n[{row.error_code}] {row.error}", style="yellow")
    return text


def _account(row: DocumentRow) -> str:
    """What became of the printed figures, in one line."""
    named = (reason.split() for reason in row.left_out_reasons)
    reasons = "、".join(f"{left_out().name_of(code)} {number}" for code, number in named)
    return (
        f"印出的数字 {row.figures_printed} 个：已读 {row.figures_read}，"
        f"有意不读 {row.figures_left_out}{f'（{reasons}）' if reasons else ''}，未读 {row.figures_unread}"
    )


def _evaluation(part: EvaluationRecords) -> Iterator[Text | Table]:
    head = part.evaluation
    yield Text(f"\n自评 {head.ordinal + 1}（{KIND_ZH[head.kind]}）{head.title or ''}", style="bold cyan")
    facts = ((name, _text(read(head))) for name, read in HEADINGS)
    yield Text("\n".join(f"  {name}：{value}" for name, value in facts if value))
    if part.funding:
        yield _table(FUNDING, part.funding)
    if part.indicators:
        yield _table(INDICATORS, part.indicators)
    yield from _figures("", part.amounts, part.sections)


def _figures(title: str, amounts: Sequence[Amount], sections: Sequence[Section]) -> Iterator[Text | Table]:
    if title and (amounts or sections):
        yield Text(f"\n{title}", style="bold cyan")
    if amounts:
        yield _table(AMOUNTS, amounts)
    if sections:
        yield _table(SECTIONS, sections)


def _checks(checks: Sequence[Check]) -> Iterator[Text | Table]:
    """What does not add up in full, what could not be checked below it, what holds as counts."""
    order = {"error": 0, "warning": 1, "info": 2}
    findings = [check for check in checks if check.outcome == "inconsistent"]
    open_questions = [check for check in checks if check.outcome == "not_checkable"]
    rows = sorted(findings, key=lambda check: order[check.severity]) + open_questions
    held = Counter(check.rule for check in checks if check.outcome == "consistent")
    yield Text(f"\n核对 {len(checks)} 项，不一致 {len(findings)} 项", style="bold cyan")
    if rows:
        yield _table(CHECKS, rows, style=lambda row: STYLE.get(row.severity) if row.outcome == "inconsistent" else None)
    if held:
        yield Text("一致：" + "，".join(f"{rule} {count}" for rule, count in held.most_common()))


def _table(
    columns: Sequence[Column], rows: Sequence[Any], style: Callable[[Any], str | None] = lambda row: None
) -> Table:
    """The rows as a table; a column nobody fills is left out."""
    cells = [[_text(read(row)) for _, read in columns] for row in rows]
    used = [at for at in range(len(columns)) if any(line[at] for line in cells)]
    table = Table(show_lines=False)
    for at in used:
        table.add_column(columns[at][0], overflow="fold")
    for row, line in zip(rows, cells, strict=True):
        table.add_row(*(Text(line[at]) for at in used), style=style(row))
    return table


def _text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _plain(value: Any) -> Any:
    if is_dataclass(value) and not isinstance(value, type):
        return _plain(asdict(value))
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value
