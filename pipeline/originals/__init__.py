"""The source of a record as people see it (原件): pages drawn, other formats as their own tables and lines.

`pages` draws, `excerpts` cuts the rows around a place out of the Document, `drawing` does either where it can be
stopped.
"""
