"""Flows, checks, the store, reports and the command line (流程、核对、存储).

`open_dataset` is for people who write Python: `pipeline.open_dataset("output").frame("indicators")`.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.frames import Frames


def open_dataset(output: Path | str = "output", as_of: date | datetime | None = None) -> Frames:
    """The current state of the dataset below `output`, or that at `as_of`. Raises StoreError when there is none."""
    from pipeline.frames import open_frames  # late: asking the command line for help loads nothing

    return open_frames(output, as_of)
