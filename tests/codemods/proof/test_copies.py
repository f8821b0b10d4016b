"""The copy of a project in which its app runs."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from codemods.proof.copies import Copy
from codemods.settings.usage import UsageError


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    for name in (".git", ".venv", "cdk.out", "infra", "infra/node_modules"):
        (folder / name).mkdir(parents=True)
    (folder / "infra/app.py").write_text("one")
    (folder / "infra/node_modules/big").write_text("big")
    (folder / "link").symlink_to("infra/app.py")
    return folder


def test_it_is_gone_afterwards(project: Path) -> None:
    with Copy(str(project)) as copy:
        copy.take_present()
        place = Path(copy.place(str(project)))
        assert place.is_dir()
    assert not place.exists()


def test_it_has_the_whole_repository_wherever_somebody_stands(project: Path) -> None:
    with Copy(str(project / "infra")) as copy:
        copy.take_present()
        assert Path(copy.place(str(project / "infra/app.py"))).read_text() == "one"
        assert Path(copy.place(str(project)), "link").is_symlink()


def test_what_is_large_and_only_read_is_linked(project: Path) -> None:
    with Copy(str(project)) as copy:
        copy.take_present()
        top = Path(copy.place(str(project)))
        assert (top / ".venv").is_symlink()
        assert (top / "infra/node_modules/big").read_text() == "big"
        assert not (top / "cdk.out").exists()


def test_what_is_written_there_is_not_written_here(project: Path) -> None:
    path = str(project / "infra/app.py")
    with Copy(str(project)) as copy:
        copy.take_present()
        copy.write({path: b"two"})
        assert Path(copy.place(path)).read_text() == "two"
    assert Path(path).read_text() == "one"


def test_it_can_be_what_a_commit_had(project: Path) -> None:
    (project / ".git").rmdir()
    for command in (
        ["init", "-q"],
        ["add", "infra/app.py", "link"],
        ["-c", "user.name=m", "-c", "user.email=m@example.com", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *command], cwd=project, check=True)
    (project / "infra/app.py").write_text("changed")
    with Copy(str(project)) as copy:
        copy.take_revision("HEAD")
        assert Path(copy.place(str(project / "infra/app.py"))).read_text() == "one"
        assert (Path(copy.place(str(project))) / ".venv").is_symlink()
        with pytest.raises(UsageError, match="git says"):
            copy.take_revision("nowhere")


def test_a_file_that_cannot_be_copied_is_named(project: Path) -> None:
    os.mkfifo(project / "pipe")
    with Copy(str(project)) as copy, pytest.raises(UsageError, match=r"pipe.* cannot be copied"):
        copy.take_present()


def test_a_directory_outside_of_a_repository_is_a_project(tmp_path: Path) -> None:
    with Copy(str(tmp_path)) as copy:
        assert copy.holds(str(tmp_path / "stack.py"))
        assert not copy.holds(str(tmp_path.parent / "stack.py"))


def test_a_file_is_no_project(project: Path) -> None:
    with pytest.raises(UsageError, match="is no directory"):
        Copy(str(project / "link"))
