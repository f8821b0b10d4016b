"""The rules, found by walking their package: a new file under `codemods/rules/` is a new rule.

Other packages bring rules through an entry point of the group `cdk_medic.rules`: a pack, which is a
package to walk in the same way. It is imported only for a configuration that names it.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType

from codemods.rule import Rule

GROUP = "cdk_medic.rules"
"""The group of entry points that name packs."""


class PackError(Exception):
    """A pack cannot be used; the message is a sentence that says why."""


@cache
def rules(packs: frozenset[str] = frozenset()) -> Mapping[str, type[Rule]]:
    """Every rule by name, the gravest first.

    Args:
        packs: the names of the packs whose rules there are besides our own.

    Raises:
        PackError: a pack is not installed, cannot be imported, or brings no rule of a free name.
    """
    found = _rules_in("codemods.rules")
    for pack in sorted(packs):
        for rule in _pack(pack):
            if rule.name in {other.name for other in found}:
                raise PackError(f"{pack} brings {rule.name}, and there is such a rule already")
            found.append(rule)
    ordered = sorted(found, key=lambda rule: (-rule.level, rule.name))
    return MappingProxyType({rule.name: rule for rule in ordered})


def _pack(name: str) -> list[type[Rule]]:
    from importlib.metadata import entry_points

    found = list(entry_points(group=GROUP, name=name))
    if not found:
        raise PackError(f"{name} is no installed pack of rules")
    try:
        brought = _rules_in(found[0].value)
    except Exception as error:  # a pack may fail in any way while it is imported
        raise PackError(f"{name} cannot be used: {type(error).__name__}: {error}") from error
    if not brought:
        raise PackError(f"{name} brings no rule")
    return brought


def _rules_in(name: str) -> list[type[Rule]]:
    package = importlib.import_module(name)
    return [
        _rule_in(importlib.import_module(f"{name}.{module.name}"))
        for module in pkgutil.iter_modules(package.__path__)
        if not module.name.startswith("_")
    ]


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
