"""Fingerprints: what makes a finding the same finding after lines have moved."""

from __future__ import annotations

import ast
from collections import Counter

from codemods.base import identity
from codemods.code.module import Module
from codemods.rule import Rule


class Fingerprints:
    """Names findings of one module by rule, path, scope, construct id, callee and ordinal.

    Args are left out on purpose: an edit of another argument of the same call keeps the finding's
    identity, and with it every answer that a person gave to it.
    """

    def __init__(self, module: Module) -> None:
        self._module = module
        self._seen: Counter[tuple[str, ...]] = Counter()

    def of(self, rule: Rule, call: ast.expr) -> str:
        """Sixteen hexadecimal digits for the next finding of a rule at a construct's call."""
        import hashlib  # only here: a check that finds nothing starts a tenth faster without it

        name, construct_id = identity(self._module, call)
        key = (rule.name, self._module.path, self._module.qualname(call), construct_id, name)
        ordinal = self._seen[key]
        self._seen[key] += 1
        text = "\0".join([*key, str(ordinal)])
        return hashlib.sha256(text.encode(errors="surrogateescape")).hexdigest()[:16]
