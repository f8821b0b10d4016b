from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import PullRequestHandle, RepositoryHandle, Sandbox
from tests.sandbox.world import LINES, World, make_world


@pytest.fixture
def github(tmp_path: Path) -> Iterator[Sandbox]:
    with Sandbox(tmp_path / "github") as github:
        for login in ("maria", "stranger", "ada"):
            github.add_user(login)
        yield github


@pytest.fixture
def repository(github: Sandbox) -> RepositoryHandle:
    return github.add_repository(
        "acme/payments",
        files={"app.py": LINES, "README.md": "# Payments\n"},
        collaborators={"maria": "write", "ada": "triage"},
    )


@pytest.fixture
def pull(repository: RepositoryHandle) -> PullRequestHandle:
    return repository.open_pull_request(
        author="maria",
        title="Change line 20",
        branch="feature",
        files={"app.py": LINES.replace("line 20\n", "line twenty\n")},
    )


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with make_world(tmp_path / "github") as world:
        yield world
