"""Where tables for people are printed (终端)."""

from __future__ import annotations

from rich.console import Console

PLAIN_WIDTH = 200
"""Columns of the output where it is not a terminal: nothing is cut for want of room."""


def stdout_console() -> Console:
    """As wide as the terminal; wide enough for everything where there is none."""
    console = Console()
    return console if console.is_terminal else Console(width=PLAIN_WIDTH)
