"""Who lives: an executor's name, held on Postgres for as long as its process can be trusted.

A session of its own holds an advisory lock. The lock ends with the session, and the session with
the process, with the way to it, or with a silence. From the other side, a process that lost its
session, or heard nothing from it for a while, ends itself at once: somebody else may have its jobs.
A pause (SIGSTOP, a machine that sleeps) is found out before the next write to GitHub.

It needs sessions: a pooler between must pool by session, not by transaction.
"""

from __future__ import annotations

import hashlib
import logging
import os
import threading
import time
from collections.abc import Callable
from typing import Protocol

import psycopg

from bot.startup import StartupError

_log = logging.getLogger(__name__)

PING_SECONDS = 2.0
LOST_SECONDS = 6.0
"""Without an answer for so long, the process ends."""

SILENCE_SECONDS = 12
"""Without a question for so long, Postgres ends the session, and the lock with it."""

_START_SECONDS = 30.0
"""A name that is set may still be held by the process before this one."""

EXIT_STATUS = 75
"""What a process that lost its session ends with (`EX_TEMPFAIL`): start it again."""

_LEADER = "leader"


class ExecutorInUseError(StartupError):
    """Another live process has the same executor id, or the database can't be reached."""


class Ownership(Protocol):
    """What a process may believe of itself."""

    @property
    def executor(self) -> str:
        """The name under which the process takes jobs."""
        ...

    @property
    def leads(self) -> bool:
        """Whether it is the one that hands out deliveries and looks after the others."""
        ...

    def assure(self) -> None:
        """Return if the name is still the process's own; end the process if not."""
        ...

    def close(self) -> None:
        """Give the name up."""
        ...


class Alone:
    """The ownership of a process that has the job database to itself (`bot.data_directory`)."""

    executor = "embedded"
    leads = True

    def assure(self) -> None:
        """Nobody else can have it."""

    def close(self) -> None:
        """There is nothing to give up."""


class Lease:
    """The ownership of one process among several on one Postgres."""

    def __init__(
        self, url: str, executor: str, end_process: Callable[[str], None] | None = None
    ) -> None:
        """Take the name.

        Args:
            url: the database, `postgresql://…`.
            executor: a name that no other live process has.
            end_process: what is called with the reason when the name is lost.

        Raises:
            ExecutorInUseError: another process has it, or the database can't be reached.
        """
        self._end_process = end_process or _end_process
        self.executor = executor
        self.leads = False
        self._closed = threading.Event()
        try:
            self._session = open_session(url)
            self._take_name()
        except psycopg.Error as error:
            reason = str(error).strip().splitlines()[0]
            raise ExecutorInUseError(f"The job database can't be used: {reason}.") from error
        self._answered = time.monotonic()
        for name, run in (("lease", self._keep), ("lease-watch", self._watch)):
            threading.Thread(target=run, name=name, daemon=True).start()

    def assure(self) -> None:
        """End the process if the name may be another's by now."""
        silence = time.monotonic() - self._answered
        if silence > LOST_SECONDS and not self._closed.is_set():
            self._end_process(f"The job database was silent for {silence:.0f} seconds.")

    def close(self) -> None:
        """Give the name up, so that others take up what is left at once."""
        self._closed.set()
        self.leads = False
        self._session.close()

    def _take_name(self) -> None:
        deadline = time.monotonic() + _START_SECONDS
        while not try_lock(self._session, self.executor):
            if time.monotonic() > deadline:
                self._session.close()
                raise ExecutorInUseError(
                    f"Another process works as {self.executor!r}; give each one its own "
                    "CDK_MEDIC_EXECUTOR_ID, or leave it out."
                )
            time.sleep(1)

    def _keep(self) -> None:
        while True:
            asked = time.monotonic()
            try:
                if self.leads:
                    self._session.execute("SELECT 1")
                elif try_lock(self._session, _LEADER):
                    self.leads = True
                    _log.info("%s leads now.", self.executor)
            except psycopg.Error as error:
                if not self._closed.is_set():
                    self._end_process(f"The session with the job database is lost: {error}")
                return
            self._answered = asked
            if self._closed.wait(PING_SECONDS):
                return

    def _watch(self) -> None:
        while not self._closed.wait(PING_SECONDS / 4):
            self.assure()


def open_session(url: str) -> psycopg.Connection:
    """A session of its own, which Postgres ends soon after the other side is gone.

    Raises:
        psycopg.Error: the database can't be reached.
    """
    session = psycopg.connect(url, autocommit=True, connect_timeout=5)
    for setting in (
        f"idle_session_timeout = '{SILENCE_SECONDS}s'",
        "statement_timeout = '5s'",
        "tcp_keepalives_idle = 3",
        "tcp_keepalives_interval = 2",
        "tcp_keepalives_count = 3",
        f"tcp_user_timeout = {SILENCE_SECONDS * 1000}",
    ):
        session.execute(f"SET {setting}".encode())
    return session


def try_lock(session: psycopg.Connection, name: str) -> bool:
    """Take the advisory lock of a name; False if another session has it."""
    row = session.execute("SELECT pg_try_advisory_lock(%s)", [_key(name)]).fetchone()
    return bool(row and row[0])


def unlock(session: psycopg.Connection, name: str) -> None:
    """Release what `try_lock` took."""
    session.execute("SELECT pg_advisory_unlock(%s)", [_key(name)])


def _key(name: str) -> int:
    digest = hashlib.sha256(f"cdk-medic executor {name}".encode()).digest()
    return int.from_bytes(digest[:8], "big", signed=True)


def _end_process(reason: str) -> None:
    # Not an exception: no thread may go on, least of all one that is about to write.
    _log.critical("%s The process ends, so that nobody works beside it.", reason.strip())
    for handler in logging.getLogger().handlers:
        handler.flush()
    os._exit(EXIT_STATUS)
