"""Where tables for people are printed (终端)."""

from __future__ import annotations

import io
import sys
import unicodedata

from rich.console import Console

PLAIN_WIDTH = 200
"""Columns of the output where it is not a terminal: nothing is cut for want of room."""


_FORGING = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Kinds of characters that end lines, move the cursor, or turn the direction of writing."""


def lenient_streams() -> None:
    """Let a character that the console's encoding lacks be replaced: it never ends a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def one_line(text: str) -> str:
    """A name as it may stand in a line of a message: characters that could forge lines or colours are replaced."""
    return "".join("\ufffd" if unicodedata.category(char) in _FORGING else char for char in text)


def stdout_console() -> Console:
    """As wide as the terminal; wide enough for everything where there is none."""
    console = Console()
    return console if console.is_terminal else Console(width=PLAIN_WIDTH)
