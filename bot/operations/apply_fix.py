"""Apply fixes because a person asked: by a button of the check run, a box, or `/fix`.

They come as a commit, or as a pull request onto the branch where that was asked for.
"""

from __future__ import annotations

import functools
from collections.abc import Sequence
from dataclasses import dataclass

from bot import commit, markdown
from bot.operations import asked, stacking
from bot.operations.asked import COMMIT, Change, Files, No
from bot.operations.context import Context, Outcome
from bot.words import count
from bot.work import ApplyFix, Job
from codemods import Finding, Fixed, Safety


@dataclass(frozen=True, slots=True)
class _Result:
    """What was fixed, what was left, and the files whose mode no commit of the bot could keep."""

    applied: Sequence[Finding]
    left: Sequence[Finding]
    executables: Sequence[str]


def applies_to(job: Job) -> bool:
    """For `ApplyFix`."""
    return isinstance(job, ApplyFix)


def perform(job: Job, context: Context) -> Outcome:
    """See `bot.operations`."""
    if not isinstance(job, ApplyFix):
        raise TypeError(type(job).__name__)
    deliver = stacking.propose if job.proposes else asked.push
    return asked.perform(job, context, functools.partial(_change, job), deliver)


def _change(job: ApplyFix, files: Files, context: Context) -> Change:
    fixed = context.analyser.fix(
        files.sources, files.terms, rules=frozenset(job.rules), unsafe=job.unsafe
    )
    pairs = asked.changed(files.sources, fixed)
    plain = [(before, after) for before, after in pairs if before.path not in files.executables]
    result = _Result(
        [finding for _, after in plain for finding in after.applied],
        _left(fixed, job),
        [before.path for before, _ in pairs if before.path in files.executables],
    )
    if not plain:
        raise No(" ".join(["There was nothing that I could fix.", *_hints(result)]))
    return Change(
        {before.path: (before.content, after.source) for before, after in plain},
        result.applied,
        commit.headline(result.applied),
        commit.body(result.applied, job.request, job.requested_by, job.requested_by_id),
        _done(result),
    )


def _left(fixed: Sequence[Fixed], job: ApplyFix) -> list[Finding]:
    """Findings with a fix that this request did not ask for, or that did not work."""
    return [
        finding
        for result in fixed
        for finding in result.analysis.findings
        if finding.fix is not None
        and not finding.on_request
        and (not job.rules or finding.rule in job.rules)
    ]


def _done(result: _Result) -> str:
    names = sorted({finding.rule for finding in result.applied})
    line = (
        f"{count(len(result.applied), 'finding')} fixed in {COMMIT}: "
        f"{', '.join(map(markdown.code, names))}."
    )
    return " ".join([line, *_hints(result)])


def _hints(result: _Result) -> list[str]:
    hints = []
    unsafe = sorted({f.rule for f in result.left if f.fix and f.fix.safety is Safety.UNSAFE})
    if unsafe:
        example = markdown.code(f"/fix --unsafe {' '.join(unsafe)}")
        number = len([f for f in result.left if f.rule in unsafe])
        hints.append(f"{count(number, 'unsafe fix')} more: {example}.")
    if result.executables:
        names = ", ".join(map(markdown.code, result.executables))
        hints.append(f"{names} would lose the executable bit: use the suggestions there.")
    return hints
