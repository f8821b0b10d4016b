from __future__ import annotations

import pytest

from bot.commands import (
    Command,
    FixCommand,
    HelpCommand,
    IgnoreCommand,
    MistakenCommand,
    parse,
    unknown_rule,
)

RULES = ("shared-nat-gateway", "missing-explicit-deny", "unpinned-engine-version")


@pytest.mark.parametrize(
    ("body", "command"),
    [
        ("/fix", FixCommand()),
        ("/fix\r\nplease", FixCommand()),
        ("/fix shared-nat-gateway", FixCommand(rules=("shared-nat-gateway",))),
        ("/fix a-b c-d", FixCommand(rules=("a-b", "c-d"))),
        ("/fix ./stacks/app.py", FixCommand(paths=("stacks/app.py",))),
        ("/fix app.py", FixCommand(paths=("app.py",))),
        ("/fix --unsafe a-b", FixCommand(rules=("a-b",), unsafe=True)),
        ("/fix 0123abC", FixCommand(sha="0123abc")),
        ("/fix a-b app.py 0123abc", FixCommand(("a-b",), ("app.py",), sha="0123abc")),
        ("/fix ignore a-b", IgnoreCommand("a-b")),
        ("/fix IGNORE a-b -- a test account", IgnoreCommand("a-b", reason="a test account")),
        ("/fix ignore a-b it's --unsafe", IgnoreCommand("a-b", reason="it's --unsafe")),
        ("/fix ignore a-b ./x/app.py no", IgnoreCommand("a-b", "x/app.py", reason="no")),
        ("/fix ignore a-b app.py:12 no", IgnoreCommand("a-b", "app.py", 12, reason="no")),
        (f"/fix ignore a-b {'0A' * 20} no", IgnoreCommand("a-b", sha="0a" * 20, reason="no")),
        ("/fix ignore a-b defaced", IgnoreCommand("a-b", reason="defaced")),
        ("/fix help", HelpCommand()),
        ("/fix HELP", HelpCommand()),
    ],
)
def test_a_command_is_read(body: str, command: Command) -> None:
    assert parse(body) == command


@pytest.mark.parametrize(
    "body",
    [
        "",
        "please /fix",
        "> /fix",
        " /fix",
        "    /fix",
        "`/fix`",
        "```\n/fix\n```",
        "~~~\n/fix\n~~~",
        "hello\n/fix",
        "\n/fix",
        "/fixed",
        "/fix-it",
        "/Fix",
        "<!-- /fix -->",
        "- /fix",
        "\t/fix",
        "/ fix",
        "//fix",
        "\u200b/fix",
    ],
)
def test_talk_about_the_command_is_no_command(body: str) -> None:
    assert parse(body) is None


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("/fix --force", "--unsafe"),
        ("/fix --unsafe", "/fix --unsafe RULE"),
        ("/fix please", "“please”"),
        ("/fix 0123abc 0123abd", "several"),
        ("/fix " + "a-b " * 51, "50 words"),
    ],
)
def test_a_mistake_is_answered_with_a_sentence(body: str, says: str) -> None:
    command = parse(body)
    assert isinstance(command, MistakenCommand)
    assert says in command.problem


def test_an_unknown_rule_names_the_nearest() -> None:
    assert unknown_rule(["shared-nat-gatway"], RULES).endswith("Did you mean shared-nat-gateway?")


def test_a_rule_like_no_other_lists_them_all() -> None:
    assert unknown_rule(["zz-zz"], RULES).endswith(
        "The rules are missing-explicit-deny, shared-nat-gateway, unpinned-engine-version."
    )


def test_known_rules_are_no_problem() -> None:
    assert unknown_rule(RULES, RULES) == ""


@pytest.mark.parametrize("body", ["/fix ignore", "/fix ignore everything", "/fix ignore app.py no"])
def test_an_ignore_needs_its_rule(body: str) -> None:
    command = parse(body)
    assert isinstance(command, MistakenCommand)
    assert "/fix ignore RULE [reason]" in command.problem


def test_a_reason_may_be_a_whole_sentence() -> None:
    command = parse("/fix ignore a-b " + "word " * 500)
    assert isinstance(command, IgnoreCommand)
    assert len(command.reason) == 1000


def test_fixes_can_be_asked_for_as_a_pull_request() -> None:
    assert parse("/fix --pr") == FixCommand(proposes=True)
    assert parse("/fix --pr --unsafe shared-nat-gateway infra/network.py") == FixCommand(
        rules=("shared-nat-gateway",), paths=("infra/network.py",), unsafe=True, proposes=True
    )
