"""What the sources of a ziping.toml would bring, seen without keeping anything (来源检查)."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pipeline.night.collect import visited
from pipeline.night.settings import Settings
from pipeline.sourcing.config import FolderSource, S3Source, Source, WebSource
from pipeline.sourcing.found import Gathered, Survey
from pipeline.sourcing.gather import gather

SHOWN = 10
"""Problems of a source that are named; `--json` names all."""


@dataclass(frozen=True, slots=True)
class Checked:
    """One source, looked at: what it has, and code, address and sentence of what is wrong with it (一个来源的检查)."""

    name: str
    survey: Survey
    skipped: dict[str, int]
    problems: tuple[tuple[str, str, str], ...]

    @property
    def files(self) -> int:
        return self.survey.attachments + self.survey.reports


def check(settings: Settings) -> Iterator[Checked]:
    """Visit every source as a night does, but fetch nothing and remember nothing."""
    with tempfile.TemporaryDirectory() as state:
        for source, found in visited(settings, Path(state), _look):
            if isinstance(found, Gathered):
                survey = found.survey
                if isinstance(source, FolderSource):
                    survey = Survey(attachments=len(found.items) + len(found.waiting))
                problems = tuple((each.error.code, each.address, str(each.error)) for each in found.problems)
                yield Checked(source.name, survey, dict(found.skipped), problems)
            else:
                yield Checked(source.name, Survey(), {}, ((found.code, source.name, str(found)),))


def _look(source: Source, state: Path, output: Path) -> Gathered:
    return gather(source, state, leave_out=output, downloads=False)


def to_json(checked: list[Checked]) -> list[dict[str, Any]]:
    """The checks as plain data."""
    return [asdict(each) for each in checked]


def place_of(source: Source) -> str:
    """Where a source looks, for a person."""
    match source:
        case FolderSource():
            return str(source.path)
        case WebSource():
            return "、".join(source.pages)
        case S3Source():
            return source.url


def as_text(checked: list[Checked]) -> str:
    """A table, one line a source, and below it what is wrong."""
    heads = ("来源", "列表页", "翻页", "文章", "附件", "网页报告", "无附件", "未取", "问题")
    rows = [heads, *(_row(each) for each in checked)]
    widths = [max(_width(row[at]) for row in rows) for at in range(len(heads))]
    lines = ["  ".join(_padded(cell, width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    return "\n".join([*lines, *(line for each in checked for line in _details(each))])


def _row(each: Checked) -> tuple[str, ...]:
    survey = each.survey
    left_out = sum(survey.left_out.values()) + sum(
        count for suffix, count in each.skipped.items() if suffix not in survey.left_out
    )
    numbers = (
        survey.pages, survey.paged, survey.articles, survey.attachments, survey.reports, survey.without, left_out,
        len(each.problems),
    )  # fmt: skip
    return (each.name, *map(str, numbers))


def _details(each: Checked) -> Iterator[str]:
    left_out = {**each.skipped, **each.survey.left_out}
    named = "，".join(f"{why} {count}" for why, count in left_out.items() if count)
    if named or each.problems:
        yield f"\n{each.name}"
    if named:
        yield f"  未取：{named}"
    for code, _, message in each.problems[:SHOWN]:
        yield f"  [{code}] {message}"
    if len(each.problems) > SHOWN:
        yield f"  ……另有 {len(each.problems) - SHOWN} 处，见 --json"


def _width(text: str) -> int:
    """Columns on a screen: a Chinese character takes two."""
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
