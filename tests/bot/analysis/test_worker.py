from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

import codemods
from bot.analysis import wire
from bot.analysis.terms import Configured, Surroundings, Terms
from bot.operations import Source
from codemods import Base, Level, Policy, Safety
from codemods.settings.configuration import parse
from tests.bot.analysis.here import Here

CODE = b"""\
from aws_cdk import aws_ec2 as ec2
ec2.Vpc(None, 'V', max_azs=3, nat_gateways=1)
ec2.Vpc(None, 'W', max_azs=3, nat_gateways=1)  # cdk-medic: ignore[shared-nat-gateway] -- a test
x = 1  # cdk-medic: ignore[shared-nat-gateway]
"""
FILE = Source("a.py", CODE)
OWN = ".cdk-medic.toml"


def around(*paths: str, **fields: Any) -> Surroundings:
    return Surroundings("acme/payments", paths=paths, **fields)


def problem_of(content: bytes) -> str:
    [analysis] = Here().analyse([Source("a.py", content)], Terms(), edits=True)
    return analysis.problem


@pytest.mark.parametrize("edits", [False, True])
def test_an_analysis_survives_the_way_through_json(edits: bool) -> None:
    expected = codemods.analyse(CODE, "a.py", edits=edits)
    assert (len(expected.findings), len(expected.silenced), len(expected.unused_ignores)) == (
        1,
        1,
        1,
    )
    assert Here().analyse([FILE], Terms(), edits=edits) == [expected]


def test_a_broken_file_of_the_cdk_is_named_even_where_no_rule_would_look() -> None:
    assert problem_of(b"import aws_cdk\nclass Stack(\n") == "line 2: '(' was never closed"
    assert problem_of(b"class Stack(\n") == ""


def test_a_fix_survives_the_way_through_json() -> None:
    [fixed] = Here().fix([FILE], Terms(), rules=frozenset(), unsafe=True)
    assert fixed == codemods.fix(CODE, "a.py", unsafe=True)
    assert len(fixed.applied) == 1


def test_what_the_base_has_is_found_and_makes_its_fix_unsafe() -> None:
    [before] = Here().look_back([FILE], Policy())
    assert before.base == Base.of([CODE])
    assert before.analysis == codemods.analyse(CODE, "a.py")
    [analysis] = Here().analyse([FILE], Terms(base=before.base))
    assert [finding.fix.safety for finding in analysis.findings if finding.fix] == [Safety.UNSAFE]
    [fixed] = Here().fix([FILE], Terms(base=before.base), rules=frozenset(), unsafe=False)
    assert fixed.source == CODE


def test_a_base_that_does_not_parse_counts_as_deployed() -> None:
    [before] = Here().look_back([Source("a.py", CODE + b"def (\n")], Policy())
    assert before.base.unread


def test_a_base_of_a_dangerous_shape_counts_as_deployed() -> None:
    [before] = Here().look_back([Source("a.py", CODE + b"x = " + b"(" * 41)], Policy())
    assert before.base == Base(unread=True)
    assert "nested" in before.analysis.problem


def test_a_configuration_says_which_rules_run_on_which_files() -> None:
    content = b"""\
ignore = ["shared-nat-gateway"]
exclude = ["old/"]
[rules.shared-nat-gateway]
azs = 2
"""
    found = Here().configure(Source(OWN, content), around("old/a.py", "new/a.py"))
    assert found.excluded == ("old/a.py",)
    assert found.policy is not None
    assert found.policy.ignore == {"shared-nat-gateway"}
    assert found.policy.options == {"shared-nat-gateway": {"azs": 2}}
    [analysis] = Here().analyse([FILE], Terms(found.policy))
    assert analysis.findings == ()


def test_all_that_a_configuration_wants_survives_the_way_through_json() -> None:
    content = b"""\
select = ["shared-nat-gateway", "unpinned-engine-version"]
ignore = ["implicit-iam-grant"]
safe = ["unpinned-engine-version"]
unsafe = ["shared-nat-gateway"]
mode = "pull-request"
[pull-request]
fail-on = "high"
drafts = true
bots = true
[fix-pull-requests]
group = "all"
labels = ["infra"]
limit = 7
unsafe = ["bucket-name-without-account"]
[environments]
production = ["id:Live"]
non-production = ["stack:Dev*", "dev/"]
[rules.unpinned-engine-version]
targets = { "15" = "VER_15_4" }
"""
    found = parse(content, OWN)
    assert found is not None
    policy = Policy(
        select=found.select,
        ignore=found.ignore,
        safe=found.safe,
        unsafe=found.unsafe,
        options=found.options,
        environments=found.environments,
    )
    assert Here().configure(Source(OWN, content), around()) == Configured(
        policy,
        mode="pull-request",
        fail_on=Level.HIGH,
        drafts=True,
        bots=True,
        fix_pull_requests=found.fix_pull_requests,
    )


@pytest.mark.parametrize(
    ("path", "content", "problem"),
    [
        (OWN, b"x = ", "this is no TOML"),
        (OWN, b'ignore = ["shared-nat"]', "which is no rule"),
        (OWN, b"x = " + b"[" * 5000, ""),
        (OWN, b"#" * 70_000, "this is larger than 64 KiB"),
    ],
)
def test_a_configuration_that_cannot_be_meant_is_a_problem(
    path: str, content: bytes, problem: str
) -> None:
    found = Here().configure(Source(path, content), around())
    assert found.policy is None
    assert found.problem
    assert problem in found.problem


def test_a_pyproject_of_others_says_nothing() -> None:
    found = Here().configure(
        Source("pyproject.toml", b"[tool.ruff]\nline-length = 100\n"), around()
    )
    assert (found.policy, found.problem) == (None, "")


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (MemoryError(), "it needs more memory than an analysis may use"),
        (RecursionError(), "its code is nested too deeply to be analysed"),
        (KeyError("x"), "its analysis failed (KeyError)"),
    ],
)
def test_what_the_analysis_raises_is_the_problem_of_one_file(
    monkeypatch: pytest.MonkeyPatch, error: Exception, problem: str
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(codemods, "analyse", fail)
    assert problem_of(CODE) == problem


def test_a_file_that_does_not_concern_the_cdk_may_have_any_shape() -> None:
    assert problem_of(b"x = " + b"(" * 500) == ""


def test_a_dangerous_shape_is_explained_and_not_parsed() -> None:
    assert problem_of(CODE + b"x = " + b"(" * 41) == "line 5: brackets are nested more than 40 deep"


@pytest.mark.parametrize("reply", [{}, {"analysis": {}}, {"analysis": 1}, {"analysis": None}])
@pytest.mark.parametrize(
    "read", [wire.read_analysed, wire.read_fixed, wire.read_version, wire.read_configured]
)
def test_a_reply_of_another_shape_is_an_error_that_is_expected(
    reply: dict[str, Any], read: Callable[[dict[str, Any]], object]
) -> None:
    with pytest.raises((KeyError, TypeError, ValueError, AttributeError)):
        read(reply)
