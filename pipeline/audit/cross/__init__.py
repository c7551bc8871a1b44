"""Rules that look across forms, years and offices (跨表核对): made when the dataset is audited, over all of it.

`look_across` adds their checks to a desk; from there on they are findings like any other.
"""

from pipeline.audit.cross.run import RULES, look_across
from pipeline.audit.cross.scores import distribution_of, score_distribution, score_lines

__all__ = ["RULES", "distribution_of", "look_across", "score_distribution", "score_lines"]
