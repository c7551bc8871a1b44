"""Files read whole up to a limit (限量读取)."""

from __future__ import annotations

from pathlib import Path

from schemas.errors import FileUnavailable, LimitExceeded


def read_at_most(path: Path, most: int, advice: str) -> bytes:
    """The bytes of a file. Raises FileUnavailable, and LimitExceeded with `advice` past `most` bytes."""
    try:
        with path.open("rb") as file:
            data = file.read(most + 1)
    except OSError as error:
        raise FileUnavailable(f"《{path.name}》打不开（{error.strerror or error}）；请检查路径和读取权限。") from error
    if len(data) > most:
        raise LimitExceeded(f"《{path.name}》超过 {most >> 20} MB 的上限；{advice}后重试。", code="too_large")
    return data
