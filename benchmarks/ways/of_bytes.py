"""Damage to bytes, whatever they mean: bits flipped, ends cut, runs lost."""

from __future__ import annotations

from random import Random


def flip(data: bytes, rng: Random) -> bytes:
    """A few bits the other way."""
    spoiled = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 3, 10))):
        spoiled[rng.randrange(len(spoiled))] ^= 1 << rng.randrange(8)
    return bytes(spoiled)


def cut(data: bytes, rng: Random) -> bytes:
    """The end missing, as after a broken download."""
    return data[: int(len(data) * rng.uniform(0.2, 0.99))]


def gap(data: bytes, rng: Random) -> bytes:
    """A run of bytes missing or zero."""
    start, length = rng.randrange(len(data)), rng.choice((1, 7, 64, 512))
    filling = bytes(length) if rng.random() < 0.5 else b""
    return data[:start] + filling + data[start + length :]
