from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemods import Analysis, Finding, Policy, analyse, may_concern, problem_of
from codemods.registry import rules

VPC = "from aws_cdk import aws_ec2 as ec2\nec2.Vpc(stack, 'Vpc', nat_gateways=1)\n"


def found(text: str, policy: Policy | None = None) -> tuple[Finding, ...]:
    return analyse(text.encode(), "stack.py", policy).findings


def test_the_prefilter_passes_only_what_can_have_findings() -> None:
    assert may_concern(VPC.encode())
    assert not may_concern(b"import boto3\nVpc = 1\n")
    assert not may_concern(b"import aws_cdk\n")
    assert not may_concern(VPC.replace("nat_gateways", "max_azs").encode())


def test_a_rule_runs_unless_it_is_ignored_or_another_is_selected() -> None:
    rule = "shared-nat-gateway"
    assert found(VPC)
    assert found(VPC, Policy(select=frozenset({rule})))
    assert not found(VPC, Policy(ignore=frozenset({rule})))
    assert not found(VPC, Policy(select=frozenset({"implicit-iam-grant"})))


def test_a_file_that_cannot_be_analysed_says_why() -> None:
    analysis = analyse(b"import aws_cdk\nVpc(nat_gateways=1,\n", "stack.py")
    assert analysis.problem == "line 2: '(' was never closed"
    assert not analysis.findings


def test_a_chain_too_long_to_follow_is_a_problem_and_no_crash() -> None:
    source = "import aws_cdk\nnat_gateways = Vpc" + ".a" * 200_000
    assert "too deeply" in analyse(source.encode(), "stack.py").problem


def test_a_broken_file_without_a_rules_words_is_told_where_it_is_asked_about() -> None:
    broken = b"import aws_cdk\nclass Stack(\n"
    assert analyse(broken, "stack.py") == Analysis("stack.py")
    assert problem_of(broken) == "line 2: '(' was never closed"
    assert problem_of(b"class Stack(\n") == ""
    assert problem_of(b"import aws_cdk\n") == ""
    assert problem_of(VPC.encode() + b"(") == ""  # analyse says it


def test_findings_come_in_the_order_of_the_file() -> None:
    text = VPC + "\n".join(f"ec2.Vpc(stack, '{n}', nat_gateways=1)" for n in range(9))
    lines = [finding.start.line for finding in found(text)]
    assert lines == sorted(lines)


def test_a_finding_survives_the_way_through_json() -> None:
    for finding in analyse(VPC.encode(), "stack.py", edits=True).findings:
        assert Finding.from_dict(finding.as_dict()) == finding


def test_a_fingerprint_survives_moved_lines_and_other_arguments() -> None:
    (first,) = found(VPC)
    (moved,) = found("\n\n" + VPC.replace("nat_gateways=1", "max_azs=2, nat_gateways=1"))
    assert moved.fingerprint == first.fingerprint


def test_fingerprints_tell_constructs_apart() -> None:
    text = VPC + "ec2.Vpc(stack, 'Other', nat_gateways=1)\nec2.Vpc(stack, 'Vpc', nat_gateways=1)\n"
    assert len({finding.fingerprint for finding in found(text)}) == 3


def test_a_file_that_is_not_utf_8_is_reported_and_not_edited() -> None:
    source = ("# coding: latin-1\n" + VPC + "# é\n").encode("latin-1")
    (finding,) = analyse(source, "stack.py", edits=True).findings
    assert finding.fix is None
    assert "iso-8859-1" in finding.refusal


@pytest.mark.parametrize("text", ["import aws_cdk\n# Vpc nat_gateways\n", VPC.replace("=1", "=3")])
def test_a_check_without_findings_does_not_import_libcst(text: str) -> None:
    code = (
        "import sys; from codemods import analyse; "
        f"assert not analyse({text.encode()!r}, 'a.py', edits=True).findings; "
        "assert 'libcst' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


@given(st.binary(max_size=200))
def test_no_bytes_make_it_raise(data: bytes) -> None:
    analyse(b"import aws_cdk\nVpc, nat_gateways\n" + data, "stack.py", edits=True)


def test_every_rule_is_found_by_walking() -> None:
    assert "shared-nat-gateway" in rules()
    assert list(rules().values()) == sorted(rules().values(), key=lambda r: (-r.level, r.name))


def test_an_id_too_long_to_write_again_is_a_problem_and_no_crash() -> None:
    long = "+".join(["a"] * 900)
    source = f"from aws_cdk import aws_ec2\naws_ec2.Vpc(s, {long}, nat_gateways=1)\n"
    assert "too deeply" in analyse(source.encode(), "stack.py").problem
