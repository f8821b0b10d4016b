"""The jobs of processes that are gone: found, and given back to the queue."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

from bot.jobs.lease import LOST_SECONDS, open_session, try_lock, unlock

_log = logging.getLogger(__name__)

GRACE_SECONDS = LOST_SECONDS + 1
"""A name must be free for so long. When Postgres restarts, every name is free at once, and the
processes that had them need this time to notice."""


class Rescue:
    """Looks for owners of running jobs whose name nobody holds any more."""

    def __init__(
        self,
        url: str,
        owners: Callable[[], set[str]],
        hand_back: Callable[[str], int],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        """Prepare.

        Args:
            url: the database whose locks tell who lives.
            owners: the executors of the jobs that run, or ran when their process ended.
            hand_back: puts the jobs of one executor back into the queue; how many they were.
            now: a clock, in seconds.
        """
        self._url = url
        self._owners = owners
        self._hand_back = hand_back
        self._now = now
        self._free_since: dict[str, float] = {}

    def look(self, own: str) -> None:
        """Look once; `own` is the name of this process."""
        others = self._owners() - {own}
        self._free_since = {
            name: since for name, since in self._free_since.items() if name in others
        }
        if not others:
            return
        with open_session(self._url) as session:
            for owner in sorted(others):
                if not try_lock(session, owner):
                    self._free_since.pop(owner, None)
                    continue
                # Held until the jobs are back: a process of that name can't start in between.
                if self._now() - self._free_since.setdefault(owner, self._now()) >= GRACE_SECONDS:
                    number = self._hand_back(owner)
                    _log.warning("%s is gone; %d of its jobs are taken up again.", owner, number)
                unlock(session, owner)
