"""Kinds of rows (行的种类): which state each may follow, what it looks like, and what becomes of it.

`table.KINDS` lists them in the order in which they are tried; a new variant of a form is a kind there, or a word in
the lexicon.
"""
