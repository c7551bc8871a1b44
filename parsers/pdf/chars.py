"""The characters of a page by arrays (字符列): what is asked of all of them at once is asked of arrays.

A page has a thousand characters, most of them in the cells of tables, where words do as well: a `Char` of its own is
made only of those that are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from parsers.pdf.paint import Flags, Floats, Indices
from parsers.pdf.shapes import Char, maker_of

_as_char = maker_of(Char)


def chars_of(texts: Iterable[str], *parts: Floats | Flags | Indices) -> Iterator[Char]:
    """Characters of their texts and the arrays of their other fields, in the order in which `Char` has them."""
    return map(_as_char, zip(texts, *(part.tolist() for part in parts), strict=True))


@dataclass(frozen=True, eq=False)
class Chars(Collection[Char]):
    """Characters in the order in which they are drawn; each part holds one field of `Char`."""

    texts: list[str]
    x0: Floats
    top: Floats
    x1: Floats
    bottom: Floats
    size: Floats
    upright: Flags
    run: Indices

    @classmethod
    def of(cls, chars: Collection[Char]) -> Chars:
        """The same characters by arrays."""
        if isinstance(chars, Chars):
            return chars
        if not chars:
            return NO_CHARS
        texts, x0, top, x1, bottom, size, upright, run = zip(*chars, strict=True)
        turned, runs = np.array(upright, dtype=bool), np.array(run, dtype=np.int64)
        return cls(
            list(texts), np.array(x0), np.array(top), np.array(x1), np.array(bottom), np.array(size), turned, runs
        )

    def __len__(self) -> int:
        return len(self.texts)

    def __iter__(self) -> Iterator[Char]:
        return iter(self.each)

    @cached_property
    def each(self) -> list[Char]:
        """A `Char` of each, for those who look at them one by one."""
        return list(chars_of(self.texts, *self._parts()))

    def __contains__(self, char: object) -> bool:
        return any(one == char for one in self)

    @property
    def x(self) -> Floats:
        """The middles of the characters."""
        return (self.x0 + self.x1) / 2

    @property
    def y(self) -> Floats:
        return (self.top + self.bottom) / 2

    @cached_property
    def ink(self) -> Flags:
        """Which characters leave ink."""
        return ink_of(self.texts)

    @property
    def codes(self) -> Indices:
        """The code of each character, of several in one the first."""
        whole = "".join(self.texts)
        return codes_of(whole if len(whole) == len(self) else "".join(text[0] for text in self.texts))

    def take(self, which: Flags | Indices) -> Chars:
        """Some of the characters, given by a flag for each or by their places."""
        places = np.flatnonzero(which) if which.dtype == bool else which
        texts = list(map(self.texts.__getitem__, places.tolist()))
        x0, top, x1, bottom, size, upright, run = self._parts()
        return Chars(
            texts, x0[places], top[places], x1[places], bottom[places], size[places], upright[places], run[places]
        )

    def part(self, first: int, after: int) -> list[Char]:
        """The characters from one place up to another."""
        return list(chars_of(self.texts[first:after], *(part[first:after] for part in self._parts())))

    def _parts(self) -> tuple[Floats, Floats, Floats, Floats, Floats, Flags, Indices]:
        return self.x0, self.top, self.x1, self.bottom, self.size, self.upright, self.run


def codes_of(text: str) -> Indices:
    """The code of each character of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.int32).astype(np.int64)


def ink_of(texts: Collection[str]) -> Flags:
    """Which of the characters leave ink; on most pages all of them do."""
    blanks = set(filter(str.isspace, set(texts)))
    if not blanks:
        return np.ones(len(texts), dtype=bool)
    return ~np.fromiter(map(blanks.__contains__, texts), dtype=bool, count=len(texts))


def texts_of(chars: Iterable[Char]) -> Iterable[str]:
    """What characters say, without a Char of each."""
    return chars.texts if isinstance(chars, Chars) else (char.text for char in chars)


_EMPTY = np.empty(0)
NO_CHARS = Chars([], _EMPTY, _EMPTY, _EMPTY, _EMPTY, _EMPTY, np.empty(0, dtype=bool), np.empty(0, dtype=np.int64))
