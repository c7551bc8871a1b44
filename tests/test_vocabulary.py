"""Chinese words and patterns that decide something stand in the TOML files of `schemas`, nowhere else (字样表)."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from vocabulary_walk import deciding_words

from schemas.errors import ConfigError
from schemas.vocabulary import names_any, pattern, words

ROOT = Path(__file__).parent.parent
ROOMS = ("parsers", "pipeline", "schemas")


@pytest.mark.parametrize("room", ["parsers", "pipeline"])
def test_no_chinese_literal_decides_outside_schemas(room: str) -> None:
    told = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in sorted((ROOT / room).rglob("*.py"))
        for line, text in deciding_words(path)
    ]
    assert not told, "move these to schemas/vocabulary.toml:\n" + "\n".join(told)


def test_a_pattern_refers_to_parts_and_lists() -> None:
    assert pattern("year").search("于2022年完成")
    assert pattern("value_start").match("不低于95%")
    assert pattern("grade_said", grade=("优",), grade_word=("等级",)).search("评价等级为优。")
    assert names_any("part_mark", "其中：") and words("goal_done") == ("完成",)


def test_a_name_nobody_listed_is_a_mistake_in_the_file() -> None:
    with pytest.raises(ConfigError):
        pattern("nowhere")
    with pytest.raises(ConfigError):
        words("nowhere")


def test_every_entry_is_used() -> None:
    written = (ROOT / "schemas" / "vocabulary.toml").read_text(encoding="utf-8")
    code = "".join(path.read_text(encoding="utf-8") for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    listed = tomllib.loads(written)
    names = [name for kind in ("parts", "patterns", "words") for name in listed[kind]]
    assert [name for name in names if f"«{name}»" not in written and f'"{name}"' not in code] == []
