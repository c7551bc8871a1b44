"""Checks of other figures: income, spending and balance, parts of a table's total, members of a summary (其他数额)."""

from __future__ import annotations
