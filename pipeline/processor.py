"""How many processor cores there are, and how many readers their memory allows (处理器核数、内存)."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

READER_MB = 1200
"""Memory that a reader of scans takes at most, however many pages it reads."""
_CGROUP = Path("/sys/fs/cgroup")
_MEMINFO = Path("/proc/meminfo")


def cores() -> int:
    """Processor cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def default_workers() -> int:
    """Readers where nobody says how many: one a core, fewer where the free memory would not do for as many scans."""
    free = free_memory_mb(_MEMINFO, _CGROUP)
    return cores() if free is None else max(min(cores(), free // READER_MB), 1)


def free_memory_mb(meminfo: Path, cgroup: Path) -> int | None:
    """Megabytes that are free on this machine, or in this container if that allows less; None where nobody tells."""
    told = [mb for mb in (_available(meminfo), _left(cgroup)) if mb is not None]
    return min(told, default=None)


def _available(meminfo: Path) -> int | None:
    with suppress(OSError, ValueError, IndexError):
        lines = meminfo.read_text("ascii").splitlines()
        return next((int(line.split()[1]) >> 10 for line in lines if line.startswith("MemAvailable:")), None)
    return None


def _left(cgroup: Path) -> int | None:
    """What a container may still take, the caches of files counted in that it gives back."""
    with suppress(OSError, ValueError):
        most, used = (int((cgroup / name).read_text("ascii")) for name in ("memory.max", "memory.current"))
        caches = dict(line.split() for line in (cgroup / "memory.stat").read_text("ascii").splitlines())
        return (most - used + int(caches.get("inactive_file", 0))) >> 20
    return None
