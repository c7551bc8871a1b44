"""Where tables for people are printed, and the words and looks of severities there (终端)."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import IO, cast

from rich.console import Console

PLAIN_WIDTH = 200
"""Columns of the output where it is not a terminal: nothing is cut for want of room."""

SEVERITY_ZH: Mapping[str, str] = {"error": "自相矛盾", "warning": "存疑", "info": "提示"}
STYLE = {"error": "bold red", "warning": "yellow"}
"""How a severity looks on a terminal."""

_PADDING = re.compile(r" +$", re.MULTILINE)


class _Unpadded:
    """Standard output without the blanks that fill a line: a program or a diff reads on."""

    def write(self, text: str) -> int:
        return sys.stdout.write(_PADDING.sub("", text))

    def flush(self) -> None:
        sys.stdout.flush()


def stdout_console() -> Console:
    """As wide as the terminal; wide enough for everything where there is none."""
    console = Console()
    return console if console.is_terminal else Console(file=cast(IO[str], _Unpadded()), width=PLAIN_WIDTH)


@contextmanager
def paged(console: Console) -> Iterator[Console]:
    """A page at a time on a terminal, by the user's `PAGER`; what fits on the screen is shown at once (`less -F`)."""
    if not console.is_terminal:
        yield console
        return
    os.environ.setdefault("LESS", "-FRX")
    with console.pager(styles=True):
        yield console
