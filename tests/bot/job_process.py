"""A process with an inbox and the job engine, for tests that kill it.

Arguments: the directory, and then what the performer does (a name in `PERFORMERS`). Whatever it
does, it appends to the file `journal` in the directory, one line each, so that a test sees what a
dead process had done. It runs until it is killed or its standard input ends.
"""

from __future__ import annotations

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


def deadly(journal: Journal, job: Job, step: Step) -> Outcome:
    """Takes the process down."""
    del step
    journal.write(f"begin {job.pull_request}")
    os._exit(9)


PERFORMERS = {"three_steps": three_steps, "deadly": deadly}


def main() -> None:
    """Run until standard input ends."""
    directory, performer = Path(sys.argv[1]), PERFORMERS[sys.argv[2]]
    journal = Journal(directory)
    with owned_data_directory(directory):
        inbox = Inbox(open_store(sqlite_url(directory / "inbox.sqlite")))
        jobs = Jobs(
            sqlite_url(directory / "jobs.sqlite"),
            inbox,
            lambda job, step: performer(journal, job, step),
            debounce_seconds=0,
        )
        jobs.start()
        sys.stdin.read()
        jobs.stop()
        inbox.close()


if __name__ == "__main__":
    main()
