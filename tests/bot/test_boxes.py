from __future__ import annotations

from bot.boxes import Box, newly_ticked, render, untick
from tests.bot.made import finding

DENY = "missing-explicit-deny"
NAT = "shared-nat-gateway"


def tick(body: str, label: str) -> str:
    """What GitHub's page makes of the comment when the box on the line with `label` is ticked."""
    lines = body.split("\n")
    (at,) = [number for number, line in enumerate(lines) if label in line]
    lines[at] = lines[at].replace("- [ ]", "- [x]")
    return "\n".join(lines)


def test_there_is_a_box_a_rule_and_one_for_all_that_is_safe() -> None:
    text = render([finding(), finding(line=3), finding(rule=DENY)], [finding(line=9)])
    assert [line.partition(" <!--")[0] for line in text.splitlines()] == [
        "- [ ] all safe fixes (3)",
        f"- [ ] `{DENY}`: 1 safe fix",
        f"- [ ] `{NAT}`: 2 safe fixes",
        f"- [ ] `{NAT}`: 1 **unsafe** fix and the safe ones",
    ]


def test_one_rule_needs_no_box_for_all() -> None:
    assert "all" not in render([finding()], [])


def test_nothing_to_fix_is_no_box() -> None:
    assert render([], []) == ""


def test_a_tick_says_which_fixes() -> None:
    text = render([finding(), finding(rule=DENY)], [finding(line=9)])
    assert newly_ticked(text, tick(text, "all safe")) == {Box("", unsafe=False)}
    assert newly_ticked(text, tick(text, f"`{DENY}`")) == {Box(DENY, unsafe=False)}
    assert newly_ticked(text, tick(text, "unsafe")) == {Box(NAT, unsafe=True)}


def test_only_what_the_edit_ticked_counts() -> None:
    text = render([finding(), finding(rule=DENY)], [])
    once = tick(text, "all safe")
    assert newly_ticked(once, tick(once, f"`{DENY}`")) == {Box(DENY, unsafe=False)}
    assert newly_ticked(once, text) == frozenset()
    assert newly_ticked(text, text + "\nwords") == frozenset()


def test_a_tick_survives_the_line_ends_of_browsers() -> None:
    text = render([finding()], []).replace("\n", "\r\n") + "\r\n"
    assert newly_ticked(text, tick(text, NAT)) == {Box(NAT, unsafe=False)}


def test_a_list_of_somebody_else_is_no_box() -> None:
    body = "- [ ] buy milk\n- [ ] <!-- cdk-medic:box all --> everything\n"
    assert newly_ticked(body, body.replace("[ ]", "[x]")) == frozenset()


def test_there_is_no_box_for_every_unsafe_fix() -> None:
    body = "- [ ] everything <!-- cdk-medic:box all -->"
    assert newly_ticked(body, body.replace("[ ]", "[x]")) == frozenset()


def test_unticking_empties_the_boxes_and_nothing_else() -> None:
    text = render([finding(), finding(rule=DENY)], []) + "\n- [x] buy milk"
    assert untick(tick(tick(text, "all safe"), f"`{DENY}`")) == text
