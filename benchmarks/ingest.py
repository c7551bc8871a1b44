"""How long `ziping ingest` takes and what it needs, on text reports made here (入库的速度与内存).

    python benchmarks/ingest.py [--files 1000] [--no-server]

Start-up is what a person feels, reports per second what a bureau feels; memory must not grow with the number of
files. Absolute times belong to one machine: the ratios are what travels.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline import prefect_api

ROUNDS = 3
PROJECTS = ("道路养护", "校舍维修", "垃圾清运", "图书采购", "河道治理", "疫苗接种", "农田水利", "设备更新")
TARGETS = (("产出指标", "数量指标"), ("产出指标", "质量指标"), ("产出指标", "时效指标"), ("效益指标", "社会效益指标"))


@dataclass(frozen=True, slots=True)
class Run:
    """One command: its seconds, and the most memory of the main process and of all processes together, in MB."""

    seconds: float
    main_mb: float
    all_mb: float
    summary: dict[str, float]


def report(number: int) -> str:
    """A self-evaluation as a tab-separated dump; every one different, every one adding up."""
    chance = random.Random(number)
    budget = chance.randrange(1_000, 900_000) / 100
    spent = round(budget * chance.uniform(0.5, 1), 2)
    rate = f"{spent / budget * 100:.2f}%"
    score = round(10 * spent / budget, 2)
    name = f"{chance.choice(PROJECTS)}项目{number}"
    lines = [
        "项目支出绩效自评表",
        "（2022年度）",
        f"项目名称\t{name}",
        f"主管部门\t第{number % 40}局\t实施单位\t第{number % 400}中心",
        "项目资金（万元）\t\t年初预算数\t全年预算数\t全年执行数\t分值\t执行率\t得分",
        f"\t年度资金总额\t{budget:.2f}\t{budget:.2f}\t{spent:.2f}\t10\t{rate}\t{score:.2f}",
        f"\t其中：当年财政拨款\t{budget:.2f}\t{budget:.2f}\t{spent:.2f}\t—\t{rate}\t—",
        "一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\t偏差原因分析及改进措施",
    ]
    for index in range(18):
        level1, level2 = TARGETS[index % len(TARGETS)]
        target = chance.randrange(10, 5_000)
        lines.append(f"{level1}\t{level2}\t{name}第{index}项\t≥{target}人次\t{target + index}人次\t5\t5\t")
    lines.append(f"总分\t\t\t\t\t100\t{90 + score:.2f}\t")
    return "\n".join(lines) + "\n"


def ziping(*arguments: str, environment: dict[str, str] | None = None) -> Run:
    """Run one command and watch it."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline.cli", "ingest", *arguments, "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    )
    peaks = [0.0, 0.0]
    watcher = threading.Thread(target=_watch, args=(process, peaks))
    watcher.start()
    told = process.communicate()[0]
    seconds = time.perf_counter() - begun
    watcher.join()
    return Run(seconds, peaks[0], peaks[1], json.loads(told))


def _watch(process: subprocess.Popen[bytes], peaks: list[float]) -> None:
    while process.poll() is None:
        sizes = dict(_session_sizes(process.pid))
        peaks[0] = max(peaks[0], sizes.get(process.pid, 0.0))
        peaks[1] = max(peaks[1], sum(sizes.values()))
        time.sleep(0.05)


def _session_sizes(session: int) -> Iterator[tuple[int, float]]:
    """Resident megabytes of every process of a session."""
    page_mb = os.sysconf("SC_PAGE_SIZE") / (1 << 20)
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (entry / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if int(fields[3]) == session:
                yield int(entry.name), int(fields[21]) * page_mb


@contextmanager
def prefect_server(home: Path) -> Iterator[str]:
    """A standing server on the loopback address."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    environment = {
        **os.environ,
        **prefect_api.SETTINGS,
        "PREFECT_HOME": str(home),
        "PREFECT_SERVER_UI_V2_ENABLED": "false",
    }
    server = subprocess.Popen(
        [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", port],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"http://127.0.0.1:{port}/api"
    try:
        while not prefect_api.answers(address):
            time.sleep(0.5)
        yield address
    finally:
        server.terminate()
        server.wait()


def best(runs: list[Run]) -> Run:
    return min(runs, key=lambda run: run.seconds)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--files", type=int, default=1000)
    options.add_argument("--no-server", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        reports = folder / "reports"
        reports.mkdir()
        for number in range(chosen.files):
            (reports / f"{number:06d}.txt").write_text(report(number), encoding="utf-8")
        local = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}
        local["PREFECT_HOME"] = str(folder / "home")
        start_up(reports / "000000.txt", folder, local, with_server=not chosen.no_server)
        throughput(reports, folder, local)
        memory(reports, folder, local, chosen.files)


def start_up(file: Path, folder: Path, local: dict[str, str], *, with_server: bool) -> None:
    bare = min(_seconds([sys.executable, "-c", "pass"]) for _ in range(ROUNDS))
    print(f"{'one file':28} seconds  x bare python ({bare:.2f} s)")

    def row(label: str, environment: dict[str, str]) -> None:
        run = best([ziping(str(file), "--output", str(folder / "one"), environment=environment) for _ in range(ROUNDS)])
        print(f"{label:28} {run.seconds:7.2f}  {run.seconds / bare:5.1f}")

    row("without Prefect", local)
    if with_server:
        with prefect_server(folder / "server") as address:
            row("with a standing server", {**local, "PREFECT_API_URL": address})


def _seconds(command: list[str]) -> float:
    begun = time.perf_counter()
    subprocess.run(command, check=True)
    return time.perf_counter() - begun


def throughput(reports: Path, folder: Path, local: dict[str, str]) -> None:
    print(f"\n{'workers':28} seconds  reports/s  x one worker")
    one = 0.0
    for workers in sorted({1, os.cpu_count() or 1}):
        output = str(folder / f"workers-{workers}")
        run = ziping(str(reports), "--output", output, "--workers", str(workers), environment=local)
        pace = run.summary["files"] / run.seconds
        one = one or pace
        print(f"{workers:<28} {run.seconds:7.2f}  {pace:9.1f}  {pace / one:12.2f}")


def memory(reports: Path, folder: Path, local: dict[str, str], files: int) -> None:
    print(f"\n{'files':28} main MB  all MB  x fewest")
    fewest = 0.0
    for count in (files // 10, files // 3, files):
        paths = [str(path) for path in sorted(reports.iterdir())[:count]]
        run = ziping(*paths, "--output", str(folder / f"memory-{count}"), environment=local)
        fewest = fewest or run.all_mb
        print(f"{count:<28} {run.main_mb:7.0f}  {run.all_mb:6.0f}  {run.all_mb / fewest:8.2f}")


if __name__ == "__main__":
    main()
