"""One line of print to text, each character with its probability and its place (单行识别)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import cycle, groupby

import cv2
import numpy as np
import numpy.typing as npt

from parsers.scan.arrays import PAPER, Grey, as_bytes
from parsers.scan.models import Models

HEIGHT = 48
"""Pixels a line is scaled to: what the model was trained on."""
STEP, LEAST_WIDTH, MOST_WIDTH = 16, 48, 2400
"""Pixels that widths are multiples of, and between which they lie: a longer line is squeezed."""
BETWEEN_WIDTH = 0.85
"""Share of its width at which a line is shown between others."""
AT_ONCE = 6
"""Lines that are shown between others in one picture: each neighbour stands beside two of them."""
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


Reading = tuple[Read, ...]
"""The characters of one line, from left to right."""


class LineReader:
    """Reads pictures of single lines: one picture at one width only once."""

    def __init__(self, models: Models) -> None:
        self._models = models
        self._known: dict[tuple[bytes, int, float], Reading] = {}

    def read(self, line: Grey, stretch: float = 1.0) -> Reading:
        """The characters in the grey picture of one line, from left to right, blanks left out.

        `stretch` widens the picture: a second reading at another width rarely makes the same mistake.
        """
        key = (line.tobytes(), line.shape[1], stretch)
        if key not in self._known:
            self._known[key] = self._read(line, stretch)
        return self._known[key]

    def _read(self, line: Grey, stretch: float) -> Reading:
        picture = _fitted(line, stretch)
        pixels = line.shape[1] / picture.shape[1]
        return tuple(replace(read, middle=read.middle * pixels) for read in self._seen(picture))

    def read_between(self, lines: Sequence[Grey], neighbours: Sequence[Grey]) -> list[Reading]:
        """The characters of short lines, read from pictures that show each between two others.

        Alone, a `%` is read as 8 and a `≥` as 2: the model has learnt what stands beside figures, not single signs.
        """
        beside = [_fitted(neighbour, BETWEEN_WIDTH) for neighbour in neighbours]
        return [
            read for at in range(0, len(lines), AT_ONCE) for read in self._read_strip(lines[at : at + AT_ONCE], beside)
        ]

    def _read_strip(self, lines: Sequence[Grey], beside: Sequence[Grey]) -> Iterator[Reading]:
        pictures = [_fitted(line, BETWEEN_WIDTH) for line in lines]
        strip = [beside[0]]
        for picture, neighbour in zip(pictures, cycle([*beside[1:], beside[0]]), strict=False):
            strip += [picture, neighbour]
        seen = self._seen(np.hstack(strip))
        ends = np.cumsum([part.shape[1] for part in strip]).tolist()
        for line, picture, left, right in zip(lines, pictures, ends[::2], ends[1::2], strict=False):
            pixels = line.shape[1] / picture.shape[1]
            own = (read for read in seen if left <= read.middle < right)
            yield tuple(replace(read, middle=(read.middle - left) * pixels) for read in own)

    def _seen(self, picture: Grey) -> list[Read]:
        """What stands in a picture of the model's height, in its pixels."""
        left = round(MARGIN * HEIGHT)
        width = picture.shape[1]
        paper = ((0, 0), (left, _padded_width(width + 2 * left) - width - left))
        values = np.pad(picture, paper, constant_values=PAPER).astype(np.float32) / 127.5 - 1
        batch = np.repeat(values[np.newaxis, np.newaxis], 3, axis=1)
        chances = self._models.recognition.run(None, {"x": batch})[0][0]
        step = values.shape[1] / len(chances)
        found = _decoded(chances, self._models.alphabet)
        return [replace(read, middle=read.middle * step - left) for read in found if not read.text.isspace()]


def _fitted(line: Grey, stretch: float) -> Grey:
    """The picture of a line as high as the model wants it, within the width it may have."""
    height, width = line.shape
    scale = HEIGHT / height
    inner = min(max(round(width * scale * stretch), 1), MOST_WIDTH - 2 * round(MARGIN * HEIGHT))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    return as_bytes(cv2.resize(line, (inner, HEIGHT), interpolation=way))


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
