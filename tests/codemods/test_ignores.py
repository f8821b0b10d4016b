from __future__ import annotations

import datetime as dt

import pytest

from codemods import Analysis, Policy, analyse

RULE = "shared-nat-gateway"
TODAY = dt.date(2026, 11, 24)


def analysis(text: str, **settings: frozenset[str]) -> Analysis:
    return analyse(text.encode(), "stack.py", Policy(today=TODAY, **settings))  # type: ignore[arg-type]


def vpc(*, above: str = "", first: str = "", inner: str = "", last: str = "") -> str:
    return (
        "from aws_cdk import aws_ec2 as ec2\n"
        f"{above}\n"
        f"vpc = ec2.Vpc(  {first}\n"
        '    stack, "Vpc",\n'
        f"    nat_gateways=1,  {inner}\n"
        f")  {last}\n"
    )


COMMENT = f"# cdk-medic: ignore[{RULE}] -- dev account"


@pytest.mark.parametrize("place", ["above", "first", "inner", "last"])
def test_an_ignore_covers_its_statement_from_any_line(place: str) -> None:
    found = analysis(vpc(**{place: COMMENT}))
    assert not found.findings
    assert [finding.rule for finding in found.silenced] == [RULE]
    assert not found.unused_ignores


def test_a_comment_behind_code_does_not_cover_the_next_line() -> None:
    text = vpc(above=f"x = 1  {COMMENT}")
    found = analysis(text)
    assert len(found.findings) == 1
    assert found.unused_ignores == ((2, f"the ignore of {RULE} silences nothing"),)


def test_an_ignore_names_several_rules() -> None:
    found = analysis(vpc(inner=f"# cdk-medic: ignore[{RULE}, no-such-rule]"))
    assert not found.findings
    assert found.unused_ignores == ((5, "the ignore names no-such-rule, which is no rule"),)


def test_ignore_file_covers_the_whole_file() -> None:
    found = analysis(vpc() + f"# cdk-medic: ignore-file[{RULE}] -- sandbox accounts only\n")
    assert not found.findings


def test_an_ignore_in_a_string_is_none() -> None:
    assert len(analysis(vpc(above=f"text = {COMMENT!r}")).findings) == 1


def test_until_makes_an_ignore_expire() -> None:
    live = analysis(vpc(inner=f"# cdk-medic: ignore[{RULE}] until=2026-11-24 -- migrating"))
    assert not live.findings
    dead = analysis(vpc(inner=f"# cdk-medic: ignore[{RULE}] until=2026-11-23 -- migrating"))
    assert len(dead.findings) == 1
    assert dead.unused_ignores == ((5, "the ignore expired on 2026-11-23"),)


@pytest.mark.parametrize(
    ("comment", "sentence"),
    [
        ("# cdk-medic: ignore[]", "the ignore names no rule"),
        ("# cdk-medic: ignore[no-such-rule]", "the ignore names no-such-rule, which is no rule"),
        (
            f"# cdk-medic: ignore[{RULE}] until=soon",
            "until=soon is not a date such as until=2027-01-31",
        ),
    ],
)
def test_a_wrong_ignore_is_reported(comment: str, sentence: str) -> None:
    found = analysis(vpc(inner=comment))
    assert len(found.findings) == 1
    assert found.unused_ignores == ((5, sentence),)


def test_an_ignore_of_a_rule_that_does_not_run_is_not_called_unused() -> None:
    found = analysis(vpc(inner=COMMENT), ignore=frozenset({RULE}))
    assert found == Analysis("stack.py")


def test_a_file_without_triggers_still_reports_its_unused_ignores() -> None:
    found = analysis(f"x = 1  {COMMENT}\n")
    assert found.unused_ignores == ((1, f"the ignore of {RULE} silences nothing"),)


def test_an_ignore_in_a_compound_statement_covers_its_header_only() -> None:
    text = (
        "from aws_cdk import aws_ec2 as ec2\n"
        f"with ec2.Vpc(s, 'a', nat_gateways=1) as vpc:  {COMMENT}\n"
        "    ec2.Vpc(s, 'b', nat_gateways=1)\n"
    )
    found = analysis(text)
    assert [finding.start.line for finding in found.findings] == [3]
    assert [finding.start.line for finding in found.silenced] == [2]


def test_what_the_tokenizer_refuses_but_the_parser_takes_ends_the_search_for_ignores() -> None:
    odd = "if a:\n    b\n  \\\n\nc\n"
    found = analysis(vpc(inner=COMMENT) + odd)
    assert (found.findings, len(found.silenced), found.problem) == ((), 1, "")


def test_an_ignore_until_a_day_to_come_holds() -> None:
    found = analysis(vpc(inner=f"# cdk-medic: ignore[{RULE}] until=2026-11-24"))
    assert (found.findings, len(found.silenced)) == ((), 1)


def test_an_ignore_in_the_first_line_of_a_body_does_not_cover_the_header() -> None:
    found = analysis(
        "from aws_cdk import aws_ec2 as ec2\n"
        f"with ec2.Vpc(s, 'a', nat_gateways=1) as vpc:\n    use(vpc)  {COMMENT}\n"
    )
    assert [finding.start.line for finding in found.findings] == [2]
    assert found.unused_ignores == ((3, f"the ignore of {RULE} silences nothing"),)
