"""What it costs to have reading orchestrated: by Prefect on one machine, and spread over readers (多机读取的代价).

    python benchmarks/spread.py [--files 10000] [--rounds 2]

The same reports are read by `ziping nightly` without Prefect, as a flow on a standing server, by readers in the workers
of a Prefect work pool, and, where prefect-dask is installed, on a Dask cluster; all on this machine, so whatever takes
longer than the first is the price of orchestration. Absolute times belong to one machine: the shares are what travels.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from ingest import prefect_server, report  # of this folder

SCALE = '[scale]\nexchange = "exchange"\nreaders = {readers}\n{place}\n'
SOURCE = '[[sources]]\nkind = "folder"\nname = "folder"\npath = "reports"\nsettle_seconds = 0\n'


def night(folder: Path, name: str, scale: str, environment: dict[str, str]) -> tuple[float, float]:
    """Seconds of a whole night that reads everything: of the wall clock, and without starting up and stopping."""
    config = folder / f"{name}.toml"
    config.write_text(f'output = "{name}"\n{scale}{SOURCE}', encoding="utf-8")
    command = [sys.executable, "-m", "pipeline.cli", "nightly", "--config", str(config), "--json"]
    begun = time.perf_counter()
    done = subprocess.run(command, env=environment, capture_output=True, check=False)
    seconds = time.perf_counter() - begun
    if done.returncode:
        raise SystemExit(f"{name}: {done.returncode}\n{done.stderr.decode()}")
    return seconds, float(json.loads(done.stdout)["seconds"])


@contextmanager
def worker(folder: Path, environment: dict[str, str], readers: int) -> Iterator[None]:
    """A worker of the pool, in a working directory of its own."""
    room = folder / "worker"
    room.mkdir()
    command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", "bench", "--type", "process"]
    process = subprocess.Popen(
        [*command, "--limit", str(readers)],
        cwd=room,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        time.sleep(10)
        yield
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait()


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--files", type=int, default=10_000)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--readers", type=int, default=1, help="each uses all cores of its machine")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for number in range(chosen.files):
            path = folder / "reports" / f"{number // 1000:03d}" / f"{number:06d}.txt"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(report(number), encoding="utf-8")
        local = {key: value for key, value in os.environ.items() if not key.startswith("PREFECT_")}
        local["PREFECT_HOME"] = str(folder / "home")
        with prefect_server(folder / "server") as address:
            compare(folder, local, {**local, "PREFECT_API_URL": address}, chosen)


def compare(folder: Path, local: dict[str, str], served: dict[str, str], chosen: argparse.Namespace) -> None:
    ways = [
        ("without Prefect", "", local),
        ("a flow on a server", "", served),
        ("readers in a pool", SCALE.format(readers=chosen.readers, place='pool = "bench"'), served),
    ]
    if importlib.util.find_spec("prefect_dask"):
        ways.append(("readers on Dask", SCALE.format(readers=chosen.readers, place='dask = "local"'), served))
    print(f"{chosen.files} reports          seconds   of the run   ms/report   orchestration")
    with worker(folder, served, chosen.readers):
        bare = 0.0
        for at, (label, scale, environment) in enumerate(ways):
            runs = [night(folder, f"out-{at}-{turn}", scale, environment) for turn in range(chosen.rounds)]
            whole, run = min(whole for whole, _ in runs), min(run for _, run in runs)
            bare = bare or run
            share = f"{(run - bare) / run:12.1%}"
            print(f"{label:24} {whole:8.1f} {run:12.1f} {1000 * run / chosen.files:11.2f} {share}")


if __name__ == "__main__":
    main()
