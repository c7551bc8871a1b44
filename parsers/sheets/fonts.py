"""How the text of cells looks, where that decides what is read (单元格文字的外观)."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.printed import SeenText
from parsers.sheets.model import Sheet, Slot


@dataclass(frozen=True, slots=True)
class Font:
    """What a font says that matters (字体): struck out, raised, white."""

    is_struck: bool = False
    is_raised: bool = False
    is_white: bool = False

    @property
    def is_plain(self) -> bool:
        return not (self.is_struck or self.is_raised)


PLAIN = Font()
Runs = list[tuple[str, Font | None]]
"""A cell's text in runs; None: in the font of the cell."""


def take(sheet: Sheet, slot: Slot, runs: Runs, font: Font, *, has_ground: bool) -> str:
    """The text of a cell as a reader takes it; what is not part of it is noted at the sheet."""
    text = "".join(text for text, _ in runs)
    if font.is_white and not has_ground and all(own is None or own.is_white for _, own in runs):
        if text.strip():
            sheet.unseen.append(slot)
        return ""
    if all((own or font).is_plain for _, own in runs):
        return text
    seen = SeenText()
    for text, own in runs:
        seen.add(text, is_struck=(own or font).is_struck, is_raised=(own or font).is_raised)
    sheet.left_out += ((slot, code, text) for code, text in seen.left_out if text.strip())
    return seen.text
