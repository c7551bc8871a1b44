"""Flows, checks, the store, reports and the command line (流程、核对、存储)."""
