"""Concepts of columns that several steps tell apart (列的概念); `schemas/lexicon.toml` has all of them, with words."""

from __future__ import annotations

MONEY_COLUMNS = ("initial_budget", "annual_budget", "executed", "arrived")
BUDGETS = frozenset({"initial_budget", "annual_budget"})
RATES = frozenset({"execution_rate", "completion_rate", "other_rate"})
LEVEL_COLUMNS = ("level1", "level2", "level3")
LEVEL_POINTS = ("level1_points", "level2_points")
PART = "part"
"""Concept of a money column that states a part of another: 全年预算数 / 财政拨款 beside 全年预算数 / 总额."""
OTHER_YEAR = "other_year"
"""Concept of a column with results of an earlier year: 2021年完成值 beside 2022年完成值."""
HEAD_KEYS = frozenset({"project_name", "department", "local_department", "unit"})
"""Labels that begin the head of a form."""
PARTS_OF_TARGET = frozenset({"relation", "target", "target_unit", "adjusted_target"})
