from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import json
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot import jobs as module
from bot.events import AnswerCommand, Job, ReviewPullRequest
from bot.github import RateLimited, Refused, Unavailable
from bot.inbox import Delivery, Inbox
from bot.jobs import Jobs, Perform
from bot.operations import Outcome, Result
from bot.operations.context import Step

PATIENCE = 30.0
"""Seconds after which a test gives up; what it waits for takes one or two."""

Make = Callable[..., Jobs]


def _review(number: int = 3, head: str = "a", updated_at: str = "2026-01-31T12:00:00Z") -> Job:
    return ReviewPullRequest(
        installation=7,
        repository_id=11,
        repository="acme/payments",
        pull_request=number,
        head=head * 40,
        updated_at=updated_at,
    )


def _command(number: int = 3) -> Job:
    return AnswerCommand(
        installation=7,
        repository_id=11,
        repository="acme/payments",
        pull_request=number,
        head="",
        requested_by="maria",
        comment=5,
    )


def _put(inbox: Inbox, name: str, job: Job) -> None:
    content = json.dumps(job.to_json())
    delivery = Delivery(name, "pull_request", content)
    if isinstance(job, ReviewPullRequest):
        delivery = Delivery(name, "pull_request", content, job.serial_key, job.updated_at)
    assert asyncio.run(inbox.put(delivery))


def _do_nothing(job: Job, step: Step) -> Outcome:
    del job, step
    return Outcome(Result.DONE)


def _until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.01)


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    inbox = Inbox(tmp_path / "inbox.sqlite")
    yield inbox
    inbox.close()


@pytest.fixture
def start(tmp_path: Path, inbox: Inbox) -> Iterator[Make]:
    """Starts the engine with a performer; stopped at the end."""
    with contextlib.ExitStack() as stack:

        def make(perform: Perform, debounce_seconds: float = 0) -> Jobs:
            url = f"sqlite:///{tmp_path}/jobs.sqlite"
            jobs = Jobs(url, inbox, perform, debounce_seconds=debounce_seconds)
            jobs.start()
            stack.callback(jobs.stop)
            return jobs

        yield make


def test_a_delivery_is_performed_once_and_leaves_the_inbox(inbox: Inbox, start: Make) -> None:
    done: list[Job] = []

    def perform(job: Job, step: Step) -> Outcome:
        step("write", done.append, job)
        return Outcome(Result.DONE)

    _put(inbox, "before-the-start", _review())
    jobs = start(perform)
    _until(lambda: done == [_review()])
    _put(inbox, "after-the-start", _command())
    jobs.wake()
    _until(lambda: done == [_review(), _command()])
    _until(lambda: inbox.waiting() == [])
    assert jobs.dead_letters() == []


def test_handing_a_delivery_over_twice_performs_it_once(
    inbox: Inbox, start: Make, tmp_path: Path
) -> None:
    done: list[Job] = []

    def perform(job: Job, step: Step) -> Outcome:
        step("write", done.append, job)
        return Outcome(Result.DONE)

    jobs = start(perform)
    _put(inbox, "one", _review(1))
    jobs.wake()
    _until(lambda: done)
    # As if the process had died between the hand-over and the note of it.
    with sqlite3.connect(tmp_path / "inbox.sqlite") as connection:
        connection.execute("UPDATE delivery SET dispatched_at = NULL")
    connection.close()
    _put(inbox, "two", _review(2))
    jobs.wake()
    _until(lambda: len(done) == 2)
    assert done == [_review(1), _review(2)]


def test_five_pushes_are_one_run_of_the_newest_head(inbox: Inbox, start: Make) -> None:
    heads: list[str] = []

    def perform(job: Job, step: Step) -> Outcome:
        step("write", heads.append, job.head[:1] or "the command")
        return Outcome(Result.DONE)

    jobs = start(perform, 1)
    # The third is the newest, whatever the order of arrival.
    for name, second in (("a", 1), ("b", 2), ("e", 5), ("c", 3), ("d", 4)):
        _put(inbox, name, _review(3, name, f"2026-01-31T12:00:0{second}Z"))
        jobs.wake()
    _until(lambda: heads)
    _put(inbox, "other", _command())
    jobs.wake()
    _until(lambda: len(heads) == 2)
    assert heads == ["e", "the command"]


def test_two_pull_requests_are_performed_side_by_side(inbox: Inbox, start: Make) -> None:
    both = threading.Barrier(2, timeout=PATIENCE)
    met: list[int] = []

    def perform(job: Job, step: Step) -> Outcome:
        del step
        both.wait()
        met.append(job.pull_request)
        return Outcome(Result.DONE)

    first, second = _different_slots()
    _put(inbox, "one", _review(first))
    _put(inbox, "two", _review(second))
    start(perform)
    _until(lambda: sorted(met) == sorted([first, second]))


def _different_slots() -> tuple[int, int]:
    first = 1
    return first, next(
        n for n in range(2, 99) if module._partition(_review(n)) != module._partition(_review(1))
    )


def test_one_pull_request_is_performed_one_job_at_a_time(inbox: Inbox, start: Make) -> None:
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
        _put(inbox, f"d-{number}", _command())
    start(perform)
    _until(lambda: len(at_once) == 6 and running == 0)
    assert at_once == [1] * 6


def test_a_rate_limit_frees_the_slot_and_a_successor_does_the_work(
    inbox: Inbox, start: Make
) -> None:
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

    _put(inbox, "one", _review())
    jobs = start(perform)
    _until(lambda: events == ["limited"])
    limited_at = time.monotonic()
    _put(inbox, "two", _command())
    jobs.wake()
    _until(lambda: "done" in events)
    assert events == ["limited", "other", "done"]
    assert time.monotonic() - limited_at > 2
    assert jobs.dead_letters() == []


def _raise(error: Exception) -> None:
    raise error


def test_an_outage_is_waited_out(
    inbox: Inbox, start: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FIRST_WAIT_SECONDS", 0.01)
    attempts: list[str] = []

    def perform(job: Job, step: Step) -> Outcome:
        attempts.append(job.head)
        if len(attempts) < 3:
            step("write", _raise, Unavailable("GitHub answered 502."))
        return Outcome(Result.DONE)

    _put(inbox, "one", _review())
    jobs = start(perform)
    _until(lambda: len(attempts) == 3)
    assert jobs.dead_letters() == []


def test_an_outage_without_end_becomes_a_dead_letter(
    inbox: Inbox, start: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "_FIRST_WAIT_SECONDS", 0.001)
    monkeypatch.setattr(module, "MOST_FAILURES", 3)
    attempts: list[str] = []

    def perform(job: Job, step: Step) -> Outcome:
        del step
        attempts.append(job.head)
        raise Unavailable("GitHub answered 502.")

    _put(inbox, "one", _review())
    jobs = start(perform)
    _until(jobs.dead_letters)
    [letter] = jobs.dead_letters()
    assert letter.reason == "Given up after 3 attempts: GitHub answered 502."
    assert json.loads(letter.job) == _review().to_json()
    assert len(attempts) == 3


@pytest.mark.parametrize("error", [Refused(403, "Resource not accessible"), KeyError("surprise")])
def test_a_job_that_fails_for_good_is_a_dead_letter_at_once(
    inbox: Inbox, start: Make, error: Exception
) -> None:
    attempts: list[int] = []

    def perform(job: Job, step: Step) -> Outcome:
        attempts.append(job.pull_request)
        step("write", _raise, error)
        return Outcome(Result.DONE)

    _put(inbox, "one", _review())
    jobs = start(perform)
    _until(jobs.dead_letters)
    assert attempts == [3]
    assert str(error) in jobs.dead_letters()[0].reason


def test_a_job_that_this_version_cannot_read_is_a_dead_letter(inbox: Inbox, start: Make) -> None:
    assert asyncio.run(inbox.put(Delivery("one", "pull_request", '{"kind": "FromTheFuture"}')))
    jobs = start(_do_nothing)
    _until(jobs.dead_letters)
    assert "FromTheFuture" in jobs.dead_letters()[0].reason


def test_stopping_waits_for_a_running_job_and_begins_no_other(inbox: Inbox, tmp_path: Path) -> None:
    begun = threading.Event()
    finished: list[int] = []

    def perform(job: Job, step: Step) -> Outcome:
        begun.set()
        time.sleep(0.5)
        step("write", finished.append, job.pull_request)
        return Outcome(Result.DONE)

    jobs = Jobs(f"sqlite:///{tmp_path}/jobs.sqlite", inbox, perform, debounce_seconds=0)
    _put(inbox, "one", _command())
    _put(inbox, "two", _command())
    jobs.start()
    begun.wait(PATIENCE)
    jobs.stop()
    assert finished == [3]


def test_stopping_an_idle_engine_is_quick(inbox: Inbox, tmp_path: Path) -> None:
    jobs = Jobs(
        f"sqlite:///{tmp_path}/jobs.sqlite",
        inbox,
        _do_nothing,
        debounce_seconds=0,
    )
    jobs.start()
    started = time.monotonic()
    jobs.stop()
    assert time.monotonic() - started < 2


class Process:
    """The engine in a process of its own, which can be killed."""

    def __init__(self, directory: Path, performer: str) -> None:
        self.journal = directory / "journal"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bot.job_process", str(directory), performer],
            stdin=subprocess.PIPE,
        )

    def lines(self) -> list[str]:
        return self.journal.read_text().splitlines() if self.journal.exists() else []

    def kill(self) -> None:
        self._process.kill()
        self.wait()

    def end(self) -> int:
        assert self._process.stdin
        self._process.stdin.close()
        return self._process.wait(PATIENCE)

    def wait(self) -> int:
        status = self._process.wait(PATIENCE)
        assert self._process.stdin
        self._process.stdin.close()
        return status


def test_a_killed_process_takes_up_its_job_and_repeats_no_finished_step(
    inbox: Inbox, start: Make, tmp_path: Path
) -> None:
    _put(inbox, "one", _review())
    first = Process(tmp_path, "three_steps")
    _until(lambda: "second begins" in first.lines())
    first.kill()
    assert first.lines() == ["begin 3", "first", "second begins"]
    (tmp_path / "go").touch()
    second = Process(tmp_path, "three_steps")
    _until(lambda: "third" in second.lines())
    assert second.end() == 0
    assert second.lines() == [
        *["begin 3", "first", "second begins"],
        *["begin 3", "second begins", "second ends", "third"],
    ]
    performed: list[Job] = []

    def perform(job: Job, step: Step) -> Outcome:
        step("write", performed.append, job)
        return Outcome(Result.DONE)

    _put(inbox, "two", _command())
    start(perform)
    _until(lambda: performed)
    assert performed == [_command()]


def test_a_job_that_takes_the_process_down_again_and_again_is_a_dead_letter(
    inbox: Inbox, start: Make, tmp_path: Path
) -> None:
    _put(inbox, "one", _review())
    for _ in range(module._MOST_RECOVERIES + 1):
        assert Process(tmp_path, "deadly").wait() == 9
    jobs = start(_do_nothing)
    _until(jobs.dead_letters)
    [letter] = jobs.dead_letters()
    assert (letter.id, letter.reason) == ("one", "It took the process down every time it ran.")
    assert json.loads(letter.job) == _review().to_json()
