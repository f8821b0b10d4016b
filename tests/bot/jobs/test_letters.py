from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.github import Refused
from bot.jobs import DeadLetters, QueueDepth
from bot.operations import Outcome, Result
from bot.operations.context import Step
from bot.store import is_shared
from bot.work import Job, ReportFailure
from tests.bot.job_bench import Bench, review, until


@pytest.fixture
def bench(tmp_path: Path, database_url: str) -> Iterator[Bench]:
    bench = Bench(tmp_path, database_url if is_shared(database_url) else "")
    yield bench
    bench.close()


class Stubborn:
    """Refuses reviews until it is told better."""

    def __init__(self) -> None:
        self.refuses = True
        self.done: list[Job] = []

    def __call__(self, job: Job, step: Step) -> Outcome:
        if self.refuses and not isinstance(job, ReportFailure):
            raise Refused(403, "Resource not accessible")
        step("write", self.done.append, job)
        return Outcome(Result.DONE)


def test_a_dead_letter_is_tried_again_once_and_listed_no_more(bench: Bench) -> None:
    stubborn = Stubborn()
    bench.put("one", review())
    jobs = bench.start(stubborn)
    until(jobs.dead_letters)
    letters = DeadLetters(bench.url)
    [letter] = letters.list()
    assert letter.id == "one"
    assert json.loads(letter.job) == review().to_json()
    until(lambda: len(stubborn.done) == 1)  # the report
    stubborn.refuses = False
    assert letters.retry("one")
    assert letters.retry("one")
    until(lambda: review() in stubborn.done)
    assert letters.list() == []
    assert stubborn.done.count(review()) == 1
    letters.close()


def test_one_that_fails_again_is_a_dead_letter_again(bench: Bench) -> None:
    bench.put("one", review())
    jobs = bench.start(Stubborn())
    until(jobs.dead_letters)
    letters = DeadLetters(bench.url)
    letters.retry("one")
    until(lambda: [letter.id for letter in letters.list()] == ["one~again"])
    letters.close()


def test_what_was_not_given_up_is_not_tried_again(bench: Bench) -> None:
    stubborn = Stubborn()
    stubborn.refuses = False
    bench.put("one", review())
    bench.start(stubborn)
    until(lambda: stubborn.done)
    letters = DeadLetters(bench.url)
    assert not letters.retry("one")
    assert not letters.retry("two")
    letters.close()


def test_the_depth_tells_what_waits_and_what_was_given_up(bench: Bench) -> None:
    bench.put("one", review())
    jobs = bench.start(Stubborn())
    until(jobs.dead_letters)
    depth = QueueDepth(bench.url)
    until(lambda: depth.read().numbers == {"queued": 0, "delayed": 0, "running": 0})
    assert depth.read().dead == 1
    assert depth.read().since == 0
    bench.stop()
    bench.start(Stubborn(), debounce_seconds=60)
    bench.put("two", review(4))
    until(lambda: depth.read().numbers["delayed"] == 1)
    depth.close()
