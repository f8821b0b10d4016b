"""A process with an inbox and the job engine, for tests that kill it.

Arguments: the directory, what the performer does (a name in `PERFORMERS`), and where several such
processes share a Postgres, its address and the process's name. Whatever the performer does, it
appends to the file `journal` in the directory, one line each, so that a test sees what a dead
process had done. The file `up-PID` says that it has started. It runs until it is killed or its
standard input ends.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import time
from pathlib import Path

from bot.data_directory import owned_data_directory
from bot.inbox import Inbox
from bot.jobs import Jobs
from bot.operations import Outcome, Result
from bot.operations.context import Step
from bot.store import open_store, sqlite_url
from bot.work import Job


class Journal:
    """Lines that survive the process."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def write(self, line: str) -> str:
        """Append a line, and return it as a step's result."""
        with (self._directory / "journal").open("a") as file:
            file.write(line + "\n")
            file.flush()
            os.fsync(file.fileno())
        return line

    def wait_for(self, name: str) -> None:
        """Wait until the test has made the file `name`."""
        while not (self._directory / name).exists():
            time.sleep(0.01)


def three_steps(journal: Journal, job: Job, step: Step) -> Outcome:
    """Three steps, of which the second waits for the file `go`."""
    journal.write(f"begin {job.pull_request}")

    def second() -> str:
        journal.write("second begins")
        journal.wait_for("go")
        return journal.write("second ends")

    assert step("first", journal.write, "first") == "first"
    assert step("second", second) == "second ends"
    assert step("third", journal.write, "third") == "third"
    return Outcome(Result.DONE)


def two_steps(journal: Journal, job: Job, step: Step) -> Outcome:
    """Two steps, and between them a wait for the file `go`, in no step."""
    journal.write(f"begin {job.pull_request}")
    step("first", journal.write, "first")
    journal.write("waits")
    journal.wait_for("go")
    step("second", journal.write, "second")
    return Outcome(Result.DONE)


def short(journal: Journal, job: Job, step: Step) -> Outcome:
    """A short job, which says who did it."""

    def work() -> str:
        journal.write(f"begin {job.pull_request} {os.getpid()}")
        time.sleep(0.05)
        return journal.write(f"end {job.pull_request} {os.getpid()}")

    step("work", work)
    return Outcome(Result.DONE)


def deadly(journal: Journal, job: Job, step: Step) -> Outcome:
    """Takes the process down."""
    del step
    journal.write(f"begin {job.pull_request}")
    os._exit(9)


PERFORMERS = {each.__name__: each for each in (three_steps, two_steps, short, deadly)}


def main() -> None:
    """Run until standard input ends."""
    directory, performer = Path(sys.argv[1]), PERFORMERS[sys.argv[2]]
    url, executor = sys.argv[3:] or ("", "")
    logging.basicConfig(level=logging.INFO)
    journal = Journal(directory)
    with contextlib.nullcontext() if url else owned_data_directory(directory):
        inbox = Inbox(open_store(url or sqlite_url(directory / "inbox.sqlite")))
        jobs = Jobs(
            url or sqlite_url(directory / "jobs.sqlite"),
            inbox,
            lambda job, step: performer(journal, job, step),
            debounce_seconds=0,
            executor=executor,
            patience_seconds=1,
        )
        jobs.start()
        (directory / f"up-{os.getpid()}").touch()
        sys.stdin.read()
        jobs.stop()
        inbox.close()


if __name__ == "__main__":
    main()
