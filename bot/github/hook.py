"""The App's own webhook: what GitHub tried to deliver, and how that went."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from bot.github.errors import Unavailable
from bot.github.wire import Wire

_MOST_PAGES = 100
_A_PAGE = "100"


@dataclass(frozen=True, slots=True)
class HookAttempt:
    """One attempt to deliver: its number, the delivery's id, when, and whether it was answered 2xx.

    A redelivery is another attempt of the same delivery.
    """

    id: int
    delivery: str
    at: dt.datetime
    succeeded: bool


class Hook:
    """The attempts of the last days, and the way to have another one."""

    def __init__(self, wire: Wire) -> None:
        """Speak as the App itself."""
        self._wire = wire

    def attempts(self, since: dt.datetime) -> list[HookAttempt]:
        """Every attempt since a moment, newest first; one request for a hundred, 10,000 at most.

        Raises:
            RateLimited, Unavailable, Refused: as the request was answered.
        """
        found: list[HookAttempt] = []
        cursor = ""
        for _ in range(_MOST_PAGES):
            parameters = {"per_page": _A_PAGE} | ({"cursor": cursor} if cursor else {})
            answer, cursor = self._wire.get_page("/app/hook/deliveries", parameters)
            page = [_attempt(item) for item in answer]
            found += (attempt for attempt in page if attempt.at >= since)
            if not cursor or not page or page[-1].at < since:
                break
        return found

    def deliver_again(self, attempt: HookAttempt) -> None:
        """Ask for another attempt; raises as `attempts` does."""
        self._wire.write("POST", f"/app/hook/deliveries/{attempt.id}/attempts", {})

    def close(self) -> None:
        """Close the connection."""
        self._wire.close()


def _attempt(item: Any) -> HookAttempt:
    try:
        return HookAttempt(
            id=int(item["id"]),
            delivery=str(item["guid"]),
            at=dt.datetime.fromisoformat(item["delivered_at"]),
            succeeded=200 <= int(item["status_code"]) < 300,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Unavailable("GitHub listed deliveries in an unknown form.") from error
