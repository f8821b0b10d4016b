"""The durable inbox: a delivery that was answered is on the disk.

One writer thread commits whatever is pending in one transaction, so that sixteen requests share one
fsync. Each `put` is answered only after its commit. That a delivery is there already means that it
is durably queued, never merely that it was seen.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.tables import DELIVERY

_log = logging.getLogger(__name__)

_Result = TypeVar("_Result")

# A receiver that can't write must say so before GitHub gives up on it, which is after 10 seconds.
_ANSWER_SECONDS = 8
_MOST_WAITING = 2_000
_MOST_A_COMMIT = 200
_DEADLOCK = "40P01"  # Postgres ends one of two receivers that wait for each other's delivery


class InboxError(Exception):
    """Nothing was stored; the sender must be told to come again."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A job that a webhook asks for: an id made of GitHub's, the event, and the job as JSON.

    `tenant` is for whom it is: nobody waits behind another's flood. Where it tells the state of a
    pull request or a repository, `subject` names that (any stable key), `head` is its commit, and
    `updated_at` says how new the news is (ISO 8601, UTC): deliveries may arrive in any order.
    """

    id: str
    event: str
    job: str
    subject: str = ""
    head: str = ""
    updated_at: str = ""
    tenant: str = ""


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many deliveries wait, and since when the oldest does (seconds since 1970, 0: none)."""

    waiting: int
    since: float


class Inbox:
    """Deliveries in a store (`bot.store`). Safe to use from any thread."""

    def __init__(self, store: sa.Engine) -> None:
        """Begin to write; whoever opened the store closes it, after the inbox."""
        self._store = store
        self._wanted: queue.Queue[_Write | None] = queue.Queue(_MOST_WAITING)
        self._closed = threading.Event()
        self._writer = threading.Thread(target=self._write, name="inbox-writer", daemon=True)
        self._writer.start()

    async def put(self, *deliveries: Delivery) -> bool:
        """Store deliveries, all or none; True if any is new, False if they were queued before.

        Raises:
            InboxError: they could not be committed in time.
        """
        stored = self._submit(lambda connection: _insert(connection, deliveries))
        try:
            return await asyncio.wait_for(asyncio.wrap_future(stored), _ANSWER_SECONDS)
        except TimeoutError as error:
            raise InboxError(f"The database took more than {_ANSWER_SECONDS} seconds.") from error

    def waiting(self, most: int = 20) -> list[Delivery]:
        """Deliveries that were not handed to the job engine yet: each tenant's oldest, in turn."""
        return self._do(lambda connection: _waiting(connection, most))

    def dispatched(self, ids: Iterable[str]) -> None:
        """Record that the job engine holds these deliveries."""
        mark = sa.update(DELIVERY).where(DELIVERY.c.id.in_(list(ids)))
        now = time.time()
        self._do(lambda connection: connection.execute(mark.values(dispatched_at=now)))

    def newest(self, subject: str) -> str:
        """The delivery that told the newest about a subject; empty if none did."""
        return self._do(lambda connection: _newest(connection, subject))

    def has_seen(self, subject: str, head: str) -> bool:
        """Whether a delivery told of this head of the subject."""
        told = sa.select(DELIVERY.c.id).where(
            DELIVERY.c.subject == subject, DELIVERY.c.head == head
        )
        return self._do(lambda connection: connection.execute(told.limit(1)).first() is not None)

    def backlog(self) -> Backlog:
        """What was not handed to the job engine yet."""
        waits = DELIVERY.c.dispatched_at.is_(None)
        counted = sa.select(sa.func.count(), sa.func.min(DELIVERY.c.received_at)).where(waits)
        number, since = self._do(lambda connection: connection.execute(counted).one())
        return Backlog(int(number), float(since or 0))

    def close(self) -> None:
        """Commit what is pending and take nothing more."""
        if self._closed.is_set():
            return
        self._closed.set()
        self._wanted.put(None)
        self._writer.join()

    def _do(self, work: Callable[[sa.Connection], _Result]) -> _Result:
        return self._submit(work).result()

    def _submit(self, work: Callable[[sa.Connection], _Result]) -> Future[_Result]:
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
        try:
            results = self._in_one_transaction(batch)
        except Exception as error:  # noqa: BLE001 (whatever it was, the thread must go on)
            reason = str(getattr(error, "orig", None) or error).strip()
            _log.error("Nothing was stored: %s", reason)
            for write in batch:
                _answer(write.answer, InboxError(f"The inbox can't be written: {reason}."))
            return
        for write, result in zip(batch, results, strict=True):
            _answer(write.answer, result)

    def _in_one_transaction(self, batch: list[_Write]) -> list[object]:
        for try_again in (True, False):
            try:
                with self._store.begin() as connection:
                    return [write.work(connection) for write in batch]
            except sa.exc.DBAPIError as error:
                # Writes may be repeated: of a commit whose answer was lost, the second try says
                # that the delivery is there already.
                if not (try_again and _may_pass(error)):
                    raise
        raise AssertionError


@dataclass(frozen=True, slots=True)
class _Write:
    work: Callable[[sa.Connection], Any]
    answer: Future[Any]


def _answer(future: Future[Any], result: object) -> None:
    if not future.set_running_or_notify_cancel():
        return  # whoever asked gave up waiting
    if isinstance(result, BaseException):
        future.set_exception(result)
    else:
        future.set_result(result)


def _may_pass(error: sa.exc.DBAPIError) -> bool:
    return error.connection_invalidated or getattr(error.orig, "sqlstate", "") == _DEADLOCK


def _insert(connection: sa.Connection, deliveries: Sequence[Delivery]) -> bool:
    # RETURNING, because the row count of an ON CONFLICT DO NOTHING is not reliable everywhere.
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    now = time.time()
    rows = [{**asdict(each), "received_at": now} for each in deliveries]
    stored = connection.execute(
        insert(DELIVERY).values(rows).on_conflict_do_nothing().returning(DELIVERY.c.sequence)
    )
    return stored.first() is not None


def _waiting(connection: sa.Connection, most: int) -> list[Delivery]:
    columns = [DELIVERY.c[field.name] for field in fields(Delivery)]
    order = DELIVERY.c.sequence
    turn = sa.func.row_number().over(partition_by=DELIVERY.c.tenant, order_by=order)
    waits = sa.select(*columns).where(DELIVERY.c.dispatched_at.is_(None))
    return [Delivery(*row) for row in connection.execute(waits.order_by(turn, order).limit(most))]


def _newest(connection: sa.Connection, subject: str) -> str:
    told = sa.select(DELIVERY.c.id).where(DELIVERY.c.subject == subject)
    newest_first = told.order_by(DELIVERY.c.updated_at.desc(), DELIVERY.c.sequence.desc())
    return connection.execute(newest_first.limit(1)).scalar() or ""
