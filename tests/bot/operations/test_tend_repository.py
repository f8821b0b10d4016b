"""The bot's own pull requests, from the installation to the end of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.fix_pull_requests.plan import ONBOARDING
from bot.operations import Result, perform
from bot.work import FollowClosed, TendRepository
from tests.bot.operations.own_pull_requests import NAT, push
from tests.bot.operations.world import World, answer, vpc, world


def test_an_installation_brings_one_pull_request_that_configures_the_bot(tmp_path: Path) -> None:
    with world(tmp_path, {"network.py": vpc()}) as here:
        here.welcome()
        (pull,) = here.pulls().values()
        assert pull.record.title == "Configure cdk-medic"
        assert [each.path for each in pull.files] == [".cdk-medic.toml"]
        body = pull.record.body
        assert body.startswith("I found **1 production mistake** in 1 file")
        assert "`network.py:7`" in body
        assert "+            " not in body.split("<details>")[0]
        assert "+73.00 USD a month" in body
        assert '+        ec2.Vpc(self, "Vpc", max_azs=3, nat_gateways=3)' in body


def test_merged_it_turns_fix_pull_requests_on(tmp_path: Path) -> None:
    with world(tmp_path, {"network.py": vpc()}) as here:
        here.welcome()
        here.pulls()[ONBOARDING].merge(by="maria")
        here.run()
        pull = here.pulls()[NAT]
        assert b"nat_gateways=3" in pull.read("network.py")
        assert pull.record.body.startswith("**Fixes 1 finding** of `shared-nat-gateway`")
        assert [label.name for label in pull.record.labels] == ["cdk-medic"]
        assert ONBOARDING not in here.branches()


def test_closed_it_is_asked_about_once_and_never_comes_again(tmp_path: Path) -> None:
    with world(tmp_path, {"network.py": vpc()}) as here:
        here.welcome()
        pull = here.pulls()[ONBOARDING]
        pull.close(by="maria")
        here.run()
        pull.reopen(by="maria")
        here.run()
        pull.close(by="maria")
        here.run()
        assert len(pull.comments) == 1
        assert "why" in answer(pull)
        push(here, {"network.py": vpc(2)})
        assert here.pulls() == {}


@pytest.mark.parametrize(
    "files",
    [
        {"README.md": "Payments\n", "script.py": "print()\n"},
        {"network.py": vpc(3)},
        {"network.py": vpc(), ".cdk-medic.toml": ""},
        {"network.py": vpc(), "pyproject.toml": "[tool.cdk-medic]\nignore = []\n"},
    ],
    ids=["no CDK code", "no findings", "configured", "configured in pyproject.toml"],
)
def test_a_repository_with_nothing_to_say_to_gets_nothing(
    tmp_path: Path, files: dict[str, str]
) -> None:
    with world(tmp_path, files) as here:
        assert [outcome.result for outcome in here.welcome()] == [Result.NOTHING_TO_DO]
        assert here.pulls() == {}


def test_when_the_base_moves_the_one_commit_is_built_again(there: World) -> None:
    there.welcome()
    pull = there.pulls()[NAT]
    before = pull.head_sha
    push(there, {"network.py": vpc(lines=3)})
    assert pull.head_sha != before
    assert len(pull.commits) == 1
    assert pull.read("network.py").decode() == vpc(3, lines=3)
    assert "`network.py:10`" in pull.record.body


def test_a_push_that_changes_nothing_about_it_writes_nothing(there: World) -> None:
    there.welcome()
    seen = len(there.requests())
    outcomes = push(there, {"other.py": "print()\n"})
    assert [outcome.result for outcome in outcomes] == [Result.NOTHING_TO_DO]
    assert not [each for each in there.requests()[seen:] if not each.startswith(("GET", "POST /g"))]


def test_a_push_that_touches_no_python_asks_for_nothing(there: World) -> None:
    there.welcome()
    assert push(there, {"README.md": "More\n"}) == []


def test_when_the_finding_is_gone_it_is_closed_with_a_sentence(there: World) -> None:
    there.welcome()
    pull = there.pulls()[NAT]
    push(there, {"network.py": vpc(3)})
    assert pull.record.state == "closed"
    assert answer(pull).startswith("Nothing that this would fix is left")
    assert NAT not in there.branches()
    assert len(pull.comments) == 1


def test_when_the_finding_comes_back_another_one_is_opened(there: World) -> None:
    there.welcome()
    first = there.pulls()[NAT].number
    push(there, {"network.py": vpc(3)})
    push(there, {"network.py": vpc(2)})
    assert there.pulls()[NAT].number > first


def test_closed_by_a_person_it_is_asked_about_once_and_never_opened_again(there: World) -> None:
    there.welcome()
    pull = there.pulls()[NAT]
    pull.close(by="maria")
    there.run()
    assert '`ignore = ["shared-nat-gateway"]`' in answer(pull)
    push(there, {"network.py": vpc(2)})
    assert there.pulls() == {}
    assert len(pull.comments) == 1


def test_opened_again_by_a_person_it_is_kept_up_to_date_again(there: World) -> None:
    there.welcome()
    pull = there.pulls()[NAT]
    pull.close(by="maria")
    there.run()
    pull.reopen(by="maria")
    there.run()
    push(there, {"network.py": vpc(lines=3)})
    assert pull.read("network.py").decode() == vpc(3, lines=3)


def test_after_a_persons_push_it_is_left_alone(there: World) -> None:
    there.welcome()
    pull = there.pulls()[NAT]
    pull.push({"notes.md": "Mine\n"}, by="maria")
    there.run()
    before = pull.head_sha, pull.record.body
    push(there, {"network.py": vpc(lines=3)})
    push(there, {"network.py": vpc(3)})
    assert (pull.head_sha, pull.record.body) == before
    assert pull.record.state == "open"


def test_no_commit_is_added_to_a_branch_that_is_built_again(there: World) -> None:
    there.welcome()
    pull = there.pulls()[NAT]
    assert not pull.check_runs[-1].actions
    before = pull.head_sha
    pull.comment("maria", "/fix --unsafe missing-explicit-deny")
    there.run()
    assert pull.head_sha == before
    assert "would be lost" in answer(pull)


def test_merged_its_branch_is_deleted_and_nothing_follows(there: World) -> None:
    there.welcome()
    there.pulls()[NAT].merge(by="maria")
    there.run()
    assert there.pulls() == {}
    assert NAT not in there.branches()


def test_a_branch_of_that_name_that_is_a_persons_is_left_alone(there: World) -> None:
    theirs = there.repository.push({"a.txt": "Mine\n"}, by="maria", branch=NAT)
    there.welcome()
    assert there.pulls() == {}
    assert there.repository.git.ref(f"refs/heads/{NAT}") == theirs


def test_a_file_keeps_its_mode(there: World) -> None:
    there.set_mode("network.py", "100755")
    there.welcome()
    pull = there.pulls()[NAT]
    (entry,) = [
        each
        for each in there.repository.git.tree(pull.head_sha, recursive=True)
        if each.path == "network.py"
    ]
    assert entry.mode == "100755"


def test_a_second_look_finds_nothing_to_do(there: World) -> None:
    there.welcome()
    again = TendRepository(
        installation=there.installation.id,
        repository_id=there.repository.id,
        repository="acme/payments",
        pull_request=0,
        head="",
    )
    assert perform(again, there.context).result is Result.NOTHING_TO_DO


def test_every_look_takes_as_many_requests_as_the_documentation_says(there: World) -> None:
    look, opened, refreshed, closed, followed = 5, 8, 6, 3, 3

    def taken(files: dict[str, str | None]) -> int:
        before = len(there.requests())
        there.repository.push(files, by="oliver")
        jobs = [job for job in there.jobs() if isinstance(job, TendRepository)]
        for job in jobs:
            perform(job, there.context)
        return len(there.requests()) - before

    there.hear_all()
    (first,) = there.jobs()
    perform(first, there.context)
    assert len(there.requests()) == 1 + look + opened
    assert taken({"other.py": ""}) == look
    assert taken({"network.py": vpc(lines=3)}) == look + refreshed
    assert taken({"network.py": vpc(3)}) == look + closed
    before = len(there.requests())
    (ended,) = [job for job in there.jobs() if isinstance(job, FollowClosed)]
    perform(ended, there.context)
    assert len(there.requests()) - before == followed
    assert taken({".cdk-medic.toml": ""}) == 3
