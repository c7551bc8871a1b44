"""The sentences this room says about files: which file, what happened, what to do (提示语)."""

from __future__ import annotations

from errno import EACCES, ENOENT, EPERM
from pathlib import Path
from traceback import extract_tb

from pipeline.sourcing.local_files import printable


def name(path: str) -> str:
    return f"文件“{printable(Path(path).name)}”"


def unavailable(path: str, error: OSError) -> str:
    if error.errno == ENOENT:
        return f"{name(path)}不存在；请检查路径。"
    if error.errno in (EACCES, EPERM):
        return f"{name(path)}没有读取权限；请授予读权限后重新运行。"
    return f"{name(path)}暂时无法读取（{error.strerror}）；请稍后重新运行。"


def changing(path: str) -> str:
    return f"{name(path)}在读取过程中被改动，可能仍在复制；请在写完后重新运行。"


def not_a_file(path: str) -> str:
    return f"{name(path)}不是普通文件；请给出报告文件或文件夹。"


def owner_file(path: str) -> str:
    return f"{name(path)}是 Word 打开文件时留下的临时文件，不是报告；可以忽略。"


def memory(path: str) -> str:
    return f"{name(path)}读取时超出内存上限；请用 --memory 提高上限，或把文件拆小。"


def too_deep(path: str) -> str:
    return f"{name(path)}内部嵌套过深，无法读取；请用原软件打开后另存再试。"


def timeout(path: str, seconds: float) -> str:
    return f"{name(path)}在 {seconds:g} 秒内没有读完；请用 --timeout 延长时限，或把文件拆小。"


def crashed(path: str, exit_code: int | None) -> str:
    how = f"信号 {-exit_code}" if exit_code is not None and exit_code < 0 else f"退出码 {exit_code}"
    return f"读取{name(path)}的进程意外终止（{how}）；请用原软件打开后另存再试，仍不行请报告此文件。"


def internal(path: str, error: Exception) -> str:
    frames = extract_tb(error.__traceback__)
    where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "未知位置"
    return f"读取{name(path)}时程序出错（{type(error).__name__}：{error}，{where}）；请报告此文件。"


def not_storable(path: str, error: Exception) -> str:
    return f"{name(path)}中有数值超出数据集各列可存的范围（{error}）；请报告此文件。"
