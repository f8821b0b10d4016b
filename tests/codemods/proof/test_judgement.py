"""Whether the rules explain what differs."""

from __future__ import annotations

from typing import Any

import pytest

from codemods.proof.comparison import compare
from codemods.proof.judgement import judge
from codemods.rule import Finding, Fix, Level, Position, Safety

RENAME = Fix(
    title="Append the account",
    safety=Safety.UNSAFE,
    reason="It is replaced.",
    changes=("AWS::S3::Bucket.BucketName",),
    replaces=("AWS::S3::Bucket",),
)


def finding(fix: Fix | None, rule: str = "bucket-name-without-account") -> Finding:
    place = Position(1, 1)
    return Finding(
        rule, Level.HIGH, "stack.py", place, place, "m", "d", fix, "" if fix else "no", "f"
    )


def bucket(name: str, **attributes: Any) -> dict[str, Any]:
    return {"Type": "AWS::S3::Bucket", "Properties": {"BucketName": name}, **attributes}


def renamed(**attributes: Any) -> Any:
    before = {"Stack": {"Resources": {"Logs": bucket("a")}}}
    return compare(before, {"Stack": {"Resources": {"Logs": bucket("b", **attributes)}}})


def test_a_declared_replacement_is_explained_by_its_rule() -> None:
    judgement = judge(renamed(), [finding(RENAME)])
    assert judgement.exact
    assert judgement.causes == {("Stack", "Logs"): ("bucket-name-without-account",)}


def test_a_replacement_that_is_not_declared_is_not_explained() -> None:
    harmless = Fix("t", Safety.SAFE, "r", changes=RENAME.changes)
    assert not judge(renamed(), [finding(harmless)]).exact


@pytest.mark.parametrize("attributes", [{"DependsOn": ["Key"]}, {"DeletionPolicy": "Retain"}])
def test_an_attribute_beside_the_declared_property_is_not_explained(
    attributes: dict[str, Any],
) -> None:
    judgement = judge(renamed(**attributes), [finding(RENAME)])
    assert [change.resource for change in judgement.unexplained] == ["Logs"]


def test_what_is_gone_is_never_explained() -> None:
    before = {"Stack": {"Resources": {"Logs": bucket("a")}}}
    gone = compare(before, {"Stack": {"Resources": {}}})
    assert not judge(gone, [finding(RENAME)]).exact


def test_a_finding_without_a_fix_explains_nothing() -> None:
    judgement = judge(renamed(), [finding(None)])
    assert not judgement.exact
    assert judgement.idle == ()


def test_only_fixes_that_show_are_paid_for() -> None:
    paid = Fix(
        "t",
        Safety.SAFE,
        "r",
        changes=RENAME.changes,
        replaces=RENAME.replaces,
        monthly_cost_usd=5.0,
        cost_assumption="five each",
    )
    other = Fix("t", Safety.SAFE, "r", changes=("AWS::EC2::EIP",), monthly_cost_usd=7.0)
    idle = finding(other, "shared-nat-gateway")
    judgement = judge(renamed(), [finding(paid), idle])
    assert (judgement.monthly_usd, judgement.assumptions) == (5.0, ("five each",))
    assert judgement.idle == (idle,)
