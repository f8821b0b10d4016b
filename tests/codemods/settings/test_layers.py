"""A repository's configuration over its organization's policy: what is locked is never weakened."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemods.registry import rules
from codemods.rule import Level
from codemods.settings.configuration import Configuration, configured, parse_settings
from codemods.settings.environments import Environments, Place
from codemods.settings.keys import GROUPS, KEYS, MODES
from codemods.settings.layers import Layered, default, lay_over
from codemods.settings.organization import Organization, parse

NAT, DENY, GRANT = "shared-nat-gateway", "missing-explicit-deny", "implicit-iam-grant"
POLICY = "acme/.github/.cdk-medic.toml"
OWN = ".cdk-medic.toml"


def layered(policy: str, own: str = "", repository: str = "payments") -> Layered:
    settings = parse_settings(own.encode(), OWN)
    assert settings is not None
    return lay_over(parse(policy.encode(), POLICY), settings, OWN, repository)


def test_what_the_repository_leaves_out_is_the_organizations() -> None:
    policy = f"ignore = ['{GRANT}']\n[rules.{NAT}]\nazs = 2\n[pull-request]\nfail-on = 'high'"
    found = layered(policy, f"safe = ['{NAT}']").configuration
    assert found == Configuration(
        path=OWN,
        ignore=frozenset({GRANT}),
        safe=frozenset({NAT}),
        pull_request_fail_on=Level.HIGH,
        options={NAT: {"azs": 2}},
    )


def test_what_the_repository_sets_holds_where_nothing_is_locked() -> None:
    policy = f"ignore = ['{GRANT}']\nmode = 'report'\n[pull-request]\nfail-on = 'high'"
    found = layered(policy, f"ignore = ['{NAT}']\nmode = 'commit'\npull-request.fail-on = 'never'")
    assert found.configuration == Configuration(
        path=OWN, ignore=frozenset({NAT}), mode="commit", pull_request_fail_on=None
    )
    assert found.overruled == ()


@pytest.mark.parametrize(
    ("policy", "own", "overruled"),
    [
        ("locked = ['ignore']", f"ignore = ['{NAT}']", ("ignore",)),
        (f"locked = ['ignore']\nignore = ['{NAT}']", f"ignore = ['{NAT}']", ()),
        (f"locked = ['ignore']\nignore = ['{NAT}']", "ignore = []", ()),
        ("locked = ['select']", f"select = ['{NAT}']", ("select",)),
        (f"locked = ['select']\nselect = ['{NAT}']", "select = []", ()),
        ("locked = ['exclude']\nexclude = ['lab/']", "exclude = ['lab/', '*']", ("exclude",)),
        ("locked = ['exclude']\nexclude = ['*', '!a']", "exclude = ['*']", ("exclude",)),
        ("locked = ['safe']", f"safe = ['{NAT}']", ("safe",)),
        (f"locked = ['unsafe']\nunsafe = ['{NAT}']", "unsafe = []", ("unsafe",)),
        (f"locked = ['unsafe']\nunsafe = ['{NAT}']", f"safe = ['{NAT}']", ("safe",)),
        ("locked = ['mode']", "mode = 'report'", ("mode",)),
        ("locked = ['fail-on']", "fail-on = 'never'", ("fail-on",)),
        ("locked = ['fail-on']", "fail-on = 'low'", ()),
        (
            "locked = ['pull-request']\npull-request.fail-on = 'high'",
            "pull-request.fail-on = 'critical'",
            ("pull-request.fail-on",),
        ),
        (
            "locked = ['pull-request']\npull-request.drafts = true",
            "pull-request = {drafts = false, bots = true}",
            ("pull-request.drafts",),
        ),
        (
            "locked = ['environments']\nenvironments.production = ['stack:A']",
            "environments = {production = ['stack:B'], non-production = ['*']}",
            ("environments.production", "environments.non-production"),
        ),
        (f"locked = ['rules.{NAT}']", f"rules.{NAT}.azs = 2", (f"rules.{NAT}.azs",)),
        (f"locked = ['rules.{NAT}']", f"ignore = ['{NAT}', '{GRANT}']", ("ignore",)),
        (f"locked = ['rules.{NAT}']", f"select = ['{GRANT}']", ("select",)),
        (f"locked = ['rules.{NAT}']\nignore = ['{NAT}']", f"ignore = ['{NAT}']", ()),
        ("locked = ['fix-pull-requests.limit']", "fix-pull-requests = {limit = 9}", None),
    ],
)
def test_what_is_weaker_than_a_locked_key_is_told(
    policy: str, own: str, overruled: tuple[str, ...] | None
) -> None:
    expected = ("fix-pull-requests.limit",) if overruled is None else overruled
    assert layered(policy, own).overruled == expected


def test_a_locked_rule_runs_as_the_organization_has_it() -> None:
    policy = f"locked = ['rules.{DENY}']\n[rules.{DENY}]\nactions = ['iam:*']"
    own = f"select = ['{NAT}']\n[rules.{DENY}]\nimplicit-roles = true\nactions = []"
    found = layered(policy, own)
    assert found.configuration.select == {NAT, DENY}
    assert found.configuration.options[DENY]["actions"] == ["iam:*"]
    assert found.locked_rules == {DENY}


def test_a_ring_holds_the_mode_back_and_says_so() -> None:
    policy = "mode = 'commit'\n[rings]\nreport = ['*']\nsuggest = ['pay*']\nfix = ['infra']"
    modes = [layered(policy, "", name) for name in ("other", "payments", "infra")]
    assert [each.configuration.mode for each in modes] == ["report", "suggest", "commit"]
    assert [each.cap for each in modes] == ["report", "suggest", ""]
    assert [each.held_back for each in modes] == [True, True, False]
    assert layered(policy, "mode = 'report'").configuration.mode == "report"


def test_a_rule_is_never_both_safe_and_unsafe() -> None:
    found = layered(f"safe = ['{NAT}']", f"unsafe = ['{NAT}']").configuration
    assert (found.safe, found.unsafe) == (frozenset(), frozenset({NAT}))
    found = layered(f"unsafe = ['{NAT}']", f"safe = ['{NAT}']").configuration
    assert (found.safe, found.unsafe) == (frozenset({NAT}), frozenset())


RULES = st.frozensets(st.sampled_from(sorted(rules())), max_size=4)
LEVELS = st.sampled_from([*Level, None])
PATTERNS = st.lists(st.sampled_from(["lab/", "!lab/x", "*.py", "id:dev-*", "stack:A"]), max_size=3)
GLOBS = PATTERNS.map(lambda found: tuple(each for each in found if ":" not in each))


@st.composite
def settings(draw: st.DrawFn) -> dict[str, Any]:
    found = draw(
        st.fixed_dictionaries(
            {},
            optional={
                "select": RULES,
                "ignore": RULES,
                "safe": RULES,
                "unsafe": RULES,
                "exclude": GLOBS,
                "mode": st.sampled_from(MODES),
                "fail-on": LEVELS,
                "pull-request.fail-on": LEVELS,
                "pull-request.drafts": st.booleans(),
                "pull-request.bots": st.booleans(),
                "fix-pull-requests.group": st.sampled_from(GROUPS),
                "fix-pull-requests.limit": st.integers(1, 5),
                "environments.production": PATTERNS.map(tuple),
                "environments.non-production": PATTERNS.map(tuple),
                f"rules.{NAT}.azs": st.integers(1, 5),
                f"rules.{DENY}.actions": st.just(["iam:*"]),
            },
        )
    )
    if "safe" in found:
        found["safe"] -= found.get("unsafe", frozenset())
    return found


LOCKABLE = [*KEYS, "pull-request.fail-on", f"rules.{NAT}", f"rules.{DENY}", f"rules.{GRANT}"]
PLACES = [Place(("A",), ("dev-1",)), Place(("B",), ("x",)), Place()]
PATHS = ["lab/x", "lab/x/a.py", "lab/b.py", "c.py", "d"]


def wants(found: Configuration, rule: str) -> bool:
    return rule not in found.ignore and (not found.select or rule in found.select)


def exempt(found: Environments) -> set[tuple[str, int]]:
    return {
        (path, number)
        for path in PATHS
        for number, place in enumerate(PLACES)
        if found.exempt(path, [place])
    }


def left_out(found: Configuration) -> set[str]:
    return {path for path in PATHS if not found.admits(path, is_directory=False)}


def strictness(level: Level | None) -> int:
    return -(Level.CRITICAL + 1 if level is None else level)


@st.composite
def laid_over(draw: st.DrawFn) -> tuple[Organization, Configuration, Layered]:
    ours, theirs = draw(settings()), draw(settings())
    locked = draw(st.lists(st.sampled_from(LOCKABLE), unique=True))
    organization = Organization(POLICY, ours, tuple(locked))
    return organization, configured(ours, OWN), lay_over(organization, theirs, OWN, "payments")


@given(laid_over())
def test_a_locked_rule_is_never_weakened(
    case: tuple[Organization, Configuration, Layered],
) -> None:
    organization, policy, result = case
    found = result.configuration
    for rule in rules():
        if organization.locks(f"rules.{rule}"):
            defaults = dict(rules()[rule].defaults)
            mine, required = found.options.get(rule, {}), policy.options.get(rule, {})
            assert defaults | dict(mine) == defaults | dict(required)
            assert wants(found, rule) or not wants(policy, rule)


@given(laid_over())
def test_a_locked_list_is_never_weakened(
    case: tuple[Organization, Configuration, Layered],
) -> None:
    organization, policy, result = case
    found = result.configuration
    if organization.locks("ignore"):
        assert found.ignore <= policy.ignore
    if organization.locks("select"):
        assert not found.select or (policy.select and policy.select <= found.select)
    if organization.locks("safe"):
        assert found.safe <= policy.safe
    if organization.locks("unsafe"):
        assert found.unsafe >= policy.unsafe
    if organization.locks("exclude"):
        assert left_out(found) <= left_out(policy)
    if organization.locks("environments"):
        assert exempt(found.environments) <= exempt(policy.environments)
    assert not found.safe & found.unsafe


@given(laid_over())
def test_what_is_locked_besides_is_never_weakened(
    case: tuple[Organization, Configuration, Layered],
) -> None:
    organization, policy, result = case
    found = result.configuration
    if organization.locks("fail-on"):
        assert strictness(found.fail_on) >= strictness(policy.fail_on)
    if organization.locks("pull-request.fail-on"):
        least = strictness(policy.pull_request_fail_on)
        assert strictness(found.pull_request_fail_on) >= least
    if organization.locks("pull-request"):
        assert found.drafts >= policy.drafts
        assert found.bots >= policy.bots
    if organization.locks("fix-pull-requests"):
        assert found.fix_pull_requests == policy.fix_pull_requests
    if organization.locks("mode"):
        assert found.mode == policy.mode


@given(settings(), settings())
def test_without_a_lock_nothing_is_overruled(ours: dict[str, Any], theirs: dict[str, Any]) -> None:
    result = lay_over(Organization(POLICY, ours), theirs, OWN, "payments")
    assert result.overruled == ()
    own = configured(theirs, OWN)
    for key in ("ignore", "exclude", "mode"):
        if key in theirs:
            assert getattr(result.configuration, key) == getattr(own, key)


@given(settings())
def test_a_repository_that_repeats_the_policy_is_never_overruled(ours: dict[str, Any]) -> None:
    result = lay_over(Organization(POLICY, ours, KEYS), ours, OWN, "payments")
    assert result.overruled == ()
    assert result.configuration == configured(ours, OWN)


def test_every_key_has_a_default() -> None:
    assert default("mode") == "suggest"
    assert default(f"rules.{NAT}.azs") == rules()[NAT].defaults["azs"]
