"""The flows of ziping in Prefect: the only room that imports it (Prefect 流程).

The steps are those of `pipeline.reading.ingest` and `pipeline.night.nightly`, wrapped as tasks. What ends up in
the dataset never depends on Prefect's own database: it loses events in bursts, the store does not.
"""

from __future__ import annotations

import sys

from pipeline import prefect_api

prefect_api.prepare()  # before any module of this room: Prefect reads its settings when it is imported

TAGS = ["ziping"]
"""Of deployments, and so of their runs. Tasks have none: for each tag of each task the server is asked for a slot,
which takes up to two seconds."""


def _spare_workers() -> None:
    """Worker processes import the main module again: Prefect's takes seconds, and nothing of it runs in them."""
    main = sys.modules["__main__"]
    if main.__spec__ is not None and main.__spec__.name.startswith("prefect."):
        main.__spec__ = None
        main.__dict__.pop("__file__", None)


_spare_workers()
