"""Measuring whole processes."""

import functools
import sys

import pytest

from benchmarks.processes import FailedError, Usage, in_turns, measure, median_ratio


def test_the_time_and_the_memory_of_children_count() -> None:
    burn = "import os, time\nb = bytearray(80_000_000)\nwhile time.process_time() < 0.3: pass"
    child = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {burn!r}])"
    used = measure([sys.executable, "-c", child])
    assert used.seconds > 0.3
    assert used.peak_mb > 80


def test_a_command_that_fails_is_said_to() -> None:
    fail = "import sys; print('no luck', file=sys.stderr); sys.exit(3)"
    with pytest.raises(FailedError, match=r"ended with 3: no luck$"):
        measure([sys.executable, "-c", fail])


def test_runs_take_turns() -> None:
    turns: list[str] = []

    def run(name: str) -> Usage:
        turns.append(name)
        return Usage(1, 1)

    runs = {name: functools.partial(run, name) for name in "ab"}
    in_turns(runs, 2, lambda: turns.append("-"))
    assert turns == ["-", "a", "-", "b", "-", "a", "-", "b"]


def test_a_ratio_is_the_median_of_the_rounds_that_both_took_part_in() -> None:
    fast, slow = ([Usage(seconds, 1) for seconds in each] for each in ((1, 2, 3), (10, 40)))
    assert median_ratio(slow, fast) == 15
