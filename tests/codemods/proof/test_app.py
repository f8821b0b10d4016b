"""Which command runs the app of a project."""

from __future__ import annotations

from pathlib import Path

import pytest

from codemods.proof.app import find
from codemods.settings.usage import UsageError


def project(folder: Path, settings: str) -> Path:
    (folder / "cdk.json").write_text(settings)
    inner = folder / "stacks" / "deep"
    inner.mkdir(parents=True)
    return inner


def test_the_nearest_cdk_json_above_says_how(tmp_path: Path) -> None:
    inner = project(tmp_path, '{"app": "python3 app.py", "context": {"stage": "prod"}}')
    app = find(str(inner), "", "")
    assert (app.directory, app.command, app.context) == (
        str(tmp_path),
        "python3 app.py",
        {"stage": "prod"},
    )


def test_the_command_that_somebody_names_goes_first(tmp_path: Path) -> None:
    assert find(str(project(tmp_path, '{"app": "x"}')), "python3 other.py", "").command == (
        "python3 other.py"
    )


def test_an_app_without_a_cdk_json_runs_where_somebody_stands(tmp_path: Path) -> None:
    assert find(str(tmp_path), "python3 app.py", "").directory == str(tmp_path)


def test_what_was_looked_up_before_is_context_too(tmp_path: Path) -> None:
    (tmp_path / "cdk.context.json").write_text('{"zones": ["a"], "stage": "test"}')
    inner = project(tmp_path, '{"app": "x", "context": {"stage": "prod"}}')
    assert find(str(inner), "", "").context == {"zones": ["a"], "stage": "prod"}


def test_the_cdk_is_given_the_app_that_somebody_names(tmp_path: Path) -> None:
    inner = project(tmp_path, "{}")
    assert find(str(inner), "", "npx cdk").command == "npx cdk synth --quiet"
    assert find(str(inner), "python3 a.py", "cdk").command == (
        'cdk synth --quiet --app "python3 a.py"'
    )


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ("{}", "names no app"),
        ("[]", "no JSON object"),
        ("{", "this is no JSON"),
        ("[" * 100_000, "this is no JSON"),
        ('{"app": "x", "context": []}', "context must be an object"),
    ],
)
def test_a_cdk_json_that_cannot_be_used_says_why(
    tmp_path: Path, settings: str, reason: str
) -> None:
    inner = project(tmp_path, settings)
    with pytest.raises(UsageError, match=reason):
        find(str(inner), "", "")


def test_a_cdk_json_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    inner = project(tmp_path, "{}")
    (tmp_path / "cdk.json").write_bytes(b"\xff")
    with pytest.raises(UsageError, match="no JSON"):
        find(str(inner), "", "")


def test_without_any_app_somebody_is_told_to_name_it(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r'name the app: --app "python3 app\.py"'):
        find(str(tmp_path), "", "")
