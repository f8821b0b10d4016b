from __future__ import annotations

import datetime as dt
import json
import time

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from bot.github import PERMISSIONS, GitHub, Refused, Unavailable
from bot.github.app import Pace
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


def test_writes_of_one_installation_are_kept_apart() -> None:
    pace = Pace(0.5)
    start = time.monotonic()
    for installation in (1, 1, 2, 1):
        pace.wait(installation)
    assert 1.0 <= time.monotonic() - start < 1.5  # a third wait would be for the other one


def test_no_pace_is_no_wait() -> None:
    pace = Pace(0)
    start = time.process_time()
    for _ in range(1000):
        pace.wait(1)
    assert time.process_time() - start < 0.1
