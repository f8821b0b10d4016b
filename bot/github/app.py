"""The App's identity, and the narrowed tokens that it hands out."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import github

from bot.github.errors import GONE, PERMISSIONS_MISSING, RateLimited, Refused, Unavailable
from bot.github.hook import Hook
from bot.github.installations import Installations
from bot.github.pace import Pace
from bot.github.repository import Repository
from bot.github.wire import Manners, Wire

PERMISSIONS = {
    "checks": "write",
    "contents": "write",
    "issues": "write",
    "metadata": "read",
    "pull_requests": "write",
}
"""What a token is asked for that is to commit."""

READING_CODE = PERMISSIONS | {"contents": "read"}
"""What a token is asked for that talks only: an App that may not commit reviews all the same."""

READING_LISTS = {"metadata": "read", "pull_requests": "read"}
"""What a token is asked for that looks around in a whole installation."""

READING_ALONE = {"contents": "read", "metadata": "read"}
"""What a token is asked for that reads the policy of an organization."""

MANIFEST_PERMISSIONS = PERMISSIONS | {"merge_queues": "read"}
"""What the App's manifest asks people for: GitHub tells of merge queues only who may read them."""

_JWT_SECONDS = 540  # GitHub takes ten minutes at most, and its clock may be behind ours
_JWT_BACKDATED_SECONDS = 60  # against a clock of ours that is ahead
_RENEW_BEFORE = dt.timedelta(minutes=5)


_Key = tuple[int, int, frozenset[tuple[str, str]]]
"""Installation, repository (0: all of them), permissions: no two of them share a token."""


Heard = Callable[[int, int, int | None], None]
"""Told of every answer: the installation (0: the App itself), the status (0: none came), and how
many requests GitHub allows until its limit starts anew, where it said that."""

Writing = Callable[[str], Callable[[str], None]]
"""Told of a request that changes something before it is sent; what it returns, of its result:
"done", "refused: …", or "unknown: …"."""


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    expires: dt.datetime
    repository_id: int
    name: str


class _Watched(Manners):
    """What is said as the App itself."""

    def __init__(self, heard: Heard | None, installation: int = 0) -> None:
        self._heard = heard
        self._installation = installation

    def heard(self, status: int, headers: Mapping[str, str]) -> None:
        left = headers.get("x-ratelimit-remaining", "")
        if self._heard:
            self._heard(self._installation, status, int(left) if left.isdecimal() else None)


class _Installed(_Watched):
    """One repository's part of an installation: its pace, and the token that it would drop."""

    def __init__(
        self,
        heard: Heard | None,
        installation: int,
        pace: Pace,
        drop_token: Callable[[], None],
        writing: Writing | None,
    ) -> None:
        super().__init__(heard, installation)
        self._pace = pace
        self._drop_token = drop_token
        self._writing = writing

    def writing(self, request: str) -> Callable[[str], None]:
        return self._writing(request) if self._writing else super().writing(request)

    def before_write(self, creations: int) -> None:
        self._pace.wait(self._installation, creations)

    def limited(self, limit: RateLimited) -> RateLimited:
        return self._pace.limited(self._installation, limit)

    def answered(self) -> None:
        self._pace.answered(self._installation)

    def is_stale(self) -> bool:
        self._drop_token()
        return True


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
        heard: Heard | None = None,
    ) -> None:
        """Prepare, without a request.

        Args:
            app_id: the App's number.
            private_key: its RSA key, PEM.
            api_url: such as `https://api.github.com` or `https://ghes.example/api/v3`.
            write_pace_seconds: between two writes of one installation.
            now: the clock.
            heard: told of every answer.
        """
        self._app_id = app_id
        self._heard = heard
        self._api_url = api_url.rstrip("/")
        self._now = now
        self._pace = Pace(write_pace_seconds, now)
        self._auth = github.Auth.AppAuth(
            app_id,
            private_key,
            jwt_expiry=_JWT_SECONDS,
            jwt_issued_at=-_JWT_BACKDATED_SECONDS,
        )
        self._lock = threading.Lock()
        self._tokens: dict[_Key, _Token] = {}
        self._only_comments = set[int]()

    def repository(
        self,
        installation: int,
        repository_id: int,
        name: str,
        permissions: Mapping[str, str] = PERMISSIONS,
        /,
        *,
        writing: Writing | None = None,
    ) -> Repository:
        """A client that can touch this one repository; one request where no token is at hand.

        Args:
            installation: the installation's number.
            repository_id: the number that identifies the repository and narrows the token.
            name: "owner/name" when the job was made. Names change hands; GitHub says with each new
                token which one the repository has now.
            permissions: those that the work needs.
            writing: told of every write.

        Raises:
            RateLimited: GitHub asked this installation to stay away, now or before.
            Unavailable: the request for a token was not answered.
            Refused: it was refused, of the kind `GONE` where the App or the repository is no longer
                there, and of the kind `PERMISSIONS_MISSING` where it was not given them all.
        """
        self._pace.check(installation)
        key = installation, repository_id, frozenset(permissions.items())
        commits = permissions.get("contents") == "write"
        try:
            token = self._token(key, name, permissions)
        except Refused as refusal:
            if commits and refusal.kind == PERMISSIONS_MISSING:
                self._only_comments.add(installation)
            raise
        if commits:
            self._only_comments.discard(installation)
        wire = self._wire(installation, token, key, writing)
        may_commit = installation not in self._only_comments
        return Repository(wire, token.name, repository_id, self._app_id, may_commit=may_commit)

    def hook(self) -> Hook:
        """The App's own webhook; whoever asks for it closes it."""
        return Hook(Wire(self._auth, self._api_url, self._now, _Watched(self._heard)))

    def installations(self) -> Installations:
        """Where the App is installed, to look around with tokens that can only read."""
        wire = Wire(self._auth, self._api_url, self._now, _Watched(self._heard))
        return Installations(wire, self._looking_around)

    def _looking_around(self, installation: int) -> Wire:
        self._pace.check(installation)
        key = installation, 0, frozenset(READING_LISTS.items())
        return self._wire(installation, self._token(key, "", READING_LISTS), key)

    def reader(self, installation: int, owner: str, name: str) -> Repository:
        """A client that can read the contents of one repository, given by name; one request.

        Raises:
            RateLimited, Unavailable: as for `repository`.
            Refused: with the status 422 where the installation has no such repository.
        """
        self._pace.check(installation)
        wanted = {"repositories": [name]}
        token = self._new_token(installation, wanted, f"{owner}/{name}", READING_ALONE)
        wire = self._wire(installation, token)
        return Repository(wire, token.name, token.repository_id, self._app_id)

    def _wire(
        self,
        installation: int,
        token: _Token,
        key: _Key | None = None,
        writing: Writing | None = None,
    ) -> Wire:
        """A conversation with a token, which is remembered under `key`."""

        def drop_token() -> None:
            if key:
                with self._lock:
                    self._tokens.pop(key, None)

        manners = _Installed(self._heard, installation, self._pace, drop_token, writing)
        return Wire(github.Auth.Token(token.value), self._api_url, self._now, manners)

    def _token(self, key: _Key, name: str, permissions: Mapping[str, str]) -> _Token:
        with self._lock:
            token = self._tokens.get(key)
        if token is not None and token.expires - _RENEW_BEFORE > self._now():
            return token
        installation, repository_id, _ = key
        wanted = {"repository_ids": [repository_id]} if repository_id else {}
        token = self._new_token(installation, wanted, name, permissions)
        with self._lock:
            self._tokens[key] = token
        return token

    def _new_token(
        self,
        installation: int,
        wanted: Mapping[str, Any],
        name: str,
        permissions: Mapping[str, str],
    ) -> _Token:
        wire = Wire(self._auth, self._api_url, self._now, _Watched(self._heard))
        try:
            answer = wire.write(
                "POST",
                f"/app/installations/{installation}/access_tokens",
                {**wanted, "permissions": dict(permissions)},
            )
        except RateLimited as limit:
            raise self._pace.limited(installation, limit) from None
        except Refused as refusal:
            raise _meant(refusal, name, permissions) from refusal
        finally:
            wire.close()
        try:
            found = [(int(row["id"]), row["full_name"]) for row in answer.get("repositories", ())]
            identifier, name = found[0] if len(found) == 1 else (0, name)
            expires = dt.datetime.fromisoformat(answer["expires_at"])
            return _Token(str(answer["token"]), expires, identifier, str(name))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise Unavailable("GitHub answered a request for a token with something else.") from (
                error
            )


def _meant(refusal: Refused, name: str, permissions: Mapping[str, str]) -> Refused:
    """What it means that no token was given: GitHub's messages are all there is to tell it by."""
    message = refusal.message.lower()
    if refusal.status == 404:
        return Refused(404, f"The App is no longer installed where {name} was.", GONE)
    if "suspended" in message:
        return Refused(403, f"The installation of the App on {name} is suspended.", GONE)
    if refusal.status == 422 and "permissions" in message:
        wanted = ", ".join(f"{each}: {level}" for each, level in sorted(permissions.items()))
        return Refused(
            422,
            f"The App was not given all that it needs for this ({wanted}). Whoever installed it "
            "finds what is to be accepted on the page of the installation.",
            PERMISSIONS_MISSING,
        )
    if refusal.status == 422 and "repository" in message:
        return Refused(422, f"The App can no longer reach {name}: it is gone, or left out.", GONE)
    return refusal
