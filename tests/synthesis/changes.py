"""What differs between two syntheses, in the words in which rules declare it."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.synthesis import Template, differences

_PROPERTY = re.compile(r"Resources\.(?P<id>\w+)(?:\.Properties)?\.(?P<property>\w+)")

_BECOMES = {"AWS::Serverless::Function": "AWS::Lambda::Function"}  # what its transform makes of it


def changes(before: Mapping[str, Template], after: Mapping[str, Template]) -> set[str]:
    """Everything that differs between the templates of an app before and after.

    A resource that is added is its type ("AWS::EC2::EIP"), a property that differs the type and the
    property's name ("AWS::EC2::Route.NatGatewayId"), and an attribute beside the properties
    likewise ("AWS::Lambda::Function.DependsOn"). Whatever else differs is its path as it is, which
    no rule declares, and so is a resource that is gone.
    """
    assert before.keys() == after.keys()
    return {
        change
        for name in before
        for path, pair in differences(before[name], after[name]).items()
        for change in _changes(path, pair, before[name])
    }


def create_only(kind: str) -> frozenset[str]:
    """The properties of a resource type whose change makes CloudFormation replace a resource.

    The source is the resource's published schema (`createOnlyProperties`), as cfn-lint ships it.
    """
    paths = _schema(kind).get("createOnlyProperties", [])
    return frozenset(path.removeprefix("/properties/") for path in paths)


def properties(kind: str) -> frozenset[str]:
    """The properties of a resource type, from the same schema."""
    return frozenset(_schema(kind)["properties"])


def replaced(changed: set[str]) -> set[str]:
    """The resource types that changes replace."""
    pairs = (change.partition(".")[::2] for change in changed)
    return {kind for kind, name in pairs if name in create_only(kind)}


def _changes(path: str, pair: tuple[object, object], before: Template) -> Iterator[str]:
    match path.split("."):
        case ["Resources", _] if pair[0] is None and isinstance(pair[1], dict):
            yield str(pair[1]["Type"])
        case ["Resources"] if isinstance(pair[1], dict) and pair[0] is None:
            yield from (resource["Type"] for resource in pair[1].values())
        case ["Resources", name, "Properties"]:  # all of them, where there is one side without any
            every = next(side for side in pair if isinstance(side, dict))
            yield from (f"{before['Resources'][name]['Type']}.{it}" for it in every)
        case _:
            found = _PROPERTY.match(path)
            resources = before.get("Resources", {})
            yield f"{resources[found['id']]['Type']}.{found['property']}" if found else path


@cache
def _schema(kind: str) -> Mapping[str, Any]:
    """A type's schema from cfn-lint's data; to import its code would take seconds."""
    found = importlib.util.find_spec("cfnlint")
    assert found is not None
    assert found.origin is not None
    folder = Path(found.origin).parent / "data" / "schemas"
    names = json.loads((folder / "providers" / "us-east-1.json").read_text())
    schema: Mapping[str, Any] = json.loads(
        (folder / "resources" / f"{names[_BECOMES.get(kind, kind)]}.json").read_text()
    )
    return schema
