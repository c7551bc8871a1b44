"""What earlier visits to web sites and object storage brought: one small SQLite file in the state folder (来源记忆)."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Sequence
from dataclasses import astuple, dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from pipeline.sourcing.found import NotDelivered
from pipeline.sourcing.links import PageLink
from schemas.errors import FileUnavailable, StoreError

_SCHEMA = """
CREATE TABLE IF NOT EXISTS files (
    source TEXT NOT NULL, address TEXT NOT NULL, path TEXT NOT NULL, sha256 TEXT NOT NULL, size INTEGER NOT NULL,
    etag TEXT, last_modified TEXT, page TEXT, label TEXT, first_seen TEXT NOT NULL, checked TEXT NOT NULL,
    PRIMARY KEY (source, address)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS articles (
    source TEXT NOT NULL, url TEXT NOT NULL, rules TEXT NOT NULL, checked TEXT NOT NULL, links TEXT NOT NULL,
    PRIMARY KEY (source, url)
) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS partials (url TEXT PRIMARY KEY, validator TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Remembered:
    """One file an earlier visit downloaded; `path` is relative to the state folder, times are ISO 8601 in UTC."""

    source: str
    address: str
    path: str
    sha256: str
    size: int
    etag: str | None
    last_modified: str | None
    page: str | None
    label: str | None
    first_seen: str
    checked: str

    @property
    def first_seen_at(self) -> datetime:
        return datetime.fromisoformat(self.first_seen)

    def is_here(self, state: Path) -> bool:
        """Whether the download is still in the state folder."""
        path = state / self.path
        return path.is_file() and path.stat().st_size == self.size

    @property
    def checked_at(self) -> datetime:
        return datetime.fromisoformat(self.checked)


@dataclass(frozen=True, slots=True)
class Article:
    """An article an earlier visit read: when, and the links it had (文章)."""

    checked: datetime
    links: tuple[PageLink, ...]


_opening = threading.Lock()


def _opened(file: Path) -> sqlite3.Connection:
    """The database, whole and with its tables. Raises sqlite3.Error."""
    base = sqlite3.connect(file, timeout=30, isolation_level=None)
    try:
        told = base.execute("PRAGMA quick_check(1)").fetchone()
        if told != ("ok",):
            raise sqlite3.DatabaseError(str(told[0]).replace("\n", " "))
        base.executescript(_SCHEMA)
    except sqlite3.Error:
        base.close()
        raise
    return base


def _closed(file: Path, error: Exception) -> StoreError:
    return StoreError(f"无法打开来源记录 {file}（{error}）；请检查权限，或将其移走，下次运行会重新下载。")


class Memory:
    """Opens or makes `<state>/sources.sqlite`; every change is on disk when its method returns.

    A database that is damaged is put aside and begun anew, which costs downloads; `healed` then says so. Raises
    StoreError when the file cannot be opened or written.
    """

    def __init__(self, state: Path) -> None:
        state.mkdir(parents=True, exist_ok=True)
        self.healed: str | None = None
        file = state / "sources.sqlite"
        with _opening:  # sources are visited side by side: one of them puts a damaged file aside
            try:
                self._base = _opened(file)
            except sqlite3.DatabaseError as error:
                if isinstance(error, sqlite3.OperationalError):
                    raise _closed(file, error) from error
                aside = file.with_name(f"{file.name}.damaged-{datetime.now():%Y%m%d%H%M%S}")
                file.replace(aside)
                self.healed = f"来源记录 {file} 已损坏（{error}），移为 {aside.name}；本次重新下载，数据集不受影响。"
                try:
                    self._base = _opened(file)
                except sqlite3.Error as again:
                    raise _closed(file, again) from again

    def __enter__(self) -> Memory:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._base.close()

    def file(self, source: str, address: str) -> Remembered | None:
        row = self._one("SELECT * FROM files WHERE source = ? AND address = ?", (source, address))
        return Remembered(*row) if row else None

    def remember(self, file: Remembered) -> None:
        self._change("INSERT OR REPLACE INTO files VALUES (?,?,?,?,?,?,?,?,?,?,?)", astuple(file))

    def article(self, source: str, url: str, rules: str) -> Article | None:
        """When the article was read last by these rules, and what it had."""
        query = "SELECT checked, links FROM articles WHERE source = ? AND url = ? AND rules = ?"
        row = self._one(query, (source, url, rules))
        if row is None:
            return None
        links = tuple(PageLink(one[0], one[1], *one[2:4], *map(tuple, one[4:5])) for one in json.loads(row[1]))
        return Article(datetime.fromisoformat(row[0]), links)

    def remember_article(self, source: str, url: str, rules: str, checked: datetime, links: Sequence[PageLink]) -> None:
        kept = json.dumps([astuple(link) for link in links], ensure_ascii=False)
        row = (source, url, rules, checked.isoformat(), kept)
        self._change("INSERT OR REPLACE INTO articles VALUES (?,?,?,?,?)", row)

    def validator(self, url: str) -> str | None:
        """What the interrupted download of `url` must still match to be resumed."""
        row = self._one("SELECT validator FROM partials WHERE url = ?", (url,))
        return str(row[0]) if row else None

    def remember_validator(self, url: str, validator: str | None) -> None:
        """Call with the partial file empty; None forgets."""
        if validator is None:
            self._change("DELETE FROM partials WHERE url = ?", (url,))
        else:
            self._change("INSERT OR REPLACE INTO partials VALUES (?,?)", (url, validator))

    def _one(self, query: str, values: Sequence[object]) -> tuple[Any, ...] | None:
        try:
            row: tuple[Any, ...] | None = self._base.execute(query, tuple(values)).fetchone()
        except sqlite3.Error as error:
            raise StoreError(f"无法读取来源记录（{error}）；请将 state/sources.sqlite 移走后重新运行。") from error
        return row

    def _change(self, statement: str, values: Sequence[object]) -> None:
        try:
            self._base.execute(statement, tuple(values))
        except sqlite3.Error as error:
            raise StoreError(f"无法写入来源记录（{error}）；请检查磁盘空间和权限。") from error


def healed(sentence: str) -> NotDelivered:
    """What a visit says of a memory that was damaged."""
    return NotDelivered("sources.sqlite", FileUnavailable(sentence, code="healed"))
