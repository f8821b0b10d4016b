"""A progress bar on stderr: for a person at a terminal, and only once the run has taken a while."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from typing import TextIO

_PATIENCE_SECONDS = 1.0


def tracked(files: Sequence[str], verb: str, stream: TextIO | None = None) -> Iterator[str]:
    """The files one by one, with a bar behind them if that takes longer than a second.

    Args:
        files: what is worked through.
        verb: what happens to them, such as `"Checking"`.
        stream: where the bar is drawn, stderr where None; nothing is drawn off a terminal.
    """
    stream = stream or sys.stderr
    if not stream.isatty():
        yield from files
        return
    begun = time.monotonic()
    for index, file in enumerate(files):
        if time.monotonic() - begun > _PATIENCE_SECONDS:
            yield from _drawn(files, index, verb, stream)
            return
        yield file


def _drawn(files: Sequence[str], done: int, verb: str, stream: TextIO) -> Iterator[str]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn(verb), BarColumn(), MofNCompleteColumn(), TextColumn("files"))
    with Progress(*columns, console=Console(file=stream), transient=True) as progress:
        task = progress.add_task(verb, total=len(files), completed=done)
        for file in files[done:]:
            yield file
            progress.advance(task)
