"""What happens to the bot's work when things move under its feet: a sentence, and no more tries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.github import Unavailable
from bot.operations import Outcome, Result, perform
from sandbox.rest.routing import Answer
from tests.bot.operations.world import World, answer, vpc

FILES = "/repos/{owner}/{repo}/pulls/{pull_number}/files"
CHECKS = "/repos/{owner}/{repo}/check-runs"


def opened(here: World) -> tuple[Any, Any]:
    pull = here.open({"stacks/network.py": vpc()})
    (job,) = here.jobs()
    return pull, job


def tried(here: World, job: Any) -> Outcome:
    """What comes of a job where the first attempt may meet a stale token, as in the job engine."""
    try:
        return perform(job, here.context)
    except Unavailable:
        return perform(job, here.context)


@pytest.mark.parametrize(
    ("happens", "told"),
    [
        (lambda it: it.sandbox.uninstall(it.installation), "is no longer installed"),
        (lambda it: it.sandbox.suspend(it.installation), "is suspended"),
        (
            lambda it: it.sandbox.change_repositories(it.installation, removed=[it.repository]),
            "can no longer reach",
        ),
        (lambda it: it.sandbox.delete("acme/payments"), "can no longer reach"),
        (lambda it: it.sandbox.move(it.repository, "oliver/payments"), "can no longer reach"),
    ],
    ids=["uninstalled", "suspended", "left out", "deleted", "transferred"],
)
@pytest.mark.parametrize("when", ["before", "mid-run"])
def test_what_is_gone_ends_in_a_sentence_and_is_not_tried_for_hours(
    here: World, happens: Callable[[World], object], told: str, when: str
) -> None:
    _, job = opened(here)
    if when == "before":
        happens(here)
    else:
        here.sandbox.faults.add("GET", FILES, meanwhile=lambda: happens(here))
    outcome = tried(here, job)
    assert outcome.result in {Result.NOTHING_TO_DO, Result.REFUSED}, outcome
    if when == "before":
        assert told in outcome.detail


def test_a_renamed_repository_is_worked_on_under_its_new_name(here: World) -> None:
    pull, job = opened(here)
    here.github.repository(job.installation, job.repository_id, job.repository)
    here.sandbox.move(here.repository, "acme/billing")
    assert tried(here, job).result is Result.DONE
    assert len(pull.review_comments) == 1


def test_a_repository_that_is_renamed_mid_run_is_worked_on_all_the_same(here: World) -> None:
    pull, job = opened(here)
    here.sandbox.faults.add(
        "POST", CHECKS, meanwhile=lambda: here.sandbox.move(here.repository, "acme/billing")
    )
    assert tried(here, job).result is Result.DONE
    assert [len(x) for x in (pull.check_runs, pull.reviews, pull.comments)] == [1, 1, 1]


def test_a_stranger_who_takes_the_old_name_gets_none_of_it(here: World) -> None:
    pull, job = opened(here)
    here.github.repository(job.installation, job.repository_id, job.repository)
    here.sandbox.move(here.repository, "acme/billing")
    trap = here.sandbox.add_repository(
        "acme/payments", files={"README.md": "x\n"}, collaborators={"maria": "write"}
    )
    bait = trap.open_pull_request(
        author="maria", title="Bait", branch="bait", files={"a.py": vpc(2)}
    )
    assert tried(here, job).result is Result.DONE
    assert len(pull.review_comments) == 1
    assert (bait.comments, bait.reviews, bait.check_runs) == ([], [], [])


@pytest.mark.parametrize("ends", ["close", "merge"])
def test_a_pull_request_that_was_closed_or_merged_is_left_alone(here: World, ends: str) -> None:
    pull, job = opened(here)
    getattr(pull, ends)(by="oliver")
    outcome = perform(job, here.context)
    assert (outcome.result, outcome.detail) == (
        Result.NOTHING_TO_DO,
        "The pull request is closed.",
    )


def test_a_fix_for_a_deleted_fork_is_answered(here: World) -> None:
    pull = here.open({"a.py": vpc()}, author="stranger", from_fork=True, maintainer_can_modify=True)
    here.run()
    here.sandbox.delete("stranger/payments")
    pull.comment("maria", f"/fix {pull.head_sha}")
    here.run()
    assert answer(pull) == "The repository of the branch is gone."


def test_a_deleted_fork_is_reviewed_still(here: World) -> None:
    pull = here.open({"a.py": vpc()}, author="stranger", from_fork=True)
    (job,) = here.jobs()
    here.sandbox.delete("stranger/payments")
    assert perform(job, here.context).result is Result.DONE
    assert len(pull.review_comments) == 1


RULES = "Repository rule violations found\n\nChanges must be made through a pull request."


def test_a_protected_branch_is_answered_with_the_reason_and_the_patch(here: World) -> None:
    pull, job = opened(here)
    perform(job, here.context)
    here.sandbox.faults.add(
        "POST",
        "/graphql",
        containing="createCommitOnBranch",
        answer=Answer(
            200,
            {
                "data": {"createCommitOnBranch": None},
                "errors": [{"type": "UNPROCESSABLE", "message": RULES}],
            },
        ),
    )
    pull.comment("maria", "/fix")
    here.run()
    assert "does not let me push to `feature` (Repository rule violations found" in answer(pull)
    assert "+        ec2.Vpc(self" in answer(pull)
    assert not here.sandbox.faults.waiting


def test_a_missing_permission_is_one_clear_sentence(here: World) -> None:
    _, job = opened(here)
    here.installation.permissions.pop("checks")
    outcome = perform(job, here.context)
    assert outcome.result is Result.REFUSED
    assert "was not given all that it needs" in outcome.detail
    assert "checks: write" in outcome.detail


def test_an_app_that_may_only_comment_reviews_and_says_why_it_commits_nothing(here: World) -> None:
    here.installation.permissions["contents"] = "read"
    pull, job = opened(here)
    assert perform(job, here.context).result is Result.DONE
    assert len(pull.review_comments) == 1
    pull.comment("maria", "/fix")
    here.run()
    assert answer(pull).startswith("I was installed to comment only. The suggestions of the review")
    assert "+        ec2.Vpc(self" in answer(pull)
    (comment,) = [each for each in pull.comments if each.body == "/fix"]
    assert [reaction.content for reaction in comment.reactions] == ["eyes", "confused"]


def test_once_it_knows_an_app_that_may_only_comment_offers_no_boxes(here: World) -> None:
    here.installation.permissions["contents"] = "read"
    pull, job = opened(here)
    perform(job, here.context)
    assert "- [ ]" in pull.comments[0].body
    pull.comment("maria", "/fix")
    here.run()
    pull.push({"stacks/network.py": vpc(2)})
    here.run()
    assert "- [ ]" not in pull.comments[0].body
    assert "```diff" in pull.comments[0].body
    assert pull.check_runs[0].actions == ()
    here.installation.permissions["contents"] = "write"
    pull.comment("maria", "/fix")
    here.run()
    assert pull.read("stacks/network.py") == vpc(3).encode()


def test_an_archived_repository_is_told_of_and_left_alone(here: World) -> None:
    _, job = opened(here)
    here.repository.record.archived = True
    outcome = perform(job, here.context)
    assert outcome.result is Result.REFUSED
    assert "archived" in outcome.detail


def test_no_token_for_a_review_may_write_code(here: World) -> None:
    pull, job = opened(here)
    perform(job, here.context)
    assert {token.permissions["contents"] for token in here.sandbox.state.tokens.values()} == {
        "read"
    }
    pull.comment("maria", "/fix")
    here.run()
    tokens = here.sandbox.state.tokens.values()
    assert {token.permissions["contents"] for token in tokens} == {"read", "write"}
    assert {token.repository_ids for token in tokens} == {frozenset({here.repository.id})}


def test_a_blob_that_a_force_push_took_away_is_no_fault(here: World) -> None:
    pull, job = opened(here)
    here.sandbox.faults.add(
        "GET",
        FILES,
        altered=lambda rows: [row | {"sha": "0" * 40} for row in rows],
    )
    assert perform(job, here.context).result is Result.DONE
    assert "or no longer there" in pull.check_runs[0].summary
