"""Each complaint that people make about bots on pull requests, and how it goes here.

The complaints are collected from the threads of other bots. Every test is one of them, from the
webhook to what a person sees on the pull request.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.operations import Result, perform
from sandbox.rest.routing import Answer
from tests.bot.operations.world import World, answer, vpc, world

NAT = "shared-nat-gateway"
BOT = "cdk-medic[bot]"


def gateways(number: int) -> str:
    """A stack with so many shared gateways, far enough apart for a comment each."""
    more = "".join(
        f'        ec2.Vpc(self, "V{n}", max_azs=3, nat_gateways=1)\n' + "        #\n" * 4
        for n in range(1, number)
    )
    return vpc() + more


def said(pull: Any) -> list[int]:
    """How much the bot has said: reviews, comments on lines, comments, commits."""
    return [
        len([each for each in pull.reviews if each.author.login == BOT]),
        len([each for each in pull.review_comments if each.author.login == BOT]),
        len([each for each in pull.comments if each.author.login == BOT]),
        len(pull.commits),
    ]


def test_comment_spam(here: World) -> None:
    """Forty findings are one review of thirty comments, one summary and one check run."""
    pull = here.open({"network.py": gateways(40)})
    here.run()
    assert said(pull) == [1, 30, 1, 1]
    assert len(pull.check_runs[0].annotations) == 40
    pull.push({"notes.md": "x\n"})
    here.run()
    assert said(pull)[2] == 1


def test_comments_with_nothing_to_say(here: World) -> None:
    """A pull request without findings hears nothing, and its check says so."""
    pull = here.open({"network.py": vpc(3), "README.md": "Payments\n"})
    here.run()
    assert said(pull) == [0, 0, 0, 1]
    assert [check.conclusion for check in pull.check_runs] == ["success"]


def test_suggestions_on_unchanged_lines(tmp_path: Path) -> None:
    """What was there before is a folded line of the summary, and no comment stands on it."""
    before = vpc() + "        #\n" * 20
    with world(tmp_path, {"network.py": before}) as here:
        more = '        ec2.Vpc(self, "New", max_azs=3, nat_gateways=1)\n'
        pull = here.open({"network.py": before + more})
        here.run()
        assert [comment.line for comment in pull.review_comments] == [28]
        assert "1 more was here before" in pull.comments[0].body


def test_a_review_lost_to_one_bad_line(here: World) -> None:
    """GitHub minds a line: the review comes without comments, the summary has every finding."""
    here.sandbox.faults.add(
        "POST",
        "/repos/{owner}/{repo}/pulls/{pull_number}/reviews",
        answer=Answer(422, {"message": "Line could not be resolved"}),
    )
    pull = here.open({"network.py": vpc()})
    here.run()
    assert said(pull) == [1, 0, 1, 1]
    assert "`network.py:7`" in pull.comments[0].body


def test_the_same_finding_raised_again_after_it_was_resolved(here: World) -> None:
    """Resolved once, it isn't raised again, though its lines move and the file gets more."""
    pull = here.open({"network.py": vpc()})
    here.run()
    pull.resolve(pull.review_comments[0].id, by="maria")
    for lines in (3, 6):
        pull.push({"network.py": vpc(lines=lines)})
        here.run()
    assert said(pull)[:3] == [1, 1, 1]


def test_stale_comments_left_behind(here: World) -> None:
    """What is fixed is folded away; where a person has answered, the comment stays."""
    pull = here.open({"network.py": vpc(), "other.py": vpc()})
    here.run()
    answered = next(it for it in pull.review_comments if it.path == "other.py")
    pull.reply(answered.id, "We talk about it tomorrow.", by="oliver")
    pull.push({"network.py": vpc(3), "other.py": vpc(3)})
    here.run()
    folded = {it.path: it.minimized for it in pull.review_comments if not it.in_reply_to}
    assert folded == {"network.py": "OUTDATED", "other.py": None}
    assert "all findings are fixed" in pull.comments[0].body


def test_ignores_that_do_not_stick(here: World) -> None:
    """An ignore outlives pushes, moved lines and the merge into the next pull request."""
    pull = here.open({"network.py": vpc()})
    here.run()
    pull.comment("maria", f"/fix ignore {NAT} a test account")
    here.run()
    silenced = pull.read("network.py").decode()
    pull.push({"network.py": "# Moved.\n" + silenced})
    here.run()
    assert [check.conclusion for check in pull.check_runs] == ["success"]
    pull.merge(by="oliver")
    again = here.open({"network.py": "# Moved.\n" + silenced + "# More.\n"}, branch="next")
    here.run()
    assert said(again) == [0, 0, 0, 1]


def test_many_small_pull_requests(tmp_path: Path) -> None:
    """Ten files with the same mistake are one pull request with one commit."""
    files = {f"stacks/s{number}.py": vpc() for number in range(10)}
    wanted = f'mode = "pull-request"\n[fix-pull-requests]\nunsafe = ["{NAT}"]\n'
    with world(tmp_path, files | {".cdk-medic.toml": wanted}) as here:
        here.welcome()
        (pull,) = here.pulls().values()
        assert sorted(each.path for each in pull.files) == sorted(files)
        assert len(pull.commits) == 1


def test_pull_requests_from_forks(here: World) -> None:
    """A fork gets the review, the suggestions and a patch; nobody is promised a push."""
    pull = here.open({"network.py": vpc()}, author="stranger", from_fork=True)
    here.run()
    assert said(pull) == [1, 1, 1, 1]
    assert "```suggestion" in pull.review_comments[0].body
    assert "```diff" in pull.comments[0].body
    pull.commit_suggestion(pull.review_comments[0].id, by="stranger")
    here.run()
    assert [check.conclusion for check in pull.check_runs] == ["success"]


def test_unsigned_commits(here: World) -> None:
    """The bot's commits are signed by GitHub, and name who asked for them."""
    pull = here.open({"network.py": vpc()})
    here.run()
    pull.comment("maria", "/fix")
    here.run()
    assert pull.head_sha in here.sandbox.state.verified
    assert "Co-authored-by: maria <" in pull.commits[-1].message


def test_ci_not_run_on_the_push_of_a_bot(here: World) -> None:
    """The bot pushes as an App, so that everybody else hears of the push, and tests it."""
    pull = here.open({"network.py": vpc()})
    here.run()
    before = len(here.sandbox.deliveries)
    pull.comment("maria", "/fix")
    here.run()
    news = [(it.event, it.action) for it in here.sandbox.deliveries[before:]]
    assert ("pull_request", "synchronize") in news
    assert [check.conclusion for check in pull.check_runs] == ["success"]


def test_loops(here: World) -> None:
    """The bot reviews its own commit and commits nothing more, however often it hears of it."""
    pull = here.open({"network.py": vpc()})
    here.run()
    pull.comment("maria", "/fix")
    (job,) = here.jobs()
    for _ in range(3):
        perform(job, here.context)
    here.run()
    after = said(pull)
    assert after[3] == 2
    assert here.run() == []
    pull.comment("maria", "/fix")
    here.run()
    assert said(pull)[3] == 2
    assert answer(pull) == "There was nothing that I could fix."


@pytest.mark.parametrize(
    ("who", "command", "told"),
    [
        ("stranger", "/fix", "This needs write access to the repository."),
        ("maria", "/fix no-such-rule", "no-such-rule"),
        ("maria", "/fix --force", "I don't know the option"),
        ("maria", "/fix other.py", "changes no Python file"),
        ("maria", "/fix abcdef1", "nothing was changed"),
        ("maria", f"/fix ignore {NAT} network.py:1", "There is no finding"),
    ],
)
def test_silent_refusals(here: World, who: str, command: str, told: str) -> None:
    """Every refusal is a reaction and a sentence that says why."""
    pull = here.open({"network.py": vpc()})
    here.run()
    comment = pull.comment(who, command)
    here.run()
    assert said(pull)[3] == 1
    assert [reaction.content for reaction in comment.reactions] == ["eyes", "confused"]
    assert told in answer(pull)


@pytest.mark.parametrize(
    "body",
    [
        "```\n/fix\n```",
        "    /fix",
        "> /fix",
        "`/fix`",
        "Have you tried /fix?",
        "Like so:\n\n/fix",
        "<!-- /fix -->",
        "/fixed",
    ],
)
def test_commands_parsed_inside_code_blocks(here: World, body: str) -> None:
    """Whoever talks about a command has not given one."""
    pull = here.open({"network.py": vpc()})
    here.run()
    comment = pull.comment("maria", body)
    assert here.run() == []
    assert comment.reactions == []


def test_commands_in_edits_and_of_bots_are_none(here: World) -> None:
    """Only what a person has just written is a command, and no edit of it."""
    pull = here.open({"network.py": vpc()})
    here.run()
    comment = pull.comment("maria", "Thank you.")
    pull.edit_comment(comment.id, "/fix", by="maria")
    pull.comment(BOT, "/fix")
    assert here.run() == []
    assert said(pull)[3] == 1


@pytest.mark.parametrize("way", ["push", "force-push", "reset"])
def test_force_pushing_over_the_work_of_people(here: World, way: str) -> None:
    """Somebody pushes while the bot is at work: their commit stays, and the bot's is not made."""
    pull = here.open({"network.py": vpc()})
    first = pull.head_sha
    pull.push({"network.py": vpc(), "notes.md": "x\n"})
    here.run()

    def meanwhile() -> None:
        if way == "reset":
            pull.reset(first)
        elif way == "push":
            pull.push({"network.py": vpc(2)})
        else:
            pull.force_push({"network.py": vpc(2)})

    here.sandbox.faults.add(
        "POST", "/graphql", containing="createCommitOnBranch", meanwhile=meanwhile
    )
    pull.comment("maria", "/fix")
    (job,) = here.jobs()
    assert perform(job, here.context).result is Result.REFUSED
    assert answer(pull) == "The branch moved while I was at work: nothing was changed."
    assert pull.read("network.py") == vpc(1 if way == "reset" else 2).encode()


def test_suggestions_that_overlap(here: World) -> None:
    """Fixes of neighbouring lines are one suggestion; a click on it leaves nothing half done."""
    two = vpc() + '        ec2.Vpc(self, "Next", max_azs=3, nat_gateways=1)\n'
    pull = here.open({"network.py": two})
    here.run()
    (comment,) = pull.review_comments
    assert (comment.start_line, comment.line) == (7, 8)
    assert comment.body.count("```suggestion") == 1
    pull.commit_suggestion(comment.id, by="maria")
    assert pull.read("network.py") == two.replace("nat_gateways=1", "nat_gateways=3").encode()
    here.run()
    assert [check.conclusion for check in pull.check_runs] == ["success"]
