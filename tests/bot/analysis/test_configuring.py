from __future__ import annotations

from typing import Any

import pytest

from bot.analysis.configuring import MOST_BYTES, configured, policy
from bot.analysis.source import Source
from bot.analysis.terms import Configured, PolicyFile, Surroundings
from codemods import Level
from codemods.settings.usage import UsageError
from tests.bot.analysis.here import Here

OWN = ".cdk-medic.toml"
POLICY = "acme/.github/.cdk-medic.toml"


def around(text: str = "", *paths: str, **fields: Any) -> Surroundings:
    file = PolicyFile(POLICY, text.encode()) if text else PolicyFile()
    given = {"repository": "acme/payments", "policy": file, "paths": paths, **fields}
    return Surroundings(**given)


def test_all_that_holds_in_a_repository_survives_the_way_through_json() -> None:
    text = """\
locked = ["ignore", "rules.shared-nat-gateway"]
unsafe = ["unpinned-engine-version"]
[pull-request]
fail-on = "high"
[rings]
suggest = ["pay*"]
"""
    content = b'ignore = ["shared-nat-gateway"]\nmode = "commit"\nexclude = ["lab/"]\n'
    place = around(text, "lab/a.py", "b_gen.py", attributes=b"*_gen.py linguist-generated\n")
    found = Here().configure(Source(OWN, content), place)
    assert found == configured(content, OWN, place)
    assert found.left_alone == {"lab/a.py", "b_gen.py"}
    assert (found.mode, found.cap, found.held_back) == ("suggest", "suggest", True)
    assert (found.fail_on, found.overruled) == (Level.HIGH, ("ignore",))
    assert found.locked_rules == {"shared-nat-gateway"}
    assert found.policy is not None
    assert found.policy.unsafe == {"unpinned-engine-version"}
    assert not found.denied


def test_a_denied_repository_is_told_by_its_name() -> None:
    text = "[repositories]\ndeny = ['payments']\n"
    assert configured(b"", OWN, around(text)).denied
    assert not configured(b"", OWN, around(text, repository="acme/infra")).denied


def test_a_policy_with_a_problem_is_not_looked_at_and_locks_everything() -> None:
    file = PolicyFile(POLICY, b"", "it is broken")
    found = configured(b'mode = "commit"\n', OWN, around(policy=file))
    assert (found.mode, found.cap, found.denied) == ("report", "report", False)
    assert len(found.locked_rules) == 6


def test_a_pyproject_of_others_says_nothing_under_a_policy_either() -> None:
    assert configured(b"[tool.ruff]\n", "pyproject.toml", around("ignore = []")) == Configured()


def test_a_large_policy_cannot_be_used() -> None:
    with pytest.raises(UsageError, match="this is larger than 64 KiB"):
        policy(b"#" * (MOST_BYTES + 1), POLICY)
    assert "larger than" in Here().check_policy(Source(POLICY, b"#" * (MOST_BYTES + 1)))
    assert Here().check_policy(Source(POLICY, b"ignore = []\n")) == ""
