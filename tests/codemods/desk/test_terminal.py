"""Text that neither steers a terminal nor hides from a reader."""

from __future__ import annotations

import io

import pytest

from codemods.desk.terminal import Terminal, columns, terminal, visible


class Tty(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def _plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


@pytest.mark.parametrize(
    ("stream", "environment", "colour"),
    [
        (Tty(), {}, True),
        (Tty(), {"NO_COLOR": "1"}, False),
        (Tty(), {"NO_COLOR": ""}, True),
        (Tty(), {"TERM": "dumb"}, False),
        (Tty(), {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (io.StringIO(), {}, False),
        (io.StringIO(), {"FORCE_COLOR": "1"}, True),
    ],
)
def test_colour_is_for_terminals_and_for_who_asks(
    monkeypatch: pytest.MonkeyPatch, stream: io.StringIO, environment: dict[str, str], colour: bool
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert terminal(stream).colour is colour


@pytest.mark.parametrize(
    ("given", "width", "cut"),
    [("80", 80, 80), ("200", 100, 200), ("3", 40, 40), ("0", 100, 100), ("many", 100, 100)],
)
def test_prose_is_wrapped_where_it_reads_well_and_code_where_it_ends(
    monkeypatch: pytest.MonkeyPatch, given: str, width: int, cut: int
) -> None:
    monkeypatch.setenv("COLUMNS", given)
    looks = terminal(Tty())
    assert (looks.width, looks.cut) == (width, cut)


def test_what_steers_or_hides_is_spelled_out() -> None:
    assert visible("a\x1b[31m\r\n\x9b") == "a\\x1b[31m\\x0d\\x0a\\x9b"
    assert (
        visible("\u202eevil\u2066\u200b\ufeff\u2028") == "\\u202eevil\\u2066\\u200b\\ufeff\\u2028"
    )
    assert visible("st\udcffck\ud800") == "st\\xffck\\ud800"
    assert visible("größe 😀 ẽ") == "größe 😀 ẽ"


def test_a_style_is_nothing_without_colour() -> None:
    assert Terminal().style("x", "red") == "x"
    assert Terminal(colour=True).style("x", "red", "bold") == "\x1b[31;1mx\x1b[0m"
    assert Terminal(colour=True).style("", "red") == ""


def test_wide_characters_take_two_columns_and_combining_ones_none() -> None:
    assert columns("ab") == 2
    assert columns("漢字") == 4
    assert columns("e\u0301") == 1


def test_a_paragraph_is_wrapped_without_breaking_words() -> None:
    text = "one two https://example.org/a-rather-long-address"
    assert Terminal(width=20).wrapped(text, "  ", "> ").splitlines() == [
        "> one two",
        "  https://example.org/a-rather-long-address",
    ]
