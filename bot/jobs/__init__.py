"""Jobs: handed from the inbox to the engine, performed, tried again, given up.

A delivery of the inbox becomes a workflow of the same id, so that handing it over twice is
harmless. Jobs of one pull request run one at a time, and those of one installation share a few
slots. Nothing sleeps inside a workflow, because it would hold its slot: whatever has to wait is a
successor with a delay.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import astuple
from typing import Any

from bot.attempts import MOST_FAILURES, Attempt, partition
from bot.github import RateLimited, Refused, Unavailable
from bot.inbox import Delivery, Inbox, InboxError
from bot.jobs.depth import QueueDepth
from bot.jobs.engine import Engine, JobDatabaseError, JobFailedError
from bot.jobs.lease import Alone, Lease, Ownership
from bot.jobs.letters import DeadLetter, DeadLetters
from bot.jobs.rescue import Rescue
from bot.logs import delivery_logged
from bot.operations import Outcome, Result
from bot.operations.context import Step
from bot.operations.report_failure import failure_of
from bot.store import is_shared
from bot.work import Job, News

__all__ = [
    "DeadLetter",
    "DeadLetters",
    "JobDatabaseError",
    "JobFailedError",
    "Jobs",
    "Perform",
    "QueueDepth",
    "Ran",
]

_log = logging.getLogger(__name__)

Perform = Callable[[Job, Step], Outcome]

Ran = Callable[[str, str, float], None]
"""Told of a run that ended: the kind of job, how it ended, and the seconds that it took."""

_LOOK_SECONDS = 0.5
"""How often the inbox is looked at where another process may have filled it."""

_MOST_QUEUED = 100
"""Jobs of one installation that wait in the engine. The rest of a flood stays in the inbox, where
it costs the others nothing."""

_RESCUE_SECONDS = 1.0


class Jobs:
    """The dispatcher of the inbox and the workers that perform its jobs, in one process.

    On SQLite the caller owns the data directory (`bot.data_directory`): one process at a time. On
    Postgres any number works side by side, each under a name of its own. One of them leads: it
    alone hands deliveries out and takes up what a lost process left.
    """

    def __init__(
        self,
        database_url: str,
        inbox: Inbox,
        perform: Perform,
        *,
        debounce_seconds: float,
        executor: str = "",
        patience_seconds: int = 6,
        ran: Ran | None = None,
    ) -> None:
        """Prepare; nothing runs before `start`.

        Args:
            database_url: where jobs are kept, `sqlite:///…` or `postgresql://…`.
            inbox: where deliveries come from.
            perform: carries out one job with the step function that it is given; it may run again
                from its start.
            debounce_seconds: how long a job waits for newer news of its subject.
            executor: on Postgres, this process's name among the others; made up where it is empty.
            patience_seconds: how long `stop` waits for running jobs.
            ran: told of every run.
        """
        self._database_url = database_url
        self._inbox = inbox
        self._perform = perform
        self._debounce_seconds = debounce_seconds
        self._executor = executor or f"{socket.gethostname()}-{uuid.uuid4().hex[:12]}"
        self._patience_seconds = patience_seconds
        self._ran = ran
        self._engine = Engine(database_url)
        self._depth = QueueDepth(database_url)
        self._ownership: Ownership = Alone()
        self._running = 0
        self._running_lock = threading.Lock()
        self._stopping = threading.Event()
        self._wanted = threading.Event()
        self._threads = [threading.Thread(target=self._dispatch, name="dispatcher", daemon=True)]

    def start(self) -> None:
        """Take up unfinished jobs and begin with new ones.

        Raises:
            StartupError: the database can't be used, or another process has this one's name.
        """
        if is_shared(self._database_url):
            self._ownership = Lease(self._database_url, self._executor)
            self._threads.append(threading.Thread(target=self._rescue, name="rescue", daemon=True))
        self._engine.start(self._workflow(), self._ownership.executor)
        self._wanted.set()
        for thread in self._threads:
            thread.start()

    @property
    def leads(self) -> bool:
        """Whether this process does what only one may do."""
        return self._ownership.leads and not self._stopping.is_set()

    @property
    def is_alive(self) -> bool:
        """Whether jobs are taken, as far as the process can tell."""
        return not self._stopping.is_set() and all(each.is_alive() for each in self._threads)

    def assure(self) -> None:
        """End the process if its jobs may be another's by now; to be called before a write."""
        self._ownership.assure()

    def wake(self) -> None:
        """Tell the dispatcher that the inbox has something new; never blocks."""
        self._wanted.set()

    def stop(self) -> None:
        """Begin nothing new, wait for running jobs, leave the rest to others or the next start."""
        self._stopping.set()
        self._wanted.set()
        for thread in self._threads:
            if thread.is_alive():
                thread.join()
        self._engine.stop(self._patience_seconds if self._running else 0)
        self._depth.close()
        if self._running:
            _log.warning("%d jobs are left to be taken up again.", self._running)
        else:
            self._ownership.close()

    def forget(self, before: dt.datetime) -> None:
        """Delete what came and was done before a moment; what was given up stays."""
        self._inbox.forget(before)
        while self._engine.forget(before) and not self._stopping.is_set():
            pass

    def dead_letters(self) -> list[DeadLetter]:
        """The jobs that were given up, oldest first."""
        return self._engine.dead_letters()

    def _dispatch(self) -> None:
        look_again = False
        while not self._stopping.is_set():
            look_again = look_again or is_shared(self._database_url)
            self._wanted.wait(_LOOK_SECONDS if look_again else 30)
            self._wanted.clear()
            if not self._ownership.leads:
                continue
            try:
                look_again = self._hand_over()
            except Exception:  # noqa: BLE001 (disk or database are in trouble, and the rows still wait)
                _log.exception("Deliveries could not be handed to the job engine; trying again")
                self._stopping.wait(1)
                self._wanted.set()

    def _hand_over(self) -> bool:
        """Hand over what waits; whether some of it is held back."""
        while not self._stopping.is_set():
            busy = self._depth.tenants_with(_MOST_QUEUED)
            batch = self._inbox.waiting(without=busy)
            if not batch:
                return bool(busy)
            for delivery in batch:
                self._take(delivery)
            self._inbox.dispatched(delivery.id for delivery in batch)
        return False

    def _take(self, delivery: Delivery) -> None:
        first = Attempt(delivery.job, delivery.id)
        try:
            job = first.job()
        except ValueError:
            self._enqueue(first, "unreadable", 0)  # where it fails, and is seen
            return
        wait = self._debounce_seconds if isinstance(job, News) else 0
        self._enqueue(first, partition(job), wait)

    def _rescue(self) -> None:
        rescue = Rescue(self._database_url, self._engine.owners, self._engine.hand_back)
        while not self._stopping.wait(_RESCUE_SECONDS):
            try:
                if self._ownership.leads:
                    rescue.look(self._ownership.executor)
            except Exception:  # noqa: BLE001 (whatever it was, the next look may see more)
                _log.exception("The jobs of lost processes could not be looked for")

    def _enqueue(self, attempt: Attempt, slot: str, wait_seconds: float) -> None:
        self._engine.enqueue(attempt.id, slot, wait_seconds, *astuple(attempt))

    def _step(self, name: str, write: Callable[..., Any], *arguments: Any) -> Any:
        self.assure()
        return self._engine.step(name, write, *arguments)

    def _workflow(self) -> Callable[[str, str, int, int], str]:
        def job(content: str, delivery: str, sequence: int, failures: int) -> str:
            attempt = Attempt(content, delivery, sequence, failures)
            began, result = time.monotonic(), "given up"
            with self._counted(), delivery_logged(attempt.told_by):
                try:
                    result = self._run(attempt)
                finally:
                    if self._ran:
                        self._ran(attempt.kind, result, time.monotonic() - began)
                return result

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
        if self._step("look for newer news", self._is_superseded, job, attempt.told_by):
            outcome = Outcome(Result.SUPERSEDED, "Newer news came in.")
        else:
            outcome = self._perform(job, self._step)
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
