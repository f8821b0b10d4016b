"""Review a pull request at one head: a check run, a review, a summary comment.

Only what this head has not been told yet is written: the check run is found by its `external_id`,
the review by its marker, a finding by the fingerprint in the comment about it, the summary by its
marker; all of them by their author as well.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from bot import check_run, review, summary
from bot.diff import Diff, parse
from bot.events import Job, ReviewPullRequest, external_id
from bot.github import ChangedFile, PullRequest, Refused, Repository
from bot.operations import folding
from bot.operations.context import Context, Outcome, Result, Source
from bot.report import Report, ReviewedFile, report
from bot.suggestions import Suggestion, suggest

FILES_AT_MOST = 300


def applies_to(job: Job) -> bool:
    """For `ReviewPullRequest`."""
    return isinstance(job, ReviewPullRequest)


def perform(job: Job, context: Context) -> Outcome:
    """See `bot.operations`."""
    with context.github(job.installation, job.repository_id, job.repository) as repository:
        return _perform(repository, job, context)


def _perform(repository: Repository, job: Job, context: Context) -> Outcome:
    rows = [row for row in repository.changed_files(job.pull_request) if is_reviewed(row)]
    blobs = list(dict.fromkeys(row.blob for row in rows[:FILES_AT_MOST]))
    pull, contents = repository.pull_request(job.pull_request, blobs)
    if not pull.open:
        return Outcome(Result.NOTHING_TO_DO, "The pull request is closed.")
    if pull.head != job.head:
        return Outcome(Result.SUPERSEDED, f"The head is {pull.head} by now.")
    found = _report(job.head, rows, contents, said_before(pull), context)
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
    head: str,
    rows: Sequence[ChangedFile],
    contents: dict[str, bytes | None],
    said: Collection[str],
    context: Context,
) -> Report:
    sources, diffs, skipped = list[Source](), list[Diff](), list[tuple[str, str]]()
    for row in rows[:FILES_AT_MOST]:
        content = contents.get(row.blob)
        if content is None:
            skipped.append((row.path, "It is larger than 512 KB, or no regular file."))
            continue
        sources.append(Source(row.path, content))
        # A file that was only renamed has no patch, and that is all there is to know.
        diffs.append(parse(row.patch) if row.patch or row.changes else Diff((), known=True))
    skipped += [
        (row.path, f"A pull request is reviewed up to {FILES_AT_MOST} files.")
        for row in rows[FILES_AT_MOST:]
    ]
    files = [
        ReviewedFile(source.content, diff, analysis)
        for source, diff, analysis in zip(
            sources, diffs, context.analyse(sources, edits=True), strict=True
        )
    ]
    return report(head, files, _suggestions(files, said, context), skipped)


def _suggestions(
    files: Sequence[ReviewedFile], said: Collection[str], context: Context
) -> list[Suggestion]:
    """Suggestions whose result was parsed again, and has fewer findings by those that it fixes."""
    made: list[tuple[Suggestion, int]] = []
    for file in files:
        wanted = [
            finding
            for finding in file.analysis.findings
            if not finding.on_request
            and finding.fingerprint not in said
            and file.lines(finding) is not None
        ]
        before = len(file.analysis.findings)
        made += [
            (suggestion, before - len(suggestion.findings))
            for suggestion in suggest(file.source, file.diff, wanted)
        ]
    results = context.analyse([Source(each.path, each.after) for each, _ in made])
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
    if pull.draft or any(review.is_review_of(own.body, found.head) for own in pull.reviews):
        return ""
    body = review.review(found, said_before(pull))
    if body is None:
        return ""
    try:
        repository.create_review(pull.number, body)
    except Refused as refusal:
        return f"No review: {refusal.message}"
    return ""


def _summary(repository: Repository, pull: PullRequest, found: Report) -> str:
    own = next((each for each in pull.comments if summary.is_summary(each.body)), None)
    text = None if pull.draft else summary.summary(found, exists=own is not None)
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
