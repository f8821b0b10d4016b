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
class PolicyFile:
    """The file with an organization's policy, as it is; without one, all is empty.

    `path` is what people call it. `problem` is the sentence that says why it cannot be used, which
    names the line; `content` is then not looked at.
    """

    path: str = ""
    content: bytes = b""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a configuration file is read with.

    `repository` is "owner/name", `policy` that of its owner. `paths` are those that people want to
    know about, `attributes` the bytes of the .gitattributes that says which of them are generated.
    """

    repository: str
    policy: PolicyFile = field(default_factory=PolicyFile)
    paths: Sequence[str] = ()
    attributes: bytes = b""


@dataclass(frozen=True, slots=True)
class Configured:
    """What holds in a repository: its configuration over the policy of its owner.

    `policy` is None where the file has nothing to say, or says what cannot be meant: `problem` is
    then the sentence for it. `excluded` and `generated` are those of the paths asked about that are
    left alone. `denied` is whether the owner wants the bot to keep out altogether, `cap` the mode
    beyond which it lets none go ("" for no such limit), `held_back` whether one wanted to,
    `locked_rules` which rules no pull request can weaken, `overruled` which keys of the file are
    weaker than the owner allows. The others are as in
    `codemods.settings.configuration.Configuration`, `fail_on` that of a pull request.
    """

    policy: Policy | None = None
    excluded: Sequence[str] = ()
    problem: str = ""
    generated: Sequence[str] = ()
    denied: bool = False
    cap: str = ""
    held_back: bool = False
    locked_rules: frozenset[str] = frozenset()
    overruled: Sequence[str] = ()
    mode: str = "suggest"
    fail_on: Level | None = None
    drafts: bool = False
    bots: bool = False
    fix_pull_requests: FixPullRequests = field(default_factory=FixPullRequests)

    @property
    def left_alone(self) -> frozenset[str]:
        """The paths that nothing is said about."""
        return frozenset((*self.excluded, *self.generated))
