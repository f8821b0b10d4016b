"""What the policy makes of a discovery."""

from __future__ import annotations

import ast

import pytest

from codemods import Base, Edit, Finding, Level, Policy, Safety, analyse
from codemods.assembly import Assembler
from codemods.code.module import Module
from codemods.code.source import Source
from codemods.registry import rules
from codemods.rule import Discovery, Plan
from codemods.settings.environments import Environments
from tests.codemods.conftest import SAFE, UNSAFE

NAT, RESERVED = "shared-nat-gateway", "fixed-reserved-concurrency"
NOTICE = "The configuration names its stack as non-production, so this is a notice."
LAB = Environments(non_production=("lab/",))


def only(text: str, policy: Policy, base: Base | None = None, path: str = "lab/a.py") -> Finding:
    (finding,) = analyse(text.encode(), path, policy, base=base).findings
    return finding


@pytest.mark.parametrize("text", [SAFE, UNSAFE])
def test_outside_of_production_a_finding_is_a_notice(text: str) -> None:
    finding = only(text, Policy(environments=LAB))
    assert (finding.level, finding.on_request) == (Level.LOW, True)
    assert finding.message.endswith(f". {NOTICE}")
    inside = only(text, Policy())
    assert finding.fingerprint == inside.fingerprint
    assert finding.fix == inside.fix


@pytest.mark.parametrize("text", [SAFE, UNSAFE])
def test_elsewhere_it_keeps_its_level(text: str) -> None:
    finding = only(text, Policy(environments=LAB), path="apps/a.py")
    assert (finding.level, finding.on_request) == (rules()[finding.rule].level, False)
    assert NOTICE not in finding.message


def test_a_stack_for_both_keeps_its_level() -> None:
    text = (
        "from aws_cdk import Stack, aws_ec2 as ec2\n"
        "class A(Stack):\n def __init__(self, scope, id):\n"
        "  super().__init__(scope, id)\n  ec2.Vpc(self, 'Vpc', nat_gateways=1)\nA(app, 'dev')\n"
    )
    policy = Policy(environments=Environments(non_production=("id:dev",)))
    assert only(text, policy).level is Level.LOW
    assert only(text + "A(app, 'prod')\n", policy).level is Level.CRITICAL


def test_only_what_is_about_cost_and_availability_is_relaxed() -> None:
    relaxed = {name for name, rule in rules().items() if rule.relaxed_outside_production}
    assert relaxed == {NAT, RESERVED}
    text = "from aws_cdk import aws_rds as rds\nrds.PostgresEngineVersion.VER_15\n"
    assert only(text, Policy(environments=LAB)).level is Level.MEDIUM


def test_the_policy_may_call_a_fix_unsafe() -> None:
    policy = Policy(unsafe=frozenset({NAT, RESERVED}))
    fix, plain = only(SAFE, policy).fix, only(SAFE, Policy()).fix
    assert fix
    assert plain
    assert fix.safety is Safety.UNSAFE
    assert fix.reason == f"{plain.reason} The configuration leaves it to a person to decide."
    assert only(UNSAFE, policy).fix == only(UNSAFE, Policy()).fix


def test_the_policy_may_call_a_fix_safe_whatever_is_deployed() -> None:
    policy = Policy(safe=frozenset({NAT, RESERVED}))
    deployed = Base.of([SAFE.encode()])
    fix = only(SAFE, policy, deployed).fix
    assert fix
    assert fix.safety is Safety.SAFE
    assert fix.reason == f"{rules()[NAT].deployed} The configuration calls that safe."
    assert only(SAFE, policy).fix == only(SAFE, Policy()).fix


class Broken:
    """A rewrite that gives the edits that it is made of."""

    def __init__(self, *edits: Edit) -> None:
        self._edits = edits

    def edits(self, module: Module) -> tuple[Edit, ...]:
        _ = module
        return self._edits


@pytest.mark.parametrize(
    ("edits", "why"),
    [
        ([Edit(0, 2, ""), Edit(1, 3, "")], "the parts of the fix overlap"),
        ([Edit(0, 1, "(")], "the fixed file would no longer parse"),
    ],
)
def test_a_fix_that_would_break_the_file_is_refused(edits: list[Edit], why: str) -> None:
    source = Source(b"x = 1\n")
    module = Module("a.py", source, source.parse(), Policy())
    (statement,) = module.tree.body
    assert isinstance(statement, ast.Assign)
    plan = Plan("", Safety.SAFE, "", (Broken(*edits),))
    discovery = Discovery(statement.value, statement.value, "", plan)
    finding = Assembler(module, None, edits=True).finding(rules()[NAT](), discovery)
    assert (finding.fix, finding.refusal) == (None, f"It cannot be rewritten: {why}.")
