from __future__ import annotations

import datetime as dt
import json

import pytest

from bot.inbox import Inbox
from bot.rounds.daily import DailyVisits
from bot.work import Job, RevisitRepository
from sandbox import Sandbox
from tests.bot.operations.world import World

TODAY = dt.datetime(2026, 1, 31, 12, tzinfo=dt.UTC)


class Around:
    """An installation on one repository in which nothing is open, and an inbox."""

    def __init__(self, sandbox: Sandbox, inbox: Inbox) -> None:
        self.world = World(sandbox, {"README.md": "Payments\n"})
        self.inbox = inbox
        self.time = TODAY

    def visits(self) -> DailyVisits:
        return DailyVisits(self.inbox, self.world.github.installations, lambda: self.time)


@pytest.fixture
def around(sandbox: Sandbox, inbox: Inbox) -> Around:
    return Around(sandbox, inbox)


def test_every_repository_is_visited_once_a_day(around: Around) -> None:
    visits = around.visits()
    assert [visits.ask(), visits.ask()] == [1, 0]
    around.time += dt.timedelta(days=1)
    assert visits.ask() == 1
    jobs = [Job.from_json(json.loads(each.job)) for each in around.inbox.waiting()]
    assert [type(job) for job in jobs] == [RevisitRepository] * 2
    assert {job.repository_id for job in jobs} == {around.world.repository.id}


def test_another_process_asks_for_no_second_visit(around: Around) -> None:
    assert [around.visits().ask(), around.visits().ask()] == [1, 0]


def test_a_day_that_was_asked_for_costs_no_request(around: Around) -> None:
    visits = around.visits()
    visits.ask()
    seen = len(around.world.requests())
    visits.ask()
    assert len(around.world.requests()) == seen


def test_a_suspended_installation_is_left_out(around: Around) -> None:
    around.world.sandbox.suspend(around.world.installation)
    assert around.visits().ask() == 0
