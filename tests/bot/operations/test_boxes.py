"""A box of the summary, ticked in the browser, is a request like any other."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from bot.operations import Result, perform
from bot.work import ApplyFix
from tests.bot.operations.test_folding import ROLE
from tests.bot.operations.world import World, answer, vpc


@pytest.fixture
def pull(here: World) -> Any:
    """A pull request with findings of two rules that has been reviewed."""
    made = here.open({"network.py": vpc(), "functions.py": ROLE})
    here.run()
    return made


def tick(pull: Any, label: str, *, by: str = "maria") -> None:
    """Tick the box on the line with `label`."""
    summary = pull.comments[0]
    lines = summary.body.split("\n")
    (at,) = [number for number, line in enumerate(lines) if label in line and "[ ]" in line]
    lines[at] = lines[at].replace("[ ]", "[x]")
    pull.edit_comment(summary.id, "\n".join(lines), by=by)


def test_a_box_commits_the_fixes_of_its_rule(here: World, pull: Any) -> None:
    tick(pull, "`shared-nat-gateway`: 1 safe fix")
    here.run()
    assert pull.read("network.py") == vpc(3).encode()
    assert pull.read("functions.py") == ROLE.encode()
    assert "Co-authored-by: maria " in pull.commits[-1].message
    assert answer(pull).startswith("1 finding fixed in")


def test_afterwards_the_summary_offers_what_is_left(here: World, pull: Any) -> None:
    tick(pull, "`shared-nat-gateway`: 1 safe fix")
    here.run()
    summary = pull.comments[0].body
    assert "[x]" not in summary
    assert "shared-nat-gateway" not in summary
    assert "- [ ] `missing-explicit-deny`: 1 safe fix" in summary


def test_the_box_for_all_commits_every_safe_fix(here: World, pull: Any) -> None:
    commits = len(pull.commits)
    tick(pull, "all safe fixes (2)")
    here.run()
    assert len(pull.commits) == commits + 1
    assert "all findings are fixed" in pull.comments[0].body


def test_two_boxes_one_after_the_other_are_two_commits(here: World, pull: Any) -> None:
    """The second was ticked before the summary could know of the first's commit."""
    commits = len(pull.commits)
    tick(pull, "`shared-nat-gateway`")
    tick(pull, "`missing-explicit-deny`")
    here.run()
    assert len(pull.commits) == commits + 2
    assert "all findings are fixed" in pull.comments[0].body


def test_a_box_is_bound_to_the_commit_of_its_summary(here: World, pull: Any) -> None:
    head = pull.push({"network.py": vpc(2)})
    tick(pull, "all safe fixes (2)")
    _, job = here.jobs()
    assert perform(job, here.context).result is Result.REFUSED
    assert pull.head_sha == head
    assert "by now, not at" in answer(pull)
    assert "[x]" not in pull.comments[0].body


def test_somebody_elses_commit_between_two_boxes_stops_the_second(here: World, pull: Any) -> None:
    tick(pull, "`shared-nat-gateway`")
    first = here.jobs()[0]
    perform(first, here.context)
    text = "Fix\n\nCdk-Medic-Request: comment-1"
    head = pull.push({"functions.py": ROLE + "\n# .\n"}, message=text)
    tick(pull, "`missing-explicit-deny`")
    job = next(job for job in here.jobs() if isinstance(job, ApplyFix))
    assert perform(job, here.context).result is Result.REFUSED
    assert pull.head_sha == head


@pytest.mark.parametrize("login", ["reader", "stranger"])
def test_whoever_may_not_write_is_refused_once_and_the_box_is_emptied(
    here: World, pull: Any, login: str
) -> None:
    head = pull.head_sha
    tick(pull, "all safe fixes (2)")
    (job,) = here.jobs()
    assert isinstance(job, ApplyFix)
    forged = dataclasses.replace(job, requested_by=login)
    for _ in range(2):
        assert perform(forged, here.context).result is Result.REFUSED
    assert pull.head_sha == head
    assert len(pull.comments) == 2
    assert answer(pull) == "This needs write access to the repository."
    assert "[x]" not in pull.comments[0].body


def test_the_same_tick_delivered_twice_is_one_commit(here: World, pull: Any) -> None:
    commits = len(pull.commits)
    tick(pull, "all safe fixes (2)")
    (job,) = here.jobs()
    for _ in range(2):
        assert perform(job, here.context).result is Result.DONE
    assert len(pull.commits) == commits + 1
    assert len(pull.comments) == 2


def test_a_copy_of_the_summary_by_another_bot_is_nothing(here: World, pull: Any) -> None:
    head = pull.head_sha
    tick(pull, "all safe fixes (2)")
    (job,) = here.jobs()
    assert isinstance(job, ApplyFix)
    elsewhere = dataclasses.replace(job, box=pull.comment("oliver", pull.comments[0].body).id)
    assert perform(elsewhere, here.context).result is Result.NOTHING_TO_DO
    assert pull.head_sha == head
    assert len(pull.comments) == 2


def test_the_bots_own_edits_ask_for_nothing(here: World, pull: Any) -> None:
    pull.push({"network.py": vpc(2), "c.py": vpc()})
    assert len(here.run()) == 1
    assert here.jobs() == []


def test_a_rule_that_a_writer_made_up_is_refused(here: World, pull: Any) -> None:
    """Whoever may write may edit the bot's comment, its boxes too."""
    tick(pull, "all safe fixes (2)")
    (job,) = here.jobs()
    assert isinstance(job, ApplyFix)
    assert perform(dataclasses.replace(job, rules=("no-rule",)), here.context).result is (
        Result.REFUSED
    )
    assert "There is no rule no-rule." in answer(pull).replace("\\", "")
