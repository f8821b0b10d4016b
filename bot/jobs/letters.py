"""Dead letters: jobs that were given up, for people to look at and to try again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass

from dbos import DBOSClient, EnqueueOptions, WorkflowStatus

from bot.attempts import Attempt, partition

QUEUE = "jobs"
WORKFLOW = "job"
VERSION = "1"
"""Pinned: jobs of another version would wait for a process of that version for ever."""

GIVEN_UP = ["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"]


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A job that was given up: the workflow's id, the job as JSON, and why."""

    id: str
    job: str
    reason: str


class DeadLetters:
    """Reads the job database beside the processes that work on it."""

    def __init__(self, database_url: str) -> None:
        """Connect.

        Raises:
            Exception: the database can't be reached, as its driver says it.
        """
        self._client = DBOSClient(system_database_url=database_url, application_name="cdk-medic")

    def list(self) -> list[DeadLetter]:
        """Those that nobody has tried again, oldest first."""
        letters = letters_of(self._client.list_workflows(status=GIVEN_UP))
        again = [_again(letter.id) for letter in letters]
        known = self._client.list_workflows(workflow_ids=again, load_input=False) if again else []
        tried = {workflow.workflow_id for workflow in known}
        return [letter for letter in letters if _again(letter.id) not in tried]

    def retry(self, name: str) -> bool:
        """Queue a dead letter's job again; False if there is none of that name.

        It runs under another name, so that asking twice is harmless.
        """
        found = self._client.list_workflows(workflow_ids=[name], status=GIVEN_UP)
        if not found or found[0].input is None:
            return False
        attempt = Attempt(*found[0].input["args"]).again()
        options: EnqueueOptions = {
            "workflow_name": WORKFLOW,
            "queue_name": QUEUE,
            "workflow_id": _again(name),
            "app_version": VERSION,
            "queue_partition_key": _slot(attempt),
        }
        self._client.enqueue(options, *astuple(attempt))
        return True

    def close(self) -> None:
        """Close the connections."""
        self._client.destroy()


def letters_of(workflows: Iterable[WorkflowStatus]) -> list[DeadLetter]:
    """The dead letters among workflows that were given up."""
    return [
        DeadLetter(
            id=workflow.workflow_id,
            job=str(workflow.input["args"][0]) if workflow.input else "",
            reason=str(workflow.error or "It took the process down every time it ran."),
        )
        for workflow in workflows
    ]


def _slot(attempt: Attempt) -> str:
    try:
        return partition(attempt.job())
    except ValueError:
        return "unreadable"  # by this version, and the worker may be of another


def _again(name: str) -> str:
    return f"{name}~again"
