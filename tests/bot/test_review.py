from __future__ import annotations

from bot import review
from bot.suggestions import Suggestion
from codemods import Finding, Level, Safety
from tests.bot.made import HEAD, fix, placed, report


def suggestion(
    *findings: Finding, first: int = 12, last: int = 12, replacement: str = "    x=3\n"
) -> Suggestion:
    return Suggestion("stacks/network.py", first, last, replacement, b"", findings)


def test_nothing_to_say_is_no_review() -> None:
    assert review.review(report(), ()) is None


def test_unchanged_lines_and_lines_nobody_knows_get_no_comment() -> None:
    assert review.review(report(placed(was_here=True), placed(in_diff=False)), ()) is None


def test_advisories_get_no_comment() -> None:
    assert review.review(report(placed(on_request=True)), ()) is None


def test_what_was_said_is_not_said_again() -> None:
    one = placed()
    assert review.review(report(one), {one.finding.fingerprint}) is None


def test_a_review_is_pinned_to_the_head_and_blocks_nobody() -> None:
    body = review.review(report(placed()), ())
    assert body is not None
    assert (body["commit_id"], body["event"]) == (HEAD, "COMMENT")
    assert review.is_review_of(body["body"], HEAD)
    assert not review.is_review_of(body["body"], "f" * 40)


def test_a_comment_carries_its_suggestion_and_its_fingerprint() -> None:
    one = placed()
    body = review.review(report(one, suggestions=(suggestion(one.finding),)), ())
    assert body is not None
    (comment,) = body["comments"]
    assert (comment["path"], comment["line"], comment["side"]) == ("stacks/network.py", 12, "RIGHT")
    assert "start_line" not in comment
    assert "```suggestion\n    x=3\n```" in comment["body"]
    assert review.fingerprints(comment["body"]) == [one.finding.fingerprint]


def test_a_suggestion_over_lines_names_its_first_line() -> None:
    one = placed()
    made = suggestion(one.finding, first=11, last=14)
    body = review.review(report(one, suggestions=(made,)), ())
    assert body is not None
    (comment,) = body["comments"]
    assert (comment["start_line"], comment["start_side"], comment["line"]) == (11, "RIGHT", 14)


def test_a_suggestion_with_backticks_gets_a_longer_fence() -> None:
    one = placed()
    made = suggestion(one.finding, replacement="x = '````'\n")
    body = review.review(report(one, suggestions=(made,)), ())
    assert body is not None
    assert "`````suggestion\nx = '````'\n`````" in body["comments"][0]["body"]


def test_findings_on_the_same_lines_become_one_comment() -> None:
    fixed, other = placed(), placed(rule="missing-explicit-deny", refusal="It is shared")
    body = review.review(report(fixed, other, suggestions=(suggestion(fixed.finding),)), ())
    assert body is not None
    (comment,) = body["comments"]
    assert "shared-nat-gateway" in comment["body"]
    assert "The suggestion leaves `missing-explicit-deny` as it is." in comment["body"]
    assert len(review.fingerprints(comment["body"])) == 2


def test_a_finding_without_suggestion_says_how_to_get_its_fix() -> None:
    body = review.review(report(placed(fix=fix(safety=Safety.UNSAFE))), ())
    assert body is not None
    (comment,) = body["comments"]
    assert "`/fix --unsafe shared-nat-gateway`" in comment["body"]
    assert "```suggestion" not in comment["body"]


def test_a_refusal_is_given_as_the_reason() -> None:
    body = review.review(report(placed(refusal="Its number comes from a parameter")), ())
    assert body is not None
    assert "No automatic fix: Its number comes from a parameter." in body["comments"][0]["body"]


def test_thirty_comments_are_enough_and_the_gravest_come_first() -> None:
    many = [placed(line=n + 1, level=Level.LOW) for n in range(40)]
    body = review.review(report(*many, placed(line=99)), ())
    assert body is not None
    assert len(body["comments"]) == 30
    assert body["comments"][0]["line"] == 99
    assert "11 more are in the summary" in body["body"]


def test_a_crowded_line_does_not_make_a_comment_that_github_refuses() -> None:
    long = fix(title="t" * 9000, reason="r" * 9000, cost_assumption="c" * 9000)
    crowd = [placed(message="&" * 9000, fix=long, fingerprint=f"f{n}") for n in range(200)]
    made = suggestion(*(each.finding for each in crowd), replacement="x" * 9999 + "\n")
    body = review.review(report(*crowd, suggestions=(made,)), ())
    assert body is not None
    (comment,) = body["comments"]
    assert len(comment["body"]) < 65_536
    assert "more are on these lines." in comment["body"]
    assert len(review.fingerprints(comment["body"])) == 200
