"""Confidence (读取把握): of how many values read so, which share is right.

Each value is weighed by what its reading rests on: the kind of source, how its cell and its row were placed, what was
said to be doubtful around it, and whether the arithmetic of its form agrees. The numbers are in
`schemas/confidence.toml`, measured by `benchmarks/reliability.py`.
"""
