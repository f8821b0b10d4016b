"""The events of a repository: pushes, installations, and the ends of the bot's pull requests."""

from __future__ import annotations

from typing import Any

import pytest

from bot.events import jobs_for
from bot.work import FollowClosed, Job, RevisitRepository, TendRepository
from tests.bot.made import HEAD

PLACE = {
    "installation": {"id": 5},
    "repository": {"id": 7, "full_name": "acme/payments", "default_branch": "main"},
    "sender": {"login": "maria", "id": 3, "type": "User"},
}
TEND = TendRepository(
    installation=5, repository_id=7, repository="acme/payments", pull_request=0, head=""
)


def push(*paths: str, **fields: Any) -> dict[str, Any]:
    """A push of one commit that changes these paths."""
    commit = {"added": [], "modified": list(paths), "removed": []}
    whole = {"ref": "refs/heads/main", "deleted": False, "forced": False, "commits": [commit]}
    return PLACE | whole | fields


def closed(branch: str = "cdk-medic/fix-shared-nat-gateway", **fields: Any) -> dict[str, Any]:
    pull = {"number": 12, "head": {"sha": HEAD, "ref": branch}, "user": {"type": "Bot"}, **fields}
    return PLACE | {"action": "closed", "pull_request": pull}


def repositories(number: int) -> list[dict[str, Any]]:
    return [{"id": each, "full_name": f"acme/{each}"} for each in range(number)]


@pytest.mark.parametrize("path", ["infra/network.py", ".cdk-medic.toml", "pyproject.toml"])
def test_a_push_of_python_or_of_the_configuration_is_looked_at(path: str) -> None:
    assert jobs_for("push", push("README.md", path)) == [TEND]


@pytest.mark.parametrize("kind", ["added", "removed"])
def test_files_that_come_and_go_count_too(kind: str) -> None:
    commit: dict[str, list[str]] = {"added": [], "modified": [], "removed": []} | {
        kind: ["stack.py"]
    }
    assert jobs_for("push", push(commits=[commit])) == [TEND]


@pytest.mark.parametrize(
    "payload",
    [
        push("README.md"),
        push("docs/pyproject.toml"),
        push("stack.py", ref="refs/heads/feature"),
        push("stack.py", ref="refs/heads/cdk-medic/fix"),
        push("stack.py", ref="refs/tags/main"),
        push("stack.py", deleted=True),
    ],
)
def test_other_pushes_ask_for_nothing(payload: dict[str, Any]) -> None:
    assert jobs_for("push", payload) == []


@pytest.mark.parametrize(
    "payload",
    [
        push("README.md", forced=True),
        push(commits=[]),
        push(commits=[{"added": [], "modified": ["README.md"], "removed": []}] * 2048),
    ],
)
def test_a_push_of_which_not_everything_is_told_is_looked_at(payload: dict[str, Any]) -> None:
    assert jobs_for("push", payload) == [TEND]


def test_an_installation_asks_for_each_of_its_repositories() -> None:
    payload = PLACE | {"action": "created", "repositories": repositories(200)}
    jobs = jobs_for("installation", payload)
    assert [(job.installation, job.repository_id) for job in jobs] == [(5, n) for n in range(200)]
    assert {type(job) for job in jobs} == {TendRepository}


def test_repositories_that_are_added_are_looked_at() -> None:
    payload = PLACE | {"action": "added", "repositories_added": repositories(2)}
    assert len(jobs_for("installation_repositories", payload)) == 2


@pytest.mark.parametrize("action", ["deleted", "suspend", "new_permissions_accepted"])
def test_other_news_of_an_installation_ask_for_nothing(action: str) -> None:
    payload = PLACE | {"action": action, "repositories": repositories(2)}
    assert jobs_for("installation", payload) == []


def test_the_end_of_one_of_the_bots_pull_requests_is_followed() -> None:
    (job,) = jobs_for("pull_request", closed())
    assert isinstance(job, FollowClosed)
    assert (job.pull_request, job.branch) == (12, "cdk-medic/fix-shared-nat-gateway")
    assert job.serial_key == TEND.serial_key


@pytest.mark.parametrize(
    "payload", [closed("feature"), closed(user={"type": "User"})], ids=["branch", "author"]
)
def test_the_end_of_another_pull_request_is_not(payload: dict[str, Any]) -> None:
    assert jobs_for("pull_request", payload) == []


def test_the_jobs_survive_json() -> None:
    (followed,) = jobs_for("pull_request", closed())
    revisit = RevisitRepository(
        installation=5, repository_id=7, repository="acme/payments", pull_request=0, head=""
    )
    for job in (TEND, followed, revisit):
        assert Job.from_json(job.to_json()) == job
