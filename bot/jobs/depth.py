"""How much waits in the job engine's tables, as its documentation describes them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import sqlalchemy as sa

from bot.store import connect, is_shared

_STATES = {"ENQUEUED": "queued", "DELAYED": "delayed", "PENDING": "running"}
_DEAD = ("ERROR", "MAX_RECOVERY_ATTEMPTS_EXCEEDED")


@dataclass(frozen=True, slots=True)
class Depth:
    """Jobs by state (queued, delayed, running), since when the oldest queued one waits, and dead.

    `since` is in seconds since 1970, and 0 where none waits.
    """

    numbers: dict[str, int]
    since: float
    dead: int


class QueueDepth:
    """Reads it; safe to use from any thread."""

    def __init__(self, database_url: str) -> None:
        """Prepare, without a connection."""
        self._engine = connect(database_url)
        self._status = sa.table(
            "workflow_status",
            sa.column("status"),
            sa.column("created_at"),
            sa.column("queue_partition_key"),
            schema="dbos" if is_shared(database_url) else None,
        )

    def read(self) -> Depth:
        """Read it now; raises as the database does."""
        status, created = self._status.c.status, self._status.c.created_at
        counted = (
            sa.select(status, sa.func.count(), sa.func.min(created))
            .where(status.in_([*_STATES, *_DEAD]))
            .group_by(status)
        )
        with self._engine.connect() as connection:
            rows = {row[0]: (int(row[1]), float(row[2])) for row in connection.execute(counted)}
        numbers = {name: rows.get(state, (0, 0.0))[0] for state, name in _STATES.items()}
        dead = sum(rows.get(state, (0, 0.0))[0] for state in _DEAD)
        return Depth(numbers, rows.get("ENQUEUED", (0, 0.0))[1] / 1000, dead)

    def tenants_with(self, queued: int) -> set[str]:
        """Those that have so many jobs queued, by the first part of their partitions' names."""
        key = self._status.c.queue_partition_key
        counted = (
            sa.select(key, sa.func.count())
            .where(self._status.c.status == "ENQUEUED", key.is_not(None))
            .group_by(key)
        )
        numbers: Counter[str] = Counter()
        with self._engine.connect() as connection:
            for partition, number in connection.execute(counted):
                numbers[partition.partition(":")[0]] += number
        return {tenant for tenant, number in numbers.items() if number >= queued}

    def close(self) -> None:
        """Close the connections."""
        self._engine.dispose()
