"""Characters, drawn rules, text lines and the content of one page (字符、线条、文本行、页面).

All positions are PDF points from the top left corner of the page in reading orientation: after /Rotate and, where the
whole page is set sideways without saying so, after one more turn (`PageContent.turn`), so that text runs left to right.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial
from itertools import combinations
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from parsers.document import BBox
from schemas.confidence import step

if TYPE_CHECKING:
    from parsers.scan.warp import SeenPage

TextQuality = Literal["native", "absent", "garbage", "ocr-invisible", "recognised", "blank", "damaged"]
"""What the text layer of a page is worth.

native         drawn text
absent         pictures or outlines, but no text layer
garbage        a text layer that does not say what is drawn (no Unicode mapping)
ocr-invisible  text laid invisibly over a scan by somebody's OCR
recognised     read from the picture of the page by us
blank          nothing on the page
damaged        the page cannot be loaded
"""


UNREAD_CONFIDENCE = step("unread_ink")
"""What is left of the confidence in a cell with ink in it that nobody could read."""
MOST_DOUBTED = 4
"""Characters of a cell that are considered to be others, those read least surely."""
LONGEST_FIGURE = 24
"""Characters of the longest figure."""
UNREADABLE = "\ufffd"
"""What stands for a drawn character nobody can name."""


T = TypeVar("T")


def maker_of(kind: type[T]) -> Callable[[Iterable[Any]], T]:
    """Makes tuples of a kind of a tuple of all their values: Python's own constructor takes twice as long, and a page
    has thousands."""
    return partial(tuple.__new__, kind)  # type: ignore[type-var]


class Char(NamedTuple):
    """One drawn character (字符).

    A tuple, as pages have thousands: three times cheaper to make than a frozen dataclass.
    `top` and `bottom` enclose the em box on the baseline, not the ink, so characters of one size on one line agree
    whatever their font says of itself. White space drawn by the producer is a Char too (text " "). `run` numbers the
    text objects of the page: what a producer draws in one go.
    """

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    size: float
    upright: bool = True
    run: int = 0


class Edge(NamedTuple):
    """A drawn rule (线): horizontal at height `pos` from x `start` to `end`, or vertical at x `pos`.

    `kind`: "line" a stroke, "rect" a thin filled shape, "fill" only the border between two backgrounds (or a white
    stroke), which is weaker evidence for a table than the other two. A tuple for the same reason as a character.
    """

    orientation: Literal["h", "v"]
    pos: float
    start: float
    end: float
    kind: Literal["line", "rect", "fill"]

    @property
    def length(self) -> float:
        return self.end - self.start


class Line(NamedTuple):
    """Characters of one visual line, or a part of one, from left to right (文本行)."""

    text: str
    chars: tuple[Char, ...]
    x0: float
    top: float
    x1: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Scan:
    """What is known of a page that was read from its picture (识别信息).

    `sure` is the confidence in each character, `unread` where ink is that no character explains; `as_seen` leads from a
    box on the flattened page to the page as it is seen, both in points. `others` is what may stand in the place of a
    character. `layer_differs` counts the digits by which a text layer that somebody else laid under the picture says
    something else.
    """

    sure: Mapping[Char, float]
    unread: tuple[BBox, ...]
    as_seen: SeenPage
    others: Mapping[Char, str] = field(default_factory=dict)
    layer_differs: int = 0

    def confidence(self, box: BBox) -> float:
        """How sure what was read in a cell at `box` is: as its least sure character, less where ink was not read."""
        inside = (
            sure for char, sure in self.sure.items() if _is_inside((char.x0, char.top, char.x1, char.bottom), box)
        )
        least = min(inside, default=1.0)
        return least * UNREAD_CONFIDENCE if any(_is_inside(ink, box) for ink in self.unread) else least

    def other_texts(self, box: BBox, text: str) -> tuple[str, ...]:
        """What is printed in a cell at `box` may say instead of `text`, white space left out, the likeliest first: one
        character read otherwise, of a figure also two."""
        if not self.others:
            return ()
        inside = [char for char in self.sure if _is_inside((char.x0, char.top, char.x1, char.bottom), box)]
        chars = sorted(inside, key=lambda char: (char.run, char.x0))
        if "".join(char.text for char in chars) != "".join(text.split()):
            return ()
        doubted = sorted(
            (at for at, char in enumerate(chars) if char in self.others), key=lambda at: self.sure[chars[at]]
        )
        few = doubted[:MOST_DOUBTED]
        is_figure = len(chars) <= LONGEST_FIGURE and any(char.text.isdecimal() for char in chars)
        changes = [*((at,) for at in few), *(combinations(few, 2) if is_figure else ())]
        return tuple(
            "".join(self.others[char] if at in change else char.text for at, char in enumerate(chars))
            for change in changes
        )


def _is_inside(box: BBox, outer: BBox) -> bool:
    x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
    return outer[0] <= x <= outer[2] and outer[1] <= y <= outer[3]


@dataclass(frozen=True, slots=True)
class Aside:
    """Characters on a page that are no part of its text, and why: a code of `schemas/left_out.toml`."""

    code: str
    chars: tuple[Char, ...]


FEWEST_RULES_OF_A_TABLE = 6
MOST_SPECKS = 5
"""So few characters in a whole table are pieces of its rules taken for strokes."""


@dataclass(frozen=True, slots=True)
class PageContent:
    """Everything on one page a reader needs (页面内容). `number` is 1-based; `image_area` a share of the page.

    `width` and `height` are those of the page in reading orientation. `turn` is the clockwise turn in degrees from the
    page as it is seen to reading orientation, 0 for all but pages set sideways; `tilt` what a slanting page was turned
    further. `asides` are seen but no text of the page, `unseen` counts characters that nobody sees,
    `cut_numbers` are what is left of numbers of which some digits are not seen; `pinned` names
    the files that notes on the page hold.
    """

    number: int
    width: float
    height: float
    chars: Collection[Char]
    edges: tuple[Edge, ...]
    image_area: float
    turn: int
    text_quality: TextQuality
    scan: Scan | None = None
    tilt: float = 0.0
    asides: tuple[Aside, ...] = ()
    unseen: int = 0
    cut_numbers: tuple[str, ...] = ()
    pinned: tuple[str, ...] = ()

    @property
    def shows_an_empty_table(self) -> bool:
        """Whether a picture of a table was read in which next to nothing was recognised: blank, or not legible."""
        if self.scan is None or len(self.edges) < FEWEST_RULES_OF_A_TABLE:
            return False
        lines = [edge for edge in self.edges if edge.orientation == "h"]
        top, bottom = min((e.pos for e in lines), default=0.0), max((e.pos for e in lines), default=0.0)
        inside = sum(top <= (char.top + char.bottom) / 2 <= bottom for char in self.chars)
        return inside <= MOST_SPECKS

    @property
    def lies_as_seen(self) -> bool:
        """Whether boxes in reading orientation are boxes on the page as it is seen."""
        return self.scan is None and not self.tilt and not self.turn

    def as_seen(self, box: BBox) -> BBox:
        """A box in reading orientation as a box on the page as it is seen."""
        if self.scan is not None:
            return self.scan.as_seen(box)
        x0, top, x1, bottom = self._tilted(box) if self.tilt else box
        if self.turn == 90:
            return top, self.width - x1, bottom, self.width - x0
        if self.turn == 180:
            return self.width - x1, self.height - bottom, self.width - x0, self.height - top
        if self.turn == 270:
            return self.height - bottom, x0, self.height - top, x1
        return x0, top, x1, bottom

    def _tilted(self, box: BBox) -> BBox:
        """The box around a box once it slants as the page does."""
        sine, cosine = math.sin(math.radians(self.tilt)), math.cos(math.radians(self.tilt))
        corners = [(x - self.width / 2, y - self.height / 2) for x in box[::2] for y in box[1::2]]
        xs = [self.width / 2 + x * cosine + y * sine for x, y in corners]
        ys = [self.height / 2 - x * sine + y * cosine for x, y in corners]
        return min(xs), min(ys), max(xs), max(ys)
