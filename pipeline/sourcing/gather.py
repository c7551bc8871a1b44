"""One visit to one source of any kind (收集)."""

from __future__ import annotations

from pathlib import Path

from pipeline.sourcing.config import FolderSource, S3Source, Source, WebSource
from pipeline.sourcing.folder import gather_folder
from pipeline.sourcing.found import Gathered
from pipeline.sourcing.s3 import gather_s3
from pipeline.sourcing.web import gather_web


def gather(source: Source, state: Path, *, leave_out: Path | None = None, downloads: bool = True) -> Gathered:
    """What `source` has now: files to read with their addresses, files to wait for, problems (收集一个来源).

    `state` is the folder for downloads and the memory of earlier visits; `leave_out` a folder never entered (the
    output). Without `downloads` only pages are fetched, and what there is is counted. Call it for one source of a host
    at a time: politeness to a site counts requests of this call. Archives come as they are; `archives.members` unpacks
    them. Raises ConfigError, StoreError and OSError (a full disk).
    """
    match source:
        case FolderSource():
            return gather_folder(source, leave_out=leave_out)
        case WebSource():
            return gather_web(source, state, downloads=downloads)
        case S3Source():
            return gather_s3(source, state, downloads=downloads)
