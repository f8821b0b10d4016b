from __future__ import annotations

import pytest

from bot import check_run
from codemods import Level, Position, Safety
from tests.bot.made import fix, placed, report

UNSAFE = fix(safety=Safety.UNSAFE, reason="The bucket is replaced")


def test_nothing_found_is_a_success() -> None:
    found = report()
    assert check_run.conclusion(found) == "success"
    assert check_run.title(found) == "No findings"
    assert check_run.actions(found) == []


def test_findings_block_nobody() -> None:
    assert check_run.conclusion(report(placed())) == "neutral"


def test_a_file_that_was_not_analysed_is_no_success() -> None:
    found = report(problems=(("a.py", "line 3: invalid syntax"),))
    assert check_run.conclusion(found) == "neutral"
    assert check_run.title(found) == "1 file not analysed"
    assert "- `a.py`: line 3: invalid syntax." in check_run.summary(found)


def test_the_summary_accounts_for_every_finding() -> None:
    found = report(placed(), placed(was_here=True, line=20), placed(on_request=True, line=30))
    assert check_run.summary(found).startswith("1 new finding, 1 from before, 1 advisory.")


def test_the_title_counts_by_level() -> None:
    found = report(placed(), placed(line=20), placed(level=Level.LOW, line=30))
    assert check_run.title(found) == "3 findings: 2 critical, 1 low"


@pytest.mark.parametrize(
    ("level", "was_here", "annotated"),
    [
        (Level.CRITICAL, False, "failure"),
        (Level.HIGH, False, "warning"),
        (Level.MEDIUM, False, "warning"),
        (Level.LOW, False, "notice"),
        (Level.CRITICAL, True, "notice"),
    ],
)
def test_what_was_here_before_is_only_a_notice(
    level: Level, was_here: bool, annotated: str
) -> None:
    (note,) = check_run.annotate(report(placed(was_here=was_here, level=level)))
    assert note["annotation_level"] == annotated


def test_an_annotation_says_what_why_and_where_to_read() -> None:
    (note,) = check_run.annotate(report(placed(fix=fix(title="Set three"))))
    assert note["message"].splitlines() == [
        "One NAT gateway serves three availability zones.",
        "Set three. Safe: Gateways are added and nothing is replaced.",
        "See https://docs.aws.amazon.com/vpc/nat",
    ]
    assert (note["start_line"], note["start_column"], note["end_column"]) == (12, 5, 20)


def test_an_annotation_over_lines_has_no_columns() -> None:
    (note,) = check_run.annotate(report(placed(end=Position(14, 3))))
    assert (note["start_line"], note["end_line"]) == (12, 14)
    assert "start_column" not in note


def test_only_buttons_that_do_something_are_offered() -> None:
    def offered(*fixes: object) -> list[str]:
        items = [placed(fix=each, line=n + 1) for n, each in enumerate(fixes)]
        return [button["identifier"] for button in check_run.actions(report(*items))]

    assert offered(fix()) == ["fix-safe", "fix-pr"]
    assert offered(UNSAFE) == ["fix-all"]
    assert offered(fix(), UNSAFE) == ["fix-safe", "fix-all", "fix-pr"]


def test_an_advisory_offers_no_button() -> None:
    assert check_run.actions(report(placed(on_request=True, fix=UNSAFE))) == []


def test_buttons_fit_into_what_github_shows() -> None:
    found = report(placed(), placed(fix=UNSAFE, line=3))
    for button in check_run.actions(found):
        assert len(button["label"]) <= 20
        assert len(button["identifier"]) <= 20
        assert len(button["description"]) <= 40


@pytest.mark.parametrize(
    ("number", "sizes"), [(0, [0]), (50, [50]), (51, [50, 1]), (100, [50, 50]), (101, [50, 50, 1])]
)
def test_a_request_carries_fifty_annotations(number: int, sizes: list[int]) -> None:
    notes = check_run.annotate(report(*(placed(line=n + 1) for n in range(number))))
    assert [len(batch) for batch in check_run.batches(notes)] == sizes


def test_only_the_last_batch_completes_the_check_run() -> None:
    found = report(placed())
    assert check_run.body(found, [], last=False)["status"] == "in_progress"
    assert "conclusion" not in check_run.body(found, [], last=False)
    assert check_run.body(found, [], last=True)["conclusion"] == "neutral"


def test_new_findings_of_the_level_fail_the_check_and_older_or_lesser_ones_do_not() -> None:
    grave, lesser = placed(level=Level.HIGH), placed(level=Level.MEDIUM, line=20)
    older = placed(level=Level.CRITICAL, line=30, was_here=True)
    advisory = placed(level=Level.CRITICAL, line=40, on_request=True)
    assert check_run.conclusion(report(grave, fail_on=Level.HIGH)) == "failure"
    assert check_run.conclusion(report(lesser, older, advisory, fail_on=Level.HIGH)) == "neutral"
    assert check_run.conclusion(report(grave, fail_on=None)) == "neutral"


def test_where_the_bot_only_reports_nothing_is_offered() -> None:
    found = report(placed(), placed(fix=UNSAFE, line=20), reticent=True)
    assert check_run.actions(found) == []
    assert "/fix" not in check_run.summary(found)


def test_a_remark_is_said_and_makes_nothing_incomplete() -> None:
    found = report(remarks=("Left out: 1 file <b>.",))
    assert check_run.conclusion(found) == "success"
    assert "Left out: 1 file &lt;b&gt;." in check_run.summary(found)
