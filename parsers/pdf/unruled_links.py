"""What speaks for two lines, one below the other, being one cell, and what for two (上下两行是否同一格).

Words, the room that was left, the order of the file, and the distance of the lines, which is learned from the pairs
that the others decide.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from parsers.pdf.unruled_bands import Band
from parsers.pdf.unruled_pieces import OrderSense, Piece
from parsers.pdf.unruled_settings import UnruledSettings
from parsers.pdf.unruled_words import (
    first_unit_width,
    is_closing,
    is_date,
    is_grade,
    is_split_word,
    is_value,
    is_word,
    open_brackets,
)


@dataclass(frozen=True, slots=True)
class Link:
    """Two lines, one below the other in one column. `score` above 0 speaks for one cell, below 0 for two."""

    upper: Piece
    lower: Piece
    score: float


def links_of(
    band: Band,
    columns: Sequence[Sequence[Piece]],
    values: Sequence[int],
    pitch: float,
    order: OrderSense | None,
    settings: UnruledSettings,
) -> dict[int, Link]:
    """The judgement on each pair of neighbouring lines, keyed by the id of the lower one."""
    pairs = [(c, up, low) for c, pieces in enumerate(columns) for up, low in pairwise(pieces)]
    widths = [max(p.x1 for p in ps) - min(p.x0 for p in ps) if ps else 0.0 for ps in columns]
    limits = [width + space for width, space in zip(widths, _spare(band), strict=True)]
    told = {key: score for pieces in columns for key, score in _told_by_words(pieces, settings).items()}
    scores = []
    for c, up, low in pairs:
        score = (
            told.get(id(low), 0.0)
            + _text_score(up, low, c in values, settings)
            + _room_score(up, low, widths[c], limits[c], bool(values), settings)
        )
        if order is not None:
            score += settings.order_joins if order.follows(up, low) else -settings.order_parts
        scores.append(score)
    near = [(low.y - up.y, score) for (_, up, low), score in zip(pairs, scores, strict=True)]
    split, trust = _pitch_limit(near, pitch, settings)
    links: dict[int, Link] = {}
    for (_, up, low), score in zip(pairs, scores, strict=True):
        step = low.y - up.y
        if step > settings.solid_pitch * low.size or step > settings.pitch_slack * max(pitch, split):
            score = min(score, 0.0) - settings.too_far
        else:
            score += trust if step <= split else -trust
        links[id(low)] = Link(up, low, score)
    return links


def _told_by_words(pieces: Sequence[Piece], settings: UnruledSettings) -> dict[int, float]:
    """What whole words of the lexicon over three lines or more say of the lines of a column, by the id of the lower
    line: those inside a word are one cell, the line below a word begins another."""
    told: dict[int, float] = {}
    at = 0
    while at < len(pieces):
        end = _word_end(pieces, at, settings)
        told |= {id(piece): settings.known_words for piece in pieces[at + 1 : end]}
        if end - at > 1 and end < len(pieces):
            told[id(pieces[end])] = -settings.known_words
        at = end
    return told


def _word_end(pieces: Sequence[Piece], at: int, settings: UnruledSettings) -> int:
    """The piece after the longest word of three lines or more that begins with the piece `at`; the next if none."""
    texts = [pieces[at].text]
    found = at + 1
    for index in range(at + 1, min(at + settings.word_lines, len(pieces))):
        if pieces[index].y - pieces[index - 1].y > settings.solid_pitch * pieces[index].size:
            break
        texts.append(pieces[index].text)
        if len(texts) > 2 and is_word("".join(texts)):
            found = index + 1
    return found


def _pitch_limit(near: Sequence[tuple[float, float]], pitch: float, settings: UnruledSettings) -> tuple[float, float]:
    """The distance of baselines that best parts lines of one cell from lines of two, and how far it can be trusted.

    It is learned from the pairs that the words, the room and the producer's order already decide.
    """
    sure = settings.sure_link
    joined = sorted(step for step, score in near if score >= sure and step <= settings.solid_pitch * pitch)
    parted = sorted(step for step, score in near if score <= -sure)
    if not joined and not parted:
        return pitch * settings.pitch_slack, 0.0
    if not joined:
        closest = parted[len(parted) // 20]
        return (0.9 * closest, settings.pitch_trust) if closest > settings.pitch_slack * pitch else (closest, 0.0)
    if not parted:
        return settings.pitch_slack * joined[-1 - len(joined) // 20], settings.pitch_trust
    limits = sorted({*joined, *parted})
    best, limit = min(
        (
            (len(joined) - bisect_right(joined, (a + b) / 2)) / len(joined)
            + bisect_left(parted, (a + b) / 2) / len(parted),
            (a + b) / 2,
        )
        for a, b in pairwise([*limits, limits[-1] * 1.2])
    )
    return limit, settings.pitch_trust if best <= settings.pitch_errors else 0.0


def _text_score(up: Piece, low: Piece, in_values: bool, settings: UnruledSettings) -> float:
    score = 0.0
    if is_split_word(up.text, low.text):
        score += settings.known_words
    elif is_word(up.text) and (is_word(low.text) or is_value(low.text)):
        score -= settings.known_words
    elif (is_word(up.text) and low.text[0] not in "（(") or (is_word(low.text) and len(low.text) > 2):
        score -= settings.known_words / 2
    if is_closing(low.text) or (is_value(up.text) and is_grade(low.text)):
        score -= settings.known_words
    if is_value(low.text) and (is_value(up.text) or is_date(up.text)):
        score -= 4.0 if in_values else 1.5
    if open_brackets(up.text) > 0 and open_brackets(low.text) < 0:
        score += 3.0
    if low.text[0] in "，。、；：）)%％,.;!！":
        score += 2.0
    if up.text[-1] in "，、（(—" and len(up.text) > 1:
        score += 1.5
    elif up.text[-1] in "。；;":
        score -= 0.7
    return score


def _spare(band: Band) -> list[float]:
    """For each column, half the white strips beside it: how much wider than its text it may be."""
    half = [0.0, *((high - low) / 2 for low, high in band.gutters), 0.0]
    return [left + right for left, right in pairwise(half)]


def _room_score(up: Piece, low: Piece, width: float, limit: float, in_table: bool, settings: UnruledSettings) -> float:
    """A line is broken where the next word has no room: room left speaks for two cells, a full line for one.

    The column is at least as wide as its widest text, `width`, and hardly wider than `limit`. Outside tables of values
    lines are often broken by hand.
    """
    taken = up.x1 - up.x0 + first_unit_width(low.text, low.size)
    if taken < width - 0.15 * up.size:
        return -settings.room_left if in_table else -settings.room_left / 3
    return settings.line_full if taken > limit - settings.padding * up.size else settings.line_full / 3
