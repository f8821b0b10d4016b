"""How much more the desk tool costs than reading the same files with `ast.parse`.

    python -m benchmarks.check_speed [--rounds 9]

Everything is a whole process, started as a user starts it; what counts is the CPU time of that
process and its children, as the kernel accounts it. The commands take turns in one run, so that a
busy machine slows all of them alike, and the figure is the median. It ends with 1 where a bar is
missed.
"""

from __future__ import annotations

import argparse
import functools
import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from benchmarks.codebase import generate
from benchmarks.processes import (
    MEDIC,
    PARSE_ONLY,
    ROOT,
    Command,
    Usage,
    in_turns,
    measure,
    median_ms,
    median_ratio,
    peak_mb,
)

PARSE, BARE = "`ast.parse` only", "bare Python"
CHECK, FIX = "`check`", "`fix --unsafe-fixes`"
BARS = {CHECK: (1.5, PARSE), FIX: (2.5, PARSE), "`--version`": (3.0, BARE)}
"""By command: how many times as much CPU it may use, and as what."""
RSS_MB = 40


class Place:
    """The generated code base in a folder, with a copy that may be written and an empty folder."""

    def __init__(self, folder: Path) -> None:
        self.corpus, self.copy, self.empty = (folder / it for it in ("corpus", "copy", "empty"))
        generate(self.corpus)
        self.empty.mkdir()
        self.renew()

    def renew(self) -> None:
        """Make the copy what the corpus is."""
        shutil.rmtree(self.copy, ignore_errors=True)
        shutil.copytree(self.corpus, self.copy)

    def described(self) -> str:
        """How large the code base is, and what `check` finds in it."""
        files = list(self.corpus.rglob("*.py"))
        size = sum(file.stat().st_size for file in files) / 1e6
        command = [*MEDIC, "check", "--format", "json", str(self.corpus)]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        paths = [finding["path"] for finding in json.loads(ran.stdout)]
        found = f"{len(paths)} findings in {len(set(paths))} files"
        return f"{len(files)} files, {size:.2f} MB, {found}"

    def commands(self) -> dict[str, Command]:
        """The commands that are judged, with those that they are measured by."""
        return {
            PARSE: [*PARSE_ONLY, self.corpus],
            CHECK: [*MEDIC, "check", self.corpus],
            FIX: [*MEDIC, "fix", "--unsafe-fixes", self.copy],
            BARE: [sys.executable, "-c", "pass"],
            "`--version`": [*MEDIC, "--version"],
            "`check` of an empty folder": [*MEDIC, "check", self.empty],
        }


def report(used: Mapping[str, Sequence[Usage]]) -> bool:
    """Print the table; whether every bar is met."""
    met = True
    print("| | CPU ms, median | times its limit | bar | peak MB | |\n|---|---|---|---|---|---|")
    for name, usages in used.items():
        bar, limit = BARS.get(name, (0.0, BARE if name == BARE else PARSE))
        ratio = median_ratio(usages, used[limit])
        good = (not bar or ratio <= bar) and (name != CHECK or peak_mb(usages) <= RSS_MB)
        met &= good
        said = f"≤ {bar} times {limit}" if bar else ""
        verdict = ("met" if good else "**not met**") if bar else ""
        print(
            f"| {name} | {median_ms(usages):.0f} | {ratio:.2f} | {said} "
            f"| {peak_mb(usages):.0f} | {verdict} |"
        )
    return met


def main() -> int:
    """Measure, print a table, and judge it."""
    parser = argparse.ArgumentParser(description="Measure the desk tool against ast.parse only.")
    parser.add_argument("--rounds", type=int, default=9)
    rounds = parser.parse_args().rounds
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder))
        print(place.described())
        commands = place.commands()
        runs = {name: functools.partial(measure, it) for name, it in commands.items()}
        return 0 if report(in_turns(runs, rounds, place.renew)) else 1


if __name__ == "__main__":
    sys.exit(main())
