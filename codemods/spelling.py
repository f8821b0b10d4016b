"""How a file would write a name of the CDK: by the imports that it has, or by one more name."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from codemods.module import Module
from codemods.rewriting import AddImport
from codemods.rule import Rewrite
from codemods.scopes import Kind


@dataclass(frozen=True)
class Spelling:
    """The code for each asked name, and the changes of imports that it needs."""

    code: dict[str, str]
    rewrites: tuple[Rewrite, ...] = ()


def members(
    module: Module, package: str, names: tuple[str, ...], reference: ast.expr
) -> Spelling | None:
    """How to write some members of a module of the CDK.

    Args:
        module: the file.
        package: the module's dotted name, such as "aws_cdk.aws_iam".
        names: its members, such as "PolicyStatement".
        reference: a use of the CDK nearby. Where it is itself a member of the package (`iam.Role`,
            `cdk.aws_iam.Role`, `Role`), the others are written like it.

    Returns:
        None where a name would have to be imported that means something else already, or where no
        import can be extended.
    """
    related = module.names.qualified(reference).rpartition(".")[0] == package
    if related and isinstance(reference, ast.Attribute):
        owner = module.code(reference.value)
        return Spelling({name: f"{owner}.{name}" for name in names})
    code = {name: _spelt(module, reference, f"{package}.{name}") for name in names}
    missing = sorted(name for name in names if not code[name])
    if not missing:
        return Spelling(code)
    if not related or not all(module.names.is_free(name, reference) for name in missing):
        return None
    code |= {name: name for name in missing}
    bindings = module.names.bindings(reference)
    if not bindings:  # a star import brought the one, and brings the others
        return Spelling(code)
    statement = bindings[0].node
    if len(bindings) > 1 or not isinstance(statement, ast.ImportFrom):
        return None
    return Spelling(code, (AddImport(statement, missing[0], tuple(missing[1:])),))


def _spelt(module: Module, at: ast.expr, name: str) -> str:
    """A dotted name by the nearest thing that is imported; empty where nothing of it is."""
    tail = ""
    while name:
        alias = _imported(module, at, name)
        if alias:
            return f"{alias}{tail}"
        name, _, last = name.rpartition(".")
        tail = f".{last}{tail}"
    return ""


def _imported(module: Module, at: ast.expr, name: str) -> str:
    """What a dotted name is called at a place; empty where it is not imported there."""
    here = module.scope(at)
    for scope in here.chain():
        for alias, bindings in scope.bindings.items():
            imported = {binding.target for binding in bindings if binding.kind is Kind.IMPORT}
            plain = all(binding.kind is Kind.IMPORT for binding in bindings)
            if plain and imported == {name} and here.lookup(alias) is scope:
                return alias
    return ""
