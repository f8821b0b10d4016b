"""The runs of a job: which slot they take, and what follows when GitHub lets one down."""

from __future__ import annotations

import json
import zlib
from dataclasses import dataclass, replace

from bot.work import Job

_SLOTS_AN_INSTALLATION = 8

_FIRST_WAIT_SECONDS = 15
_LONGEST_WAIT_SECONDS = 900
_AGAIN = "~again"
MOST_FAILURES = 10
"""With the waits between them, GitHub may be away for more than an hour."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One run of a delivery's job: which one, and how many before it failed for want of GitHub."""

    content: str
    delivery: str
    sequence: int = 0
    failures: int = 0

    @property
    def id(self) -> str:
        """The workflow's id: the same for the same attempt, so that a replay starts no second."""
        return f"{self.delivery}+{self.sequence}" if self.sequence else self.delivery

    @property
    def kind(self) -> str:
        """What kind of job it is; "unreadable" where this version can't tell."""
        try:
            return type(self.job()).__name__
        except ValueError:
            return "unreadable"

    def job(self) -> Job:
        """The job.

        Raises:
            ValueError: this version can't read it.
        """
        return Job.from_json(json.loads(self.content))

    def after_a_limit(self) -> Attempt:
        """The next one, after GitHub asked to wait."""
        return replace(self, sequence=self.sequence + 1)

    def after_a_failure(self) -> Attempt:
        """The next one, after GitHub gave no usable answer."""
        return replace(self, sequence=self.sequence + 1, failures=self.failures + 1)

    def again(self) -> Attempt:
        """The first one of another row, after a person asked for it."""
        return replace(self, delivery=f"{self.delivery}{_AGAIN}", sequence=0, failures=0)

    @property
    def told_by(self) -> str:
        """The delivery that asked for the job, whoever asked for it again."""
        return self.delivery.partition(_AGAIN)[0]

    def telling(self, report: Job) -> Attempt:
        """The first run of the job that tells how this one ended."""
        content = json.dumps(report.to_json())
        return replace(self, content=content, sequence=self.sequence + 1, failures=0)

    def backoff_seconds(self) -> float:
        """How long to wait after this one failed."""
        # Spread by what a replay computes alike, so that an outage doesn't end in a stampede.
        spread = 1 + 0.4 * (zlib.crc32(self.delivery.encode()) % 1000) / 1000
        return spread * min(_FIRST_WAIT_SECONDS * 2.0**self.failures, _LONGEST_WAIT_SECONDS)


def partition(job: Job) -> str:
    """The slot that the job runs in, one at a time.

    Jobs of one pull request share one, and no installation has more than a few.
    """
    slot = zlib.crc32(job.serial_key.encode()) % _SLOTS_AN_INSTALLATION
    return f"{job.installation}:{slot}"
