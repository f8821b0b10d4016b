from __future__ import annotations

import pytest

from codemods import Base, Finding, Safety, analyse, fix

VPC = b"from aws_cdk import aws_ec2 as ec2\nec2.Vpc(stack, 'Vpc', nat_gateways=1)\n"


def finding(source: bytes, base: Base | None) -> Finding:
    (found,) = analyse(source, "stack.py", base=base).findings
    return found


def safety(source: bytes, *versions: bytes | None) -> Safety:
    fix = finding(source, Base.of(versions)).fix
    assert fix is not None
    return fix.safety


def test_the_fix_of_a_new_construct_is_safe() -> None:
    assert safety(VPC) is Safety.SAFE
    assert safety(VPC, b"import aws_cdk\n") is Safety.SAFE
    assert safety(VPC, VPC.replace(b"'Vpc'", b"'Other'")) is Safety.SAFE


def test_the_fix_of_a_deployed_construct_is_unsafe_and_says_why() -> None:
    assert safety(VPC, VPC) is Safety.UNSAFE
    found = finding(VPC, Base.of([VPC]))
    assert "deployed" in found.explanation


def test_a_construct_is_the_same_in_another_spelling_of_the_import() -> None:
    assert safety(VPC, b"import aws_cdk as cdk\ncdk.aws_ec2.Vpc(s, 'Vpc')\n") is Safety.UNSAFE


def test_a_construct_that_moved_between_files_is_deployed() -> None:
    assert safety(VPC, b"import aws_cdk\n", VPC) is Safety.UNSAFE


@pytest.mark.parametrize("version", [None, b"import aws_cdk\nVpc(\n"])
def test_a_base_that_cannot_be_read_means_deployed(version: bytes | None) -> None:
    assert safety(VPC, version) is Safety.UNSAFE


def test_a_base_of_other_code_is_never_a_trouble() -> None:
    assert safety(VPC, b"\xff not python") is Safety.SAFE


def test_without_a_base_the_rule_decides() -> None:
    found = finding(VPC, None)
    assert found.fix is not None
    assert found.fix.safety is Safety.SAFE


def test_fixing_follows_the_base() -> None:
    assert fix(VPC, "stack.py", base=Base.of([VPC])).source == VPC
    assert fix(VPC, "stack.py", base=Base()).source != VPC


def test_bases_of_parts_make_one_that_knows_what_each_knows() -> None:
    other = VPC.replace(b"'Vpc'", b"'Other'")
    assert Base.union([Base.of([VPC]), Base.of([other])]) == Base.of([VPC, other])
    assert Base.union([Base.of([VPC]), Base(unread=True)]).unread
    assert Base.union([]) == Base()
