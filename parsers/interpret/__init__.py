"""From a Document to records: forms, tables of figures and prose (理解).

Order of work: `rows` (a grid seen row by row) → `columns` (what each column means) → `align` (rows whose columns are
uncertain) → `blocks` (which rows are head, funding, goals, indicators, totals of which form) → `funding`,
`indicators`, `tables`, `head` (records) → `forms` (evaluations).
"""
