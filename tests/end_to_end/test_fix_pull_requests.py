"""Fix pull requests by a real bot process, from the installation on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox.handles import PullRequestHandle, RepositoryHandle
from tests.end_to_end.stage import STACK, Stage

NAT = "cdk-medic/fix-shared-nat-gateway"
FIXED = STACK.replace(b"nat_gateways=1", b"nat_gateways=3")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    with Stage(tmp_path) as made:
        yield made


def own(stage: Stage, repository: RepositoryHandle, branch: str) -> PullRequestHandle:
    """The one pull request from a branch."""
    (number,) = [
        number for number, pull in repository.record.pulls.items() if pull.head_ref == branch
    ]
    return stage.github.pull_request(repository.full_name, number)


def test_an_installation_leads_to_fix_pull_requests_that_follow_the_code(stage: Stage) -> None:
    repository = stage.repository({"stack.py": STACK})
    onboarding = own(stage, repository, "cdk-medic/configure")
    assert onboarding.record.body.startswith("I found **2 production mistakes** in 1 file")
    onboarding.merge(by="maria")
    stage.settle()
    fix = own(stage, repository, NAT)
    assert fix.read("stack.py") == FIXED
    repository.push({"stack.py": STACK + b"\n# More.\n"}, by="maria")
    stage.settle()
    assert fix.read("stack.py") == FIXED + b"\n# More.\n"
    assert len(fix.commits) == 1
    repository.push({"stack.py": FIXED}, by="maria")
    stage.settle()
    assert fix.record.state == "closed"
    assert repository.git.ref(f"refs/heads/{NAT}") is None
