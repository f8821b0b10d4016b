"""Review a pull request at one head: a check run, a review, a summary comment.

Only what this head has not been told yet is written: the check run is found by its `external_id`,
the review by its marker, a finding by the fingerprint in the comment about it, the summary by its
marker; all of them by their author as well.
"""

from __future__ import annotations

import functools
import itertools
from collections.abc import Callable, Collection, Mapping, Sequence

from bot import check_run, completeness, review, summary
from bot.analysis.terms import Terms
from bot.diff import Diff, parse
from bot.github import READING_CODE, ChangedFile, PullRequest, Refused, Repository
from bot.operations import by_hand, folding, grounds, posting
from bot.operations.context import Context, Outcome, Result, Source
from bot.operations.grounds import FILES_AT_MOST, History
from bot.report import Report, ReviewedFile, report
from bot.suggestions import Suggestion, suggest
from bot.work import Job, ReviewPullRequest, external_id
from codemods import Analysis, Policy

_UNREADABLE = "It is larger than 512 KB, no regular file, or no longer there."


def applies_to(job: Job) -> bool:
    """For `ReviewPullRequest`."""
    return isinstance(job, ReviewPullRequest)


def perform(job: Job, context: Context) -> Outcome:
    """See `bot.operations`."""
    if not isinstance(job, ReviewPullRequest):
        raise TypeError(type(job).__name__)
    where = job.installation, job.repository_id, job.repository
    with context.github(*where, READING_CODE) as repository:
        return _perform(repository, job, context)


def _perform(repository: Repository, job: ReviewPullRequest, context: Context) -> Outcome:
    rows = repository.changed_files(job.pull_request)
    blobs = [row.blob for row in rows if is_reviewed(row)][:FILES_AT_MOST]
    asked = grounds.configuration_files(job.base_branch)
    pull, contents = repository.pull_request(job.pull_request, list(dict.fromkeys(blobs)), asked)
    if not pull.open:
        return Outcome(Result.NOTHING_TO_DO, "The pull request is closed.")
    if pull.head != job.head:
        return Outcome(Result.SUPERSEDED, f"The head is {pull.head} by now.")
    if pull.base_branch != job.base_branch:
        contents |= repository.contents(files=grounds.configuration_files(pull.base_branch))
    found = _report(repository, pull, rows, contents, context)
    refusals = [
        context.step("check run", _check_run, repository, pull, found),
        context.step("review", _review, repository, pull, found),
        context.step("summary", _summary, repository, pull, found),
        context.step("fold", folding.fold, repository, pull, found),
    ]
    refused = " ".join(refusal for refusal in refusals if refusal)
    if refused:
        return Outcome(Result.REFUSED, refused)
    return Outcome(Result.DONE, check_run.title(found))


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


def _report(
    repository: Repository,
    pull: PullRequest,
    rows: Sequence[ChangedFile],
    contents: Mapping[str, bytes | None],
    context: Context,
) -> Report:
    reviewed = [row for row in rows if is_reviewed(row)]
    paths = [row.path for row in reviewed]
    configured = grounds.configuration(pull.base_branch, contents, paths, context)
    policy = configured.policy or Policy()
    wanted = [row for row in reviewed if row.path not in configured.excluded]
    sources, diffs, skipped = _read(wanted, contents)
    look_back = functools.partial(grounds.history, repository, pull, rows, policy, context)
    analyses, history = _analyses(sources, policy, look_back, context)
    files = [
        ReviewedFile(source.content, diff, analysis, history.earlier.get(source.path))
        for source, diff, analysis in zip(sources, diffs, analyses, strict=True)
    ]
    suggestions = _suggestions(files, said_before(pull), policy, context)
    notes = [*completeness.notes(rows, files), *history.notes]
    if configured.problem:
        notes.append(f"The configuration of {pull.base_branch} is not used: {configured.problem}")
    found = report(pull.head, files, suggestions, skipped, notes)
    return by_hand.patched(found, pull, sources, Terms(policy, history.base), context)


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
    judged = [any(not each.on_request for each in analysis.findings) for analysis in found]
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


def _check_run(repository: Repository, pull: PullRequest, found: Report) -> str:
    name = external_id(pull.number, found.head)
    own = next((run for run in pull.check_runs if run.external_id == name), None)
    if own is not None and own.completed_at is not None:
        return ""
    try:
        notes = check_run.annotate(found)
        identifier = own.id if own is not None else 0
        if identifier:
            notes = notes[repository.annotations_of(identifier) :]
        batches = list(check_run.batches(notes))
        for batch in batches:
            body = check_run.body(found, batch, last=batch is batches[-1])
            if identifier:
                repository.update_check_run(identifier, body)
            else:
                first = {"name": check_run.NAME, "head_sha": found.head, "external_id": name}
                identifier = repository.create_check_run(first | body)
    except Refused as refusal:
        return f"No check run: {refusal.message}"
    return ""


def _review(repository: Repository, pull: PullRequest, found: Report) -> str:
    if (
        pull.draft
        or pull.locked
        or any(review.is_review_of(own.body, found.head) for own in pull.reviews)
    ):
        return ""
    body = review.review(found, said_before(pull))
    return "" if body is None else posting.post(repository, pull, body)


def _summary(repository: Repository, pull: PullRequest, found: Report) -> str:
    own = next((each for each in pull.comments if summary.is_summary(each.body)), None)
    text = None if pull.draft or pull.locked else summary.summary(found, exists=own is not None)
    if text is None or (own is not None and own.body == text):
        return ""
    try:
        if own is None:
            repository.create_comment(pull.number, text)
        else:
            repository.edit_comment(own.id, text)
    except Refused as refusal:
        return f"No summary: {refusal.message}"
    return ""
