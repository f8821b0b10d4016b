from __future__ import annotations

import datetime as dt
import json
import time
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.github import PERMISSIONS, READING_CODE, GitHub, RateLimited, Refused, Unavailable
from tests.bot.github.host import Answer, Host, host

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PEM = KEY.private_bytes(
    serialization.Encoding.PEM,
    serialization.PrivateFormat.TraditionalOpenSSL,
    serialization.NoEncryption(),
).decode()


class Clock:
    def __init__(self) -> None:
        self.time = dt.datetime.now(dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.time


def token(value: str = "secret", hours: float = 1) -> Answer:
    expires = dt.datetime.now(dt.UTC) + dt.timedelta(hours=hours)
    return Answer({"token": value, "expires_at": expires.isoformat()}, 201)


def app(server: Host, clock: Clock | None = None) -> GitHub:
    return GitHub(41, PEM, server.url, write_pace_seconds=0, now=clock or Clock())


def test_the_app_signs_for_less_than_ten_minutes_and_a_minute_back() -> None:
    with host(token()) as server:
        app(server).repository(5, 7, "acme/payments")
        _, path, headers, _ = server.asked[0]
    assert path == "/api/v3/app/installations/5/access_tokens"
    signed = headers["authorization"].removeprefix("Bearer ")
    claims = jwt.decode(signed, KEY.public_key(), algorithms=["RS256"])
    assert claims["iss"] == "41"
    assert 59 <= time.time() - claims["iat"] <= 65
    assert 0 < claims["exp"] - time.time() <= 600
    assert claims["exp"] - claims["iat"] <= 600


def test_a_token_is_narrowed_to_one_repository() -> None:
    with host(token()) as server:
        app(server).repository(5, 7, "acme/payments")
        body = json.loads(server.asked[0][3])
    assert body == {"repository_ids": [7], "permissions": PERMISSIONS}


def test_a_token_serves_until_shortly_before_it_expires() -> None:
    clock = Clock()
    with host(token()) as server:
        github = app(server, clock)
        github.repository(5, 7, "acme/payments")
        clock.time += dt.timedelta(minutes=50)
        github.repository(5, 7, "acme/payments")
        assert len(server.asked) == 1
        clock.time += dt.timedelta(minutes=6)
        github.repository(5, 7, "acme/payments")
        assert len(server.asked) == 2


def test_no_token_serves_two_repositories_or_installations() -> None:
    with host(token()) as server:
        github = app(server)
        for place in [(5, 7), (5, 8), (6, 7)]:
            github.repository(*place, "acme/payments")
        assert len(server.asked) == 3


def test_a_token_that_github_no_longer_takes_is_replaced() -> None:
    answers = [token("old"), Answer({"message": "Bad credentials"}, 401), token("new"), Answer([])]
    with host(*answers) as server:
        github = app(server)
        with pytest.raises(Unavailable):
            github.repository(5, 7, "acme/payments").changed_files(1)
        assert github.repository(5, 7, "acme/payments").changed_files(1) == []
        assert server.asked[3][2]["authorization"] == "token new"


def test_an_installation_that_is_gone_is_a_refusal() -> None:
    with host(Answer({"message": "Not Found"}, 404)) as server, pytest.raises(Refused):
        app(server).repository(5, 7, "acme/payments")


@pytest.mark.parametrize("body", [None, [], {}, {"token": "x", "expires_at": "soon"}])
def test_a_token_of_another_shape_is_worth_another_try(body: object) -> None:
    with host(Answer(body, 201)) as server, pytest.raises(Unavailable):
        app(server).repository(5, 7, "acme/payments")


def test_a_token_for_talking_is_another_one_than_that_for_commits() -> None:
    with host(token()) as server:
        github = app(server)
        github.repository(5, 7, "acme/payments", READING_CODE)
        github.repository(5, 7, "acme/payments")
        github.repository(5, 7, "acme/payments", READING_CODE)
        asked = [json.loads(body)["permissions"]["contents"] for _, _, _, body in server.asked]
    assert asked == ["read", "write"]


@pytest.mark.parametrize(
    ("status", "message", "kind", "gone"),
    [
        (404, "Not Found", "GONE", True),
        (403, "This installation has been suspended", "GONE", True),
        (
            422,
            "There is at least one repository that does not exist or is not accessible.",
            "GONE",
            True,
        ),
        (
            422,
            "The permissions requested are not granted to this installation.",
            "PERMISSIONS_MISSING",
            False,
        ),
        (422, "Something else", "", False),
    ],
)
def test_a_refused_token_says_what_it_means(
    status: int, message: str, kind: str, gone: bool
) -> None:
    with host(Answer({"message": message}, status)) as server, pytest.raises(Refused) as caught:
        app(server).repository(5, 7, "acme/payments")
    assert (caught.value.kind, caught.value.is_gone) == (kind, gone)


def named(full_name: str) -> Answer:
    body: dict[str, Any] = dict(token().body)
    return Answer(body | {"repositories": [{"id": 7, "full_name": full_name}]}, 201)


def test_a_repository_is_addressed_by_the_name_that_it_has_now() -> None:
    with host(named("acme/billing"), Answer([])) as server:
        app(server).repository(5, 7, "acme/payments").changed_files(1)
        assert server.asked[1][1].startswith("/api/v3/repos/acme/billing/pulls/1/files?")


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_renamed_repository_is_asked_for_anew_and_keeps_its_pages(status: int) -> None:
    moved = {"Location": "http://127.0.0.1/api/v3/repositories/7/pulls/1/files"}
    answers = [named("acme/payments"), Answer({}, status, moved), named("acme/billing"), Answer([])]
    with host(*answers) as server:
        github = app(server)
        with pytest.raises(Unavailable):
            github.repository(5, 7, "acme/payments").changed_files(1)
        assert github.repository(5, 7, "acme/payments").changed_files(1) == []
        assert server.asked[3][1] == "/api/v3/repos/acme/billing/pulls/1/files?page=1&per_page=100"


def test_another_repository_of_the_old_name_is_not_taken_for_the_old_one() -> None:
    stranger = {"data": {"repository": {"databaseId": 8, "pullRequest": {"number": 1}}}}
    with host(named("acme/payments"), Answer(stranger), named("acme/billing")) as server:
        github = app(server)
        with pytest.raises(Unavailable):
            github.repository(5, 7, "acme/payments").pull_request(1)
        github.repository(5, 7, "acme/payments")
        assert len(server.asked) == 3


def test_nobody_asks_before_the_time_that_github_named() -> None:
    clock = Clock()
    with host(token(), Answer({}, 429, {"Retry-After": "2400"}), token(), Answer([])) as server:
        github = app(server, clock)
        with pytest.raises(RateLimited):
            github.repository(5, 7, "acme/payments").changed_files(1)
        with pytest.raises(RateLimited) as caught:
            github.repository(5, 7, "acme/payments")
        assert caught.value.until == clock.time + dt.timedelta(minutes=40)
        assert len(server.asked) == 2
        github.repository(6, 8, "acme/other")  # another installation has a limit of its own
        clock.time += dt.timedelta(minutes=41)
        assert github.repository(5, 7, "acme/payments").changed_files(1) == []
