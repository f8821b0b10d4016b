"""What `cdk-medic verify` does."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from codemods.desk import report
from codemods.desk.run import Request, Run
from codemods.desk.terminal import terminal, visible
from codemods.engine import analyse
from codemods.fixing import fix
from codemods.proof import app as apps
from codemods.proof.copies import Copy
from codemods.proof.synthesis import SynthesisError
from codemods.proof.trial import FixedAppError, Trial, Verdict
from codemods.rule import Finding
from codemods.settings.usage import UsageError


@dataclass(frozen=True, slots=True)
class Proof:
    """What the command line asks of a proof.

    Attributes:
        app: the app's command; empty for that of its `cdk.json`.
        cli: the CDK's command-line tool that shall run it; empty to run it without.
        seconds: how long one synthesis may take.
        base: compare with this revision instead of trying the fixes; empty for none.
        unsafe: whether unsafe fixes are tried too.
        form: "text", "json" or "markdown".
    """

    app: str = ""
    cli: str = ""
    seconds: float = 600.0
    base: str = ""
    unsafe: bool = False
    form: str = "text"


@dataclass(slots=True)
class _Fixes:
    before: dict[str, bytes] = field(default_factory=dict)
    after: dict[str, bytes] = field(default_factory=dict)
    applied: list[Finding] = field(default_factory=list)


def verify(request: Request, proof: Proof) -> int:
    """Synthesize before and after, print what differs, and give the exit code.

    Raises:
        UsageError: there is no app to run, or it does not synthesize as it is.
    """
    first = request.paths[0]
    directory = first if os.path.isdir(first) else os.path.dirname(first) or "."
    app = apps.find(directory, proof.app, proof.cli)
    run = Run(request)
    with Copy(directory) as copy:
        trial = Trial(app, copy, proof.seconds)
        try:
            verdict = _verdict(run, trial, proof)
        except FixedAppError as error:
            _repeat(error.said)
            print(visible(f"After the change, `{app.command}` no longer synthesizes. {error}"))
            return 1
        except SynthesisError as error:
            _repeat(error.said)
            raise UsageError(f"`{app.command}` does not synthesize as it is. {error}") from error
    if verdict is None:
        print("There is nothing to fix, so nothing to verify.")
        return run.exit_code if run.outcome.troubles else 0
    for line in _rendered(verdict, proof.form):
        print(line)
    if run.outcome.troubles:
        return 2
    return int(not verdict.judgement.exact and not request.exit_zero)


def _repeat(said: Iterable[str]) -> None:
    for line in said:
        print(visible(line), file=sys.stderr)


def _verdict(run: Run, trial: Trial, proof: Proof) -> Verdict | None:
    if proof.base:
        commit, gone = _gone(run, proof.base, trial)
        return trial.since(commit, gone)
    fixes = _fixes(run, trial, proof)
    if not fixes.applied:
        return None
    return trial.of_fixes(fixes.before, fixes.after, fixes.applied)


def _fixes(run: Run, trial: Trial, proof: Proof) -> _Fixes:
    named = run.request.wishes.select
    fixes = _Fixes()
    for path, data, identity, policy in run.each_file("Fixing"):
        if not trial.copy.holds(path):
            raise UsageError(f"{path} does not belong to the project of the first path")
        fixed = fix(
            data,
            identity,
            policy,
            unsafe=proof.unsafe,
            wanted=lambda finding: report.fixable(finding, named, unsafe=proof.unsafe),
        )
        if fixed.analysis.problem:
            run.trouble(path, fixed.analysis.problem)
        elif fixed.source != data:
            fixes.before[path], fixes.after[path] = data, fixed.source
            fixes.applied += fixed.applied
    return fixes


def _gone(run: Run, base: str, trial: Trial) -> tuple[str, list[Finding]]:
    """The commit that the work started from, and its findings that the work has fixed."""
    from codemods.desk.revisions import versions_since

    commit, versions = versions_since(base, trial.app.directory)
    here = {
        finding.fingerprint
        for path, data, identity, policy in run.each_file("Checking")
        for finding in analyse(data, identity, policy).findings
    }
    return commit, [it for it in _before(versions, run) if it.fingerprint not in here]


def _before(versions: list[tuple[str, bytes]], run: Run) -> Iterator[Finding]:
    from codemods.settings.project import Projects

    projects = Projects(run.request.wishes)
    for path, content in versions:
        around = projects.around(path)
        yield from analyse(content, around.identity(path), around.policy).findings


def _rendered(verdict: Verdict, form: str) -> Iterator[str]:
    if form == "json":
        from codemods.proof import data

        yield data.document(verdict)
    elif form == "markdown":
        from codemods.proof import markdown

        yield markdown.document(verdict).rstrip("\n")
    else:
        from codemods.proof import text

        yield from text.lines(verdict, terminal(sys.stdout))
