"""Traditional characters as the simplified ones words are listed in (繁体字).

One character for one, so that places in a text stay the same. Only comparisons use it: what is kept is as printed.
"""

from __future__ import annotations

import tomllib
from importlib.resources import files

from schemas.errors import ConfigError


def traditional() -> dict[int, str]:
    """The table for `str.translate`. Raises ConfigError when the file has been edited into something unreadable."""
    try:
        pairs = tomllib.loads(files("schemas").joinpath("traditional.toml").read_text("utf-8"))["pairs"].split()
        return {ord(printed): plain for printed, plain in pairs}
    except (tomllib.TOMLDecodeError, KeyError, AttributeError, TypeError, ValueError) as error:
        raise ConfigError(f"繁体字表 schemas/traditional.toml 无法读取（{error}），请改正后重试。") from error


_TABLE = traditional()


def simplified(text: str) -> str:
    """`text` in simplified characters."""
    return text.translate(_TABLE)
