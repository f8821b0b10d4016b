from __future__ import annotations

from collections.abc import Iterator

import pytest

import codemods
from tests.end_to_end.stage import DEPLOYED, STACK, Stage


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    with Stage(tmp_path_factory.mktemp("stage")) as stage:
        yield stage


def test_a_pull_request_gets_a_review_a_check_run_and_a_summary(stage: Stage) -> None:
    pull = stage.open({"stack.py": STACK}, base={"stack.py": DEPLOYED})
    stage.settle()
    [review] = pull.reviews
    assert review.author.login == "cdk-medic[bot]"
    [suggestion] = pull.review_comments
    assert (suggestion.path, suggestion.line) == ("stack.py", 13)
    assert "```suggestion" in suggestion.body
    assert "nat_gateways=3" in suggestion.body
    [check] = pull.check_runs
    assert (check.status, check.conclusion) == ("completed", "neutral")
    assert [action.identifier for action in check.actions] == ["fix-safe", "fix-all", "fix-pr"]
    assert len(check.annotations) == len(codemods.analyse(STACK, "stack.py").findings) == 2
    [comment] = pull.comments
    assert "shared-nat-gateway" in comment.body
    assert "bucket-name-without-account" in comment.body


def test_a_committed_suggestion_is_the_fix(stage: Stage) -> None:
    pull = stage.open({"stack.py": STACK}, base={"stack.py": DEPLOYED})
    stage.settle()
    [suggestion] = pull.review_comments
    pull.commit_suggestion(suggestion.id, by="maria")
    assert pull.read("stack.py") == STACK.replace(b"nat_gateways=1", b"nat_gateways=3")
    stage.settle()
    [check] = pull.check_runs
    assert len(check.annotations) == 1
    assert len(pull.reviews) == 1


def test_the_button_for_all_findings_makes_one_commit_after_which_all_is_well(
    stage: Stage,
) -> None:
    pull = stage.open({"stack.py": STACK}, base={"stack.py": DEPLOYED})
    stage.settle()
    pull.press("fix-all", by="maria")
    stage.settle()
    assert pull.read("stack.py") == codemods.fix(STACK, "stack.py", unsafe=True).source
    assert len(pull.commits) == 2
    assert "Co-authored-by: maria" in pull.commits[-1].message
    [check] = pull.check_runs
    assert (check.conclusion, check.annotations, check.actions) == ("success", [], ())
    assert len(pull.reviews) == 1


def test_a_maintainer_fixes_one_rule_by_a_comment(stage: Stage) -> None:
    pull = stage.open({"stack.py": STACK})
    stage.settle()
    comment = pull.comment("maria", "/fix shared-nat-gateway")
    stage.settle()
    assert pull.read("stack.py") == STACK.replace(b"nat_gateways=1", b"nat_gateways=3")
    assert len(pull.commits) == 2
    assert {reaction.content for reaction in comment.reactions} == {"eyes", "rocket"}


def test_a_stranger_is_refused_with_an_answer(stage: Stage) -> None:
    pull = stage.open({"stack.py": STACK})
    stage.settle()
    before = len(pull.comments)
    comment = pull.comment("sam", "/fix shared-nat-gateway")
    stage.settle()
    assert pull.read("stack.py") == STACK
    assert len(pull.commits) == 1
    assert "confused" in {reaction.content for reaction in comment.reactions}
    assert len(pull.comments) == before + 2
    assert pull.comments[-1].author.login == "cdk-medic[bot]"


def test_help_shows_the_commands(stage: Stage) -> None:
    pull = stage.open({"README.md": b"# Payments, again\n"})
    stage.settle()
    pull.comment("sam", "/fix help")
    stage.settle()
    assert "/fix --unsafe" in pull.comments[-1].body


def test_a_pull_request_without_findings_gets_a_check_run_and_nothing_else(stage: Stage) -> None:
    pull = stage.open({"README.md": b"# Payments, again\n"})
    stage.settle()
    assert [check.conclusion for check in pull.check_runs] == ["success"]
    assert (pull.reviews, pull.comments) == ([], [])


def test_the_same_deliveries_again_add_nothing(stage: Stage) -> None:
    pull = stage.open({"stack.py": STACK})
    stage.settle()
    pull.comment("maria", "/fix")
    stage.settle()

    def everything() -> list[int]:
        seen = pull.reviews, pull.review_comments, pull.comments, pull.check_runs, pull.commits
        return [len(each) for each in seen]

    before, requests = everything(), len(stage.github.requests)
    own = pull.record.repository.id
    again = [each for each in stage.github.deliveries if each.repository_id == own]
    assert len(again) > 2
    for delivery in again:
        stage.github.webhooks.redeliver(delivery)
    stage.settle()
    assert everything() == before
    assert len(stage.github.requests) == requests


def test_news_of_the_same_head_under_another_delivery_adds_nothing(stage: Stage) -> None:
    pull = stage.open({"stack.py": STACK})
    stage.settle()
    pull.close(by="lin")
    pull.reopen(by="lin")
    stage.settle()
    assert (len(pull.reviews), len(pull.comments), len(pull.check_runs)) == (1, 1, 1)


def test_a_file_that_cannot_be_parsed_is_named_and_the_others_are_reviewed(stage: Stage) -> None:
    broken = STACK.replace(b"class PaymentStack(Stack):", b"class PaymentStack(Stack:")
    pull = stage.open({"broken.py": broken, "stack.py": STACK})
    stage.settle()
    assert {comment.path for comment in pull.review_comments} == {"stack.py"}
    [comment] = pull.comments
    assert "broken.py" in comment.body
    assert [check.conclusion for check in pull.check_runs] == ["neutral"]


def test_hostile_files_are_named_and_the_others_are_reviewed(stage: Stage) -> None:
    pull = stage.open(
        {
            "deep.py": STACK + b"x = " + b"([{" * 430 + b"\n",
            "pattern.py": STACK
            + b"match x:\n    case "
            + b"[" * 18
            + b"a"
            + b"]" * 18
            + b": pass\n",
            "null.py": STACK + b"\0",
            "stack.py": STACK,
        }
    )
    stage.settle()
    assert {comment.path for comment in pull.review_comments} == {"stack.py"}
    [comment] = pull.comments
    for name in ("deep.py", "pattern.py", "null.py"):
        assert name in comment.body


@pytest.mark.parametrize(("findings_a_file", "most"), [(1, 7), (2, 8)])
def test_the_first_review_of_fifty_files_takes_few_requests(
    stage: Stage, findings_a_file: int, most: int
) -> None:
    source = STACK if findings_a_file == 2 else DEPLOYED
    pull = stage.open({f"stack_{number}.py": source for number in range(50)})
    stage.settle()
    requests = stage.github.requests[stage.installed :]
    assert sum(len(check.annotations) for check in pull.check_runs) == 50 * findings_a_file
    assert len(pull.reviews) == 1
    assert len(requests) <= most, [request.path for request in requests]
