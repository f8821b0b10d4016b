"""From what the default branch needs and what there is already, to what is to be done.

GitHub is the only memory. A pull request is the bot's by its branch and author; what it holds is
told by the mark at the end of its text. So planning may begin again at any time, after a crash or
a lost webhook, and once everything is carried out it plans nothing.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot import markdown
from bot.github import Proposal

ONBOARDING = "cdk-medic/configure"
"""The branch of the pull request that adds the configuration."""

_EVERYTHING = "cdk-medic/fix"
_ONE_RULE = re.compile(r"cdk-medic/fix-([a-z][a-z-]*)")
_MARKER = "fixes"


class Reason(enum.Enum):
    """Why a pull request is closed."""

    FIXED = "fixed"
    CONFIGURED = "configured"
    SWITCHED_OFF = "switched off"
    GROUPED_OTHERWISE = "grouped otherwise"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A pull request that should be there: its branch, its texts, and the files that it changes.

    `body` ends in `mark(…)`. `files` maps a path to its new content.
    """

    branch: str
    title: str
    body: str
    files: tuple[tuple[str, bytes], ...]
    headline: str
    message: str

    @property
    def content(self) -> str:
        """What identifies the change that it makes."""
        return content_of(self.body)


@dataclass(frozen=True, slots=True)
class Open:
    """Open a pull request."""

    wanted: Wanted


@dataclass(frozen=True, slots=True)
class Refresh:
    """Bring one up to date: its text, and where `rebuild` says so its commit as well."""

    proposal: Proposal
    wanted: Wanted
    rebuild: bool


@dataclass(frozen=True, slots=True)
class Close:
    """Close one that has nothing left to do."""

    proposal: Proposal
    reason: Reason


@dataclass(frozen=True, slots=True)
class Label:
    """Label one that has no label at all, as when a crash came between."""

    proposal: Proposal


Intention = Open | Refresh | Close | Label


@dataclass(frozen=True, slots=True)
class Aim:
    """What should be there.

    Attributes:
        wanted: the pull requests, the most urgent first; at most one a branch.
        default_branch: where they go to.
        limit: how many fix pull requests may be open at once; the onboarding one doesn't count.
        configured: whether the default branch configures the bot.
        enabled: whether it asks for fix pull requests.
        together: whether one pull request takes the fixes of every rule.
        labelled: whether they have labels.
        unread: paths of files that could not be read this time, of which nothing is known.
    """

    wanted: tuple[Wanted, ...]
    default_branch: str
    limit: int
    configured: bool
    enabled: bool
    together: bool
    labelled: bool
    unread: tuple[str, ...] = ()


def plan(aim: Aim, proposals: Sequence[Proposal]) -> list[Intention]:
    """What is to be done, in this order: close, refresh or label, open.

    Args:
        aim: what should be there.
        proposals: the bot's own pull requests on the repository, in any state.
    """
    tended = [each for each in proposals if follows_default_branch(each.branch)]
    present = [each for each in tended if each.state == "open"]
    by_branch = {each.branch: each for each in aim.wanted}
    closing, refreshing = list[Close](), list[Refresh | Label]()
    for proposal in present:
        if is_left_alone(proposal, aim.default_branch):
            continue
        wanted = by_branch.get(proposal.branch)
        if wanted is not None:
            refreshing += _refresh(proposal, wanted)
            refreshing += [Label(proposal)] if aim.labelled and not proposal.labels else []
        elif (reason := _reason(proposal, aim)) is not None:
            closing.append(Close(proposal, reason))
    closed = [each.proposal for each in closing]
    taken = {each.branch for each in present} | declined(tended)
    room = aim.limit - len(
        [each for each in present if each not in closed and each.branch != ONBOARDING]
    )
    opening = list[Open]()
    for wanted in aim.wanted:
        if wanted.branch in taken or (wanted.branch != ONBOARDING and room <= 0):
            continue
        room -= wanted.branch != ONBOARDING
        opening.append(Open(wanted))
    return [*closing, *refreshing, *opening]


def branch_for(rule: str) -> str:
    """The branch of a rule's fixes; of every rule's together where `rule` is ""."""
    return f"{_EVERYTHING}-{rule}" if rule else _EVERYTHING


def rule_of(branch: str) -> str:
    """The rule whose fixes a branch has; "" where it has those of many, or none."""
    found = _ONE_RULE.fullmatch(branch)
    return found[1] if found else ""


def follows_default_branch(branch: str) -> bool:
    """Whether its pull request is kept up to date; one that `/fix --pr` asked for is not."""
    return branch in {ONBOARDING, _EVERYTHING} or bool(rule_of(branch))


def declined(proposals: Iterable[Proposal]) -> set[str]:
    """The branches of those that a person has closed: they are not opened again."""
    return {each.branch for each in proposals if each.state == "closed" and not each.withdrawn}


def rules_in_other_hands(proposals: Sequence[Proposal], default_branch: str) -> frozenset[str]:
    """The rules whose own pull requests a person has closed, or has taken over."""
    theirs = declined(proposals) | {
        each.branch
        for each in proposals
        if each.state == "open" and is_left_alone(each, default_branch)
    }
    return frozenset(rule_of(branch) for branch in theirs) - {""}


def is_left_alone(proposal: Proposal, default_branch: str) -> bool:
    """Whether a person has taken it over, by a push or by sending it elsewhere."""
    return proposal.touched or proposal.base_branch != default_branch


def mark(content: str) -> str:
    """The hidden mark that ends a text, and tells what the pull request changes."""
    return markdown.marker(_MARKER, content)


def content_of(body: str) -> str:
    """What the pull request with this text changes; "" where its mark is gone."""
    return next(iter(markdown.marked(body, _MARKER)), "")


def _refresh(proposal: Proposal, wanted: Wanted) -> list[Refresh]:
    rebuild = content_of(proposal.body) != wanted.content
    if not rebuild and proposal.title == wanted.title and _same(proposal.body, wanted.body):
        return []
    return [Refresh(proposal, wanted, rebuild)]


def _same(one: str, other: str) -> bool:
    """Whether two texts say the same: GitHub's form ends lines in CR and LF, and trims the end."""
    return one.replace("\r\n", "\n").rstrip() == other.replace("\r\n", "\n").rstrip()


def _reason(proposal: Proposal, aim: Aim) -> Reason | None:
    """Why one is closed; None for one that names a file which could not be read this time."""
    if proposal.branch == ONBOARDING and aim.configured:
        return Reason.CONFIGURED
    if proposal.branch != ONBOARDING and not aim.enabled:
        return Reason.SWITCHED_OFF
    if proposal.branch != ONBOARDING and aim.together is not (proposal.branch == _EVERYTHING):
        return Reason.GROUPED_OTHERWISE
    return None if any(path in proposal.body for path in aim.unread) else Reason.FIXED
