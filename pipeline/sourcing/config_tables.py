"""Tables of a TOML file taken apart key by key (配置文件).

Every mistake is a ConfigError in Chinese that names the file, the table and the key. Unknown keys are mistakes.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from schemas.errors import ConfigError

_PLACE = re.compile(r"line (\d+), column (\d+)")


def read_toml(path: Path) -> dict[str, Any]:
    """What the TOML file at `path` says. Raises ConfigError."""
    try:
        return tomllib.loads(path.read_bytes().decode("utf-8-sig"))
    except OSError as error:
        raise ConfigError(f"无法打开配置文件 {path}（{error.strerror}）；请检查路径和读取权限。") from error
    except UnicodeDecodeError as error:
        raise ConfigError(f"配置文件 {path} 不是 UTF-8 编码；请另存为 UTF-8。") from error
    except tomllib.TOMLDecodeError as error:
        place = _PLACE.search(str(error))
        where = f"第 {place[1]} 行第 {place[2]} 列" if place else "文件末尾"
        raise ConfigError(f"配置文件 {path} {where}不合 TOML 格式（{error}）；请改正后重试。") from error


@dataclass(frozen=True, slots=True)
class ConfigSection:
    """One table of the file at `path`; `title` is how a person finds it (配置段)."""

    path: Path
    title: str
    values: dict[str, Any]

    def wrong(self, problem: str) -> ConfigError:
        return ConfigError(f"配置文件 {self.path} {self.title}{problem}")

    def text(self, key: str) -> str:
        value = self.optional_text(key)
        if value is None:
            raise self.wrong(f"缺少 {key}；请补上。")
        return value

    def optional_text(self, key: str) -> str | None:
        value = self.values.get(key)
        if value is not None and (not isinstance(value, str) or not value.strip()):
            raise self.wrong(f"的 {key} 应为非空的文字。")
        return value

    def located(self, value: str) -> Path:
        """`value` as a path; a relative one starts at the folder of the configuration file."""
        return self.path.absolute().parent / Path(value).expanduser()

    def texts(self, key: str) -> tuple[str, ...]:
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one.strip() for one in value):
            raise self.wrong(f'的 {key} 应为文字的列表，例如 ["…"]。')
        return tuple(value)

    def regexes(self, key: str) -> tuple[re.Pattern[str], ...]:
        return tuple(self.regex(key, pattern) for pattern in self.texts(key))

    def regex(self, key: str, pattern: str) -> re.Pattern[str]:
        try:
            return re.compile(pattern)
        except re.error as error:
            raise self.wrong(f"的 {key} 里“{pattern}”不是正确的正则表达式（{error}）。") from error

    def text_table(self, key: str) -> dict[str, str]:
        value = self.values.get(key, {})
        if not isinstance(value, dict) or not all(isinstance(one, str) for one in value.values()):
            raise self.wrong(f'的 {key} 应写成 {{ 名称 = "内容" }}。')
        return dict(value)

    def header(self, key: str, value: str | None) -> str | None:
        """`value` as it may stand in the head of a request: printable, in ASCII, in one line."""
        if value is not None and not (value.isascii() and value.isprintable()):
            raise self.wrong(f"的 {key} 里“{value!r}”只能用一行英文字母、数字和符号。")
        return value

    def flag(self, key: str) -> bool:
        value = self.values.get(key, False)
        if not isinstance(value, bool):
            raise self.wrong(f"的 {key} 应为 true 或 false。")
        return value

    def number_from(self, key: str, default: float, low: float, high: float) -> float:
        value = self.values.get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise self.wrong(f"的 {key} 应为 {low:g} 至 {high:g} 之间的数。")
        return float(value)

    def web_address(self, key: str, address: str) -> str:
        """Host and, where it is not the usual one, port of an http(s) address."""
        try:
            parts = urlsplit(address)
            host, port = parts.hostname, parts.port
        except ValueError:
            host = None
        if not host or parts.scheme not in ("http", "https") or parts.username is not None:
            raise self.wrong(f"的 {key} 里“{address}”不是 http:// 或 https:// 开头的完整地址。")
        return host if port in (None, 80, 443) else f"{host}:{port}"

    def only(self, *keys: str) -> None:
        for key in self.values:
            if key not in keys:
                raise self.wrong(f"有不认识的 {key}；可用的是：{'、'.join(keys)}。")
