"""How much more `check` costs on real code than reading the same files with `ast.parse`.

    python -m benchmarks.real_code DIR [--rounds 5]

DIR holds checked-out repositories, one a folder; nothing in it is written. Two things are measured:
all Python files of DIR, and copies of those alone that name the CDK. Everything is a whole process,
what counts is its CPU time, and the commands take turns, as in `benchmarks.check_speed`. There is
no bar: what the ratio is depends on the repositories.
"""

from __future__ import annotations

import argparse
import functools
import shutil
import sys
import tempfile
from pathlib import Path

from benchmarks.corpus import python_files
from benchmarks.processes import (
    MEDIC,
    PARSE_ONLY,
    Command,
    in_turns,
    measure,
    median_ms,
    median_ratio,
    peak_mb,
)

_ENDINGS = frozenset({0, 2})  # 2 where a file is no Python for the running version


def copy_cdk_files(root: Path, target: Path) -> None:
    """Copy every Python file that names the CDK, to the same place below another folder."""
    for path in python_files(root):
        if b"aws_cdk" in path.read_bytes():
            copy = target / path.relative_to(root)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)


def compare(name: str, folder: Path, rounds: int) -> None:
    """Measure one folder, and print a row of the table for each command."""
    files = list(python_files(folder))
    size = sum(file.stat().st_size for file in files) / 1e6
    commands: dict[str, Command] = {
        "`ast.parse` only": [*PARSE_ONLY, folder],
        "`check`": [*MEDIC, "check", "--exit-zero", folder],
    }
    runs = {
        command: functools.partial(measure, line, done=_ENDINGS)
        for command, line in commands.items()
    }
    used = in_turns(runs, rounds, lambda: None)
    (_, parsed), (_, _) = used.items()
    for command, usages in used.items():
        ratio = median_ratio(usages, parsed)
        print(
            f"| {name} | {len(files)} | {size:.1f} | {command} | {median_ms(usages):.0f} "
            f"| {ratio:.2f} | {peak_mb(usages):.0f} |",
            flush=True,
        )


def main() -> int:
    """Measure both, and print a table."""
    parser = argparse.ArgumentParser(description="Measure check against ast.parse on real code.")
    parser.add_argument("directory", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print("| | files | MB | command | CPU ms, median | times | peak MB |")
    print("|---|---|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        copy_cdk_files(options.directory, Path(folder))
        compare("CDK files", Path(folder), options.rounds)
    compare("all Python files", options.directory, options.rounds)
    return 0


if __name__ == "__main__":
    sys.exit(main())
