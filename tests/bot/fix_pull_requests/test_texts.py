from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.fix_pull_requests import changes, onboarding, texts
from bot.fix_pull_requests.groups import Group
from bot.fix_pull_requests.plan import Reason, content_of
from bot.pins import Pin
from codemods import Finding, Safety
from codemods.settings.configuration import parse
from tests.bot.made import finding, fix
from tests.bot.test_markdown import dead, fuzzed, rendered

UNSAFE = fix(safety=Safety.UNSAFE, monthly_cost_usd=36.5, cost_assumption="one more")
REPLACING = fix(safety=Safety.UNSAFE, replaces=("AWS::S3::Bucket",))
BEFORE = b"vpc = ec2.Vpc(\n    nat_gateways=1,\n)\n"
AFTER = BEFORE.replace(b"1", b"3")


def group(*findings: Finding) -> Group:
    files = {each.path: (BEFORE, AFTER) for each in findings}
    return Group("cdk-medic/fix-shared-nat-gateway", "shared-nat-gateway", findings, (), files)


def test_the_first_line_says_what_it_does() -> None:
    first = texts.fix(group(finding(fix=UNSAFE)), {}).body.split("\n")[0]
    assert first == (
        "**Fixes 1 finding** of `shared-nat-gateway` in `stacks/network.py`. Use one NAT gateway "
        "for each availability zone. It costs +36.50 USD a month and replaces nothing. This is "
        "**unsafe** for what is deployed, so somebody has to decide."
    )


def test_what_is_replaced_is_said_in_the_first_line() -> None:
    first = texts.fix(group(finding(fix=REPLACING)), {}).body.split("\n")[0]
    assert "replaces `AWS::S3::Bucket`" in first


def test_only_what_is_unsafe_is_called_so() -> None:
    both = texts.fix(group(finding(line=1), finding(line=2, fix=UNSAFE)), {}).body
    assert "1 fix in it is **unsafe**" in both
    assert "**unsafe**" not in texts.fix(group(finding()), {}).body


def test_findings_of_one_rule_in_one_file_share_a_row() -> None:
    table = changes.table([finding(line=3), finding(line=9), finding(line=5, fix=UNSAFE)])
    assert "`network.py:3, 9`" in table
    assert "`network.py:5`" in table
    assert table.count("\n") == 3


def test_the_change_is_shown_as_a_diff_below_a_fold() -> None:
    body = texts.fix(group(finding()), {}).body
    folded = body[body.index("<details>") :]
    assert "-    nat_gateways=1," in folded
    assert "+    nat_gateways=3," in folded
    assert "<summary><code>stacks/network.py</code>: 1 finding</summary>" in folded


def test_lines_that_pin_the_old_value_are_named() -> None:
    one = finding()
    pins = {one.fingerprint: (Pin("tests/test_vpc.py", 7, 'count_is("NatGateway", 1)'),)}
    body = texts.fix(group(one), pins).body
    assert '- `tests/test_vpc.py:7` `count_is("NatGateway", 1)`' in body


def test_the_mark_tells_the_change_and_nothing_else() -> None:
    one, moved = group(finding()), group(finding(line=40))
    assert content_of(texts.fix(one, {}).body) == one.content == moved.content
    other = Group(one.branch, one.rule, one.findings, (), {"stacks/network.py": (AFTER, BEFORE)})
    assert other.content != one.content


def test_a_thousand_findings_fit() -> None:
    many = [finding(line=n, path=f"stacks/{n}.py", message="x" * 900) for n in range(1, 1001)]
    assert len(texts.fix(group(*many), {}).body) <= 65_536
    assert len(onboarding.onboarding(many, {}, {}).body) <= 65_536
    assert content_of(texts.fix(group(*many), {}).body)


def test_nothing_that_a_stranger_wrote_comes_alive() -> None:
    tags = {"p", "code", "pre", "strong", "a", "ul", "li", "br", "sub", "details", "summary"}
    tags |= {"table", "thead", "tbody", "tr", "th", "td"}
    for value in fuzzed(300):
        hostile = finding(path=value, message=value, refusal="")
        content = value.encode()
        made = Group("b", "", (hostile,), (), {value: (content, content + b"\n@maria\x1b]0;\x07")})
        pins = {hostile.fingerprint: (Pin(value, 1, value),)}
        for wanted in (
            texts.fix(made, pins),
            onboarding.onboarding([hostile], made.files, pins),
        ):
            text, _, mark = wanted.body.rpartition("\n")
            assert mark.startswith("<!-- cdk-medic:fixes ")
            assert dead(rendered(text), tags), value
            assert "\x1b" not in wanted.body
        assert "@maria" not in texts.fix(made, pins).message


@given(st.text(max_size=60), st.binary(max_size=200), st.binary(max_size=200))
def test_whatever_a_file_is_called_and_holds_the_mark_is_the_bots(
    path: str, before: bytes, after: bytes
) -> None:
    made = Group("b", "", (finding(path=path or "a.py"),), (), {path or "a.py": (before, after)})
    assert content_of(texts.fix(made, {}).body) == made.content


@pytest.mark.parametrize("reason", Reason)
def test_whatever_closes_one_is_a_sentence(reason: Reason) -> None:
    assert texts.closing(reason).endswith(".")


def test_whoever_closed_one_learns_how_to_silence_its_rule() -> None:
    line = texts.asking("shared-nat-gateway")
    assert 'ignore = ["shared-nat-gateway"]' in line
    assert "# cdk-medic: ignore[shared-nat-gateway]" in line
    assert "RULE" in texts.asking("")


def test_the_proposed_file_asks_for_what_is_unsafe_and_not_for_what_replaces() -> None:
    found = [
        finding(fix=UNSAFE),
        finding(rule="bucket-name-without-account", fix=REPLACING),
        finding(rule="missing-explicit-deny", fix=None, refusal="No."),
        finding(rule="unpinned-engine-version"),
    ]
    content = onboarding.configuration(found)
    made = parse(content.encode(), ".cdk-medic.toml")
    assert made is not None
    assert made.mode == "pull-request"
    assert made.fix_pull_requests.unsafe == {"shared-nat-gateway"}
    assert '# "bucket-name-without-account",  # replaces AWS::S3::Bucket' in content


def test_every_line_of_the_proposed_file_that_is_commented_out_works() -> None:
    content = onboarding.configuration([finding(rule="bucket-name-without-account", fix=REPLACING)])
    lines = [
        line.replace("# ", "", 1) if " = " in line or "[" in line or '"buck' in line else line
        for line in content.splitlines()
    ]
    wanted = "\n".join(line for line in lines if not line.startswith(('"', "Rules")))
    made = parse(wanted.encode(), ".cdk-medic.toml")
    assert made is not None
    assert made.fix_pull_requests.group == "all"
    assert made.fix_pull_requests.limit == 1
    assert made.fix_pull_requests.unsafe == {"bucket-name-without-account"}


def test_the_onboarding_says_what_merging_and_closing_mean() -> None:
    body = onboarding.onboarding([finding(fix=UNSAFE), finding(line=20)], {}, {}).body
    assert body.startswith("I found **2 production mistakes** in 1 file")
    assert "I can fix all of them; 1 of them is unsafe where this is deployed" in body
    assert "**Merge this** and" in body
    assert "**Close this** and" in body


def test_advisories_are_told_apart() -> None:
    advisory = finding(rule="implicit-iam-grant", line=20, on_request=True)
    body = onboarding.onboarding([finding(), advisory], {}, {}).body
    assert "**1 production mistake**" in body
    assert "1 advisory, fixed only when asked for by name" in body
