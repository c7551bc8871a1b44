"""Checks of the records by arithmetic (核对).

`run_checks` gives one `Check` for everything looked at: passed, contradicted, or not checkable and why. Checks see
records only. Numbers are compared as intervals: a printed value stands for every value that rounds to it.
"""

from pipeline.checks.run import run_checks

__all__ = ["run_checks"]
