from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.jobs import engine as module
from bot.operations import Outcome, Result
from bot.operations.context import Step
from bot.work import Job
from tests.bot.job_bench import PATIENCE, Bench, command, do_nothing, review, until


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


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
    bench: Bench, tmp_path: Path
) -> None:
    bench.put("one", review())
    first = Process(tmp_path, "three_steps")
    until(lambda: "second begins" in first.lines())
    first.kill()
    assert first.lines() == ["begin 3", "first", "second begins"]
    (tmp_path / "go").touch()
    second = Process(tmp_path, "three_steps")
    until(lambda: "third" in second.lines())
    assert second.end() == 0
    assert second.lines() == [
        *["begin 3", "first", "second begins"],
        *["begin 3", "second begins", "second ends", "third"],
    ]
    performed: list[Job] = []

    def perform(job: Job, step: Step) -> Outcome:
        step("write", performed.append, job)
        return Outcome(Result.DONE)

    bench.put("two", command())
    bench.start(perform)
    until(lambda: performed)
    assert performed == [command()]


def test_a_job_that_takes_the_process_down_again_and_again_is_a_dead_letter(
    bench: Bench, tmp_path: Path
) -> None:
    bench.put("one", review())
    for _ in range(module._MOST_RECOVERIES + 1):
        assert Process(tmp_path, "deadly").wait() == 9
    jobs = bench.start(do_nothing)
    until(jobs.dead_letters)
    [letter] = jobs.dead_letters()
    assert (letter.id, letter.reason) == ("one", "It took the process down every time it ran.")
    assert json.loads(letter.job) == review().to_json()
