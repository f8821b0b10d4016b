"""The one place that holds everything, with its lock, its clock and its ids."""

import secrets
import threading
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from sandbox.faults import Faults
from sandbox.state.apps import App, Delivery, Installation, RecordedRequest, Token
from sandbox.state.limits import RateLimits
from sandbox.state.repositories import Repository, User


class State:
    """Everything that the stand-in remembers.

    Hold `lock` while reading more than one thing or changing any. `url` is where the stand-in is
    reached, without a final slash; the addresses in answers and webhooks are built from it.
    `verified` holds the SHAs of the commits that GitHub itself made and signed. `archive_key` is
    in the addresses of private archives, which are fetched without a token. `moved` maps names
    that repositories had before, in lower case. `begins_at` is where the root page leads, "" where
    it lists what there is.
    """

    def __init__(self, directory: Path, url: str, clock: Callable[[], datetime] | None) -> None:
        """Begin with nothing; repositories will be made below `directory`."""
        self.lock = threading.RLock()
        self.directory = directory
        self.url = url
        self.clock = clock or (lambda: datetime.now(UTC))
        self.begins_at = ""
        self.users: dict[str, User] = {}
        self.repositories: dict[int, Repository] = {}
        self.apps: dict[int, App] = {}
        self.installations: dict[int, Installation] = {}
        self.tokens: dict[str, Token] = {}
        self.deliveries: list[Delivery] = []
        self.requests: list[RecordedRequest] = []
        self.verified: set[str] = set()
        self.limits = RateLimits()
        self.faults = Faults()
        self.moved: dict[str, Repository] = {}
        self.archive_key = secrets.token_urlsafe(16)
        self._ids = count(1001)

    def next_id(self) -> int:
        """Return an id that nothing has yet, whatever its kind."""
        return next(self._ids)

    def now(self) -> datetime:
        """Return the time in UTC, in whole seconds as GitHub writes it."""
        return self.clock().replace(microsecond=0)

    def user(self, login: str) -> User:
        """Return the account of that name; GitHub ignores case.

        Raises:
            LookupError: There is none.
        """
        try:
            return self.users[login.lower()]
        except KeyError:
            raise LookupError(f"There is no user {login!r}; add it with add_user().") from None

    def repository(self, full_name: str) -> Repository:
        """Return the repository called "owner/name"; GitHub ignores case.

        Raises:
            LookupError: There is none.
        """
        for repository in self.repositories.values():
            if repository.full_name.lower() == full_name.lower():
                return repository
        raise LookupError(f"There is no repository {full_name!r}; add it with add_repository().")
