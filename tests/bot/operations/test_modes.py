"""What the base branch's `mode` makes of the bot."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bot.operations import Result, perform
from bot.operations.asked import COMMITS_AT_MOST
from sandbox.rest.routing import Answer
from tests.bot.operations.world import World, answer, vpc, world

OWN = ".cdk-medic.toml"


@contextmanager
def in_mode(tmp_path: Path, mode: str, **files: str) -> Iterator[World]:
    with world(tmp_path, {OWN: f'mode = "{mode}"\n', "README.md": "x\n", **files}) as here:
        yield here


def opened(here: World, files: Mapping[str, Any] | None = None, **options: Any) -> Any:
    return here.open(files or {"a.py": vpc()}, **options)


def test_report_is_a_check_run_with_annotations_and_nothing_to_press(tmp_path: Path) -> None:
    with in_mode(tmp_path, "report") as here:
        pull = opened(here)
        assert [outcome.result for outcome in here.run()] == [Result.DONE]
        (check,) = pull.check_runs
        assert (check.conclusion, len(check.annotations), check.actions) == ("neutral", 1, ())
        assert "/fix" not in check.summary
        assert (pull.reviews, pull.comments) == ([], [])


@pytest.mark.parametrize(
    "command", ["/fix", "/fix help", "/fix ignore shared-nat-gateway", "/fix --pr", "/fix x"]
)
def test_report_answers_a_command_with_one_sentence_that_says_why(
    tmp_path: Path, command: str
) -> None:
    with in_mode(tmp_path, "report") as here:
        pull = opened(here)
        here.run()
        head = pull.head_sha
        pull.comment("maria", command)
        here.run()
        assert answer(pull).startswith("I only report here: the configuration says")
        assert answer(pull).count(".") == 1
        assert pull.head_sha == head


def test_the_head_has_no_say_in_the_mode(tmp_path: Path) -> None:
    with in_mode(tmp_path, "report") as here:
        pull = opened(here, {"a.py": vpc(), OWN: 'mode = "commit"\n'})
        here.run()
        assert (pull.reviews, pull.comments, len(pull.commits)) == ([], [], 1)


@pytest.mark.parametrize("mode", ["suggest", "pull-request"])
def test_suggest_and_pull_request_offer_and_wait(tmp_path: Path, mode: str) -> None:
    with in_mode(tmp_path, mode) as here:
        pull = opened(here)
        here.run()
        assert (len(pull.reviews), len(pull.comments), len(pull.commits)) == (1, 1, 1)


def test_commit_fixes_what_is_new_and_safe_in_one_commit_that_says_why(tmp_path: Path) -> None:
    with in_mode(tmp_path, "commit") as here:
        pull = opened(here, {"a.py": vpc(), "b.py": vpc(2)})
        here.run()
        assert (pull.read("a.py"), pull.read("b.py")) == (vpc(3).encode(), vpc(3).encode())
        _, made = pull.commits
        assert 'Nobody pressed a button: the configuration of main says mode = "commit".' in (
            made.message
        )
        assert "Co-authored-by" not in made.message
        assert (pull.reviews, pull.comments) == ([], [])
        assert [check.conclusion for check in pull.check_runs] == ["success"]


def test_commit_leaves_alone_what_was_here_before(tmp_path: Path) -> None:
    with in_mode(tmp_path, "commit", **{"a.py": vpc(lines=9)}) as here:
        pull = opened(here, {"a.py": "import os\n" + vpc(lines=9)})
        here.run()
        assert len(pull.commits) == 1


def test_commit_reviews_its_own_commit_and_does_not_fix_it_again(tmp_path: Path) -> None:
    with in_mode(tmp_path, "commit") as here:
        pull = opened(here)
        here.run()
        assert len(pull.commits) == 2
        (made,) = [each for each in pull.commits if "Nobody pressed" in each.message]
        pull.push({"b.py": vpc()}, message=made.message)
        here.run()
        assert len(pull.commits) == 3
        assert [comment.path for comment in pull.review_comments] == ["b.py"]


def test_commit_fixes_the_next_push_as_well_until_the_cap(tmp_path: Path) -> None:
    with in_mode(tmp_path, "commit") as here:
        pull = opened(here)
        here.run()
        pull.push({"b.py": vpc()})
        here.run()
        assert len(pull.commits) == 4
        for number in range(COMMITS_AT_MOST):
            pull.push({"c.txt": str(number)}, message=f"x\n\nCdk-Medic-Request: mode-{number}")
        pull.push({"c.py": vpc()})
        count = len(pull.commits)
        here.run()
        assert len(pull.commits) == count
        assert [comment.path for comment in pull.review_comments] == ["c.py"]


def test_commit_is_bound_to_the_head_that_was_examined(tmp_path: Path) -> None:
    with in_mode(tmp_path, "commit") as here:
        pull = opened(here)
        (job,) = here.jobs()
        step = here.context.step

        def move_before_the_commit(name: str, write: Any, *args: Any) -> Any:
            if name == "commit":
                pull.push({"b.txt": "x\n"})
            return step(name, write, *args)

        context = dataclasses.replace(here.context, step=move_before_the_commit)
        perform(job, context)
        assert [each.message for each in pull.commits] == ["Change", "Change"]


@pytest.mark.parametrize(
    "options",
    [{"draft": True}, {"author": "stranger", "from_fork": True}, {"author": "other[bot]"}],
)
def test_commit_leaves_drafts_forks_and_bots_alone(tmp_path: Path, options: dict[str, Any]) -> None:
    with in_mode(tmp_path, "commit") as here:
        here.add_bot("other")
        pull = opened(here, **options)
        here.run()
        assert len(pull.commits) == 1


def test_commit_offers_what_would_lose_its_mode_instead(tmp_path: Path) -> None:
    with in_mode(tmp_path, "commit", **{"a.py": "#\n"}) as here:
        here.set_mode("a.py", "100755")
        pull = opened(here, {"a.py": vpc()})
        here.run()
        assert len(pull.commits) == 1
        assert [comment.path for comment in pull.review_comments] == ["a.py"]


def test_a_commit_that_github_refuses_leaves_a_review(tmp_path: Path) -> None:
    with in_mode(tmp_path, "commit") as here:
        pull = opened(here)
        here.sandbox.faults.add(
            "POST",
            "/graphql",
            containing="createCommitOnBranch",
            answer=Answer(
                200,
                {
                    "data": {"createCommitOnBranch": None},
                    "errors": [{"type": "UNPROCESSABLE", "message": "Protected branch."}],
                },
            ),
        )
        (outcome,) = here.run()
        assert outcome.result is Result.REFUSED
        assert outcome.detail == "No commit: Protected branch."
        assert (len(pull.commits), len(pull.reviews)) == (1, 1)


def test_a_button_and_a_box_from_before_change_nothing_any_more(tmp_path: Path) -> None:
    with in_mode(tmp_path, "suggest") as here:
        pull = opened(here)
        here.run()
        here.repository.push({OWN: 'mode = "report"\n'}, by="oliver")
        pull.press("fix-safe", by="maria")
        summary = pull.comments[0]
        pull.edit_comment(summary.id, summary.body.replace("- [ ]", "- [x]", 1), by="maria")
        here.run()
        assert [answer(pull), len(pull.commits)] == [
            'I only report here: the configuration says `mode = "report"` for this repository.',
            1,
        ]
