"""How long one installation's jobs wait while another's repository floods the queue.

    python -m benchmarks.fairness [--flood 10000] [--jobs 60] [--database-url postgresql://…]

A job of the quiet installation comes every quarter of a second; what counts is the time from its
delivery to its end. First it has the bot to itself, then the other installation's repository has so
many jobs waiting. The 95th percentile may double; it ends with 1 where it does more. Jobs do
nothing but sleep for as long as a review's requests take.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from bot.deliveries import deliveries
from bot.inbox import Inbox
from bot.jobs import Jobs
from bot.operations import Outcome, Result
from bot.operations.context import Step
from bot.store import open_store, sqlite_url
from bot.work import AnswerCommand, Job

MOST_TIMES = 2.0
_WORK_SECONDS = 0.3
_EVERY_SECONDS = 0.25
_NOISY, _QUIET = 1, 2


@dataclass(frozen=True)
class Figures:
    """95th percentiles in seconds, alone and beside the flood, and what of that was done."""

    alone: float
    beside: float
    flood_done: int

    @property
    def times(self) -> float:
        """How many times longer the quiet installation waits."""
        return self.beside / self.alone


def measure(directory: Path, flood: int, jobs: int, database_url: str = "") -> Figures:
    """Measure both in one process with one worker."""
    store = open_store(database_url or sqlite_url(directory / "inbox.sqlite"))
    inbox = Inbox(store)
    ended: dict[tuple[int, int], float] = {}
    lock = threading.Lock()

    def perform(job: Job, step: Step) -> Outcome:
        step("write", time.sleep, _WORK_SECONDS)
        with lock:
            ended[job.installation, job.pull_request] = time.monotonic()
        return Outcome(Result.DONE)

    def wait_for(installation: int, numbers: range, wake: Jobs) -> float:
        put = {}
        for number in numbers:
            put[number] = time.monotonic()
            _put(inbox, installation, range(number, number + 1))
            wake.wake()
            time.sleep(_EVERY_SECONDS)
        while any((installation, number) not in ended for number in numbers):
            time.sleep(0.01)
        waits = [ended[installation, number] - put[number] for number in numbers]
        return statistics.quantiles(waits, n=20)[-1]

    url = database_url or sqlite_url(directory / "jobs.sqlite")
    worker = Jobs(url, inbox, perform, debounce_seconds=0)
    worker.start()
    wait_for(_QUIET, range(2 * jobs, 2 * jobs + 3), worker)  # as the first ones wait for the start
    alone = wait_for(_QUIET, range(jobs), worker)
    _put(inbox, _NOISY, range(flood))
    worker.wake()
    beside = wait_for(_QUIET, range(jobs, 2 * jobs), worker)
    done = sum(installation == _NOISY for installation, _ in list(ended))
    worker.stop()
    inbox.close()
    store.dispose()
    return Figures(alone, beside, done)


def _put(inbox: Inbox, installation: int, numbers: range) -> None:
    asked = [
        deliveries("issue_comment", f"d-{installation}-{number}", [_job(installation, number)])[0]
        for number in numbers
    ]
    for start in range(0, len(asked), 500):
        asyncio.run(inbox.put(*asked[start : start + 500]))


def _job(installation: int, number: int) -> Job:
    return AnswerCommand(
        installation=installation,
        repository_id=installation,
        repository=f"acme/{installation}",
        pull_request=number,
        head="",
        requested_by="maria",
        comment=number,
    )


def main() -> int:
    """Print the figures; 1 where the bar is missed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else "")
    parser.add_argument("--flood", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=60)
    parser.add_argument("--database-url", default="")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as directory:
        found = measure(Path(directory), options.flood, options.jobs, options.database_url)
    print(f"p95 alone {found.alone:.2f} s, beside {options.flood} jobs {found.beside:.2f} s:")
    print(f"{found.times:.2f} times (bar {MOST_TIMES}); {found.flood_done} of the flood were done.")
    return int(found.times > MOST_TIMES)


if __name__ == "__main__":
    sys.exit(main())
