"""What a way of damage is."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

Way = Callable[[bytes, Random], bytes]
"""The bytes of a file → those of the damaged one; the same for the same random state."""
