"""The committed samples: what the script writes, small, true to their own truth, clean where they claim to be."""

from __future__ import annotations

import importlib
import json
import re
import sys
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import pytest

from parsers.document import Document, Grid
from parsers.docx import read_docx
from parsers.extract import extract
from pipeline.sourcing.archives import members

pytest.importorskip("reportlab", reason="the samples' script writes PDF with reportlab")
SAMPLES = Path(__file__).parents[1] / "samples"
sys.path.insert(0, str(SAMPLES))
make_samples = importlib.import_module("make_samples")

TRUTH: dict[str, list[dict[str, Any]]] = json.loads((SAMPLES / "truth.json").read_text("utf-8"))
ENCODINGS = ("utf-8-sig", "utf-8", "utf-16", "gb18030")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples")
    make_samples.make(folder)
    return folder


def _file(name: str) -> str:
    """The file a truth is about, for a member the archive it is in."""
    return re.sub(r"(?<=\.zip)/.*", "", name)


def test_the_script_writes_what_is_committed(made: Path, tmp_path: Path) -> None:
    assert json.loads((made / "truth.json").read_text("utf-8")) == TRUTH
    for name in map(_file, TRUTH):
        if name.endswith(".txt") or name.startswith("carriers/"):
            assert (made / name).read_bytes() == (SAMPLES / name).read_bytes(), name
        elif name.endswith(".docx"):
            assert read_docx(made / name) == read_docx(SAMPLES / name), name
    make_samples.make(tmp_path)
    assert all((tmp_path / name).read_bytes() == (made / name).read_bytes() for name in map(_file, TRUTH))


def test_no_file_without_truth_and_all_small() -> None:
    files = [path for folder in ("txt", "docx", "pdf", "carriers") for path in (SAMPLES / folder).iterdir()]
    assert {path.relative_to(SAMPLES).as_posix() for path in files} == set(map(_file, TRUTH))
    assert sum(path.stat().st_size for path in files) < 1_000_000


def _clean() -> Iterator[dict[str, Any]]:
    return (form for forms in TRUTH.values() for form in forms if not form["injected"])


def _number(printed: str | None) -> Decimal | None:
    try:
        return Decimal((printed or "").replace(",", "").replace("%", ""))
    except InvalidOperation:
        return None


def test_clean_forms_add_up() -> None:
    for form in _clean():
        total, *parts = form["funding"] or [{}]
        for column in ("initial", "annual", "executed"):
            amounts = [amount for part in parts if (amount := _number(part[column])) is not None]
            assert not amounts or sum(amounts) == _number(total[column]), (form["project_name"], column)
        scores = [_number(row["score"]) for row in (total, *form["indicators"]) if row.get("score")]
        if scores:
            assert sum(filter(None, scores)) == _number(form["total_score"]), form["project_name"] or form["unit"]
        points = [_number(row["points"]) for row in (total, *form["indicators"]) if _number(row.get("points"))]
        if form["total_points"]:
            assert sum(filter(None, points)) == _number(form["total_points"]), form["project_name"] or form["unit"]


def test_clean_rates_and_execution_scores_fit() -> None:
    for form in _clean():
        for line in form["funding"]:
            rate, annual, executed = (_number(line[key]) for key in ("rate", "annual", "executed"))
            if rate and annual and executed:
                assert abs(executed * 100 / annual - rate) <= Decimal("0.005"), line
            points, score = _number(line["points"]), _number(line["score"])
            if rate and points and score is not None:
                assert abs(points * rate / 100 - score) <= Decimal("0.01"), line


@pytest.mark.parametrize("name", [name for name in TRUTH if name.endswith(".docx") and "prose" not in name])
def test_every_true_value_stands_in_its_row_of_the_docx(name: str) -> None:
    rows = list(_rows(read_docx(SAMPLES / name)))
    for form in TRUTH[name]:
        for line in form["funding"]:
            wanted = {line[key] for key in ("initial", "annual", "executed", "points", "rate", "score")} - {None, ""}
            # Hubei states the points of execution in a header only.
            assert any(wanted - row <= {"20"} and any(line["label"] in text for text in row) for row in rows), line
        for line in form["indicators"]:
            wanted = {line[key] for key in ("l2", "l3", "actual", "points", "score", "deviation")} - {None, ""}
            assert any(wanted <= row for row in rows), line


def _rows(document: Document) -> Iterator[set[str]]:
    for grid in (block for block in document.blocks if isinstance(block, Grid)):
        for row in range(grid.n_rows):
            yield {cell.text for cell in grid.cells if cell.row <= row < cell.row + cell.row_span}


@pytest.mark.parametrize("name", [name for name in TRUTH if name.endswith(".txt")])
def test_every_true_value_is_in_the_text(name: str) -> None:
    encoding = next(encoding for encoding in ENCODINGS if name.endswith(f"_{encoding}.txt"))
    text = (SAMPLES / name).read_bytes().decode(encoding)
    for form in TRUTH[name]:
        for line in form["funding"]:
            assert all(value in text for key, value in line.items() if value and key != "role"), line
        for line in form["indicators"]:
            assert all(line[key] in text for key in ("l2", "l3", "actual", "deviation")), line


def test_each_kind_of_error_has_a_sample() -> None:
    kinds = {error["kind"] for forms in TRUTH.values() for form in forms for error in form["injected"]}
    assert kinds == {
        "funding_sum",
        "execution_rate",
        "unit_slip",
        "score_total",
        "met_but_lost",
        "missed_but_full",
        "date",
        "balance",
        "rollup",
    }


@pytest.mark.parametrize("name", sorted(path.name for path in (SAMPLES / "carriers").iterdir()))
def test_every_carrier_holds_what_the_truth_says(name: str, tmp_path: Path) -> None:
    source = SAMPLES / "carriers" / name
    if name.endswith(".zip"):
        files = {member.name: member.path for member in members(source, tmp_path)}
    else:
        files = {"": source}
    for member, path in files.items():
        assert path is not None
        truth = TRUTH["/".join(filter(None, (f"carriers/{name}", member)))]
        found = extract(path, document_id="0" * 64, source_uri="", file_name=path.name, size_bytes=1).evaluations
        assert len(found) == len(truth)
        for evaluation, form in zip(found, truth, strict=True):
            assert evaluation.evaluation.total_score_raw == form["total_score"] or "prose" in name
            assert [row.executed_raw for row in evaluation.funding] == [row["executed"] for row in form["funding"]]
            printed = [[row.level3, row.actual_raw, row.score_raw] for row in evaluation.indicators]
            assert printed == [[row["l3"], row["actual"], row["score"]] for row in form["indicators"]]
