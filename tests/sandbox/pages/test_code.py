import pytest

from sandbox.pages.code import Highlighter

HOSTILE = [
    "<script>alert(1)</script>",
    "x = '</span></td></table><img src=x onerror=alert(1)>'",
    '"""\n</style>\n"""',
    "a\rb\r\nc\x0bd\x1ce\u2028f\x85g",
    "\x00\x1b[31mred",
    "",
    "\n\n\n",
    "'" * 200,
    "\udcff not utf-8",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("name", ["a.py", "a.json", "a.md", "a.html", "Dockerfile", "a.unknown"])
def test_every_line_is_one_line_and_escaped(text: str, name: str) -> None:
    lines = Highlighter().file(text, name)
    assert len(lines) == text.count("\n") + 1
    assert not any("<script" in line or "<img" in line or "</td" in line for line in lines)


def test_python_has_colours_over_several_lines() -> None:
    first, second = Highlighter().file('x = """one\ntwo"""', "a.py")
    assert '<span class="s2">"""one</span>' in first.replace("&quot;", '"')
    assert '<span class="s2">two"""</span>' in second.replace("&quot;", '"')


def test_characters_that_turn_the_reading_direction_are_named() -> None:
    [line] = Highlighter().file("if admin:\u202e # x", "a.py")
    assert "\u202e" not in line
    assert '<span class="deceiving">U+202E</span>' in line


def test_control_characters_become_pictures() -> None:
    assert Highlighter().file("a\rb\x1b", "a") == ("a␍b␛",)
