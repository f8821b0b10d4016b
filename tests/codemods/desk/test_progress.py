"""The progress bar, drawn on a real terminal."""

from __future__ import annotations

import contextlib
import io
import os
import pty
import time

import pytest

from codemods.desk.progress import tracked

FILES = [f"{number}.py" for number in range(6)]


def drawn(seconds: float) -> bytes:
    """What a terminal gets while six files take that long each."""
    reader, writer = pty.openpty()
    with os.fdopen(writer, "w") as stream:
        seen = []
        for file in tracked(FILES, "Checking", stream):
            seen.append(file)
            time.sleep(seconds)
    assert seen == FILES
    return all_of(reader)


def all_of(reader: int) -> bytes:
    """What was written to a terminal whose other end is closed; it comes in pieces, and late."""
    pieces = []
    with contextlib.suppress(OSError):  # how Linux says that there is no more
        while piece := os.read(reader, 4096):
            pieces.append(piece)
    os.close(reader)
    return b"".join(pieces)


def test_a_short_run_draws_nothing() -> None:
    assert drawn(0) == b""


def test_a_long_run_draws_a_bar_and_takes_it_away(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    written = drawn(0.3)
    assert b"Checking" in written
    assert b"6/6" in written
    assert written.rstrip().endswith(b"\x1b[2K")  # the line is erased


def test_nothing_is_drawn_off_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codemods.desk.progress._PATIENCE_SECONDS", -1.0)
    stream = io.StringIO()
    assert list(tracked(FILES, "Checking", stream)) == FILES
    assert stream.getvalue() == ""
