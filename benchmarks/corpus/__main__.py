"""`python -m benchmarks.corpus OUT --count N --seed S --formats txt,docx,pdf`: write a corpus and its truth.json."""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from random import Random
from typing import Any

from benchmarks.corpus import build, draw_pdf, write_docx, write_pdf, write_txt
from benchmarks.corpus.model import Document
from benchmarks.corpus.templates import TEMPLATES

FONTS = (
    "Noto Serif CJK SC",
    "Noto Sans CJK SC",
    "WenQuanYi Zen Hei",
    "AR PL UMing CN",
    "AR PL UKai CN",
    "AR PL SungtiL GB",
)
HTML_LOOKS = ("solid", "solid", "thin", "dashed", "double", "filled", "threeline", "borderless")


def main() -> int:
    """Write documents and truth; 0 when all producers asked for were there, 1 when some were skipped."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--count", type=int, default=18, help="documents; each is written in one way of every format")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--formats", default="txt,docx,pdf")
    parser.add_argument("--templates", default="", help="names, separated by commas; empty: all in turn")
    parser.add_argument("--producers", default="chromium,weasyprint,reportlab,office")
    options = parser.parse_args()
    formats, producers = tuple(options.formats.split(",")), tuple(options.producers.split(","))
    chosen = options.templates.split(",") if options.templates else []
    templates = tuple(t for t in TEMPLATES if not chosen or t.name in chosen)
    truth: dict[str, list[dict[str, Any]]] = {}
    skipped: set[str] = set()
    waiting: list[tuple[Path, Path]] = []
    for k in range(options.count):
        for part, format_ in enumerate(formats):
            # The truth differs by format, so that each file is another form.
            document = build.document(k, options.seed * 1000 + part, (format_,), templates)
            try:
                written = _write(
                    document, options.out, format_, k, Random(f"{options.seed}-{k}-{format_}"), producers, waiting
                )
            except (FileNotFoundError, ImportError, subprocess.SubprocessError) as error:
                skipped.add(f"{format_}: {error}")
                continue
            truth[str(written.relative_to(options.out))] = document.truth
    if waiting:
        _office(waiting, skipped, truth, options.out)
    (options.out / "truth.json").write_text(json.dumps(truth, ensure_ascii=False, indent=0), encoding="utf-8")
    for reason in sorted(skipped):
        print(f"skipped {reason}", file=sys.stderr)
    print(f"{len(truth)} files, {sum(map(len, truth.values()))} forms in {options.out}")
    return 1 if skipped else 0


def _write(
    document: Document,
    out: Path,
    format_: str,
    k: int,
    rng: Random,
    producers: tuple[str, ...],
    waiting: list[tuple[Path, Path]],
) -> Path:
    if format_ == "txt":
        dialect = write_txt.DIALECTS[rng.randrange(5) % 3]
        encoding = rng.choice(write_txt.ENCODINGS)
        path = _place(out, f"txt_{dialect}", f"{document.name}_{encoding}.txt")
        write_txt.write(document, path, dialect, encoding)
        return path
    if format_ == "docx":
        path = _place(out, "docx", f"{document.name}.docx")
        write_docx.write(document, path, write_docx.style(rng, document.broad, FONTS[:3]))
        return path
    producer = producers[rng.randrange(len(producers))]
    if producer == "office":
        path = _place(out, "pdf_office", f"{document.name}_office.pdf")
        source = Path(tempfile.mkdtemp()) / f"{path.stem}.docx"
        write_docx.write(document, source, write_docx.style(rng, document.broad, FONTS))
        waiting.append((source, path))
        return path
    look = rng.choice(draw_pdf.LOOKS if producer == "reportlab" else HTML_LOOKS)
    bare = "_bare" if look in ("threeline", "borderless") else ""
    path = _place(out, f"pdf_{producer}{bare}", f"{document.name}_{producer}_{look}.pdf")
    write_pdf.write(document, path, producer, look, rng, FONTS)
    return path


def _place(out: Path, folder: str, name: str) -> Path:
    path = out / folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _office(waiting: list[tuple[Path, Path]], skipped: set[str], truth: dict[str, Any], out: Path) -> None:
    try:
        write_pdf.office([source for source, _ in waiting], waiting[0][1].parent)
    except (FileNotFoundError, subprocess.SubprocessError) as error:
        skipped.add(f"office: {error}")
    for source, path in waiting:
        shutil.rmtree(source.parent, ignore_errors=True)
        if not path.exists():
            truth.pop(str(path.relative_to(out)), None)


if __name__ == "__main__":
    sys.exit(main())
