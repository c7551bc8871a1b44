"""One table of a rule file while it is read, with messages that name the entry (规则文件的读取)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from schemas.errors import ConfigError


@dataclass(frozen=True, slots=True)
class TomlTable:
    """One TOML table while it is read; knows its path, so that a message can name the entry."""

    file: Path
    path: str
    data: Mapping[str, Any]

    def fail(self, key: str, expected: str) -> ConfigError:
        return ConfigError(f"核对规则 {self.file} 的 {self.path}{key} 写得不对：应为{expected}，请改正后重试。")

    def value(self, key: str, expected: str) -> Any:
        if key not in self.data:
            raise ConfigError(f"核对规则 {self.file} 缺少 {self.path}{key}：应为{expected}，请补上后重试。")
        return self.data[key]

    def table(self, key: str) -> TomlTable:
        value = self.value(key, "一个表")
        if not isinstance(value, dict):
            raise self.fail(key, "一个表")
        return TomlTable(self.file, f"{self.path}{key}.", value)

    def tables(self, key: str) -> tuple[TomlTable, ...]:
        value = self.data.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.fail(key, "若干个表（[[…]]）")
        return tuple(TomlTable(self.file, f"{self.path}{key}[{i}].", item) for i, item in enumerate(value))

    def number(self, key: str, low: Decimal = Decimal(0), high: Decimal | None = None) -> Decimal:
        limits = f"不小于 {low} 的数" if high is None else f"{low} 到 {high} 之间的数"
        value = self.value(key, limits)
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            raise self.fail(key, limits)
        number = Decimal(str(value))
        if number < low or (high is not None and number > high):
            raise self.fail(key, limits)
        return number

    def count(self, key: str) -> int:
        value = self.value(key, "正整数")
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise self.fail(key, "正整数")
        return value

    def text(self, key: str) -> str:
        value = self.value(key, "文字")
        if not isinstance(value, str) or not value.strip():
            raise self.fail(key, "文字")
        return value

    def words(self, key: str) -> tuple[str, ...]:
        value = self.value(key, "若干词语")
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise self.fail(key, '若干词语（["…", "…"]）')
        return tuple(value)
