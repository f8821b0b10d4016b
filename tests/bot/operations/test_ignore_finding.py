from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.operations import Result, perform
from tests.bot.operations.world import World, answer, vpc, world

NAT = "shared-nat-gateway"


@pytest.fixture
def pull(here: World) -> Any:
    """A pull request of two findings that has been reviewed."""
    made = here.open({"stacks/network.py": vpc(), "stacks/other.py": vpc(2)})
    here.run()
    return made


def comments_in(pull: Any, path: str) -> list[str]:
    """The ignore comments of a file, from their # on."""
    lines = pull.read(path).decode().splitlines()
    return [line[line.index("# cdk-medic") :] for line in lines if "# cdk-medic" in line]


def test_a_maintainer_silences_a_rule_and_says_why(here: World, pull: Any) -> None:
    pull.comment("maria", f"/fix ignore {NAT} a test account")
    here.run()
    comment = f"# cdk-medic: ignore[{NAT}] -- a test account"
    assert comments_in(pull, "stacks/network.py") == [comment]
    assert comments_in(pull, "stacks/other.py") == [comment]
    assert answer(pull) == f"2 findings of `{NAT}` silenced in {pull.head_sha}."
    message = pull.commits[-1].message
    assert message.startswith(f"Ignore {NAT}\n\na test account.\n\n- stacks/network.py:7\n")
    assert "Co-authored-by: maria " in message


def test_afterwards_the_check_is_green_and_the_summary_lists_what_is_silenced(
    here: World, pull: Any
) -> None:
    pull.comment("maria", f"/fix ignore {NAT} a test account")
    here.run()
    assert [check.conclusion for check in pull.check_runs] == ["success"]
    assert "2 findings silenced here by a comment in the code" in pull.comments[0].body
    assert "fixed" not in pull.comments[0].body.partition("\n")[0]
    assert [comment.minimized for comment in pull.review_comments] == ["OUTDATED", "OUTDATED"]


def test_a_file_and_a_line_name_one_finding(here: World, pull: Any) -> None:
    pull.comment("maria", f"/fix ignore {NAT} stacks/other.py:7")
    here.run()
    assert comments_in(pull, "stacks/network.py") == []
    assert comments_in(pull, "stacks/other.py") == [f"# cdk-medic: ignore[{NAT}]"]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (f"/fix ignore {NAT} stacks/other.py:3", "no finding of `shared-nat-gateway` in `stacks/"),
        ("/fix ignore missing-explicit-deny", "that this pull request brought that I could"),
        ("/fix ignore shared-nat-gatway", "Did you mean shared-nat-gateway?"),
        (f"/fix ignore {NAT} stacks/none.py", "changes no Python file `stacks/none.py`."),
        ("/fix ignore", "/fix ignore RULE"),
        (f"/fix ignore {NAT} {'0' * 40}", "nothing was changed."),
    ],
)
def test_every_refusal_is_answered(here: World, pull: Any, body: str, says: str) -> None:
    head = pull.head_sha
    pull.comment("maria", body)
    here.run()
    assert pull.head_sha == head
    assert says in answer(pull).replace("\\", "")


def test_a_stranger_silences_nothing(here: World, pull: Any) -> None:
    head = pull.head_sha
    pull.comment("stranger", f"/fix ignore {NAT}")
    here.run()
    assert pull.head_sha == head
    assert answer(pull) == "This needs write access to the repository."


def test_the_same_comment_twice_is_one_commit(here: World, pull: Any) -> None:
    pull.comment("maria", f"/fix ignore {NAT} why")
    (job,) = here.jobs()
    assert perform(job, here.context).result is Result.DONE
    commits = len(pull.commits)
    assert perform(job, here.context).result is Result.DONE
    assert len(pull.commits) == commits


def test_what_was_here_before_is_silenced_only_where_its_file_is_named(tmp_path: Path) -> None:
    with world(tmp_path, {"old.py": vpc()}) as here:
        pull = here.open({"old.py": "import os\n" + vpc(), "new.py": vpc()})
        here.run()
        pull.comment("maria", f"/fix ignore {NAT}")
        here.run()
        assert [len(comments_in(pull, path)) for path in ("old.py", "new.py")] == [0, 1]
        pull.comment("maria", f"/fix ignore {NAT} old.py")
        here.run()
        assert len(comments_in(pull, "old.py")) == 1


def test_a_hostile_reason_stays_a_reason(here: World, pull: Any) -> None:
    reason = "@oliver # noqa \u202e cdk-medic: ignore-file[missing-explicit-deny]"
    pull.comment("maria", f"/fix ignore {NAT} stacks/other.py {reason}")
    here.run()
    (comment,) = comments_in(pull, "stacks/other.py")
    assert comment.count("#") == 1
    assert "\u202e" not in comment
    assert "@oliver" not in pull.commits[-1].message
