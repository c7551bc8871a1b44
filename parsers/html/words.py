"""The words by which a page's furniture is known, from `schemas/pages.toml` (网页用词)."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from schemas.errors import ConfigError

_LINE = 120
"""Longest line that can be furniture."""
_AROUND = " \u3000\t|[]【】()（）"
_NAME_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


@dataclass(frozen=True, slots=True)
class PageWords:
    """What `pages.toml` says, compiled (网页用词)."""

    frame_names: frozenset[str]
    footer_marks: re.Pattern[str]
    footer_words: re.Pattern[str]
    frame_starts: re.Pattern[str]
    metadata: re.Pattern[str]
    metadata_starts: re.Pattern[str]
    source_labels: frozenset[str]
    no_source: frozenset[str]
    dateline: re.Pattern[str]
    site_names: tuple[str, ...]
    no_titles: frozenset[str]
    title_meta: tuple[str, ...]
    source_meta: tuple[str, ...]

    def names_frame(self, *names: str | None) -> bool:
        """Whether the class or id of an element names navigation, a footer and the like."""
        parts = (part.lower() for name in names if name for part in _NAME_PARTS.findall(name))
        return any(part in self.frame_names for part in parts)

    def is_footer(self, text: str) -> bool:
        """Whether a line, white space removed, is a site's footer."""
        if len(text) > 2 * _LINE:
            return False
        return bool(self.footer_marks.search(text)) or len(set(self.footer_words.findall(text))) >= 2

    def is_frame(self, text: str) -> bool:
        """Whether a line, white space removed, belongs to the site's navigation."""
        return len(text) <= _LINE and bool(self.frame_starts.match(text))

    def facts(self, line: str) -> list[tuple[str, str]]:
        """The site's own notes on an article in a line (`来源：某局　浏览次数：125`), empty for any other line."""
        if len(line) > 2 * _LINE:
            return []
        marks = list(self.metadata.finditer(line))
        starts = (
            bool(marks)
            and not line[: marks[0].start()].strip(" 　\t|[【(（")
            and bool(self.metadata_starts.match(marks[0][1]))
        )
        if not starts and len(marks) < 2:
            return [("", line)] if self.dateline.match(line) and len(line) <= _LINE else []
        return self.notes(line)

    def is_note(self, line: str) -> bool:
        """Whether a line is a single note of the kind that a site lists one below another (`发文日期：2025-06-18`)."""
        return len(line) <= _LINE and self.metadata.match(line.strip(_AROUND)) is not None

    def notes(self, line: str) -> list[tuple[str, str]]:
        """Label and value of every note in a line that is known to hold notes."""
        marks = list(self.metadata.finditer(line))
        ends = [mark.start() for mark in marks[1:]] + [len(line)]
        return [(mark[1], line[mark.end() : end].strip(_AROUND)) for mark, end in zip(marks, ends, strict=True)]

    def source(self, facts: Iterable[tuple[str, str]]) -> str | None:
        """The office the notes name as where an article comes from, as a line of its own."""
        for label, value in facts:
            office = "".join(value.split())
            if label in self.source_labels and office and office not in self.no_source:
                return f"{label}：{office}"
        return None


def _any(words: Iterable[str]) -> re.Pattern[str]:
    ordered = sorted(words, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, ordered)) or "(?!)", re.IGNORECASE)


@cache
def page_words() -> PageWords:
    """Raises ConfigError when the file has been edited into something unreadable."""
    try:
        data = tomllib.loads(files("schemas").joinpath("pages.toml").read_text("utf-8-sig"))
        labels = _any(data["metadata"])
        return PageWords(
            frozenset(data["frame_names"]),
            _any(data["footer_marks"]),
            _any(data["footer_words"]),
            _any(data["frame_starts"]),
            re.compile(rf"(?<![\u3400-\u9fff])({labels.pattern})\s*[:：]"),
            _any(data["metadata_starts"]),
            frozenset(data["source_labels"]),
            frozenset(data["no_source"]),
            re.compile(data["dateline"]),
            tuple(data["site_names"]),
            frozenset(data["no_titles"]),
            tuple(data["title_meta"]),
            tuple(data["source_meta"]),
        )
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError, re.error) as error:
        raise ConfigError(f"网页用词 schemas/pages.toml 无法读取（{error}），请改正后重试。") from error
