"""A short version of benchmarks/kill.py: a handful of runs killed at random instants lose nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path


def test_runs_killed_at_random_instants_lose_nothing() -> None:
    script = Path(__file__).parents[1] / "benchmarks" / "kill.py"
    command = [sys.executable, str(script), "--kills", "5", "--files", "6", "--seed", "3"]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", timeout=300, cwd=script.parents[1])
    assert done.returncode == 0, done.stderr
    assert "nothing lost, nothing doubled" in done.stdout
