"""The rules, found by walking their package: a new file under `codemods/rules/` is a new rule."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from codemods.rule import Rule


@cache
def rules() -> Mapping[str, type[Rule]]:
    """Every rule by name, the gravest first."""
    package = importlib.import_module("codemods.rules")
    found = [
        _rule_in(importlib.import_module(f"codemods.rules.{module.name}"))
        for module in pkgutil.iter_modules(package.__path__)
        if not module.name.startswith("_")
    ]
    ordered = sorted(found, key=lambda rule: (-rule.level, rule.name))
    return MappingProxyType({rule.name: rule for rule in ordered})


def _rule_in(module: object) -> type[Rule]:
    name = str(getattr(module, "__name__", ""))
    own = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Rule) and value.__module__ == name
    ]
    if len(own) != 1:
        raise TypeError(f"{name} defines {len(own)} rules; a rule file defines exactly one")
    return own[0]
