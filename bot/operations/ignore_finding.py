"""Silence findings because a person asked: by a comment in the code, which says why."""

from __future__ import annotations

import functools
from collections.abc import Sequence

from bot import commit, markdown
from bot.operations import asked
from bot.operations.asked import COMMIT, Change, Files, No
from bot.operations.context import Context, Outcome
from bot.words import count, place
from bot.work import IgnoreFinding, Job
from codemods import Analysis, Finding


def applies_to(job: Job) -> bool:
    """For `IgnoreFinding`."""
    return isinstance(job, IgnoreFinding)


def perform(job: Job, context: Context) -> Outcome:
    """See `bot.operations`."""
    if not isinstance(job, IgnoreFinding):
        raise TypeError(type(job).__name__)
    return asked.perform(job, context, functools.partial(_change, job))


def _change(job: IgnoreFinding, files: Files, context: Context) -> Change:
    rule = markdown.code(job.rules[0])
    found = context.analyser.analyse(files.sources, files.terms)
    wanted = [finding for analysis in found for finding in _wanted(analysis, job, files)]
    if not wanted:
        raise No(f"There is no finding of {rule} {_where(job)} that I could silence.")
    names = frozenset(finding.fingerprint for finding in wanted)
    results = context.analyser.ignore(
        files.sources, files.terms, fingerprints=names, reason=job.reason
    )
    plain = [
        (before, after)
        for before, after in asked.changed(files.sources, results)
        if before.path not in files.executables
    ]
    silenced = [finding for _, after in plain for finding in after.applied]
    left = _left(wanted, silenced)
    if not plain:
        raise No(f"I found no place for the comment.{left}")
    return Change(
        {before.path: (before.content, after.source) for before, after in plain},
        silenced,
        commit.ignoring_headline(silenced),
        commit.ignoring_body(silenced, job),
        f"{count(len(silenced), 'finding')} of {rule} silenced in {COMMIT}."
        + _later(job, files)
        + left,
    )


def _wanted(analysis: Analysis, job: IgnoreFinding, files: Files) -> list[Finding]:
    """The findings that are meant; those from before the pull request only in a file by name."""
    earlier = files.earlier.get(analysis.path)
    known = {finding.fingerprint for finding in earlier.findings} if earlier else set()
    return [
        finding
        for finding in analysis.findings
        if finding.rule in job.rules
        and (job.paths or finding.fingerprint not in known)
        and (not job.line or finding.start.line <= job.line <= finding.end.line)
    ]


def _where(job: IgnoreFinding) -> str:
    if not job.paths:
        return "that this pull request brought"
    place = f"{job.paths[0]}:{job.line}" if job.line else job.paths[0]
    return f"in {markdown.code(place)}"


def _later(job: IgnoreFinding, files: Files) -> str:
    if files.locked_rules.isdisjoint(job.rules):
        return ""
    owner = markdown.code(job.repository.partition("/")[0])
    return f" It counts once the base branch has it: the policy of {owner} locks this rule."


def _left(wanted: Sequence[Finding], silenced: Sequence[Finding]) -> str:
    done = {finding.fingerprint for finding in silenced}
    left = [finding for finding in wanted if finding.fingerprint not in done]
    if not left:
        return ""
    places = ", ".join(place(finding) for finding in left[:10])
    return f" Please write it yourself at {places}."
