from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.jobs import engine as module
from bot.operations import Outcome, Result
from bot.operations.context import Step
from bot.work import Job
from tests.bot.job_bench import Bench, Process, command, do_nothing, review, until

pytestmark = pytest.mark.slow


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    bench = Bench(tmp_path)
    yield bench
    bench.close()


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
