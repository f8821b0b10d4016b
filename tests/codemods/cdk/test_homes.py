"""Where the names of the CDK are at home."""

from __future__ import annotations

import ast
from pathlib import Path

import aws_cdk

from codemods.cdk.homes import HOMES


def exported(module: Path) -> set[str]:
    """What a module lists as its names, without importing it: that takes long."""
    for statement in ast.parse(module.read_bytes()).body:
        if isinstance(statement, ast.Assign) and ast.unparse(statement.targets[0]) == "__all__":
            return set(ast.literal_eval(statement.value))
    raise AssertionError(module)


def test_every_home_has_the_name() -> None:
    for module, names in HOMES.items():
        folders = module.split(".")[1:]
        path = Path(aws_cdk.__file__).parent.joinpath(*folders, "__init__.py")
        assert set(names) <= exported(path)
