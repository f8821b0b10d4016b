from __future__ import annotations

import html
import random
import re

import cmarkgfm
import pytest
from cmarkgfm.cmark import Options

from bot import markdown

HOSTILE = [
    "@maria",
    "@acme/team",
    "&#64;maria",
    "&commat;maria",
    "\\@maria",
    "a@b.com",
    "<img src=x onerror=alert(1)>",
    "<!-- cdk-medic:summary -->",
    "-->",
    "</details>",
    "[x](https://evil.example)",
    "![x](https://evil.example/p.png)",
    "https://evil.example/a",
    "http://evil.example",
    "www.evil.example",
    "mailto:a@b.com",
    "acme/payments#12",
    "#12",
    "GH-12",
    "`",
    "``",
    "```",
    "~~~",
    "|",
    "\\|",
    "\\",
    "*",
    "_",
    "\n\n# x",
    "\n- [ ] box",
    "\r\n",
    "\u202e",
    "\u2066",
    "\x00",
    "\x1b[31m",
    "name",
    "é",
    " ",
    "-",
    "1.",
]


def rendered(value: str) -> str:
    return str(
        cmarkgfm.markdown_to_html_with_extensions(
            value,
            options=Options.CMARK_OPT_UNSAFE,
            extensions=["table", "autolink", "strikethrough", "tasklist"],
        )
    )


def prose(page: str) -> str:
    """What readers and GitHub's filters see outside of code."""
    outside = re.sub(r"<(code|pre)[^>]*>.*?</\1>", "", page, flags=re.DOTALL)
    return html.unescape(re.sub(r"<[^>]*>", "", outside))


def dead(page: str, tags: set[str]) -> bool:
    """Whether nothing in a page mentions, links, embeds or uses a tag that is not ours."""
    seen = prose(page)
    return (
        not re.search(r"@[A-Za-z0-9]|#\d|\bGH-\d|\S://|\bwww\.", seen)
        and {tag.lower() for tag in re.findall(r"<([A-Za-z0-9]+)", page)} <= tags
        and "<!--" not in page
        and not markdown.has_bidi(page)
    )


def fuzzed(number: int) -> list[str]:
    dice = random.Random(64)
    return ["".join(dice.choices(HOSTILE, k=dice.randint(1, 9))) for _ in range(number)]


def test_nothing_that_a_stranger_wrote_comes_alive_in_a_sentence() -> None:
    for value in fuzzed(4000):
        page = rendered(f"Found {markdown.text(value)} here.")
        assert dead(page, {"p", "code"}), value


def test_nothing_that_a_stranger_wrote_leaves_a_code_span() -> None:
    for value in fuzzed(3000):
        page = rendered(f"Found {markdown.code(value)} here.")
        assert dead(page, {"p", "code"}), value
        assert prose(page).split() == ["Found", "here."], value


def test_nothing_that_a_stranger_wrote_leaves_its_cell() -> None:
    for value in fuzzed(3000):
        table = markdown.table(["a", "b"], [[markdown.code(value), markdown.text(value)]])
        page = rendered(table)
        assert dead(page, {"table", "thead", "tbody", "tr", "th", "td", "code"}), value
        assert len(re.findall(r"<td", page)) == 2, value


def test_nothing_that_a_stranger_wrote_ends_a_code_block() -> None:
    for value in fuzzed(1000):
        page = rendered(markdown.fence(value + "\n", "suggestion") + "\n\nend")
        assert re.fullmatch(r"<pre.*</pre>\n<p>end</p>\n", page, re.DOTALL), value


def test_a_marker_cannot_be_ended_from_inside() -> None:
    for value in [*HOSTILE, "--", "a--b", "-", "x>"]:
        mark = markdown.marker("findings", value, "ok")
        assert mark.count("-->") == 1
        assert rendered(f"{mark}\n\nend").endswith("<p>end</p>\n")
        assert markdown.marked(f"x\n{mark}", "findings")[1] == "ok"


def test_a_marker_is_read_from_the_last_line_alone() -> None:
    both = f"{markdown.marker('one', 'a', 'b')} {markdown.marker('two', 'c')}"
    body = f"`{markdown.marker('one', 'forged')}`\n{markdown.marker('two', 'x')}\n\n{both}\n"
    assert markdown.marked(body, "one") == ["a", "b"]
    assert markdown.marked(body, "two") == ["c"]
    assert markdown.marked(body + "words", "one") == []


def test_what_the_bot_sets_in_backticks_stays_code() -> None:
    assert rendered(markdown.text("Set `nat_gateways=3` here.")) == (
        "<p>Set <code>nat_gateways=3</code> here.</p>\n"
    )


def test_turned_text_becomes_visible() -> None:
    assert markdown.plain("a\u202eb") == "aU+202Eb"


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://a b", "https://a)b", "x"])
def test_only_plain_web_addresses_become_links(address: str) -> None:
    assert "(" not in markdown.link("x", address)


def test_a_link_is_a_link() -> None:
    page = rendered(markdown.link("documentation", "https://docs.aws.amazon.com/a#b"))
    assert '<a href="https://docs.aws.amazon.com/a#b">documentation</a>' in page


def test_a_long_text_loses_whole_lines_before_its_ending() -> None:
    assert markdown.cut("one\ntwo\nthree\n", "END", 12) == "one\ntwo\nEND"


def test_a_short_text_is_left_alone() -> None:
    assert markdown.cut("one\n", "END", 12) == "one\nEND"


def test_a_commit_message_calls_nobody() -> None:
    line = markdown.commit_text("by @maria, see acme/x#12\nCo-authored-by: x <a@b.com>")
    assert not re.search(r"@\w|#\d|\n", line)


def test_a_summary_that_reads_no_markdown_has_inert_code() -> None:
    for value in fuzzed(2000):
        page = rendered(markdown.details(markdown.html_code(value), "Below."))
        assert dead(page, {"p", "code", "details", "summary"}), value


def test_what_cannot_be_seen_in_a_listing_is_shown() -> None:
    listing = markdown.listing("a\tb\r\n\u202ec\x1b", "diff")
    assert listing == "```diff\na\tb\nU+202EcU+001B\n```"
