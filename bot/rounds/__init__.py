"""What nobody asks for: regular rounds for what was missed, on one machine at a time."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from bot.store.tables import ROUND

_log = logging.getLogger(__name__)

_SOON_SECONDS = 30.0
"""A process that starts goes round at once, unless another has done so just now."""

_LOOK_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class Round:
    """A name, and what is done: called with the moment up to which the last one has looked."""

    name: str
    go: Callable[[float], None]


class Rounds:
    """Goes each round every so many seconds, while this process leads."""

    def __init__(
        self,
        store: sa.Engine,
        rounds: list[Round],
        every_seconds: float,
        leads: Callable[[], bool],
    ) -> None:
        """Prepare; nothing runs before `start`.

        Args:
            store: where it is written down when each round was gone.
            rounds: what to do.
            every_seconds: how long from the begin of one to that of the next.
            leads: whether this process may.
        """
        self._store = store
        self._rounds = rounds
        self._every = every_seconds
        self._leads = leads
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="rounds", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """Begin none any more; one that is on its way is left alone."""
        self._stopping.set()

    def _run(self) -> None:
        is_first = dict.fromkeys((each.name for each in self._rounds), True)
        while not self._stopping.wait(_LOOK_SECONDS):
            if not self._leads():
                continue
            for each in self._rounds:
                every = min(self._every, _SOON_SECONDS) if is_first[each.name] else self._every
                try:
                    self._go(each, every)
                except Exception as error:  # noqa: BLE001 (a round that failed is gone again)
                    _log.warning("The round %s ended early: %s", each.name, error)
                is_first[each.name] = False

    def _go(self, each: Round, every: float) -> None:
        began = time.time()
        done_until = self._claim(each.name, began, every)
        if done_until is None:
            return
        each.go(done_until)
        with self._store.begin() as connection:
            done = sa.update(ROUND).where(ROUND.c.name == each.name)
            connection.execute(done.values(done_until=began))

    def _claim(self, name: str, now: float, every: float) -> float | None:
        """Up to when the last one has looked; None if it is not time yet, here or elsewhere."""
        with self._store.begin() as connection:
            insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
            new = {"name": name, "began_at": 0.0, "done_until": 0.0}
            connection.execute(insert(ROUND).values(new).on_conflict_do_nothing())
            claim = sa.update(ROUND).where(ROUND.c.name == name, ROUND.c.began_at <= now - every)
            taken = claim.values(began_at=now).returning(ROUND.c.done_until)
            return connection.execute(taken).scalar()
