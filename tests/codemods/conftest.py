"""A desk: a directory of somebody's files, and the command run in it."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from codemods.cli import main

ROOT = Path(__file__).parents[2]

SAFE = """\
from aws_cdk import aws_ec2 as ec2

ec2.Vpc(stack, "Vpc", max_azs=3, nat_gateways=1)
"""
UNSAFE = """\
from aws_cdk import aws_lambda as lambda_

lambda_.Function(stack, "Fn", reserved_concurrent_executions=1)
"""
REPORTED = """\
from aws_cdk import aws_ec2 as ec2

ec2.Vpc(stack, "Vpc", max_azs=3, nat_gateways=1, nat_gateway_provider=provider)
"""
CLEAN = """\
from aws_cdk import aws_ec2 as ec2

ec2.Vpc(stack, "Vpc", max_azs=3, nat_gateways=3)
"""


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Desk:
    """Somebody's working directory."""

    folder: Path
    capture: pytest.CaptureFixture[str]

    def write(self, files: dict[str, str | bytes]) -> None:
        """Put files there."""
        for name, content in files.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)

    def read(self, name: str) -> str:
        """The text of a file there, its line ends as they are."""
        return (self.folder / name).read_bytes().decode()

    def run(self, *arguments: str) -> Ran:
        """Run `cdk-medic` in this process."""
        self.capture.readouterr()
        code = main(arguments)
        captured = self.capture.readouterr()
        return Ran(code, captured.out, captured.err)

    def start(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
        """Run `cdk-medic` in a process of its own."""
        return subprocess.run(
            [sys.executable, "-m", "codemods.cli", *arguments],
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            capture_output=True,
            timeout=60,
            check=False,
        )


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Desk:
    """An empty desk outside of any repository, which is the working directory."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / ".git").mkdir()
    return Desk(tmp_path, capsys)
