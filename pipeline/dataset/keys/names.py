"""Names of offices and projects made comparable (名称比较).

Offices change their names and print them with or without their region. Nothing is merged here: two names get a stated
similarity, and whoever reports on it says so. What is cut off and renamed is data, in `schemas/names.toml`.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from rapidfuzz import fuzz

import schemas
from schemas.vocabulary import pattern

LONGEST_REGION = 12
"""Characters of the longest name of a region, suffix included."""
RAREST = 4
"""Two names are compared when they share one of the rarest character pairs of either: so many of each are tried."""
CROWD = 400
"""A pair of characters that more names than this share says nothing."""
UNKNOWN_REGION = 0.95
"""The similarity of a name with a region and one without is lowered by this factor."""
SURE = 0.99
"""The highest similarity of names that are printed differently."""

Identity = tuple[str, str]
"""What names of the same office have in common: lowest region and own name."""

_NUMERALS = pattern("numeral")
"""第一小学 and 第二小学 are two offices, however alike."""
_MARKS = re.compile(r"[\W_]+")
_YEARS = pattern("years_of_project")


@dataclass(frozen=True, slots=True)
class NameWords:
    """`names.toml`, ready to use (名称用词)."""

    suffixes: tuple[str, ...]
    short_suffixes: frozenset[str]
    not_regions: tuple[str, ...]
    not_before: frozenset[str]
    levels: tuple[str, ...]
    renamed: Mapping[str, str]
    generic: re.Pattern[str]
    endings: tuple[str, ...]
    phases: re.Pattern[str]

    @property
    def old_names(self) -> re.Pattern[str]:
        return _any_of(self.renamed)


@dataclass(frozen=True, slots=True)
class Office:
    """An office's name taken apart (单位名称).

    `region` is the lowest region it is of ("" where unknown), `own` what follows the regions, `renamed` that with names
    of before the reforms replaced, `core` that without generic words.
    """

    region: str
    own: str
    renamed: str
    core: str

    @property
    def identity(self) -> Identity:
        """The same for names that differ only in blanks, marks or regions above the lowest."""
        return self.region, self.own


def squeezed(text: str) -> str:
    """Half-width, lower case, without blanks and punctuation."""
    return _MARKS.sub("", unicodedata.normalize("NFKC", text)).lower()


@lru_cache(maxsize=65536)
def office(name: str, region: str | None = None) -> Office:
    """An office's name taken apart; `region` is the one printed elsewhere on the form, used where it names none."""
    printed = squeezed(name)
    regions, rest = _regions(printed)
    if not regions and region:
        inside, left = _regions(squeezed(region))
        regions = inside or ([left] if left else [])
    words = _words()
    rest = rest or printed
    for level in words.levels:
        if rest.startswith(level) and len(rest) > len(level) + 1:
            rest = rest[len(level) :]
    renamed = words.old_names.sub(lambda match: words.renamed[match[0]], rest)
    core = words.generic.sub("", renamed)
    return Office(regions[-1] if regions else "", rest, renamed, core if len(core) > 1 else renamed)


def similarity(one: Office, other: Office) -> float:
    """How alike two names are, 0 to 1: 1 for the same name, 0 for offices of different regions.

    The mean of how alike the names are after renaming and how alike they are without generic words.
    """
    if one.region and other.region and one.region != other.region:
        return 0.0
    if _NUMERALS.findall(one.renamed) != _NUMERALS.findall(other.renamed):
        return 0.0
    whole = fuzz.ratio(one.renamed, other.renamed) / 100
    core = fuzz.ratio(one.core, other.core) / 100
    alike = (whole + core) / 2 * (1.0 if one.region == other.region else UNKNOWN_REGION)
    return 1.0 if one.identity == other.identity else min(alike, SURE)


def similar_offices(offices: Iterable[Office], threshold: float) -> dict[Identity, dict[Identity, float]]:
    """For every office, by identity, the others at least `threshold` alike.

    Only names that share a rare pair of characters and may be of one region are compared.
    """
    distinct = {one.identity: one for one in offices}
    found: dict[Identity, dict[Identity, float]] = defaultdict(dict)
    for one, other in _blocked(list(distinct.values())):
        alike = similarity(one, other)
        if alike >= threshold:
            found[one.identity][other.identity] = alike
            found[other.identity][one.identity] = alike
    return dict(found)


def project_key(name: str) -> str:
    """A project's name for comparing: without blanks, marks, years and the ending 项目; 一期 and 二期 stay apart."""
    key = _YEARS.sub("", unicodedata.normalize("NFKC", name))
    key = squeezed(key)
    for ending in _words().endings:
        if key.endswith(ending) and len(key) > len(ending) + 1:
            return key[: -len(ending)]
    return key


def without_phase(key: str) -> str:
    """A project's key without 一期 or 第二批: what its years have in common."""
    return _words().phases.sub("", key) or key


def _blocked(offices: list[Office]) -> Iterator[tuple[Office, Office]]:
    pairs = [sorted({one.core[at : at + 2] for at in range(max(len(one.core) - 1, 1))}) for one in offices]
    often = Counter(pair for each in pairs for pair in each)
    index: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, one in enumerate(offices):
        for pair in pairs[at]:
            index[pair, one.region].append(at)
    seen: set[tuple[int, int]] = set()
    for at, one in enumerate(offices):
        for pair in sorted(pairs[at], key=lambda pair: (often[pair], pair))[:RAREST]:
            for region in {one.region, ""}:
                others = index[pair, region]
                if len(others) > CROWD:
                    continue
                for other in others:
                    couple = (min(at, other), max(at, other))
                    if other != at and couple not in seen:
                        seen.add(couple)
                        yield one, offices[other]


def _regions(text: str) -> tuple[list[str], str]:
    """The regions a name begins with, highest first, and what follows them."""
    found: list[str] = []
    while (length := _region_length(text)) is not None:
        found.append(text[:length])
        text = text[length:]
    return found, text


def _region_length(text: str) -> int | None:
    words = _words()
    for length in range(2, min(LONGEST_REGION, len(text)) + 1):
        head = text[:length]
        suffix = next((suffix for suffix in words.suffixes if head.endswith(suffix)), None)
        if suffix is None or (length == 2 and suffix not in words.short_suffixes) or length == len(suffix):
            continue
        follows = text[length : length + 1]
        if (
            follows in words.not_before
            or head.endswith(words.not_regions)
            or text[length - len(suffix) :].startswith(
                tuple(longer for longer in words.suffixes if len(longer) > len(suffix) and longer.startswith(suffix))
            )
        ):
            continue
        return length
    return None


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


@cache
def _words() -> NameWords:
    data = tomllib.loads((files(schemas) / "names.toml").read_text(encoding="utf-8-sig"))
    regions = data["regions"]
    renamed = {entry["new"]: entry["new"] for entry in data["renamed"]}  # a new name is left as it is
    renamed |= {old: entry["new"] for entry in data["renamed"] for old in entry["old"]}
    return NameWords(
        tuple(sorted(regions["suffixes"], key=len, reverse=True)),
        frozenset(regions["short_suffixes"]),
        tuple(regions["not_regions"]),
        frozenset(regions["not_before"]),
        tuple(regions["levels"]),
        renamed,
        _any_of(data["generic"]["words"]),
        tuple(data["projects"]["endings"]),
        re.compile("|".join(data["projects"]["phases"])),
    )
