"""How fast each installation may write, and when GitHub has asked it to stay away for a while.

GitHub's guidance: at least one second between writes, at most 80 content creations a minute and
500 an hour; after a limit wait as long as it says, and longer each time where it says nothing.
"""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.github.errors import RateLimited

CREATIONS = ((dt.timedelta(minutes=1), 80), (dt.timedelta(hours=1), 500))
"""How many comments, reviews and their like fit into a time."""

_WAIT_AT_MOST = dt.timedelta(seconds=10)
"""What a thread waits through itself; for whatever takes longer the job comes back later."""

_STAY_AWAY_AT_MOST = dt.timedelta(hours=1)


@dataclass
class _Installation:
    """When the next write may be, when each creation was, and GitHub's last "not now"."""

    next_write: dt.datetime
    created: deque[dt.datetime] = field(default_factory=deque)
    away_until: dt.datetime | None = None
    guesses: int = 0


class Pace:
    """The pace of every installation. Safe to share between threads; it is for one process."""

    def __init__(self, seconds: float, now: Callable[[], dt.datetime]) -> None:
        """Keep `seconds` between two writes by the clock `now`; 0 keeps no pace at all."""
        self._apart = dt.timedelta(seconds=seconds)
        self._now = now
        self._lock = threading.Lock()
        self._known: dict[int, _Installation] = {}

    def check(self, installation: int) -> None:
        """Let nobody ask before the time that GitHub named.

        Raises:
            RateLimited: it is not over yet.
        """
        with self._lock:
            until = self._of(installation).away_until
            if until is not None and until > self._now():
                raise RateLimited(until)

    def wait(self, installation: int, creations: int = 0) -> None:
        """Return when the installation may write; concurrent callers queue up.

        Args:
            installation: its number.
            creations: how many contents the write creates; a review counts with its comments.

        Raises:
            RateLimited: its turn is too far away to wait for; nothing is reserved.
        """
        if not self._apart:
            return
        with self._lock:
            known, now = self._of(installation), self._now()
            turn = max(now, known.next_write, _room(known.created, creations, now))
            if turn - now > _WAIT_AT_MOST:
                raise RateLimited(turn)
            known.next_write = turn + self._apart
            known.created.extend([turn] * creations)
        time.sleep((turn - now).total_seconds())

    def limited(self, installation: int, limit: RateLimited) -> RateLimited:
        """Remember that GitHub asked to wait, and return when to come back.

        Where it named no time, each time in a row is twice as long as the one before.
        """
        with self._lock:
            known, now = self._of(installation), self._now()
            until = limit.until
            if known.away_until is not None and known.away_until > now:  # others were told as well
                until = max(until, known.away_until)
            elif limit.guessed:
                wait = min((limit.until - now) * 2**known.guesses, _STAY_AWAY_AT_MOST)
                known.guesses = min(known.guesses + 1, 10)
                until = now + wait
            known.away_until = until
            return RateLimited(until)

    def answered(self, installation: int) -> None:
        """Note that GitHub took a request, so that the next limit counts as a first one."""
        with self._lock:
            self._of(installation).guesses = 0

    def _of(self, installation: int) -> _Installation:
        if installation not in self._known:
            self._known[installation] = _Installation(self._now())
        return self._known[installation]


def _room(created: deque[dt.datetime], creations: int, now: dt.datetime) -> dt.datetime:
    """When so many creations fit, beside those that were; old ones are forgotten."""
    while created and created[0] <= now - CREATIONS[-1][0]:
        created.popleft()
    at = now
    for span, most in CREATIONS:
        over = len(created) + creations - most
        if creations and over > 0 and created:
            at = max(at, created[min(over, len(created)) - 1] + span)
    return at
