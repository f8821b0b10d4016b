"""Run every rule over a tree of real repositories and say what happened.

    python -m benchmarks.corpus DIR [--diff FILE] [--findings FILE] [--seconds]

DIR holds checked-out repositories, one a folder. Nothing in DIR is written: fixes are applied in
memory, unsafe and advisory ones included. The table tells, for each rule, what was found, fixed and
refused (with the reasons), and over all files what must be zero: crashes, files that stop parsing,
files that a second run changes.
"""

from __future__ import annotations

import argparse
import difflib
import re
import sys
import time
import traceback
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO

from codemods import Finding, Policy, analyse, fix, may_concern
from codemods.registry import rules
from codemods.rewriting.editing import parses

EVERYTHING = Policy(select=frozenset(rules()))
_UNWRITABLE = re.compile(
    "no longer parse|parts of the fix overlap"
)  # caught, and wrong all the same


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
    changes: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    @property
    def went_wrong(self) -> bool:
        """Whether anything crashed, broke or did not settle."""
        return bool(self.crashes or self.broken or self.unsettled)


def python_files(root: Path) -> Iterator[Path]:
    """Every regular Python file below a folder, in a stable order."""
    return (path for path in sorted(root.rglob("*.py")) if path.is_file() and not path.is_symlink())


def examine(root: Path, tally: Tally) -> Tally:
    """Check and fix every file below a folder, in memory; gives back the tally."""
    for path in python_files(root):
        source, name = path.read_bytes(), str(path.relative_to(root))
        tally.files += 1
        tally.concerned += may_concern(source)
        try:
            after = _fixed(source, name, tally)
        except Exception:  # noqa: BLE001  (a crash of any kind is what this script looks for)
            tally.crashes.append(f"{name}\n{traceback.format_exc()}")
            continue
        if after not in {None, source}:
            old, new = (
                text.decode(errors="replace").splitlines() for text in (source, after or b"")
            )
            tally.changes += difflib.unified_diff(old, new, f"a/{name}", f"b/{name}", lineterm="")
    return tally


def _fixed(source: bytes, path: str, tally: Tally) -> bytes | None:
    """Fix one file in memory; its new bytes, or None where it could not be analysed."""
    before = analyse(source, path, EVERYTHING, edits=True)
    if before.problem:
        tally.unreadable[before.problem.partition(": ")[2] or before.problem] += 1
        return None
    for finding in before.findings:
        _count(finding, tally)
    once = fix(source, path, EVERYTHING, unsafe=True)
    unwritable = any(_UNWRITABLE.search(finding.refusal) for finding in before.findings)
    if unwritable or (once.source != source and not parses(once.source)):
        tally.broken.append(path)
    if fix(once.source, path, EVERYTHING, unsafe=True).source != once.source:
        tally.unsettled.append(path)
    return once.source


def _count(finding: Finding, tally: Tally) -> None:
    tally.found[finding.rule] += 1
    if finding.fix:
        tally.fixed[finding.rule] += 1
    else:
        tally.refused[finding.rule, re.sub(r"`[^`]*`", "`…`", finding.refusal)] += 1
    state = f"{finding.fix.safety} fix" if finding.fix else "no fix"
    place = f"{finding.path}:{finding.start.line}"
    tally.findings.append(f"{place}: {finding.rule}, {state}: {finding.explanation}")


def seconds_by_rule(root: Path) -> dict[str, float]:
    """How long each rule takes alone, for a check of every file, in seconds."""
    sources = [(path.read_bytes(), path.name) for path in python_files(root)]
    taken = {}
    for rule in rules():
        policy = Policy(select=frozenset({rule}))
        start = time.perf_counter()
        for source, name in sources:
            analyse(source, name, policy)
        taken[rule] = time.perf_counter() - start
    return taken


def show(tally: Tally, out: TextIO) -> None:
    """Print the table."""
    out.write(f"{'rule':<30}{'found':>7}{'fixed':>7}{'refused':>9}\n")
    for rule in rules():
        reasons = [(n, why) for (name, why), n in tally.refused.most_common() if name == rule]
        refused = sum(count for count, _ in reasons)
        out.write(f"{rule:<30}{tally.found[rule]:>7}{tally.fixed[rule]:>7}{refused:>9}\n")
        out.writelines(f"    {n:>4} x {why}\n" for n, why in reasons)
    out.write(f"\nnot analysed: {sum(tally.unreadable.values())}\n")
    out.writelines(f"    {n:>4} x {why}\n" for why, n in tally.unreadable.most_common())
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
    parser.add_argument("--findings", type=Path, help="write every finding here, one a line")
    parser.add_argument("--seconds", action="store_true", help="time a check with each rule alone")
    options = parser.parse_args()
    start = time.perf_counter()
    tally = examine(options.directory, Tally())
    taken = time.perf_counter() - start
    print(f"{tally.files} Python files, {tally.concerned} with CDK names, {taken:.1f} s\n")
    show(tally, sys.stdout)
    if options.diff:
        options.diff.write_text("\n".join(tally.changes))
    if options.findings:
        options.findings.write_text("\n".join(tally.findings))
    if options.seconds:
        for rule, seconds in seconds_by_rule(options.directory).items():
            print(f"{rule} alone: {seconds:.1f} s")
    return 1 if tally.went_wrong else 0


if __name__ == "__main__":
    sys.exit(main())
