from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import github
import pytest

from bot.github import RateLimited, Refused, Unavailable, wire
from bot.github.wire import Manners, Wire
from tests.bot.github.host import Answer, Host, host


def now() -> dt.datetime:
    return dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


def to(server: Host, **options: Any) -> Wire:
    return Wire(github.Auth.Token("secret"), server.url, now, **options)


def test_a_read_brings_json() -> None:
    with host(Answer({"a": 1})) as server:
        assert to(server).get("/repos/x/y", {"page": "2"})["a"] == 1
        method, path, headers, _ = server.asked[0]
    assert (method, path) == ("GET", "/api/v3/repos/x/y?page=2")
    assert headers["authorization"] == "token secret"
    assert headers["x-github-api-version"] == "2022-11-28"


def test_graphql_is_next_to_rest() -> None:
    with host(Answer({"data": {"viewer": {"login": "x"}}})) as server:
        assert to(server).query("{viewer{login}}", {}) == {"viewer": {"login": "x"}}
        assert server.asked[0][1] == "/api/graphql"


@pytest.mark.parametrize("status", [500, 502, 504])
def test_a_write_is_sent_once_whatever_comes_back(status: int) -> None:
    with host(Answer({}, status)) as server:
        with pytest.raises(Unavailable):
            to(server).write("POST", "/x", {"a": 1})
        assert len(server.asked) == 1


@pytest.mark.parametrize(
    "answer",
    [Answer(b"<html>fine</html>"), Answer(b'{"a": ', 200), Answer({"a": 1}, short=True)],
    ids=["HTML", "half a JSON", "short body"],
)
def test_an_answer_that_is_none_is_worth_another_try(answer: Answer) -> None:
    with host(answer) as server:
        with pytest.raises(Unavailable):
            to(server).write("POST", "/x", {"a": 1})
        assert len(server.asked) == 1


def test_a_server_that_stalls_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "TIMEOUT_SECONDS", 1)
    with host(Answer({}, delay=3)) as server:
        with pytest.raises(Unavailable):
            to(server).write("POST", "/x", {"a": 1})
        assert len(server.asked) == 1


def test_a_server_that_is_not_there_is_worth_another_try() -> None:
    with host(Answer({})) as server:
        gone = to(server)
    with pytest.raises(Unavailable):
        gone.get("/x")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_leads_to_another_host(status: int) -> None:
    with host(Answer({})) as other:
        elsewhere = other.url.replace("127.0.0.1", "localhost")
        with host(Answer({}, status, {"Location": f"{elsewhere}/x"})) as server:
            with pytest.raises(Refused):
                to(server).get("/x")
            with pytest.raises(Refused):
                to(server).write("POST", "/x", {"a": 1})
        assert other.asked == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_no_redirect_is_followed_on_the_same_host_either(status: int) -> None:
    moved = {"Location": "http://127.0.0.1/api/v3/y"}
    with host(Answer({}, status, moved), Answer({"a": 1})) as server:
        with pytest.raises(Refused):
            to(server).get("/x")
        assert len(server.asked) == 1


def test_nobody_sleeps_over_an_answer_that_is_not_there_yet() -> None:
    with host(Answer({}, 202)) as server:
        with pytest.raises(Unavailable):
            to(server).get("/x")
        assert len(server.asked) == 1


def test_a_write_may_be_accepted_for_later() -> None:
    with host(Answer({}, 202)) as server:
        assert to(server).write("POST", "/x", {}) == {}


@pytest.mark.parametrize("name", ["X-RateLimit-Reset", "X-RateLimit-Limit"])
def test_a_header_that_is_no_number_is_worth_another_try(name: str) -> None:
    headers = {"X-RateLimit-Remaining": "5", "X-RateLimit-Limit": "5", name: "soon"}
    with host(Answer({"a": 1}, headers=headers)) as server, pytest.raises(Unavailable):
        to(server).get("/x")


def test_a_limit_is_reported_and_not_slept_away() -> None:
    with host(Answer({}, 429, {"Retry-After": "600"})) as server:
        with pytest.raises(RateLimited) as caught:
            to(server).get("/x")
        assert caught.value.until == now() + dt.timedelta(seconds=600)
        assert len(server.asked) == 1


class Listening(Manners):
    """Writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[str] = []

    def before_write(self, creations: int) -> None:
        self.told.append(f"write {creations}")

    def limited(self, limit: RateLimited) -> RateLimited:
        self.told.append("limited")
        return limit

    def answered(self) -> None:
        self.told.append("answered")

    def is_stale(self) -> bool:
        self.told.append("stale")
        return True


def test_a_dead_token_is_forgotten_and_worth_another_try() -> None:
    manners = Listening()
    with host(Answer({"message": "Bad credentials"}, 401)) as server:
        with pytest.raises(Unavailable):
            to(server, manners=manners).get("/x")
        assert manners.told == ["stale"]
        with pytest.raises(Refused):
            to(server).get("/x")


@pytest.mark.parametrize(
    ("act", "creations"),
    [
        (lambda it: it.write("POST", "/x", {}), 1),
        (lambda it: it.write("POST", "/x", {"comments": [1, 2, 3]}), 4),
        (lambda it: it.write("PATCH", "/x", {}), 0),
        (lambda it: it.mutate("mutation{a}", {}), 0),
    ],
)
def test_every_write_asks_for_its_turn(act: Callable[[Wire], Any], creations: int) -> None:
    manners = Listening()
    with host(Answer({"data": {}, "id": 1})) as server:
        client = to(server, manners=manners)
        client.get("/x")
        client.query("{a}", {})
        assert manners.told == ["answered", "answered"]
        act(client)
        assert manners.told[2:] == [f"write {creations}", "answered"]


LIMITED = {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded."}]}


def test_a_limit_of_graphql_comes_with_a_success() -> None:
    manners = Listening()
    reset = str(int(now().timestamp()) + 40 * 60)
    headers = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": reset}
    with host(Answer(LIMITED, 200, headers)) as server, pytest.raises(RateLimited) as caught:
        to(server, manners=manners).query("{a}", {})
    assert caught.value.until == now() + dt.timedelta(minutes=40, seconds=1)
    assert manners.told == ["limited"]


def test_graphql_without_data_is_worth_another_try() -> None:
    with host(Answer({"data": None})) as server, pytest.raises(Unavailable):
        to(server).query("{a}", {})


def test_graphql_that_refuses_is_refused() -> None:
    answer = Answer({"data": None, "errors": [{"type": "STALE_DATA", "message": "moved"}]})
    with host(answer) as server, pytest.raises(Refused) as caught:
        to(server).mutate("mutation{a}", {})
    assert caught.value.kind == "STALE_DATA"
