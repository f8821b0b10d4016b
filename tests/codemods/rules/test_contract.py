"""The contract that every rule signs, checked over all of them at once."""

from __future__ import annotations

import ast
import io
import itertools
import tokenize
from pathlib import Path

import pytest

from codemods import Policy, fix
from codemods.registry import rules
from codemods.rule import Rule

NAMES = list(rules())
RULES = pytest.mark.parametrize("rule", list(rules().values()), ids=NAMES)
FORMS = {
    "plain": lambda text: text.encode(),
    "byte order mark": lambda text: b"\xef\xbb\xbf" + text.encode(),
    "CRLF": lambda text: text.replace("\n", "\r\n").encode(),
    "tabs": lambda text: text.replace("    ", "\t").encode(),
    "no final newline": lambda text: text.rstrip("\n").encode(),
    "non-ASCII": lambda text: ("# größer 日本\n" + text).encode(),
}


def apply(rule: type[Rule], source: bytes) -> bytes:
    policy = Policy(select=frozenset({rule.name}))
    return fix(source, "stack.py", policy, unsafe=True).source


def before(rule: type[Rule]) -> str:
    return rule.section("Before") + "\n"


@RULES
def test_module_class_and_name_agree(rule: type[Rule]) -> None:
    stem = rule.__module__.rpartition(".")[2]
    assert stem.replace("_", "-") == rule.name
    assert stem.replace("_", "") == rule.__name__.lower()


@RULES
def test_every_heading_is_there_and_says_something(rule: type[Rule]) -> None:
    assert rule.title()
    assert {heading for heading in Rule.HEADINGS if not rule.section(heading)} == set()


@RULES
def test_the_page_begins_the_safety_with_the_word(rule: type[Rule]) -> None:
    assert rule.section("Fix safety").startswith(("Safe", "Unsafe"))


@RULES
def test_it_says_why_the_fix_is_unsafe_for_a_deployed_construct(rule: type[Rule]) -> None:
    assert "deployed" in rule.deployed
    assert rule.deployed.endswith(".")


@RULES
def test_before_becomes_after_exactly(rule: type[Rule]) -> None:
    assert apply(rule, before(rule).encode()).decode() == rule.section("After") + "\n"


@RULES
def test_after_is_a_fixed_point(rule: type[Rule]) -> None:
    after = (rule.section("After") + "\n").encode()
    assert apply(rule, after) == after


@RULES
@pytest.mark.parametrize("form", FORMS)
def test_bytes_outside_the_edit_stay(rule: type[Rule], form: str) -> None:
    source = FORMS[form](before(rule))
    fixed = apply(rule, source)
    assert fixed != source
    assert fixed == FORMS[form](rule.section("After") + "\n")


@RULES
def test_comments_are_kept_and_the_output_parses(rule: type[Rule]) -> None:
    source = with_comments(before(rule))
    fixed = apply(rule, source.encode()).decode()
    ast.parse(fixed)
    assert [c for c in comments(source) if c.startswith("# kept")] == [
        c for c in comments(fixed) if c.startswith("# kept")
    ]


@RULES
def test_a_test_file_mirrors_the_rule(rule: type[Rule]) -> None:
    stem = rule.__module__.rpartition(".")[2]
    assert (Path(__file__).parent / f"test_{stem}.py").is_file()


@RULES
def test_its_documentation_is_a_page_of_aws(rule: type[Rule]) -> None:
    assert rule.documentation.startswith("https://docs.aws.amazon.com/")


def test_rules_commute_pairwise() -> None:
    for first, second in itertools.permutations(rules().values(), 2):
        source = (before(first) + "\n\n" + before(second)).encode()
        assert apply(second, apply(first, source)) == apply(first, apply(second, source)), (
            f"{first.name} and {second.name} depend on their order"
        )


def test_one_run_of_all_rules_reaches_the_fixed_point() -> None:
    source = "\n\n".join(before(rule) for rule in rules().values()).encode()
    policy = Policy(select=frozenset(NAMES))
    once = fix(source, "stack.py", policy, unsafe=True).source
    assert fix(once, "stack.py", policy, unsafe=True).source == once
    one_by_one = source
    for rule in rules().values():
        one_by_one = apply(rule, one_by_one)
    assert once == one_by_one


def with_comments(source: str) -> str:
    """A comment of its own before every line on which one may stand, and behind every line."""
    inside = multiline_strings(source)
    lines: list[str] = []
    for number, line in enumerate(source.splitlines(), 1):
        indent = line[: len(line) - len(line.lstrip())]
        if line.strip() and number not in inside:
            lines.append(f"{indent}# kept {number}")
        lines.append(line)
    return "\n".join(lines) + "\n"


def multiline_strings(source: str) -> set[int]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {
        line
        for token in tokens
        if token.type == tokenize.STRING
        for line in range(token.start[0] + 1, token.end[0] + 1)
    }


def comments(source: str) -> list[str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return [token.string for token in tokens if token.type == tokenize.COMMENT]
