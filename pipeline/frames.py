"""The dataset for people who write Python (数据框): tables and views as data frames, and the picture of a cell."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pipeline.dataset import store
from schemas.errors import ConfigError
from schemas.records import BBox

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

_NESTED = ("LIST", "STRUCT", "[]")


@dataclass(frozen=True)
class CellAddress:
    """Where the printed value of one column of one row stands (单元格的位置)."""

    column: str
    raw: str | None
    page: int | None
    bbox: BBox | None
    locator: str | None
    path: Path

    def crop(self) -> bytes:
        """The place on the page as a PNG, of OFD as an SVG, the cell framed.

        Raises ConfigError where the format has no pages.
        """
        if self.page is None or self.bbox is None:
            raise ConfigError(
                f"{self.path.name} 的“{self.column}”没有页面位置（{self.locator or '位置不明'}），无法截图。"
            )
        from pipeline.originals.pages import crop

        return crop(self.path, self.page, [self.bbox])


@dataclass(frozen=True)
class Frames:
    """One state of the dataset; whatever runs meanwhile, everything read from it agrees (数据集的一版)."""

    output: Path
    dataset: store.Dataset

    @cached_property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """DuckDB with every table and view by its name, numbers exact."""
        from pipeline.export.connection import connect

        return connect(self.dataset)

    def sql(self, query: str) -> pd.DataFrame:
        """The answer to a query over the tables and views; numbers are float64."""
        return _without_zones(self.connection.sql(query).df())

    def frame(self, name: str) -> pd.DataFrame:
        """A table or view for pandas: numbers are float64, times UTC without a zone, nested columns are left out."""
        return self.sql(f"select {self._flat(name)} from {name}")

    def cell(self, table: str, row: Mapping[str, Any], column: str) -> CellAddress:
        """The place of `column` in a row of `table`, the row given by its `evaluation_id` and `ordinal`.

        Raises ConfigError where nothing is printed for it.
        """
        found = self.connection.execute(
            f"""select cell, coalesce(d.local_path, d.source_uri) as source, d.local_path is not null
            from (select evaluation_id, unnest(cells) as cell from {table} where evaluation_id = ? and ordinal = ?)
            join evaluations e using (evaluation_id)
            join documents d on d.document_id = e.document_id and d.duplicate_of is null
            where cell.column = ?""",
            [row["evaluation_id"], int(row["ordinal"]), column],
        ).fetchone()
        if found is None:
            raise ConfigError(f"{table} 表的这一行没有印出“{column}”。")
        place, source, is_local = found
        path = self.output / source if is_local else Path(source)
        box = tuple(place["bbox"]) if place["bbox"] else None
        return CellAddress(column, place.get("raw"), place["page"], box, place["locator"], path)

    def _flat(self, name: str) -> str:
        described = self.connection.sql(f"describe {name}").fetchall()
        return ", ".join(f'"{column}"' for column, kind, *_ in described if not any(mark in kind for mark in _NESTED))


def _without_zones(frame: pd.DataFrame) -> pd.DataFrame:
    """Excel takes no times with a zone."""
    zoned = frame.select_dtypes("datetimetz").columns
    plain: pd.DataFrame = frame.assign(
        **{name: frame[name].dt.tz_convert("UTC").dt.tz_localize(None) for name in zoned}
    )
    return plain


def open_frames(output: Path | str = "output", as_of: date | datetime | None = None) -> Frames:
    """The current state of the dataset below `output`, or that at `as_of`. Raises StoreError when there is none."""
    folder = Path(output)
    return Frames(folder, store.open_dataset(folder, as_of))
