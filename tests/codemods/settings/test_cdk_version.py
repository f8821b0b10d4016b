"""Which aws-cdk-lib a code base uses."""

from __future__ import annotations

import pytest

from codemods.settings.cdk_version import is_telling, lowest, told
from codemods.settings.project import Projects, Wishes
from tests.codemods.conftest import Desk

UV = '[[package]]\nname = "aws-cdk-lib"\nversion = "2.160.0"\nsource = { registry = "x" }\n'
POETRY = '[[package]]\r\nname = "aws-cdk-lib"\r\nversion = "2.161.1"\r\ndescription = "CDK"\r\n'
PIPFILE = """{"default": {"attrs": {"version": "==23.1"}, "aws-cdk-lib": {
    "hashes": ["sha256:aa"], "index": "pypi", "version": "==2.150.0"}, "b": {"version": "==1"}}}"""


def version(path: str = "app/stacks/stack.py") -> str | None:
    return Projects(Wishes()).around(path).policy.cdk_version


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("uv.lock", UV, "2.160.0"),
        ("poetry.lock", POETRY, "2.161.1"),
        ("pdm.lock", UV, "2.160.0"),
        ("Pipfile.lock", PIPFILE, "2.150.0"),
        ("requirements.txt", "boto3\naws-cdk-lib==2.100.0  # pinned\n", "2.100.0"),
        ("requirements.txt", "aws_cdk.lib[x] === 2.100.0 ; python_version > '3'\n", "2.100.0"),
        ("requirements-dev.txt", "aws-cdk-lib == 2.99.0 \\\n  --hash=sha256:aa\n", "2.99.0"),
        ("requirements.txt", "aws-cdk-lib>=2.80,<3\n", "2.80"),
        ("requirements.txt", "aws-cdk-lib~=2.81.0\n", "2.81.0"),
        ("requirements.txt", "# aws-cdk-lib==2.1.0\naws-cdk-lib-extra==9\n", None),
        ("pyproject.toml", '[project]\ndependencies = ["aws-cdk-lib >= 2.120"]\n', "2.120"),
        ("pyproject.toml", '[tool.poetry.dependencies]\naws-cdk-lib = "^2.121.0"\n', "2.121.0"),
        ("pyproject.toml", '[project]\ndependencies = ["aws-cdk-lib"]\n', None),
        ("setup.cfg", "aws-cdk-lib==2.1.0\n", None),
    ],
)
def test_a_file_tells_the_version(desk: Desk, name: str, text: str, expected: str | None) -> None:
    desk.write({name: text})
    assert version() == expected


def test_a_lock_goes_before_requirements_and_those_before_a_bound(desk: Desk) -> None:
    desk.write(
        {
            "app/pyproject.toml": 'dependencies = ["aws-cdk-lib>=2.50"]',
            "requirements.txt": "aws-cdk-lib==2.100.0",
        }
    )
    assert version() == "2.100.0"
    desk.write({"uv.lock": UV})
    assert version() == "2.160.0"


def test_the_nearest_exact_version_counts(desk: Desk) -> None:
    desk.write({"uv.lock": UV, "app/requirements.txt": "aws-cdk-lib==2.100.0"})
    assert version() == "2.100.0"
    assert version("stack.py") == "2.160.0"


def test_of_several_versions_the_lowest_counts(desk: Desk) -> None:
    desk.write(
        {
            "requirements.txt": "aws-cdk-lib==2.100.0\n",
            "requirements-dev.txt": "aws-cdk-lib==2.20.0\n",
        }
    )
    assert version() == "2.20.0"


def test_what_stands_above_the_repository_does_not_count(desk: Desk) -> None:
    desk.write({"uv.lock": UV, "app/.git/HEAD": ""})
    assert version() is None


def test_the_line_length_is_that_of_ruff_or_black(desk: Desk) -> None:
    def length() -> int | None:
        return Projects(Wishes()).around("app/stack.py").policy.line_length

    assert length() is None
    desk.write({"pyproject.toml": "[tool.black]\nline-length = 120\n[tool.isort]\nx = 1\n"})
    assert length() == 120
    desk.write({"pyproject.toml": "[tool.ruff]\nselect = ['E']\nline-length = 79\n"})
    assert length() == 79
    desk.write({"pyproject.toml": "[tool.ruff]\n[tool.x]\nline-length = 79\n"})
    assert length() is None
    desk.write({"app/ruff.toml": "line-length = 110\n"})
    assert length() == 110


def test_a_lock_file_without_the_cdk_says_nothing(desk: Desk) -> None:
    desk.write({"uv.lock": "[[package]]\n", "requirements.txt": "aws-cdk-lib==2.100.0\n"})
    assert version() == "2.100.0"


def test_what_cannot_be_read_says_nothing(desk: Desk) -> None:
    desk.write({"requirements.txt/x": ""})
    assert version() is None


def test_a_setting_that_cannot_be_read_is_none(desk: Desk) -> None:
    desk.write({"ruff.toml/x": ""})
    assert Projects(Wishes()).around("stack.py").policy.line_length is None


@pytest.mark.parametrize(
    ("path", "text", "expected"),
    [
        ("app/uv.lock", UV, "2.160.0"),
        ("Pipfile.lock", PIPFILE, "2.150.0"),
        ("requirements.txt", "aws-cdk-lib==2.100.0\naws-cdk-lib>=2.50\n", "2.100.0"),
        ("pyproject.toml", 'dependencies = ["aws-cdk-lib>=2.120"]', "2.120"),
        ("pyproject.toml", 'dependencies = ["boto3"]', None),
    ],
)
def test_one_file_alone_tells_it_too(path: str, text: str, expected: str | None) -> None:
    assert is_telling(path)
    assert told(path, text.encode()) == expected


def test_other_files_tell_nothing() -> None:
    assert not [path for path in ("setup.py", "app.py", "notes/uv.lock.md") if is_telling(path)]
    assert lowest(["2.100.0", "2.9.1"]) == "2.9.1"
    assert lowest([]) is None
