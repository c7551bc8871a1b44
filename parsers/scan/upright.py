"""Whether a page stands on its head, told by which way its lines read (倒置判断)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from parsers.scan.arrays import Grey
from parsers.scan.lines import TextLine
from parsers.scan.reading import crop_of, first_reading
from parsers.scan.recognise import LineReader

SAMPLES = 6
"""Lines that are read to tell."""
LENGTHS = (3.0, 14.0)
"""Heights that these are long: shorter ones say little, longer ones cost more than they say."""
CERTAIN = 0.9
"""Mean confidence in its characters from which a line stands upright: upside down, print makes no sense."""


def stands_on_its_head(print_: Grey, lines: Sequence[TextLine], em: float, reader: LineReader) -> bool:
    """Whether the lines read better after half a turn."""
    fitting = [line for line in lines if LENGTHS[0] * line.height <= line.width <= LENGTHS[1] * line.height]
    fitting = [line for line in fitting if line.height > em / 2]
    crops = [crop_of(print_, line, em)[0] for line in sorted(fitting, key=lambda line: -line.width)[:SAMPLES]]
    if not crops:
        return False
    upright = float(np.mean([_sense(crop, reader) for crop in crops]))
    if upright >= CERTAIN:
        return False
    return float(np.mean([_sense(np.ascontiguousarray(crop[::-1, ::-1]), reader) for crop in crops])) > upright


def _sense(crop: Grey, reader: LineReader) -> float:
    reads = first_reading(crop, reader)
    return float(np.mean([read.sure for read in reads])) if reads else 0.0
