"""Where the App is installed, and which pull requests are open there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bot.github.errors import Unavailable
from bot.github.wire import Wire

_MOST_PAGES = 50
_A_PAGE = 100


@dataclass(frozen=True, slots=True)
class Place:
    """A repository in an installation; `repository` is "owner/name"."""

    installation: int
    repository_id: int
    repository: str


@dataclass(frozen=True, slots=True)
class OpenPullRequest:
    """An open pull request: where, its number, head, base, and when it last changed (ISO 8601)."""

    place: Place
    number: int
    head: str
    base_branch: str
    updated_at: str


class Installations:
    """Looks around as the App, and as each installation with a token that can only read."""

    def __init__(self, app: Wire, as_installation: Callable[[int], Wire]) -> None:
        """Speak as `app`, and as what `as_installation` makes of an installation's number."""
        self._app = app
        self._as_installation = as_installation

    def numbers(self) -> list[int]:
        """The installations that are not suspended.

        Raises:
            RateLimited, Unavailable, Refused: as the request was answered.
        """
        found = _pages(self._app, "/app/installations")
        return [int(item["id"]) for item in found if not item.get("suspended_at")]

    def places(self, installation: int, *, idle: bool = False) -> list[Place]:
        """The repositories that have anything open, or all; raises as `numbers` does."""
        wire = self._as_installation(installation)
        try:
            return [
                Place(installation, int(item["id"]), str(item["full_name"]))
                for item in _pages(wire, "/installation/repositories", "repositories")
                if (idle or item.get("open_issues_count", 1)) and not item.get("archived")
            ]
        finally:
            wire.close()

    def open_pull_requests(self, place: Place, since: dt.datetime) -> list[OpenPullRequest]:
        """The hundred that changed last, as far as that was since a moment; raises the same."""
        wire = self._as_installation(place.installation)
        query = {"state": "open", "sort": "updated", "direction": "desc", "per_page": "100"}
        try:
            found = [
                _pull(place, item) for item in wire.get(f"/repos/{place.repository}/pulls", query)
            ]
        except (KeyError, TypeError, ValueError) as error:
            raise Unavailable("GitHub listed pull requests in an unknown form.") from error
        finally:
            wire.close()
        return [pull for pull in found if dt.datetime.fromisoformat(pull.updated_at) >= since]

    def close(self) -> None:
        """Close the connection."""
        self._app.close()


def _pages(wire: Wire, path: str, key: str = "") -> Iterator[dict[str, Any]]:
    for page in range(1, _MOST_PAGES + 1):
        answer = wire.get(path, {"per_page": str(_A_PAGE), "page": str(page)})
        items = answer.get(key) if key and isinstance(answer, dict) else answer
        if not isinstance(items, list):
            raise Unavailable(f"GitHub answered {path} in an unknown form.")
        yield from items
        if len(items) < _A_PAGE:
            return


def _pull(place: Place, item: Any) -> OpenPullRequest:
    return OpenPullRequest(
        place=place,
        number=int(item["number"]),
        head=str(item["head"]["sha"]),
        base_branch=str(item["base"]["ref"]),
        updated_at=str(item["updated_at"]),
    )
