from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.github import Proposal, Refused, Repository
from tests.bot.github.contract import check
from tests.bot.operations.world import World, world

FIX = "cdk-medic/fix-shared-nat-gateway"
CONFIGURE = "cdk-medic/configure"


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, {"app.py": "x = 1\n"}) as made:
        yield made
        check(made.sandbox)


@pytest.fixture
def repository(here: World) -> Iterator[Repository]:
    record = here.repository.record
    with here.github.repository(here.installation.id, record.id, record.full_name) as client:
        yield client


def propose(repository: Repository, branch: str = FIX, content: bytes = b"x = 2\n") -> int:
    start = repository.default_branch()
    sha = repository.branches.commit(start.head, {"app.py": content}, "Fix", "")
    repository.branches.create(branch, sha)
    return repository.proposals.open(title="Fix", body="Why", branch=branch, base=start.name)


def only(repository: Repository, branch: str = FIX) -> Proposal:
    (found,) = repository.proposals.own([branch])
    return found


def test_what_the_bot_proposed_is_found_by_its_branch_in_one_request(
    here: World, repository: Repository
) -> None:
    first = propose(repository)
    second = propose(repository, CONFIGURE)
    before = len(here.requests())
    found = repository.proposals.own([FIX, CONFIGURE, "cdk-medic/fix"])
    assert here.requests()[before:] == ["POST /graphql"]
    git = here.repository.git
    assert [each.number for each in found] == [second, first]
    assert found[1] == Proposal(
        number=first,
        branch=FIX,
        head=git.resolve(FIX),
        base_branch="main",
        base_head=git.resolve("main"),
        state="open",
        draft=False,
        title="Fix",
        body="Why",
        labels=(),
        closed_by="",
        withdrawn=False,
        touched=False,
    )


def test_no_branches_are_no_request(here: World, repository: Repository) -> None:
    before = len(here.requests())
    assert repository.proposals.own([]) == []
    assert len(here.requests()) == before


def test_a_draft_is_opened_as_one(repository: Repository) -> None:
    start = repository.default_branch()
    sha = repository.branches.commit(start.head, {"app.py": b"x = 2\n"}, "Fix", "")
    repository.branches.create(FIX, sha)
    repository.proposals.open(title="Fix", body="", branch=FIX, base="main", draft=True)
    assert only(repository).draft


def test_opening_twice_is_one_pull_request(here: World, repository: Repository) -> None:
    number = propose(repository)
    again = repository.proposals.open(title="Fix", body="Why", branch=FIX, base="main")
    assert again == number
    assert len(here.repository.record.pulls) == 1


def test_nothing_to_merge_is_a_refusal(repository: Repository) -> None:
    start = repository.default_branch()
    repository.branches.create(FIX, start.head)
    with pytest.raises(Refused, match="No commits between"):
        repository.proposals.open(title="Fix", body="", branch=FIX, base=start.name)


def test_a_push_by_somebody_else_makes_it_theirs(here: World, repository: Repository) -> None:
    propose(repository)
    here.repository.push({"app.py": "x = 3\n"}, by="maria", branch=FIX)
    assert only(repository).touched


def test_a_further_commit_of_the_bot_does_not(repository: Repository) -> None:
    propose(repository)
    head = only(repository).head
    sha = repository.branches.commit(head, {"app.py": b"x = 4\n"}, "More", "")
    repository.branches.move(FIX, head, sha)
    assert (only(repository).touched, only(repository).head) == (False, sha)


def test_more_commits_than_the_bot_makes_are_not_all_its_own(repository: Repository) -> None:
    propose(repository)
    head = only(repository).head
    last = head
    for number in range(30):
        last = repository.branches.commit(last, {"app.py": b"x = %d\n" % number}, "More", "")
    repository.branches.move(FIX, head, last)
    assert only(repository).touched


def test_who_closed_it_is_known_and_who_merged_it(here: World, repository: Repository) -> None:
    closed, merged = propose(repository), propose(repository, CONFIGURE, b"x = 5\n")
    here.sandbox.pull_request("acme/payments", closed).close(by="maria")
    here.sandbox.pull_request("acme/payments", merged).merge(by="oliver")
    assert (only(repository).state, only(repository).closed_by) == ("closed", "maria")
    assert not only(repository).withdrawn
    other = only(repository, CONFIGURE)
    assert (other.state, other.closed_by) == ("merged", "oliver")
    here.sandbox.pull_request("acme/payments", closed).reopen(by="maria")
    assert (only(repository).state, only(repository).closed_by) == ("open", "")


def test_it_is_remembered_when_its_branch_is_gone(here: World, repository: Repository) -> None:
    number = propose(repository)
    here.sandbox.pull_request("acme/payments", number).close(by="maria")
    repository.branches.delete(FIX, only(repository).head)
    assert only(repository).number == number


def test_nobody_else_can_pass_for_the_bot(here: World, repository: Repository) -> None:
    for author, from_fork in (("maria", False), ("stranger", True)):
        here.open({"a.py": f"{author}\n"}, author=author, branch=FIX, from_fork=from_fork)
    assert repository.proposals.own([FIX]) == []


def test_the_bots_own_is_found_below_a_flood_of_others(here: World, repository: Repository) -> None:
    number = propose(repository)
    for index in range(21):
        pull = here.open(
            {f"{index}.py": "x\n"}, author="stranger", branch=FIX, from_fork=True, title="Hm"
        )
        pull.close(by="stranger")
    before = len(here.requests())
    assert only(repository).number == number
    assert here.requests()[before:] == ["POST /graphql"] * 2


def test_title_body_state_and_labels_can_change(repository: Repository) -> None:
    number = propose(repository)
    repository.proposals.edit(number, title="Better", body="Because")
    repository.proposals.label(number, ["cdk-medic", "Infrastructure"])
    repository.proposals.label(number, ["cdk-medic"])
    repository.proposals.label(number, [])
    now = only(repository)
    assert (now.title, now.body, now.labels) == (
        "Better",
        "Because",
        ("cdk-medic", "Infrastructure"),
    )
    repository.proposals.edit(number, state="closed")
    assert (only(repository).state, only(repository).closed_by) == ("closed", "cdk-medic")
    assert only(repository).withdrawn


def test_a_repository_that_is_gone_is_a_refusal(here: World, repository: Repository) -> None:
    here.sandbox.change_repositories(here.installation, removed=[here.repository])
    here.repository.record.private = True
    with pytest.raises(Refused):
        repository.proposals.own([FIX])
