"""What people see in place of a value that was not read (没有读到的值): whether it is printed nobody can tell."""

from __future__ import annotations

NO_UNIT, NO_DEPARTMENT, NO_YEAR = "没有读到单位", "没有读到主管部门", "没有读到年度"
