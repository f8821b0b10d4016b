"""Review a pull request at one head: a check run, a review, a summary comment.

Only what this head has not been told yet is written: the check run is found by its `external_id`,
the review by its marker, a finding by the fingerprint in the comment about it, the summary by its
marker; all of them by their author as well. Where the bot fixes by itself what it finds, the commit
is reviewed in its turn, and says the rest.
"""

from __future__ import annotations

from bot import check_run, review, summary
from bot.analysis.terms import Configured
from bot.github import READING_CODE, PullRequest, Refused, Repository
from bot.operations import committing, folding, grounds, posting
from bot.operations.context import Context, Outcome, Result
from bot.operations.examine import examine, is_reviewed, said_before
from bot.operations.grounds import FILES_AT_MOST
from bot.report import Report
from bot.work import Job, ReviewPullRequest, external_id


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
    examined = examine(repository, job, pull, rows, contents, context=context)
    found = examined.report
    refused = [context.step("check run", _check_run, repository, pull, found)]
    made = context.step("commit", committing.commit_fixes, job, pull, examined, context)
    refused.append(made["refusal"])
    talks = _is_talked_into(pull, examined.configured) and not made["commit"]
    refused += [
        context.step("review", _review, repository, pull, found, talks),
        context.step("summary", _summary, repository, pull, found, talks),
        context.step("fold", folding.fold, repository, pull, found),
    ]
    if any(refused):
        return Outcome(Result.REFUSED, " ".join(filter(None, refused)))
    return Outcome(Result.DONE, check_run.title(found))


def _is_talked_into(pull: PullRequest, configured: Configured) -> bool:
    """Whether more than the check run is written; the bot's own pull requests speak for themselves.

    The check is made in any case, so that it can be required.
    """
    if pull.locked or pull.own or configured.mode == "report":
        return False
    return (configured.drafts or not pull.draft) and (configured.bots or not pull.by_bot)


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


def _review(repository: Repository, pull: PullRequest, found: Report, talks: bool) -> str:
    if not talks or any(review.is_review_of(own.body, found.head) for own in pull.reviews):
        return ""
    body = review.review(found, said_before(pull))
    return "" if body is None else posting.post(repository, pull, body)


def _summary(repository: Repository, pull: PullRequest, found: Report, talks: bool) -> str:
    own = next((each for each in pull.comments if summary.is_summary(each.body)), None)
    text = summary.summary(found, exists=own is not None) if talks else None
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
