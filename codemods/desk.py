"""What `cdk-medic check` and `cdk-medic fix` do with the files on somebody's desk."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from codemods import report
from codemods.base import Base
from codemods.configuration import level
from codemods.discovery import python_files
from codemods.engine import Analysis, analyse
from codemods.excerpt import Excerpt
from codemods.policy import Policy
from codemods.progress import tracked
from codemods.project import Projects, Wishes
from codemods.rule import Finding
from codemods.source import Source
from codemods.terminal import terminal, visible
from codemods.usage import reason


@dataclass(frozen=True, slots=True)
class Request:
    """What the command line asks for.

    Attributes:
        paths: files and directories.
        wishes: which rules run, and where the configuration is.
        fail_on: the word for the level at and above which findings count; empty leaves it to the
            configuration.
        exit_zero: whether findings leave the exit code at 0.
        base: the revision that the work started from; empty for none. Safety then depends on what
            is deployed, in the repository of the first path.
    """

    paths: tuple[str, ...]
    wishes: Wishes
    fail_on: str = ""
    exit_zero: bool = False
    base: str = ""

    def read_base(self) -> Base | None:
        """What the base of the work has; None where no base is named.

        Raises:
            codemods.usage.UsageError: where git cannot tell.
        """
        if not self.base:
            return None
        from codemods.revisions import base_of

        first = self.paths[0]
        return base_of(self.base, first if os.path.isdir(first) else os.path.dirname(first) or ".")

    def counts(self, finding: Finding, policy: Policy) -> bool:
        """Whether a finding makes the exit code 1."""
        lowest = level(self.fail_on) if self.fail_on else policy.fail_on
        named = finding.rule in self.wishes.select
        return named or (lowest is not None and finding.level >= lowest)


@dataclass(slots=True)
class Run:
    """One run over files; it remembers what the report and the exit code need."""

    request: Request
    files: list[str] = field(default_factory=list)
    excerpts: list[Excerpt] = field(default_factory=list)
    failed: bool = False
    counted: bool = False

    @property
    def findings(self) -> list[Finding]:
        """What is left to say."""
        return [excerpt.finding for excerpt in self.excerpts]

    @property
    def exit_code(self) -> int:
        """2 where a file was left out, 1 where a finding counts, 0 else."""
        if self.failed:
            return 2
        return int(self.counted and not self.request.exit_zero)

    def each_file(self, verb: str) -> Iterator[tuple[str, bytes, str, Policy]]:
        """Every file that can be read: its path, its bytes, its identity and its policy."""
        projects = Projects(self.request.wishes)
        self.files = python_files(self.request.paths, projects.configuration, self.trouble)
        if not self.files:
            _complain("cdk-medic: no Python files were found")
        for path in tracked(self.files, verb):
            around = projects.around(path)
            try:
                with open(path, "rb") as file:
                    data = file.read()
            except OSError as error:
                self.trouble(path, f"the file cannot be read: {reason(error)}")
                continue
            yield path, data, around.identity(path), around.policy

    def keep(self, path: str, data: bytes, analysis: Analysis, policy: Policy) -> None:
        """Remember what a file says, under the path that the person gave it."""
        if analysis.problem:
            self.trouble(path, analysis.problem)
        for line, note in analysis.unused_ignores:
            _complain(f"{path}:{line}: note: {note}")
        if analysis.findings:
            source = Source(data)
            for found in analysis.findings:
                finding = replace(found, path=path)
                self.excerpts.append(Excerpt(finding, source.line(finding.start.line)))
                self.counted |= self.request.counts(finding, policy)

    def trouble(self, path: str, sentence: str) -> None:
        """Name a file that is left out, and why; the others go on."""
        self.failed = True
        _complain(f"{path}: error: {sentence}")


def check(request: Request, *, as_json: bool) -> int:
    """Report what is wrong, and give the exit code."""
    run = Run(request)
    base = request.read_base()
    sources: dict[str, bytes] = {}
    with _without_collector():
        for path, data, identity, policy in run.each_file("Checking"):
            analysis = analyse(data, identity, policy, edits=as_json, base=base)
            run.keep(path, data, analysis, policy)
            if analysis.findings:
                sources[path] = data
    if as_json:
        from codemods.json_report import document

        print(document((finding, sources[finding.path]) for finding in run.findings))
        return run.exit_code
    _print_blocks(run)
    print(report.found(run.findings, len(run.files), request.wishes.select))
    return run.exit_code


def fix(request: Request, *, unsafe: bool, dry: bool) -> int:
    """Fix what can be fixed, or show the diff, and give the exit code that a check then has."""
    run = Run(request)
    base = request.read_base()
    named = request.wishes.select
    applied: list[Finding] = []
    diffs: list[bytes] = []

    def wanted(finding: Finding) -> bool:
        return report.fixable(finding, named, unsafe=unsafe)

    for path, data, identity, policy in run.each_file("Fixing"):
        from codemods import fixing

        fixed = fixing.fix(data, identity, policy, unsafe=unsafe, wanted=wanted, base=base)
        after, analysis = fixed.source, fixed.analysis
        if after != data and dry:
            from codemods.unified_diff import unified_diff

            diffs.append(unified_diff(path, data, after))
        elif after != data and not _written(run, path, data, after):
            run.keep(path, data, analyse(data, identity, policy, base=base), policy)
            continue
        applied += [replace(finding, path=path) for finding in fixed.applied]
        run.keep(path, after, analysis, policy)
    summary = report.fixed(applied, run.findings, named, dry=dry)
    if dry:
        sys.stdout.flush()
        sys.stdout.buffer.write(b"".join(diffs))
        _complain(summary)
        return run.exit_code
    looks = terminal(sys.stdout)
    for finding in applied:
        print(report.done(finding, looks))
    if applied and run.excerpts:
        print()
    _print_blocks(run)
    print(summary)
    return run.exit_code


def _written(run: Run, path: str, before: bytes, after: bytes) -> bool:
    from codemods.writing import NotWrittenError, replace_file

    try:
        replace_file(path, before, after)
    except NotWrittenError as error:
        run.trouble(path, str(error))
        return False
    return True


def _print_blocks(run: Run) -> None:
    looks = terminal(sys.stdout)
    for excerpt in run.excerpts:
        print(report.block(excerpt, looks))


def _complain(line: str) -> None:
    print(visible(line), file=sys.stderr)


@contextlib.contextmanager
def _without_collector() -> Iterator[None]:
    """Syntax trees hold no cycles, and looking for them costs more than parsing."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
