from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa

from bot.github import Unavailable
from bot.rounds.redelivery import redeliver
from bot.store import open_store, sqlite_url
from sandbox import Sandbox, serve
from tests.bot.github import contract
from tests.bot.github.host import Answer, host
from tests.bot.github.test_app import app
from tests.bot.operations.world import World, vpc

NOW = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)


@pytest.fixture
def store(database_url: str) -> Iterator[sa.Engine]:
    store = open_store(database_url)
    yield store
    store.dispose()


def attempt(number: int, guid: str, status: int, minutes: float = 1) -> dict[str, object]:
    at = NOW - dt.timedelta(minutes=minutes)
    return {
        "id": number,
        "guid": guid,
        "delivered_at": at.isoformat().replace("+00:00", "Z"),
        "status_code": status,
    }


def asked_for(
    store: sa.Engine, *pages: list[dict[str, object]], done_until: float = 0
) -> list[int]:
    """The numbers of the attempts that are repeated, when GitHub lists these pages."""
    link = '<https://elsewhere.example/x?per_page=100&cursor=v1_{}>; rel="next"'
    listed = [
        Answer(page, headers={"link": link.format(n)} if n < len(pages) - 1 else {})
        for n, page in enumerate(pages)
    ]
    with host(*listed, Answer({}, 202)) as server:
        redeliver(store, app(server).hook, done_until, lambda: NOW)
        assert all("elsewhere" not in headers["host"] for _, _, headers, _ in server.asked)
        paths = [
            path.split("?")[0].split("/") for method, path, _, _ in server.asked if method == "POST"
        ]
        cursors = [
            parse_qs(urlsplit(path).query)["cursor"]
            for _, path, _, _ in server.asked[1 : len(pages)]
        ]
        assert cursors == [[f"v1_{n}"] for n in range(len(pages) - 1)]
    return [int(path[-2]) for path in paths]


def test_what_failed_every_time_is_asked_for_by_its_newest_attempt(store: sa.Engine) -> None:
    listed = [
        attempt(9, "again", 502, 1),
        attempt(8, "done", 202, 2),
        attempt(7, "again", 0, 3),
        attempt(6, "done", 500, 4),
        attempt(5, "first", 503, 5),
    ]
    assert asked_for(store, listed) == [5, 9]


def test_pages_are_followed_by_their_cursor_and_to_no_other_host(store: sa.Engine) -> None:
    pages = (
        [attempt(3, "c", 500)],
        [attempt(2, "b", 202)],
        [attempt(1, "c", 500), attempt(0, "a", 0)],
    )
    assert asked_for(store, *map(list, pages)) == [0, 3]


def test_what_the_last_round_saw_is_not_looked_at_again(store: sa.Engine) -> None:
    an_hour_ago = (NOW - dt.timedelta(hours=1)).timestamp()
    listed = [attempt(3, "c", 500, 70), attempt(2, "b", 500, 90)]
    assert asked_for(store, listed, done_until=an_hour_ago) == [3]


def test_a_delivery_is_not_asked_for_without_end(store: sa.Engine) -> None:
    asked = [asked_for(store, [attempt(number, "never", 401)]) for number in range(5)]
    assert asked == [[0], [1], [2], [], []]


def test_an_attempt_that_github_does_not_repeat_stops_no_other(store: sa.Engine) -> None:
    listed = Answer([attempt(2, "b", 500), attempt(1, "a", 500)])
    with host(listed, Answer({"message": "Not Found"}, 404), Answer({}, 202)) as server:
        redeliver(store, app(server).hook, 0, lambda: NOW)
        assert len(server.asked) == 3


@pytest.mark.parametrize("body", [[{"id": "x"}], [1], {"message": "?"}])
def test_a_list_that_is_none_is_no_answer(store: sa.Engine, body: object) -> None:
    with host(Answer(body)) as server, pytest.raises(Unavailable):
        redeliver(store, app(server).hook, 0, lambda: NOW)


def test_the_requests_are_what_github_describes(tmp_path: Path) -> None:
    store = open_store(sqlite_url(tmp_path / "store.sqlite"))
    with Sandbox(tmp_path / "github") as sandbox, serve(sandbox):
        world = World(sandbox, {"stack.py": vpc(3)})
        world.open({"stack.py": vpc()})
        sandbox.settle()
        missed = [each.guid for each in sandbox.deliveries]
        redeliver(store, world.github.hook, 0, lambda: dt.datetime.now(dt.UTC))
        sandbox.settle()
        assert sorted(each.guid for each in sandbox.deliveries if each.redelivery) == sorted(missed)
        assert contract.problems(sandbox.requests) == []
    store.dispose()
