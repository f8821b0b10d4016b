from collections.abc import Iterator
from pathlib import Path

import pytest

from sandbox import PullRequestHandle, RepositoryHandle, Sandbox

LINES = "".join(f"line {n}\n" for n in range(1, 41))


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
