"""The durable inbox: a delivery that was answered is on the disk.

One writer thread commits whatever is pending in one transaction, so that sixteen requests share one
fsync. Each `put` is answered only after its commit. That a delivery is there already means that it
is durably queued, never merely that it was seen.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import queue
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, fields
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


_FIELDS = [field.name for field in fields(Delivery)]


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
        self._insertion = _insertion(store.dialect.name)
        self._wanted: queue.Queue[_Put | _Work | None] = queue.Queue(_MOST_WAITING)
        self._closed = threading.Event()
        self._writer = threading.Thread(target=self._write, name="inbox-writer", daemon=True)
        self._writer.start()

    async def put(self, *deliveries: Delivery) -> bool:
        """Store deliveries, all or none; True if any is new, False if they were queued before.

        Raises:
            InboxError: they could not be committed in time.
        """
        stored: Future[bool] = Future()
        self._submit(_Put(deliveries, stored))
        try:
            return await asyncio.wait_for(asyncio.wrap_future(stored), _ANSWER_SECONDS)
        except TimeoutError as error:
            raise InboxError(f"The database took more than {_ANSWER_SECONDS} seconds.") from error

    def waiting(self, most: int = 20, without: Iterable[str] = ()) -> list[Delivery]:
        """Deliveries that were not handed to the job engine yet: each tenant's oldest, in turn.

        Those of the tenants in `without` are left out.
        """
        return self._do(lambda connection: _waiting(connection, most, list(without)))

    def dispatched(self, ids: Iterable[str]) -> None:
        """Record that the job engine holds these deliveries."""
        mark = sa.update(DELIVERY).where(DELIVERY.c.id.in_(list(ids)))
        now = time.time()
        self._do(lambda connection: connection.execute(mark.values(dispatched_at=now)))

    def forget(self, before: dt.datetime) -> None:
        """Delete what was handed over before a moment."""
        old = sa.delete(DELIVERY).where(DELIVERY.c.dispatched_at < before.timestamp())
        self._do(lambda connection: connection.execute(old))

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
        answer: Future[_Result] = Future()
        self._submit(_Work(work, answer))
        return answer.result()

    def _submit(self, write: _Put | _Work) -> None:
        if self._closed.is_set():
            raise InboxError("The inbox is closed.")
        try:
            self._wanted.put_nowait(write)
        except queue.Full:
            raise InboxError(
                f"More than {_MOST_WAITING} deliveries wait for the database."
            ) from None

    def _write(self) -> None:
        while (batch := self._next_batch()) is not None:
            self._commit(batch)

    def _next_batch(self) -> list[_Put | _Work] | None:
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

    def _commit(self, batch: list[_Put | _Work]) -> None:
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

    def _in_one_transaction(self, batch: list[_Put | _Work]) -> list[object]:
        for try_again in (True, False):
            try:
                with self._store.begin() as connection:
                    put = [
                        one for each in batch if isinstance(each, _Put) for one in each.deliveries
                    ]
                    new = _insert(connection, self._insertion, put)
                    return [each.result(connection, new) for each in batch]
            except sa.exc.DBAPIError as error:
                # Writes may be repeated: of a commit whose answer was lost, the second try says
                # that the delivery is there already.
                if not (try_again and _may_pass(error)):
                    raise
        raise AssertionError


@dataclass(frozen=True, slots=True)
class _Put:
    deliveries: Sequence[Delivery]
    answer: Future[bool]

    def result(self, _: sa.Connection, new: set[str]) -> bool:
        mine = {each.id for each in self.deliveries} & new
        new -= mine  # of two that bring the same, the first one brought it
        return bool(mine)


@dataclass(frozen=True, slots=True)
class _Work:
    work: Callable[[sa.Connection], Any]
    answer: Future[Any]

    def result(self, connection: sa.Connection, _: set[str]) -> Any:
        return self.work(connection)


def _answer(future: Future[Any], result: object) -> None:
    if not future.set_running_or_notify_cancel():
        return  # whoever asked gave up waiting
    if isinstance(result, BaseException):
        future.set_exception(result)
    else:
        future.set_result(result)


def _may_pass(error: sa.exc.DBAPIError) -> bool:
    return error.connection_invalidated or getattr(error.orig, "sqlstate", "") == _DEADLOCK


def _insertion(dialect: str) -> sa.Executable:
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    # RETURNING, because the row count of an ON CONFLICT DO NOTHING is not reliable everywhere.
    return insert(DELIVERY).on_conflict_do_nothing().returning(DELIVERY.c.id)


def _insert(
    connection: sa.Connection, insertion: sa.Executable, deliveries: Sequence[Delivery]
) -> set[str]:
    """Store many at once, which costs as much as one; the ids that are new."""
    now = time.time()
    rows = [
        {**{name: getattr(each, name) for name in _FIELDS}, "received_at": now}
        for each in deliveries
    ]
    return set(connection.execute(insertion, rows).scalars()) if rows else set()


def _waiting(connection: sa.Connection, most: int, without: list[str]) -> list[Delivery]:
    columns = [DELIVERY.c[name] for name in _FIELDS]
    order = DELIVERY.c.sequence
    turn = sa.func.row_number().over(partition_by=DELIVERY.c.tenant, order_by=order)
    waits = sa.select(*columns).where(
        DELIVERY.c.dispatched_at.is_(None), DELIVERY.c.tenant.not_in(without)
    )
    return [Delivery(*row) for row in connection.execute(waits.order_by(turn, order).limit(most))]


def _newest(connection: sa.Connection, subject: str) -> str:
    told = sa.select(DELIVERY.c.id).where(DELIVERY.c.subject == subject)
    newest_first = told.order_by(DELIVERY.c.updated_at.desc(), DELIVERY.c.sequence.desc())
    return connection.execute(newest_first.limit(1)).scalar() or ""
