"""Which files a run looks at."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from codemods.desk.discovery import python_files
from codemods.settings.configuration import Configuration
from codemods.settings.usage import UsageError
from tests.codemods.conftest import Desk


def found(*paths: str, exclude: tuple[str, ...] = ()) -> list[str]:
    configuration = Configuration(path="pyproject.toml", exclude=exclude)
    return python_files(paths, lambda _: configuration, no_trouble)


def no_trouble(path: str, sentence: str) -> None:
    raise AssertionError(f"{path}: {sentence}")


def test_a_directory_is_walked_in_order(desk: Desk) -> None:
    desk.write({"b.py": "", "a/z.py": "", "a/b/c.py": "", "a.txt": "", "c.pyi": ""})
    assert found(".") == ["b.py", "a/z.py", "a/b/c.py"]
    assert found("a") == ["a/z.py", "a/b/c.py"]


@pytest.mark.parametrize(
    "folder", [".git", ".venv", "venv", "node_modules", "cdk.out", "__pycache__", ".tox"]
)
def test_what_nobody_wrote_is_left_out(desk: Desk, folder: str) -> None:
    desk.write({f"{folder}/a.py": "", f"app/{folder}/deep/a.py": "", "app/b.py": ""})
    assert found(".") == ["app/b.py"]
    assert found(folder) == [f"{folder}/a.py"]


def test_an_environment_of_any_name_is_left_out(desk: Desk) -> None:
    desk.write({"env311/pyvenv.cfg": "", "env311/lib/a.py": "", "b.py": ""})
    assert found(".") == ["b.py"]


def test_a_file_that_is_named_is_taken_whatever_it_is(desk: Desk) -> None:
    desk.write({"app": "", "cdk.out/a.py": ""})
    assert found("app", "cdk.out/a.py", exclude=("app", "cdk.out")) == ["app", "cdk.out/a.py"]


def test_each_file_is_taken_once(desk: Desk) -> None:
    desk.write({"a/b.py": "", "c.py": ""})
    whole = str(desk.folder / "a" / "b.py")
    assert found("a/b.py", ".", "./a/", "a/../c.py", whole) == ["a/b.py", "c.py"]


def test_links_are_not_followed_unless_they_are_named(desk: Desk) -> None:
    desk.write({"real/a.py": ""})
    (desk.folder / "real" / "loop").symlink_to(desk.folder)
    (desk.folder / "linked.py").symlink_to("real/a.py")
    assert found(".") == ["real/a.py"]
    assert found("linked.py") == ["linked.py"]


def test_a_file_outside_of_the_working_directory_has_its_whole_path(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write({"other/a.py": "", "here/b.py": ""})
    monkeypatch.chdir("here")
    assert found("../other", ".") == [str(desk.folder / "other" / "a.py"), "b.py"]


def test_excluded_files_and_directories_are_left_out(desk: Desk) -> None:
    desk.write({"lab/a.py": "", "app/gen_a.py": "", "app/b.py": "", "app/lab.py": ""})
    assert found(".", exclude=("lab/", "gen_*.py", "!nothing")) == ["app/b.py", "app/lab.py"]


def test_a_path_that_is_no_file_is_an_error(desk: Desk) -> None:
    with pytest.raises(UsageError, match=r"^nowhere\.py does not exist$"):
        found("nowhere.py")
    os.mkfifo(desk.folder / "pipe.py")
    with pytest.raises(UsageError, match=r"^pipe\.py is neither a file nor a directory$"):
        found("pipe.py")
    assert found(".") == []


def test_a_directory_that_cannot_be_listed_is_told(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk.write({"a/b.py": "", "c.py": ""})
    scan = os.scandir

    def refuse(path: str) -> object:
        if Path(path).name == "a":
            raise PermissionError(13, "Permission denied")
        return scan(path)

    monkeypatch.setattr("os.scandir", refuse)
    told: list[tuple[str, str]] = []
    files = python_files(["."], lambda _: Configuration(), lambda *told_: told.append(told_))
    assert files == ["c.py"]
    assert told == [("a", "the directory cannot be listed: permission denied")]
