"""The region that the name of an office begins with, as printed (地区).

Names are cut at real places. One that no list knows, because it is masked (某县) or has changed since, is cut by its
shape.
"""

from __future__ import annotations

from functools import cache

import regex

from parsers.interpret.prose_words import prose_words
from schemas.regions import region_at
from schemas.traditional import simplified
from schemas.vocabulary import pattern

_CODE = regex.compile(r"[\[(（]?\d{3,}[\])）]?[-—－_]?")
_CITY = "市"
_SHORTEST = 2


def locality_of(*names: str | None) -> str | None:
    """The region that the first of `names` with one begins with (青禾县水务局 → 青禾县); None where none does."""
    for name in names:
        found = _locality(name) if name else None
        if found is not None:
            return found
    return None


def _locality(name: str) -> str | None:
    plain = simplified(name)
    start = _start(plain)
    listed = region_at(plain, start)
    end = listed.end if listed is not None else start
    if listed is None or any(one.level != "county" for one in listed.candidates):
        end = _shape_end(plain, end, below=listed is not None)
    return name[start:end] if start + _SHORTEST <= end < len(plain) else None


def _start(plain: str) -> int:
    """Behind a code and words that may stand before the name of an office."""
    code = _CODE.match(plain)
    at = code.end() if code else 0
    return next((at + len(word) for word in prose_words().localities.leading if plain.startswith(word, at)), at)


def _shape_end(plain: str, start: int, *, below: bool) -> int:
    """Where what looks like the name of a place ends; `start` where nothing does. `below` a listed city or province."""
    match = (_county() if below else _shape()).match(plain, start)
    if match is None or plain[start : match.end()].endswith(prose_words().localities.not_places):
        return start
    city_word = plain[match.end() - 1 : match.end()] == _CITY
    return start if city_word and _no_city().match(plain, match.end()) else match.end()


@cache
def _no_city() -> regex.Pattern[str]:
    return pattern("no_city", after_city=prose_words().localities.after_city)


@cache
def _county() -> regex.Pattern[str]:
    return pattern("county")


@cache
def _shape() -> regex.Pattern[str]:
    words = prose_words().localities
    return pattern("place_shape", after_city=tuple(words.after_city), not_place=tuple(words.not_places))
