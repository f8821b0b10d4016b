"""Run every rule over a tree of real repositories and say what happened.

    python -m benchmarks.corpus DIR [--diff FILE]

DIR holds checked-out repositories, one a folder. Nothing in DIR is written: fixes are applied in
memory, unsafe and advisory ones included. The table tells, for each rule, what was found, fixed and
refused (with the reasons), and over all files what must be zero: crashes, files that stop parsing,
files that a second run changes.
"""

from __future__ import annotations

import argparse
import difflib
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from codemods import Fixed, Policy, fix, may_concern
from codemods.editing import parses
from codemods.registry import rules

EVERYTHING = Policy(select=frozenset(rules()))


@dataclass
class Tally:
    """What happened, over all files."""

    files: int = 0
    concerned: int = 0
    found: Counter[str] = field(default_factory=Counter)
    fixed: Counter[str] = field(default_factory=Counter)
    refused: Counter[tuple[str, str]] = field(default_factory=Counter)
    unreadable: Counter[str] = field(default_factory=Counter)
    crashes: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    unsettled: list[str] = field(default_factory=list)


def python_files(root: Path) -> Iterator[Path]:
    """Every regular Python file below a folder, in a stable order."""
    return (path for path in sorted(root.rglob("*.py")) if path.is_file() and not path.is_symlink())


def examine(source: bytes, path: str, tally: Tally) -> bytes | None:
    """Fix one file in memory; its new bytes, or None where it could not be analysed."""
    once = fix(source, path, EVERYTHING, unsafe=True)
    if once.analysis.problem:
        tally.unreadable[once.analysis.problem.partition(": ")[2] or once.analysis.problem] += 1
        return None
    count(once, tally)
    if once.source != source and not parses(once.source):
        tally.broken.append(path)
    if fix(once.source, path, EVERYTHING, unsafe=True).source != once.source:
        tally.unsettled.append(path)
    return once.source


def count(once: Fixed, tally: Tally) -> None:
    """Add what a file's fixing found to the tally."""
    for finding in once.applied:
        tally.found[finding.rule] += 1
        tally.fixed[finding.rule] += 1
    for finding in once.analysis.findings:
        tally.found[finding.rule] += 1
        tally.refused[finding.rule, finding.refusal or "a fix was left unapplied"] += 1


def show(tally: Tally, seconds: float, out: TextIO) -> None:
    """Print the table."""
    out.write(f"{tally.files} Python files, {tally.concerned} with CDK names, {seconds:.1f} s\n\n")
    out.write(f"{'rule':<30}{'found':>7}{'fixed':>7}{'refused':>9}\n")
    for rule in rules():
        refused = sum(count for (name, _), count in tally.refused.items() if name == rule)
        out.write(f"{rule:<30}{tally.found[rule]:>7}{tally.fixed[rule]:>7}{refused:>9}\n")
        reasons = [(n, why) for (name, why), n in tally.refused.most_common() if name == rule]
        out.writelines(f"    {n:>4} x {why}\n" for n, why in reasons[:12])
    out.write(f"\nnot analysed: {sum(tally.unreadable.values())}\n")
    out.writelines(f"    {n:>4} x {why}\n" for why, n in tally.unreadable.most_common(5))
    for title, paths in (
        ("crashes", tally.crashes),
        ("files that stop parsing", tally.broken),
        ("files that a second run changes", tally.unsettled),
    ):
        out.write(f"{title}: {len(paths)}\n")
        out.writelines(f"    {path}\n" for path in paths)


def main() -> int:
    """Examine the tree; 1 where anything crashed, broke or did not settle."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--diff", type=Path, help="write every change here, to be read by eye")
    options = parser.parse_args()
    tally, changes = Tally(), list[str]()
    start = time.perf_counter()
    for path in python_files(options.directory):
        source, name = path.read_bytes(), str(path.relative_to(options.directory))
        tally.files += 1
        tally.concerned += may_concern(source)
        try:
            after = examine(source, name, tally)
        except Exception:  # noqa: BLE001  (a crash of any kind is what this script looks for)
            tally.crashes.append(f"{name}\n{traceback.format_exc()}")
            continue
        if after is not None and after != source:
            old, new = (text.decode(errors="replace").splitlines() for text in (source, after))
            changes += difflib.unified_diff(old, new, f"a/{name}", f"b/{name}", lineterm="")
    show(tally, time.perf_counter() - start, sys.stdout)
    if options.diff:
        options.diff.write_text("\n".join(changes))
    return 1 if tally.crashes or tally.broken or tally.unsettled else 0


if __name__ == "__main__":
    sys.exit(main())
