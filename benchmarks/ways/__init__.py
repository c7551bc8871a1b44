"""A hundred ways in which files come damaged, by suffix (文件损坏的方式)."""

from __future__ import annotations

from benchmarks.ways.of_bytes import cut, flip, gap
from benchmarks.ways.of_figures import FIGURE_WAYS
from benchmarks.ways.of_grids import FORM_WAYS, GridWay
from benchmarks.ways.of_markup import CSV_WAYS, MARKUP_WAYS
from benchmarks.ways.of_offices import OFFICE_WAYS
from benchmarks.ways.of_packages import MERGE_WAYS, PACKAGE_WAYS, STRINGS_WAYS
from benchmarks.ways.of_pasting import PASTING_WAYS
from benchmarks.ways.of_pdf import PDF_WAYS
from benchmarks.ways.of_tables import HTML, ODT, WORD, XLSX, member_cut, table_ways
from benchmarks.ways.of_text import TEXT_WAYS
from benchmarks.ways.of_writing import WRITING_WAYS
from benchmarks.ways.way import Way

_BYTES: tuple[tuple[str, Way], ...] = (("flip", flip), ("cut", cut), ("gap", gap))
_PACKAGE: tuple[tuple[str, Way], ...] = (*_BYTES, ("member_cut", member_cut), *PACKAGE_WAYS)
_CUT: tuple[tuple[str, Way], ...] = (("cut", cut),)

WAYS: dict[str, tuple[tuple[str, Way], ...]] = {
    ".pdf": (*_BYTES, *PDF_WAYS),
    ".docx": (*_PACKAGE, *table_ways(WORD), *MERGE_WAYS),
    ".xlsx": (*_PACKAGE, *table_ways(XLSX), *STRINGS_WAYS),
    ".odt": (*_PACKAGE, *table_ways(ODT)),
    ".html": (*_CUT, *table_ways(HTML), *MARKUP_WAYS),
    ".htm": (*_CUT, *table_ways(HTML), *MARKUP_WAYS),
    ".ofd": _PACKAGE,
    ".txt": (*_CUT, *TEXT_WAYS),
    ".csv": (*_CUT, *TEXT_WAYS, *CSV_WAYS),
    ".doc": _CUT,
    ".xls": _CUT,
    ".rtf": _CUT,
}
GRID_WAYS: tuple[tuple[str, GridWay], ...] = (*FORM_WAYS, *FIGURE_WAYS, *PASTING_WAYS, *WRITING_WAYS, *OFFICE_WAYS)
"""Damage to a form, whatever carries it."""
INEVITABLE = frozenset(
    {"lose_row", "lose_line", "lose_page", "empty_cell", "empty_column", "column", "move_row", "swap_pages"}
    | {"column_lost", "percent_lost", "percent_lost_all", "middle_lost", "page_lost"}
)
"""Damage after which what is left is a form like any other: rows it lost leave no trace, nor do whole forms."""
AS_LETTERS = frozenset({"look_alike"})
"""Damage that prints a digit as a letter: a text read so is read as it stands there."""
AS_PRINTED = frozenset({"percent_as_ratio", "percent_lost_some"})
"""Damage that prints a percentage without its sign or as a share of one, as many forms do: it is read as it stands."""
EMPTIED = frozenset({"empty_cell", "empty_column", "column", "column_lost", "percent_lost", "percent_lost_all"})
"""Damage that takes a unit or a relation from its figure: the rest is a shorter text, as it stands there."""
