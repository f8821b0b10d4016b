"""The example of a pack of rules, installed and used as somebody would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from codemods.settings.configuration import parse
from tests.synthesis import ROOT, Bench
from tests.synthesis.changes import changes

EXAMPLE = ROOT / "examples" / "custom_rule"
RULE = "queue-without-enforced-tls"
STACK = """\
from aws_cdk import Stack, aws_sqs as sqs


class Orders(Stack):
    def __init__(self, scope, construct_id, **kwargs):
        super().__init__(scope, construct_id, **kwargs)
        sqs.Queue(self, "Orders")
"""


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory of packages that has the pack."""
    place = tmp_path_factory.mktemp("packages")
    options = ["--quiet", "--no-deps", "--no-build-isolation", "--no-index", "--target", str(place)]
    subprocess.run([sys.executable, "-m", "pip", "install", *options, str(EXAMPLE)], check=True)
    return place


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / ".cdk-medic.toml").write_text('rule-packs = ["acme"]\n')
    (tmp_path / "stack.py").write_text(STACK)
    return tmp_path


def medic(project: Path, packages: Path | None, *words: str) -> subprocess.CompletedProcess[str]:
    paths = [str(ROOT), *([str(packages)] if packages else [])]
    return subprocess.run(
        [sys.executable, "-m", "codemods.cli", *words],
        cwd=project,
        env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_configured_pack_brings_its_rules(project: Path, installed: Path) -> None:
    found = json.loads(medic(project, installed, "check", "--format", "json").stdout)
    assert [finding["rule"] for finding in found] == [RULE]
    assert RULE in medic(project, installed, "rules").stdout
    assert "Our auditors want" in medic(project, installed, "explain", RULE).stdout
    sarif = json.loads(medic(project, installed, "check", "--format", "sarif").stdout)
    (run,) = sarif["runs"]
    (result,) = run["results"]
    assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == RULE


def test_its_fix_changes_what_it_declares(project: Path, installed: Path, bench: Bench) -> None:
    assert medic(project, installed, "fix", "--select", RULE, "--unsafe-fixes").returncode == 0
    after = (project / "stack.py").read_text()
    assert 'sqs.Queue(self, "Orders", enforce_ssl=True)' in after
    assert changes(bench.stacks(STACK), bench.stacks(after)) == {"AWS::SQS::QueuePolicy"}


def test_an_ignore_comment_silences_it(project: Path, installed: Path) -> None:
    line = f'sqs.Queue(self, "Orders")  # cdk-medic: ignore[{RULE}] -- local only'
    (project / "stack.py").write_text(STACK.replace('sqs.Queue(self, "Orders")', line))
    ran = medic(project, installed, "check")
    assert (ran.returncode, ran.stderr) == (0, "")


def test_a_pack_that_nothing_names_is_not_imported(project: Path, installed: Path) -> None:
    (project / ".cdk-medic.toml").write_text("")
    assert medic(project, installed, "check").stdout == "No findings in 1 file.\n"
    assert RULE not in medic(project, installed, "rules").stdout


def test_a_pack_that_is_not_installed_is_an_error_with_the_line(project: Path) -> None:
    ran = medic(project, None, "check")
    assert ran.returncode == 2
    assert ran.stderr == (
        "cdk-medic: error: .cdk-medic.toml:1: rule-packs: acme is no installed pack of rules\n"
    )


def test_the_bot_imports_no_pack_and_passes_over_its_rules() -> None:
    content = (
        b'rule-packs = ["acme"]\nignore = ["queue-without-enforced-tls", "shared-nat-gateway"]\n'
        b"[rules.queue-without-enforced-tls]\nany = 1\n"
    )
    found = parse(content, ".cdk-medic.toml")
    assert found is not None
    assert found.packs == frozenset()
    assert "shared-nat-gateway" in found.ignore


@pytest.mark.parametrize(
    ("module", "reason"),
    [
        ("raise RuntimeError('no')", "acme cannot be used: RuntimeError: no"),
        ("", "acme brings no rule"),
    ],
)
def test_a_pack_that_cannot_be_used_says_why(
    project: Path, tmp_path: Path, module: str, reason: str
) -> None:
    packages = tmp_path / "packages"
    (packages / "acme_cdk_rules").mkdir(parents=True)
    (packages / "acme_cdk_rules" / "__init__.py").write_text(module)
    information = packages / "acme-1.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1\n")
    (information / "entry_points.txt").write_text("[cdk_medic.rules]\nacme = acme_cdk_rules\n")
    ran = medic(project, packages, "check", "stack.py")
    assert ran.returncode == 2
    assert reason in ran.stderr


def test_a_pack_may_not_take_the_name_of_a_rule(project: Path, tmp_path: Path) -> None:
    packages = tmp_path / "packages"
    pack = packages / "acme_cdk_rules"
    pack.mkdir(parents=True)
    (pack / "__init__.py").touch()
    ours = ROOT / "codemods" / "rules" / "shared_nat_gateway.py"
    (pack / ours.name).write_text(ours.read_text())
    information = packages / "acme-1.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1\n")
    (information / "entry_points.txt").write_text("[cdk_medic.rules]\nacme = acme_cdk_rules\n")
    ran = medic(project, packages, "check", "stack.py")
    assert "acme brings shared-nat-gateway, and there is such a rule already" in ran.stderr
