"""Find out what a pull request would be told: from its files and their history to a report."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from bot import completeness, review
from bot.analysis.terms import Configured, Terms
from bot.diff import Diff, parse
from bot.fix_pull_requests.plan import follows_default_branch
from bot.github import ChangedFile, PullRequest, Repository
from bot.operations import by_hand, grounds, owners, remarks
from bot.operations.context import Context, Source
from bot.operations.grounds import FILES_AT_MOST, History
from bot.operations.ignores import without_void_ignores
from bot.report import Report, ReviewedFile, report
from bot.suggestions import Suggestion, suggest
from bot.work import Job
from codemods import Analysis, Policy

_UNREADABLE = "It is larger than 512 KB, no regular file, or no longer there."


@dataclass(frozen=True, slots=True)
class Examination:
    """A report, what holds in the repository, and the files that it is about with their terms."""

    report: Report
    configured: Configured
    sources: Sequence[Source]
    terms: Terms


def is_reviewed(row: ChangedFile) -> bool:
    """Whether a changed file is Python and still there."""
    return row.path.endswith(".py") and row.status != "removed" and bool(row.blob)


def said_before(pull: PullRequest) -> set[str]:
    """Fingerprints of the findings that the bot has commented on, resolved or not.

    A comment that was folded away does not count: its finding was gone, and has come back.
    """
    return {
        fingerprint
        for thread in pull.threads
        if thread.resolved or not thread.minimized
        for fingerprint in review.fingerprints(thread.body)
    }


def examine(
    repository: Repository,
    job: Job,
    pull: PullRequest,
    rows: Sequence[ChangedFile],
    contents: Mapping[str, bytes | None],
    *,
    context: Context,
) -> Examination:
    """Examine a pull request.

    Args:
        repository: of the pull request.
        job: names the repository.
        pull: the pull request.
        rows: the files that it changes.
        contents: of their blobs, and of the base branch's `grounds.configuration_files`.
        context: see `bot.operations`.
    """
    reviewed = [row for row in rows if is_reviewed(row)]
    paths = [row.path for row in reviewed]
    configured = grounds.configuration(job, pull.base_branch, contents, paths, context)
    policy, owners_policy = configured.policy or Policy(), owners.policy(job, context)
    wanted = [row for row in reviewed if row.path not in configured.left_alone]
    sources, diffs, skipped = _read(wanted, contents)
    look_back = functools.partial(grounds.history, repository, pull, rows, policy, context)
    analyses, history = _analyses(sources, policy, look_back, context)
    files = [
        ReviewedFile(source.content, diff, analysis, history.earlier.get(source.path))
        for source, diff, analysis in zip(sources, diffs, analyses, strict=True)
    ]
    files, void = without_void_ignores(files, configured, pull, job)
    found = report(
        pull.head,
        files,
        _suggestions(files, said_before(pull), policy, context),
        skipped,
        [
            *completeness.notes(rows, files),
            *history.notes,
            *void,
            *remarks.notes(configured, pull, owners_policy),
        ],
    )
    found = replace(
        found,
        remarks=tuple(remarks.remarks(configured, analyses, owners_policy)),
        fail_on=configured.fail_on,
        reticent=configured.mode == "report"
        or (pull.own and follows_default_branch(pull.head_branch)),
    )
    terms = Terms(policy, history.base)
    found = by_hand.patched(found, pull, sources, terms, context, may_commit=repository.may_commit)
    return Examination(found, configured, sources, terms)


def _read(
    rows: Sequence[ChangedFile], contents: Mapping[str, bytes | None]
) -> tuple[list[Source], list[Diff], list[tuple[str, str]]]:
    """The files that can be analysed, what the pull request shows of them, and who is left out."""
    sources, diffs, skipped = list[Source](), list[Diff](), list[tuple[str, str]]()
    for row in rows:
        if row.blob not in contents:
            skipped.append((row.path, f"A pull request is reviewed up to {FILES_AT_MOST} files."))
            continue
        content = contents[row.blob]
        if content is None:
            skipped.append((row.path, _UNREADABLE))
            continue
        sources.append(Source(row.path, content))
        # A file that was only renamed has no patch, and that is all there is to know.
        diffs.append(parse(row.patch) if row.patch or row.changes else Diff((), known=True))
    return sources, diffs, skipped


def _analyses(
    sources: Sequence[Source],
    policy: Policy,
    look_back: Callable[[], History],
    context: Context,
) -> tuple[list[Analysis], History]:
    """What the files say; their history is read only where a finding is judged by it."""
    found = context.analyser.analyse(sources, Terms(policy))
    judged = [
        bool(analysis.silenced) or any(not each.on_request for each in analysis.findings)
        for analysis in found
    ]
    if not any(judged):
        return found, History()
    history = look_back()
    again = context.analyser.analyse(
        list(itertools.compress(sources, judged)), Terms(policy, history.base), edits=True
    )
    by_path = {analysis.path: analysis for analysis in again}
    return [by_path.get(analysis.path, analysis) for analysis in found], history


def _suggestions(
    files: Sequence[ReviewedFile], said: Collection[str], policy: Policy, context: Context
) -> list[Suggestion]:
    """Suggestions whose result was parsed again, and has fewer findings by those that it fixes."""
    made: list[tuple[Suggestion, int]] = []
    for file in files:
        wanted = [
            finding
            for finding in file.analysis.findings
            if not finding.on_request
            and finding.fingerprint not in said
            and not file.was_here(finding)
            and file.lines(finding) is not None
        ]
        before = len(file.analysis.findings)
        made += [
            (suggestion, before - len(suggestion.findings))
            for suggestion in suggest(file.source, file.diff, wanted)
        ]
    after = [Source(each.path, each.after) for each, _ in made]
    results = context.analyser.analyse(after, Terms(policy))
    return [
        suggestion
        for (suggestion, left), result in zip(made, results, strict=True)
        if not result.problem and len(result.findings) <= left
    ]
