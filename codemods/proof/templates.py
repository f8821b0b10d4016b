"""The templates of a cloud assembly, the directory that an app synthesizes into.

Its shape is that of `cloud-assembly-schema`, a part of the AWS CDK.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

Template = Mapping[str, Any]

_MANIFEST = "manifest.json"
_NESTED = ".nested.template.json"


class AssemblyError(Exception):
    """The directory holds no cloud assembly; the message is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Assembly:
    """What an app synthesized.

    Attributes:
        templates: by the name that the CDK shows ("Prod/Database"), for nested stacks with the
            unique id of their template behind it.
        missing: how many values the app wants to look up in an account and got a stand-in for.
    """

    templates: Mapping[str, Template] = field(default_factory=dict)
    missing: int = 0


def read(directory: str) -> Assembly:
    """Read every template below a directory, those of stages and nested stacks included.

    Raises:
        AssemblyError: there is no manifest, or a file is not what the manifest says.
    """
    templates: dict[str, Template] = {}
    missing = 0
    for place, manifest in _manifests(directory):
        missing += len(manifest.get("missing", ()))
        stacks = _stacks(place, manifest)
        templates |= stacks
        for name in sorted(os.listdir(place)):
            if name.endswith(_NESTED):
                nested = name.removesuffix(_NESTED)
                templates[f"{_around(nested, stacks)}/{nested}"] = _json(place, name)
    if not templates:
        raise AssemblyError("The app synthesized no stack.")
    return Assembly(templates, missing)


def _manifests(directory: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Each assembly of an assembly with its directory, the outermost first."""
    manifest = _json(directory, _MANIFEST)
    yield directory, manifest
    for artifact in manifest.get("artifacts", {}).values():
        if artifact["type"] == "cdk:cloud-assembly":
            yield from _manifests(os.path.join(directory, artifact["properties"]["directoryName"]))


def _stacks(directory: str, manifest: Mapping[str, Any]) -> dict[str, Template]:
    return {
        artifact.get("displayName") or key: _json(directory, artifact["properties"]["templateFile"])
        for key, artifact in manifest.get("artifacts", {}).items()
        if artifact["type"] == "aws:cloudformation:stack"
    }


def _around(nested: str, stacks: Mapping[str, Template]) -> str:
    """The stack that a nested one belongs to: its unique id begins with the other's path."""
    holders = [name for name in stacks if nested.startswith(name.replace("/", ""))]
    return max(holders, key=len, default="nested")


def _json(directory: str, name: str) -> dict[str, Any]:
    path = os.path.join(directory, name)
    try:
        with open(path, encoding="utf-8") as file:
            found = json.load(file)
    except FileNotFoundError:
        raise AssemblyError(f"The app ended without writing {name}.") from None
    except (OSError, ValueError) as error:
        raise AssemblyError(f"{name} cannot be read: {error}") from error
    if not isinstance(found, dict):
        raise AssemblyError(f"{name} holds no JSON object.")
    return found
