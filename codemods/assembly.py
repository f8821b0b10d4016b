"""From what a rule discovered to the finding that people read: edits, safety, fingerprint."""

from __future__ import annotations

from dataclasses import fields

from codemods.base import Base, identity
from codemods.cdk.places import places_of
from codemods.code.module import Module
from codemods.fingerprints import Fingerprints
from codemods.rewriting.editing import apply_edits, parses
from codemods.rewriting.kinds import UnrewritableError
from codemods.rule import Discovery, Edit, Finding, Fix, Level, Plan, Rule, Safety

_NEW = "The construct is new in this change: nothing that is deployed is touched."
_NOTICE = "The configuration names its stack as non-production, so this is a notice."


class Assembler:
    """Makes the findings of one module.

    Args:
        module: the module under analysis.
        base: what the base of the change has; None where there is nothing to compare with.
        edits: whether findings carry their edits.
    """

    def __init__(self, module: Module, base: Base | None, *, edits: bool) -> None:
        self._module = module
        self._base = base
        self._edits = edits
        self._fingerprints = Fingerprints(module)

    def finding(self, rule: Rule, discovery: Discovery) -> Finding:
        """The finding that a discovery becomes; each call counts for later fingerprints."""
        source = self._module.source
        start, end = source.span(discovery.node)
        fix, refusal = self._outcome(rule, discovery)
        is_notice = self._is_outside_production(rule, discovery)
        return Finding(
            rule=rule.name,
            level=Level.LOW if is_notice else rule.level,
            path=self._module.path,
            start=source.position(start),
            end=source.position(end),
            message=f"{discovery.message} {_NOTICE}" if is_notice else discovery.message,
            documentation=rule.documentation,
            fix=fix,
            refusal=refusal,
            fingerprint=self._fingerprints.of(rule, discovery.call),
            on_request=rule.on_request or is_notice,
        )

    def _is_outside_production(self, rule: Rule, discovery: Discovery) -> bool:
        environments = self._module.policy.environments
        if not (rule.relaxed_outside_production and environments.non_production):
            return False
        return environments.exempt(self._module.path, places_of(self._module, discovery.call))

    def _outcome(self, rule: Rule, discovery: Discovery) -> tuple[Fix | None, str]:
        """The fix of a discovery, with its edits if asked for, or why there is none."""
        plan = discovery.outcome
        if isinstance(plan, str):
            return None, plan
        if self._module.source.uneditable:
            return None, f"It is not edited: {self._module.source.uneditable}."
        try:
            edits = self._render(plan) if self._edits else ()
        except UnrewritableError as error:
            return None, f"It cannot be rewritten: {error}."
        shared = {field.name: getattr(plan, field.name) for field in fields(plan)}
        del shared["rewrites"]
        shared["safety"], shared["reason"] = self._safety(rule, discovery, plan)
        if self._is_new(rule, discovery):
            shared["replaces"] = ()  # what is not there yet is created, whatever it is called
        return Fix(**shared, edits=edits), ""

    def _safety(self, rule: Rule, discovery: Discovery, plan: Plan) -> tuple[Safety, str]:
        """The safety, unless the configuration has a word on the rule, and the reason."""
        safety, reason = self._judged(rule, discovery, plan)
        policy = self._module.policy
        if rule.name in policy.unsafe and safety is Safety.SAFE:
            return Safety.UNSAFE, f"{reason} The configuration leaves it to a person to decide."
        if rule.name in policy.safe and safety is Safety.UNSAFE:
            return Safety.SAFE, f"{reason} The configuration calls that safe."
        return safety, reason

    def _judged(self, rule: Rule, discovery: Discovery, plan: Plan) -> tuple[Safety, str]:
        """Without a base the plan's own safety; with one it depends on what is deployed."""
        if self._is_new(rule, discovery):
            return Safety.SAFE, _NEW
        if self._base is None or rule.on_request:
            return plan.safety, plan.reason
        return Safety.UNSAFE, rule.deployed

    def _is_new(self, rule: Rule, discovery: Discovery) -> bool:
        if self._base is None or rule.on_request:
            return False
        return not self._base.has(identity(self._module, discovery.call))

    def _render(self, plan: Plan) -> tuple[Edit, ...]:
        rewrites = plan.rewrites
        edits = tuple(sorted(edit for item in rewrites for edit in item.edits(self._module)))
        try:
            after = apply_edits(self._module.source.data, edits)
        except ValueError as error:
            raise UnrewritableError("the parts of the fix overlap") from error
        if not parses(after):
            raise UnrewritableError("the fixed file would no longer parse")
        return edits
