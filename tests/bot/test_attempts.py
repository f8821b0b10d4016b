from __future__ import annotations

import json

from bot.attempts import MOST_FAILURES, Attempt, partition
from tests.bot.job_bench import review


def _first(delivery: str = "d-1") -> Attempt:
    return Attempt(json.dumps(review().to_json()), delivery)


def test_each_attempt_has_an_id_that_a_replay_finds_again() -> None:
    first = _first()
    second, third = first.after_a_limit(), first.after_a_limit().after_a_failure()
    assert [first.id, second.id, third.id] == ["d-1", "d-1+1", "d-1+2"]
    assert first.after_a_failure().id == second.id
    assert third.job() == review()


def test_only_failures_count_against_the_job() -> None:
    assert _first().after_a_limit().after_a_limit().failures == 0
    assert _first().after_a_failure().after_a_limit().failures == 1


def test_an_outage_of_an_hour_is_outlived() -> None:
    for delivery in ("a", "b", "c", "d"):
        attempt, waited = _first(delivery), 0.0
        for _ in range(MOST_FAILURES - 1):
            waited += attempt.backoff_seconds()
            attempt = attempt.after_a_failure()
        assert 3600 < waited < 3 * 3600


def test_deliveries_do_not_come_back_all_at_once() -> None:
    assert len({_first(f"d-{number}").backoff_seconds() for number in range(50)}) > 25


def test_one_pull_request_always_has_one_slot_and_an_installation_few() -> None:
    assert partition(review(3, "a")) == partition(review(3, "b"))
    slots = {partition(review(number)) for number in range(500)}
    assert len(slots) == 8
    assert all(slot.startswith("7:") for slot in slots)
