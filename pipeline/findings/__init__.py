"""What is found about a document (发现): its checks with their likely causes, confirmed by a second look, on its rows.

`run_checks` is pure: the same records give the same rows. `find` has figures looked up again where a report would be
accused; `with_findings` puts on each row what was found about it; `found_again` does all of it from stored records.
"""

from pipeline.findings.again import found_again
from pipeline.findings.marks import marked
from pipeline.findings.run import find, run_checks, with_findings
from pipeline.findings.second_look import look_in_file, looked_at_twice

__all__ = ["find", "found_again", "look_in_file", "looked_at_twice", "marked", "run_checks", "with_findings"]
