"""Where an export is written (导出位置): beside its place first, then into it in one step."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from secrets import token_hex

from schemas.errors import StoreError


@contextmanager
def replaced(target: Path) -> Iterator[Path]:
    """A path to write to; what was written there stands at `target` when all went well, and nothing is left if not.

    Raises StoreError when it cannot be written.
    """
    temporary = target.with_name(f".{target.name}-{token_hex(4)}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        yield temporary
        os.replace(temporary, target)
    except OSError as error:
        raise StoreError(f"无法写入 {target}（{error.strerror or error}）；请检查路径、权限和磁盘空间。") from error
    finally:
        with suppress(OSError):
            temporary.unlink()
