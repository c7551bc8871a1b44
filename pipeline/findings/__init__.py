"""What is found about a document (发现): its checks with their likely causes, confirmed by a second look, on its rows.

`run_checks` is pure: the same records give the same rows. `looked_at_twice` opens the file again where a report would
be accused; `marked` puts on each row what was found about it.
"""

from pipeline.findings.marks import marked
from pipeline.findings.run import run_checks
from pipeline.findings.second_look import looked_at_twice

__all__ = ["looked_at_twice", "marked", "run_checks"]
