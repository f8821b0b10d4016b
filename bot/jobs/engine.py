"""The engine: DBOS, for workflows of one kind, on SQLite or Postgres."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import sqlite3
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from dbos import DBOS, DBOSConfig, EnqueueOptions

from bot.jobs.letters import GIVEN_UP, QUEUE, VERSION, WORKFLOW, DeadLetter, letters_of
from bot.startup import StartupError
from bot.store import is_shared

_JOBS_AT_ONCE = 16
_POLL_SECONDS = 0.2
_MOST_RECOVERIES = 5
"""How often a job may take the process down before it is a dead letter."""

_CONNECTIONS = 10
_FORGOTTEN_AT_ONCE = 500


class JobDatabaseError(StartupError):
    """The database is none, or can't be written."""


class JobFailedError(Exception):
    """A job is given up; the message is what the operator reads."""


class Engine:
    """Runs one function, `(*arguments) -> str`, durably; one engine a process."""

    def __init__(self, database_url: str) -> None:
        """Prepare; nothing is opened."""
        self._database_url = database_url

    def start(self, run: Callable[..., str], executor: str) -> None:
        """Take up the jobs that a process of the same name left, and begin with others.

        Raises:
            JobDatabaseError: the database can't be used.
        """
        if not is_shared(self._database_url):
            _keep_in_write_ahead_log(self._database_url)
        _keep_to_the_log_format()
        config: DBOSConfig = {
            "name": "cdk-medic",
            "system_database_url": self._database_url,
            "application_version": VERSION,
            "executor_id": executor,
            "log_level": "WARNING",
            "sys_db_pool_size": _CONNECTIONS,
            "notification_listener_polling_interval_sec": 0.25,
        }
        DBOS(config=config)
        DBOS.workflow(name=WORKFLOW, max_recovery_attempts=_MOST_RECOVERIES)(run)
        try:
            DBOS.launch()
        except sa.exc.SQLAlchemyError as error:
            DBOS.destroy(destroy_registry=True)
            reason = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
            raise JobDatabaseError(f"The job database can't be used: {reason}.") from error
        DBOS.register_queue(
            QUEUE,
            partition_concurrency=1,
            worker_concurrency=_JOBS_AT_ONCE,
            polling_interval_sec=_POLL_SECONDS,
            on_conflict="always_update",
        )

    def enqueue(self, name: str, slot: str, wait_seconds: float, *arguments: object) -> None:
        """Queue a job under a name that no other has; one that is there already stays as it is."""
        options: EnqueueOptions = {
            "workflow_name": WORKFLOW,
            "queue_name": QUEUE,
            "workflow_id": name,
            "app_version": VERSION,
            "queue_partition_key": slot,
        }
        if wait_seconds > 0:
            options["delay_seconds"] = wait_seconds
        DBOS.enqueue_workflow_with_options(options, *arguments)

    def step(self, name: str, write: Callable[..., Any], *arguments: Any) -> Any:
        """Run a part of a job whose result is remembered."""
        return DBOS.run_step({"name": name}, write, *arguments)

    def stop(self, patience_seconds: int) -> None:
        """Begin nothing new, and wait for what runs."""
        DBOS.destroy(destroy_registry=True, workflow_completion_timeout_sec=patience_seconds)

    def owners(self) -> set[str]:
        """The executors that have begun jobs and not ended them."""
        running = DBOS.list_workflows(status="PENDING", load_input=False, load_output=False)
        return {workflow.executor_id for workflow in running if workflow.executor_id}

    def hand_back(self, executor: str) -> int:
        """Queue the begun jobs of an executor that is gone again; how many they were.

        Each goes back to its own place, and its count of attempts goes on, which the public
        `resume_workflow` would begin anew: a job that kills its process must end.
        """
        return len(DBOS._recover_pending_workflows([executor]))  # noqa: SLF001

    def forget(self, before: dt.datetime) -> int:
        """Delete some of the jobs that succeeded before a moment; how many they were."""
        old = DBOS.list_workflows(
            status="SUCCESS",
            completed_before=before.isoformat(),
            limit=_FORGOTTEN_AT_ONCE,
            load_input=False,
            load_output=False,
        )
        DBOS.delete_workflows([workflow.workflow_id for workflow in old])
        return len(old)

    def dead_letters(self) -> list[DeadLetter]:
        """The jobs that were given up, oldest first."""
        return letters_of(DBOS.list_workflows(status=GIVEN_UP))


def _keep_to_the_log_format() -> None:
    # DBOS adds a handler of its own where there is none, and repeats what a failed job raised.
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
        logger.addFilter(
            lambda record: not (record.exc_info and isinstance(record.exc_info[1], JobFailedError))
        )


def _keep_in_write_ahead_log(database_url: str) -> None:
    # The mode stays with the file; DBOS doesn't set it, and readers would block the writer.
    path = database_url.removeprefix("sqlite:///")
    try:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error as error:
        raise JobDatabaseError(f"{path} can't be used as the job database: {error}.") from error
