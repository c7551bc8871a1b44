"""PDF files by several producers: LibreOffice, Chromium, WeasyPrint and ReportLab with rules drawn in many ways."""

from __future__ import annotations

import html
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from random import Random

from benchmarks.corpus import draw_pdf
from benchmarks.corpus.model import Document, Line

BORDERS = {
    "solid": "border:0.75pt solid #000",
    "thin": "border:0.25pt solid #333",
    "dashed": "border:0.8pt dashed #000",
    "double": "border:2.5pt double #000",
    "filled": "border:0.5pt solid #888;",
    "threeline": "border:none",
    "borderless": "border:none",
}


def page(document: Document, look: str, font: str, size: float, landscape: bool) -> str:
    """The document as HTML for printing."""
    rules = BORDERS[look]
    extra = ""
    if look == "filled":
        extra = "td.head{background:#dde6f0} tr:nth-child(even) td{background:#f7f7f7}"
    if look == "threeline":
        extra = (
            "table{border-top:1.2pt solid #000;border-bottom:1.2pt solid #000} td.rule{border-bottom:0.6pt solid #000}"
        )
    orient = "landscape" if landscape else "portrait"
    style = (
        f"@page{{size:A4 {orient};margin:16mm 14mm;"
        "@bottom-center{content:'第 ' counter(page) ' 页';font-size:8pt}} "
        f"body{{font-family:'{font}';font-size:{size}pt;margin:0}}"
        "table{border-collapse:collapse;width:100%;table-layout:fixed;margin:4pt 0}"
        f"td{{{rules};padding:2pt 3pt;vertical-align:middle;word-break:break-all}}"
        ".title{text-align:center;font-size:1.6em;font-weight:bold;margin:6pt 0} .sub,.cover{text-align:center}"
        f".cover{{font-size:1.8em;margin:40pt 0}} .unit{{text-align:right}} .break{{break-before:page}}{extra}"
    )
    body: list[str] = []
    for block in document.blocks:
        if isinstance(block, Line):
            classes = f"{block.style}{' break' if block.page_break else ''}"
            body.append(f"<p class='{classes}'>{html.escape(block.text).replace('  ', '&nbsp; ')}</p>")
            continue
        total = sum(block.relative) or 1.0
        body.append(
            "<table><colgroup>"
            + "".join(f"<col style='width:{100 * v / total:.2f}%'>" for v in block.relative)
            + "</colgroup>"
        )
        by_row: dict[int, list[str]] = {}
        header = {
            r
            for r, _, cell in block.placed()
            if cell.head and cell.text.replace("\n", "") in ("一级指标", "三级指标", "指标名称")
        }
        for r, _, cell in block.placed():
            classes = ("head " if cell.head else "") + ("rule" if r in header else "")
            vertical = (
                ";writing-mode:vertical-rl" if cell.vertical and "\n" not in cell.text and look == "solid" else ""
            )
            text = html.escape(cell.text).replace("\n", "<br>")
            spans = f"class='{classes}' colspan={cell.cols} rowspan={cell.rows}"
            by_row.setdefault(r, []).append(f"<td {spans} style='text-align:{cell.align}{vertical}'>{text}</td>")
        lines = ["<tr>" + "".join(by_row.get(r, [])) + "</tr>" for r in range(len(block.rows))]
        repeats = all(cell.head and cell.rows == 1 for cell in block.rows[0])
        body += [f"<thead>{lines[0]}</thead>", *lines[1:]] if repeats else lines
        body.append("</table>")
    start = f"<!doctype html><html lang='zh-CN'><head><meta charset='utf-8'><style>{style}</style></head>"
    return f"{start}<body>{''.join(body)}</body></html>"


def chromium(text: str, path: Path) -> None:
    """Print HTML by Chromium; raises FileNotFoundError or CalledProcessError."""
    binary = shutil.which("chromium") or shutil.which("google-chrome")
    if binary is None:
        raise FileNotFoundError("chromium")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "form.html"
        source.write_text(text, encoding="utf-8")
        command = [
            binary,
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-pdf-header-footer",
            f"--user-data-dir={folder}/profile",
        ]
        subprocess.run(
            [*command, f"--print-to-pdf={path}", source.as_uri()], check=True, capture_output=True, timeout=120
        )


def weasyprint(text: str, path: Path) -> None:
    """Print HTML by WeasyPrint; raises ImportError where it is not installed."""
    from weasyprint import HTML

    HTML(string=text).write_pdf(str(path))


def office(paths: list[Path], folder: Path) -> None:
    """Turn .docx files into PDF by LibreOffice, all in one run; raises FileNotFoundError or CalledProcessError."""
    binary = shutil.which("soffice")
    if binary is None:
        raise FileNotFoundError("soffice")
    with tempfile.TemporaryDirectory() as profile:
        command = [
            binary,
            f"-env:UserInstallation=file://{profile}",
            "--headless",
            "--convert-to",
            "pdf",
            "--outdir",
            str(folder),
        ]
        subprocess.run([*command, *map(str, paths)], check=True, capture_output=True, timeout=900)


def write(document: Document, path: Path, producer: str, look: str, rng: Random, fonts: tuple[str, ...]) -> None:
    """Write by `producer`: chromium, weasyprint or reportlab."""
    if producer == "reportlab":
        draw_pdf.write(document, path, look, rng)
        return
    text = page(document, look, rng.choice(fonts), rng.choice((7.5, 9, 10.5)), document.broad)
    printers: dict[str, Callable[[str, Path], None]] = {"chromium": chromium, "weasyprint": weasyprint}
    printers[producer](text, path)
