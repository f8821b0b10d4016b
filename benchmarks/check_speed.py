"""How much more the desk tool costs than reading the same files with `ast.parse`.

    python -m benchmarks.check_speed [--rounds 9]

Everything is a whole process, started as a user starts it; what counts is the CPU time of that
process and its children, as the kernel accounts it. The commands take turns in one run, so that a
busy machine slows all of them alike, and the figure is the median. It ends with 1 where a bar is
missed.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.codebase import generate

ROOT = Path(__file__).parent.parent
MEDIC = [sys.executable, "-m", "codemods.cli"]
PARSE_ONLY = """
import ast, os, sys
for folder, _, names in os.walk(sys.argv[1]):
    for name in names:
        if name.endswith(".py"):
            with open(os.path.join(folder, name), "rb") as file:
                ast.parse(file.read())
"""
BARS = {"check": 1.5, "fix": 2.5, "--version": 3.0}  # times the limit that it is measured by
RSS_MB = 40


def measure(command: Sequence[str | Path]) -> tuple[float, float]:
    """CPU seconds and the peak of resident memory in MB, of one process with its children.

    The project's modules come compiled, as an installation leaves them.
    """
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(Path(tempfile.gettempdir(), "pyc"))}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        sys.exit(f"{' '.join(map(str, command))} ended with {process.returncode}.")
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def found(folder: Path) -> tuple[int, int]:
    """How many findings there are, and in how many files."""
    command = [*MEDIC, "check", "--format", "json", str(folder)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    findings = json.loads(ran.stdout)
    return len(findings), len({finding["path"] for finding in findings})


def main() -> None:
    """Measure, print a table, and judge it."""
    parser = argparse.ArgumentParser(description="Measure the desk tool against ast.parse only.")
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as place:
        corpus, copy, empty = (Path(place) / name for name in ("corpus", "copy", "empty"))
        generate(corpus)
        empty.mkdir()
        files = list(corpus.rglob("*.py"))
        findings, mistaken = found(corpus)
        size = sum(file.stat().st_size for file in files) / 1e6
        print(f"{len(files)} files, {size:.2f} MB, {findings} findings in {mistaken} files")
        commands: dict[str, list[str | Path]] = {
            "ast.parse only": [sys.executable, "-c", PARSE_ONLY, corpus],
            "check": [*MEDIC, "check", corpus],
            "fix": [*MEDIC, "fix", "--unsafe-fixes", copy],
            "bare Python": [sys.executable, "-c", "pass"],
            "--version": [*MEDIC, "--version"],
            "check of nothing": [*MEDIC, "check", empty],
        }
        measured: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for _ in range(rounds):
            for name, command in commands.items():
                shutil.rmtree(copy, ignore_errors=True)
                shutil.copytree(corpus, copy)
                measured[name].append(measure(command))
    sys.exit(report(measured))


def report(measured: dict[str, list[tuple[float, float]]]) -> int:
    """Print the table; 1 where a bar is missed, else 0."""
    cpu = {name: statistics.median(each for each, _ in runs) for name, runs in measured.items()}
    memory = {name: max(each for _, each in runs) for name, runs in measured.items()}
    limits = {"--version": "bare Python", "bare Python": "bare Python"}
    missed = 0
    print("| | CPU ms, median | times its limit | bar | peak MB |\n|---|---|---|---|---|")
    for name, seconds in cpu.items():
        ratio = seconds / cpu[limits.get(name, "ast.parse only")]
        bar = BARS.get(name)
        too_big = name in ("check", "check of nothing") and memory[name] > RSS_MB
        missed |= too_big or (bar is not None and ratio > bar)
        said = f"≤ {bar}" if bar else ""
        print(f"| {name} | {seconds * 1000:.0f} | {ratio:.2f} | {said} | {memory[name]:.0f} |")
    return missed


if __name__ == "__main__":
    main()
