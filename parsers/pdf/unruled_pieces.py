"""Lines of text in the columns of a band, and what the order of the file says of them (栏中的文字行)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from parsers.pdf.unruled_bands import Band
from parsers.pdf.unruled_settings import UnruledSettings
from parsers.pdf.unruled_text import Fragment, TextRow


@dataclass(slots=True)
class Piece:
    """One line of text in one column of a band (一栏中的一行文字)."""

    fragments: list[Fragment]
    column: int
    y: float
    x0: float
    x1: float
    size: float
    text: str

    @property
    def first(self) -> int:
        return self.fragments[0].first

    @property
    def last(self) -> int:
        return self.fragments[-1].last


def pieces_of(band: Band) -> list[list[Piece]]:
    """The band's lines of text by column; fragments of one baseline in one column are one line."""
    columns: list[list[Piece]] = [[] for _ in range(band.n_cols)]
    middles = band.middles()
    for row in band.rows:
        last: Piece | None = None
        for fragment in row.fragments:
            column = bisect_left(middles, (fragment.x0 + fragment.x1) / 2)
            if last is not None and last.column == column:
                last.fragments.append(fragment)
                last.x1 = max(last.x1, fragment.x1)
                last.text += fragment.text
                continue
            last = Piece([fragment], column, fragment.y, fragment.x0, fragment.x1, fragment.size, fragment.text)
            columns[column].append(last)
    return columns


def line_pitch(columns: Sequence[Sequence[Piece]], settings: UnruledSettings) -> float:
    """Distance of the baselines of one cell's lines: the lower end of the distances found, in points."""
    steps = sorted(
        low.y - up.y
        for pieces in columns
        for up, low in pairwise(pieces)
        if 0.95 <= (low.y - up.y) / low.size <= settings.solid_pitch
    )
    if steps:
        return steps[len(steps) // 10]
    sizes = [p.size for pieces in columns for p in pieces]
    return 1.3 * median(sizes)


class OrderSense:
    """What the producer's order says: whether cells were written one after another, each with all its lines.

    `trusted` only where each run of text was written in one go, and where some text was seen to run on from the middle
    of a line of the page to the line below: a file that goes over the page line by line never does that.
    """

    def __init__(self, rows: Sequence[TextRow], settings: UnruledSettings) -> None:
        fragments = [f for row in rows for f in row.fragments]
        ordered = sorted((f.first, f.last) for f in fragments)
        self._after = {last: following[0] for (_, last), following in pairwise(ordered)}
        whole = sum(f.last - f.first < len(f.chars) for f in fragments)
        running, pairs = self._running_on(rows, settings)
        self.trusted = whole >= settings.order_share * len(fragments) and running > max(1, settings.running_on * pairs)

    def _running_on(self, rows: Sequence[TextRow], settings: UnruledSettings) -> tuple[int, int]:
        """Of the pairs of lines below each other that a file written line by line parts: how many follow in the file,
        and how many there are."""
        running = pairs = 0
        for index, row in enumerate(rows):
            for above in rows[max(0, index - 4) : index]:
                if not 0.9 * row.size < row.y - above.y < settings.solid_pitch * row.size:
                    continue
                for up in above.fragments:
                    for low in row.fragments:
                        if low.x0 >= up.x1 or up.x0 >= low.x1:
                            continue
                        if up is not above.fragments[-1] or low is not row.fragments[0]:
                            pairs += 1
                            running += self._after.get(up.last) == low.first
        return running, pairs

    def follows(self, upper: Piece, lower: Piece) -> bool:
        return self._after.get(upper.last) == lower.first
