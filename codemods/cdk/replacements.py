"""Which changes of a template make CloudFormation replace a resource.

A replaced resource is created anew beside the old one, which is then deleted with what it holds.
"""

from __future__ import annotations

import enum
import json
import os
from collections.abc import Mapping
from functools import cache


class Replacement(enum.StrEnum):
    """What CloudFormation does to a resource one of whose properties changes."""

    NEVER = "never"
    SOMETIMES = "sometimes"
    ALWAYS = "always"


_TRANSFORMED = {"AWS::Serverless::Function": "AWS::Lambda::Function"}
"""What their transform makes of a type, for types that CloudFormation itself does not know."""


def replacement(
    kind: str, before: Mapping[str, object], after: Mapping[str, object]
) -> Replacement:
    """What a change from some properties to others does to a resource.

    The source is the published schema of the resource type, see `tools/update_replacements.py`.

    Args:
        kind: the resource type, such as "AWS::S3::Bucket".
        before: its properties.
        after: its properties then.
    """
    row = _table().get(_TRANSFORMED.get(kind, kind), {})
    for outcome in (Replacement.ALWAYS, Replacement.SOMETIMES):
        for path in row.get(outcome.value, ()):
            if _at(before, path) != _at(after, path):
                return outcome
    return Replacement.NEVER


def _at(properties: object, path: str) -> object:
    """The value at a path such as "Spec/Kind"; what lies behind `*` counts as a whole."""
    for part in path.split("/"):
        if part == "*" or not isinstance(properties, dict):
            break
        properties = properties.get(part)
    return properties


@cache
def _table() -> Mapping[str, Mapping[str, list[str]]]:
    path = os.path.join(os.path.dirname(__file__), "data", "replacements.json")
    with open(path, encoding="utf-8") as file:
        table: Mapping[str, Mapping[str, list[str]]] = json.load(file)
    return table
