"""What is applied, and what is left where the file would break."""

from __future__ import annotations

import pytest

from codemods import Edit, Finding, Fix, Level, Position, Safety, fix
from codemods.fixing import _applied

VPC = b"from aws_cdk import aws_ec2 as ec2\nec2.Vpc(stack, 'Vpc', nat_gateways=1)\n"


def finding(*edits: Edit) -> Finding:
    return Finding(
        rule="made-up",
        level=Level.LOW,
        path="a.py",
        start=Position(1, 1),
        end=Position(1, 2),
        message="",
        documentation="",
        fix=Fix("", Safety.SAFE, "", edits),
        refusal="",
        fingerprint=str(edits),
    )


def test_fixes_that_break_the_file_together_are_applied_one_at_a_time() -> None:
    annotated, chained = finding(Edit(1, 1, ": int")), finding(Edit(5, 5, " = c"))
    assert _applied(b"a = b", [annotated, chained]) == (b"a: int = b", [annotated], [])


def test_of_fixes_that_break_the_file_the_others_are_applied() -> None:
    broken, whole = finding(Edit(0, 1, ")")), finding(Edit(4, 5, "c"))
    assert _applied(b"a = b", [broken, whole]) == (b"a = c", [whole], [])
    assert _applied(b"a = b", [broken]) == (b"a = b", [], [broken])


def test_a_fix_that_would_break_the_file_is_tried_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codemods.fixing.parses", lambda _: False)
    fixed = fix(VPC, "stack.py")
    assert (fixed.source, fixed.applied) == (VPC, ())
    assert [it.rule for it in fixed.analysis.findings] == ["shared-nat-gateway"]


def test_fixing_ends_after_so_many_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codemods.fixing._MOST_PASSES", 1)
    fixed = fix(VPC, "stack.py")
    assert fixed.source == VPC.replace(b"=1", b"=3")
    assert fixed.analysis.findings == ()
