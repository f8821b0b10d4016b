from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from codemods.base import Base
from codemods.desk.revisions import base_of
from codemods.settings.usage import UsageError

VPC = "from aws_cdk import aws_ec2 as ec2\nec2.Vpc(stack, 'Vpc', nat_gateways=1)\n"
DEPLOYED = ("aws_cdk.aws_ec2.Vpc", "'Vpc'")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "stack.py").write_text(VPC)
    (tmp_path / "other.py").write_text("import aws_cdk\n")
    commit(tmp_path)
    git(tmp_path, "switch", "-q", "-c", "feature")
    return tmp_path


def git(directory: Path, *arguments: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", directory, *who, *arguments], check=True)


def commit(directory: Path) -> None:
    git(directory, "add", "-A")
    git(directory, "commit", "-q", "-m", "work")


def test_a_changed_file_brings_what_it_had(repository: Path) -> None:
    (repository / "stack.py").write_text(VPC + "# changed\n")
    assert base_of("main", str(repository)).has(DEPLOYED)


def test_an_untouched_file_brings_nothing(repository: Path) -> None:
    (repository / "other.py").write_text(VPC)
    assert base_of("main", str(repository)) == Base()


@pytest.mark.parametrize("new_name", ["moved.py", "größe 1.py", "deep/er.py"])
def test_a_renamed_file_brings_what_it_had(repository: Path, new_name: str) -> None:
    (repository / new_name).parent.mkdir(exist_ok=True)
    (repository / "stack.py").rename(repository / new_name)
    commit(repository)
    assert base_of("main", str(repository)).has(DEPLOYED)


def test_a_removed_file_with_a_strange_name_is_read(repository: Path) -> None:
    strange = repository / "a b\n'é.py"
    git(repository, "switch", "-q", "main")
    (repository / "stack.py").rename(strange)
    commit(repository)
    git(repository, "switch", "-q", "-C", "feature")
    strange.unlink()
    assert base_of("main", str(repository)).has(DEPLOYED)


def test_what_the_base_did_later_does_not_count(repository: Path) -> None:
    git(repository, "switch", "-q", "main")
    (repository / "other.py").write_text(VPC.replace("'Vpc'", "'Later'"))
    commit(repository)
    git(repository, "switch", "-q", "feature")
    (repository / "other.py").write_text("import aws_cdk  # mine\n")
    assert not base_of("main", str(repository)).constructs


def test_it_works_from_a_folder_of_the_repository(repository: Path) -> None:
    (repository / "deep").mkdir()
    (repository / "stack.py").unlink()
    assert base_of("main", str(repository / "deep")).has(DEPLOYED)


def test_an_unknown_revision_is_named(repository: Path) -> None:
    for wrong in ("no-such", "--help", "main:stack.py"):
        with pytest.raises(UsageError, match="which git does not know here"):
            base_of(wrong, str(repository))


def test_a_folder_outside_of_git_is_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a git repository"):
        base_of("main", str(tmp_path))


def test_a_history_of_its_own_is_compared_with_the_revision_itself(repository: Path) -> None:
    git(repository, "switch", "-q", "--orphan", "other")
    (repository / "new.py").write_text(VPC)
    commit(repository)
    assert base_of("main", str(repository)).has(DEPLOYED)


def test_a_link_has_no_constructs_and_counts_as_unread(repository: Path) -> None:
    git(repository, "switch", "-q", "main")
    git(repository, "update-index", "--add", "--cacheinfo", f"160000,{'1' * 40},module.py")
    git(repository, "commit", "-q", "-m", "module")
    git(repository, "switch", "-q", "-C", "feature")
    git(repository, "rm", "-q", "--cached", "module.py")
    commit(repository)
    assert base_of("main", str(repository)) == Base(unread=True)


def test_without_git_there_is_no_base(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(UsageError, match="git, which is not installed"):
        base_of("main", str(repository))


def test_git_that_does_not_answer_is_not_waited_for(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codemods.desk.revisions._SECONDS", 0)
    with pytest.raises(UsageError, match="git did not answer within 0 seconds"):
        base_of("main", str(repository))
