"""The audit log: every write to GitHub, for which job, and what came of it.

A line is there before the request is sent: a write whose end nobody saw is one that may have
happened. Nothing is ever taken out.
"""

from __future__ import annotations

import datetime as dt
import functools
import json
import logging
import time
from collections.abc import Callable, Iterator
from typing import Any

import sqlalchemy as sa

from bot.github import Unavailable
from bot.logs import logged_delivery
from bot.store.tables import WRITE
from bot.work import Job

_log = logging.getLogger(__name__)

_A_BATCH = 500


class AuditLog:
    """The log in a store. Safe to use from any thread."""

    def __init__(self, store: sa.Engine) -> None:
        """Use a store that is up to date."""
        self._store = store

    def writing(self, job: Job, request: str) -> Callable[[str], None]:
        """Write down that a job's request is about to be sent.

        Returns:
            What must be told the result.

        Raises:
            Unavailable: it can't be written down now, and so must not be sent.
        """
        entry = {
            "at": time.time(),
            "delivery": logged_delivery(),
            "job": json.dumps(job.to_json()),
            "request": request,
            "result": "unknown: the process ended before the answer",
        }
        insert = sa.insert(WRITE).values(entry).returning(WRITE.c.sequence)
        try:
            with self._store.begin() as connection:
                sequence = connection.execute(insert).scalar_one()
        except sa.exc.SQLAlchemyError as error:
            raise Unavailable(f"The audit log can't be written: {type(error).__name__}.") from error
        return functools.partial(self._end, sequence)

    def _end(self, sequence: int, result: str) -> None:
        entry = sa.update(WRITE).where(WRITE.c.sequence == sequence).values(result=result)
        try:
            with self._store.begin() as connection:
                connection.execute(entry)
        except sa.exc.SQLAlchemyError:
            # GitHub has the write already: the line stays, and says that its end is unknown.
            _log.exception("The audit log misses that write %d is %s", sequence, result)

    def entries(self, since: dt.datetime) -> Iterator[dict[str, Any]]:
        """The writes since a moment, oldest first, ready for JSON."""
        last = 0
        while True:
            later = sa.select(WRITE).where(WRITE.c.at >= since.timestamp(), WRITE.c.sequence > last)
            with self._store.connect() as connection:
                rows = connection.execute(later.order_by(WRITE.c.sequence).limit(_A_BATCH)).all()
            if not rows:
                return
            for row in rows:
                last = row.sequence
                yield _entry(row)


def _entry(row: sa.Row[Any]) -> dict[str, Any]:
    job = json.loads(row.job)
    return {
        "at": dt.datetime.fromtimestamp(row.at, dt.UTC).isoformat(timespec="milliseconds"),
        "delivery": row.delivery,
        "repository": job.get("repository"),
        "pull_request": job.get("pull_request"),
        "head": job.get("head"),
        "job": job.get("kind"),
        "requested_by": job.get("requested_by", ""),
        "rules": job.get("rules", []),
        "request": row.request,
        "result": row.result,
    }
