"""The durable inbox: a delivery that was answered is on the disk.

One writer thread owns the connection and commits whatever is pending in one transaction, so that
sixteen requests share one fsync. Each `put` is answered only after its commit. That a delivery is
there already means that it is durably queued, never merely that it was seen.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from bot.startup import StartupError

_log = logging.getLogger(__name__)

_Result = TypeVar("_Result")

# A receiver that can't write must say so before GitHub gives up on it, which is after 10 seconds.
_BUSY_SECONDS = 5
_ANSWER_SECONDS = 8
_MOST_WAITING = 2_000
_MOST_A_COMMIT = 200

_SCHEMA = """
CREATE TABLE IF NOT EXISTS delivery (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    event TEXT NOT NULL,
    job TEXT NOT NULL,
    received_at REAL NOT NULL,
    dispatched_at REAL
);
CREATE INDEX IF NOT EXISTS delivery_waiting ON delivery (sequence) WHERE dispatched_at IS NULL;
CREATE TABLE IF NOT EXISTS pull_request_head (
    pull_request TEXT PRIMARY KEY,
    updated_at TEXT NOT NULL,
    delivery TEXT NOT NULL
);
"""


class InboxUnusableError(StartupError):
    """The file is no database, or can't be written."""


class InboxError(Exception):
    """Nothing was stored; the sender must be told to come again."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A job that a webhook asks for: an id made of GitHub's, the event, and the job as JSON.

    Where it tells the state of a pull request or a repository, `pull_request` names that (any
    stable key) and `updated_at` says how new the news is (ISO 8601, UTC): deliveries may arrive in
    any order.
    """

    id: str
    event: str
    job: str
    pull_request: str = ""
    updated_at: str = ""


class Inbox:
    """Deliveries in `path` (SQLite, WAL, synchronous=FULL). Safe to use from any thread."""

    def __init__(self, path: Path) -> None:
        """Open or create the file.

        Raises:
            InboxUnusableError: the file is no database or can't be written.
        """
        self._path = path
        self._wanted: queue.Queue[_Write | None] = queue.Queue(_MOST_WAITING)
        self._closed = threading.Event()
        try:
            self._connection = _connect(path)
            self._connection.executescript(_SCHEMA)
        except sqlite3.Error as error:
            raise InboxUnusableError(f"{path} can't be used as the inbox: {error}.") from error
        self._writer = threading.Thread(target=self._write, name="inbox-writer", daemon=True)
        self._writer.start()

    async def put(self, *deliveries: Delivery) -> bool:
        """Store deliveries, all or none; True if any is new, False if they were queued before.

        Raises:
            InboxError: they could not be committed in time.
        """
        stored = self._submit(lambda connection: _insert_all(connection, deliveries))
        try:
            return await asyncio.wait_for(asyncio.wrap_future(stored), _ANSWER_SECONDS)
        except TimeoutError as error:
            raise InboxError(f"The disk took more than {_ANSWER_SECONDS} seconds.") from error

    def waiting(self, most: int = 100) -> list[Delivery]:
        """The oldest deliveries that were not handed to the job engine yet."""
        return self._do(lambda connection: _waiting(connection, most))

    def dispatched(self, ids: Iterable[str]) -> None:
        """Record that the job engine holds these deliveries."""
        rows = [(time.time(), id_) for id_ in ids]
        self._do(
            lambda connection: connection.executemany(
                "UPDATE delivery SET dispatched_at = ? WHERE id = ?", rows
            )
        )

    def newest(self, pull_request: str) -> str:
        """The delivery that told the newest about a pull request; empty if none did."""
        return self._do(lambda connection: _newest(connection, pull_request))

    def close(self) -> None:
        """Commit what is pending and close the file."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._wanted.put(None)
        self._writer.join()
        self._connection.close()

    def _do(self, work: Callable[[sqlite3.Connection], _Result]) -> _Result:
        return self._submit(work).result()

    def _submit(self, work: Callable[[sqlite3.Connection], _Result]) -> Future[_Result]:
        if self._closed.is_set():
            raise InboxError("The inbox is closed.")
        answer: Future[_Result] = Future()
        try:
            self._wanted.put_nowait(_Write(work, answer))
        except queue.Full:
            raise InboxError(f"More than {_MOST_WAITING} deliveries wait for the disk.") from None
        return answer

    def _write(self) -> None:
        while (batch := self._next_batch()) is not None:
            self._commit(batch)

    def _next_batch(self) -> list[_Write] | None:
        first = self._wanted.get()
        if first is None:
            return None
        batch = [first]
        while len(batch) < _MOST_A_COMMIT:
            try:
                write = self._wanted.get_nowait()
            except queue.Empty:
                break
            if write is None:
                self._wanted.put(None)
                break
            batch.append(write)
        return batch

    def _commit(self, batch: list[_Write]) -> None:
        results: list[object] = []
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            results.extend(write.work(self._connection) for write in batch)
            self._connection.execute("COMMIT")
        except Exception as error:  # noqa: BLE001 (whatever it was, the thread must go on)
            self._roll_back()
            _log.error("Nothing was stored in %s: %s", self._path, error)
            for write in batch:
                _answer(write.answer, InboxError(f"The inbox can't be written: {error}."))
            return
        for write, result in zip(batch, results, strict=True):
            _answer(write.answer, result)

    def _roll_back(self) -> None:
        try:
            if self._connection.in_transaction:
                self._connection.execute("ROLLBACK")
        except sqlite3.Error as error:
            _log.warning("The inbox could not roll back: %s", error)


@dataclass(frozen=True, slots=True)
class _Write:
    work: Callable[[sqlite3.Connection], Any]
    answer: Future[Any]


def _answer(future: Future[Any], result: object) -> None:
    if not future.set_running_or_notify_cancel():
        return  # whoever asked gave up waiting
    if isinstance(result, BaseException):
        future.set_exception(result)
    else:
        future.set_result(result)


def _connect(path: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(
        path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _insert_all(connection: sqlite3.Connection, deliveries: Iterable[Delivery]) -> bool:
    news = [_insert(connection, each) for each in deliveries]
    return any(news)


def _insert(connection: sqlite3.Connection, delivery: Delivery) -> bool:
    # RETURNING, because the row count of an ON CONFLICT DO NOTHING is not reliable everywhere.
    rows = connection.execute(
        "INSERT INTO delivery (id, event, job, received_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT DO NOTHING RETURNING sequence",
        (delivery.id, delivery.event, delivery.job, time.time()),
    ).fetchall()
    if rows and delivery.pull_request:
        connection.execute(
            "INSERT INTO pull_request_head VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET"
            " updated_at = excluded.updated_at, delivery = excluded.delivery"
            " WHERE excluded.updated_at >= updated_at",
            (delivery.pull_request, delivery.updated_at, delivery.id),
        )
    return bool(rows)


def _waiting(connection: sqlite3.Connection, most: int) -> list[Delivery]:
    rows = connection.execute(
        "SELECT id, event, job FROM delivery WHERE dispatched_at IS NULL ORDER BY sequence LIMIT ?",
        (most,),
    ).fetchall()
    return [Delivery(*row) for row in rows]


def _newest(connection: sqlite3.Connection, pull_request: str) -> str:
    row = connection.execute(
        "SELECT delivery FROM pull_request_head WHERE pull_request = ?", (pull_request,)
    ).fetchone()
    return str(row[0]) if row else ""
