"""Writes codemods/cdk/data/replacements.json: changes of which properties replace a resource.

    make replacements

The source is the published schema of each resource type (`createOnlyProperties` and
`conditionalCreateOnlyProperties`), as the installed cfn-lint ships it for us-east-1.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

TABLE = Path(__file__).parent.parent / "codemods" / "cdk" / "data" / "replacements.json"
_ROOT = "/properties/"


def table() -> dict[str, dict[str, list[str]]]:
    """By resource type, the properties whose change always or sometimes replaces a resource."""
    found = importlib.util.find_spec("cfnlint")  # to import its code would take seconds
    if found is None or found.origin is None:
        sys.exit("cfn-lint is not installed; `make lint` installs what development needs.")
    schemas = Path(found.origin).parent / "data" / "schemas"
    names = json.loads((schemas / "providers" / "us-east-1.json").read_text())
    rows = {
        kind: row(json.loads((schemas / "resources" / f"{name}.json").read_text()))
        for kind, name in sorted(names.items())
    }
    return {kind: properties for kind, properties in rows.items() if properties}


def row(schema: Mapping[str, Any]) -> dict[str, list[str]]:
    """What one schema says; nothing where no change of a property replaces the resource."""
    keys = {"always": "createOnlyProperties", "sometimes": "conditionalCreateOnlyProperties"}
    return {
        word: sorted({path.removeprefix(_ROOT) for path in schema[key]})
        for word, key in keys.items()
        if schema.get(key)
    }


def rendered(rows: Mapping[str, Mapping[str, list[str]]]) -> str:
    """The table as JSON, one resource type a line."""
    lines = [f"{json.dumps(kind)}: {json.dumps(properties)}" for kind, properties in rows.items()]
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    TABLE.write_text(rendered(table()))
