from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot import store as store_module
from bot.inbox import Backlog, Delivery, Inbox, InboxError
from bot.store import connect, open_store, sqlite_url
from bot.store.tables import DELIVERY


@pytest.fixture
def inbox(database_url: str) -> Iterator[Inbox]:
    store = open_store(database_url)
    inbox = Inbox(store)
    yield inbox
    inbox.close()
    store.dispose()


def _put(inbox: Inbox, delivery: Delivery) -> bool:
    return asyncio.run(inbox.put(delivery))


def _named(name: str) -> Delivery:
    return Delivery(name, "pull_request", "{}")


def _told(name: str, updated_at: str) -> Delivery:
    return Delivery(name, "pull_request", "{}", "11#3", "a" * 40, updated_at)


def test_a_put_that_returned_is_seen_by_another_connection(inbox: Inbox, database_url: str) -> None:
    assert _put(inbox, _named("one"))
    other = open_store(database_url)
    with other.connect() as connection:
        assert connection.execute(sa.select(DELIVERY.c.id)).fetchall() == [("one",)]
    other.dispose()


def test_of_one_delivery_ten_times_at_once_one_is_new(inbox: Inbox) -> None:
    with ThreadPoolExecutor(10) as threads:
        news = list(threads.map(lambda _: _put(inbox, _named("one")), range(10)))
    assert sorted(news) == [False] * 9 + [True]
    assert inbox.waiting() == [_named("one")]


def test_deliveries_wait_in_their_order_until_they_are_dispatched(inbox: Inbox) -> None:
    for name in ("one", "two", "three"):
        _put(inbox, _named(name))
    inbox.dispatched(["one", "three"])
    assert inbox.waiting() == [_named("two")]


def test_nobody_waits_behind_the_flood_of_another(inbox: Inbox) -> None:
    flood = [replace(_named(f"flood-{number}"), tenant="7") for number in range(50)]
    others = [replace(_named(f"other-{number}"), tenant="8") for number in range(2)]
    assert asyncio.run(inbox.put(*flood, *others))
    waiting = [delivery.id for delivery in inbox.waiting(5)]
    assert waiting == ["flood-0", "other-0", "flood-1", "other-1", "flood-2"]
    assert [delivery.id for delivery in inbox.waiting(5, without={"7"})] == ["other-0", "other-1"]


def test_the_jobs_of_one_delivery_are_stored_together(inbox: Inbox) -> None:
    jobs = [_named("one"), _named("one/1"), _named("one/2")]
    assert asyncio.run(inbox.put(*jobs))
    assert inbox.waiting() == jobs
    assert not asyncio.run(inbox.put(*jobs))


def test_a_dispatched_delivery_that_comes_again_is_not_new(inbox: Inbox) -> None:
    _put(inbox, _named("one"))
    inbox.dispatched(["one"])
    assert not _put(inbox, _named("one"))
    assert inbox.waiting() == []


def test_many_deliveries_share_a_commit(inbox: Inbox) -> None:
    async def flood() -> list[bool]:
        return await asyncio.gather(*(inbox.put(_named(f"d-{n}")) for n in range(300)))

    commits: list[object] = []
    sa.event.listen(inbox._store, "commit", commits.append)
    assert asyncio.run(flood()) == [True] * 300
    assert len(commits) < 30
    assert len(inbox.waiting(1000)) == 300


def test_the_event_loop_runs_while_deliveries_wait_for_the_disk(inbox: Inbox) -> None:
    async def scenario() -> float:
        loop = asyncio.get_running_loop()
        puts = asyncio.gather(*(inbox.put(_named(f"d-{n}")) for n in range(200)))
        longest = 0.0
        while not puts.done():
            before = loop.time()
            await asyncio.sleep(0)
            longest = max(longest, loop.time() - before)
        await puts
        return longest

    assert asyncio.run(scenario()) < 0.5


def test_the_newest_word_about_a_pull_request_wins_in_any_order(inbox: Inbox) -> None:
    _put(inbox, _told("second", "2026-01-31T12:00:05Z"))
    _put(inbox, _told("first", "2026-01-31T12:00:00Z"))
    assert inbox.newest("11#3") == "second"
    _put(inbox, _told("third", "2026-01-31T12:00:05Z"))
    assert inbox.newest("11#3") == "third"
    assert not _put(inbox, _told("second", "2026-01-31T12:00:05Z"))
    assert inbox.newest("11#3") == "third"
    assert inbox.newest("11#4") == ""


def test_a_head_that_a_delivery_told_of_is_seen(inbox: Inbox) -> None:
    _put(inbox, _told("first", "2026-01-31T12:00:00Z"))
    assert inbox.has_seen("11#3", "a" * 40)
    assert not inbox.has_seen("11#3", "b" * 40)
    assert not inbox.has_seen("11#4", "a" * 40)


def test_the_backlog_is_what_was_not_handed_over(inbox: Inbox) -> None:
    assert inbox.backlog() == Backlog(0, 0.0)
    before = time.time()
    for name in ("one", "two", "three"):
        _put(inbox, _named(name))
    inbox.dispatched(["one"])
    backlog = inbox.backlog()
    assert backlog.waiting == 2
    assert before <= backlog.since <= time.time()


def test_a_locked_database_is_an_error_and_not_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store_module, "_BUSY_SECONDS", 0.05)
    inbox = Inbox(open_store(sqlite_url(tmp_path / "inbox.sqlite")))
    other = sqlite3.connect(tmp_path / "inbox.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(InboxError, match="locked"):
        _put(inbox, _named("one"))
    other.execute("ROLLBACK")
    other.close()
    assert inbox.waiting() == []
    assert _put(inbox, _named("one"))
    inbox.close()


def test_a_full_disk_is_an_error_and_what_was_answered_stays(tmp_path: Path) -> None:
    store = open_store(sqlite_url(tmp_path / "inbox.sqlite"))
    inbox = Inbox(store)
    _put(inbox, _named("one"))
    with store.connect() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        # The pool has one connection, which the inbox gets next.
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(InboxError, match="full"):
        _put(inbox, Delivery("two", "pull_request", "x" * 100_000))
    assert inbox.waiting() == [_named("one")]
    inbox.close()


def test_a_database_damaged_under_way_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "inbox.sqlite"
    store = open_store(sqlite_url(path))
    inbox = Inbox(store)
    for number in range(50):
        _put(inbox, Delivery(f"d-{number}", "pull_request", "x" * 10_000))
    inbox.close()
    store.dispose()
    size = path.stat().st_size
    path.write_bytes(path.read_bytes()[:4096] + b"\xff" * (size - 4096))
    damaged = Inbox(connect(sqlite_url(path)))
    with pytest.raises(InboxError):
        _put(damaged, _named("one"))
    damaged.close()


def test_a_closed_inbox_takes_nothing(inbox: Inbox) -> None:
    inbox.close()
    with pytest.raises(InboxError, match="closed"):
        _put(inbox, _named("one"))
