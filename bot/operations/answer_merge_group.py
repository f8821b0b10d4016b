"""Conclude the check of a merge queue's commit: a required one that is silent stalls the queue."""

from __future__ import annotations

from bot import check_run
from bot.github import READING_CODE, Refused, Repository
from bot.operations.context import Context, Outcome, Result
from bot.work import AnswerMergeGroup, Job, external_id

_TITLE = "Checked on the pull request"
_SUMMARY = (
    "Whatever was found in the pull requests of this merge group is told in their own checks. "
    "Nothing is analysed again while they wait to be merged."
)


def applies_to(job: Job) -> bool:
    """For `AnswerMergeGroup`."""
    return isinstance(job, AnswerMergeGroup)


def perform(job: Job, context: Context) -> Outcome:
    """See `bot.operations`."""
    where = job.installation, job.repository_id, job.repository
    with context.github(*where, READING_CODE) as repository:
        refusal = context.step("check run", _conclude, repository, job)
    return Outcome(Result.REFUSED, refusal) if refusal else Outcome(Result.DONE, _TITLE)


def _conclude(repository: Repository, job: Job) -> str:
    name = external_id(job.pull_request, job.head)
    try:
        if not repository.has_check_run(job.head, check_run.NAME, name):
            repository.create_check_run(
                {
                    "name": check_run.NAME,
                    "head_sha": job.head,
                    "external_id": name,
                    "status": "completed",
                    "conclusion": "success",
                    "output": {"title": _TITLE, "summary": _SUMMARY},
                }
            )
    except Refused as refusal:
        return f"No check run: {refusal.message}"
    return ""
