"""CPU time and memory of whole processes, which take turns as a busy machine slows all alike."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

Command = Sequence[str | Path]

ROOT = Path(__file__).parent.parent
MEDIC = (sys.executable, "-m", "codemods.cli")
_PARSE = """
import ast, os, sys
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        if name.endswith(".py"):
            with open(os.path.join(folder, name), "rb") as file:
                try:
                    ast.parse(file.read())
                except (SyntaxError, ValueError):
                    pass
"""
PARSE_ONLY = (sys.executable, "-c", _PARSE)
"""Reads and parses every Python file below a folder, and does nothing else."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process used: CPU seconds with those of its children, the largest one's peak in MB."""

    seconds: float
    peak_mb: float


class FailedError(Exception):
    """A command that could not do its work, as its exit code says."""


def measure(
    command: Command,
    environment: Mapping[str, str] = MappingProxyType({}),
    done: Container[int] = frozenset({0, 1}),
) -> Usage:
    """Run one command from the root of the project.

    The project's modules come compiled, as an installation leaves them.

    Args:
        command: what to run.
        environment: more variables.
        done: the exit codes of a command that did its work.

    Raises:
        FailedError: where the command could not do its work.
    """
    settings = {**os.environ, "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir(), "pyc"))}
    settings.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryFile() as errors:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**settings, **environment},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=errors,
        )
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode not in done:
            errors.seek(0)
            last = errors.read().decode(errors="replace").strip().rpartition("\n")[2]
            raise FailedError(f"{Path(command[0]).name} ended with {process.returncode}: {last}")
    return Usage(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)


def in_turns(
    runs: Mapping[str, Callable[[], Usage]], rounds: int, before: Callable[[], object]
) -> dict[str, list[Usage]]:
    """What each of several runs uses, round by round; `before` is called ahead of every run."""
    used: dict[str, list[Usage]] = {name: [] for name in runs}
    for _ in range(rounds):
        for name, run in runs.items():
            before()
            used[name].append(run())
    return used


def median_ms(usages: Sequence[Usage]) -> float:
    """The median of the CPU time in milliseconds."""
    return statistics.median(usage.seconds for usage in usages) * 1000


def median_ratio(usages: Sequence[Usage], limits: Sequence[Usage]) -> float:
    """How many times as much CPU one run uses as another: the median of the rounds of both."""
    pairs = zip(usages, limits, strict=False)
    return statistics.median(usage.seconds / limit.seconds for usage, limit in pairs)


def peak_mb(usages: Sequence[Usage]) -> float:
    """The highest peak of all rounds."""
    return max(usage.peak_mb for usage in usages)
