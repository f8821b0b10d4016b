"""The connection under a `Wire`: what PyGithub would do by itself with some answers, it can't here.

PyGithub follows a 301 without the query, so that a list of changed files would lose its pages, and
sleeps over a 202. Both statuses are shown to it as others that mean the same.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from github.Requester import (
    HTTPRequestsConnectionClass,
    HTTPSRequestsConnectionClass,
    RequestsResponse,
)


class PlainConnection(HTTPRequestsConnectionClass):
    """Over HTTP, for a stand-in."""

    def getresponse(self) -> RequestsResponse:
        """The answer, with a status that makes PyGithub do nothing."""
        return _inert(super().getresponse(), self.verb)


class SecureConnection(HTTPSRequestsConnectionClass):
    """Over TLS. A CA bundle and a proxy are taken from the environment, as requests does."""

    def getresponse(self) -> RequestsResponse:
        """The answer, with a status that makes PyGithub do nothing."""
        return _inert(super().getresponse(), self.verb)


def connection(api_url: str, timeout_seconds: int) -> PlainConnection | SecureConnection:
    """A connection to the host of an address, which nothing is sent to yet."""
    address = urlsplit(api_url)
    kind = SecureConnection if address.scheme == "https" else PlainConnection
    return kind(address.hostname or "", address.port, timeout=timeout_seconds)


def _inert(response: RequestsResponse, verb: str) -> RequestsResponse:
    if response.status == 301:
        response.status = 308  # moved for good, too
    elif response.status == 202 and verb == "GET":
        response.status = 503  # there is no answer yet
    return response
