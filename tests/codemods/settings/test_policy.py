from __future__ import annotations

import pytest

from codemods import Policy
from codemods.registry import rules


@pytest.mark.parametrize(
    ("policy", "runs"),
    [
        (Policy(), {"shared-nat-gateway", "implicit-iam-grant"}),
        (Policy(ignore=frozenset({"implicit-iam-grant"})), {"shared-nat-gateway"}),
        (Policy(select=frozenset({"implicit-iam-grant"})), {"implicit-iam-grant"}),
        (Policy(select=frozenset({"bucket-name-without-account"})), set()),
    ],
)
def test_naming_rules_brings_back_none_that_the_policy_left_out(
    policy: Policy, runs: set[str]
) -> None:
    limited = policy.limited_to(frozenset({"shared-nat-gateway", "implicit-iam-grant"}))
    assert {name for name in rules() if limited.wants(name)} == runs
