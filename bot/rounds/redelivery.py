"""Deliveries that nobody took: GitHub keeps them for days, and sends them again when asked."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.github import Hook, HookAttempt, Refused
from bot.store.tables import REDELIVERY

_log = logging.getLogger(__name__)

_KEPT = dt.timedelta(days=3)
"""GitHub sends nothing again that is older."""

_OVERLAP = dt.timedelta(minutes=15)
"""An attempt is listed when it has ended, under the time of its begin."""

_MOST_TIMES = 3
"""What fails so often is no victim of an outage."""


def redeliver(
    store: sa.Engine, hook: Callable[[], Hook], done_until: float, now: Callable[[], dt.datetime]
) -> None:
    """Ask once for another attempt at every delivery whose attempts have all failed.

    Args:
        store: where it is written down how often each was asked for.
        hook: opens the App's webhook.
        done_until: up to which moment the last round has looked, in seconds since 1970.
        now: the clock.

    Raises:
        RateLimited, Unavailable, Refused: the attempts could not be listed.
    """
    since = max(dt.datetime.fromtimestamp(done_until, dt.UTC) - _OVERLAP, now() - _KEPT)
    opened = hook()
    try:
        for attempt in _missed(opened.attempts(since)):
            if _count(store, attempt.delivery, now()) > _MOST_TIMES:
                continue
            try:
                opened.deliver_again(attempt)
            except Refused as error:
                _log.warning("GitHub does not send %s again: %s", attempt.delivery, error)
            else:
                _log.info("Asked GitHub to send %s again.", attempt.delivery)
    finally:
        opened.close()


def _missed(attempts: list[HookAttempt]) -> list[HookAttempt]:
    """The newest attempt at each delivery that none has delivered, oldest first."""
    taken = {attempt.delivery for attempt in attempts if attempt.succeeded}
    newest: dict[str, HookAttempt] = {}
    for attempt in attempts:
        if attempt.delivery not in taken:
            newest.setdefault(attempt.delivery, attempt)
    return list(newest.values())[::-1]


def _count(store: sa.Engine, delivery: str, now: dt.datetime) -> int:
    """Write down that it is asked for once more; how often that is, with this one."""
    with store.begin() as connection:
        insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
        old = (now - 2 * _KEPT).timestamp()
        connection.execute(sa.delete(REDELIVERY).where(REDELIVERY.c.at < old))
        asked = insert(REDELIVERY).values(delivery=delivery, times=1, at=now.timestamp())
        counted = asked.on_conflict_do_update(
            index_elements=[REDELIVERY.c.delivery], set_={"times": REDELIVERY.c.times + 1}
        )
        return int(connection.execute(counted.returning(REDELIVERY.c.times)).scalar_one())
