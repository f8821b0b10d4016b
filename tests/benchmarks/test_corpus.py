from __future__ import annotations

import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.corpus import Tally, examine, seconds_by_rule, show
from codemods.registry import rules

ROOT = Path(__file__).parent.parent.parent
LOCK = ROOT / "requirements/real-code.lock"
EXPECTED = Path(__file__).parent / "real_code.json"
NEEDS_PYTHON_3_12 = "cdk_auto_platform/packages/databases/infrastructure.py"

STACK = """
from aws_cdk import Stack, aws_ec2 as ec2

class NetworkStack(Stack):
    def __init__(self, scope, construct_id, gateways, **kwargs):
        super().__init__(scope, construct_id, **kwargs)
        ec2.Vpc(self, "One", max_azs=3, nat_gateways=1)
        ec2.Vpc(self, "Two", max_azs=3, nat_gateways=gateways)
"""


@pytest.fixture
def repositories(tmp_path: Path) -> Path:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme/network.py").write_text(STACK)
    broken = "from aws_cdk.aws_ec2 import Vpc\ndef (nat_gateways:\n"
    (tmp_path / "acme/broken.py").write_text(broken)
    (tmp_path / "acme/link.py").symlink_to("network.py")
    (tmp_path / "acme/plain.py").write_text("print(1)\n")
    return tmp_path


def test_it_counts_what_is_found_fixed_and_refused(repositories: Path) -> None:
    tally = examine(repositories, Tally())
    assert (tally.files, tally.concerned) == (3, 2)
    assert tally.found == {"shared-nat-gateway": 2}
    assert tally.fixed == {"shared-nat-gateway": 1}
    ((_, reason),) = tally.refused
    assert reason == "`…` cannot be followed to a number in this file."
    assert sum(tally.unreadable.values()) == 1
    assert not tally.went_wrong


def test_it_lists_findings_and_changes_and_writes_nothing(repositories: Path) -> None:
    tally = examine(repositories, Tally())
    assert (repositories / "acme/network.py").read_text() == STACK
    assert '+        ec2.Vpc(self, "One", max_azs=3, nat_gateways=3)' in tally.changes
    first, second = tally.findings
    assert first.startswith("acme/network.py:7: shared-nat-gateway, safe fix: ")
    assert second.startswith("acme/network.py:8: shared-nat-gateway, no fix: ")


def test_the_table_has_every_rule_and_every_zero(repositories: Path) -> None:
    out = io.StringIO()
    show(examine(repositories, Tally()), out)
    text = out.getvalue()
    assert all(rule in text for rule in rules())
    assert "crashes: 0\n" in text
    assert "files that stop parsing: 0\n" in text
    assert "files that a second run changes: 0\n" in text


def test_every_rule_is_timed(repositories: Path) -> None:
    assert set(seconds_by_rule(repositories)) == set(rules())


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The packages of the lock file, unpacked. What is imported from them is nothing."""
    folder = tmp_path_factory.mktemp("packages")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-compile"]
    command = [*pip, "--require-hashes", "--requirement", str(LOCK), "--target", str(folder)]
    subprocess.run(command, check=True)
    (folder / NEEDS_PYTHON_3_12).unlink()
    return folder


@pytest.mark.slow
def test_published_packages_neither_crash_nor_break_nor_surprise(packages: Path) -> None:
    """The numbers in real_code.json show a change of behaviour; where it is meant, they follow."""
    found = {}
    for package in sorted(each.name for each in packages.iterdir() if any(each.rglob("*.py"))):
        tally = examine(packages / package, Tally())
        assert not tally.went_wrong, (tally.crashes, tally.broken, tally.unsettled)
        assert not tally.unreadable
        counts = {rule: [tally.found[rule], tally.fixed[rule]] for rule in sorted(tally.found)}
        found[package] = {"concerned files": tally.concerned, "found, fixed": counts}
    assert found == json.loads(EXPECTED.read_text())
