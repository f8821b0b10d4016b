"""Pull requests from forks: suggestions, a push where it is allowed, and else a patch."""

from __future__ import annotations

import html
import re
import subprocess
from pathlib import Path
from typing import Any

from sandbox.rest.routing import Answer
from tests.bot.operations.world import World, answer, vpc

TWO = {"stacks/network.py": vpc(), "stacks/other name.py": vpc(2)}


def from_fork(here: World, **options: Any) -> Any:
    pull = here.open(TWO, author="stranger", from_fork=True, **options)
    here.run()
    return pull


def applied(text: str, directory: Path) -> dict[str, str]:
    """The files after a person has applied the patch of a comment with git."""
    (patch,) = re.findall(r"^```diff\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    for path, content in TWO.items():
        (directory / path).parent.mkdir(exist_ok=True)
        (directory / path).write_text(content)
    subprocess.run(["git", "init", "-q"], cwd=directory, check=True)
    subprocess.run(
        ["git", "apply", "-p0"], input=html.unescape(patch).encode(), cwd=directory, check=True
    )
    return {path: (directory / path).read_text() for path in TWO}


def test_the_summary_has_a_patch_that_git_applies(here: World, tmp_path: Path) -> None:
    pull = from_fork(here)
    (summary,) = pull.comments
    assert "```suggestion" in pull.review_comments[0].body
    assert "I can't push to this branch" in summary.body
    assert "- [ ]" not in summary.body
    (directory := tmp_path / "clone").mkdir()
    assert applied(summary.body, directory) == dict.fromkeys(TWO, vpc(3))


def test_the_check_run_offers_no_button_that_would_not_work(here: World) -> None:
    (check,) = from_fork(here).check_runs
    assert check.actions == ()
    assert "also a patch, in the summary" in check.summary


def test_fix_is_answered_with_the_patch(here: World, tmp_path: Path) -> None:
    pull = from_fork(here)
    pull.comment("stranger", f"/fix {pull.head_sha}")
    here.run()
    assert "does not let me push to `stranger/payments`" in answer(pull)
    (directory := tmp_path / "clone").mkdir()
    assert applied(answer(pull), directory) == dict.fromkeys(TWO, vpc(3))


def test_where_the_author_allows_it_the_fix_is_pushed_to_the_fork(here: World) -> None:
    pull = from_fork(here, maintainer_can_modify=True)
    assert [action.identifier for action in pull.check_runs[0].actions] == ["fix-safe"]
    assert "- [ ]" in pull.comments[0].body
    pull.comment("maria", f"/fix {pull.head_sha}")
    here.run()
    assert pull.read("stacks/network.py") == vpc(3).encode()
    assert answer(pull).startswith("2 findings fixed in")


def test_a_patch_that_is_too_long_for_a_comment_is_left_out(here: World) -> None:
    many = {f"stacks/n{number}.py": vpc() + f"# {'x' * 90}\n" * 3 for number in range(100)}
    pull = here.open(many, author="stranger", from_fork=True)
    here.run()
    (summary,) = pull.comments
    assert "```diff" not in summary.body
    assert "I can't push to this branch" in summary.body
    assert len(summary.body) <= 65_536


def test_no_patch_is_offered_where_a_comment_would_turn_its_line_ends(here: World) -> None:
    windows = vpc().replace("\n", "\r\n")
    pull = here.open({"a.py": windows}, author="stranger", from_fork=True)
    here.run()
    assert "```diff" not in pull.comments[0].body


def test_where_github_refuses_the_push_all_the_same_the_answer_has_the_patch(here: World) -> None:
    pull = from_fork(here, maintainer_can_modify=True)
    refusal = {"type": "FORBIDDEN", "message": "Resource not accessible by integration"}
    here.sandbox.faults.add(
        "POST",
        "/graphql",
        containing="createCommitOnBranch",
        answer=Answer(200, {"data": {"createCommitOnBranch": None}, "errors": [refusal]}),
    )
    head = pull.head_sha
    pull.comment("maria", f"/fix {head}")
    here.run()
    assert pull.head_sha == head
    assert "does not let me push to `stranger/payments`" in answer(pull)
    assert "```diff" in answer(pull)
