"""Pull requests whose head no delivery told of: looked for where the App is installed."""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
from collections.abc import Callable

from bot.deliveries import deliveries
from bot.github import Installations, OpenPullRequest, Place, RateLimited, Refused
from bot.inbox import Inbox
from bot.work import ReviewPullRequest

_log = logging.getLogger(__name__)

_LOOK_BACK = dt.timedelta(days=3)
"""What did not change for longer is no news, and may have been there before the App."""

_MOST_LOOKS = 200
"""Repositories that one round looks into; the next one goes on where this one ended."""


class MissedPullRequests:
    """Finds them round by round, and asks for their review."""

    def __init__(
        self,
        inbox: Inbox,
        installations: Callable[[], Installations],
        now: Callable[[], dt.datetime],
        patience: dt.timedelta = dt.timedelta(minutes=2),
    ) -> None:
        """Prepare.

        Args:
            inbox: what was told, and where a review is asked for.
            installations: opens the view of them.
            now: the clock.
            patience: how long a delivery may be on its way.
        """
        self._inbox = inbox
        self._installations = installations
        self._now = now
        self._patience = patience
        self._ended_at = (0, 0)

    def look(self) -> int:
        """Go round once; how many reviews were asked for.

        Raises:
            Unavailable, RateLimited, Refused: the installations could not be listed.
            InboxError: a review could not be asked for.
        """
        view = self._installations()
        try:
            asked = 0
            for place in self._places(view):
                asked += sum(self._ask(pull) for pull in self._open(view, place))
            return asked
        finally:
            view.close()

    def _places(self, view: Installations) -> list[Place]:
        found: list[Place] = []
        for installation in view.numbers():
            try:
                found += view.places(installation)
            except (RateLimited, Refused) as error:
                _log.info("Installation %d is left out: %s", installation, error)
        found.sort(key=_order)
        ahead = [place for place in found if _order(place) > self._ended_at]
        behind = [place for place in found if _order(place) <= self._ended_at]
        turn = (ahead + behind)[:_MOST_LOOKS]
        self._ended_at = _order(turn[-1]) if turn else (0, 0)
        return turn

    def _open(self, view: Installations, place: Place) -> list[OpenPullRequest]:
        now = self._now()
        try:
            pulls = view.open_pull_requests(place, now - _LOOK_BACK)
        except (RateLimited, Refused) as error:
            _log.info("%s is left out: %s", place.repository, error)
            return []
        settled = now - self._patience
        return [pull for pull in pulls if dt.datetime.fromisoformat(pull.updated_at) <= settled]

    def _ask(self, pull: OpenPullRequest) -> bool:
        review = ReviewPullRequest(
            installation=pull.place.installation,
            repository_id=pull.place.repository_id,
            repository=pull.place.repository,
            pull_request=pull.number,
            head=pull.head,
            updated_at=pull.updated_at,
            base_branch=pull.base_branch,
        )
        if self._inbox.has_seen(review.serial_key, pull.head):
            return False
        name = f"round-{pull.place.repository_id}-{pull.number}-{pull.head[:12]}"
        _log.info("Nothing told of %s#%d at %s.", pull.place.repository, pull.number, pull.head)
        return asyncio.run(self._inbox.put(*deliveries("pull_request", name, [review])))


def _order(place: Place) -> tuple[int, int]:
    return place.installation, place.repository_id
