from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.github import Refused, Repository
from sandbox.git import Identity
from tests.bot.github.contract import check
from tests.bot.github.host import Answer, host
from tests.bot.github.test_app import app, token
from tests.bot.operations.world import World, world

FILES: dict[str, str | bytes] = {
    "app.py": "x = 1\n",
    "infra/stack.py": "y = 1\n",
    "run.sh": "#!/bin/sh\n",
    "latin.py": b"# coding: latin-1\nx = '\xe9'\n",
    ".github/workflows/ci.yml": "on: push\n",
}


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    with world(tmp_path, FILES) as made:
        yield made
        check(made.sandbox)


@pytest.fixture
def repository(here: World) -> Iterator[Repository]:
    record = here.repository.record
    with here.github.repository(here.installation.id, record.id, record.full_name) as client:
        yield client


def commit(repository: Repository, files: dict[str, bytes]) -> str:
    parent = repository.default_branch().head
    return repository.branches.commit(parent, files, "Fix it", "Because.")


def test_the_default_branch_is_one_request(here: World, repository: Repository) -> None:
    before = len(here.requests())
    branch = repository.default_branch()
    assert (branch.name, branch.head) == ("main", here.repository.git.resolve("main"))
    assert here.requests()[before:] == ["POST /graphql"]


def test_a_repository_without_a_commit_has_no_default_branch() -> None:
    empty = {"data": {"repository": {"id": "R_1", "defaultBranchRef": None}}}
    with host(token(), Answer(empty)) as server, pytest.raises(Refused, match="no commit"):
        app(server).repository(5, 7, "acme/payments").default_branch()


def test_a_branch_that_is_not_there_has_no_head(repository: Repository) -> None:
    assert repository.branches.head("cdk-medic/fix") == ""
    assert repository.branches.head("main") == repository.default_branch().head


def test_a_commit_is_signed_and_stands_on_its_parent(here: World, repository: Repository) -> None:
    parent = repository.default_branch().head
    sha = commit(repository, {"app.py": b"x = 2\r\n", "latin.py": b"\xe9\0", "new/a.py": b""})
    git = here.repository.git
    made = git.commit(sha)
    assert (made.parents, made.message) == ((parent,), "Fix it\n\nBecause.")
    assert sha in here.sandbox.state.verified
    assert made.author.name == "cdk-medic[bot]"
    assert git.read(sha, "app.py") == b"x = 2\r\n"
    assert git.read(sha, "latin.py") == b"\xe9\0"
    assert git.read(sha, "new/a.py") == b""
    assert git.read(sha, "infra/stack.py") == b"y = 1\n"
    assert git.ref("refs/heads/main") == parent


def test_a_file_keeps_its_mode_and_a_new_one_is_not_executable(
    here: World, repository: Repository
) -> None:
    here.set_mode("run.sh", "100755")
    sha = commit(repository, {"run.sh": b"#!/bin/bash\n", "new.py": b"x\n"})
    git = here.repository.git
    assert git.entry(sha, "run.sh").mode == "100755"
    assert git.entry(sha, "new.py").mode == "100644"


@pytest.mark.parametrize(
    "path",
    [
        ".github/workflows/ci.yml",
        ".GitHub/workflows/new.yml",
        "../app.py",
        "infra/../app.py",
        "./app.py",
        "/etc/passwd",
        "infra//stack.py",
        "",
        ".git/config",
        "infra/.GIT/hooks/pre-commit",
        "GIT~1/config",
        ".git /config",
        ".g\u200cit/config",
        "infra\\stack.py",
        "app.py:stream",
        "App.py",
        "INFRA/other.py",
        "infra",
        "app.py/x.py",
        "new\n.py",
        "\u202egpj.py",
    ],
)
def test_a_path_that_could_do_harm_is_not_written(
    here: World, repository: Repository, path: str
) -> None:
    before = len(here.requests())
    with pytest.raises(Refused, match="is not written"):
        commit(repository, {"app.py": b"x = 2\n", path: b"x"})
    assert not [row for row in here.requests()[before:] if "/git/" in row and "POST" in row]


@pytest.mark.parametrize(("mode", "path"), [("120000", "link"), ("160000", "module")])
def test_links_and_submodules_are_left_alone(
    here: World, repository: Repository, mode: str, path: str
) -> None:
    git = here.repository.git
    head = git.resolve("main")
    sha = head if mode == "160000" else git.write_blob(b"app.py")
    somebody = Identity("Oliver", "oliver@example.org")
    made = git.write_commit(
        git.write_tree(head, [(mode, path, sha)]),
        [head],
        "Add",
        author=somebody,
        committer=somebody,
        at=dt.datetime.now(dt.UTC),
    )
    git.update_ref("refs/heads/main", made)
    for target in (path, f"{path}/inside.py"):
        with pytest.raises(Refused, match="is not written"):
            commit(repository, {target: b"x"})


def test_two_spellings_of_one_name_are_told_apart(here: World, repository: Repository) -> None:
    here.repository.push({"caf\u00e9.py": "x\n"}, by="maria")
    with pytest.raises(Refused, match="in case or in spelling"):
        commit(repository, {"cafe\u0301.py": b"x"})


def test_a_branch_begins_where_it_is_told_to_and_twice_is_once(
    here: World, repository: Repository
) -> None:
    sha = commit(repository, {"app.py": b"x = 2\n"})
    other = commit(repository, {"app.py": b"x = 3\n"})
    repository.branches.create("cdk-medic/fix", sha)
    repository.branches.create("cdk-medic/fix", sha)
    with pytest.raises(Refused) as caught:
        repository.branches.create("cdk-medic/fix", other)
    assert caught.value.kind == "STALE_DATA"
    assert here.repository.git.ref("refs/heads/cdk-medic/fix") == sha


def test_a_branch_moves_only_from_where_it_was_seen(here: World, repository: Repository) -> None:
    first = commit(repository, {"app.py": b"x = 2\n"})
    sibling = commit(repository, {"app.py": b"x = 3\n"})
    repository.branches.create("cdk-medic/fix", first)
    repository.branches.move("cdk-medic/fix", first, sibling)
    repository.branches.move("cdk-medic/fix", first, sibling)  # it landed, the answer was lost
    assert repository.branches.head("cdk-medic/fix") == sibling
    theirs = here.repository.push({"app.py": "theirs\n"}, by="maria", branch="cdk-medic/fix")
    with pytest.raises(Refused) as caught:
        repository.branches.move("cdk-medic/fix", sibling, first)
    assert caught.value.kind == "STALE_DATA"
    assert repository.branches.head("cdk-medic/fix") == theirs


def test_a_push_that_goes_back_to_an_older_commit_is_noticed(
    here: World, repository: Repository
) -> None:
    start = repository.default_branch().head
    first = commit(repository, {"app.py": b"x = 2\n"})
    second = repository.branches.commit(first, {"app.py": b"x = 3\n"}, "More", "")
    repository.branches.create("cdk-medic/fix", first)
    here.repository.git.update_ref("refs/heads/cdk-medic/fix", start)
    with pytest.raises(Refused) as caught:  # a fast-forward, and yet not from where it was
        repository.branches.move("cdk-medic/fix", first, second)
    assert caught.value.kind == "STALE_DATA"


def test_a_branch_is_deleted_only_where_it_was_seen(here: World, repository: Repository) -> None:
    sha = commit(repository, {"app.py": b"x = 2\n"})
    repository.branches.create("cdk-medic/fix", sha)
    theirs = here.repository.push({"app.py": "theirs\n"}, by="maria", branch="cdk-medic/fix")
    with pytest.raises(Refused) as caught:
        repository.branches.delete("cdk-medic/fix", sha)
    assert caught.value.kind == "STALE_DATA"
    repository.branches.delete("cdk-medic/fix", theirs)
    repository.branches.delete("cdk-medic/fix", theirs)
    assert repository.branches.head("cdk-medic/fix") == ""


def test_a_refusal_for_another_reason_stays_one(here: World, repository: Repository) -> None:
    sha = commit(repository, {"app.py": b"x = 2\n"})
    repository.branches.create("cdk-medic/fix", sha)
    with pytest.raises(Refused) as caught:
        repository.branches.move("cdk-medic/fix", sha, "1" * 40)
    assert caught.value.kind != "STALE_DATA"
    assert here.repository.git.ref("refs/heads/cdk-medic/fix") == sha


def test_a_tree_that_github_cuts_off_takes_no_new_file() -> None:
    answers = [
        token(),
        Answer({"tree": {"sha": "2" * 40}}),
        Answer({"tree": [], "truncated": True}),
    ]
    with host(*answers) as server:
        client = app(server).repository(5, 7, "acme/payments")
        with pytest.raises(Refused, match="so large a repository"):
            client.branches.commit("1" * 40, {"a.py": b""}, "Fix", "")
