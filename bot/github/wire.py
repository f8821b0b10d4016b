"""Requests and answers: the one place where bytes to and from GitHub pass."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

import github
import requests
from github.Requester import Requester

from bot.github.errors import Refused, Unavailable, error_for, graphql_error_for

TIMEOUT_SECONDS = 10
DOWNLOAD_SECONDS = 300
_PIECE = 1 << 16
_USER_AGENT = "cdk-medic"
_API_VERSION = "2022-11-28"


class Wire:
    """A conversation with one host as one identity; for one thread at a time.

    PyGithub would send a write again after a lost answer, and would sleep in the caller's thread;
    both are switched off. It follows no redirect to another host, and page links are not followed
    at all: pages are counted.
    """

    def __init__(
        self,
        auth: github.Auth.Auth,
        api_url: str,
        now: Callable[[], dt.datetime],
        before_write: Callable[[], None] = lambda: None,
        on_bad_credentials: Callable[[], None] | None = None,
    ) -> None:
        """Prepare, without a request.

        Args:
            auth: the identity.
            api_url: such as `https://api.github.com` or `https://ghes.example/api/v3`.
            now: the clock by which waits are dated.
            before_write: called before every request that changes something, to pace them.
            on_bad_credentials: called when GitHub no longer takes a token, which is then
                `Unavailable`, as the next one may be good; without it a 401 is a refusal.
        """
        self._now = now
        self._before_write = before_write
        self._on_bad_credentials = on_bad_credentials
        self._in_the_clear = api_url.startswith("http://")
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
        self._before_write()
        return self._request(verb, path, body=dict(body))[1]

    def query(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Read by GraphQL and return its `data`; raises as `get` does."""
        body = {"query": query, "variables": dict(variables)}
        headers, answer = self._request("POST", self._requester.graphql_url, body=body)
        data = answer.get("data") if isinstance(answer, dict) else None
        errors = answer.get("errors") if isinstance(answer, dict) else None
        if errors:
            raise graphql_error_for(errors, headers, self._now())
        if not isinstance(data, dict):
            raise Unavailable("GitHub's GraphQL answered without data.")
        return data

    def mutate(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any]:
        """Change something by GraphQL and return its `data`; raises as `get` does."""
        self._before_write()
        return self.query(query, variables)

    def close(self) -> None:
        """Close the connection."""
        self._requester.close()

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
                verb, path, parameters, {"Accept": "application/vnd.github+json"}, body
            )
        except RuntimeError as error:
            raise Refused(301, "GitHub answered with a redirect to another host.") from error
        except OSError as error:  # every exception of requests is one
            raise Unavailable(f"GitHub did not answer: {type(error).__name__}.") from error
        try:
            answer = json.loads(output) if output else None
        except (ValueError, RecursionError):
            answer = output
        if status == 401 and self._on_bad_credentials is not None:
            self._on_bad_credentials()
            raise Unavailable("GitHub no longer takes the installation's token.")
        error_meant = error_for(status, headers, answer, self._now())
        if redirected and status == 302:
            return headers, None
        if error_meant is not None:
            raise error_meant
        if isinstance(answer, str):
            raise Unavailable("GitHub answered with something that is no JSON.")
        return headers, answer


def _as_nobody(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """Without it a .netrc of the machine would be asked who we are."""
    return request
