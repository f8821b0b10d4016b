from datetime import UTC, datetime
from pathlib import Path

import pytest

from sandbox.git import Git, GitError, Identity

MARIA = Identity("Maria", "maria@example.com")
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def git(tmp_path: Path) -> Git:
    return Git.create(tmp_path / "repository.git", "main")


def commit(git: Git, files: dict[str, str | bytes | None], parent: str | None = None) -> str:
    tree = git.write_files(parent, files)
    return git.write_commit(
        tree, [parent] if parent else [], "Change", author=MARIA, committer=MARIA, at=NOON
    )


def test_a_commit_is_read_back_as_it_was_written(git: Git) -> None:
    sha = commit(git, {"app.py": "x = 1\n"})
    assert git.read(sha, "app.py") == b"x = 1\n"
    written = git.commit(sha)
    assert (written.author, written.authored_at, written.message) == (MARIA, NOON, "Change")


def test_a_changed_file_keeps_its_mode(git: Git) -> None:
    tree = git.write_tree(None, [("100755", "run", git.write_blob(b"one"))])
    first = git.write_commit(tree, [], "Change", author=MARIA, committer=MARIA, at=NOON)
    second = commit(git, {"run": "two"}, first)
    assert git.entry(second, "run").mode == "100755"


def test_every_kind_of_change_is_a_row_of_the_diff(git: Git) -> None:
    body = "".join(f"line {n}\n" for n in range(30))
    first = commit(git, {"old.py": body, "gone.py": "x\n", "kept.py": "y\n", "data": b"\0\1"})
    second = commit(
        git,
        {"old.py": None, "new.py": body, "gone.py": None, "kept.py": "z", "data": b"\0\2"},
        first,
    )
    rows = {row.path: row for row in git.diff(first, second)}
    assert {path: row.status for path, row in rows.items()} == {
        "data": "modified",
        "gone.py": "removed",
        "kept.py": "modified",
        "new.py": "renamed",
    }
    assert rows["new.py"].previous_path == "old.py"
    assert rows["data"].patch is None
    assert rows["kept.py"].patch == "@@ -1 +1 @@\n-y\n+z\n\\ No newline at end of file"


def test_a_file_that_became_a_link_does_not_shift_the_patches_of_others(git: Git) -> None:
    first = commit(git, {"a": "text\n", "b": "1\n"})
    link = git.write_tree(first, [("120000", "a", git.write_blob(b"b"))])
    second = git.write_commit(link, [first], "Link", author=MARIA, committer=MARIA, at=NOON)
    third = commit(git, {"b": "2\n"}, second)
    rows = {row.path: row for row in git.diff(first, third)}
    assert rows["a"].status == "changed"
    assert rows["b"].patch == "@@ -1 +1 @@\n-1\n+2"


def test_patches_beyond_the_limit_are_left_out_and_the_rows_stay(git: Git) -> None:
    first = commit(git, {"a": ""})
    many = "x\n" * 12_000
    second = commit(git, {"b": many, "c": many + "y\n", "d": "small\n"}, first)
    rows = git.diff(first, second)
    assert [row.path for row in rows] == ["b", "c", "d"]
    assert [row.patch is None for row in rows] == [False, True, True]
    assert rows[1].additions == 12_001


def test_a_ref_is_moved_only_from_where_it_is_expected(git: Git) -> None:
    first = commit(git, {"a": "1"})
    second = commit(git, {"a": "2"}, first)
    git.update_ref("refs/heads/main", first)
    with pytest.raises(GitError):
        git.update_ref("refs/heads/main", second, old=second)
    git.update_ref("refs/heads/main", second, old=first)
    assert git.refs("refs/heads") == {"refs/heads/main": second}


def test_commits_are_listed_oldest_first(git: Git) -> None:
    first = commit(git, {"a": "1"})
    second = commit(git, {"a": "2"}, first)
    third = commit(git, {"a": "3"}, second)
    assert [c.sha for c in git.commits(first, third)] == [second, third]


def test_a_revision_that_is_not_there_is_refused(git: Git) -> None:
    with pytest.raises(GitError):
        git.resolve("no-such-branch")
    with pytest.raises(GitError):
        git.resolve("--help")
