"""The App's identity, and the narrowed tokens that it hands out."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

import github

from bot.github.errors import Unavailable
from bot.github.repository import Repository
from bot.github.wire import Wire

PERMISSIONS = {
    "checks": "write",
    "contents": "write",
    "issues": "write",
    "metadata": "read",
    "pull_requests": "write",
}
"""What a token is asked for."""

MANIFEST_PERMISSIONS = PERMISSIONS | {"merge_queues": "read"}
"""What the App's manifest asks people for: GitHub tells of merge queues only who may read them."""

_JWT_SECONDS = 540  # GitHub takes ten minutes at most, and its clock may be behind ours
_JWT_BACKDATED_SECONDS = 60  # against a clock of ours that is ahead
_RENEW_BEFORE = dt.timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    expires: dt.datetime


class Pace:
    """Keeps writes of one installation apart, as GitHub asks (one second at least)."""

    def __init__(self, seconds: float) -> None:
        """Keep `seconds` between two writes; 0 does not wait at all."""
        self._seconds = seconds
        self._lock = threading.Lock()
        self._next: dict[int, float] = {}

    def wait(self, installation: int) -> None:
        """Return when the installation may write; concurrent callers queue up."""
        if self._seconds <= 0:
            return
        with self._lock:
            now = time.monotonic()
            turn = max(now, self._next.get(installation, 0.0))
            self._next[installation] = turn + self._seconds
        time.sleep(turn - now)


class GitHub:
    """The App on one host. Safe to share between threads."""

    def __init__(
        self,
        app_id: int,
        private_key: str,
        api_url: str = "https://api.github.com",
        *,
        write_pace_seconds: float = 1.0,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        """Prepare, without a request.

        Args:
            app_id: the App's number.
            private_key: its RSA key, PEM.
            api_url: such as `https://api.github.com` or `https://ghes.example/api/v3`.
            write_pace_seconds: between two writes of one installation.
            now: the clock.
        """
        self._app_id = app_id
        self._api_url = api_url.rstrip("/")
        self._now = now
        self._pace = Pace(write_pace_seconds)
        self._auth = github.Auth.AppAuth(
            app_id,
            private_key,
            jwt_expiry=_JWT_SECONDS,
            jwt_issued_at=-_JWT_BACKDATED_SECONDS,
        )
        self._lock = threading.Lock()
        self._tokens: dict[tuple[int, int], _Token] = {}

    def repository(self, installation: int, repository_id: int, name: str) -> Repository:
        """A client that can touch this one repository; one request where no token is at hand.

        Args:
            installation: the installation's number.
            repository_id: the number that the token is narrowed to.
            name: "owner/name", for addresses.

        Raises:
            RateLimited, Unavailable, Refused: as the request for the token was answered.
        """
        token = self._token(installation, repository_id)

        def forget() -> None:
            with self._lock:
                self._tokens.pop((installation, repository_id), None)

        wire = Wire(
            github.Auth.Token(token.value),
            self._api_url,
            self._now,
            lambda: self._pace.wait(installation),
            forget,
        )
        return Repository(wire, name, self._app_id)

    def _token(self, installation: int, repository_id: int) -> _Token:
        with self._lock:
            token = self._tokens.get((installation, repository_id))
        if token is not None and token.expires - _RENEW_BEFORE > self._now():
            return token
        wire = Wire(self._auth, self._api_url, self._now)
        try:
            answer = wire.write(
                "POST",
                f"/app/installations/{installation}/access_tokens",
                {"repository_ids": [repository_id], "permissions": PERMISSIONS},
            )
        finally:
            wire.close()
        try:
            expires = dt.datetime.fromisoformat(answer["expires_at"])
            token = _Token(str(answer["token"]), expires)
        except (KeyError, TypeError, ValueError) as error:
            raise Unavailable("GitHub answered a request for a token with something else.") from (
                error
            )
        with self._lock:
            self._tokens[installation, repository_id] = token
        return token
