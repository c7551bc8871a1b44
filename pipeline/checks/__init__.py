"""Checks of the records by arithmetic (核对).

`run_checks` gives one `Check` for everything looked at: passed, contradicted, or not checkable and why; `rules_from`
reads the user's own limits and severities. Checks see records only. Numbers are compared as intervals: a printed value
stands for every value that rounds to it.
"""

from pipeline.checks.run import rules_from, run_checks

__all__ = ["rules_from", "run_checks"]
