"""Rules that look across forms, years and offices (跨表核对): made when a run is committed, stored among the checks."""

from pipeline.findings.cross.kept_up import kept_up
from pipeline.findings.cross.run import RULES, cross_checks

__all__ = ["RULES", "cross_checks", "kept_up"]
