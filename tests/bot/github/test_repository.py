from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.github import Refused, Repository
from tests.bot.operations.world import World, world

FILES: dict[str, str | bytes] = {
    "plain.py": "x = 1\n",
    "empty.py": "",
    "windows.py": b"x = 1\r\ny = 2\r\n",
    "marked.py": b"\xef\xbb\xbfx = 1\n",
    "latin.py": b"# coding: latin-1\nx = '\xe9'\n",
    "binary.py": b"x = 1\0\n",
    "unended.py": b"x = 1",
}


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    with world(Path(tmp_path_factory.mktemp("github"))) as made:
        yield made


@pytest.fixture(scope="module")
def pull(here: World) -> Any:
    many = {f"many/f{number:03}.py": f"x = {number}\n" for number in range(100)}
    return here.open(FILES | many | {"large.py": "#" * 512_001})


@pytest.fixture
def repository(here: World) -> Iterator[Repository]:
    record = here.repository.record
    with here.github.repository(here.installation.id, record.id, record.full_name) as client:
        yield client


def requests(here: World, since: int) -> list[str]:
    return here.requests()[since:]


def test_files_come_a_hundred_a_request(here: World, pull: Any, repository: Repository) -> None:
    before = len(here.requests())
    rows = repository.changed_files(pull.number)
    assert len(rows) == 108
    assert len(requests(here, before)) == 2
    (plain,) = [row for row in rows if row.path == "plain.py"]
    assert (plain.status, plain.patch, plain.changes) == ("added", "@@ -0,0 +1 @@\n+x = 1", 1)


@pytest.mark.parametrize("path", FILES)
def test_a_file_comes_byte_for_byte(pull: Any, repository: Repository, path: str) -> None:
    (blob,) = [row.blob for row in repository.changed_files(pull.number) if row.path == path]
    content = FILES[path]
    expected = content.encode() if isinstance(content, str) else content
    assert repository.contents([blob]) == {blob: expected}


def test_what_is_too_large_or_gone_or_no_file_has_no_content(
    here: World, pull: Any, repository: Repository
) -> None:
    (large,) = [row.blob for row in repository.changed_files(pull.number) if row.path == "large.py"]
    some = [large, "0" * 40, pull.head_sha]
    before = len(here.requests())
    assert repository.contents(some) == dict.fromkeys(some)
    assert len(requests(here, before)) == 1


def test_fifty_files_come_with_the_pull_request(
    here: World, pull: Any, repository: Repository
) -> None:
    blobs = [row.blob for row in repository.changed_files(pull.number) if "many" in row.path]
    before = len(here.requests())
    state, contents = repository.pull_request(pull.number, blobs[:50])
    assert len(requests(here, before)) == 1
    assert contents[blobs[7]] == b"x = 7\n"
    assert (state.number, state.head, state.author) == (pull.number, pull.head_sha, "maria")
    assert (state.open, state.draft, state.from_fork) == (True, False, False)
    _, contents = repository.pull_request(pull.number, blobs)
    assert len(requests(here, before)) == 3
    assert len(contents) == 100


def test_a_pull_request_that_is_gone_is_a_refusal(repository: Repository) -> None:
    with pytest.raises(Refused):
        repository.pull_request(4711)


@pytest.mark.parametrize(
    ("login", "permission"),
    [("maria", "write"), ("oliver", "admin"), ("reader", "read"), ("nobody-at-all", "none")],
)
def test_github_is_asked_what_a_person_may(
    repository: Repository, login: str, permission: str
) -> None:
    assert repository.permission(login) == permission


def test_a_commit_on_a_head_that_moved_is_refused_as_stale(
    here: World, repository: Repository
) -> None:
    pull = here.open({"a.py": "x = 1\n"}, branch="moving")
    state, _ = repository.pull_request(pull.number)
    head = pull.push({"a.py": "x = 2\n"})
    with pytest.raises(Refused) as caught:
        repository.commit(state, headline="Fix", body="", files={"a.py": b"x = 3\n"})
    assert caught.value.kind == "STALE_DATA"
    assert pull.head_sha == head


def test_the_number_of_a_repository_decides_and_not_a_name(here: World, pull: Any) -> None:
    other = here.sandbox.add_repository("acme/secrets", files={"a.py": "x\n"}, private=True)
    here.sandbox.change_repositories(here.installation, added=[other])
    stray = here.github.repository(
        here.installation.id, here.repository.record.id, other.record.full_name
    )
    assert stray.changed_files(pull.number)
    with pytest.raises(Refused):
        stray.create_check_run({"name": "x", "head_sha": other.git.resolve("main")})
