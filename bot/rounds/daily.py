"""Once a day: a look at every repository, for what no push tells of."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable

from bot.deliveries import deliveries
from bot.github import Installations, Place, RateLimited, Refused
from bot.inbox import Inbox
from bot.work import RevisitRepository

_log = logging.getLogger(__name__)


class DailyVisits:
    """Asks for them, once a day and a repository, whichever process does it."""

    def __init__(
        self,
        inbox: Inbox,
        installations: Callable[[], Installations],
        now: Callable[[], dt.datetime],
    ) -> None:
        """Prepare; the arguments are those of `MissedPullRequests`."""
        self._inbox = inbox
        self._installations = installations
        self._now = now
        self._asked_on: dt.date | None = None

    def ask(self) -> int:
        """Ask for those of today, if that was not done; how many were asked for.

        Raises:
            Unavailable, RateLimited, Refused: the installations could not be listed.
            InboxError: a visit could not be asked for.
        """
        today = self._now().date()
        if today == self._asked_on:
            return 0
        view = self._installations()
        asked = 0
        try:
            for installation in view.numbers():
                try:
                    places = view.places(installation, idle=True)
                except (RateLimited, Refused) as error:
                    _log.info("Installation %d is left out: %s", installation, error)
                    continue
                asked += sum(self._visit(place, today) for place in places)
        finally:
            view.close()
        self._asked_on = today
        return asked

    def _visit(self, place: Place, today: dt.date) -> bool:
        visit = RevisitRepository(
            installation=place.installation,
            repository_id=place.repository_id,
            repository=place.repository,
            pull_request=0,
            head="",
        )
        name = f"daily-{today:%Y%m%d}-{place.repository_id}"
        return asyncio.run(self._inbox.put(*deliveries("schedule", name, [visit])))
