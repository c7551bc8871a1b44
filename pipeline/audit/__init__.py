"""The auditor's desk: what does not add up, why, and where (审核台).

`findings` loads what the whole dataset holds, `decisions` keeps what people decided, the other modules show it.
"""
