"""One line of print to text, each character with its probability and its place (单行识别)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.arrays import PAPER, Grey
from parsers.scan.models import Models

HEIGHT = 48
"""Pixels a line is scaled to: what the model was trained on."""
STEP, LEAST_WIDTH, MOST_WIDTH = 16, 48, 2400
"""Pixels that widths are multiples of, and between which they lie: a longer line is squeezed."""
BETWEEN_WIDTH = 0.85
"""Share of its width at which a line is shown between others."""
MARGIN = 0.15
"""Paper in heights beside a line."""


@dataclass(frozen=True, slots=True)
class Read:
    """A character read: its probability, the middle of its place in pixels of the line's picture, and what else may
    stand there, with the probability of that: another character, several, or none. Nothing is known where that is 0.
    """

    text: str
    sure: float
    middle: float
    other: str
    other_sure: float


def read_line(line: Grey, models: Models, stretch: float = 1.0) -> tuple[Read, ...]:
    """The characters in the grey picture of one line, from left to right, blanks left out.

    `stretch` widens the picture: a second reading at another width rarely makes the same mistake.
    """
    height, width = line.shape
    scale = HEIGHT / height
    left = round(MARGIN * HEIGHT)
    inner = max(round(width * scale * stretch), 1)
    padded = _padded_width(inner + 2 * left)
    if inner + 2 * left > padded:
        inner = padded - 2 * left
    picture = np.full((HEIGHT, padded), PAPER, np.uint8)
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    picture[:, left : left + inner] = cv2.resize(line, (inner, HEIGHT), interpolation=way)
    values = picture.astype(np.float32) / 127.5 - 1
    batch = np.repeat(values[np.newaxis, np.newaxis], 3, axis=1)
    chances = models.recognition.run(None, {"x": batch})[0][0]
    step = padded / len(chances)
    pixels = width / inner
    return tuple(
        replace(read, middle=(read.middle * step - left) * pixels)
        for read in _decoded(chances, models.alphabet)
        if not read.text.isspace()
    )


def read_between(line: Grey, neighbour: Grey, models: Models) -> tuple[Read, ...]:
    """The characters of a short line, read from a picture that shows it between two others.

    Alone, a `%` is read as 8 and a `≥` as 2: the model has learnt what stands beside figures, not single signs.
    """
    height, width = line.shape
    beside = cv2.resize(neighbour, (max(round(neighbour.shape[1] * height / len(neighbour)), 1), height))
    left = beside.shape[1]
    reads = read_line(np.hstack([beside, line, beside]), models, BETWEEN_WIDTH)
    return tuple(replace(read, middle=read.middle - left) for read in reads if left <= read.middle < left + width)


def _padded_width(width: int) -> int:
    return min(max(-(-width // STEP) * STEP, LEAST_WIDTH), MOST_WIDTH)


def _decoded(chances: npt.NDArray[np.float32], alphabet: tuple[str, ...]) -> list[Read]:
    """The best path: runs of one class, blanks left out; `middle` counts steps."""
    best = chances.argmax(axis=1)
    reads: list[Read] = []
    at = 0
    for index, run in groupby(best.tolist()):
        length = len(list(run))
        if index:
            steps = chances[at : at + length]
            peak = at + int(steps[:, index].argmax())
            others = chances[peak].copy()
            others[index] = others[0] = 0.0
            other = int(others.argmax())
            weights = steps[:, index]
            middle = float(at + 0.5 + (np.arange(length) * weights).sum() / weights.sum())
            sure = float(chances[peak, index])
            reads.append(Read(alphabet[index], sure, middle, alphabet[other], float(others[other])))
        at += length
    return reads
