"""One run of a command over the files on somebody's desk."""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from codemods.base import Base
from codemods.code.source import Source
from codemods.desk.discovery import python_files, shown
from codemods.desk.excerpt import Excerpt
from codemods.desk.outcome import Outcome, Remark
from codemods.desk.progress import tracked
from codemods.desk.terminal import visible
from codemods.engine import Analysis, problem_of
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
        stdin_filename: what the file is called that the path "-" reads from standard input; empty
            where "-" means nothing.
    """

    paths: tuple[str, ...]
    wishes: Wishes
    fail_on: str = ""
    exit_zero: bool = False
    base: str = ""
    force_exclude: bool = False
    stdin_filename: str = ""

    @property
    def reads_stdin(self) -> bool:
        """Whether the one file comes from standard input."""
        return bool(self.stdin_filename) and self.paths == ("-",)

    def read_base(self) -> Base | None:
        """What the base of the work has; None where no base is named.

        Raises:
            codemods.settings.usage.UsageError: where git cannot tell.
        """
        if not self.base:
            return None
        from codemods.desk.revisions import base_of

        first = self.stdin_filename if self.reads_stdin else self.paths[0]
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
        asked = self.request
        self.pointed_at = frozenset(
            map(shown, [asked.stdin_filename] if asked.reads_stdin else asked.paths)
        )

    @property
    def exit_code(self) -> int:
        """2 where a file was left out, 1 where a finding counts, 0 else."""
        if self.outcome.troubles:
            return 2
        return int(self.counted and not self.request.exit_zero)

    def each_file(self, verb: str) -> Iterator[tuple[str, bytes, str, Policy]]:
        """Every file that can be read: its path, its bytes, its identity and its policy.

        Where `verb` is empty, no progress is shown.
        """
        projects = Projects(self.request.wishes)
        if self.request.reads_stdin:
            path = shown(self.request.stdin_filename)
            around = projects.around(path)
            settings = projects.configuration(os.path.dirname(path))
            if not self.request.force_exclude or settings.admits(path, is_directory=False):
                self.outcome.files = 1
                yield path, sys.stdin.buffer.read(), around.identity(path), around.policy
            return
        files = python_files(
            self.request.paths,
            projects.configuration,
            self.trouble,
            named_too=self.request.force_exclude,
        )
        self.outcome.files = len(files)
        if not files:
            complain("cdk-medic: no Python files were found")
        for path in tracked(files, verb) if verb else files:
            around = projects.around(path)
            self.outcome.packs |= around.policy.packs
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
            complain(f"{path}:{line}: note: {note}")
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
        complain(f"{path}: error: {sentence}")


def complain(line: str) -> None:
    """Say something to the person, beside the report."""
    print(visible(line), file=sys.stderr)


@contextlib.contextmanager
def without_collector() -> Iterator[None]:
    """Syntax trees hold no cycles, and looking for them costs more than parsing."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
