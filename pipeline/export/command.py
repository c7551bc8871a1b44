"""`ziping export`: the dataset for other tools (导出命令)."""

from __future__ import annotations

from argparse import Namespace
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import duckdb

from pipeline import exit_codes
from pipeline.dataset.store import open_dataset
from pipeline.export.connection import Selection, connect
from schemas.errors import ConfigError


def export(options: Namespace, say: Callable[[str], None]) -> int:
    """Write what is asked for. Raises ConfigError when nothing is asked for or nothing is in the selection."""
    asked = [name for name in ("duckdb", "sqlite", "csv", "xlsx", "jsonl") if getattr(options, name)]
    if not asked:
        raise ConfigError("请指明导出成什么：--duckdb 文件、--sqlite 文件、--csv 目录、--xlsx 文件、--jsonl 目录。")
    selection = Selection(tuple(options.year), options.unit, options.region)
    with closing(connect(open_dataset(Path(options.output)), selection)) as connection:
        chosen = connection.execute("select count(*) from evaluations").fetchone()
        if chosen is None or (not chosen[0] and not selection.is_everything):
            raise ConfigError("没有符合条件的自评；请放宽 --year、--unit 或 --region。")
        for name in asked:
            say(_write(name, connection, Path(getattr(options, name))))
    return exit_codes.OK


def _write(name: str, connection: duckdb.DuckDBPyConnection, target: Path) -> str:
    # Late: each of these loads a library of its own.
    if name == "duckdb":
        from pipeline.export.duckdb_file import write_duckdb

        write_duckdb(connection, target)
        return f"已写入 DuckDB 数据库 {target}。"
    if name == "sqlite":
        from pipeline.export.sqlite_file import write_sqlite

        metadata = write_sqlite(connection, target)
        return f"已写入 SQLite 数据库 {target}；浏览：datasette {target} -m {metadata}"
    if name == "xlsx":
        from pipeline.export.workbook import write_xlsx

        write_xlsx(connection, target)
        return f"已写入 Excel 工作簿 {target}。"
    from pipeline.export.text_files import write_csv, write_jsonl

    written = write_csv(connection, target) if name == "csv" else write_jsonl(connection, target)
    return f"已写入 {len(written)} 个文件到 {target}。"
