"""What an organization's file may say, and how it is told what it may not."""

from __future__ import annotations

import pytest

from codemods.settings.organization import Organization, parse, unreadable
from codemods.settings.usage import UsageError

PATH = "acme/.github/.cdk-medic.toml"


def organization(text: str) -> Organization:
    return parse(text.encode(), PATH)


def test_it_says_what_a_repositorys_file_may_say_and_three_things_more() -> None:
    found = organization("""
        ignore = ["implicit-iam-grant"]
        locked = ["ignore", "rules.missing-explicit-deny", "pull-request.fail-on", "rules"]
        [pull-request]
        fail-on = "critical"
        [repositories]
        allow = ["pay*"]
        deny = ["*-sandbox"]
        [rings]
        report = ["*"]
        fix = ["payments"]
    """)
    assert found.path == PATH
    assert found.settings.keys() == {"ignore", "pull-request.fail-on"}
    assert len(found.locked) == 4
    assert (found.allow, found.deny) == (("pay*",), ("*-sandbox",))
    assert found.rings == {"report": ("*",), "suggest": (), "fix": ("payments",)}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("\nlocked = ['ingore']", ":2: locked names 'ingore', which is no key; did you mean igno"),
        ("locked = 'ignore'", ":1: locked must be a list of strings"),
        ("locked = ['rules.nat']", ":1: locked names 'rules.nat', which is no key"),
        ("\n[repositories]\nallowed = []", ":3: unknown key 'allowed'; did you mean allow?"),
        ("[repositories]\ndeny = ['acme/x']", ":2: repositories.deny names 'acme/x'; a repository"),
        ("[repositories]\nallow = ['']", ":2: repositories.allow names ''; a repository is named"),
        ("[rings]\nfast = []", ":2: unknown key 'fast'; known are report, suggest, fix"),
        ("rings = 1", ":1: rings must be a table"),
        ("ignore = ['nat']", ":1: ignore names 'nat', which is no rule"),
        ("x =", ": this is no TOML"),
    ],
)
def test_what_cannot_be_meant_is_an_error_with_file_and_line(text: str, message: str) -> None:
    with pytest.raises(UsageError) as raised:
        organization(text)
    assert str(raised.value).startswith(f"{PATH}{message}")


@pytest.mark.parametrize(
    ("text", "admitted"),
    [
        ("", True),
        ("repositories.allow = ['Pay*']", True),
        ("repositories.allow = ['infra']", False),
        ("repositories.deny = ['*ments']", False),
        ("[repositories]\nallow = ['payments']\ndeny = ['PAY*']", False),
    ],
)
def test_repositories_are_allowed_and_denied_whatever_the_case_of_their_names(
    text: str, admitted: bool
) -> None:
    assert organization(text).admits("Payments") is admitted


@pytest.mark.parametrize(
    ("text", "cap"),
    [
        ("", ""),
        ("rings.report = ['other']", ""),
        ("rings.report = ['*']", "report"),
        ("[rings]\nreport = ['*']\nsuggest = ['pay*']", "suggest"),
        ("[rings]\nreport = ['*']\nsuggest = ['pay*']\nfix = ['payments']", ""),
    ],
)
def test_the_widest_ring_that_names_a_repository_is_its_own(text: str, cap: str) -> None:
    assert organization(text).cap("payments") == cap


def test_a_locked_table_locks_all_that_is_in_it() -> None:
    found = organization("locked = ['rules.shared-nat-gateway', 'pull-request']")
    assert found.locks("rules.shared-nat-gateway")
    assert found.locks("rules.shared-nat-gateway.azs")
    assert found.locks("pull-request.drafts")
    assert not found.locks("rules.shared-nat-gateways")
    assert not found.locks("rules")


def test_an_unreadable_policy_locks_everything_and_lets_the_bot_report_alone() -> None:
    found = unreadable(PATH)
    assert all(found.locks(key) for key in ("ignore", "rules.shared-nat-gateway.azs", "mode"))
    assert (found.admits("payments"), found.cap("payments")) == (True, "report")
