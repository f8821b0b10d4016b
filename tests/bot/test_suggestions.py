from __future__ import annotations

import pytest

from bot.diff import Diff, Hunk, parse
from bot.suggestions import apply, lines_of, suggest
from codemods import Edit, Finding, analyse, apply_edits
from tests.bot.made import finding, fix

SOURCE = b"one\ntwo\nthree\nfour\nfive\nsix\n"


def shows(first: int, last: int) -> Diff:
    return Diff((Hunk(first, last, frozenset(range(first, last + 1))),), known=True)


def replacing(old: bytes, new: str, source: bytes = SOURCE, name: str = "") -> Finding:
    start = source.index(old)
    edit = Edit(start, start + len(old), new)
    return finding(fix=fix(edits=(edit,)), fingerprint=name or f"{old!r}-{new}")


def inserting(after: bytes, new: str, source: bytes = SOURCE) -> Finding:
    end = source.index(after) + len(after)
    return finding(fix=fix(edits=(Edit(end, end, new),)), fingerprint=f"{after!r}+{new}")


def test_an_edit_becomes_the_lines_that_it_changes() -> None:
    (made,) = suggest(SOURCE, shows(1, 6), [replacing(b"wo\nthr", "WO\nTHR")])
    assert (made.first, made.last, made.replacement) == (2, 3, "tWO\nTHRee\n")


def test_a_click_gives_exactly_the_file_that_was_parsed() -> None:
    found = [replacing(b"two", "2\n2"), inserting(b"five", "\n5.5")]
    for made in suggest(SOURCE, shows(1, 6), found):
        edits = [e for f in made.findings if f.fix for e in f.fix.edits]
        assert apply(SOURCE, made) == made.after == apply_edits(SOURCE, edits)


def test_an_insertion_repeats_the_line_before_it() -> None:
    (made,) = suggest(SOURCE, shows(1, 6), [inserting(b"three", "\nnew")])
    assert (made.first, made.last, made.replacement) == (3, 3, "three\nnew\n")


def test_an_insertion_at_the_edge_of_a_hunk_repeats_the_line_after_it() -> None:
    (made,) = suggest(SOURCE, shows(4, 6), [inserting(b"three\n", "new\n")])
    assert (made.first, made.last, made.replacement) == (4, 4, "new\nfour\n")


def test_fixes_on_neighbouring_lines_become_one() -> None:
    (made,) = suggest(SOURCE, shows(1, 6), [replacing(b"two", "2"), replacing(b"three", "3")])
    assert (made.first, made.last, made.replacement) == (2, 3, "2\n3\n")
    assert len(made.findings) == 2


def test_fixes_apart_stay_apart() -> None:
    made = suggest(SOURCE, shows(1, 6), [replacing(b"five", "5"), replacing(b"two", "2")])
    assert [(each.first, each.last) for each in made] == [(2, 2), (5, 5)]


def test_the_same_import_for_two_fixes_is_added_once() -> None:
    shared = Edit(0, 3, "ONE")
    two, three = (
        finding(fix=fix(edits=(shared, edit)), fingerprint=str(edit.start))
        for edit in (Edit(4, 7, "2"), Edit(8, 13, "3"))
    )
    (made,) = suggest(SOURCE, shows(1, 6), [two, three])
    assert made.after == b"ONE\n2\n3\nfour\nfive\nsix\n"


def test_fixes_that_exclude_each_other_leave_the_first() -> None:
    found = [replacing(b"two", "2", name="a"), replacing(b"wo\nthree", "x", name="b")]
    (made,) = suggest(SOURCE, shows(1, 6), found)
    assert [each.fingerprint for each in made.findings] == ["a"]


@pytest.mark.parametrize("diff", [shows(1, 2), shows(3, 6), Diff((), known=False), parse(None)])
def test_lines_outside_the_hunk_get_no_suggestion(diff: Diff) -> None:
    assert suggest(SOURCE, diff, [replacing(b"two\nthree", "23")]) == ()


def test_two_hunks_get_no_suggestion_across_them() -> None:
    diff = Diff((*shows(1, 2).hunks, *shows(3, 6).hunks), known=True)
    assert suggest(SOURCE, diff, [replacing(b"two\nthree", "23")]) == ()


@pytest.mark.parametrize(
    ("source", "old", "new"),
    [
        (b"one\r\ntwo\r\n", b"two", "2"),
        (b"one\ntwo", b"two", "2"),
        (b"\xef\xbb\xbfone\ntwo\n", b"one", "1"),
        ("one\ntwo \u202e\n".encode(), b"two", "2"),
        (b"one\ntwo\n", b"two", "\u2066"),
        (b"one\ntwo\xff\n", b"two", "2"),
        (b"one\ntwo\n", b"two", "2\n" * 60),
        (b"one\ntwo\n", b"two", "2" * 10_001),
    ],
    ids=["CRLF", "no last newline", "BOM", "bidi before", "bidi after", "no UTF-8", "many", "long"],
)
def test_lines_that_a_browser_could_change_get_no_suggestion(
    source: bytes, old: bytes, new: str
) -> None:
    assert suggest(source, shows(1, 9), [replacing(old, new, source)]) == ()


def test_a_finding_without_edits_gets_no_suggestion() -> None:
    assert suggest(SOURCE, shows(1, 6), [finding(fix=fix()), finding(refusal="No.")]) == ()


def test_only_a_line_feed_ends_a_line() -> None:
    assert lines_of(b"a\rb\n\x0cc\n\nd") == [b"a\rb\n", b"\x0cc\n", b"\n", b"d"]


def test_a_real_finding_gets_the_line_that_its_fix_changes() -> None:
    source = (
        b"from aws_cdk import Stack, aws_ec2 as ec2\n\n\n"
        b"class Network(Stack):\n    def __init__(self, scope, id):\n"
        b"        super().__init__(scope, id)\n"
        b'        ec2.Vpc(self, "Vpc", max_azs=3, nat_gateways=1)\n'
    )
    (found,) = analyse(source, "app.py", edits=True).findings
    (made,) = suggest(source, shows(1, 7), [found])
    assert made.replacement == '        ec2.Vpc(self, "Vpc", max_azs=3, nat_gateways=3)\n'
    assert (made.path, made.first, made.last) == ("app.py", 7, 7)
    assert analyse(made.after, "app.py").findings == ()
