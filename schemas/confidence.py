"""What a reading is worth: shares right and how signs change them, read from `schemas/confidence.toml` (读取把握)."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from math import exp, log
from typing import Any

from schemas.errors import ConfigError


@dataclass(frozen=True, slots=True)
class Model:
    """Odds of being right: those of the source, times a factor for how sure the reading was, times one for each sign.

    `sureness` holds (from, times), the highest first; `row` is the factor of a row beside its least sure value.
    `steps` is how sure each step of reading is of what it did.
    """

    lowest: float
    highest: float
    source: Mapping[str, float]
    sureness: tuple[tuple[float, float], ...]
    signs: Mapping[str, float]
    row: float
    steps: Mapping[str, float]

    def share_right(self, source: str, sureness: float, signs: Collection[str]) -> float:
        """Of how many values read so which share is right, 0 to 1. Raises KeyError for a name it does not list."""
        right = self.source[source]
        return self._share(right, [self.times(sureness), *(self.signs[sign] for sign in signs)])

    def share_of_rows(self, least: float) -> float:
        """Of how many rows all values are right, where the least sure of them is right to a share of `least`."""
        return self._share(least, [self.row])

    def _share(self, right: float, factors: Iterable[float]) -> float:
        odds = log(right / (1 - right)) + sum(map(log, factors))
        return min(max(1 / (1 + exp(-odds)), self.lowest), self.highest)

    def times(self, sureness: float) -> float:
        """The factor of a sureness: that of the band it lies in."""
        return next((times for start, times in self.sureness if sureness >= start), self.sureness[-1][1])


@cache
def model() -> Model:
    """The model, read once. Raises ConfigError when the file has been edited into something unreadable."""
    try:
        data: Mapping[str, Any] = tomllib.loads(files("schemas").joinpath("confidence.toml").read_text("utf-8-sig"))
        found = Model(
            float(data["limits"]["lowest"]),
            float(data["limits"]["highest"]),
            {name: _share(name, value) for name, value in data["source"].items()},
            tuple(sorted((_band(band) for band in data["sureness"]), reverse=True)),
            {name: _times(name, value) for name, value in data["signs"].items()},
            _times("row", data["row"]["times"]),
            {name: _share(name, value) for name, value in data["steps"].items()},
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise ConfigError(f"读取把握表 schemas/confidence.toml 无法读取（{error}），请改正后重试。") from error
    return found


def step(name: str) -> float:
    """How sure a step of reading is of what it did, 0 to 1. Raises KeyError for one the file does not list."""
    return model().steps[name]


def _share(name: str, value: Any) -> float:
    if not 0 < float(value) < 1:
        raise ValueError(f"{name} = {value}，应在 0 与 1 之间")
    return float(value)


def _band(band: Mapping[str, Any]) -> tuple[float, float]:
    return float(band["from"]), _times("from", band["times"])


def _times(name: str, value: Any) -> float:
    if not float(value) > 0:
        raise ValueError(f"{name} = {value}，应大于 0")
    return float(value)
