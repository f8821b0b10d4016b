"""The job engine: DBOS on a SQLite file. The only module that knows it.

A delivery of the inbox becomes a workflow of the same id, so that handing it over twice is
harmless. Jobs of one pull request run one at a time, and those of one installation share a few
slots. Nothing sleeps inside a workflow, because it would hold its slot: whatever has to wait is a
successor with a delay.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import sqlite3
import threading
from collections.abc import Callable, Iterator
from dataclasses import astuple, dataclass
from typing import Any

from dbos import DBOS, DBOSConfig, EnqueueOptions

from bot.attempts import MOST_FAILURES, Attempt, partition
from bot.github import RateLimited, Refused, Unavailable
from bot.inbox import Delivery, Inbox, InboxError
from bot.logs import delivery_logged
from bot.operations import Outcome, Result
from bot.operations.context import Step
from bot.operations.report_failure import failure_of
from bot.startup import StartupError
from bot.work import Job, News

_log = logging.getLogger(__name__)

Perform = Callable[[Job, Step], Outcome]

_QUEUE = "jobs"
_WORKFLOW = "job"
_VERSION = "1"
"""Pinned: jobs of another version would wait for a process of that version for ever."""
_EXECUTOR = "embedded"
"""Pinned: a process takes up what the one before it left, and the data directory has one owner."""

_JOBS_AT_ONCE = 16
_POLL_SECONDS = 0.2
_MOST_RECOVERIES = 5
"""How often a job may take the process down before it is a dead letter."""

_STOP_SECONDS = 6


class JobDatabaseError(StartupError):
    """The file is no database, or can't be written."""


class JobFailedError(Exception):
    """A job is given up; the message is what the operator reads."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A job that was given up: the workflow's id, the job as JSON, and why."""

    id: str
    job: str
    reason: str


class Jobs:
    """The dispatcher of the inbox and the workers that perform its jobs.

    The caller owns the data directory (`bot.data_directory`): one process at a time.
    """

    def __init__(
        self, database_url: str, inbox: Inbox, perform: Perform, *, debounce_seconds: float
    ) -> None:
        """Prepare; nothing runs before `start`.

        `perform` carries out one job with the step function that it is given; it may run again
        from its start. `debounce_seconds` is how long a job waits for newer news of its subject.
        """
        self._database_url = database_url
        self._inbox = inbox
        self._perform = perform
        self._debounce_seconds = debounce_seconds
        self._running = 0
        self._running_lock = threading.Lock()
        self._stopping = threading.Event()
        self._wanted = threading.Event()
        self._dispatcher = threading.Thread(target=self._dispatch, name="dispatcher", daemon=True)

    def start(self) -> None:
        """Take up unfinished jobs and begin with new ones.

        Raises:
            JobDatabaseError: the database can't be used.
        """
        _keep_in_write_ahead_log(self._database_url)
        _keep_to_the_log_format()
        config: DBOSConfig = {
            "name": "cdk-medic",
            "system_database_url": self._database_url,
            "application_version": _VERSION,
            "executor_id": _EXECUTOR,
            "log_level": "WARNING",
            "notification_listener_polling_interval_sec": 0.25,
        }
        DBOS(config=config)
        DBOS.workflow(name=_WORKFLOW, max_recovery_attempts=_MOST_RECOVERIES)(self._workflow())
        DBOS.launch()
        DBOS.register_queue(
            _QUEUE,
            partition_concurrency=1,
            worker_concurrency=_JOBS_AT_ONCE,
            polling_interval_sec=_POLL_SECONDS,
            on_conflict="always_update",
        )
        self._wanted.set()
        self._dispatcher.start()

    def wake(self) -> None:
        """Tell the dispatcher that the inbox has something new; never blocks."""
        self._wanted.set()

    def stop(self) -> None:
        """Begin nothing new, wait a little for running jobs, leave the rest to the next start."""
        self._stopping.set()
        self._wanted.set()
        if self._dispatcher.is_alive():
            self._dispatcher.join()
        DBOS.destroy(
            destroy_registry=True,
            workflow_completion_timeout_sec=_STOP_SECONDS if self._running else 0,
        )

    def dead_letters(self) -> list[DeadLetter]:
        """The jobs that were given up, oldest first."""
        given_up = DBOS.list_workflows(status=["ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED"])
        return [
            DeadLetter(
                id=workflow.workflow_id,
                job=str(workflow.input["args"][0]) if workflow.input else "",
                reason=str(workflow.error or "It took the process down every time it ran."),
            )
            for workflow in given_up
        ]

    def _dispatch(self) -> None:
        while not self._stopping.is_set():
            self._wanted.wait(timeout=30)
            self._wanted.clear()
            try:
                while not self._stopping.is_set() and (batch := self._inbox.waiting()):
                    for delivery in batch:
                        self._take(delivery)
                    self._inbox.dispatched(delivery.id for delivery in batch)
            except Exception:  # noqa: BLE001 (disk or database are in trouble, and the rows still wait)
                _log.exception("Deliveries could not be handed to the job engine; trying again")
                self._stopping.wait(1)
                self._wanted.set()

    def _take(self, delivery: Delivery) -> None:
        first = Attempt(delivery.job, delivery.id)
        try:
            job = first.job()
        except ValueError:
            self._enqueue(first, "unreadable", 0)  # where it fails, and is seen
            return
        wait = self._debounce_seconds if isinstance(job, News) else 0
        self._enqueue(first, partition(job), wait)

    def _enqueue(self, attempt: Attempt, slot: str, wait_seconds: float) -> None:
        options: EnqueueOptions = {
            "workflow_name": _WORKFLOW,
            "queue_name": _QUEUE,
            "workflow_id": attempt.id,
            "app_version": _VERSION,
            "queue_partition_key": slot,
        }
        if wait_seconds > 0:
            options["delay_seconds"] = wait_seconds
        DBOS.enqueue_workflow_with_options(options, *astuple(attempt))

    def _workflow(self) -> Callable[[str, str, int, int], str]:
        def job(content: str, delivery: str, sequence: int, failures: int) -> str:
            with self._counted(), delivery_logged(delivery):
                return self._run(Attempt(content, delivery, sequence, failures))

        return job

    def _run(self, attempt: Attempt) -> str:
        try:
            return self._perform_unless_superseded(attempt)
        except RateLimited as limit:
            wait = max(0.0, (limit.until - dt.datetime.now(dt.UTC)).total_seconds())
            _log.info("%s The job waits %.0f seconds.", limit, wait)
            self._enqueue(attempt.after_a_limit(), partition(attempt.job()), wait)
            return "rate limited"
        except (InboxError, Unavailable) as error:
            following = attempt.after_a_failure()
            if following.failures >= MOST_FAILURES:
                _log.error("The job is given up: %s", error)
                raise self._given_up(attempt, f"{MOST_FAILURES} attempts failed: {error}") from None
            wait = attempt.backoff_seconds()
            _log.warning("%s The job is tried again in %.0f seconds.", error, wait)
            self._enqueue(following, partition(attempt.job()), wait)
            return "to be tried again"
        except Refused as error:
            _log.error("The job is given up: %s", error)
            raise self._given_up(attempt, str(error)) from None
        except Exception as error:
            if self._stopping.is_set():
                _log.warning("The end of the process cut the job short: %s", error)
                raise  # it could not be recorded, so the next start takes it up
            _log.exception("The job is given up")
            raise self._given_up(attempt, f"{type(error).__name__}: {error}") from None

    def _given_up(self, attempt: Attempt, reason: str) -> JobFailedError:
        """The error that makes a dead letter of the job, after its pull request is told."""
        try:
            report = failure_of(attempt.job())
        except ValueError:
            report = None
        if report is not None:
            telling = attempt.telling(report)
            self._enqueue(telling, partition(report), 0)
        return JobFailedError(reason)

    def _perform_unless_superseded(self, attempt: Attempt) -> str:
        job = attempt.job()
        if _step("look for newer news", self._is_superseded, job, attempt.delivery):
            outcome = Outcome(Result.SUPERSEDED, "Newer news came in.")
        else:
            outcome = self._perform(job, _step)
        _log.info("%s: %s. %s", type(job).__name__, outcome.result.value, outcome.detail)
        return outcome.result.value

    def _is_superseded(self, job: Job, delivery: str) -> bool:
        if not isinstance(job, News):
            return False
        return self._inbox.newest(job.serial_key) not in {"", delivery}

    @contextlib.contextmanager
    def _counted(self) -> Iterator[None]:
        with self._running_lock:
            self._running += 1
        try:
            yield
        finally:
            with self._running_lock:
                self._running -= 1


def _keep_to_the_log_format() -> None:
    # DBOS adds a handler of its own where there is none, and repeats what a failed job raised.
    logger = logging.getLogger("dbos")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
        logger.addFilter(
            lambda record: not (record.exc_info and isinstance(record.exc_info[1], JobFailedError))
        )


def _step(name: str, write: Callable[..., Any], *args: Any) -> Any:
    return DBOS.run_step({"name": name}, write, *args)


def _keep_in_write_ahead_log(database_url: str) -> None:
    # The mode stays with the file; DBOS doesn't set it, and readers would block the writer.
    path = database_url.removeprefix("sqlite:///")
    try:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error as error:
        raise JobDatabaseError(f"{path} can't be used as the job database: {error}.") from error
