"""Funds as labels with their values below the titles of their blocks (成块标题下的成对资金).

预算安排 | 资金到位情况 | 资金执行情况 | 预算执行进度 stands above 预算数 | 6.84 | 到位数 | 6.84 | 执行数 | 6.5 | 95:
the titles say nothing that the labels do not, but for the last, which is the label of the figure that has none.
"""

from __future__ import annotations

from collections.abc import Sequence

from parsers.interpret.concepts import MONEY_COLUMNS
from parsers.interpret.recognise import is_figure
from parsers.text.tokens import Token
from schemas.lexicon import lexicon, squeeze

_FEWEST = 2
_RATE = "execution_rate"


def labelled(titles: Sequence[str], cells: Sequence[str]) -> list[str] | None:
    """The cells, each figure behind its label; None where those above are no titles of their blocks."""
    pairs = pairs_at(cells)
    rest = [cell for cell in cells[2 * pairs :] if squeeze(cell)]
    named = len(titles) == pairs + len(rest) and all(map(is_title, titles))
    if pairs < _FEWEST or not named:
        return None
    if not rest:
        return list(cells)
    rate = len(rest) == 1 and is_figure(squeeze(rest[0])) and lexicon().column(squeeze(titles[-1])) == _RATE
    return [*cells[: 2 * pairs], titles[-1], rest[0]] if rate else None


def pairs_at(cells: Sequence[str]) -> int:
    """How many labels of money with a figure behind each the cells begin with, no two of the same money."""
    seen: set[str] = set()
    for label, figure in zip(cells[::2], cells[1::2], strict=False):
        concept = lexicon().column(squeeze(label))
        if concept not in MONEY_COLUMNS or concept in seen or not is_figure(squeeze(figure)):
            break
        seen.add(concept)
    return len(seen)


def is_title(text: str) -> bool:
    """Whether a text may be the title of a block of funds."""
    plain = squeeze(text)
    return lexicon().key(plain) == "funding" or lexicon().column(plain) in (*MONEY_COLUMNS, _RATE)


def with_labels(tokens: Sequence[Token]) -> list[Token]:
    """A run of cells in which titles of blocks stand no longer before the labels that say the same."""
    plain = [token.plain for token in tokens]
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        start = _first_label(plain, at)
        if start is None:
            out.append(tokens[at])
            at += 1
            continue
        stop = start + 2 * pairs_at(plain[start:])
        out += tokens[start:stop]
        if start - at > (stop - start) // 2:  # the last title is the label of the figure behind
            out += [tokens[start - 1], tokens[stop]]
            stop += 1
        at = stop
    return out


def _first_label(plain: Sequence[str], at: int) -> int | None:
    """Where the labels begin below titles that begin at `at`; None where no such titles do."""
    end = at
    while end < len(plain) and is_title(plain[end]) and pairs_at(plain[end : end + 4]) < _FEWEST:
        end += 1
    pairs = pairs_at(plain[end:]) if end > at else 0
    sizes = (end + 2 * pairs, end + 2 * pairs + 1)
    fits = pairs >= _FEWEST and any(labelled(plain[at:end], plain[end:stop]) for stop in sizes)
    return end if fits else None
