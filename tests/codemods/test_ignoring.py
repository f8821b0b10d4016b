from __future__ import annotations

import pytest

from codemods import Fixed, Policy, analyse
from codemods.code.source import Source
from codemods.ignoring import REASON_AT_MOST, ignore, plain

NAT = "shared-nat-gateway"
HEAD = """from aws_cdk import Stack, aws_ec2 as ec2


class Network(Stack):
    def __init__(self, scope, construct_id):
        super().__init__(scope, construct_id)
"""
SHORT = HEAD + '        ec2.Vpc(self, "V", max_azs=3, nat_gateways=1)\n'


def ignored(source: str | bytes, reason: str = "", **policy: int) -> Fixed:
    data = source if isinstance(source, bytes) else source.encode()
    made = Policy(line_length=policy.get("line_length"))
    return ignore(data, "a.py", made, wanted=lambda each: each.rule == NAT, reason=reason)


def added(source: str, result: Fixed) -> list[str]:
    """The lines that are new or other than they were."""
    return [line for line in result.source.decode().splitlines() if line not in source.splitlines()]


def test_a_short_line_gets_the_comment_behind_it() -> None:
    result = ignored(SHORT, "one zone", line_length=120)
    comment = "  # cdk-medic: ignore[shared-nat-gateway] -- one zone"
    assert added(SHORT, result) == [SHORT.splitlines()[-1] + comment]


def test_the_finding_is_silenced_and_its_reason_is_read() -> None:
    result = ignored(SHORT, "a test account")
    assert [finding.rule for finding in result.applied] == [NAT]
    assert result.analysis.findings == ()
    assert result.analysis.reasons == ("a test account",)
    assert result.analysis.unused_ignores == ()
    assert analyse(result.source, "a.py") == result.analysis


def test_a_line_that_would_become_too_long_gets_the_comment_above_it() -> None:
    result = ignored(SHORT, "a test account", line_length=80)
    assert added(SHORT, result) == [
        "        # cdk-medic: ignore[shared-nat-gateway] -- a test account"
    ]
    assert result.analysis.findings == ()


def test_a_long_reason_is_wrapped_above() -> None:
    reason = "word " * 40
    result = ignored(SHORT, reason, line_length=80)
    lines = added(SHORT, result)
    assert lines[-1] == "        # cdk-medic: ignore[shared-nat-gateway] -- see above"
    assert all(len(line) <= 80 for line in lines)
    assert " ".join(line.strip("# ") for line in lines[:-1]) == reason.strip()
    assert result.analysis.findings == ()


def test_no_reason_is_no_reason() -> None:
    assert b"ignore[shared-nat-gateway]\n" in ignored(SHORT).source


def test_a_comment_of_another_rule_is_extended() -> None:
    source = SHORT.replace(
        "gateways=1)", "gateways=1)  # cdk-medic: ignore[missing-explicit-deny] -- old"
    )
    result = ignored(source, "new")
    assert b"ignore[missing-explicit-deny, shared-nat-gateway] -- old\n" in result.source
    assert result.analysis.findings == ()


def test_a_comment_above_of_another_rule_is_extended() -> None:
    above = "        # cdk-medic: ignore[missing-explicit-deny] -- old\n"
    result = ignored(HEAD + above + SHORT.removeprefix(HEAD))
    assert b"# cdk-medic: ignore[missing-explicit-deny, shared-nat-gateway] -- old" in result.source


def test_a_comment_that_says_something_else_stays_as_it_is() -> None:
    source = SHORT.replace("gateways=1)", "gateways=1)  # noqa: X1")
    result = ignored(source, "cheap")
    assert b"nat_gateways=1)  # noqa: X1\n" in result.source
    assert added(source, result) == ["        # cdk-medic: ignore[shared-nat-gateway] -- cheap"]


def test_a_call_over_many_lines_gets_its_comment_on_the_line_that_is_wrong() -> None:
    source = HEAD + (
        "        ec2.Vpc(\n"
        "            self,\n"
        '            "V",\n'
        "            max_azs=3,\n"
        "            nat_gateways=1,\n"
        "        )\n"
    )
    result = ignored(source, "cheap")
    assert result.analysis.findings == ()
    assert len(added(source, result)) == 1


def test_a_line_that_continues_takes_no_comment_behind_it() -> None:
    source = HEAD + '        vpc = \\\n            ec2.Vpc(self, "V", max_azs=3, nat_gateways=1)\n'
    result = ignored(source, "cheap", line_length=70)
    assert result.analysis.findings == ()
    assert added(source, result) == ["        # cdk-medic: ignore[shared-nat-gateway] -- cheap"]


def test_every_wanted_finding_gets_one() -> None:
    source = SHORT + '        ec2.Vpc(self, "W", max_azs=3, nat_gateways=2)\n'
    result = ignored(source)
    assert len(result.applied) == 2
    assert result.source.count(b"cdk-medic: ignore") == 2


def test_only_what_is_wanted_is_silenced() -> None:
    source = SHORT + '        ec2.Vpc(self, "W", max_azs=3, nat_gateways=2)\n'
    result = ignore(source.encode(), "a.py", wanted=lambda finding: finding.start.line == 8)
    assert [finding.start.line for finding in result.analysis.findings] == [7]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_bytes_around_the_comment_stay(newline: str, mark: bytes) -> None:
    source = mark + SHORT.replace("\n", newline).encode().removesuffix(newline.encode())
    comment = b"# cdk-medic: ignore[shared-nat-gateway] -- cheap"
    assert ignored(source, "cheap", line_length=200).source == source + b"  " + comment
    before, _, last = source.rpartition(b"        ec2.")
    above = b"        " + comment + newline.encode()
    result = ignored(source, "cheap", line_length=60)
    assert result.source == before + above + b"        ec2." + last


@pytest.mark.parametrize(
    ("reason", "becomes"),
    [
        ("  two\n lines\t", "two lines"),
        ("ok # noqa # type: ignore", "ok noqa type: ignore"),
        ("cdk-medic: ignore-file[shared-nat-gateway]", "cdk-medic ignore-file[shared-nat-gateway]"),
        ("turned \u202e text\x00", "turned text"),
        ("x" * 999, "x" * (REASON_AT_MOST - 1) + "…"),
    ],
)
def test_a_reason_is_one_line_that_instructs_nobody(reason: str, becomes: str) -> None:
    assert plain(reason) == becomes


def test_a_reason_cannot_change_how_the_file_is_read() -> None:
    source = "# é\nfrom aws_cdk import aws_ec2; aws_ec2.Vpc(None, 'V', max_azs=3, nat_gateways=1)\n"
    result = ignored(source, "coding: latin-1", line_length=80)
    assert result.source.splitlines()[1].endswith(b"-- coding latin-1")
    assert result.analysis.findings == ()
    assert Source(result.source).encoding == "utf-8"


@pytest.mark.parametrize(
    "source",
    [b"def (", b"", b"\xff\xfe", SHORT.encode("utf-16"), b"# coding: latin-1\n" + SHORT.encode()],
)
def test_what_cannot_be_edited_stays(source: bytes) -> None:
    assert ignored(source).source == source
    assert ignored(source).applied == ()


def test_one_comment_silences_both_findings_of_a_line() -> None:
    call = 'ec2.Vpc(self, "{}", max_azs=3, nat_gateways=1)'
    source = f"{HEAD}        [{call.format('A')}, {call.format('B')}]\n"
    result = ignored(source, line_length=200)
    assert len(added(source, result)) == 1
    assert len(result.applied) == 2


def test_without_a_place_for_the_comment_the_finding_stays() -> None:
    source = (
        HEAD
        + '        x = f"""\n{ec2.Vpc(self, \'V\', max_azs=3, nat_gateways=1)}\n"""; \\\n  y = 1\n'
    )
    result = ignored(source.replace("        x", "        z = \\\n  1; x"))
    assert len(result.applied) + len(result.analysis.findings) == 1


def test_what_the_tokenizer_refuses_but_the_parser_takes_gets_its_comment() -> None:
    source = SHORT + "if a:\n    b\n  \\\n\nc\n"
    assert ignored(source, line_length=200).analysis.findings == ()
