from __future__ import annotations

import datetime as dt
import pickle
from typing import Any

import pytest

from bot.github import RateLimited, Refused, Unavailable
from bot.github.errors import error_for, graphql_error_for

NOW = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def seconds_until(headers: dict[str, str], status: int = 403, body: Any = None) -> float:
    error = error_for(status, headers, body, NOW)
    assert isinstance(error, RateLimited)
    return (error.until - NOW).total_seconds()


@pytest.mark.parametrize("status", [200, 201, 204])
def test_a_success_is_no_error(status: int) -> None:
    assert error_for(status, {}, {}, NOW) is None


@pytest.mark.parametrize("status", [403, 429])
def test_retry_after_is_obeyed(status: int) -> None:
    assert seconds_until({"retry-after": "17"}, status) == 17


def test_an_exhausted_limit_ends_with_its_reset() -> None:
    reset = str(int(NOW.timestamp()) + 40 * 60)
    headers = {"x-ratelimit-remaining": "0", "x-ratelimit-reset": reset}
    assert seconds_until(headers) == 40 * 60 + 1


def test_a_limit_without_a_time_means_a_minute() -> None:
    body = {"message": "You have exceeded a secondary rate limit."}
    assert seconds_until({}, 403, body) == 60
    assert seconds_until({}, 429) == 60


@pytest.mark.parametrize("value", ["soon", "-5", "99999999999999999999"])
def test_a_senseless_time_is_not_believed(value: str) -> None:
    assert 1 <= seconds_until({"retry-after": value}) <= 7200


def test_a_plain_403_is_an_answer_that_says_what_is_missing() -> None:
    error = error_for(403, {}, {"message": "Resource not accessible by integration"}, NOW)
    assert isinstance(error, Refused)
    assert error.status == 403
    assert error.message.endswith("(the App was not given the permission for it)")


def test_a_limit_survives_being_stored() -> None:
    limit = RateLimited(NOW, guessed=True)
    again = pickle.loads(pickle.dumps(limit))
    assert (again.until, again.guessed) == (NOW, True)


def test_a_refusal_keeps_the_details() -> None:
    body = {"message": "Validation Failed", "errors": ["line must be part of the diff", {"a": 1}]}
    error = error_for(422, {}, body, NOW)
    assert isinstance(error, Refused)
    assert error.message == "Validation Failed; line must be part of the diff"


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_a_fault_of_the_server_is_worth_another_try(status: int) -> None:
    assert isinstance(error_for(status, {}, "<html>", NOW), Unavailable)


def test_a_redirect_is_refused() -> None:
    assert isinstance(error_for(302, {"location": "https://evil.example"}, None, NOW), Refused)


def test_graphql_says_in_its_type_what_it_means() -> None:
    def meant(kind: str, message: str = "no") -> type[Exception]:
        return type(graphql_error_for([{"type": kind, "message": message}], {}, NOW))

    assert meant("STALE_DATA") is Refused
    assert meant("RATE_LIMITED") is RateLimited
    assert meant("", "Something went wrong while executing your query.") is Unavailable


@pytest.mark.parametrize("errors", [[], ["x"], [{}]])
def test_errors_of_an_unknown_shape_are_refusals(errors: list[Any]) -> None:
    assert isinstance(graphql_error_for(errors, {}, NOW), Refused)
