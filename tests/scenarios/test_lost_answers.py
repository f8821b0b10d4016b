"""GitHub fails at any write, before or after it took it: nothing is lost, and nothing said twice.

GitHub knows no key by which a repeated write would be recognized, so the bot looks before it writes
again. The scenario is a review, a fix by command and the review after it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sandbox.rest.routing import Answer
from tests.bot.operations.world import World, vpc, world
from tests.scenarios.failing import persistently, write_places

BROKEN = Answer(502, {"message": "Bad gateway"})
TWO = {"network.py": vpc(), "other.py": vpc(2)}
WRITES = 12
"""How many writes the scenario takes, as the first test counts."""


def carried_out(here: World) -> dict[str, Any]:
    """What there is after the scenario."""
    pull = here.open(TWO)
    persistently(here)
    comment = pull.comment("maria", "/fix")
    persistently(here)
    return {
        "reviews": [(each.state, each.minimized) for each in pull.reviews],
        "line comments": [(each.path, each.minimized) for each in pull.review_comments],
        "comments": len(pull.comments),
        "reactions": [each.content for each in comment.reactions],
        "commits": len(pull.commits),
        "files": {path: pull.read(path) for path in TWO},
        "check": [(each.status, each.conclusion) for each in pull.check_runs],
        "checks": len(here.repository.record.check_runs),
    }


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], list[int]]:
    with world(tmp_path_factory.mktemp("well")) as here:
        before = len(here.sandbox.requests)
        return carried_out(here), write_places(here, before)


def test_all_goes_well_and_is_counted(expected: tuple[dict[str, Any], list[int]]) -> None:
    result, places = expected
    assert len(places) == WRITES
    assert result["reviews"] == [("COMMENTED", "OUTDATED")]
    assert result["reactions"] == ["eyes", "rocket"]
    assert (result["comments"], result["commits"], result["checks"]) == (3, 2, 2)


@pytest.mark.slow
@pytest.mark.parametrize("write", range(WRITES))
@pytest.mark.parametrize(
    "fault",
    [
        lambda: {"answer": BROKEN},
        lambda: {"answer": BROKEN, "applied": True},
        lambda: {"answer": Answer(403, {"message": "Slow down"}, {"Retry-After": "1"})},
    ],
    ids=["lost", "applied", "limited"],
)
def test_one_write_fails(
    tmp_path: Path,
    expected: tuple[dict[str, Any], list[int]],
    fault: Callable[[], dict[str, Any]],
    write: int,
) -> None:
    result, places = expected
    with world(tmp_path) as here:
        here.sandbox.faults.add("", "", skip=places[write], **fault())
        assert carried_out(here) == result
        assert not here.sandbox.faults.waiting
