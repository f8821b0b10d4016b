"""What the tests of the job engine share: jobs, an inbox with an engine, and patience."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import sqlalchemy as sa
from dbos import DBOS

from bot.deliveries import deliveries
from bot.inbox import Inbox
from bot.jobs import Jobs, Perform
from bot.operations import Outcome, Result
from bot.operations.context import Step
from bot.store import open_store, sqlite_url
from bot.store.tables import DELIVERY
from bot.work import AnswerCommand, Job, ReviewPullRequest

PATIENCE = 30.0
"""Seconds after which a test gives up; what it waits for takes one or two."""


def review(number: int = 3, head: str = "a", updated_at: str = "2026-01-31T12:00:00Z") -> Job:
    return ReviewPullRequest(
        installation=7,
        repository_id=11,
        repository="acme/payments",
        pull_request=number,
        head=head * 40,
        updated_at=updated_at,
    )


def command(number: int = 3) -> Job:
    return AnswerCommand(
        installation=7,
        repository_id=11,
        repository="acme/payments",
        pull_request=number,
        head="",
        requested_by="maria",
        comment=5,
    )


def do_nothing(job: Job, step: Step) -> Outcome:
    del job, step
    return Outcome(Result.DONE)


def until(condition: Callable[[], object], patience: float = PATIENCE) -> None:
    deadline = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


class Process:
    """The engine in a process of its own, which can be killed."""

    def __init__(self, directory: Path, performer: str, *shared: str) -> None:
        self.journal = directory / "journal"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bot.job_process", str(directory), performer, *shared],
            stdin=subprocess.PIPE,
        )
        self.pid = self._process.pid

    def lines(self) -> list[str]:
        return self.journal.read_text().splitlines() if self.journal.exists() else []

    def kill(self) -> None:
        self._process.kill()
        self.wait()

    def send(self, which: signal.Signals) -> None:
        self._process.send_signal(which)

    def is_over(self) -> bool:
        return self._process.poll() is not None

    def end(self) -> int:
        assert self._process.stdin
        self._process.stdin.close()
        return self._process.wait(PATIENCE)

    def wait(self) -> int:
        status = self._process.wait(PATIENCE)
        assert self._process.stdin
        self._process.stdin.close()
        return status


class Bench:
    """An inbox, and engines on one job database, one at a time."""

    def __init__(self, directory: Path, postgres_url: str = "") -> None:
        self._store = open_store(postgres_url or sqlite_url(directory / "inbox.sqlite"))
        self.inbox = Inbox(self._store)
        self.url = postgres_url or sqlite_url(directory / "jobs.sqlite")
        self._started: Jobs | None = None

    def start(self, perform: Perform, debounce_seconds: float = 0) -> Jobs:
        """Start an engine with a performer."""
        self._started = Jobs(self.url, self.inbox, perform, debounce_seconds=debounce_seconds)
        self._started.start()
        return self._started

    def forget_the_hand_over(self) -> None:
        """As if the process had died between the hand-over and the note of it."""
        with self._store.begin() as connection:
            connection.execute(sa.update(DELIVERY).values(dispatched_at=None))

    def done(self) -> set[str]:
        """The runs that succeeded, by their ids."""
        done = DBOS.list_workflows(status="SUCCESS")
        return {workflow.workflow_id for workflow in done}

    def put(self, name: str, job: Job) -> None:
        """Store a job as the receiver does, and wake the engine."""
        assert asyncio.run(self.inbox.put(*deliveries("pull_request", name, [job])))
        if self._started:
            self._started.wake()

    def stop(self) -> None:
        """Stop the engine, as the end of the process does."""
        if self._started:
            self._started.stop()
            self._started = None

    def close(self) -> None:
        """Stop everything."""
        self.stop()
        self.inbox.close()
        self._store.dispose()
