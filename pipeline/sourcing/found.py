"""What a source hands over: files on this machine with the address they came from (来源文件)."""

from __future__ import annotations

import hashlib
import os
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from schemas.errors import ReadError

_UNSAFE = re.compile(r'[\x00-\x1f\x7f<>:"/\\|?*]+')
_NAME_BYTES = 180
"""Bytes of a file name on disk: file systems take 255, temporary endings need room."""
_READ = 1 << 20


@dataclass(frozen=True, slots=True)
class Origin:
    """Where and when a downloaded file was found (出处); times are UTC.

    `page` is the page that links to it and `label` the link's text; both are None for object storage.
    """

    url: str
    first_seen: datetime
    page: str | None = None
    label: str | None = None
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class FoundFile:
    """One file to read: `address` goes to `documents.source_uri`, `path` is where its bytes lie (来源文件)."""

    address: str
    path: Path
    origin: Origin | None = None
    fresh: bool = True
    """False when the source says that the bytes are those of the last visit."""


@dataclass(frozen=True, slots=True)
class NotDelivered:
    """Something a source has and could not hand over: `error.transient` says that a later visit may help (问题).

    `of_file`: it is about one file, not about a page, a folder or the whole source.
    """

    address: str
    error: ReadError
    of_file: bool = False


@dataclass(slots=True)
class Survey:
    """What a visit to a web site saw, in numbers (收集概况).

    `pages` are list pages read, `paged` those that their list itself led to; `articles` are those that matched,
    `without` those of them that had no attachment and are no report, `reports` those that are reports themselves.
    `left_out` counts links by the reason they were not followed.
    """

    pages: int = 0
    paged: int = 0
    articles: int = 0
    attachments: int = 0
    reports: int = 0
    without: int = 0
    left_out: dict[str, int] = field(default_factory=dict)

    def leave_out(self, why: str) -> None:
        """Count a link that is not followed."""
        self.left_out[why] = self.left_out.get(why, 0) + 1


@dataclass(frozen=True, slots=True)
class Gathered:
    """All that one visit to one source brought (一次收集的结果).

    `waiting`: files still being written, left for the next visit. `complete`: the whole listing was seen, so a file
    that is neither in `items`, `waiting` nor `problems` is gone from its source; never conclude that otherwise.
    `skipped` counts, by suffix, what the source has and nobody reads.
    """

    source: str
    items: tuple[FoundFile, ...] = ()
    waiting: tuple[str, ...] = ()
    problems: tuple[NotDelivered, ...] = ()
    complete: bool = True
    skipped: Counter[str] = field(default_factory=Counter)
    survey: Survey = field(default_factory=Survey)


def safe_name(name: str) -> str:
    """`name` as one file name that is safe on any disk: no folders, no control characters, not too long."""
    plain = _UNSAFE.sub("_", unicodedata.normalize("NFC", name)).strip(" .") or "_"
    stem, dot, suffix = plain.rpartition(".")
    if not dot or len(suffix) > 8:
        stem, suffix = plain, ""
    room = _NAME_BYTES - len((dot + suffix).encode("utf-8", "replace")) if suffix else _NAME_BYTES
    short = stem.encode("utf-8", "replace")[:room].decode("utf-8", "ignore")
    return f"{short}.{suffix}" if suffix else short


def keep_download(partial: Path, downloads: Path, name: str) -> tuple[Path, str]:
    """Move a finished download to `downloads/<first 16 digits of its SHA-256>/name`; returns that path and the SHA-256.

    Atomic, also when the power fails: the file is there whole or not at all. The same bytes under the same name
    are kept once.
    """
    digest = hashlib.sha256()
    with partial.open("rb") as file:
        while block := file.read(_READ):
            digest.update(block)
        os.fsync(file.fileno())
    sha256 = digest.hexdigest()
    target = downloads / sha256[:16] / safe_name(name)
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists() and target.stat().st_size == partial.stat().st_size:
        partial.unlink()
    else:
        partial.replace(target)
    return target, sha256
