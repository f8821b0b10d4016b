"""What `cdk-medic check` and `cdk-medic fix` do with the files on somebody's desk."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from codemods.base import Base
from codemods.code.source import Source
from codemods.desk import report
from codemods.desk.discovery import python_files, shown
from codemods.desk.excerpt import Excerpt
from codemods.desk.outcome import Outcome, Remark
from codemods.desk.progress import tracked
from codemods.desk.terminal import terminal, visible
from codemods.engine import Analysis, analyse, problem_of
from codemods.rule import Finding
from codemods.settings.keys import level
from codemods.settings.policy import Policy
from codemods.settings.project import Projects, Wishes
from codemods.settings.usage import reason


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
        force_exclude: whether files that are named are left out too where they are excluded.
    """

    paths: tuple[str, ...]
    wishes: Wishes
    fail_on: str = ""
    exit_zero: bool = False
    base: str = ""
    force_exclude: bool = False

    def read_base(self) -> Base | None:
        """What the base of the work has; None where no base is named.

        Raises:
            codemods.settings.usage.UsageError: where git cannot tell.
        """
        if not self.base:
            return None
        from codemods.desk.revisions import base_of

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
    with_sources: bool = False
    outcome: Outcome = field(default_factory=Outcome)
    excerpts: list[Excerpt] = field(default_factory=list)
    counted: bool = False
    pointed_at: frozenset[str] = field(init=False)

    def __post_init__(self) -> None:
        """Remember which files the person pointed at: a broken one among them is always named."""
        self.pointed_at = frozenset(map(shown, self.request.paths))

    @property
    def exit_code(self) -> int:
        """2 where a file was left out, 1 where a finding counts, 0 else."""
        if self.outcome.troubles:
            return 2
        return int(self.counted and not self.request.exit_zero)

    def each_file(self, verb: str) -> Iterator[tuple[str, bytes, str, Policy]]:
        """Every file that can be read: its path, its bytes, its identity and its policy."""
        projects = Projects(self.request.wishes)
        files = python_files(
            self.request.paths,
            projects.configuration,
            self.trouble,
            named_too=self.request.force_exclude,
        )
        self.outcome.files = len(files)
        if not files:
            _complain("cdk-medic: no Python files were found")
        for path in tracked(files, verb):
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
        problem = analysis.problem
        if not problem and path in self.pointed_at:
            problem = problem_of(data, policy)
        if problem:
            self.trouble(path, problem)
        for line, note in analysis.unused_ignores:
            self.outcome.notes.append(Remark(path, line, note))
            _complain(f"{path}:{line}: note: {note}")
        if self.with_sources and (analysis.findings or analysis.silenced):
            self.outcome.sources[path] = data
        for found, why in zip(analysis.silenced, analysis.reasons, strict=True):
            self.outcome.silenced.append((replace(found, path=path), why))
        if analysis.findings:
            source = Source(data)
            for found in analysis.findings:
                finding = replace(found, path=path)
                self.outcome.findings.append(finding)
                self.excerpts.append(Excerpt(finding, source.line(finding.start.line)))
                self.counted |= self.request.counts(finding, policy)

    def trouble(self, path: str, sentence: str) -> None:
        """Name a file that is left out, and why; the others go on."""
        self.outcome.trouble(path, sentence)
        _complain(f"{path}: error: {sentence}")


def check(request: Request, form: str) -> int:
    """Report what is wrong, in one of the forms of `--format`, and give the exit code."""
    with_edits = form in {"json", "sarif"}
    run = Run(request, with_sources=with_edits)
    base = request.read_base()
    with _without_collector():
        for path, data, identity, policy in run.each_file("Checking"):
            analysis = analyse(data, identity, policy, edits=with_edits, base=base)
            run.keep(path, data, analysis, policy)
    for text in _report(run, form):
        print(text)
    return run.exit_code


def _report(run: Run, form: str) -> Iterator[str]:
    """What goes to stdout, in pieces; the modules of other forms are imported where asked for."""
    summary = report.found(run.outcome.findings, run.outcome.files, run.request.wishes.select)
    if form == "json":
        from codemods.desk import json_report

        yield json_report.document(run.outcome)
    elif form == "sarif":
        from codemods.desk import sarif_report

        yield sarif_report.document(run.outcome)
    elif form == "github":
        from codemods.desk import github_report

        yield from github_report.commands(run.outcome)
        yield summary
    else:
        yield from _blocks(run)
        yield summary


def fix(request: Request, *, unsafe: bool, dry: bool) -> int:
    """Fix what can be fixed, or show the diff, and give the exit code that a check then has."""
    run = Run(request)
    base = request.read_base()
    named = request.wishes.select
    applied: list[Finding] = []
    diffs: list[bytes] = []

    def wanted(finding: Finding) -> bool:
        return report.fixable(finding, named, unsafe=unsafe)

    with _without_collector():
        for path, data, identity, policy in run.each_file("Fixing"):
            from codemods import fixing

            fixed = fixing.fix(data, identity, policy, unsafe=unsafe, wanted=wanted, base=base)
            after, analysis = fixed.source, fixed.analysis
            if after != data and dry:
                from codemods.desk.unified_diff import unified_diff

                diffs.append(unified_diff(path, data, after))
            elif after != data and not _written(run, path, data, after):
                run.keep(path, data, analyse(data, identity, policy, base=base), policy)
                continue
            applied += [replace(finding, path=path) for finding in fixed.applied]
            run.keep(path, after, analysis, policy)
    summary = report.fixed(applied, run.outcome.findings, named, dry=dry)
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
    for text in (*_blocks(run), summary):
        print(text)
    return run.exit_code


def _written(run: Run, path: str, before: bytes, after: bytes) -> bool:
    from codemods.desk.writing import NotWrittenError, replace_file

    try:
        replace_file(path, before, after)
    except NotWrittenError as error:
        run.trouble(path, str(error))
        return False
    return True


def _blocks(run: Run) -> Iterator[str]:
    looks = terminal(sys.stdout)
    return (report.block(excerpt, looks) for excerpt in run.excerpts)


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
