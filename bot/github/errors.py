"""What GitHub's answers mean: wait, try again, or take no for an answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

_WITHOUT_A_HINT = dt.timedelta(seconds=60)
"""GitHub: wait at least one minute where an answer names no time."""

_INACCESSIBLE = "Resource not accessible by integration"
"""What GitHub says where a permission is missing."""

_AT_MOST = dt.timedelta(hours=2)
"""A primary limit resets within the hour; a header that says more is not believed."""


class GitHubError(Exception):
    """Anything that came instead of the answer."""


class RateLimited(GitHubError):  # noqa: N818 - it is an instruction to wait, not a fault
    """GitHub asks to come back at `until`, a time with zone, `guessed` where it named none."""

    def __init__(self, until: dt.datetime, guessed: bool = False) -> None:
        """Remember when to come back."""
        super().__init__(until, guessed)  # an error is pickled as its arguments
        self.until = until
        self.guessed = guessed

    def __str__(self) -> str:
        """The sentence for the log."""
        return f"GitHub asks to wait until {self.until:%Y-%m-%d %H:%M:%S %Z}."


class Unavailable(GitHubError):  # noqa: N818 - as above
    """No usable answer came: try again later. A write may have landed, so look first."""


GONE = "GONE"
"""The kind of a refusal because the App or the repository is no longer there."""

PERMISSIONS_MISSING = "PERMISSIONS_MISSING"
"""The kind of a refusal because nobody gave the App a permission that it asks for."""


class Refused(GitHubError):  # noqa: N818 - as above
    """GitHub said no, and would say it again: `status` is 0 for an answer of GraphQL."""

    def __init__(self, status: int, message: str, kind: str = "") -> None:
        """Keep the status, GitHub's sentence, and GraphQL's error type such as `STALE_DATA`.

        The kinds `GONE` and `PERMISSIONS_MISSING` are this program's own.
        """
        super().__init__(status, message, kind)
        self.status = status
        self.message = message
        self.kind = kind

    @property
    def is_gone(self) -> bool:
        """Whether what was asked for is not there, or no longer for this App to see."""
        return self.status in {404, 410, 451} or self.kind in {GONE, "NOT_FOUND"}

    def __str__(self) -> str:
        """The sentence for the log."""
        return f"GitHub refused ({self.kind or self.status}): {self.message}"


def error_for(
    status: int, headers: Mapping[str, str], body: Any, now: dt.datetime
) -> GitHubError | None:
    """The error that a REST answer stands for, or None where it is a success.

    Args:
        status: the HTTP status.
        headers: with names in lower case.
        body: the decoded JSON, or anything else that came.
        now: the time of the answer, with zone.
    """
    if status < 300:
        return None
    message = _message(body)
    if status == 429 or (status == 403 and _is_rate_limit(headers, message)):
        return _limit(headers, now)
    if status >= 500 or status == 408:
        return Unavailable(f"GitHub answered {status}.")
    if status < 400:
        return Refused(status, "GitHub answered with a redirect, which is not followed.")
    if status == 403 and "suspended" in message.lower():
        return Refused(status, message, GONE)
    if message == _INACCESSIBLE:
        message += " (the App was not given the permission for it)"
    return Refused(status, message or "no reason given")


def graphql_error_for(
    errors: list[Any], headers: Mapping[str, str], now: dt.datetime
) -> GitHubError:
    """The error that GraphQL's `errors` stand for; GraphQL answers 200 all the same."""
    first = errors[0] if errors and isinstance(errors[0], dict) else {}
    kind = str(first.get("type", ""))
    message = str(first.get("message", "no reason given"))
    if kind in {"RATE_LIMITED", "RATE_LIMIT"} or "rate limit" in message.lower():
        return _limit(headers, now)
    if not kind and "something went wrong" in message.lower():
        return Unavailable(f"GitHub's GraphQL answered: {message}")
    return Refused(0, message, kind)


def _message(body: Any) -> str:
    if not isinstance(body, dict):
        return ""
    errors = body.get("errors")
    parts = [
        str(part.get("message", "")) if isinstance(part, dict) else str(part)
        for part in [body, *(errors if isinstance(errors, list) else [])]
    ]
    return "; ".join(part for part in parts if part)[:1000]


def _is_rate_limit(headers: Mapping[str, str], message: str) -> bool:
    return (
        "retry-after" in headers
        or headers.get("x-ratelimit-remaining") == "0"
        or "rate limit" in message.lower()
    )


def _limit(headers: Mapping[str, str], now: dt.datetime) -> RateLimited:
    wait = None
    try:
        if "retry-after" in headers:
            wait = dt.timedelta(seconds=int(headers["retry-after"]))
        elif headers.get("x-ratelimit-remaining") == "0" and "x-ratelimit-reset" in headers:
            reset = dt.datetime.fromtimestamp(int(headers["x-ratelimit-reset"]), dt.UTC)
            wait = reset - now + dt.timedelta(seconds=1)
    except (ValueError, OverflowError, OSError):
        wait = None
    if wait is None:
        return RateLimited(now + _WITHOUT_A_HINT, guessed=True)
    return RateLimited(now + min(max(wait, dt.timedelta(seconds=1)), _AT_MOST))
