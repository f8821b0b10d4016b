"""Writes schema/cdk-medic.schema.json, the JSON schema of the configuration.

make docs
"""

from __future__ import annotations

from pathlib import Path

from codemods.settings.configuration_schema import document

FILE = Path(__file__).parent.parent / "schema" / "cdk-medic.schema.json"


def main() -> None:
    """Write the file."""
    FILE.parent.mkdir(exist_ok=True)
    FILE.write_text(document(), encoding="utf-8")


if __name__ == "__main__":
    main()
