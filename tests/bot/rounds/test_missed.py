from __future__ import annotations

import asyncio
import datetime as dt
import json

import pytest

from bot.deliveries import deliveries
from bot.inbox import Inbox
from bot.rounds import missed as module
from bot.rounds.missed import MissedPullRequests
from bot.work import Job
from sandbox import Sandbox
from tests.bot.operations.world import World, vpc


class Around:
    """A repository whose webhooks nobody hears, an inbox, and the rounds."""

    def __init__(self, sandbox: Sandbox, inbox: Inbox) -> None:
        self.world = World(sandbox, {"stack.py": vpc(3)})
        self.inbox = inbox
        self.rounds = self.other_rounds()

    def other_rounds(self, later: dt.timedelta = dt.timedelta()) -> MissedPullRequests:
        def now() -> dt.datetime:
            return dt.datetime.now(dt.UTC) + later

        return MissedPullRequests(self.inbox, self.world.github.installations, now, dt.timedelta())

    def asked(self) -> list[Job]:
        return [Job.from_json(json.loads(each.job)) for each in self.inbox.waiting()]


@pytest.fixture
def around(sandbox: Sandbox, inbox: Inbox) -> Around:
    return Around(sandbox, inbox)


def test_a_pull_request_that_nothing_told_of_is_reviewed_as_if_it_had_been(around: Around) -> None:
    around.world.open({"stack.py": vpc()})
    assert around.rounds.look() == 1
    assert around.asked() == around.world.jobs()


def test_a_head_is_asked_for_once_and_the_next_one_again(around: Around) -> None:
    pull = around.world.open({"stack.py": vpc()})
    assert [around.rounds.look(), around.rounds.look()] == [1, 0]
    pull.push({"stack.py": vpc(2)})
    assert [around.rounds.look(), around.rounds.look()] == [1, 0]
    assert around.asked()[-1].head == pull.head_sha


def test_a_head_that_a_delivery_told_of_is_left_alone(around: Around) -> None:
    around.world.open({"stack.py": vpc()})
    told = deliveries("pull_request", "told", around.world.jobs())
    assert asyncio.run(around.inbox.put(*told))
    assert around.rounds.look() == 0


def test_a_closed_one_is_left_alone(around: Around) -> None:
    around.world.open({"stack.py": vpc()}).close(by="maria")
    assert around.rounds.look() == 0


def test_one_that_did_not_change_for_days_is_no_news(around: Around) -> None:
    around.world.open({"stack.py": vpc()})
    assert around.other_rounds(later=dt.timedelta(days=4)).look() == 0


def test_a_delivery_that_may_be_on_its_way_is_waited_for(around: Around) -> None:
    around.world.open({"stack.py": vpc()})
    hasty = MissedPullRequests(
        around.inbox, around.world.github.installations, lambda: dt.datetime.now(dt.UTC)
    )
    assert hasty.look() == 0


def test_a_suspended_installation_is_left_out(around: Around) -> None:
    around.world.open({"stack.py": vpc()})
    around.world.installation.suspended_at = dt.datetime.now(dt.UTC)
    assert around.rounds.look() == 0


def test_a_round_is_bounded_and_the_next_one_goes_on(
    around: Around, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_MOST_LOOKS", 1)
    sandbox = around.world.sandbox
    around.world.open({"stack.py": vpc()})
    other = sandbox.add_repository(
        "acme/other", files={"a.py": ""}, collaborators={"maria": "write"}
    )
    around.world.installation.repositories.append(other.record)
    other.open_pull_request(author="maria", title="x", branch="x", files={"a.py": "#"})
    assert [around.rounds.look() for _ in range(3)] == [1, 1, 0]
