"""Batches read by several machines over storage that all of them see (多机读取)."""
