"""Requests and answers: the one place where bytes to and from GitHub pass."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import github
import requests
from github.Requester import Requester

from bot.github.connection import connection
from bot.github.errors import (
    GitHubError,
    RateLimited,
    Refused,
    Unavailable,
    error_for,
    graphql_error_for,
)

TIMEOUT_SECONDS = 10
DOWNLOAD_SECONDS = 300
_PIECE = 1 << 16
_USER_AGENT = "cdk-medic"
_API_VERSION = "2022-11-28"

_MUTATION = re.compile(r"mutation[^{]*\{\s*(?:\w+:\s*)?(\w+)")
_MOVED = frozenset({301, 302, 307, 308})


def _listen_to_nothing(_: str) -> None:
    """The end of a write that nobody writes down."""


class Manners:
    """What whoever speaks through a `Wire` is told of; this one listens to nothing."""

    def before_write(self, creations: int) -> None:
        """A request that changes something is about to be sent, and creates so many contents."""

    def writing(self, request: str) -> Callable[[str], None]:
        """That request is sent next, such as "POST /repos/…"; what is returned is told its end."""
        del request
        return _listen_to_nothing

    def limited(self, limit: RateLimited) -> RateLimited:
        """GitHub asked to wait; what is returned is raised."""
        return limit

    def heard(self, status: int, headers: Mapping[str, str]) -> None:
        """GitHub answered, whatever it said; a status of 0 means that no answer came."""

    def answered(self) -> None:
        """GitHub took a request."""

    def is_stale(self) -> bool:
        """GitHub no longer takes the token, or no longer knows the repository by its name.

        Returns:
            Whether the next attempt may have better luck; otherwise it is a refusal.
        """
        return False


class Wire:
    """A conversation with one host as one identity; for one thread at a time.

    PyGithub would send a write again after a lost answer, would sleep in the caller's thread, and
    would follow a redirect; all of it is switched off. Page links are not followed either: pages
    are counted.
    """

    def __init__(
        self,
        auth: github.Auth.Auth,
        api_url: str,
        now: Callable[[], dt.datetime],
        manners: Manners | None = None,
    ) -> None:
        """Prepare, without a request.

        Args:
            auth: the identity.
            api_url: such as `https://api.github.com` or `https://ghes.example/api/v3`.
            now: the clock by which waits are dated.
            manners: is told what happens, and paces the writes.
        """
        self._now = now
        self._in_the_clear = api_url.startswith("http://")
        self._manners = manners or Manners()
        self._connection = connection(api_url, TIMEOUT_SECONDS)
        self._requester = Requester(
            auth=auth,
            base_url=api_url,
            timeout=TIMEOUT_SECONDS,
            user_agent=_USER_AGENT,
            per_page=100,
            verify=True,
            retry=None,
            pool_size=None,
            seconds_between_requests=None,
            seconds_between_writes=None,
            api_version=_API_VERSION,
        )

    def get(self, path: str, parameters: Mapping[str, str] | None = None) -> Any:
        """Read a resource.

        Raises:
            RateLimited: come back later.
            Unavailable: no usable answer.
            Refused: GitHub said no.
        """
        return self._request("GET", path, parameters=dict(parameters or {}))[1]

    def get_page(self, path: str, parameters: Mapping[str, str]) -> tuple[Any, str]:
        """Read a page of what is listed by a cursor, and the next one's; raises as `get` does.

        Of the link to the next page only the cursor is taken; it is empty after the last page.
        """
        headers, answer = self._request("GET", path, parameters=dict(parameters))
        following = re.search(r"<([^<>]*)>;\s*rel=\"next\"", headers.get("link", ""))
        query = parse_qs(urlsplit(following[1]).query) if following else {}
        return answer, query.get("cursor", [""])[0]

    def download(self, path: str) -> Iterator[bytes]:
        """Read what GitHub sends elsewhere for, piece by piece, as an archive.

        It is the one redirect that is followed, and nobody there is told the token. The pieces are
        of 64 KiB at most. It raises as `get` does, also while the pieces come.
        """
        headers, _ = self._request("GET", path, redirected=True)
        address = str(headers.get("location", ""))
        scheme = urlsplit(address).scheme
        if scheme != "https" and not (scheme == "http" and self._in_the_clear):
            raise Refused(302, "GitHub redirects to an address that is not followed.")
        yield from self._pieces(address)

    def _pieces(self, address: str) -> Iterator[bytes]:
        deadline = time.monotonic() + DOWNLOAD_SECONDS
        try:
            with requests.get(
                address,
                headers={"Accept-Encoding": "identity", "User-Agent": _USER_AGENT},
                auth=_as_nobody,
                timeout=TIMEOUT_SECONDS,
                stream=True,
                allow_redirects=False,
            ) as answer:
                headers = {name.lower(): value for name, value in answer.headers.items()}
                error = error_for(answer.status_code, headers, None, self._now())
                if error is not None:
                    raise error
                for piece in answer.iter_content(_PIECE):
                    if time.monotonic() > deadline:
                        raise Unavailable("A download took too long.")
                    yield piece
        except OSError as error:
            raise Unavailable(f"A download broke off: {type(error).__name__}.") from error

    def write(self, verb: str, path: str, body: Mapping[str, Any]) -> Any:
        """Change something with one request; raises as `get` does."""
        self._manners.before_write(_creations(verb, body))
        with self._told(f"{verb} {path}"):
            return self._request(verb, path, body=dict(body))[1]

    def query(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Read by GraphQL and return its `data`; raises as `get` does."""
        body = {"query": query, "variables": dict(variables)}
        headers, answer = self._request("POST", self._requester.graphql_url, body=body)
        data = answer.get("data") if isinstance(answer, dict) else None
        errors = answer.get("errors") if isinstance(answer, dict) else None
        if errors:
            raise self._noted(graphql_error_for(errors, headers, self._now()))
        if not isinstance(data, dict):
            raise Unavailable("GitHub's GraphQL answered without data.")
        return data

    def mutate(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Change something by GraphQL and return its `data`; raises as `get` does."""
        self._manners.before_write(0)
        named = _MUTATION.search(query)
        with self._told(f"mutation {named[1] if named else ''}".rstrip()):
            return self.query(query, variables)

    def is_stale(self) -> bool:
        """Say that the repository is another one than its name, and whether that may change."""
        return self._manners.is_stale()

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
        self._requester.close()

    @contextlib.contextmanager
    def _told(self, request: str) -> Iterator[None]:
        end = self._manners.writing(request)
        try:
            yield
        except Refused as error:
            end(f"refused: {error}")
            raise
        except GitHubError as error:
            end(f"unknown: {error}")
            raise
        end("done")

    def _noted(self, error: GitHubError) -> GitHubError:
        return self._manners.limited(error) if isinstance(error, RateLimited) else error

    def _request(
        self,
        verb: str,
        path: str,
        parameters: dict[str, str] | None = None,
        body: dict[str, Any] | None = None,
        *,
        redirected: bool = False,
    ) -> tuple[Mapping[str, str], Any]:
        try:
            status, headers, output = self._requester.requestJson(
                verb,
                path,
                parameters,
                {"Accept": "application/vnd.github+json"},
                body,
                self._connection,
            )
        except OSError as error:  # every exception of requests is one
            self._manners.heard(0, {})
            raise Unavailable(f"GitHub did not answer: {type(error).__name__}.") from error
        except ValueError as error:  # a header that PyGithub reads as a number
            raise Unavailable("GitHub answered with a header that can't be read.") from error
        self._manners.heard(status, headers)
        try:
            answer = json.loads(output) if output else None
        except (ValueError, RecursionError):
            answer = output
        if status == 401 and self._manners.is_stale():
            raise Unavailable("GitHub no longer takes the installation's token.")
        if redirected and status == 302:
            return headers, None
        if status in _MOVED and self._stays(headers) and self._manners.is_stale():
            raise Unavailable("The repository has another name by now.")
        error_meant = error_for(status, headers, answer, self._now())
        if error_meant is not None:
            raise self._noted(error_meant)
        if isinstance(answer, str):
            raise Unavailable("GitHub answered with something that is no JSON.")
        if not (isinstance(answer, dict) and answer.get("errors")):  # as GraphQL has, with a 200
            self._manners.answered()
        return headers, answer

    def _stays(self, headers: Mapping[str, str]) -> bool:
        target = urlsplit(headers.get("location", ""))
        return (target.scheme, target.hostname) == (
            self._connection.protocol,
            self._connection.host,
        )


def _creations(verb: str, body: Mapping[str, Any]) -> int:
    """How many contents a request creates: GitHub counts each comment of a review."""
    if verb != "POST":
        return 0
    return 1 + len(body.get("comments", ()))


def _as_nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Without it a .netrc of the machine would be asked who we are."""
    return request
