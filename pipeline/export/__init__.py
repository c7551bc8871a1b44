"""The dataset in the forms other tools open at once: DuckDB, SQLite, CSV, Excel, JSON lines (导出)."""
