"""Apps that name things by the time or by chance differ in every run. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from codemods.proof.comparison import Change, Comparison, Outcome, outcome


def steady(found: Comparison, again: Comparison) -> tuple[Comparison, tuple[str, ...]]:
    """Leave out what differs between two runs of the same code.

    A resource whose logical id changes in every run, such as the deployment of an API, is left out
    with every other of its type in the stack that comes or goes.

    Args:
        found: what differs before and after a change.
        again: what differs between two runs before it.

    Returns:
        The rest, and the names of what was left out, such as "Stack: Bucket.BucketName".
    """
    properties = {
        (change.stack, change.resource, difference.name)
        for change in again.changes
        for difference in change.differences
    }
    types = {(it.stack, it.kind) for it in again.changes if _comes_or_goes(it)}
    paths = {(other.stack, other.path) for other in again.others}
    kept = replace(
        found,
        changes=tuple(_kept(found, properties, types)),
        others=tuple(other for other in found.others if (other.stack, other.path) not in paths),
        broken=tuple(broken for broken in found.broken if broken not in again.broken),
    )
    names = {f"{stack}: {resource}.{name}" for stack, resource, name in properties}
    names |= {f"{stack}: {name}" for stack, name in types | paths}
    return kept, tuple(sorted(names))


def _kept(
    found: Comparison, properties: set[tuple[str, str, str]], types: set[tuple[str, str]]
) -> Iterator[Change]:
    for change in found.changes:
        if _comes_or_goes(change):
            if (change.stack, change.kind) not in types:
                yield change
            continue
        rest = tuple(
            it
            for it in change.differences
            if (change.stack, change.resource, it.name) not in properties
        )
        if rest == change.differences:
            yield change
        elif rest:
            yield replace(change, differences=rest, outcome=outcome(change.kind, rest))


def _comes_or_goes(change: Change) -> bool:
    return change.outcome in {Outcome.ADDED, Outcome.REMOVED}
