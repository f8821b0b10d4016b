"""A cloud assembly on disk."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from codemods.proof.templates import AssemblyError, read


def assembly(folder: Path, artifacts: dict[str, Any], **files: object) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "manifest.json").write_text(json.dumps({"artifacts": artifacts}))
    for name, content in files.items():
        (folder / f"{name}.json").write_text(json.dumps(content))
    return folder


def stack(name: str, shown: str = "") -> dict[str, Any]:
    shape = {"type": "aws:cloudformation:stack", "properties": {"templateFile": f"{name}.json"}}
    return shape | ({"displayName": shown} if shown else {})


def test_stacks_of_stages_are_read_too(tmp_path: Path) -> None:
    inner = {"type": "cdk:cloud-assembly", "properties": {"directoryName": "assembly-Prod"}}
    tree = {"type": "cdk:tree", "properties": {}}
    assembly(tmp_path, {"A": stack("A"), "Prod": inner, "Tree": tree}, A={"n": 1})
    assembly(tmp_path / "assembly-Prod", {"ProdB": stack("B", "Prod/B")}, B={"n": 2})
    assert read(str(tmp_path)).templates == {"A": {"n": 1}, "Prod/B": {"n": 2}}


def test_a_nested_stack_belongs_to_the_stack_that_its_id_begins_with(tmp_path: Path) -> None:
    assembly(tmp_path, {"A": stack("A"), "AB": stack("AB", "A/B")}, A={}, AB={})
    for name in ("ABNested1", "Other2"):
        (tmp_path / f"{name}.nested.template.json").write_text("{}")
    assert sorted(read(str(tmp_path)).templates) == ["A", "A/B", "A/B/ABNested1", "nested/Other2"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (None, "without writing manifest.json"),
        ("{", "cannot be read"),
        ("[]", "no JSON object"),
        ("{}", "no stack"),
    ],
)
def test_what_is_no_assembly_is_said(tmp_path: Path, content: str | None, reason: str) -> None:
    if content is not None:
        (tmp_path / "manifest.json").write_text(content)
    with pytest.raises(AssemblyError, match=reason):
        read(str(tmp_path))
