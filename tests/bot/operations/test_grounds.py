"""What the base has decides what is safe and what is news; what the base branch says decides."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from bot.github import Refused
from bot.operations import Result, perform
from bot.work import ReviewPullRequest
from tests.bot.operations.world import World, answer, vpc, world

TWO = vpc() + '        ec2.Vpc(self, "Other", max_azs=3, nat_gateways=1)\n'


def bucket(name: str, construct_id: str = "Archive") -> str:
    return (
        "from aws_cdk import Stack, aws_s3 as s3\n\n\n"
        "class Archive(Stack):\n"
        "    def __init__(self, scope, construct_id):\n"
        "        super().__init__(scope, construct_id)\n"
        f'        s3.Bucket(self, "{construct_id}", bucket_name="{name}")\n'
    )


def buttons(pull: Any) -> list[str]:
    return [action.identifier for action in pull.check_runs[-1].actions]


def levels(pull: Any) -> list[str]:
    return [note.level for note in pull.check_runs[-1].annotations]


def count(here: World, part: str) -> int:
    return sum(part in each for each in here.requests())


def test_a_bucket_that_is_born_here_can_get_another_name(here: World) -> None:
    pull = here.open({"archive.py": bucket("logs")})
    here.run()
    assert buttons(pull) == ["fix-safe", "fix-pr"]
    assert "Safe: The construct is new in this change" in pull.check_runs[0].annotations[0].message


def test_a_bucket_that_is_deployed_keeps_its_name_until_somebody_insists(tmp_path: Path) -> None:
    with world(tmp_path, {"archive.py": bucket("logs-", "Old") + "PREFIX = 1\n"}) as here:
        pull = here.open({"archive.py": bucket("logs", "Old") + "PREFIX = 2\n"})
        here.run()
        assert buttons(pull) == ["fix-all"]
        assert "Unsafe: " in pull.check_runs[0].annotations[0].message
        pull.comment("maria", "/fix")
        here.run()
        assert pull.read("archive.py") == (bucket("logs", "Old") + "PREFIX = 2\n").encode()
        assert "`/fix --unsafe bucket-name-without-account`" in answer(pull)
        pull.comment("maria", "/fix --unsafe bucket-name-without-account")
        here.run()
        assert b"self.account" in pull.read("archive.py")


@pytest.mark.parametrize(
    "change",
    [
        {"archive.py": None, "moved.py": bucket("logs")},
        {"archive.py": None, "moved.py": "import os\n\n\n" + "x = os\n" * 40 + bucket("logs")},
        {"archive.py": "import os\n", "moved.py": bucket("logs")},
    ],
    ids=["renamed", "removed and written anew", "moved to another file"],
)
def test_a_construct_that_moves_is_deployed_all_the_same(
    tmp_path: Path, change: Mapping[str, str | None]
) -> None:
    with world(tmp_path, {"archive.py": bucket("logs")}) as here:
        pull = here.open(change)
        here.run()
        assert buttons(pull) == ["fix-all"]


def test_what_was_here_before_is_one_folded_line_and_a_notice(tmp_path: Path) -> None:
    with world(tmp_path, {"network.py": vpc()}) as here:
        pull = here.open({"network.py": TWO})
        here.run()
        assert levels(pull) == ["notice", "failure"]
        assert [comment.line for comment in pull.review_comments] == [8]
        assert "### cdk-medic: 1 new finding\n" in pull.comments[0].body
        assert "<summary>1 more was here before</summary>" in pull.comments[0].body


def test_a_line_that_changed_is_no_news_where_the_finding_is_the_same(tmp_path: Path) -> None:
    with world(tmp_path, {"network.py": vpc(1)}) as here:
        pull = here.open({"network.py": vpc(2)})
        here.run()
        assert (pull.review_comments, levels(pull)) == ([], ["notice"])
        assert "<summary>1 finding was here before</summary>" in pull.comments[0].body


def test_a_finding_that_moved_with_its_file_is_no_news(tmp_path: Path) -> None:
    with world(tmp_path, {"old/network.py": vpc(lines=40)}) as here:
        pull = here.open({"old/network.py": None, "new/network.py": vpc(lines=40) + "# .\n"})
        here.run()
        assert (pull.review_comments, levels(pull)) == ([], ["notice"])


def test_a_finding_on_an_old_line_is_news_where_the_change_brought_it(tmp_path: Path) -> None:
    """The line stays; what made it harmless goes."""
    code = (
        vpc()
        .replace("nat_gateways=1", "nat_gateways=COUNT")
        .replace("\n\n\nclass", "\n\n%s\n\n\nclass")
    )
    filler = "# .\n" * 20
    with world(tmp_path, {"network.py": code % f"COUNT = 3\n{filler}"}) as here:
        pull = here.open({"network.py": code % f"COUNT = 1\n{filler}"})
        here.run()
        assert levels(pull) == ["failure"]
        assert pull.review_comments == []
        assert "### cdk-medic: 1 new finding\n" in pull.comments[0].body


def test_the_base_is_where_the_branch_left_and_not_where_main_is_by_now(tmp_path: Path) -> None:
    with world(tmp_path, {"archive.py": bucket("logs") + "x = 1\n"}) as here:
        here.repository.push({"other.py": "x = 1\n"}, by="oliver", branch="feature")
        here.repository.push({"archive.py": "x = 1\n"}, by="oliver")
        pull = here.open({"archive.py": bucket("logs") + "x = 2\n"})
        here.run()
        assert buttons(pull) == ["fix-all"]
        assert levels(pull) == ["notice"]


@pytest.mark.parametrize(
    "before",
    [vpc() + "def (\n", vpc() + "#" * 600_000],
    ids=["it does not parse", "it is too large"],
)
def test_a_base_that_cannot_be_read_makes_everything_deployed(tmp_path: Path, before: str) -> None:
    with world(tmp_path, {"network.py": before}) as here:
        pull = here.open({"network.py": vpc(), "archive.py": bucket("logs")})
        here.run()
        assert buttons(pull) == ["fix-all"]
        assert "so all constructs count as deployed" in pull.comments[0].body
        assert "so all constructs count as deployed" in pull.check_runs[0].summary


def test_commits_that_github_cannot_compare_make_everything_deployed(tmp_path: Path) -> None:
    with world(tmp_path, {"network.py": "import os\n"}) as here:
        pull = here.open({"network.py": vpc()})
        (job,) = here.jobs()
        repository = here.github.repository(job.installation, job.repository_id, job.repository)

        def refuse(*_: object) -> str:
            raise Refused(404, "Not Found")

        repository.merge_base = refuse  # type: ignore[assignment, method-assign]
        context = dataclasses.replace(here.context, github=lambda *_: repository)
        assert perform(job, context).result is Result.DONE
        assert buttons(pull) == ["fix-all"]


def test_new_files_need_no_base(here: World) -> None:
    here.open({"network.py": vpc(), "archive.py": bucket("logs")})
    here.run()
    assert count(here, "/compare/") == 0
    assert len(here.requests()) == 6, here.requests()


def test_where_nothing_is_found_no_base_is_read(tmp_path: Path) -> None:
    with world(tmp_path, {"network.py": vpc(3)}) as here:
        here.open({"network.py": vpc(3, lines=1)})
        here.run()
        assert count(here, "/compare/") == 0
        assert len(here.requests()) == 4, here.requests()


@pytest.mark.parametrize(("findings", "allowed"), [(1, 8), (2, 9)])
def test_fifty_changed_files_with_a_base_are_a_handful_of_requests(
    tmp_path: Path, findings: int, allowed: int
) -> None:
    paths = [f"stacks/s{number}.py" for number in range(50)]
    with world(tmp_path, dict.fromkeys(paths, vpc(3))) as here:
        pull = here.open(dict.fromkeys(paths, vpc() if findings == 1 else TWO))
        assert [outcome.result for outcome in here.run()] == [Result.DONE]
        assert len(pull.check_runs[0].annotations) == 50 * findings
        assert len(pull.review_comments) == 30
        assert len(here.requests()) == allowed, here.requests()


@pytest.mark.parametrize(
    ("path", "content"),
    [
        (".cdk-medic.toml", 'ignore = ["shared-nat-gateway"]\n'),
        (".cdk-medic.toml", 'select = ["bucket-name-without-account"]\n'),
        (".cdk-medic.toml", 'exclude = ["stacks/"]\n'),
        (".cdk-medic.toml", "[rules.shared-nat-gateway]\nazs = 1\n"),
        ("pyproject.toml", '[tool.cdk-medic]\nignore = ["shared-nat-gateway"]\n'),
    ],
)
def test_the_base_branch_says_what_is_looked_for(tmp_path: Path, path: str, content: str) -> None:
    code = vpc().replace("max_azs=3, ", "")
    with world(tmp_path, {path: content}) as here:
        pull = here.open({"stacks/network.py": code})
        here.run()
        assert [check.conclusion for check in pull.check_runs] == ["success"]
        assert (pull.reviews, pull.comments) == ([], [])
        assert len(here.requests()) == 4, here.requests()
        pull.comment("maria", "/fix")
        here.run()
        assert pull.read("stacks/network.py") == code.encode()


def test_without_a_configuration_the_same_file_has_a_finding(here: World) -> None:
    pull = here.open({"stacks/network.py": vpc().replace("max_azs=3, ", "")})
    here.run()
    assert len(pull.check_runs[0].annotations) == 1


def test_the_configuration_of_the_head_counts_for_nothing(here: World) -> None:
    ignoring = 'ignore = ["shared-nat-gateway"]\n'
    pull = here.open({".cdk-medic.toml": ignoring, "stacks/network.py": vpc()})
    here.run()
    assert len(pull.review_comments) == 1


def test_a_pull_request_to_another_branch_is_configured_there(here: World) -> None:
    ignoring = 'ignore = ["shared-nat-gateway"]\n'
    here.repository.push({".cdk-medic.toml": ignoring}, by="oliver", branch="release")
    pull = here.open({"stacks/network.py": vpc()}, base="release")
    here.run()
    assert [check.conclusion for check in pull.check_runs] == ["success"]


def test_a_pull_request_that_went_to_another_branch_meanwhile_is_configured_there(
    here: World,
) -> None:
    ignoring = 'ignore = ["shared-nat-gateway"]\n'
    here.repository.push({".cdk-medic.toml": ignoring}, by="oliver", branch="release")
    pull = here.open({"stacks/network.py": vpc()}, base="release")
    (job,) = here.jobs()
    assert isinstance(job, ReviewPullRequest)
    perform(dataclasses.replace(job, base_branch="main"), here.context)
    assert [check.conclusion for check in pull.check_runs] == ["success"]


def test_a_configuration_that_cannot_be_meant_is_said_and_not_used(tmp_path: Path) -> None:
    with world(tmp_path, {".cdk-medic.toml": 'ingore = ["shared-nat-gateway"]\n'}) as here:
        pull = here.open({"stacks/network.py": vpc()})
        here.run()
        said = "The configuration of main is not used: .cdk-medic.toml:1: unknown key 'ingore'"
        assert len(pull.review_comments) == 1
        assert said in pull.comments[0].body.replace("\\", "")
        assert said in pull.check_runs[0].summary.replace("\\", "")


def test_a_rule_that_the_configuration_ignores_is_not_fixed_by_name_either(tmp_path: Path) -> None:
    with world(tmp_path, {".cdk-medic.toml": 'ignore = ["shared-nat-gateway"]\n'}) as here:
        pull = here.open({"stacks/network.py": vpc(), "archive.py": bucket("logs")})
        here.run()
        pull.comment("maria", "/fix shared-nat-gateway bucket-name-without-account")
        here.run()
        assert pull.read("stacks/network.py") == vpc().encode()
        assert b"self.account" in pull.read("archive.py")


def test_a_fork_has_the_same_base(tmp_path: Path) -> None:
    with world(tmp_path, {"archive.py": bucket("logs")}) as here:
        more = '        s3.Bucket(self, "More", bucket_name="more")\n'
        pull = here.open({"archive.py": bucket("logs") + more}, author="stranger", from_fork=True)
        here.run()
        assert levels(pull) == ["notice", "warning"]
        assert buttons(pull) == []


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("requirements.txt", "aws-cdk-lib==2.170.0\n"),
        ("uv.lock", '[[package]]\nname = "aws-cdk-lib"\nversion = "2.170.0"\n'),
        ("pyproject.toml", '[project]\ndependencies = ["aws-cdk-lib>=2.170"]\n'),
    ],
)
def test_a_suggestion_says_what_the_aws_cdk_lib_in_use_has(
    tmp_path: Path, file: str, text: str
) -> None:
    code = "from aws_cdk import aws_rds as rds\n\nVERSION = rds.PostgresEngineVersion.VER_15\n"
    with world(tmp_path, {file: text}) as here:
        pull = here.open({"database.py": code})
        here.run()
        (comment,) = pull.review_comments
        assert "PostgresEngineVersion.VER_15_8\n" in comment.body
        assert count(here, "/graphql") == 1
