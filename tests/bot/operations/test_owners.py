"""An organization's policy holds in its repositories, and is said where it overrules them."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from bot.analysis.analyser import BROKEN
from bot.analysis.terms import Configured
from bot.github import Unavailable
from bot.operations import Result, perform
from tests.bot.analysis.here import Here
from tests.bot.operations.world import World, answer, vpc, world

OWN = ".cdk-medic.toml"
NAT = "shared-nat-gateway"
POLICY = "acme/.github/.cdk-medic.toml"


def text_of(here: World, files: dict[str, str | bytes | None] | None = None) -> str:
    """What the check run of a pull request says above its annotations."""
    pull = here.open(files or {"a.py": vpc()})
    here.run()
    (check,) = pull.check_runs
    return str(check.summary)


def test_what_the_organization_wants_holds_in_a_repository_that_says_nothing(
    tmp_path: Path,
) -> None:
    with world(tmp_path, policy=f'ignore = ["{NAT}"]\n') as here:
        pull = here.open({"a.py": vpc()})
        here.run()
        assert [check.conclusion for check in pull.check_runs] == ["success"]


def test_what_is_weaker_than_a_locked_key_is_ignored_and_named(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {OWN: f'ignore = ["{NAT}"]\n'}
    with world(tmp_path, files, policy="locked = ['ignore']\n") as here:
        pull = here.open({"a.py": vpc()})
        here.run()
        (check,) = pull.check_runs
        assert len(check.annotations) == 1
        assert f"The policy in {POLICY} locks ignore: " in check.summary.replace("\\", "")
        assert "weaker" not in pull.comments[0].body


def test_a_stricter_repository_is_its_own_business(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {OWN: "[pull-request]\nfail-on = 'high'\n"}
    with world(tmp_path, files, policy="locked = ['pull-request']\n") as here:
        pull = here.open({"a.py": vpc()})
        here.run()
        (check,) = pull.check_runs
        assert check.conclusion == "failure"
        assert "weaker" not in check.summary


@pytest.mark.parametrize(
    "policy", ["[repositories]\ndeny = ['pay*']\n", "[repositories]\nallow = ['infra']\n"]
)
def test_in_a_repository_that_is_denied_nothing_at_all_is_said_or_done(
    tmp_path: Path, policy: str
) -> None:
    with world(tmp_path, policy=policy) as here:
        pull = here.open({"a.py": vpc()})
        comment = pull.comment("maria", "/fix")
        pull.comment("maria", "/fix help")
        here.repository.push({"b.py": vpc()}, by="maria")
        outcomes = here.run()
        assert {outcome.result for outcome in outcomes} == {Result.NOTHING_TO_DO}
        assert here.requests() == []
        assert (pull.check_runs, pull.reviews, len(pull.comments)) == ([], [], 2)
        assert not comment.reactions


def test_a_merge_group_of_a_denied_repository_is_left_alone_too(tmp_path: Path) -> None:
    with world(tmp_path, policy="[repositories]\ndeny = ['*']\n") as here:
        pull = here.open({"a.py": vpc(3)})
        pull.queue(by="oliver")
        here.run()
        assert here.requests() == []


def test_a_ring_holds_a_repository_back_and_the_check_run_says_so(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {OWN: 'mode = "commit"\n'}
    with world(tmp_path, files, policy="[rings]\nreport = ['*']\n") as here:
        pull = here.open({"a.py": vpc()})
        here.run()
        (check,) = pull.check_runs
        assert (check.actions, pull.reviews, pull.comments) == ((), [], [])
        assert "its mode is report" in check.summary
        pull.comment("maria", "/fix")
        here.run()
        assert answer(pull) == (
            "I only report here: the policy of `acme` wants no more of me in this repository."
        )


def test_a_broken_policy_is_told_with_its_line_and_weakens_nothing(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {OWN: f'ignore = ["{NAT}"]\nmode = "commit"\n'}
    with world(tmp_path, files, policy="locked = ['ignore']\nmode = 'comit'\n") as here:
        pull = here.open({"a.py": vpc()})
        here.run()
        (check,) = pull.check_runs
        said = check.summary.replace("\\", "")
        assert f"{POLICY}:2: mode is 'comit'; it must be one of" in said
        assert "Until that is mended I only report here" in said
        assert "locks ignore" not in said
        assert (len(check.annotations), check.conclusion) == (1, "neutral")
        assert (pull.reviews, pull.comments, len(pull.commits)) == ([], [], 1)


def test_a_broken_configuration_leaves_the_policy_in_force(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {OWN: "ingore = []\n"}
    with world(tmp_path, files, policy=f'ignore = ["{NAT}"]\n') as here:
        said = text_of(here).replace("\\", "")
        assert "Nothing was found" in said
        assert "The configuration of main is not used: .cdk-medic.toml:1: unknown key" in said


class Dumb(Here):
    """Gives no usable answer about configuration files."""

    def configure(self, *_: object) -> Configured:
        return Configured(problem=BROKEN)


def test_an_analysis_that_breaks_down_is_not_taken_for_a_policy_that_wants_nothing(
    tmp_path: Path,
) -> None:
    with world(tmp_path, policy="[repositories]\ndeny = ['*']\n") as here:
        here.open({"a.py": vpc()})
        (job,) = here.jobs()
        with pytest.raises(Unavailable):
            perform(job, dataclasses.replace(here.context, analyser=Dumb()))
        assert here.requests() == []


def test_in_its_own_repository_the_policy_is_no_broken_configuration(tmp_path: Path) -> None:
    with world(tmp_path, policy="locked = ['ignore']\n") as here:
        policies = here.sandbox.repository("acme/.github")
        policies.set_role("maria", "write")
        pull = policies.open_pull_request(
            author="maria", title="Change", branch="feature", files={"a.py": vpc()}
        )
        here.run()
        (check,) = pull.check_runs
        assert "is not used" not in str(check.summary)
        assert len(check.annotations) == 1


def test_a_push_to_the_policy_counts_at_once(tmp_path: Path) -> None:
    with world(tmp_path, policy="[repositories]\ndeny = ['*']\n") as here:
        pull = here.open({"a.py": vpc()})
        here.run()
        assert pull.check_runs == []
        policies = here.sandbox.repository("acme/.github")
        policies.set_role("oliver", "admin")
        policies.push({OWN: "ignore = []\n"}, by="oliver")
        here.run()
        pull.push({"b.py": vpc()})
        here.run()
        assert len(pull.check_runs) == 1


def test_a_ring_keeps_the_bots_own_pull_requests_away(tmp_path: Path) -> None:
    files: dict[str, str | bytes] = {OWN: 'mode = "pull-request"\n', "a.py": vpc()}
    with world(tmp_path, files, policy="[rings]\nsuggest = ['*']\n") as here:
        here.repository.push({"b.py": vpc()}, by="oliver")
        assert [outcome.result for outcome in here.run()] == [Result.NOTHING_TO_DO]
