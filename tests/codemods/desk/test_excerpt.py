"""The marked line of code."""

from __future__ import annotations

from codemods import analyse
from codemods.desk.excerpt import Excerpt
from codemods.desk.terminal import Terminal, columns
from codemods.rule import Finding, Level, Position


def shown(line: str, start: int, end: int, cut: int = 80, until: int = 7) -> tuple[str, str]:
    """The line of code and the line of marks, for a finding on line 7."""
    finding = Finding(
        rule="shared-nat-gateway",
        level=Level.HIGH,
        path="a.py",
        start=Position(7, start),
        end=Position(until, end),
        message="",
        documentation="",
        fix=None,
        refusal="",
        fingerprint="",
    )
    above, code, marks, below = Excerpt(finding, line).shown(Terminal(cut=cut))
    assert above == below == "  |"
    return code, marks


def test_the_wrong_part_is_marked() -> None:
    assert shown("f(a=10)", 5, 7) == ("7 | f(a=10)", "  |     ^^")


def test_marks_stand_below_tabs_wide_and_combining_characters() -> None:
    code, marks = shown("\tf('漢e\u0301', 1)", 11, 12)
    assert code == "7 |     f('漢e\u0301', 1)"
    assert columns(code[: code.index("1)")]) == marks.index("^")


def test_what_steers_a_terminal_is_marked_as_it_is_shown() -> None:
    code, marks = shown("f('\x1b', 1)", 8, 9)
    assert code == "7 | f('\\x1b', 1)"
    assert marks.index("^") == code.index("1)")


def test_code_that_goes_on_says_to_where() -> None:
    code, marks = shown("  f(1,  ", 3, 2, until=9)
    assert (code, marks) == ("7 |   f(1,", "  |   ^^^^ … to line 9")


def test_a_long_line_is_cut_around_the_wrong_part() -> None:
    line = "x" * 200 + "WRONG" + "y" * 200
    code, marks = shown(line, 201, 206, cut=60)
    assert columns(code) <= 60
    assert code[marks.index("^") :].startswith("WRONGy")
    assert code.startswith("7 | …")
    assert code.endswith("…")


def test_a_long_wrong_part_is_cut_too() -> None:
    code, marks = shown("f(" + "x" * 300 + ")", 3, 303, cut=60)
    assert columns(code) <= 60
    assert columns(marks) <= 60
    assert code.startswith("7 | f(xxx")
    assert code.endswith("x…")


def test_every_place_in_a_line_fits_every_width() -> None:
    line = "\t" + "漢x" * 40 + "# note"
    for cut in range(40, 120, 7):
        for start in range(1, len(line), 5):
            code, marks = shown(line, start, start + 3, cut)
            assert columns(code) <= cut
            assert columns(marks) <= cut
            assert "^" in marks


def test_an_excerpt_is_the_line_of_a_real_finding() -> None:
    text = "from aws_cdk import aws_ec2\naws_ec2.Vpc(s, 'V', nat_gateways=1)\n"
    (finding,) = analyse(text.encode(), "a.py").findings
    lines = Excerpt(finding, text.splitlines()[1]).shown(Terminal())
    assert lines[1] == "2 | aws_ec2.Vpc(s, 'V', nat_gateways=1)"
    assert lines[2].rstrip("^").endswith(" " * len("aws_ec2.Vpc(s, 'V', nat_gateways="))
