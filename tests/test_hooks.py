"""The hooks for pre-commit, run by pre-commit."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from codemods.cli import main
from tests.codemods.conftest import CLEAN, REPORTED, SAFE

ROOT = Path(__file__).parent.parent
HOOKS = ROOT / ".pre-commit-hooks.yaml"


def test_every_hook_is_a_command_with_options_that_exist(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "stack.py").write_text(CLEAN)
    monkeypatch.chdir(tmp_path)
    for hook in yaml.safe_load(HOOKS.read_text(encoding="utf-8")):
        program, command, *options = hook["entry"].split()
        assert (program, hook["id"]) == ("cdk-medic", f"cdk-medic-{command}")
        assert main([command, *options, "stack.py"]) == 0


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where pre-commit keeps what it installs: the second hook finds what the first brought."""
    return tmp_path_factory.mktemp("pre-commit")


def tried(hook: str, folder: Path, home: Path) -> subprocess.CompletedProcess[str]:
    """A hook of this repository, installed and run by pre-commit over the files of a folder."""
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    subprocess.run(["git", "add", "."], cwd=folder, check=True)
    command = [sys.executable, "-m", "pre_commit", "try-repo", str(ROOT), hook, "--all-files"]
    environment = {**os.environ, "PRE_COMMIT_HOME": str(home), "PRE_COMMIT_COLOR": "never"}
    environment.pop("GIT_DIR", None)
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.mark.slow
def test_pre_commit_installs_and_runs_the_check(tmp_path: Path, home: Path) -> None:
    (tmp_path / ".cdk-medic.toml").write_text('exclude = ["lab.py"]\n')
    (tmp_path / "stack.py").write_text(SAFE)
    (tmp_path / "lab.py").write_text(REPORTED)
    ran = tried("cdk-medic-check", tmp_path, home)
    assert ran.returncode == 1, ran.stderr
    assert "- exit code: 1" in ran.stdout
    assert "--> stack.py:3:47" in ran.stdout
    assert "lab.py" not in ran.stdout
    assert (tmp_path / "stack.py").read_text() == SAFE


@pytest.mark.slow
def test_pre_commit_installs_and_runs_the_fix(tmp_path: Path, home: Path) -> None:
    (tmp_path / "stack.py").write_text(SAFE)
    ran = tried("cdk-medic-fix", tmp_path, home)
    assert ran.returncode == 1, ran.stderr
    assert "- files were modified by this hook" in ran.stdout
    assert (tmp_path / "stack.py").read_text() == CLEAN
    assert tried("cdk-medic-fix", tmp_path, home).returncode == 0
