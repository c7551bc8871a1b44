"""Checks of the records by arithmetic (核对).

`made_on` gives everything that was looked at on a form: passed, contradicted, or not checkable and why; `rules_from`
reads the user's own limits and severities. Checks see records only. Numbers are compared as intervals: a printed value
stands for every value that rounds to it. A document's checks with their likely causes come from `pipeline.findings`.
"""

from pipeline.checks.run import made_on, rules_from

__all__ = ["made_on", "rules_from"]
