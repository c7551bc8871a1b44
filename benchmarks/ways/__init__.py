"""A hundred ways in which files come damaged, by suffix (文件损坏的方式)."""

from __future__ import annotations

from benchmarks.ways.of_bytes import cut, flip, gap
from benchmarks.ways.of_pdf import PDF_WAYS
from benchmarks.ways.of_tables import HTML, ODT, WORD, XLSX, member_cut, table_ways
from benchmarks.ways.of_text import TEXT_WAYS
from benchmarks.ways.way import Way

_BYTES: tuple[tuple[str, Way], ...] = (("flip", flip), ("cut", cut), ("gap", gap))
_CUT: tuple[tuple[str, Way], ...] = (("cut", cut),)

WAYS: dict[str, tuple[tuple[str, Way], ...]] = {
    ".pdf": (*_BYTES, *PDF_WAYS),
    ".docx": (*_BYTES, ("member_cut", member_cut), *table_ways(WORD)),
    ".xlsx": (*_BYTES, ("member_cut", member_cut), *table_ways(XLSX)),
    ".odt": (*_BYTES, ("member_cut", member_cut), *table_ways(ODT)),
    ".html": (*_CUT, *table_ways(HTML)),
    ".ofd": (*_BYTES, ("member_cut", member_cut)),
    ".txt": (*_CUT, *TEXT_WAYS),
    ".doc": _CUT,
    ".xls": _CUT,
    ".rtf": _CUT,
}
INEVITABLE = frozenset(
    {"lose_row", "lose_line", "lose_page", "empty_cell", "empty_column", "column", "move_row", "swap_pages"}
)
"""Damage after which what is left is a form like any other: rows it lost leave no trace, nor do whole forms."""
AS_LETTERS = frozenset({"look_alike"})
"""Damage that prints a digit as a letter: a text read so is read as it stands there."""
EMPTIED = frozenset({"empty_cell", "empty_column", "column"})
"""Damage that takes a unit or a relation from its figure: the rest is a shorter text, as it stands there."""
