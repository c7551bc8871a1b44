"""Which cell is wrong: the smallest, likeliest change of printed numbers that satisfies a form's checks (错误定位).

`localise` explains the contradictions of one evaluation. The printed values are never changed.
"""

from pipeline.localise.localise import causes_of, explanations, localise
from pipeline.localise.model import Cause, Change, Kind

__all__ = ["Cause", "Change", "Kind", "causes_of", "explanations", "localise"]
