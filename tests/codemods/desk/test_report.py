"""What a person reads about findings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from codemods import Finding, Fix, Level, Position, Safety
from codemods.desk.excerpt import Excerpt
from codemods.desk.report import block, cost, counted, done, fixable, fixed, found
from codemods.desk.terminal import Terminal

FIX = Fix(
    title="Append the account id",
    safety=Safety.UNSAFE,
    reason="CloudFormation replaces the bucket.",
    replaces=("AWS::S3::Bucket",),
    monthly_cost_usd=36.5,
    cost_assumption="us-east-1",
)
FINDING = Finding(
    rule="bucket-name-without-account",
    level=Level.HIGH,
    path="stacks/audit.py",
    start=Position(12, 17),
    end=Position(12, 21),
    message="The name `logs` is taken in the whole world once it is taken.",
    documentation="https://docs.aws.amazon.com/s3",
    fix=FIX,
    refusal="",
    fingerprint="0" * 16,
)
SAFE = replace(FINDING, fix=replace(FIX, safety=Safety.SAFE))
REPORTED = replace(FINDING, fix=None, refusal="The name is also in an ARN.", path="b.py")
ADVISORY = replace(FINDING, on_request=True)
EXCERPT = Excerpt(FINDING, '    bucket_name="logs",')


def test_a_block_says_place_mistake_code_way_out_price_and_where_to_read_on() -> None:
    assert block(EXCERPT, Terminal(width=60)) == (
        "high bucket-name-without-account: The name `logs` is taken\n"
        "  in the whole world once it is taken.\n"
        "  --> stacks/audit.py:12:17\n"
        "   |\n"
        '12 |     bucket_name="logs",\n'
        "   |                 ^^^^\n"
        "   |\n"
        "   = unsafe fix: Append the account id.\n"
        "     CloudFormation replaces the bucket.\n"
        "   = replaces: AWS::S3::Bucket\n"
        "   = cost: 36.50 USD a month more (us-east-1)\n"
        "   = see: https://docs.aws.amazon.com/s3\n"
    )


def test_a_refusal_stands_where_the_fix_would() -> None:
    text = block(Excerpt(REPORTED, "x" * 30), Terminal())
    assert "   = no fix: The name is also in an ARN.\n   = see: " in text
    assert "fix: Append" not in text


def test_colour_changes_no_character() -> None:
    import re

    plain = block(EXCERPT, Terminal())
    coloured = block(EXCERPT, Terminal(colour=True))
    assert coloured != plain
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == plain


def test_no_path_and_no_message_steers_the_terminal() -> None:
    hostile = replace(REPORTED, path="a\x1b[2J\n.py", message="\x1b]0;x\x07 \u202e", refusal="\x9b")
    text = block(Excerpt(hostile, "\x1b[8m" + "x" * 30), Terminal())
    assert text.isprintable() is False  # its own line ends
    assert text.replace("\n", "").isprintable()


@pytest.mark.parametrize(
    ("findings", "files", "named", "text"),
    [
        ([], 1, (), "No findings in 1 file."),
        ([], 1200, (), "No findings in 1,200 files."),
        ([SAFE], 5, (), "1 finding in 1 file: 1 fixable."),
        ([REPORTED], 5, (), "1 finding in 1 file: none fixable."),
        ([FINDING], 5, (), "1 finding in 1 file: none fixable, 1 with --unsafe-fixes."),
        (
            [SAFE, FINDING, FINDING, REPORTED, ADVISORY],
            5,
            (),
            (
                "5 findings in 2 files: 1 fixable, 2 more with --unsafe-fixes, "
                "1 on request (--select bucket-name-without-account --unsafe-fixes)."
            ),
        ),
        (
            [SAFE, ADVISORY],
            5,
            (ADVISORY.rule,),
            "2 findings in 1 file: 1 fixable, 1 more with --unsafe-fixes.",
        ),
    ],
)
def test_the_summary_of_a_check_counts_what_could_be_fixed(
    findings: list[Finding], files: int, named: tuple[str, ...], text: str
) -> None:
    assert found(findings, files, named) == text


@pytest.mark.parametrize(
    ("applied", "left", "dry", "text"),
    [
        ([], [], False, "Nothing to fix."),
        ([SAFE], [], False, "Fixed 1 finding in 1 file; none is left."),
        ([SAFE], [], True, "Would fix 1 finding in 1 file; none is left."),
        ([], [REPORTED], False, "Nothing to fix; 1 left."),
        (
            [SAFE, replace(SAFE, path="c.py")],
            [FINDING, REPORTED],
            False,
            "Fixed 2 findings in 2 files; 2 left, 1 of them fixable with --unsafe-fixes.",
        ),
    ],
)
def test_the_summary_of_a_fix_says_what_is_left(
    applied: list[Finding], left: list[Finding], dry: bool, text: str
) -> None:
    assert fixed(applied, left, (), dry=dry) == text


def test_an_advisory_is_fixed_only_where_it_is_named_and_unsafe_fixes_are_wanted() -> None:
    assert not fixable(ADVISORY, (), unsafe=True)
    assert not fixable(ADVISORY, (ADVISORY.rule,), unsafe=False)
    assert fixable(ADVISORY, (ADVISORY.rule,), unsafe=True)


def test_a_saving_is_no_negative_cost() -> None:
    assert cost(replace(FIX, monthly_cost_usd=-5.0, cost_assumption="")) == "5.00 USD a month less"


def test_a_fix_that_was_applied_is_one_line() -> None:
    text = "fixed stacks/audit.py:12 bucket-name-without-account: Append the account id"
    assert done(FINDING, Terminal()) == text


def test_numbers_and_nouns_agree() -> None:
    assert [counted(number, "file") for number in (0, 1, 2)] == ["0 files", "1 file", "2 files"]
