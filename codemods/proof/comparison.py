"""What differs between two syntheses of one app, resource by resource. Pure."""

from __future__ import annotations

import enum
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from codemods.cdk.replacements import Replacement, replacement
from codemods.proof.templates import Template

Templates = Mapping[str, Template]

_ASSET = re.compile(r"[0-9a-f]{64}")
_METADATA = "AWS::CDK::Metadata"  # which constructs an app uses; nothing is deployed for it


class Outcome(enum.StrEnum):
    """What CloudFormation would do to a resource."""

    ADDED = "added"
    CHANGED = "changed"
    MAYBE_REPLACED = "maybe replaced"
    REPLACED = "replaced"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Difference:
    """A property, or an attribute beside the properties, before and after; None for absent."""

    name: str
    before: Any
    after: Any

    def leaves(self) -> Iterator[Difference]:
        """The innermost differences, named by their paths, such as "PolicyDocument.Statement"."""
        before, after = self.before, self.after
        if isinstance(before, dict) and isinstance(after, dict):
            for key in sorted({*before, *after}):
                inner = Difference(f"{self.name}.{key}", before.get(key), after.get(key))
                if inner.before != inner.after:
                    yield from inner.leaves()
        elif isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
            for index, (was, now) in enumerate(zip(before, after, strict=True)):
                if was != now:
                    yield from Difference(f"{self.name}[{index}]", was, now).leaves()
        elif isinstance(before, list) and isinstance(after, list):
            yield from (Difference(self.name, it, None) for it in before if it not in after)
            yield from (Difference(self.name, None, it) for it in after if it not in before)
        else:
            yield self


@dataclass(frozen=True, slots=True)
class Change:
    """A resource that differs.

    Attributes:
        stack: the stack's name.
        resource: the logical id.
        kind: the resource type.
        outcome: what CloudFormation would do.
        differences: what differs; empty where the whole resource is added or removed.
    """

    stack: str
    resource: str
    kind: str
    outcome: Outcome
    differences: tuple[Difference, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """What rules declare of it: "AWS::S3::Bucket.BucketName", of a new resource its type."""
        if self.outcome is Outcome.ADDED:
            return (self.kind,)
        return tuple(f"{self.kind}.{difference.name}" for difference in self.differences)


@dataclass(frozen=True, slots=True)
class Other:
    """Something that differs and is no resource: `path` is such as "Outputs.Endpoint"."""

    stack: str
    path: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class BrokenExport:
    """An export that is gone or has another value while a stack imports it."""

    name: str
    stack: str
    used_by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything that differs, in the order of the stacks' names."""

    changes: tuple[Change, ...] = ()
    others: tuple[Other, ...] = ()
    broken: tuple[BrokenExport, ...] = ()


def compare(before: Templates, after: Templates) -> Comparison:
    """Compare the templates of an app before and after a change, by stack name."""
    changes: list[Change] = []
    others: list[Other] = []
    for name in sorted({*before, *after}):
        if name in before and name in after:
            changes += _resources(name, before[name], after[name])
            others += _others(name, before[name], after[name])
        else:
            there = name in before
            others.append(Other(name, "", there or None, None if there else True))
    return Comparison(tuple(changes), tuple(others), tuple(_broken(before, after)))


def outcome(kind: str, differences: Sequence[Difference]) -> Outcome:
    """What CloudFormation would do to a resource of a type that differs in this."""
    fate = replacement(
        kind, {it.name: it.before for it in differences}, {it.name: it.after for it in differences}
    )
    return {
        Replacement.NEVER: Outcome.CHANGED,
        Replacement.SOMETIMES: Outcome.MAYBE_REPLACED,
        Replacement.ALWAYS: Outcome.REPLACED,
    }[fate]


def _resources(stack: str, before: Template, after: Template) -> Iterator[Change]:
    olds, news = before.get("Resources", {}), after.get("Resources", {})
    for key in sorted({*olds, *news}):
        old, new = olds.get(key), news.get(key)
        if _METADATA in {side["Type"] for side in (old, new) if side}:
            continue
        if old is None:
            yield Change(stack, key, new["Type"], Outcome.ADDED)
        elif new is None:
            yield Change(stack, key, old["Type"], Outcome.REMOVED)
        elif old["Type"] != new["Type"]:
            types = Difference("Type", old["Type"], new["Type"])
            yield Change(stack, key, new["Type"], Outcome.REPLACED, (types,))
        else:
            differences = tuple(_differences(old, new))
            if differences:
                yield Change(
                    stack, key, old["Type"], outcome(old["Type"], differences), differences
                )


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    was, now = old.get("Properties", {}), new.get("Properties", {})
    for name in sorted({*was, *now}):
        if was.get(name) != now.get(name) and not _follows(name, old, new):
            yield Difference(name, was.get(name), now.get(name))
    for name in sorted({*old, *new} - {"Type", "Properties", "Metadata"}):
        if old.get(name) != new.get(name):
            yield Difference(name, old.get(name), new.get(name))


def _follows(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    """Whether a nested stack only has the address of another template, which is compared itself."""
    if old["Type"] != "AWS::CloudFormation::Stack" or name != "TemplateURL":
        return False
    was, now = (_ASSET.sub("", json.dumps(side["Properties"].get(name))) for side in (old, new))
    return was == now


def _others(stack: str, before: Template, after: Template) -> Iterator[Other]:
    for section in sorted({*before, *after} - {"Resources"}):
        was, now = before.get(section), after.get(section)
        if isinstance(was, dict) and isinstance(now, dict):
            for key in sorted({*was, *now}):
                if was.get(key) != now.get(key):
                    yield Other(stack, f"{section}.{key}", was.get(key), now.get(key))
        elif was != now:
            yield Other(stack, section, was, now)


def _broken(before: Templates, after: Templates) -> Iterator[BrokenExport]:
    """CloudFormation refuses to change or remove an export as long as a stack imports it."""
    used: dict[str, set[str]] = {}
    for stack, template in before.items():
        for name in _imported(template):
            used.setdefault(name, set()).add(stack)
    for stack, template in before.items():
        kept = after.get(stack, {}).get("Outputs", {})
        for key, output in template.get("Outputs", {}).items():
            name = output.get("Export", {}).get("Name")
            if isinstance(name, str) and name in used and kept.get(key) != output:
                yield BrokenExport(name, stack, tuple(sorted(used[name])))


def _imported(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        name = value.get("Fn::ImportValue")
        if isinstance(name, str):
            yield name
        for item in value.values():
            yield from _imported(item)
    elif isinstance(value, list):
        for item in value:
            yield from _imported(item)
