"""A pull request that is too large for something is told so in a sentence, and reviewed still."""

from __future__ import annotations

from typing import Any

import pytest

from bot.operations import Result
from tests.bot.operations.world import World, answer, vpc

FILES = "/repos/{owner}/{repo}/pulls/{pull_number}/files"
TREE = "/repos/{owner}/{repo}/git/trees/{tree_sha}"


def full_page(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """A hundred rows, whatever page was asked for."""
    other = rows[0] | {"filename": "notes.md", "patch": "@@ -0,0 +1 @@\n+x"}
    return (rows + [other] * 100)[:100]


def test_more_files_than_github_lists_are_owned_up_to(here: World) -> None:
    pull = here.open({"stacks/network.py": vpc(), "notes.md": "x\n"})
    first = here.sandbox.faults.add("GET", FILES, altered=full_page)
    notes = [{"filename": "notes.md", "status": "added", "sha": "0" * 40, "changes": 1}] * 100
    here.sandbox.faults.add("GET", FILES, altered=lambda _: notes, times=-1)
    (outcome,) = here.run()
    assert first.times == 0
    assert outcome.result is Result.DONE
    assert here.requests().count(f"GET {FILES}") == 30
    told = "GitHub lists no more than 3,000 files of a pull request"
    assert told in pull.check_runs[0].summary
    assert told in pull.comments[0].body
    assert len(pull.review_comments) == 1


def test_a_file_without_its_patch_is_unknown_and_not_unchanged(here: World) -> None:
    pull = here.open({"stacks/network.py": vpc()})
    here.sandbox.faults.add(
        "GET",
        FILES,
        altered=lambda rows: [
            {key: value for key, value in row.items() if key != "patch"} for row in rows
        ],
    )
    here.run()
    assert (pull.reviews, pull.review_comments) == ([], [])
    assert "1 new finding" in pull.comments[0].body
    assert "GitHub leaves out the differences of 1 file with findings" in pull.comments[0].body
    assert [note.level for note in pull.check_runs[0].annotations] == ["failure"]


def test_nothing_is_said_of_missing_patches_where_nothing_was_found(here: World) -> None:
    pull = here.open({"stacks/network.py": vpc(3)})
    here.sandbox.faults.add(
        "GET", FILES, altered=lambda rows: [row | {"patch": None} for row in rows]
    )
    here.run()
    assert [check.conclusion for check in pull.check_runs] == ["success"]
    assert pull.comments == []


def cut_off(tree: dict[str, Any]) -> dict[str, Any]:
    rows = [row for row in tree["tree"] if row["path"] != "stacks/network.py"]
    return tree | {"tree": rows, "truncated": True}


@pytest.mark.parametrize("command", ["/fix", "/fix stacks/network.py"])
def test_a_file_that_a_huge_tree_leaves_out_is_named(here: World, command: str) -> None:
    pull = here.open({"stacks/network.py": vpc(), "stacks/other.py": vpc()})
    here.run()
    head = pull.head_sha
    here.sandbox.faults.add("GET", TREE, altered=cut_off)
    pull.comment("maria", command)
    here.run()
    assert pull.head_sha == head
    assert answer(pull).startswith("GitHub lists only a part of so large a repository")
    assert "`stacks/network.py`" in answer(pull)


def test_another_file_of_a_huge_tree_can_be_fixed(here: World) -> None:
    pull = here.open({"stacks/network.py": vpc(), "stacks/other.py": vpc()})
    here.run()
    here.sandbox.faults.add("GET", TREE, altered=cut_off)
    pull.comment("maria", "/fix stacks/other.py")
    here.run()
    assert pull.read("stacks/other.py") == vpc(3).encode()


def test_beyond_three_hundred_files_one_line_names_the_rest(here: World) -> None:
    pull = here.open({f"stacks/s{n:03}.py": vpc(3) + f"# {n}\n" for n in range(320)})
    here.run()
    (check,) = pull.check_runs
    assert check.conclusion == "neutral"
    assert (
        "- `stacks/s300.py`, `stacks/s301.py`, `stacks/s302.py` and 17 more: A pull request is "
        "reviewed up to 300 files." in check.summary
    )
    assert "and 17 more" in pull.comments[0].body


def test_binary_and_huge_files_are_named_and_the_others_are_reviewed(here: World) -> None:
    pull = here.open(
        {
            "binary.py": vpc().encode() + b"\0",
            "huge.py": vpc() + "#" * 512_001,
            "plain.py": vpc(),
        }
    )
    here.run()
    assert [comment.path for comment in pull.review_comments] == ["plain.py"]
    assert "- `binary.py`: " in pull.comments[0].body
    assert "- `huge.py`: It is larger than 512 KB" in pull.comments[0].body


def test_a_summary_that_is_too_long_loses_whole_parts_and_keeps_its_boxes(here: World) -> None:
    several = "".join(
        f'        ec2.Vpc(self, "V{number}", max_azs=3, nat_gateways=1)\n' for number in range(4)
    )
    folder = "/".join(["a" * 60] * 4)
    pull = here.open({f"{folder}/{n:02}{'b' * 60}.py": vpc() + several for n in range(40)})
    here.run()
    (summary,) = pull.comments
    assert len(summary.body) <= 65_536
    assert summary.body.count("<details>") == summary.body.count("</details>")
    assert "- [ ] `shared-nat-gateway`: 200 safe fixes" in summary.body
    assert "more are annotations of the check run" in summary.body
    (check,) = pull.check_runs
    assert len(check.annotations) == 200
    assert len(pull.review_comments) == 30
    assert "more are in the summary" in pull.reviews[0].body
