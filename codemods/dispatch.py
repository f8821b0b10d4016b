"""Which rules look at what: at a file by the words in its bytes, at a call by what it passes.

A rule says what it wants to be shown, and costs nothing elsewhere. The tables for that are made
once, for all files of one policy.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache, lru_cache

from codemods.registry import rules
from codemods.rule import Rule
from codemods.settings.policy import Policy

Rules = tuple[type[Rule], ...]


class Watchers:
    """The rules that want to be shown the references to one word, the gravest first."""

    def __init__(self, watching: Rules) -> None:
        self._watching = watching
        self._anyhow = tuple(rule for rule in watching if not rule.arguments)
        self._by_argument = {
            argument: frozenset(rule for rule in watching if argument in rule.arguments)
            for argument in frozenset[str]().union(*(rule.arguments for rule in watching))
        }

    def of(self, call: ast.Call | None) -> Rules:
        """Those that look at a reference which is the callee of a call, or of none."""
        if call is None or not self._by_argument:
            return self._anyhow
        passed = [keyword.arg for keyword in call.keywords]
        if None in passed:  # what is unpacked may be anything
            return self._watching
        wanting = [self._by_argument[each] for each in passed if each in self._by_argument]
        if not wanting:
            return self._anyhow
        wanted = frozenset(self._anyhow).union(*wanting)
        return tuple(rule for rule in self._watching if rule in wanted)


class Dispatch:
    """The rules of one policy, by the words that make them look at a file.

    Args:
        selected: the rules that run, the gravest first.
        widened: the names of those for which `Rule.trigger_words` do not matter.
    """

    def __init__(self, selected: Sequence[type[Rule]], widened: frozenset[str]) -> None:
        self._rules = selected
        self._tables: dict[int, Mapping[str, Watchers]] = {}
        self._untriggered = sum(
            1 << number
            for number, rule in enumerate(selected)
            if rule.name in widened or not rule.trigger_words()
        )
        self._triggers = _spelled(selected, lambda rule: rule.trigger_words())
        self._names = _spelled(selected, lambda rule: rule.names)

    def watchers(self, source: bytes) -> Mapping[str, Watchers]:
        """For each word, the rules that may find something at references to it in a file."""
        triggered = self._untriggered
        for word, bits in self._triggers:
            if word in source:
                triggered |= bits
        named = 0
        for word, bits in self._names:
            if bits & triggered & ~named and word in source:
                named |= bits
        looking = named & triggered
        table = self._tables.get(looking)
        if table is None:
            table = self._tables[looking] = self._table(looking)
        return table

    def _table(self, looking: int) -> Mapping[str, Watchers]:
        found: dict[str, Rules] = {}
        for number, rule in enumerate(self._rules):
            for word in rule.names if looking >> number & 1 else ():
                found[word] = (*found.get(word, ()), rule)
        return {word: Watchers(watching) for word, watching in found.items()}


def dispatch(policy: Policy | None) -> Dispatch:
    """The dispatch for the rules that a policy wants; None stands for whichever policy."""
    if policy is None:
        every = frozenset(rule.name for rule in _widening(frozenset()))
        return _dispatch(frozenset(), frozenset(), frozenset(), every)
    options, packs = policy.options, policy.packs
    widened = frozenset(
        rule.name for rule in _widening(packs) if options.get(rule.name, {}).get(rule.widened_by)
    )
    return _dispatch(policy.select, policy.ignore, packs, widened)


@lru_cache(maxsize=16)
def _dispatch(
    select: frozenset[str],
    ignore: frozenset[str],
    packs: frozenset[str],
    widened: frozenset[str],
) -> Dispatch:
    policy = Policy(select=select, ignore=ignore)
    return Dispatch([rule for rule in rules(packs).values() if policy.wants(rule.name)], widened)


@cache
def _widening(packs: frozenset[str]) -> Rules:
    return tuple(rule for rule in rules(packs).values() if rule.widened_by)


def _spelled(
    selected: Sequence[type[Rule]], words: Callable[[type[Rule]], Iterable[str]]
) -> tuple[tuple[bytes, int], ...]:
    """Each word with the rules that have it: a set of rules is a number, a bit for each."""
    bits: dict[str, int] = {}
    for number, rule in enumerate(selected):
        for word in words(rule):
            bits[word] = bits.get(word, 0) | 1 << number
    return tuple((word.encode(), found) for word, found in sorted(bits.items()))
