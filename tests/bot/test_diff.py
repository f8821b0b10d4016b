from __future__ import annotations

from bot.diff import Change, parse

PATCH = """\
@@ -1,4 +1,5 @@
 import aws_cdk
-old
+new
+newer
 same
 same
@@ -20,3 +21,2 @@ class Stack:
 kept
-gone
 kept
\\ No newline at end of file"""


def test_a_hunk_covers_the_lines_of_the_new_file() -> None:
    assert [(hunk.first, hunk.last) for hunk in parse(PATCH).hunks] == [(1, 5), (21, 22)]


def test_only_lines_with_a_plus_are_added() -> None:
    assert [sorted(hunk.added) for hunk in parse(PATCH).hunks] == [[2, 3], []]


def test_a_range_is_added_if_one_of_its_lines_is() -> None:
    diff = parse(PATCH)
    assert diff.change(3, 40) is Change.ADDED
    assert diff.change(4, 40) is Change.UNCHANGED


def test_a_missing_patch_is_unknown_and_not_unchanged() -> None:
    assert parse(None).change(1, 1) is Change.UNKNOWN
    assert parse("").change(1, 1) is Change.UNKNOWN


def test_a_range_across_two_hunks_is_in_none() -> None:
    assert parse(PATCH).hunk_around(4, 21) is None
    assert parse(PATCH).hunk_around(21, 22) is not None


def test_a_comment_stands_on_an_unbroken_run_of_new_lines() -> None:
    assert parse("@@ -1,2 +1,5 @@\n+a\n+b\n c\n+d\n e").added_within(1, 5) == (1, 2)
    assert parse("@@ -1,2 +1,5 @@\n+a\n+b\n c\n+d\n e").added_within(2, 5) == (2, 2)
    assert parse(PATCH).added_within(4, 30) is None


def test_a_deleted_part_has_no_line_for_a_comment() -> None:
    assert parse("@@ -1,2 +0,0 @@\n-a\n-b").hunks == ()


def test_a_carriage_return_within_a_line_does_not_shift_lines() -> None:
    assert sorted(parse("@@ -1 +1,3 @@\n a\r\n+b\rb\r\n+c\r").hunks[0].added) == [2, 3]
