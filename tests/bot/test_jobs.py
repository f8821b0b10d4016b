from __future__ import annotations

import asyncio
import datetime as dt
import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot import attempts as attempts_module
from bot import jobs as jobs_module
from bot.attempts import partition
from bot.github import RateLimited, Refused, Unavailable
from bot.inbox import Delivery
from bot.operations import Outcome, Result
from bot.operations.context import Step
from bot.operations.report_failure import failure_of
from bot.store import is_shared
from bot.work import AnswerCommand, Job, ReportFailure
from tests.bot.job_bench import PATIENCE, Bench, command, do_nothing, review, until


@pytest.fixture
def bench(tmp_path: Path, database_url: str) -> Iterator[Bench]:
    bench = Bench(tmp_path, database_url if is_shared(database_url) else "")
    yield bench
    bench.close()


def test_a_delivery_is_performed_once_and_leaves_the_inbox(bench: Bench) -> None:
    done: list[Job] = []

    def perform(job: Job, step: Step) -> Outcome:
        step("write", done.append, job)
        return Outcome(Result.DONE)

    bench.put("before-the-start", review())
    jobs = bench.start(perform)
    until(lambda: done == [review()])
    bench.put("after-the-start", command())
    until(lambda: done == [review(), command()])
    until(lambda: bench.inbox.waiting() == [])
    assert jobs.dead_letters() == []


def test_handing_a_delivery_over_twice_performs_it_once(bench: Bench) -> None:
    done: list[Job] = []

    def perform(job: Job, step: Step) -> Outcome:
        step("write", done.append, job)
        return Outcome(Result.DONE)

    bench.start(perform)
    bench.put("one", review(1))
    until(lambda: done)
    bench.forget_the_hand_over()
    bench.put("two", review(2))
    until(lambda: len(done) == 2)
    assert done == [review(1), review(2)]


def test_five_pushes_are_one_run_of_the_newest_head(bench: Bench) -> None:
    heads: list[str] = []

    def perform(job: Job, step: Step) -> Outcome:
        step("write", heads.append, job.head[:1] or "the command")
        return Outcome(Result.DONE)

    bench.start(perform, 1)
    # The third is the newest, whatever the order of arrival.
    for name, second in (("a", 1), ("b", 2), ("e", 5), ("c", 3), ("d", 4)):
        bench.put(name, review(3, name, f"2026-01-31T12:00:0{second}Z"))
    until(lambda: heads)
    bench.put("other", command())
    until(lambda: len(heads) == 2)
    assert heads == ["e", "the command"]


def test_two_pull_requests_are_performed_side_by_side(bench: Bench) -> None:
    both = threading.Barrier(2, timeout=PATIENCE)
    met: list[int] = []

    def perform(job: Job, step: Step) -> Outcome:
        del step
        both.wait()
        met.append(job.pull_request)
        return Outcome(Result.DONE)

    first, second = _different_slots()
    bench.put("one", review(first))
    bench.put("two", review(second))
    bench.start(perform)
    until(lambda: sorted(met) == sorted([first, second]))


def _different_slots() -> tuple[int, int]:
    first = 1
    return first, next(n for n in range(2, 99) if partition(review(n)) != partition(review(1)))


def test_one_pull_request_is_performed_one_job_at_a_time(bench: Bench) -> None:
    at_once: list[int] = []
    running = 0
    lock = threading.Lock()

    def perform(job: Job, step: Step) -> Outcome:
        nonlocal running
        del job, step
        with lock:
            running += 1
            at_once.append(running)
        time.sleep(0.05)
        with lock:
            running -= 1
        return Outcome(Result.DONE)

    for number in range(6):
        bench.put(f"d-{number}", command())
    bench.start(perform)
    until(lambda: len(at_once) == 6 and running == 0)
    assert at_once == [1] * 6


def test_a_rate_limit_frees_the_slot_and_a_successor_does_the_work(bench: Bench) -> None:
    events: list[str] = []

    def perform(job: Job, step: Step) -> Outcome:
        if isinstance(job, AnswerCommand):
            events.append("other")
            return Outcome(Result.DONE)
        if "limited" not in events:
            events.append("limited")
            step("write", _raise, RateLimited(dt.datetime.now(dt.UTC) + dt.timedelta(seconds=3)))
        events.append("done")
        return Outcome(Result.DONE)

    bench.put("one", review())
    jobs = bench.start(perform)
    until(lambda: events == ["limited"])
    limited_at = time.monotonic()
    bench.put("two", command())
    until(lambda: "done" in events)
    assert events == ["limited", "other", "done"]
    assert time.monotonic() - limited_at > 2
    assert jobs.dead_letters() == []


def _raise(error: Exception) -> None:
    raise error


def test_an_outage_is_waited_out(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attempts_module, "_FIRST_WAIT_SECONDS", 0.01)
    attempts: list[str] = []

    def perform(job: Job, step: Step) -> Outcome:
        attempts.append(job.head)
        if len(attempts) < 3:
            step("write", _raise, Unavailable("GitHub answered 502."))
        return Outcome(Result.DONE)

    bench.put("one", review())
    jobs = bench.start(perform)
    until(lambda: len(attempts) == 3)
    assert jobs.dead_letters() == []


def test_an_outage_without_end_becomes_a_dead_letter(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(attempts_module, "_FIRST_WAIT_SECONDS", 0.001)
    monkeypatch.setattr(jobs_module, "MOST_FAILURES", 3)
    attempts: list[str] = []

    told: list[Job] = []

    def perform(job: Job, step: Step) -> Outcome:
        if isinstance(job, ReportFailure):
            step("write", told.append, job)
            return Outcome(Result.DONE)
        attempts.append(job.head)
        raise Unavailable("GitHub answered 502.")

    bench.put("one", review())
    jobs = bench.start(perform)
    until(lambda: told)
    assert told == [failure_of(review())]
    [letter] = jobs.dead_letters()
    assert letter.reason == "3 attempts failed: GitHub answered 502."
    assert json.loads(letter.job) == review().to_json()
    assert len(attempts) == 3


@pytest.mark.parametrize("error", [Refused(403, "Resource not accessible"), KeyError("surprise")])
def test_a_job_that_fails_for_good_is_a_dead_letter_at_once(bench: Bench, error: Exception) -> None:
    attempts: list[type[Job]] = []

    def perform(job: Job, step: Step) -> Outcome:
        attempts.append(type(job))
        step("write", _raise, error)
        return Outcome(Result.DONE)

    bench.put("one", command())
    jobs = bench.start(perform)
    until(lambda: len(jobs.dead_letters()) == 2)
    # The report of the failure failed as well, and of that there is no report.
    assert attempts == [AnswerCommand, ReportFailure]
    assert all(str(error) in letter.reason for letter in jobs.dead_letters())


def test_a_job_that_this_version_cannot_read_is_a_dead_letter(bench: Bench) -> None:
    assert asyncio.run(
        bench.inbox.put(Delivery("one", "pull_request", '{"kind": "FromTheFuture"}'))
    )
    jobs = bench.start(do_nothing)
    until(jobs.dead_letters)
    assert "FromTheFuture" in jobs.dead_letters()[0].reason


def test_what_was_done_long_ago_is_forgotten_and_what_was_given_up_is_not(bench: Bench) -> None:
    def perform(job: Job, step: Step) -> Outcome:
        del step
        if job.pull_request == 4:
            raise Refused(403, "Resource not accessible")
        return Outcome(Result.DONE)

    jobs = bench.start(perform)
    bench.put("one", review())
    bench.put("two", review(4))
    until(jobs.dead_letters)
    until(lambda: bench.done() >= {"one"})
    jobs.forget(dt.datetime.now(dt.UTC) - dt.timedelta(hours=1))
    assert bench.inbox.has_seen(review().serial_key, review().head)
    assert "one" in bench.done()
    jobs.forget(dt.datetime.now(dt.UTC) + dt.timedelta(hours=1))
    assert not bench.inbox.has_seen(review().serial_key, review().head)
    assert bench.done() == set()
    assert "two" in {letter.id for letter in jobs.dead_letters()}


def test_stopping_waits_for_a_running_job_and_begins_no_other(bench: Bench) -> None:
    begun = threading.Event()
    finished: list[int] = []

    def perform(job: Job, step: Step) -> Outcome:
        begun.set()
        time.sleep(0.5)
        step("write", finished.append, job.pull_request)
        return Outcome(Result.DONE)

    bench.put("one", command())
    bench.put("two", command())
    bench.start(perform)
    begun.wait(PATIENCE)
    bench.stop()
    assert finished == [3]


def test_stopping_an_idle_engine_is_quick(bench: Bench) -> None:
    bench.start(do_nothing)
    started = time.monotonic()
    bench.stop()
    assert time.monotonic() - started < 2
