"""Bring the bot's own pull requests in line with what the default branch is now.

The same whatever happened: the App was installed, somebody pushed, or a day went by. It looks at
the default branch and at what is there already, plans, and carries the plan out. All of it is one
step, as each run looks afresh, finds what an earlier one has written, and goes on from there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.analysis.terms import Configured
from bot.fix_pull_requests import onboarding, texts
from bot.fix_pull_requests.groups import Choice, findings, groups
from bot.fix_pull_requests.plan import (
    ONBOARDING,
    Aim,
    Close,
    Intention,
    Label,
    Open,
    Refresh,
    Wanted,
    branch_for,
    declined,
    plan,
    rules_in_other_hands,
)
from bot.github import Branch, Proposal, Refused, Repository
from bot.operations import answers, grounds
from bot.operations.context import Context, Outcome, Result
from bot.scan import Scan, scan
from bot.work import Job, RevisitRepository, TendRepository
from codemods.registry import rules

_CLOSING = "closing"
_STALE = "STALE_DATA"


@dataclass(frozen=True, slots=True)
class _Place:
    """The repository, its default branch, and the bot's pull requests when it was looked at."""

    repository: Repository
    branch: Branch
    proposals: Sequence[Proposal]
    labels: Sequence[str]


def applies_to(job: Job) -> bool:
    """For `TendRepository` and `RevisitRepository`."""
    return isinstance(job, TendRepository | RevisitRepository)


def perform(job: Job, context: Context) -> Outcome:
    """See `bot.operations`."""
    if not isinstance(job, TendRepository | RevisitRepository):
        raise TypeError(type(job).__name__)
    with context.github(job.installation, job.repository_id, job.repository) as repository:
        told = context.step("tend", _tend, repository, job, context)
    sentences = " ".join([*told["done"], *told["problems"]])
    if not sentences:
        return Outcome(Result.NOTHING_TO_DO, "Everything is as it should be.")
    return Outcome(Result.REFUSED if told["problems"] else Result.DONE, sentences)


def _tend(repository: Repository, job: Job, context: Context) -> dict[str, list[str]]:
    """Look, plan, carry out; sentences about what was `done`, and about the `problems`."""
    branch = repository.default_branch()
    own = repository.proposals.own(_branches())
    files = grounds.configuration_files(branch.name)
    contents = repository.contents(files=files)

    def configure(paths: Sequence[str]) -> Configured:
        return grounds.configuration(job, branch.name, contents, paths, context)

    configured = configure(())
    if configured.denied:
        return _told()
    if configured.problem:
        return _told(problems=[f"The configuration can't be used: {configured.problem}"])
    own_file, shared_file, *_ = (contents[file] for file in files)
    here = own_file is not None or b"tool.cdk-medic" in (shared_file or b"")
    enabled = configured.mode == "pull-request"
    together = configured.fix_pull_requests.group == "all"
    introduces = not (here or enabled or configured.cap or _is_settled(own))
    if introduces and isinstance(job, RevisitRepository):
        return _told()
    wanted: Sequence[Wanted] = ()
    unread: Sequence[str] = ()
    if enabled or introduces:
        found = scan(repository, branch.head, context.analyser, configure)
        unread = [path for path, _ in found.skipped]
        wanted = _fixes(found, own, branch, context) if enabled else _introduction(found, context)
    aim = Aim(
        wanted=tuple(wanted),
        default_branch=branch.name,
        limit=configured.fix_pull_requests.limit,
        configured=here,
        enabled=enabled,
        together=together,
        labelled=bool(configured.fix_pull_requests.labels),
        unread=tuple(unread),
    )
    place = _Place(repository, branch, own, configured.fix_pull_requests.labels)
    told = _told()
    for intention in plan(aim, own):
        try:
            told["done"].append(_carry_out(place, intention))
        except Refused as refusal:
            told["problems"].append(f"GitHub refused: {refusal.message}")
    return told


def _told(problems: Sequence[str] = ()) -> dict[str, list[str]]:
    return {"done": [], "problems": list(problems)}


def _branches() -> list[str]:
    return [ONBOARDING, branch_for(""), *(branch_for(rule) for rule in sorted(rules()))]


def _is_settled(own: Sequence[Proposal]) -> bool:
    """Whether the onboarding one was merged or turned down: once is enough."""
    return ONBOARDING in declined(own) or any(
        each.branch == ONBOARDING and each.state == "merged" for each in own
    )


def _fixes(found: Scan, own: Sequence[Proposal], branch: Branch, context: Context) -> list[Wanted]:
    wishes = found.configured.fix_pull_requests
    without = rules_in_other_hands(own, branch.name)
    choice = Choice(wishes.unsafe, without, together=wishes.group == "all")
    return [texts.fix(each, found.pins) for each in groups(found, choice, context.analyser)]


def _introduction(found: Scan, context: Context) -> list[Wanted]:
    """The onboarding pull request, where there is something to tell."""
    mistakes = findings(found)
    counted = {each.rule for each in mistakes if not each.on_request}
    if not counted:
        return []
    choice = Choice(unsafe=counted, without=(), together=True)
    everything = groups(found, choice, context.analyser)
    files = everything[0].files if everything else {}
    return [onboarding.onboarding(mistakes, files, found.pins)]


def _carry_out(place: _Place, intention: Intention) -> str:
    match intention:
        case Open():
            return _open(place, intention)
        case Refresh():
            return _refresh(place, intention)
        case Close():
            return _close(place, intention)
        case Label():
            return _label(place, intention)


def _open(place: _Place, intention: Open) -> str:
    wanted, repository = intention.wanted, place.repository
    at = repository.branches.head(wanted.branch)
    known = {
        each.head for each in place.proposals if each.branch == wanted.branch and not each.touched
    }
    if at and at not in known and not repository.proposals.wrote(at):
        return f"{wanted.branch} is somebody else's, and is left alone."
    commit = _commit(place, wanted)
    if at:
        repository.branches.move(wanted.branch, at, commit)
    else:
        repository.branches.create(wanted.branch, commit)
    number = repository.proposals.open(
        title=wanted.title, body=wanted.body, branch=wanted.branch, base=place.branch.name
    )
    repository.proposals.label(number, place.labels)
    return f"#{number} is opened from {wanted.branch}."


def _refresh(place: _Place, intention: Refresh) -> str:
    proposal, wanted = intention.proposal, intention.wanted
    if intention.rebuild:
        commit = _commit(place, wanted)
        try:
            place.repository.branches.move(wanted.branch, proposal.head, commit)
        except Refused as refusal:
            if refusal.kind != _STALE:
                raise
            return f"Somebody pushed to #{proposal.number}, which is left alone."
    place.repository.proposals.edit(proposal.number, title=wanted.title, body=wanted.body)
    return f"#{proposal.number} is refreshed."


def _close(place: _Place, intention: Close) -> str:
    number = intention.proposal.number
    answers.answer(place.repository, number, _CLOSING, texts.closing(intention.reason))
    place.repository.proposals.edit(number, state="closed")
    return f"#{number} is closed: {intention.reason.value}."


def _label(place: _Place, intention: Label) -> str:
    place.repository.proposals.label(intention.proposal.number, place.labels)
    return f"#{intention.proposal.number} is labelled."


def _commit(place: _Place, wanted: Wanted) -> str:
    """A commit on the default branch as it is, which no branch has yet."""
    return place.repository.branches.commit(
        place.branch.head, dict(wanted.files), wanted.headline, wanted.message
    )
