"""What the bot does: an ordered list of behaviours, of which the first that applies acts.

An operation knows neither the workflow engine nor a web framework. `perform` may be run again from
its start at any time, after a crash or a lost answer: it looks for what it wrote before, and adds
nothing twice. It raises what `bot.github` raises: `RateLimited` (run again after `until`),
`Unavailable` (run again soon), and `Refused` where GitHub lets it read nothing of what is there; a
write that GitHub refuses ends in an `Outcome`.
"""

from __future__ import annotations

from typing import Protocol

from bot.github import PERMISSIONS_MISSING, Refused
from bot.operations import (
    answer_command,
    answer_merge_group,
    apply_fix,
    follow_closed,
    ignore_finding,
    owners,
    report_failure,
    review_pull_request,
    tend_repository,
)
from bot.operations.context import Context, Outcome, Result, Source
from bot.work import Job

__all__ = ["Context", "Operation", "Outcome", "Result", "Source", "operation_for", "perform"]


class Operation(Protocol):
    """One behaviour; a module of this package each."""

    def applies_to(self, job: Job) -> bool:
        """Whether this is the behaviour that the job asks for."""
        ...

    def perform(self, job: Job, context: Context) -> Outcome:
        """Do it."""
        ...


def operation_for(job: Job) -> Operation:
    """The first operation that applies.

    Raises:
        LookupError: no operation knows this kind of job.
    """
    operations: tuple[Operation, ...] = (
        review_pull_request,
        apply_fix,
        ignore_finding,
        answer_command,
        answer_merge_group,
        report_failure,
        tend_repository,
        follow_closed,
    )
    for operation in operations:
        if operation.applies_to(job):
            return operation
    raise LookupError(f"No operation knows {type(job).__name__}.")


def perform(job: Job, context: Context) -> Outcome:
    """Carry the job out by the operation that applies to it.

    Where the owner of the repository denies it to the bot, nothing at all is done or said.
    Where the App or the repository is gone by now, or was never given a permission, there is nobody
    to tell and nothing to try again.
    """
    owners.heed(job, context)
    try:
        if owners.denies(job, context):
            refusal = f"The policy of its owner denies {job.repository}."
            return Outcome(Result.NOTHING_TO_DO, refusal)
        return operation_for(job).perform(job, context)
    except Refused as refusal:
        if refusal.is_gone:
            return Outcome(Result.NOTHING_TO_DO, refusal.message)
        if refusal.kind == PERMISSIONS_MISSING:
            return Outcome(Result.REFUSED, refusal.message)
        raise
