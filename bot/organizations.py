"""The policies of organizations, each read once in a while and not for every delivery."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass

from bot.analysis.analyser import Analyser
from bot.analysis.source import Source
from bot.analysis.terms import PolicyFile
from bot.github import Refused, Repository
from codemods.settings.organization import FILE, REPOSITORY

REMEMBERED = dt.timedelta(minutes=10)
"""A push to the policy's repository makes the bot forget sooner."""

_NOT_THERE = {404, 422}
"""GitHub's answers about a repository that does not exist, or that the App is not installed on."""


@dataclass(frozen=True, slots=True)
class _Remembered:
    policy: PolicyFile
    until: dt.datetime


class Organizations:
    """Answers what the owner of a repository wants. Safe to share between threads."""

    def __init__(
        self,
        reader: Callable[[int, str, str], Repository],
        analyser: Analyser,
        now: Callable[[], dt.datetime] = lambda: dt.datetime.now(dt.UTC),
    ) -> None:
        """Begin with nothing.

        Args:
            reader: gives the client that may read one repository of an installation, by owner and
                name, see `bot.github.GitHub.reader`.
            analyser: looks whether a policy can be used.
            now: the clock.
        """
        self._reader = reader
        self._analyser = analyser
        self._now = now
        self._lock = threading.Lock()
        self._remembered: dict[int, _Remembered] = {}
        self._changes = 0

    def policy(self, installation: int, repository: str) -> PolicyFile:
        """The policy for a repository, "owner/name"; an empty one where its owner has none.

        Two requests at most, and none while it is remembered.

        Raises:
            RateLimited, Unavailable, Refused: see `bot.github`.
        """
        now = self._now()
        with self._lock:
            known, changes = self._remembered.get(installation), self._changes
        if known is not None and known.until > now:
            return known.policy
        policy = self._read(installation, repository.partition("/")[0])
        with self._lock:
            # What was read before a change may be what the change did away with.
            if changes == self._changes:
                kept = {key: each for key, each in self._remembered.items() if each.until > now}
                self._remembered = kept | {installation: _Remembered(policy, now + REMEMBERED)}
        return policy

    def forget(self, installation: int) -> None:
        """Read the policy of an installation anew when it is wanted next."""
        with self._lock:
            self._changes += 1
            self._remembered.pop(installation, None)

    def _read(self, installation: int, owner: str) -> PolicyFile:
        path, file = f"{owner}/{REPOSITORY}/{FILE}", f"HEAD:{FILE}"
        try:
            with self._reader(installation, owner, REPOSITORY) as repository:
                content = repository.contents(files=[file])[file]
        except Refused as refusal:
            if refusal.status in _NOT_THERE:
                return PolicyFile()
            raise
        if content is None:
            return PolicyFile()
        return PolicyFile(path, content, self._analyser.check_policy(Source(path, content)))
