"""What the bot said about findings that are gone does not stay in anybody's way."""

from __future__ import annotations

from typing import Any

import pytest

from tests.bot.operations.world import World, vpc

ROLE = """from aws_cdk import Stack, aws_iam as iam


class Functions(Stack):
    def __init__(self, scope, construct_id):
        super().__init__(scope, construct_id)
        role = iam.Role(
            self, "Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")
        )
"""


def folded(pull: Any) -> list[str | None]:
    return [comment.minimized for comment in pull.review_comments]


@pytest.fixture
def pull(here: World) -> Any:
    """A pull request of two findings that has been reviewed."""
    made = here.open({"stacks/network.py": vpc(), "stacks/other.py": vpc(2)})
    here.run()
    return made


def test_a_finding_that_is_fixed_by_hand_takes_its_comment_along(here: World, pull: Any) -> None:
    pull.push({"stacks/network.py": vpc(3)})
    here.run()
    assert folded(pull) == ["OUTDATED", None]
    assert pull.reviews[0].minimized is None


def test_the_review_is_folded_with_its_last_comment(here: World, pull: Any) -> None:
    pull.comment("maria", "/fix")
    here.run()
    assert folded(pull) == ["OUTDATED", "OUTDATED"]
    assert pull.reviews[0].minimized == "OUTDATED"


def test_a_comment_is_outdated_though_its_line_stays_as_it_was(here: World) -> None:
    pull = here.open({"functions.py": ROLE})
    here.run()
    pull.comment("maria", "/fix missing-explicit-deny")
    here.run()
    (comment,) = pull.review_comments
    assert not comment.outdated
    assert folded(pull) == ["OUTDATED"]


def test_a_committed_suggestion_folds_its_review(here: World) -> None:
    pull = here.open({"functions.py": ROLE})
    here.run()
    pull.commit_suggestion(pull.review_comments[0].id, by="maria")
    here.run()
    assert folded(pull) == [None]  # GitHub has resolved it, which folds it as well
    assert pull.reviews[0].minimized == "OUTDATED"


def test_what_a_person_answered_stays(here: World, pull: Any) -> None:
    pull.reply(pull.review_comments[0].id, "We do this on purpose.", by="maria")
    pull.push({"stacks/network.py": vpc(3), "stacks/other.py": vpc(3)})
    here.run()
    assert folded(pull) == [None, "OUTDATED", None]
    assert pull.reviews[0].minimized is None


def test_what_a_person_resolved_is_neither_folded_nor_raised_again(here: World, pull: Any) -> None:
    pull.resolve(pull.review_comments[0].id, by="maria")
    pull.push({"stacks/network.py": vpc(3)})
    here.run()
    pull.push({"stacks/network.py": vpc()})
    here.run()
    assert folded(pull) == [None, None]


def test_a_finding_that_comes_back_is_said_again(here: World, pull: Any) -> None:
    pull.push({"stacks/network.py": vpc(3)})
    here.run()
    pull.push({"stacks/network.py": vpc()})
    here.run()
    assert [comment.path for comment in pull.review_comments] == [
        "stacks/network.py",
        "stacks/other.py",
        "stacks/network.py",
    ]
    assert folded(pull) == ["OUTDATED", None, None]


def test_nothing_is_folded_for_a_file_that_could_not_be_analysed(here: World, pull: Any) -> None:
    pull.push({"stacks/network.py": vpc() + "def (\n"})
    here.run()
    assert folded(pull) == [None, None]


def test_a_file_that_left_the_pull_request_takes_its_comments_along(here: World, pull: Any) -> None:
    pull.push({"stacks/network.py": None})
    here.run()
    assert folded(pull) == ["OUTDATED", None]


def test_what_others_wrote_is_never_folded(here: World, pull: Any) -> None:
    pull.review("oliver", pull.review_comments[0].body)
    pull.push({"stacks/network.py": vpc(3), "stacks/other.py": vpc(3)})
    here.run()
    assert [review.minimized for review in pull.reviews] == ["OUTDATED", None]


def test_many_comments_are_folded_with_one_request(here: World) -> None:
    lines = "".join(
        f'        ec2.Vpc(self, "V{n}", max_azs=3, nat_gateways=1)\n' + "        #\n" * 4
        for n in range(20)
    )
    pull = here.open({"stacks/network.py": vpc(3) + lines})
    here.run()
    before = len(here.sandbox.requests)
    pull.push({"stacks/network.py": vpc(3)})
    here.run()
    assert folded(pull) == ["OUTDATED"] * 20
    # the changed files, the pull request, the check run, the summary, and this
    assert len(here.sandbox.requests) - before == 5
