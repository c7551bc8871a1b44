"""A sheet as every spreadsheet reader delivers it (工作表)."""

from __future__ import annotations

from dataclasses import dataclass, field

Slot = tuple[int, int]
"""Row and column, 0-based."""

MAX_CELLS = 500_000
"""Most cells with something in them that are read of one file."""


@dataclass(frozen=True, slots=True)
class Merge:
    """Merged cells: first and last row and column, inclusive (合并单元格)."""

    top: int
    left: int
    bottom: int
    right: int


@dataclass(slots=True)
class Sheet:
    """What one sheet shows (一张工作表的显示内容).

    `texts` holds the cells that show something, `boxed` those with a border at their left or right side. Rows and
    columns in `hidden_rows` and `hidden_columns` are not shown. `uncalculated` are formulas without a stored result.
    `loose` is text that floats over the cells (text boxes); `left_out` is text that is struck out or a note's mark,
    with the code of the reason; `unseen` are cells in the colour of their ground. `lacks_formats` tells that cells name
    a format that the file does not hold.
    """

    name: str
    texts: dict[Slot, str] = field(default_factory=dict)
    boxed: set[Slot] = field(default_factory=set)
    merges: list[Merge] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    uncalculated: list[Slot] = field(default_factory=list)
    loose: list[str] = field(default_factory=list)
    left_out: list[tuple[Slot, str, str]] = field(default_factory=list)
    unseen: list[Slot] = field(default_factory=list)
    is_hidden: bool = False
    lacks_formats: bool = False


def column_name(column: int) -> str:
    """0 is A, 26 is AA."""
    name = ""
    column += 1
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def cell_name(slot: Slot) -> str:
    """`B7` for row 6, column 1."""
    return f"{column_name(slot[1])}{slot[0] + 1}"


def slot_of(reference: str) -> Slot:
    """The slot of `B7` or `$B$7`. Raises ValueError."""
    letters = reference.replace("$", "").rstrip("0123456789")
    number = reference.replace("$", "")[len(letters) :]
    column = 0
    for letter in letters.upper():
        if not "A" <= letter <= "Z":
            raise ValueError(reference)
        column = column * 26 + ord(letter) - 64
    return int(number) - 1, column - 1
