"""The arrays that pages are made of (数组类型)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
Grey = Bytes
"""Rows of brightness, 0 black to 255 white."""
Ink = Bytes
"""Rows of 1 where there is ink, 0 where there is paper."""
Pixels = Bytes
"""Rows of red, green, blue."""
Mask = npt.NDArray[np.bool_]
Reals = npt.NDArray[np.float64]
PAPER = 255
"""Brightness of paper in even light."""


def as_bytes(values: Any) -> Bytes:
    """What OpenCV gives back, which it does not say the type of."""
    return np.asarray(values, dtype=np.uint8)


def at_percent(values: Bytes, percent: float) -> Bytes:
    """The value along the last axis that this percentage of the values does not exceed: the nearest one there is."""
    return as_bytes(np.sort(values, axis=-1)[..., round(percent / 100 * (values.shape[-1] - 1))])
