"""Spreadsheets: .xlsx, .xls, XML tables, .ods and .csv (电子表格)."""
