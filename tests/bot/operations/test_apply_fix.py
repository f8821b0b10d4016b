from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from bot.operations import Result, perform
from bot.operations.asked import COMMITS_AT_MOST
from tests.bot.analysis.here import Here
from tests.bot.operations.world import World, answer, vpc


@pytest.fixture
def pull(here: World) -> Any:
    """A pull request that has been reviewed."""
    made = here.open({"stacks/network.py": vpc(), "stacks/other.py": vpc(2)})
    here.run()
    return made


def reactions(pull: Any, body: str) -> list[str]:
    (comment,) = [each for each in pull.comments if each.body == body]
    return [reaction.content for reaction in comment.reactions]


def test_a_maintainer_asks_for_all_safe_fixes_and_gets_one_commit(here: World, pull: Any) -> None:
    before = len(pull.commits)
    pull.comment("maria", "/fix")
    here.run()
    assert len(pull.commits) == before + 1
    assert pull.read("stacks/network.py") == vpc(3).encode()
    assert pull.read("stacks/other.py") == vpc(3).encode()
    assert reactions(pull, "/fix") == ["eyes", "rocket"]
    assert answer(pull) == f"2 findings fixed in {pull.head_sha}: `shared-nat-gateway`."


def test_after_the_fix_the_check_is_green_and_the_summary_says_so(here: World, pull: Any) -> None:
    pull.comment("maria", "/fix")
    here.run()
    assert [check.conclusion for check in pull.check_runs] == ["success"]
    assert "all findings are fixed" in pull.comments[0].body
    assert len(pull.reviews) == 1


def test_a_fix_commit_says_who_asked_and_why(here: World, pull: Any) -> None:
    pull.comment("maria", "/fix")
    here.run()
    message = pull.commits[-1].message
    assert message.startswith("Fix shared-nat-gateway\n\nshared-nat-gateway: ")
    assert "- stacks/network.py:7 (safe): " in message
    user = here.sandbox.state.user("maria")
    assert f"Co-authored-by: maria <{user.id}+maria@users.noreply.github.com>" in message


def test_a_button_does_the_same(here: World, pull: Any) -> None:
    pull.press("fix-safe", by="maria")
    here.run()
    assert pull.read("stacks/network.py") == vpc(3).encode()
    assert answer(pull).startswith("2 findings fixed in")


def test_a_path_limits_the_fix_to_one_file(here: World, pull: Any) -> None:
    pull.comment("maria", "/fix stacks/other.py")
    here.run()
    assert pull.read("stacks/network.py") == vpc().encode()
    assert pull.read("stacks/other.py") == vpc(3).encode()


def test_a_rule_limits_the_fix_to_its_findings(here: World, pull: Any) -> None:
    pull.comment("maria", "/fix shared-nat-gateway")
    here.run()
    assert pull.read("stacks/network.py") == vpc(3).encode()


@pytest.mark.parametrize("login", ["stranger", "reader"])
def test_somebody_without_write_access_is_refused(here: World, pull: Any, login: str) -> None:
    head = pull.head_sha
    pull.comment(login, "/fix")
    here.run()
    assert pull.head_sha == head
    assert reactions(pull, "/fix") == ["eyes", "confused"]
    assert answer(pull) == "This needs write access to the repository."


def test_an_author_without_write_access_may_not_act_in_the_repository(here: World) -> None:
    pull = here.open({"a.py": vpc()}, author="maria")
    here.run()
    here.repository.set_role("maria", "read")
    head = pull.head_sha
    pull.comment("maria", "/fix")
    here.run()
    assert pull.head_sha == head


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("/fix shared-nat-gatway", "Did you mean shared-nat-gateway?"),
        ("/fix stacks/none.py", "This pull request changes no Python file `stacks/none.py`."),
        ("/fix README.md", "I don't understand “README.md”"),
        ("/fix --force", "there are --pr and --unsafe"),
        ("/fix --unsafe", "/fix --unsafe RULE"),
        ("/fix bucket-name-without-account", "There was nothing that I could fix."),
        (f"/fix {'0' * 40}", "not at 0000000: nothing was changed."),
    ],
)
def test_every_refusal_is_answered(here: World, pull: Any, body: str, says: str) -> None:
    head = pull.head_sha
    pull.comment("maria", body)
    here.run()
    assert pull.head_sha == head
    assert says in answer(pull).replace("\\", "")
    assert reactions(pull, body) == ["eyes", "confused"]


def test_help_shows_the_commands(here: World, pull: Any) -> None:
    pull.comment("stranger", "/fix help")
    here.run()
    assert "| `/fix --unsafe RULE…` |" in answer(pull)
    assert reactions(pull, "/fix help") == ["eyes", "rocket"]


def test_a_comment_that_names_the_head_is_bound_to_it(here: World, pull: Any) -> None:
    pull.comment("maria", f"/fix {pull.head_sha[:9]}")
    here.run()
    assert pull.read("stacks/network.py") == vpc(3).encode()


def test_a_push_after_the_button_was_shown_is_not_fixed(here: World, pull: Any) -> None:
    pull.press("fix-safe", by="maria")
    head = pull.push({"stacks/network.py": vpc(2)})
    here.run()
    assert pull.head_sha == head
    assert "by now, not at" in answer(pull)


def test_a_head_that_had_no_report_when_the_comment_was_written_is_not_fixed(
    here: World, pull: Any
) -> None:
    head = pull.push({"stacks/network.py": vpc(2)})
    pull.comment("maria", "/fix")
    (_, job) = here.jobs()
    assert perform(job, here.context).result is Result.REFUSED
    assert pull.head_sha == head
    assert "Write `/fix` again once the check has finished." in answer(pull)


def test_a_push_between_the_look_and_the_commit_wins(here: World, pull: Any) -> None:
    pull.comment("maria", "/fix")
    (job,) = here.jobs()
    heads: list[str] = []

    class Slow(Here):
        def fix(self, *arguments: Any, **options: Any) -> Any:
            heads.append(pull.push({"stacks/third.py": "x = 1\n"}))
            return super().fix(*arguments, **options)

    outcome = perform(job, dataclasses.replace(here.context, analyser=Slow()))
    assert outcome.result is Result.REFUSED
    assert pull.head_sha == heads[0]
    assert answer(pull) == "The branch moved while I was at work: nothing was changed."


def test_the_same_comment_twice_is_one_commit_and_one_answer(here: World, pull: Any) -> None:
    pull.comment("maria", "/fix")
    (job,) = here.jobs()
    perform(job, here.context)
    commits, comments = len(pull.commits), len(pull.comments)
    assert perform(job, here.context).result is Result.DONE
    assert (len(pull.commits), len(pull.comments)) == (commits, comments)
    assert reactions(pull, "/fix") == ["eyes", "rocket"]


@pytest.mark.parametrize("step", ["seen", "commit", "answer", "reaction"])
def test_a_run_that_died_goes_on_where_it_was(here: World, pull: Any, step: str) -> None:
    commits, comments = len(pull.commits), len(pull.comments)
    pull.comment("maria", "/fix")
    (job,) = here.jobs()
    here.dies_before = step
    with pytest.raises(SystemExit):
        perform(job, here.context)
    here.dies_before = ""
    perform(job, here.context)
    assert (len(pull.commits), len(pull.comments)) == (commits + 1, comments + 2)


@pytest.mark.parametrize("digits", [0, 7, 39])
def test_an_outsiders_pull_request_needs_the_whole_commit(here: World, digits: int) -> None:
    pull = here.open({"a.py": vpc()}, author="stranger", from_fork=True)
    here.run()
    head = pull.head_sha
    pull.comment("maria", f"/fix {head[:digits]}")
    here.run()
    assert pull.head_sha == head
    assert "`/fix SHA`" in answer(pull)


def test_a_fork_that_the_bot_cannot_push_to_is_told_so(here: World) -> None:
    pull = here.open({"a.py": vpc()}, author="stranger", from_fork=True)
    here.run()
    head = pull.head_sha
    pull.comment("stranger", f"/fix {head}")
    here.run()
    assert pull.head_sha == head
    assert "does not let me push to `stranger/payments`" in answer(pull)


def test_a_closed_pull_request_is_not_fixed(here: World, pull: Any) -> None:
    head = pull.head_sha
    pull.comment("maria", "/fix")
    pull.close(by="maria")
    here.run()
    assert pull.head_sha == head
    assert answer(pull) == "The pull request is closed."


def test_talk_about_the_command_does_nothing(here: World, pull: Any) -> None:
    count = len(pull.comments)
    for body in ("> /fix", "```\n/fix\n```", "you could write /fix"):
        pull.comment("maria", body)
    assert here.run() == []
    assert len(pull.comments) == count + 3


def test_the_bot_stops_before_it_goes_round_in_circles(here: World, pull: Any) -> None:
    for number in range(COMMITS_AT_MOST):
        text = f"Fix\n\nCdk-Medic-Request: comment-{number}"
        pull.push({"notes.md": f"{number}\n"}, message=text)
    here.run()
    head = pull.head_sha
    pull.comment("maria", "/fix")
    here.run()
    assert pull.head_sha == head
    assert answer(pull).startswith("This pull request has 20 commits of mine, and I add no more.")


def test_a_refusal_is_told_once_however_often_it_is_delivered(here: World, pull: Any) -> None:
    pull.comment("stranger", "/fix")
    (job,) = here.jobs()
    for _ in range(3):
        assert perform(job, here.context).result is Result.REFUSED
    assert [comment.body.partition("\n")[0] for comment in pull.comments[1:]] == [
        "/fix",
        "This needs write access to the repository.",
    ]
    assert reactions(pull, "/fix") == ["eyes", "confused"]


def test_in_a_locked_conversation_the_reaction_is_the_answer(here: World, pull: Any) -> None:
    pull.lock(by="oliver")
    pull.comment("maria", "/fix")
    comments = len(pull.comments)
    here.run()
    assert pull.read("stacks/network.py") == vpc(3).encode()
    assert reactions(pull, "/fix") == ["eyes", "rocket"]
    assert len(pull.comments) == comments


def test_a_comment_that_was_deleted_meanwhile_costs_no_fix(here: World, pull: Any) -> None:
    pull.comment("maria", "/fix")
    (job,) = here.jobs()
    pull.record.comments.pop()
    assert perform(job, here.context).result is Result.DONE
    assert pull.read("stacks/network.py") == vpc(3).encode()
