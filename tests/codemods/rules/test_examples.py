"""The contract goes on: every example synthesizes, and its fix changes what the rule declares."""

from __future__ import annotations

import re

import pytest

from codemods import Policy, fix
from codemods.registry import rules
from codemods.rule import Fix, Rule
from tests.synthesis import ROOT, Bench, Template
from tests.synthesis.changes import changes, properties, replaced

RULES = pytest.mark.parametrize("rule", list(rules().values()), ids=list(rules()))
BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
ATTRIBUTES = {"DependsOn"}  # what stands beside the properties and is no part of a type's schema

Pair = tuple[dict[str, Template], dict[str, Template]]


def examples(rule: type[Rule]) -> list[str]:
    """The Python on a rule's page: the code before and after."""
    return BLOCK.findall((ROOT / "docs" / "rules" / f"{rule.name}.md").read_text())


def applied(rule: type[Rule]) -> Fix:
    """The fix of a rule's example."""
    policy = Policy(select=frozenset({rule.name}))
    (finding,) = fix(examples(rule)[0].encode(), "stack.py", policy, unsafe=True).applied
    assert finding.fix is not None
    return finding.fix


@pytest.fixture(scope="module")
def synthesized(bench: Bench) -> dict[str, Pair]:
    before, after = zip(*(examples(rule) for rule in rules().values()), strict=True)
    pairs = zip(bench.batch(before), bench.batch(after), strict=True)
    return dict(zip(rules(), pairs, strict=True))


@RULES
def test_the_page_shows_the_example_of_the_docstring(rule: type[Rule]) -> None:
    assert examples(rule) == [rule.section(heading) + "\n" for heading in ("Before", "After")]


@RULES
def test_the_example_changes_what_its_fix_declares_and_nothing_else(
    rule: type[Rule], synthesized: dict[str, Pair]
) -> None:
    found = changes(*synthesized[rule.name])
    assert found
    assert found <= set(applied(rule).changes)
    assert set(applied(rule).changes) <= set(rule.changes)


@RULES
def test_the_fix_says_what_cloudformation_replaces(
    rule: type[Rule], synthesized: dict[str, Pair]
) -> None:
    assert set(applied(rule).replaces) == replaced(changes(*synthesized[rule.name]))


@RULES
def test_only_a_rule_that_says_so_changes_what_cannot_change_in_place(rule: type[Rule]) -> None:
    assert replaced(set(rule.changes)) == set(applied(rule).replaces)


@RULES
def test_what_a_rule_declares_exists_in_cloudformation(rule: type[Rule]) -> None:
    for change in rule.changes:
        kind, _, name = change.partition(".")
        assert not name or name in properties(kind) | ATTRIBUTES, change
