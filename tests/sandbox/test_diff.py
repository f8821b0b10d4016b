from sandbox.diff import hunks

PATCH = "@@ -1,3 +1,4 @@\n one\n-two\n+2\n+2.5\n three\n@@ -10 +11 @@ def f():\n-a\n+b"


def test_lines_have_their_numbers_on_both_sides() -> None:
    first, second = hunks(PATCH)
    assert [(x.kind, x.old, x.new) for x in first.lines] == [
        (" ", 1, 1),
        ("-", 2, None),
        ("+", None, 2),
        ("+", None, 3),
        (" ", 3, 4),
    ]
    assert [(x.kind, x.old, x.new) for x in second.lines] == [("-", 10, None), ("+", None, 11)]


def test_positions_run_on_over_later_hunk_headers() -> None:
    _, second = hunks(PATCH)
    assert [line.position for line in second.lines] == [7, 8]


def test_a_line_is_found_on_its_side_only() -> None:
    first, _ = hunks(PATCH)
    right, left = first.line(2, "RIGHT"), first.line(2, "LEFT")
    assert right is not None
    assert right.text == "2"
    assert left is not None
    assert left.text == "two"
    assert first.line(9, "RIGHT") is None


def test_the_hunk_of_a_comment_ends_at_its_line() -> None:
    first, _ = hunks(PATCH)
    last = first.line(2, "RIGHT")
    assert last is not None
    assert first.up_to(last) == "@@ -1,3 +1,4 @@\n one\n-two\n+2"


def test_a_file_without_a_patch_has_no_hunks() -> None:
    assert hunks(None) == ()
