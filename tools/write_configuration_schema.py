"""Writes the JSON schemas of the configuration and of an organization's policy.

make docs
"""

from __future__ import annotations

from pathlib import Path

from codemods.settings.configuration_schema import document, organization_schema, schema

FOLDER = Path(__file__).parent.parent / "schema"
FILES = {
    FOLDER / "cdk-medic.schema.json": schema,
    FOLDER / "cdk-medic-organization.schema.json": organization_schema,
}


def main() -> None:
    """Write the files."""
    FOLDER.mkdir(exist_ok=True)
    for file, found in FILES.items():
        file.write_text(document(found()), encoding="utf-8")


if __name__ == "__main__":
    main()
