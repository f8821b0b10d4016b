"""What an operation is given, and what it gives back."""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from bot.analysis.analyser import Analyser
from bot.analysis.source import Source
from bot.github import PERMISSIONS, Repository
from bot.organizations import Organizations

__all__ = ["Context", "Door", "Outcome", "Result", "Source", "Step"]


class Step(Protocol):
    """Runs one write to GitHub and remembers its result, so that a resumed job skips it."""

    def __call__(self, name: str, write: Callable[..., Any], *args: Any) -> Any:
        """Call `write(*args)` once and return its JSON-ready result.

        Operations call their steps in one order, whatever they find, and look for what is there
        already inside the step. A step that fails is not tried again by itself: the whole
        operation is, so that it looks afresh.
        """
        ...


class Door(Protocol):
    """Gives the client that may touch one repository only, and do there what the work needs."""

    def __call__(
        self,
        installation: int,
        repository_id: int,
        name: str,
        permissions: Mapping[str, str] = PERMISSIONS,
        /,
    ) -> Repository:
        """See `bot.github.GitHub.repository`."""
        ...


@dataclass(frozen=True, slots=True)
class Context:
    """The world outside of an operation.

    `organizations` knows what the owners of repositories want. `analyser` answers about untrusted
    files. `now` is the clock.
    """

    github: Door
    organizations: Organizations
    analyser: Analyser
    step: Step
    now: Callable[[], dt.datetime]


class Result(enum.StrEnum):
    """How an operation ended."""

    DONE = "done"
    NOTHING_TO_DO = "nothing to do"
    REFUSED = "refused"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Outcome:
    """How an operation ended, and the sentence that logs and operators read."""

    result: Result
    detail: str = ""
