"""Real processes that share a Postgres, and what becomes of their jobs when one is lost."""

from __future__ import annotations

import contextlib
import signal
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.jobs.lease import EXIT_STATUS, LOST_SECONDS, SILENCE_SECONDS
from bot.jobs.rescue import GRACE_SECONDS
from tests.bot.job_bench import PATIENCE, Bench, Process, command, review, until
from tests.postgres import Cluster

pytestmark = [pytest.mark.postgres, pytest.mark.slow]

LONG = PATIENCE + SILENCE_SECONDS + GRACE_SECONDS

Start = Callable[..., Process]


@pytest.fixture
def url(postgres: Cluster) -> str:
    return postgres.database()


@pytest.fixture
def bench(tmp_path: Path, url: str) -> Iterator[Bench]:
    bench = Bench(tmp_path, url)
    yield bench
    bench.close()


@pytest.fixture
def start(tmp_path: Path, url: str) -> Iterator[Start]:
    """Starts a process with a performer, and a name where it has one of its own."""
    with contextlib.ExitStack() as running:

        def start(performer: str, executor: str = "") -> Process:
            process = Process(tmp_path, performer, url, executor)
            running.callback(process.kill)
            until((tmp_path / f"up-{process.pid}").exists)
            return process

        yield start


def test_the_job_of_a_killed_process_is_taken_up_by_another(
    bench: Bench, start: Start, tmp_path: Path
) -> None:
    bench.put("one", review())
    first = start("three_steps")
    until(lambda: "second begins" in first.lines())
    second = start("three_steps")
    first.kill()
    (tmp_path / "go").touch()
    until(lambda: "third" in second.lines(), LONG)
    assert second.lines() == [
        *["begin 3", "first", "second begins"],
        *["begin 3", "second begins", "second ends", "third"],
    ]


def test_a_paused_process_loses_its_job_and_writes_nothing_when_it_wakes(
    bench: Bench, start: Start, tmp_path: Path
) -> None:
    bench.put("one", review())
    first = start("two_steps")
    until(lambda: "waits" in first.lines())
    second = start("two_steps")
    first.send(signal.SIGSTOP)
    until(lambda: first.lines().count("waits") == 2, LONG)
    # The one that is paused sees the file as well, when it wakes.
    (tmp_path / "go").touch()
    until(lambda: "second" in second.lines())
    first.send(signal.SIGCONT)
    assert first.wait() == EXIT_STATUS
    assert second.lines() == ["begin 3", "first", "waits", "begin 3", "waits", "second"]
    assert not second.is_over()


def test_a_restart_of_postgres_ends_every_process_and_loses_no_job(
    bench: Bench, start: Start, tmp_path: Path, postgres: Cluster
) -> None:
    bench.put("one", review())
    first = start("two_steps")
    until(lambda: "waits" in first.lines())
    second = start("two_steps")
    postgres.stop()
    assert (first.wait(), second.wait()) == (EXIT_STATUS, EXIT_STATUS)
    postgres.start()
    (tmp_path / "go").touch()
    third = start("two_steps")
    until(lambda: "second" in third.lines(), LONG)
    assert third.lines() == ["begin 3", "first", "waits", "begin 3", "waits", "second"]
    bench.put("two", command(4))
    until(lambda: third.lines().count("second") == 2, LONG)


def test_a_process_that_comes_back_under_its_name_takes_its_job_up_at_once(
    bench: Bench, start: Start, tmp_path: Path
) -> None:
    bench.put("one", review())
    first = start("two_steps", "medic-0")
    until(lambda: "waits" in first.lines())
    first.kill()
    (tmp_path / "go").touch()
    again = start("two_steps", "medic-0")
    until(lambda: "second" in again.lines())
    assert again.lines() == ["begin 3", "first", "waits", "begin 3", "waits", "second"]


def test_a_process_that_is_told_to_end_leaves_its_long_job_to_another(
    bench: Bench, start: Start, tmp_path: Path
) -> None:
    bench.put("one", review())
    first = start("two_steps")
    until(lambda: "waits" in first.lines())
    second = start("two_steps")
    bench.put("two", command(4))
    until(lambda: first.lines().count("waits") == 2, LONG)
    (tmp_path / "go").touch()
    first.end()
    until(lambda: second.lines().count("second") == 2, LONG)
    assert Counter(second.lines())["first"] == 2
    assert first.is_over()


def test_of_three_processes_one_is_killed_and_every_job_is_done(bench: Bench, start: Start) -> None:
    processes = [start("short") for _ in range(3)]
    for number in range(60):
        bench.put(f"d-{number}", command(number))
    until(lambda: len(processes[0].lines()) > 30)
    processes[0].kill()
    numbers = {str(number) for number in range(60)}
    until(lambda: numbers <= {_job(line) for line in processes[1].lines() if "end" in line}, LONG)
    done = [line.split() for line in processes[1].lines() if line.startswith("end")]
    killed = str(processes[0].pid)
    by_others = Counter(number for _, number, pid in done if pid != killed)
    assert by_others.most_common(1)[0][1] == 1
    # What the killed one had ended may be done again only where its note of that was lost.
    assert len(done) - len(numbers) <= 16


def _job(line: str) -> str:
    return line.split()[1]


def test_the_windows_fit_into_each_other() -> None:
    # Postgres frees a name only after its holder has stopped writing by its own clock.
    assert LOST_SECONDS < GRACE_SECONDS
    assert LOST_SECONDS < SILENCE_SECONDS
