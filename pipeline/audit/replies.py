"""Decisions and replies read back from a workbook that went round an office (读回处理意见).

The sheet 发现 of `ziping audit --xlsx` is looked for by its heads, in whatever order its rows and columns are by now.
A row counts by its full id; what is not understood is told with its line, and the rest is taken.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zipfile import BadZipFile

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from pipeline.audit.decisions import VERDICT_ZH, Verdict, record
from pipeline.audit.findings import AuditFinding
from schemas.errors import ConfigError

ID, VERDICT, REASON, REPLY = "核对编号", "决定", "理由", "反馈"
"""Heads of the columns that are read; the last two may be missing."""

WORD_OF: Mapping[Verdict, str] = {
    "accepted": "属实",
    "dismissed": "不成立",
    "misread": "读错",
    "notified": "已反馈",
    "rectified": "已整改",
    "reopened": "待核",
}
"""What a person chooses from in the column of decisions."""
_VERDICTS: Mapping[str, Verdict] = {zh: verdict for words in (VERDICT_ZH, WORD_OF) for verdict, zh in words.items()}


@dataclass(frozen=True, slots=True)
class Imported:
    """What came of a workbook (读回结果): so many decisions taken, and what was not understood, a sentence each."""

    taken: int
    unchanged: int
    not_understood: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _ReplyLine:
    number: int
    check_id: str
    verdict: str
    note: str


def import_decisions(
    output: Path, workbook: Path, findings: Sequence[AuditFinding], who: str | None = None
) -> Imported:
    """Take the decisions of a returned workbook. Raises ConfigError for a file that is none, StoreError."""
    known = {one.check.check_id: one for one in findings}
    chosen: dict[Verdict, list[tuple[AuditFinding, str]]] = {}
    doubts: list[str] = []
    unchanged = 0
    for line in _lines(workbook):
        verdict = _VERDICTS.get(line.verdict)
        finding = known.get(line.check_id)
        if not line.verdict:
            unchanged += 1
        elif verdict is None:
            doubts.append(f"第 {line.number} 行的决定“{line.verdict}”不认识，应为{'、'.join(WORD_OF.values())}之一。")
        elif finding is None:
            doubts.append(f"第 {line.number} 行的编号“{line.check_id}”不在这个数据集中。")
        elif _says_so_already(finding, verdict, line.note):
            unchanged += 1
        else:
            chosen.setdefault(verdict, []).append((finding, line.note))
    taken = 0
    for verdict, decided in chosen.items():
        for finding, note in decided:
            record(output, verdict, note, [(finding.check.check_id, finding.numbers)], who)
            taken += 1
    return Imported(taken, unchanged, tuple(doubts))


def _says_so_already(finding: AuditFinding, verdict: Verdict, note: str) -> bool:
    decision = finding.decision
    if decision is None:
        return verdict == "reopened"
    return decision.verdict == verdict and (decision.note == note or not note)


def _lines(workbook: Path) -> Iterator[_ReplyLine]:
    try:
        book = openpyxl.load_workbook(workbook, read_only=True, data_only=True)
    except (OSError, BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise ConfigError(f"{workbook} 不是可以读回的 Excel 工作簿（{error}）；请给出 --xlsx 写出的清单。") from error
    for sheet in book.worksheets:
        rows = sheet.iter_rows(values_only=True)
        for number, row in enumerate(rows, 1):
            heads = [str(value).strip() if value is not None else "" for value in row]
            if ID in heads and VERDICT in heads:
                yield from _below(number, heads, rows)
                return
    raise ConfigError(f"{workbook} 中没有“{ID}”和“{VERDICT}”两列；请给出 ziping audit --xlsx 写出的清单。")


def _below(number: int, heads: Sequence[str], rows: Iterator[tuple[object, ...]]) -> Iterator[_ReplyLine]:
    at = {name: heads.index(name) for name in (ID, VERDICT, REASON, REPLY) if name in heads}
    for line, row in enumerate(rows, number + 1):
        cells = {name: _text(row, column) for name, column in at.items()}
        if cells[ID]:
            note = "；".join(text for text in (cells.get(REASON, ""), cells.get(REPLY, "")) if text)
            yield _ReplyLine(line, cells[ID], cells[VERDICT], note)


def _text(row: tuple[object, ...], column: int) -> str:
    value = row[column] if column < len(row) else None
    return str(value).strip() if value is not None else ""
