"""The verbs of the matrix: a form's fix is proven, or a form is left alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from codemods import Fix, analyse, fix
from codemods.registry import rules
from tests.matrix.forms import Case, Form, cases
from tests.synthesis import Bench, Template
from tests.synthesis.changes import changes, replaced

Templates = Mapping[str, Template]


@dataclass(frozen=True)
class Pair:
    """The resources of one case by logical id, before and after its fix."""

    before: Mapping[str, Any]
    after: Mapping[str, Any]

    @property
    def added(self) -> list[Any]:
        """The resources that the fix adds."""
        return [self.after[name] for name in self.after if name not in self.before]

    def values(self, kind: str, name: str) -> Iterator[tuple[Any, Any]]:
        """A property of each resource of a type that has been there before: before and after."""
        for key, resource in self.before.items():
            if resource["Type"] == kind:
                after = self.after[key].get("Properties", {})
                yield resource["Properties"].get(name), after.get(name)


def of_type(resources: Mapping[str, Any], kind: str) -> list[Mapping[str, Any]]:
    """The properties of every resource of a type."""
    return [it["Properties"] for it in resources.values() if it["Type"] == kind]


def prove(
    bench: Bench,
    rule: str,
    forms: Mapping[str, Form],
    name: str,
    then: Callable[[Pair], None] | None = None,
) -> None:
    """The rule fixes every case of a form, and that changes exactly what is declared.

    Besides, the fix declares no less and the rule no less than the fix, the fix says which resource
    types are replaced, and nothing is removed.

    Args:
        bench: synthesizes the cases.
        rule: the rule's name.
        forms: a table of forms.
        name: the form.
        then: asserts further facts of each case.
    """
    form, matrix = forms[name], cases(forms, name)
    fixed = [_fixed(rule, form, case) for case in matrix]
    before = bench.batch([case.source for case in matrix], form.context, form.env)
    after = bench.batch([source for source, _ in fixed], form.context, form.env)
    for case, (source, applied), old, new in zip(matrix, fixed, before, after, strict=True):
        try:
            _declared(rule, form, case, applied, changes(old, new))
            if then is not None:
                then(Pair(resources(old), resources(new)))
        except AssertionError as error:
            error.add_note(f"{case.name}:\n{source}")
            raise


def spare(bench: Bench, rule: str, forms: Mapping[str, Form], name: str) -> None:
    """The rule leaves every case of a form as it is, and the code is one that synthesizes.

    Args:
        bench: synthesizes the cases.
        rule: the rule's name.
        forms: a table of forms.
        name: the form; it expects what the one finding says, or "" for no finding.
    """
    form, matrix = forms[name], cases(forms, name)
    refusal = form.expected
    policy = form.policy(rule)
    for case in matrix:
        source = case.source.encode()
        analysis = analyse(source, "stack.py", policy)
        assert not analysis.problem
        reasons = [finding.refusal for finding in analysis.findings]
        assert len(reasons) == bool(refusal), f"{case.name}: {reasons}\n{case.source}"
        assert all(refusal in reason for reason in reasons), f"{case.name}: {reasons}"
        assert fix(source, "stack.py", policy, unsafe=True).source == source, case.name
    one_of_each_place = {id(case.place): case.source for case in matrix}
    bench.batch(list(one_of_each_place.values()), env=form.env)


def resources(templates: Templates) -> dict[str, Any]:
    """The resources of all templates by logical id."""
    return {
        name: resource
        for template in templates.values()
        for name, resource in template.get("Resources", {}).items()
    }


def _fixed(rule: str, form: Form, case: Case) -> tuple[str, Fix]:
    found = fix(case.source.encode(), "stack.py", form.policy(rule), unsafe=True)
    assert not found.analysis.problem, f"{case.name}: {found.analysis.problem}"
    left = [(finding.message, finding.refusal) for finding in found.analysis.findings]
    assert len(found.applied) == 1, f"{case.name}: {left}\n{case.source}"
    applied = found.applied[0].fix
    assert applied is not None
    return found.source.decode(), applied


def _declared(rule: str, form: Form, case: Case, applied: Fix, found: set[str]) -> None:
    implied = set(case.place.changes if form.changes else ())
    assert found == set(form.changes) | implied, f"it changes {sorted(found)}"
    assert found - implied <= set(applied.changes), f"the fix declares {applied.changes}"
    assert set(applied.changes) <= set(rules()[rule].changes), (
        f"the rule declares {applied.changes}"
    )
    assert replaced(found) == set(applied.replaces), f"it replaces {replaced(found)}"


def unused(rule: str, forms: Mapping[str, Form]) -> set[str]:
    """What a rule declares and no form of it changes."""
    changed = {change for form in forms.values() for change in form.changes}
    return set(rules()[rule].changes) - changed
