"""What is printed where: streams that never end a command, names that forge no lines (输出流)."""

from __future__ import annotations

import io
import sys
import unicodedata

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
