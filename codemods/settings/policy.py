"""What a repository wants of the rules."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from codemods.rule import Level
from codemods.settings.environments import Environments


@dataclass(frozen=True)
class Policy:
    """Which rules run, with which options, on which code base.

    Attributes:
        select: the only rules that run; empty means all. A rule named here counts at any level.
        ignore: rules that do not run.
        safe: rules whose fixes are safe because somebody says so.
        unsafe: rules whose fixes are for a person to decide, whatever the rule says.
        fail_on: the level at and above which a finding makes `check` fail; None for never.
        options: by rule name, the options that differ from the rule's defaults.
        packs: the packs whose rules there are besides our own, see `codemods.registry`.
        environments: what is production and what is not.
        cdk_version: the aws-cdk-lib version that the code base uses, None where unknown.
        line_length: the project's own line length in code points, None where it sets none.
        today: the day on which ignore comments expire or not; the present one where None.
    """

    select: frozenset[str] = frozenset()
    ignore: frozenset[str] = frozenset()
    safe: frozenset[str] = frozenset()
    unsafe: frozenset[str] = frozenset()
    fail_on: Level | None = Level.MEDIUM
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    packs: frozenset[str] = frozenset()
    environments: Environments = field(default_factory=Environments)
    cdk_version: str | None = None
    line_length: int | None = None
    today: dt.date | None = None

    def wants(self, rule: str) -> bool:
        """Whether a rule runs."""
        return rule not in self.ignore and (not self.select or rule in self.select)

    def limited_to(self, rules: frozenset[str]) -> Policy:
        """The policy for somebody who names rules: of those it runs the ones that it ran before."""
        unwanted = frozenset(rule for rule in rules if not self.wants(rule))
        return replace(self, select=rules, ignore=self.ignore | unwanted)
