"""Say on the pull request that a job was given up: the check reaches a conclusion all the same."""

from __future__ import annotations

from bot import check_run
from bot.github import READING_CODE, Refused, Repository
from bot.operations import answers
from bot.operations.context import Context, Outcome, Result
from bot.work import AnswerCommand, Job, ReportFailure, Request, ReviewPullRequest, external_id

_SUMMARY = (
    "Something went wrong on my side, and I don't know what this commit would be told. It is "
    "neither good nor bad news about the code. Whoever runs me finds the reason in the log; a new "
    "push, or closing and reopening the pull request, is reviewed again."
)
_ANSWER = (
    "Something went wrong on my side. Whoever runs me finds the reason in the log; please look at "
    "the branch before you ask again."
)


def failure_of(job: Job) -> ReportFailure | None:
    """The job that reports that `job` was given up; None where that is a report itself."""
    if isinstance(job, ReviewPullRequest):
        name, comment = "", 0
    elif isinstance(job, Request | AnswerCommand):
        name, comment = job.request, job.comment
    else:
        return None
    return ReportFailure(
        installation=job.installation,
        repository_id=job.repository_id,
        repository=job.repository,
        pull_request=job.pull_request,
        head=job.head,
        request=name,
        comment=comment,
    )


def applies_to(job: Job) -> bool:
    """For `ReportFailure`."""
    return isinstance(job, ReportFailure)


def perform(job: Job, context: Context) -> Outcome:
    """See `bot.operations`."""
    if not isinstance(job, ReportFailure):
        raise TypeError(type(job).__name__)
    where = job.installation, job.repository_id, job.repository
    with context.github(*where, READING_CODE) as repository:
        if job.request:
            refusal = context.step(
                "answer", answers.answer, repository, job.pull_request, job.request, _ANSWER
            )
            context.step("reaction", answers.react, repository, job.comment, answers.REFUSED)
        else:
            refusal = context.step("check run", _conclude, repository, job)
    if refusal:
        return Outcome(Result.REFUSED, refusal)
    return Outcome(Result.DONE, "The pull request was told that its job was given up.")


def _conclude(repository: Repository, job: ReportFailure) -> str:
    name = external_id(job.pull_request, job.head)
    failed = f"{name}:failed"  # not the name of a report, so that a later review makes its own
    body = {
        "external_id": failed,
        "status": "completed",
        "conclusion": "neutral",
        "output": {"title": "The review failed", "summary": _SUMMARY},
    }
    try:
        pull, _ = repository.pull_request(job.pull_request)
        own = [run for run in pull.check_runs if run.external_id in {name, failed}]
        if not own:
            first = {"name": check_run.NAME, "head_sha": job.head}
            repository.create_check_run(first | body)
        for run in own:
            if run.completed_at is None:
                repository.update_check_run(run.id, body)
    except Refused as refusal:
        return f"No check run: {refusal.message}"
    return ""
