"""argparse as the command line needs it: its messages in Chinese, and the kinds of values options take (命令行解析)."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, NoReturn

from pipeline.exit_codes import WRONG_USE

if TYPE_CHECKING:
    from pipeline.audit.filters import YearRange

_ARGPARSE_ZH = (
    (r"the following arguments are required: (.*)", r"缺少参数 \1"),
    (r"unrecognized arguments: (.*)", r"无法识别的参数 \1"),
    (r"argument (.*?): expected .*", r"\1 后面缺少取值"),
    (r"argument (.*?): invalid choice: (.*?) \(choose from (.*)\)", r"\1 的取值 \2 有误，可选 \3"),
    (r"argument (.*?): invalid .*? value: (.*)", r"\1 的取值 \2 有误"),
    (r"argument (.*?): not allowed with argument (.*)", r"\1 不能与 \2 同用"),
    (r"argument (.*?): (.*)", r"\1：\2"),
)


class Parser(argparse.ArgumentParser):
    """argparse that speaks Chinese."""

    def format_usage(self) -> str:
        return super().format_usage().replace("usage: ", "用法：", 1)

    def format_help(self) -> str:
        return super().format_help().replace("usage: ", "用法：", 1)

    def error(self, message: str) -> NoReturn:
        for pattern, chinese in _ARGPARSE_ZH:
            if re.fullmatch(pattern, message):
                message = re.sub(pattern, chinese, message)
                break
        self.exit(WRONG_USE, f"用法有误：{message}；运行 {self.prog} --help 查看用法。\n")


def port(text: str) -> int:
    """A port, 0 for any that is free (端口). Raises ValueError."""
    value = int(text)
    if not 0 <= value < 65536:
        raise ValueError
    return value


def positive_int(text: str) -> int:
    """A whole number from 1 (正整数). Raises ValueError."""
    value = int(text)
    if value < 1:
        raise ValueError
    return value


def years(text: str) -> YearRange:
    """A fiscal year, or a range of them (年度区间). Raises ValueError."""
    from pipeline.audit.filters import YearRange

    return YearRange.of(text)


def seconds(text: str) -> float:
    """Seconds, less than a day (秒). Raises ValueError."""
    value = float(text)
    if not 0 < value < 86_400:
        raise ValueError
    return value


def megabytes(text: str) -> int:
    """Megabytes, not too few to read with (内存上限). Raises ValueError."""
    value = int(text)
    if value < 256:
        raise ValueError
    return value
