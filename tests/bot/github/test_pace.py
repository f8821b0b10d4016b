from __future__ import annotations

import datetime as dt
import time

import pytest

from bot.github import RateLimited
from bot.github.pace import Pace

START = dt.datetime(2026, 1, 2, 3, 4, 5, tzinfo=dt.UTC)


class Clock:
    def __init__(self) -> None:
        self.time = START

    def __call__(self) -> dt.datetime:
        return self.time

    def go_on(self, seconds: float) -> None:
        self.time += dt.timedelta(seconds=seconds)


def real() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def test_writes_of_one_installation_are_kept_apart() -> None:
    pace = Pace(0.5, real)
    start = time.monotonic()
    for installation in (1, 1, 2, 1):
        pace.wait(installation)
    assert 1.0 <= time.monotonic() - start < 1.5  # a third wait would be for the other one


def test_no_pace_is_no_wait() -> None:
    pace = Pace(0, real)
    start = time.process_time()
    for _ in range(1000):
        pace.wait(1, 31)
    assert time.process_time() - start < 0.1


def test_a_turn_that_is_far_away_is_not_waited_for() -> None:
    clock = Clock()
    pace = Pace(60, clock)
    pace.wait(1)
    with pytest.raises(RateLimited) as caught:
        pace.wait(1)
    assert caught.value.until == START + dt.timedelta(seconds=60)
    clock.go_on(60)
    pace.wait(1)  # whoever was sent away has reserved nothing


def test_eighty_creations_fit_into_a_minute() -> None:
    clock = Clock()
    pace = Pace(0.001, clock)
    for _ in range(2):
        pace.wait(1, 31)
        clock.go_on(1)
    pace.wait(1, 18)
    clock.go_on(1)
    with pytest.raises(RateLimited) as caught:
        pace.wait(1, 1)
    assert caught.value.until == START + dt.timedelta(seconds=60)
    pace.wait(1, 0)  # what creates nothing is not in the way
    pace.wait(2, 31)  # nor is another installation
    clock.go_on(57)
    pace.wait(1, 31)


def test_five_hundred_creations_fit_into_an_hour() -> None:
    clock = Clock()
    pace = Pace(0.001, clock)
    for _ in range(16):
        pace.wait(1, 31)
        clock.go_on(61)
    with pytest.raises(RateLimited) as caught:
        pace.wait(1, 31)
    assert caught.value.until == START + dt.timedelta(hours=1)
    pace.wait(1, 4)


def test_a_review_alone_is_never_too_large() -> None:
    Pace(0.001, Clock()).wait(1, 1000)


def test_a_limit_without_a_time_doubles_until_github_answers() -> None:
    clock = Clock()
    pace = Pace(1, clock)

    def told() -> float:
        guess = RateLimited(clock.time + dt.timedelta(seconds=60), guessed=True)
        until = pace.limited(1, guess).until
        seconds = (until - clock.time).total_seconds()
        clock.go_on(seconds)
        return seconds

    assert [told() for _ in range(8)] == [60, 120, 240, 480, 960, 1920, 3600, 3600]
    pace.answered(1)
    assert told() == 60


def test_a_limit_that_several_threads_hear_of_counts_once() -> None:
    clock = Clock()
    pace = Pace(1, clock)
    guess = RateLimited(clock.time + dt.timedelta(seconds=60), guessed=True)
    assert {pace.limited(1, guess).until for _ in range(8)} == {guess.until}
    clock.go_on(60)
    pace.check(1)


def test_a_time_that_github_names_is_kept() -> None:
    clock = Clock()
    pace = Pace(1, clock)
    until = clock.time + dt.timedelta(minutes=40)
    assert pace.limited(1, RateLimited(until)).until == until
    with pytest.raises(RateLimited):
        pace.check(1)
    pace.check(2)
    clock.go_on(40 * 60)
    pace.check(1)
