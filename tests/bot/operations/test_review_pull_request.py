from __future__ import annotations

import dataclasses
import random
from pathlib import Path

import pytest

from bot.operations import Result, perform
from bot.summary import is_summary
from tests.bot.operations.world import World, vpc, world


def test_a_first_pull_request_gets_a_check_a_review_and_a_summary(here: World) -> None:
    pull = here.open({"stacks/network.py": vpc()})
    assert [outcome.result for outcome in here.run()] == [Result.DONE]
    (check,) = pull.check_runs
    assert (check.status, check.conclusion) == ("completed", "neutral")
    assert check.title == "1 finding: 1 critical"
    assert [action.identifier for action in check.actions] == ["fix-safe", "fix-pr"]
    assert [(note.path, note.start_line) for note in check.annotations] == [
        ("stacks/network.py", 7)
    ]
    (review,) = pull.reviews
    assert review.commit_id == pull.head_sha
    (comment,) = pull.review_comments
    assert (comment.path, comment.line) == ("stacks/network.py", 7)
    (summary,) = pull.comments
    assert "`stacks/network.py:7`" in summary.body


def test_a_click_on_the_suggestion_fixes_the_file(here: World) -> None:
    pull = here.open({"stacks/network.py": vpc()})
    here.run()
    pull.commit_suggestion(pull.review_comments[0].id, by="maria")
    assert pull.read("stacks/network.py") == vpc(3).encode()
    here.run()
    (check,) = pull.check_runs
    assert check.conclusion == "success"
    (summary,) = pull.comments
    assert "all findings are fixed" in summary.body


def test_nothing_to_say_is_a_check_run_alone(here: World) -> None:
    pull = here.open({"stacks/network.py": vpc(3), "notes.md": "x\n"})
    here.run()
    assert [check.conclusion for check in pull.check_runs] == ["success"]
    assert (pull.reviews, pull.comments) == ([], [])


def test_a_pull_request_without_python_is_answered_too(here: World) -> None:
    pull = here.open({"notes.md": "x\n"})
    here.run()
    assert [check.conclusion for check in pull.check_runs] == ["success"]


def test_a_second_delivery_adds_nothing(here: World) -> None:
    pull = here.open({"stacks/network.py": vpc()})
    (job,) = here.jobs()
    perform(job, here.context)
    before = len(here.sandbox.requests)
    perform(job, here.context)
    assert {
        each.method for each in here.sandbox.requests[before:] if "graphql" not in each.path
    } == {"GET"}
    assert [len(x) for x in (pull.check_runs, pull.reviews, pull.comments)] == [1, 1, 1]


@pytest.mark.parametrize("name", ["check run", "review", "summary"])
def test_a_run_that_died_before_a_write_goes_on_where_it_was(here: World, name: str) -> None:
    pull = here.open({"stacks/network.py": vpc()})
    (job,) = here.jobs()
    here.dies_before = name
    with pytest.raises(SystemExit):
        perform(job, here.context)
    here.dies_before = ""
    perform(job, here.context)
    assert [len(x) for x in (pull.check_runs, pull.reviews, pull.comments)] == [1, 1, 1]


def test_what_was_said_is_not_said_again_after_a_push(here: World) -> None:
    pull = here.open({"stacks/network.py": vpc()})
    here.run()
    pull.resolve(pull.review_comments[0].id, by="maria")
    pull.push({"stacks/network.py": vpc(lines=3)})
    here.run()
    assert (len(pull.reviews), len(pull.review_comments), len(pull.comments)) == (1, 1, 1)
    assert "`stacks/network.py:10`" in pull.comments[0].body
    assert [check.conclusion for check in pull.check_runs] == ["neutral"]


def test_only_what_is_new_is_said_after_a_push(here: World) -> None:
    pull = here.open({"stacks/network.py": vpc()})
    here.run()
    pull.push({"stacks/other.py": vpc(2)})
    here.run()
    assert [comment.path for comment in pull.review_comments] == [
        "stacks/network.py",
        "stacks/other.py",
    ]


def test_what_was_here_before_gets_no_comment(tmp_path: Path) -> None:
    with world(tmp_path, {"stacks/network.py": vpc(lines=20)}) as here:
        pull = here.open({"stacks/network.py": "import os\n" + vpc(lines=20)})
        here.run()
        assert (pull.reviews, pull.review_comments) == ([], [])
        assert [note.level for note in pull.check_runs[0].annotations] == ["notice"]
        assert "1 finding was here before" in pull.comments[0].body


def test_a_file_that_does_not_parse_is_named_and_the_others_are_reviewed(here: World) -> None:
    pull = here.open({"a.py": vpc() + "def (\n", "b.py": vpc()})
    here.run()
    assert [comment.path for comment in pull.review_comments] == ["b.py"]
    assert "**Not analysed**\n\n- `a.py`: " in pull.comments[0].body
    assert "line 8" in pull.comments[0].body


def test_a_large_file_is_named_and_not_read(here: World) -> None:
    pull = here.open({"a.py": vpc() + "#" * 600_000 + "\n"})
    here.run()
    assert "- `a.py`: It is larger than 512 KB" in pull.comments[0].body


def test_an_old_head_is_superseded_and_nothing_is_written(here: World) -> None:
    pull = here.open({"stacks/network.py": vpc()})
    pull.push({"stacks/network.py": vpc(2)})
    first, second = here.jobs()
    assert perform(first, here.context).result is Result.SUPERSEDED
    assert (pull.check_runs, pull.reviews, pull.comments) == ([], [], [])
    assert perform(second, here.context).result is Result.DONE


def test_a_closed_pull_request_is_left_alone(here: World) -> None:
    pull = here.open({"stacks/network.py": vpc()})
    (job,) = here.jobs()
    pull.close(by="maria")
    assert perform(job, here.context).result is Result.NOTHING_TO_DO
    assert (pull.check_runs, pull.comments) == ([], [])


def test_a_draft_is_checked_and_not_talked_into(here: World) -> None:
    pull = here.open({"stacks/network.py": vpc()}, draft=True)
    here.run()
    assert [check.conclusion for check in pull.check_runs] == ["neutral"]
    assert (pull.reviews, pull.comments) == ([], [])
    pull.ready_for_review(by="maria")
    here.run()
    assert (len(pull.check_runs), len(pull.reviews), len(pull.comments)) == (1, 1, 1)


def test_a_fork_is_reviewed_as_well(here: World) -> None:
    pull = here.open({"stacks/network.py": vpc()}, author="stranger", from_fork=True)
    here.run()
    assert (len(pull.check_runs), len(pull.reviews), len(pull.comments)) == (1, 1, 1)


def test_a_locked_conversation_gets_its_check_and_is_not_talked_into(here: World) -> None:
    pull = here.open({"stacks/network.py": vpc()})
    pull.lock(by="oliver")
    assert [outcome.result for outcome in here.run()] == [Result.DONE]
    assert [check.conclusion for check in pull.check_runs] == ["neutral"]
    refused = [each.route for each in here.sandbox.requests if each.status >= 400]
    assert refused == ["/app/installations/{installation_id}/access_tokens"]  # of no policy
    assert (pull.reviews, pull.comments) == ([], [])


def test_a_forged_marker_of_somebody_else_hides_nothing(here: World) -> None:
    pull = here.open({"stacks/network.py": vpc()})
    pull.comment("stranger", f"<!-- cdk-medic:summary {pull.head_sha} -->")
    pull.review("stranger", f"<!-- cdk-medic:review {pull.head_sha} -->")
    here.run()
    assert len(pull.review_comments) == 1
    assert sum(is_summary(comment.body) for comment in pull.comments) == 2


def test_a_hundred_comments_of_others_do_not_hide_the_summary(here: World) -> None:
    pull = here.open({"stacks/network.py": vpc()})
    for number in range(120):
        pull.comment("oliver", f"comment {number}")
    here.run()
    pull.push({"stacks/network.py": vpc(2)})
    here.run()
    assert len(pull.comments) == 121


def stacks(files: int, findings: int) -> dict[str, str]:
    each = findings // files
    return {
        f"stacks/s{n}.py": vpc()
        + "".join(
            f'        ec2.Vpc(self, "V{n}", max_azs=3, nat_gateways=1)\n' + "        #\n" * 4
            for n in range(1, each)
        )
        for n in range(files)
    }


@pytest.mark.parametrize(("findings", "allowed"), [(50, 8), (100, 9)])
def test_a_first_review_of_fifty_files_is_a_handful_of_requests(
    here: World, findings: int, allowed: int
) -> None:
    pull = here.open(stacks(50, findings))
    assert [outcome.result for outcome in here.run()] == [Result.DONE]
    assert len(pull.check_runs[0].annotations) == findings
    assert len(pull.review_comments) == 30
    assert len(pull.comments) == 1
    assert len(here.requests()) <= allowed, here.requests()


def test_annotations_are_not_repeated_when_a_check_run_was_left_half_done(here: World) -> None:
    pull = here.open(stacks(50, 100))
    (job,) = here.jobs()
    repository = here.github.repository(job.installation, job.repository_id, job.repository)

    def die(*_: object) -> int:
        raise TimeoutError

    repository.update_check_run = die  # type: ignore[assignment, method-assign]
    with pytest.raises(TimeoutError):
        perform(job, dataclasses.replace(here.context, github=lambda *_: repository))
    assert [(each.status, len(each.annotations)) for each in pull.check_runs] == [
        ("in_progress", 50)
    ]
    perform(job, here.context)
    assert [(each.status, len(each.annotations)) for each in pull.check_runs] == [
        ("completed", 100)
    ]


def test_a_review_is_lost_to_no_bad_line(tmp_path: Path) -> None:
    """Files with findings all over, changed at random: GitHub takes every line of every review."""
    dice = random.Random(422)
    before = "\n".join(stacks(1, 12)["stacks/s0.py"].splitlines() + ["# ."] * 20) + "\n"
    with world(tmp_path, {f"s{n}.py": before for n in range(6)}) as here:
        for number in range(3):
            files: dict[str, str | bytes] = {}
            for name in range(6):
                lines = before.splitlines()
                for _ in range(dice.randint(1, 6)):
                    at = dice.randrange(7, len(lines))
                    change = dice.choice(["add", "remove", "change"])
                    if change == "remove":
                        del lines[at]
                    else:
                        vpc_line = f'        ec2.Vpc(self, "N{at}", max_azs=3, nat_gateways=1)'
                        lines[at : at + (change == "change")] = [vpc_line]
                files[f"s{name}.py"] = "\n".join(lines) + dice.choice(["", "\n"])
            pull = here.open(files, branch=f"branch-{number}")
            (outcome,) = here.run()
            assert outcome.result is Result.DONE, outcome
            assert len(pull.reviews) == 1
            for comment in pull.review_comments[:3]:
                if "```suggestion" in comment.body and not comment.outdated:
                    pull.commit_suggestion(comment.id, by="maria")
            here.jobs()


def test_a_fix_that_reaches_out_of_the_diff_is_offered_as_a_command(tmp_path: Path) -> None:
    """The Deny needs two more names in an import far above the role, which no hunk shows."""
    before = (
        "from aws_cdk import Stack\n"
        "from aws_cdk.aws_iam import Role, ServicePrincipal\n"
        + "# .\n"
        * 30
        + "class Functions(Stack):\n"
        "    def __init__(self, scope, construct_id):\n"
        "        super().__init__(scope, construct_id)\n"
    )
    role = (
        "        role = Role(\n"
        '            self, "Role", assumed_by=ServicePrincipal("lambda.amazonaws.com")\n'
        "        )\n"
    )
    with world(tmp_path, {"functions.py": before}) as here:
        pull = here.open({"functions.py": before + role})
        (outcome,) = here.run()
        assert outcome.result is Result.DONE
        (comment,) = pull.review_comments
        assert "```suggestion" not in comment.body
        assert "the comment `/fix missing-explicit-deny` commits it" in comment.body
        pull.comment("maria", "/fix missing-explicit-deny")
        here.run()
        assert b"effect=Effect.DENY" in pull.read("functions.py")
