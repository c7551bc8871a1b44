"""How a run tells a person that it goes on: a bar on a terminal, silence elsewhere (进度显示)."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

Say = Callable[[str], None]


class Quiet:
    """Says only that it waits."""

    def __init__(self, say: Say) -> None:
        self._say = say

    def started(self, files: int) -> None:
        """Nothing to show."""

    def file_done(self) -> None:
        """Nothing to show."""

    def waiting(self, holder: str) -> None:
        self._say(f"另一次运行（{holder}）正在写入同一输出目录，等它结束后继续；按 Ctrl-C 放弃。")


class Bar(Quiet):
    """A progress bar on stderr (进度条)."""

    def __init__(self, say: Say, bar: Progress) -> None:
        super().__init__(say)
        self._bar = bar
        self._task: TaskID | None = None

    def started(self, files: int) -> None:
        self._task = self._bar.add_task("读取", total=files)

    def file_done(self) -> None:
        if self._task is not None:
            self._bar.advance(self._task)


@contextmanager
def progress(say: Say) -> Iterator[Quiet]:
    """A listener for one run; the bar is there only where stderr is a terminal."""
    if not sys.stderr.isatty():
        yield Quiet(say)
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        yield Bar(say, bar)
