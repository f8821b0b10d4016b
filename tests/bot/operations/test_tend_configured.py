"""What the configuration makes of the bot's own pull requests, and what goes wrong with them."""

from __future__ import annotations

from pathlib import Path

from bot.operations import Result
from sandbox.rest.routing import Answer
from tests.bot.operations.own_pull_requests import ENGINE, NAT, TWO, configured, push
from tests.bot.operations.world import World, answer, vpc, world


def test_a_broken_configuration_changes_nothing(there: World) -> None:
    there.welcome()
    (outcome,) = push(there, {".cdk-medic.toml": "mode = 7\n", "network.py": vpc(2)})
    assert "can't be used" in outcome.detail
    assert set(there.pulls()) == {NAT}


def test_no_more_are_open_at_once_than_the_limit(tmp_path: Path) -> None:
    files = {"stack.py": TWO, ".cdk-medic.toml": configured(limit="1")}
    with world(tmp_path, files) as here:
        here.welcome()
        assert set(here.pulls()) == {NAT}
        here.pulls()[NAT].merge(by="maria")
        here.run()
        assert set(here.pulls()) == {ENGINE}


def test_one_pull_request_can_take_everything(tmp_path: Path) -> None:
    files = {"stack.py": TWO, ".cdk-medic.toml": configured(group='"all"')}
    with world(tmp_path, files) as here:
        here.welcome()
        (pull,) = here.pulls().values()
        assert pull.record.head_ref == "cdk-medic/fix"
        assert b"nat_gateways=3" in pull.read("stack.py")
        assert b"VER_15\n" not in pull.read("stack.py")
        push(here, {".cdk-medic.toml": configured()})
        assert set(here.pulls()) == {NAT, ENGINE}
        assert "groups fixes differently" in answer(pull)


def test_unsafe_fixes_stay_out_unless_their_rule_is_named(tmp_path: Path) -> None:
    files = {"network.py": vpc(), ".cdk-medic.toml": configured(unsafe="[]")}
    with world(tmp_path, files) as here:
        here.welcome()
        assert here.pulls() == {}


def test_what_is_fixed_on_request_only_is_not_proposed(tmp_path: Path) -> None:
    relaxed = configured() + '[environments]\nnon-production = ["stack:Network"]\n'
    with world(tmp_path, {"network.py": vpc(), ".cdk-medic.toml": relaxed}) as here:
        here.welcome()
        assert here.pulls() == {}


def test_a_file_that_cannot_be_parsed_for_a_while_closes_nothing(there: World) -> None:
    there.welcome()
    pull = there.pulls()[NAT]
    push(there, {"network.py": vpc() + "def broken(\n"})
    assert pull.record.state == "open"
    push(there, {"network.py": vpc(3)})
    assert pull.record.state == "closed"


def test_what_github_refuses_keeps_nothing_else_from_being_done(tmp_path: Path) -> None:
    files = {"stack.py": TWO, ".cdk-medic.toml": configured()}
    with world(tmp_path, files) as here:
        no = Answer(422, {"message": "Validation Failed"})
        here.sandbox.faults.add("POST", "/repos/{owner}/{repo}/pulls", answer=no)
        (outcome, *_) = here.welcome()
        assert outcome.result is Result.REFUSED
        assert "Validation Failed" in outcome.detail
        assert set(here.pulls()) == {ENGINE}


def test_switched_off_they_are_closed(there: World) -> None:
    there.welcome()
    pull = there.pulls()[NAT]
    push(there, {".cdk-medic.toml": 'mode = "suggest"\n'})
    assert pull.record.state == "closed"
    assert "asks for no fix pull requests" in answer(pull)
