"""How long the questions of docs/analysis.md and the pages of the desk take on a hundred thousand reports (查询的速度).

    python benchmarks/questions.py [--reports 100000] [--room FOLDER]

A thousand text reports are read, every twentieth with a rate that does not follow; their rows are then laid beside each
other under other names until there are so many, and committed as a run would. Each question is asked once to warm the
files and timed over the next rounds; a page of the desk is timed as the browser would ask for it.
"""

from __future__ import annotations

import argparse
import re
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pyarrow as pa
import pyarrow.compute as pc
from fastapi.testclient import TestClient
from httpx import Response
from ingest import report  # of this folder

import pipeline
from pipeline.cli import main as ziping
from pipeline.dataset.output_folder import Store
from pipeline.dataset.part_files import Segment, part_path, write_table
from pipeline.dataset.store import open_dataset
from pipeline.desk.app import Desk, create_app
from pipeline.desk.security import Guard
from pipeline.desk.workbench import Workbench
from pipeline.reading.workers import stop_workers
from schemas.tables import TABLES

READ = 1_000
SLIP_EVERY = 20
ROUNDS = 5
HOST = "desk.test"
ROOT = Path(__file__).parents[1]
QUESTION = re.compile(r"^### (\d+ .+?)$.*?```sql\n(.+?)\n```", re.MULTILINE | re.DOTALL)
IDS = ("document_id", "evaluation_id", "check_id")
NAMES = ("unit", "unit_name", "unit_key", "project_name", "project_key")


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--reports", type=int, default=100_000)
    asked.add_argument("--room", type=Path)
    arguments = asked.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.room) as room:
        output = grown(Path(room), max(1, arguments.reports // READ))
        questions(output)
        pages(output)


def grown(room: Path, copies: int) -> Path:
    """An output folder that holds so many thousand reports."""
    inbox, read, output = room / "inbox", room / "read", room / "output"
    inbox.mkdir()
    for number in range(READ):
        (inbox / f"{number}.txt").write_text(_printed(number), encoding="utf-8")
    ziping(["ingest", str(inbox), "--output", str(read)])
    tables = {table: open_dataset(read).read(table) for table in TABLES}
    with Store(output).session(print) as store:
        store.commit([_copy(store.staging, tables, number) for number in range(copies)])
    dataset = open_dataset(output)
    size = sum(path.stat().st_size for path in dataset.path.rglob("*.parquet")) / 1e6
    parts = sum(1 for _ in dataset.path.rglob("*.parquet"))
    rows = {table: dataset.read(table, []).num_rows for table in ("evaluations", "indicators", "checks")}
    print(f"{rows}, {parts} part files, {size:.0f} MB")
    return output


def _printed(number: int) -> str:
    text = report(number)
    return text if number % SLIP_EVERY else re.sub(r"\d\d\.\d\d%", "12.34%", text)


def _copy(staging: Path, tables: dict[str, pa.Table], number: int) -> Segment:
    segment = Segment(staging, f"copy-{number:04d}")
    for table, rows in tables.items():
        renamed = _renamed(rows, number)
        if write_table(part_path(staging, table, segment.name), table, renamed):
            segment.rows[table] = len(rows)
    return segment


def _renamed(rows: pa.Table, number: int) -> pa.Table:
    for at, name in enumerate(rows.schema.names):
        column = rows[name]
        if name in IDS:
            column = pc.binary_replace_slice(column, 0, 4, f"{number:04x}")
        elif name == "source_uri":
            column = pc.binary_join_element_wise(column, f"/{number}", "")
        elif name in NAMES:
            column = pc.binary_join_element_wise(column, f"第{number}分", "")
        rows = rows.set_column(at, rows.schema.field(name), column)
    return rows


def questions(output: Path) -> None:
    """The twelve questions in DuckDB."""
    data = pipeline.open_dataset(output)
    for title, sql in QUESTION.findall((ROOT / "docs" / "analysis.md").read_text(encoding="utf-8")):
        _timed(title, lambda sql=sql: data.sql(sql))


def pages(output: Path) -> None:
    """The pages of the desk and a decision, through its application."""
    secret = Guard.new_secret()
    app = create_app(Desk(Workbench(output), "基准", Guard(secret, frozenset({HOST}))))
    with TestClient(app, base_url=f"http://{HOST}") as browser:
        browser.get("/enter", params={"key": secret})
        first = browser.get("/findings").text
        form, finding = (_first(first, each) for each in (r'name="token" value="(\w+)"', r'name="id" value="(\w+)"'))
        for page in (
            "/",
            "/findings",
            "/findings?page=60",
            "/findings?unit=第7中心",
            "/findings?sample=50&seed=1",
            "/files",
        ):
            _timed(page, lambda page=page: _answered(browser.get(page)))
        _timed("/findings/…", lambda: _answered(browser.get(f"/findings/{finding}")))
        ids = re.findall(r'name="id" value="(\w+)"', first)
        decision = {"id": ids, "verdict": "accepted", "note": "", "token": form, "here": "/findings"}
        _timed("decide 50", lambda: _answered(browser.post("/decide", data=decision)))
        _timed("/ after it", lambda: _answered(browser.get("/")))
    stop_workers()


def _first(page: str, pattern: str) -> str:
    return re.findall(pattern, page)[0]


def _answered(answer: Response) -> None:
    if answer.status_code != 200:
        raise SystemExit(f"{answer.url}: {answer.status_code}\n{answer.text[:500]}")


def _timed(what: str, ask: Callable[[], object]) -> None:
    ask()
    seconds = []
    for _ in range(ROUNDS):
        start = time.process_time(), time.perf_counter()
        ask()
        seconds.append((time.perf_counter() - start[1], time.process_time() - start[0]))
    wall, cpu = median(each[0] for each in seconds), median(each[1] for each in seconds)
    print(f"{what}: {wall * 1000:.0f} ms ({cpu * 1000:.0f} ms CPU)")


if __name__ == "__main__":
    main()
