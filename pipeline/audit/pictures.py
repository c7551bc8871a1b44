"""The pictures of all findings: drawn in worker processes, kept in a folder beside the report (截图的绘制与存放)."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

from pipeline.audit.evidence import exhibits, wanted
from pipeline.audit.findings import AuditFinding
from pipeline.originals.drawing import draw
from pipeline.originals.model import PAGED, Drawn, PageImage
from pipeline.originals.plain import as_text
from pipeline.reading.workers import Limits, stop_workers, workers_for
from schemas.errors import StoreError

MOST_WORKERS = 4
_OWN_PICTURE = re.compile(r"[0-9a-f]{20}\.(?:png|svg)")


def draw_pictures(findings: Sequence[AuditFinding], paged: frozenset[str] = PAGED) -> Drawn:
    """What the findings ask for, each file read where it can be stopped; `paged` are formats to show as pictures."""
    count = min(os.cpu_count() or 1, MOST_WORKERS)
    try:
        return draw(wanted(findings, paged), workers_for(count, Limits()), count)
    finally:
        stop_workers()


def first_pictures(
    findings: Sequence[AuditFinding], drawn: Drawn, paged: frozenset[str] = PAGED
) -> dict[str, PageImage]:
    """The picture of each finding's first place, by check id, where there is one."""
    found = {}
    for finding in findings:
        shots = [shot for exhibit in exhibits(finding, drawn, paged) for shot in exhibit.shots]
        if shots:
            found[finding.check.check_id] = shots[0].picture
    return found


def excerpt_texts(findings: Sequence[AuditFinding], drawn: Drawn) -> dict[str, str]:
    """By check id, the rows and lines of the source that have no picture, as text, where they are short."""
    texts = {
        one.check.check_id: as_text(cutting.excerpt for exhibit in exhibits(one, drawn) for cutting in exhibit.cuttings)
        for one in findings
    }
    return {check_id: text for check_id, text in texts.items() if text}


def folder_of(report: Path) -> Path:
    """Where a report's pictures stand: report.html → report_files, report.xlsx → report.xlsx_files."""
    page = report.suffix.lower() in (".html", ".htm")
    return report.with_name(f"{report.stem if page else report.name}_files")


def file_name(picture: PageImage) -> str:
    """The same picture has the same name in any report."""
    return f"{hashlib.sha256(picture.content).hexdigest()[:20]}.{picture.kind}"


def write_folder(folder: Path, pictures: Mapping[str, PageImage]) -> None:
    """Exactly these pictures, by file name, in `folder`: an earlier report's are removed, other files stay.

    Without pictures there is no folder. Raises StoreError.
    """
    try:
        if folder.is_dir():
            for old in folder.iterdir():
                if _OWN_PICTURE.fullmatch(old.name) and old.name not in pictures:
                    old.unlink()
            if not pictures and not any(folder.iterdir()):
                folder.rmdir()
        if pictures:
            folder.mkdir(exist_ok=True)
        for name, picture in pictures.items():
            if not (folder / name).exists():
                replace_file(folder / name, picture.content)
    except OSError as error:
        raise StoreError(f"无法把截图写入 {folder}（{error.strerror}）；请检查文件夹与权限。") from error


def replace_file(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    temporary = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        temporary.write_bytes(content)
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)
