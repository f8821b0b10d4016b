"""Fixes as a pull request onto the branch that has the mistakes."""

from __future__ import annotations

import pytest

from bot.operations import Result, perform
from tests.bot.operations.world import World, answer, vpc

STACK = "stacks/network.py"


def stacked(here: World) -> list[str]:
    return [branch for branch in here.pulls() if branch.startswith("cdk-medic/fix-")]


def test_a_command_opens_a_pull_request_onto_the_branch(here: World) -> None:
    pull = here.open({STACK: vpc()})
    here.run()
    head = pull.head_sha
    pull.comment("maria", "/fix --pr")
    here.run()
    (branch,) = stacked(here)
    offer = here.pulls()[branch]
    assert offer.record.base_ref == "feature"
    assert b"nat_gateways=3" in offer.read(STACK)
    assert answer(pull) == f"#{offer.number} fixes 1 finding: merge it into this branch."
    assert offer.record.body.startswith("**Fixes 1 finding** of `shared-nat-gateway`")
    assert f"branch of #{pull.number}" in offer.record.body
    assert "Co-authored-by: maria" in offer.commits[-1].message
    assert pull.head_sha == head


def test_the_button_does_the_same(here: World) -> None:
    pull = here.open({STACK: vpc()})
    here.run()
    pull.press("fix-pr", by="maria")
    here.run()
    assert len(stacked(here)) == 1


def test_whoever_asks_again_is_shown_the_one_that_is_there(here: World) -> None:
    pull = here.open({STACK: vpc()})
    here.run()
    pull.comment("maria", "/fix --pr")
    pull.comment("oliver", "/fix --pr shared-nat-gateway")
    here.run()
    (branch,) = stacked(here)
    assert answer(pull).startswith(f"#{here.pulls()[branch].number} fixes 1 finding already")


def test_merged_it_is_on_the_branch_and_its_own_branch_is_gone(here: World) -> None:
    pull = here.open({STACK: vpc()})
    here.run()
    pull.comment("maria", "/fix --pr")
    here.run()
    (branch,) = stacked(here)
    here.pulls()[branch].merge(by="maria")
    here.run()
    assert b"nat_gateways=3" in pull.read(STACK)
    assert branch not in here.branches()
    assert pull.check_runs[-1].conclusion == "success"


def test_closed_by_a_person_nobody_is_asked_why(here: World) -> None:
    pull = here.open({STACK: vpc()})
    here.run()
    pull.comment("maria", "/fix --pr")
    here.run()
    (offer,) = (here.pulls()[branch] for branch in stacked(here))
    offer.close(by="maria")
    here.run()
    assert offer.comments == []


def test_a_fork_is_refused_in_a_sentence(here: World) -> None:
    pull = here.open({STACK: vpc()}, author="stranger", from_fork=True)
    here.run()
    pull.comment("maria", f"/fix --pr {pull.head_sha}")
    assert [outcome.result for outcome in here.run()] == [Result.REFUSED]
    assert "comes from a fork" in answer(pull)
    assert stacked(here) == []


def test_a_death_before_the_answer_leaves_one_pull_request_and_one_answer(here: World) -> None:
    pull = here.open({STACK: vpc()})
    here.run()
    pull.comment("maria", "/fix --pr")
    (job,) = here.jobs()
    here.dies_before = "answer"
    with pytest.raises(SystemExit):
        perform(job, here.context)
    here.dies_before = ""
    perform(job, here.context)
    assert len(stacked(here)) == 1
    assert len([each for each in pull.comments if "merge it into" in each.body]) == 1
