"""A review is lost to no bad line, not even to one that only GitHub minds."""

from __future__ import annotations

from sandbox.rest.routing import Answer
from tests.bot.operations.world import World, vpc

REVIEWS = "/repos/{owner}/{repo}/pulls/{pull_number}/reviews"
BAD_LINE = Answer(
    422, {"message": "Unprocessable Entity", "errors": ["Line could not be resolved"]}
)


def test_a_review_whose_lines_github_minds_is_posted_without_them(here: World) -> None:
    here.sandbox.faults.add("POST", REVIEWS, answer=BAD_LINE)
    pull = here.open({"stacks/network.py": vpc()})
    here.run()
    (review,) = pull.reviews
    assert review.body.startswith("1 finding on the lines that this pull request changes. GitHub")
    assert "(Unprocessable Entity; Line could not be resolved)" in review.body
    assert pull.review_comments == []
    assert "`stacks/network.py:7`" in pull.comments[0].body
    assert len(pull.check_runs[0].annotations) == 1


def test_it_is_tried_once_more_and_no_oftener(here: World) -> None:
    here.sandbox.faults.add("POST", REVIEWS, answer=BAD_LINE, times=-1)
    pull = here.open({"stacks/network.py": vpc()})
    (outcome,) = here.run()
    assert "No review: Unprocessable Entity" in outcome.detail
    assert here.requests().count(f"POST {REVIEWS}") == 2
    assert "`stacks/network.py:7`" in pull.comments[0].body


def test_nothing_is_said_about_a_head_that_is_gone(here: World) -> None:
    pull = here.open({"stacks/network.py": vpc()})
    here.sandbox.faults.add(
        "POST",
        REVIEWS,
        answer=BAD_LINE,
        meanwhile=lambda: pull.force_push({"stacks/network.py": vpc(2)}),
    )
    here.run()
    (review,) = pull.reviews
    assert review.commit_id == pull.head_sha
    assert len(pull.review_comments) == 1


def test_the_next_push_is_commented_on_again(here: World) -> None:
    here.sandbox.faults.add("POST", REVIEWS, answer=BAD_LINE)
    pull = here.open({"stacks/network.py": vpc()})
    here.run()
    pull.push({"notes.md": "x\n"})
    here.run()
    assert len(pull.review_comments) == 1
