from __future__ import annotations

import datetime as dt
from pathlib import Path

from bot.analysis.terms import PolicyFile
from bot.github import GitHub, Repository
from bot.organizations import REMEMBERED, Organizations
from tests.bot.analysis.here import Here
from tests.bot.operations.world import world

PATH = "acme/.github/.cdk-medic.toml"
TEXT = "locked = ['ignore']\n"
NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)


class Clock:
    def __init__(self) -> None:
        self.time = NOON

    def __call__(self) -> dt.datetime:
        return self.time


def organizations(github: GitHub, clock: Clock) -> tuple[Organizations, list[str]]:
    """With what was asked for, as "installation owner/name"."""
    asked: list[str] = []

    def reader(installation: int, owner: str, name: str) -> Repository:
        asked.append(f"{owner}/{name}")
        return github.reader(installation, owner, name)

    return Organizations(reader, Here(), clock), asked


def test_the_policy_is_that_of_the_owners_repository(tmp_path: Path) -> None:
    with world(tmp_path, policy=TEXT) as here:
        found, _ = organizations(here.github, Clock())
        policy = found.policy(here.installation.id, "acme/payments")
        assert policy == PolicyFile(PATH, TEXT.encode())


def test_a_policy_that_cannot_be_used_says_where(tmp_path: Path) -> None:
    with world(tmp_path, policy="\nlocked = ['ingore']\n") as here:
        found, _ = organizations(here.github, Clock())
        policy = found.policy(here.installation.id, "acme/payments")
        assert policy.problem.startswith(f"{PATH}:2: locked names 'ingore', which is no key")


def test_without_the_repository_or_its_file_there_is_no_policy(tmp_path: Path) -> None:
    with world(tmp_path) as here:
        found, _ = organizations(here.github, Clock())
        assert found.policy(here.installation.id, "acme/payments") == PolicyFile()
        repository = here.sandbox.add_repository("acme/.github", files={"README.md": "x\n"})
        here.sandbox.change_repositories(here.installation, added=[repository])
        found.forget(here.installation.id)
        assert found.policy(here.installation.id, "acme/payments") == PolicyFile()


def test_its_token_can_read_this_one_repository_and_nothing_else(tmp_path: Path) -> None:
    with world(tmp_path, policy=TEXT) as here:
        found, _ = organizations(here.github, Clock())
        before = set(here.sandbox.state.tokens)
        found.policy(here.installation.id, "acme/payments")
        (new,) = set(here.sandbox.state.tokens) - before
        token = here.sandbox.state.tokens[new]
        assert token.permissions == {"contents": "read", "metadata": "read"}
        assert token.repository_ids == frozenset({here.sandbox.repository("acme/.github").id})


def test_what_was_read_before_a_change_is_not_remembered_after_it(tmp_path: Path) -> None:
    with world(tmp_path, policy=TEXT) as here:
        asked: list[str] = []

        def reader(installation: int, owner: str, name: str) -> Repository:
            asked.append(name)
            if len(asked) == 1:
                found.forget(installation)
            return here.github.reader(installation, owner, name)

        found = Organizations(reader, Here(), Clock())
        for _ in range(3):
            found.policy(here.installation.id, "acme/payments")
        assert len(asked) == 2


def test_it_is_remembered_for_ten_minutes_or_until_somebody_says_that_it_changed(
    tmp_path: Path,
) -> None:
    with world(tmp_path, policy=TEXT) as here:
        clock = Clock()
        found, asked = organizations(here.github, clock)
        number = here.installation.id
        for _ in range(3):
            found.policy(number, "acme/payments")
        assert asked == ["acme/.github"]
        clock.time += REMEMBERED
        found.policy(number, "acme/payments")
        assert len(asked) == 2
        found.forget(number)
        found.policy(number, "acme/payments")
        assert len(asked) == 3
