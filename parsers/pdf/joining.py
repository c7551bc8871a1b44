"""Tables that go on over a page break become one (跨页表格合并)."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace
from operator import attrgetter

from parsers.pdf.cells import PageCell, PageRow
from parsers.pdf.parts import Part, on_common_strips
from parsers.pdf.unruled_words import is_header, is_split_word
from schemas.vocabulary import pattern

ALIGNED = 4.0
"""Column edges of one table agree over pages within this many points."""
SHARED_EDGES = 0.6
"""Share of the inner column edges of the part with fewer that the other must have too."""
MAX_ROOM = 0.35
"""A table that leaves more than this share of the page's height under it ended there: a bottom margin and a row too
tall for the rest leave less."""
MAX_SCALE = 0.06
"""By how much one page is photographed larger than the next."""
MAX_SLIP = 0.12
"""By how much of a table's width a page lies elsewhere on the glass than the one before."""
MAX_HEADER = 6
"""Rows of a repeated header that are looked for."""
MOST_HEADS = 1
"""Texts of a row of figures that could as well head a column (指标1)."""
_FIRST_WORD = re.compile(r"[（(]\S{0,4}[）)]|[（(《“]*(?:[A-Za-z0-9.,%+\-/]+|.)[）)》”，。、；：！？％]*")
"""What a line does not break inside: a number or Latin word, a character with the brackets and stops around it."""
_SENTENCE_ENDS = ("。", "；", ";", "！", "？")
_NUMBER = pattern("numbers_only")
"""A figure that fills its cell: no row has two of them one under the other."""
ALWAYS_FILLED = 3
"""Rows in which a column must have been filled without exception before a gap in it means a cut row."""


def join(first: Part, second: Part) -> Part | None:
    """Both parts as one table, None if the second is a table of its own.

    A repeated header is dropped, a label that a merged cell carries over the break becomes one cell, and a cut row is
    joined where the drawing makes it certain; where it does not, `breaks` leaves it to those who know the words.
    """
    if first.laid or second.laid:
        second = _laid_under(first, second)
    if not columns_agree(first, second):
        return None
    first, second = _on_common_columns(first, second)
    header = _repeated_header(first, second)
    if _starts_anew(first, second, header):
        return None
    natural = first.room <= MAX_ROOM or any(_is_open(pair) for pair in _pairs(first, second))
    if not (natural or header):
        return None
    second = _without_rows(second, header)
    if not second.rows:
        return replace(first, bbox=second.bbox, room=second.room, dropped=second.dropped)
    if first.geometry == "spans" and _is_cut(first, second):
        return _stitched(first, second, _any_pair, overlap=1)
    merges = _continued_labels(first, second) if first.geometry == "spans" else _parted_words(first, second)
    return _stitched(first, second, merges, overlap=0)


def _laid_under(first: Part, second: Part) -> Part:
    """The second part with its outer columns under those of the first, unless that takes more than a hand's slip."""
    if first.geometry != "spans" or second.geometry != "spans":
        return second
    left, right = first.xs[0], first.xs[-1]
    own_left, own_right = second.xs[0], second.xs[-1]
    scale = (right - left) / (own_right - own_left)
    slip = max(abs(left - own_left), abs(right - own_right))
    if abs(scale - 1) > MAX_SCALE or slip > MAX_SLIP * (right - left):
        return second
    return replace(second, xs=tuple(left + (x - own_left) * scale for x in second.xs))


def columns_agree(first: Part, second: Part) -> bool:
    """Whether two parts can be one table: the same outer edges, and most of the inner ones of the part with fewer."""
    if first.geometry != second.geometry:
        return False
    if first.geometry == "slots":
        few, many = sorted((first.strips, second.strips), key=len)
        shared = sum(any(low <= other[1] and other[0] <= high for other in many) for low, high in few)
        return bool(few) and shared >= SHARED_EDGES * len(few)
    if abs(first.xs[0] - second.xs[0]) > ALIGNED or abs(first.xs[-1] - second.xs[-1]) > ALIGNED:
        return False
    fewer, more = sorted((first.xs[1:-1], second.xs[1:-1]), key=len)
    return sum(any(abs(x - other) <= ALIGNED for other in more) for x in fewer) >= SHARED_EDGES * len(fewer)


def _starts_anew(first: Part, second: Part, header: int) -> bool:
    """Whether the second part is the next of several forms of one make, and what looks like a header a common head.

    It then goes on like the first, two labels under each other, but with other values beside them.
    """
    rows = (header, header + 1)
    labels = [_row_texts(part, row)[:1] for part in (first, second) for row in rows]
    if labels[:2] != labels[2:] or labels[0] == labels[1]:
        return False
    if not all(text and text[0] and _is_wording(text[0]) for text in labels):
        return False
    return any(_row_texts(first, row) != _row_texts(second, row) for row in rows)


def _row_texts(part: Part, row: int) -> list[str]:
    """What stands in a row, the first column always counted."""
    return ["".join(cell.text.split()) for cell in part.cells if cell.row == row and (cell.text or cell.col == 0)]


def _on_common_columns(first: Part, second: Part) -> tuple[Part, Part]:
    """Both parts on the union of their columns."""
    if first.geometry == "slots":
        return on_common_strips(first, second)
    xs: list[float] = []
    for x in sorted((*first.xs, *second.xs)):
        if not xs or x - xs[-1] > ALIGNED:
            xs.append(x)
    return _on_columns(first, xs), _on_columns(second, xs)


def _on_columns(part: Part, xs: Sequence[float]) -> Part:
    if len(xs) == len(part.xs):
        return replace(part, xs=tuple(xs))
    at = [min(range(len(xs)), key=_distance(xs, x)) for x in part.xs]
    cells = tuple(
        PageCell(cell.row, at[cell.col], cell.row_span, at[cell.col + cell.col_span] - at[cell.col], *cell[4:])
        for cell in part.cells
    )
    return replace(part, xs=tuple(xs), cells=cells)


def _distance(xs: Sequence[float], x: float) -> Callable[[int], float]:
    return lambda index: abs(xs[index] - x)


def _repeated_header(first: Part, second: Part) -> int:
    """How many rows at the top of the second part repeat rows of the first."""
    for count in range(min(MAX_HEADER, len(second.rows)), 0, -1):
        top = _block(second, 0, count)
        words = [text for _, _, _, text in top]
        if len(words) < 2:
            continue
        if top == _block(first, 0, count):
            return count
        heads = len(words) >= 3 and len(set(words)) == len(words) and all(_is_wording(text) for text in words)
        if heads and any(top == _block(first, row, count) for row in range(1, len(first.rows) - count + 1)):
            return count
    return 0


def _block(part: Part, start: int, count: int) -> list[tuple[int, int, int, str]]:
    """What stands in `count` rows from `start`, cells that reach out of them left out."""
    first, after = (bisect_left(part.cells, row, key=_row_of) for row in (start, start + count))
    return [
        (cell.row - start, cell.col, cell.col_span, "".join(cell.text.split()))
        for cell in part.cells[first:after]
        if cell.row + cell.row_span <= start + count and cell.text
    ]


_row_of = attrgetter("row")


def _is_wording(text: str) -> bool:
    return any(char.isalpha() for char in text) and not text[0].isdigit()


def _without_rows(part: Part, count: int) -> Part:
    """The part without its first rows; a cell that spans more than those keeps the rest."""
    if not count:
        return part
    cells = tuple(
        cell._replace(row=max(cell.row - count, 0), row_span=cell.row + cell.row_span - max(cell.row, count))
        for cell in part.cells
        if cell.row + cell.row_span > count
    )
    dropped = tuple(cell.text for cell in part.cells if cell.row + cell.row_span <= count)
    return replace(part, rows=part.rows[count:], cells=cells, dropped=dropped)


def _pairs(first: Part, second: Part) -> list[tuple[PageCell, PageCell]]:
    """Cells of the last row and the first row that stand over each other, by column."""
    above = {(c.col, c.col_span): c for c in first.cells if c.row + c.row_span == len(first.rows)}
    below = {(c.col, c.col_span): c for c in second.cells if c.row == 0}
    return [(above[key], below[key]) for key in sorted(above) if key in below]


def _is_cut(first: Part, second: Part) -> bool:
    """Whether the break certainly runs through a row.

    Certain is: text goes on under full lines only, and the rule between was not drawn, or columns that no row above
    leaves empty are empty below the break. A missing rule alone says little: browsers leave out the last one of a page.
    """
    pairs = _pairs(first, second)
    if not pairs or sum(below.col_span for _, below in pairs) != first.n_cols:
        return False
    own = [(above, below) for above, below in pairs if above.row_span == below.row_span == 1]
    if any(below.text and not above.text for above, below in own):
        return False  # what begins below the break may be another row: only the words can tell
    both = [(above, below) for above, below in own if above.text and below.text]
    if not all(_runs_on(above.text, above.room, below.text) for above, below in both):
        return False
    if _all_open(pairs):
        return bool(both) or not any(below.text for _, below in pairs)
    gaps = [above for above, below in own if above.text and not below.text]
    return bool(both) and sum(_always_filled(first, above) for above in gaps) >= 2


def _all_open(pairs: Sequence[tuple[PageCell, PageCell]]) -> bool:
    return all(_is_open(pair) for pair in pairs)


def _is_open(pair: tuple[PageCell, PageCell]) -> bool:
    """Whether no rule parts two cells over the break."""
    return pair[0].open_bottom or pair[1].open_top


def _runs_on(text: str, room: float, rest: str) -> bool:
    """Whether a line broke because what follows it did not fit: its first word is wider than the room left."""
    if (_NUMBER.fullmatch(text) and _NUMBER.fullmatch(rest)) or not any(map(str.isalnum, rest)):
        return False
    word = _FIRST_WORD.match(rest)
    width = sum(1.0 if char > "\u2e7f" else 0.55 for char in word.group()) if word else 1.0
    return room < width and not text.endswith(_SENTENCE_ENDS)


def _always_filled(part: Part, cell: PageCell) -> bool:
    """Whether the single-row cells of a column, from the last upwards, are filled for some rows."""
    column = [c for c in part.cells if c.col == cell.col and c.col_span == cell.col_span and c.row_span == 1]
    last = sorted(column, key=lambda c: c.row)[-ALWAYS_FILLED:]
    return len(last) == ALWAYS_FILLED and all(c.text for c in last)


def _any_pair(above: PageCell, below: PageCell) -> bool:
    return True


def _parted_words(first: Part, second: Part) -> Callable[[PageCell, PageCell], bool]:
    """Which pairs are one label whose word the break parts: 产出 | 指标. A row of heads has no rest of labels."""
    rests = {below.col for above, below in _pairs(first, second) if is_split_word(above.text, below.text)}
    others = [cell.text for cell in second.cells if cell.row == 0 and cell.col not in rests]
    if sum(map(is_header, others)) > MOST_HEADS:
        return _no_pair
    return lambda above, below: below.col in rests


def _no_pair(above: PageCell, below: PageCell) -> bool:
    return False


def _continued_labels(first: Part, second: Part) -> Callable[[PageCell, PageCell], bool]:
    """Which pairs are one merged cell that the break cut: labels from the left, as far as each goes on."""
    merged: set[int] = set()
    reached, labelled = 0, False
    pairs = _pairs(first, second)
    telling = not _all_open(pairs)
    is_parted = _parted_words(first, second)
    last_parted = max((above.col for above, below in pairs if is_parted(above, below)), default=0)
    for above, below in pairs:
        open_between = telling and _is_open((above, below))
        is_one = (
            open_between
            or is_parted(above, below)
            or _is_one_label(above, below, inside=labelled or above.col < last_parted)
        )
        if above.col != reached or not is_one:
            break
        labelled = labelled or bool(above.text)
        merged.add(above.col)
        reached = above.col + above.col_span
    if reached == first.n_cols:
        merged.clear()
    return lambda above, below: above.col in merged


def _is_one_label(above: PageCell, below: PageCell, *, inside: bool) -> bool:
    """Whether a cell closed on both sides of the break is one label: blank over several rows again, or repeated.

    A blank cell of a single row goes on with a label only `inside` another that goes on; a blank merged cell above
    says nothing about the one below.
    """
    if below.text:
        return _is_repeated(above, below)
    if below.row_span > 1:
        return bool(above.text) or above.row_span > 1
    return inside and bool(above.text) and above.row_span > 1


def _stitched(first: Part, second: Part, merges: Callable[[PageCell, PageCell], bool], overlap: int) -> Part:
    """Both parts' rows in one table; with `overlap` 1 the last and the first row are the same."""
    offset = len(first.rows) - overlap
    cells = list(first.cells)
    at = {(cell.row, cell.col): index for index, cell in enumerate(cells)}
    taken: set[int] = set()
    dropped = list(second.dropped)
    for above, below in _pairs(first, second):
        if merges(above, below):
            cells[at[above.row, above.col]] = _merged(above, below, overlap)
            taken.add(below.col)
            dropped += [below.text] if _is_repeated(above, below) else []
    cells += [
        PageCell(cell.row + offset, *cell[1:]) for cell in second.cells if not (cell.row == 0 and cell.col in taken)
    ]
    rows = first.rows
    fresh = second.rows
    if overlap:
        rows = (*first.rows[:-1], PageRow((*first.rows[-1].pages, *fresh[0].pages), first.rows[-1].bbox))
        fresh = fresh[1:]
    breaks = (*first.breaks, len(rows)) if fresh else first.breaks
    return replace(
        second,
        rows=(*rows, *fresh),
        cells=tuple(sorted(cells, key=lambda cell: (cell.row, cell.col))),
        breaks=breaks,
        dropped=tuple(dropped),
    )


def _is_repeated(above: PageCell, below: PageCell) -> bool:
    """Whether a merged label is printed again on the next page."""
    return above.text == below.text and above.row_span + below.row_span > 2


def _merged(above: PageCell, below: PageCell, overlap: int) -> PageCell:
    texts = [above.text] if _is_repeated(above, below) else [text for text in (above.text, below.text) if text]
    first, second = (above, below) if above.text or not below.text else (below, above)
    return above._replace(
        bbox=first.bbox,
        text="\n".join(texts),
        row_span=above.row_span + below.row_span - overlap,
        pages=tuple(dict.fromkeys((*first.pages, *second.pages))),
        confidence=min(above.confidence, below.confidence),
        room=below.room if below.text else above.room,
        others=first.others if len(texts) == 1 else (),
    )
