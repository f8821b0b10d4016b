"""GitHub asks one installation to wait, and nobody else waits with it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from sandbox.rest.routing import Answer
from tests.end_to_end.stage import STACK, Stage

pytestmark = pytest.mark.slow

REVIEWS = "/repos/{owner}/{repo}/pulls/{pull_number}/reviews"


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage(tmp_path_factory.mktemp("stage")) as stage:
        yield stage


@pytest.mark.parametrize(
    "limit",
    [
        Answer(
            403, {"message": "You have exceeded a secondary rate limit."}, {"Retry-After": "10"}
        ),
        Answer(429, {"message": "Too many requests"}, {"Retry-After": "10"}),
    ],
    ids=["403", "429"],
)
def test_a_limited_review_waits_and_holds_nobody_up(stage: Stage, limit: Answer) -> None:
    limited, other = (stage.open({"README.md": b"# Payments, again\n"}) for _ in range(2))
    stage.settle()
    before = stage.bot.output.count("The job waits")
    stage.github.faults.add("POST", REVIEWS, answer=limit)
    limited.push({"stack.py": STACK})
    stage.until(lambda: stage.bot.output.count("The job waits") > before)
    other.push({"stack.py": STACK})
    stage.settle()
    (late,), (early,) = limited.reviews, other.reviews
    assert early.id < late.id
    assert [len(x) for x in (limited.check_runs, limited.comments)] == [1, 1]
