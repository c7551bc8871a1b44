"""Forms that are pictures in a document of text (文字文档里的图片表)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from parsers.document import Block, Grid, Paragraph, Place, Problem
from schemas.lexicon import lexicon, squeeze
from schemas.vocabulary import pattern

_LONGEST_TITLE = 40
_LITTLE_TEXT = 400
"""Characters up to which a document with pictures and without tables is a title and a picture of what it is about."""
_ENDS_IN_TABLE = pattern("ends_in_table")


def holds_little(blocks: Iterable[Block]) -> bool:
    """Whether a document is next to nothing besides its pictures."""
    found = list(blocks)
    if any(isinstance(block, Grid) for block in found):
        return False
    return sum(len(block.text) for block in found if isinstance(block, Paragraph)) <= _LITTLE_TEXT


@dataclass(slots=True)
class LineAbove:
    """The last line above a picture (图片上方的一行): below the title of a self-evaluation's table it is that table."""

    text: str = ""

    def picture_below(self, name: str, place: Place) -> Problem | None:
        """What is said of a picture at `place` of the document `name`; once for each title."""
        title, self.text = self.text, ""
        names_form = len(title) <= _LONGEST_TITLE and _ENDS_IN_TABLE.search(title) is not None
        if not names_form or not lexicon().title_has("self", title):
            return None
        what = f"“{title}”下面是图片，其中的文字没有读取；请提供可选取文字的文件，或先做文字识别。"
        return Problem("form_is_picture", f"《{name}》（{place.locator}）{what}", place)

    def take(self, text: str) -> None:
        """Note a printed line; a table ends what was above it."""
        self.text = squeeze(text)
