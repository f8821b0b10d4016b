"""GitHub fails at any write of the bot's own pull requests: each comes once, and ends once.

The scenario is an installation, the merged onboarding pull request, a fix pull request for each of
two rules, a push that moves the base, one that fixes a finding, and one that a person closes.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.fix_pull_requests.plan import ONBOARDING
from sandbox.rest.routing import Answer
from tests.bot.operations.world import World, vpc, world
from tests.scenarios.failing import persistently, write_places

BROKEN = Answer(502, {"message": "Bad gateway"})
NAT = "cdk-medic/fix-shared-nat-gateway"
ENGINE = "cdk-medic/fix-unpinned-engine-version"
WRITES = 40
"""How many writes the scenario takes, as the first test counts."""


def stack(gateways: int, *, lines: int = 0) -> str:
    """A VPC with so many gateways, and an engine whose version is not pinned."""
    code = vpc(gateways, lines=lines).replace("aws_ec2 as ec2", "aws_ec2 as ec2, aws_rds as rds")
    version = "rds.PostgresEngineVersion.VER_15"
    return f"{code}        rds.DatabaseInstanceEngine.postgres(version={version})\n"


def carried_out(here: World) -> dict[str, Any]:
    """What there is after the scenario."""
    here.hear_all()
    persistently(here)
    here.pulls()[ONBOARDING].merge(by="maria")
    persistently(here)
    nat, engine = here.pulls()[NAT], here.pulls()[ENGINE]
    here.repository.push({"stack.py": stack(1, lines=3)}, by="oliver")
    persistently(here)
    moved = nat.read("stack.py")
    here.repository.push({"stack.py": stack(3, lines=3)}, by="oliver")
    persistently(here)
    engine.close(by="maria")
    persistently(here)
    own = [here.sandbox.pull_request("acme/payments", number) for number in (1, 2, 3)]
    return {
        "pull requests": sorted(here.repository.record.pulls),
        "ends": [(each.record.state, bool(each.record.merged_at)) for each in own],
        "comments": [len(each.comments) for each in own],
        "labels": [[label.name for label in each.record.labels] for each in own],
        "commits": [len(each.commits) for each in own],
        "branches": sorted(here.branches()),
        "moved": moved,
    }


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Any], list[int]]:
    with world(tmp_path_factory.mktemp("well"), {"stack.py": stack(1)}) as here:
        before = len(here.sandbox.requests)
        return carried_out(here), write_places(here, before)


def test_all_goes_well_and_is_counted(expected: tuple[dict[str, Any], list[int]]) -> None:
    result, places = expected
    assert result == {
        "pull requests": [1, 2, 3],
        "ends": [("closed", True), ("closed", False), ("closed", False)],
        "comments": [0, 1, 1],
        "labels": [["cdk-medic"]] * 3,
        "commits": [1, 1, 1],
        "branches": ["cdk-medic/fix-unpinned-engine-version", "main"],
        "moved": stack(3, lines=3).encode(),
    }
    assert len(places) == WRITES


@pytest.mark.slow
@pytest.mark.parametrize(
    ("write", "applied"),
    [
        *((write, True) for write in range(WRITES)),
        *((write, False) for write in range(0, WRITES, 4)),
    ],
)
def test_one_write_fails(
    tmp_path: Path, expected: tuple[dict[str, Any], list[int]], write: int, applied: bool
) -> None:
    result, places = expected
    with world(tmp_path, {"stack.py": stack(1)}) as here:
        here.sandbox.faults.add("", "", skip=places[write], answer=BROKEN, applied=applied)
        assert carried_out(here) == result
        assert not here.sandbox.faults.waiting
