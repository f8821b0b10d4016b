"""What a batch of files is judged by, and what is known about files before anything is judged."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from codemods import Analysis, Base, Level, Policy
from codemods.settings.configuration import FixPullRequests


@dataclass(frozen=True, slots=True)
class Terms:
    """What files are judged by.

    `policy` is what the repository wants of the rules; `base` what is taken to be deployed, None
    where there is nothing to compare with.
    """

    policy: Policy = field(default_factory=Policy)
    base: Base | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """A file as it was before the change: the constructs that it had, and its findings."""

    base: Base
    analysis: Analysis


@dataclass(frozen=True, slots=True)
class Configured:
    """What a configuration file says, of whatever the bot wants to know.

    `policy` is None where the file has nothing to say, or says what cannot be meant: `problem` is
    then the sentence for it. `excluded` are those of the paths asked about that it leaves out. The
    others are as in `codemods.settings.configuration.Configuration`, `fail_on` that of a pull
    request.
    """

    policy: Policy | None = None
    excluded: Sequence[str] = ()
    problem: str = ""
    mode: str = "suggest"
    fail_on: Level | None = None
    drafts: bool = False
    bots: bool = False
    fix_pull_requests: FixPullRequests = field(default_factory=FixPullRequests)
