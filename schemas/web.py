"""Words and marks of web pages, compiled once (网页用语).

What they are is data in web.toml; what is made of them is the business of `pipeline/sourcing`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, fields
from importlib.resources import files
from typing import Any

from schemas.errors import ConfigError


@dataclass(frozen=True, slots=True)
class WebWords:
    """Everything web.toml says; patterns are found without regard to case (网页用语)."""

    articles: tuple[re.Pattern[str], ...]
    bare_labels: re.Pattern[str]
    cut_text: re.Pattern[str]
    neighbours: re.Pattern[str]
    counters: re.Pattern[str]
    next_page: re.Pattern[str]
    last_page: re.Pattern[str]
    page_number: re.Pattern[str]
    more_rows: re.Pattern[str]
    page_totals: re.Pattern[str]
    record_totals: re.Pattern[str]
    page_sizes: re.Pattern[str]
    page_parameters: frozenset[str]
    numbered_name: re.Pattern[str]
    trs_paging: re.Pattern[str]
    paging_parameter: re.Pattern[str]
    paging_name: re.Pattern[str]
    hanweb_address: re.Pattern[str]
    hanweb_span: tuple[str, ...]
    hanweb_parameters: frozenset[str]
    jpaas_address: re.Pattern[str]
    jpaas_query: str
    jpaas_page: str
    gkmlpt_path: re.Pattern[str]
    gkmlpt_site: re.Pattern[str]
    gkmlpt_api: str
    data_address: re.Pattern[str]
    assets: re.Pattern[str]
    download_address: re.Pattern[str]
    download_labels: re.Pattern[str]
    attachment_labels: re.Pattern[str]
    viewer_address: re.Pattern[str]
    volatile_parameters: frozenset[str]
    volatile_value: re.Pattern[str]
    session_path: re.Pattern[str]
    challenge_scripts: re.Pattern[str]
    challenge_words: re.Pattern[str]
    lost_words: re.Pattern[str]
    report_words: tuple[re.Pattern[str], ...]
    report_words_needed: int
    report_characters: int
    refusals: frozenset[int]


def _pattern(value: str | Iterable[str]) -> re.Pattern[str]:
    alternatives = [value] if isinstance(value, str) else value
    return re.compile("|".join(f"(?:{one})" for one in alternatives), re.IGNORECASE)


_MAKERS: dict[str, Callable[[Any], Any]] = {
    "re.Pattern[str]": _pattern,
    "tuple[re.Pattern[str], ...]": lambda values: tuple(map(_pattern, values)),
    "frozenset[str]": frozenset,
    "frozenset[int]": frozenset,
    "tuple[str, ...]": tuple,
    "str": str,
    "int": int,
}


def web_words() -> WebWords:
    """The words of web.toml. Raises ConfigError when it has been edited into something unreadable."""
    try:
        values: dict[str, Any] = tomllib.loads(files("schemas").joinpath("web.toml").read_text("utf-8-sig"))
        return WebWords(**{each.name: _MAKERS[str(each.type)](values.pop(each.name)) for each in fields(WebWords)})
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, re.error) as error:
        raise ConfigError(f"网页用语表 schemas/web.toml 无法读取（{error}），请改正后重试。") from error


WEB = web_words()
