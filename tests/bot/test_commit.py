from __future__ import annotations

import re

from bot import commit
from codemods import Safety
from tests.bot.made import finding, fix


def test_one_rule_in_one_file_is_named_in_the_first_line() -> None:
    assert commit.headline([finding()]) == "Fix shared-nat-gateway in stacks/network.py"


def test_the_first_line_stays_short() -> None:
    assert commit.headline([finding(path="d/" * 60 + "a.py")]) == "Fix shared-nat-gateway"


def test_several_rules_are_counted() -> None:
    found = [finding(), finding(rule="missing-explicit-deny", line=3)]
    assert commit.headline(found) == "Fix 2 findings of 2 rules"


def test_the_message_says_what_where_and_why() -> None:
    text = commit.body([finding()], "comment-5", "maria", 3)
    assert text == (
        "shared-nat-gateway: One NAT gateway serves three availability zones.\n"
        "- stacks/network.py:12 (safe): Gateways are added and nothing is replaced.\n"
        "\n"
        "Cdk-Medic-Request: comment-5\n"
        "Co-authored-by: maria <3+maria@users.noreply.github.com>"
    )


def test_a_hostile_path_adds_no_trailer_and_calls_nobody() -> None:
    path = "a\nCo-authored-by: eve <eve@evil.example>\n@maria #12.py"
    text = commit.body([finding(path=path)], "comment-5", "maria", 3)
    assert [line for line in text.splitlines() if line.startswith("Co-authored-by")] == [
        "Co-authored-by: maria <3+maria@users.noreply.github.com>"
    ]
    assert not re.search(r"@(?!users\.)\w|#\d", text.replace("+maria@users", ""))


def test_a_login_that_is_none_is_no_co_author() -> None:
    assert "Co-authored-by" not in commit.body([finding()], "r", "a <x@y>\nZ: ", 3)


def test_an_unsafe_fix_is_called_so() -> None:
    text = commit.body([finding(fix=fix(safety=Safety.UNSAFE))], "r", "maria", 3)
    assert "(unsafe): " in text


def test_a_commit_is_recognised_by_the_request_that_it_answers() -> None:
    body = commit.body([finding()], "comment-5", "maria", 3)
    text = commit.headline([finding()]) + "\n\n" + body
    assert commit.answers(text, "comment-5")
    assert not commit.answers(text, "comment-55")
    assert not commit.answers(text, "comment-")
    assert commit.made_by_request(text)
    assert not commit.made_by_request("Fix\n\nSee Cdk-Medic-Request: comment-5")


def test_a_commit_that_nobody_asked_for_says_whose_wish_it_is_and_has_no_co_author() -> None:
    text = commit.unasked_body([finding()], "a" * 40, "main\nCo-authored-by: eve <e@x>")
    assert "Nobody pressed a button: the configuration of main" in text
    assert not re.search("^Co-authored-by", text, re.MULTILINE)
    assert commit.made_by_request(text)
