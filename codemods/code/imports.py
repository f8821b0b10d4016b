"""How a file spells a name of the CDK, and the import that makes it known where none does."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codemods.code.module import Module
from codemods.code.names import normalised
from codemods.code.scopes import FUNCTIONS, Kind
from codemods.rewriting.kinds import AddImport, UnrewritableError
from codemods.rule import Edit, Rewrite


@dataclass(frozen=True)
class Spelling:
    """Code that means a name at some place, and what must be rewritten for it to do so."""

    code: str
    rewrites: tuple[Rewrite, ...] = ()


@dataclass(frozen=True)
class InsertBefore:
    """Put a line of code above a statement, as indented as that."""

    statement: ast.stmt
    text: str

    def edits(self, module: Module) -> Sequence[Edit]:
        """See `Rewrite.edits`."""
        source = module.source
        start, _ = source.span(self.statement)
        indent = source.slice(source.line_span(self.statement.lineno)[0], start)
        if indent.strip():
            raise UnrewritableError("the statement shares its line with another one")
        return [Edit(start, start, self.text + source.newline + indent)]


def spelling(module: Module, name: str, at: ast.AST) -> Spelling | None:
    """How to write a dotted name of the CDK at a place.

    The file's own alias of the name or of its module is used; else the file's import from that
    module is extended, or one is added above its first import of the CDK.

    Args:
        module: the file.
        name: the name in version 2's terms, such as "aws_cdk.Stack".
        at: where it is to be written.

    Returns:
        None where the name would collide with something else, or where no import can be added.
    """
    home, _, last = name.rpartition(".")
    known = list(_imported(module, at))
    for alias, target in known:
        if normalised(target) == name:
            return Spelling(alias)
    root = "aws_cdk.core" if home == "aws_cdk" and is_first_version(module) else "aws_cdk"
    for alias, target in known:
        if target == "aws_cdk":
            return Spelling(f"{alias}{name.replace('aws_cdk', root, 1)[len('aws_cdk') :]}")
        if normalised(target) == home:
            return Spelling(f"{alias}.{last}")
    if not module.names.is_free(last, at):
        return None
    stars = {star for scope in module.scope(at).chain() for star in scope.stars}
    if any(not star.startswith(("aws_cdk", "constructs")) for star in stars):
        return None
    if home in {normalised(star) for star in stars}:
        return Spelling(last)
    return _added(module, home.replace("aws_cdk", root, 1), last, at)


def members(
    module: Module, home: str, names: Sequence[str], like: ast.expr
) -> tuple[dict[str, str], tuple[Rewrite, ...]] | None:
    """How to write several members of a module of the CDK, and what must be rewritten for it.

    Args:
        module: the file.
        home: the module's dotted name, such as "aws_cdk.aws_iam".
        names: its members, such as "PolicyStatement".
        like: a use of the CDK where they are to be written. Where it is itself a member of the
            module by its dotted name (`iam.Role`, `cdk.aws_iam.Role`), they are written like it.

    Returns:
        None where `spelling` finds none for one of them. Where nothing of the module is imported,
        the module itself is, if the file imports others so.
    """
    related = module.names.qualified(like).rpartition(".")[0] == home
    if related and isinstance(like, ast.Attribute):
        owner = module.code(like.value)
        return {name: f"{owner}.{name}" for name in names}, ()
    found = {name: spelling(module, f"{home}.{name}", like) for name in names}
    code = {name: each.code for name, each in found.items() if each is not None}
    if len(code) < len(names):
        return None
    rewrites = [rewrite for each in found.values() if each is not None for rewrite in each.rewrites]
    missing = sorted(name for name, each in found.items() if each is not None and each.rewrites)
    match rewrites:
        case [AddImport(statement), *_]:
            return code, (AddImport(statement, missing[0], tuple(missing[1:])),)
        case [InsertBefore(statement), *_]:
            whole = _module_added(module, home, like)
            if whole is not None:
                return {name: f"{whole.code}.{name}" for name in names}, whole.rewrites
            return code, (InsertBefore(statement, f"from {home} import {', '.join(missing)}"),)
    return code, ()


def _module_added(module: Module, home: str, at: ast.AST) -> Spelling | None:
    """A module of the CDK, by one more name in an import of such modules: `aws_s3 as s3, …`.

    It gets an alias where most that stand there have one in that manner. None where the file
    imports no modules so, or where the name would collide.
    """
    root, _, last = home.rpartition(".")
    line = getattr(at, "lineno", 0)
    for statement in module.tree.body:
        if not isinstance(statement, ast.ImportFrom) or statement.lineno >= line:
            continue
        modules = [alias for alias in statement.names if alias.name.startswith("aws_")]
        if _modules(statement) != [root] or not modules:
            continue
        short = last.removeprefix("aws_")
        aliases = sum(each.asname == each.name.removeprefix("aws_") for each in modules)
        aliased = 2 * aliases > len(modules)
        name = short if aliased else last
        if module.names.is_free(name, at):
            added = f"{last} as {short}" if aliased else last
            return Spelling(name, (AddImport(statement, added),))
    return None


def _imported(module: Module, at: ast.AST) -> Iterator[tuple[str, str]]:
    """The aliases that are visible at a place and mean something imported, with what they mean.

    The nearest come first: of two imports in a scope the later one.
    """
    here = module.scope(at)
    for scope in here.chain():
        for alias, bindings in reversed(scope.bindings.items()):
            targets = {binding.target for binding in bindings}
            plain = all(binding.kind is Kind.IMPORT for binding in bindings)
            if not plain or len(targets) != 1 or here.lookup(alias) is not scope:
                continue
            if not any(_only_for_types(module, binding.node) for binding in bindings):
                yield alias, targets.pop()


def _only_for_types(module: Module, node: ast.AST) -> bool:
    return any(
        isinstance(parent, ast.If) and "TYPE_CHECKING" in ast.unparse(parent.test)
        for parent in module.parents(node)
    )


def is_first_version(module: Module) -> bool:
    """Whether a file is written for version 1 of the CDK, which has its core in `aws_cdk.core`."""
    targets = {
        binding.target
        for bindings in module.scopes.module.bindings.values()
        for binding in bindings
    }
    return any(f"{target}.".startswith("aws_cdk.core.") for target in targets)


def _added(module: Module, home: str, name: str, at: ast.AST) -> Spelling | None:
    """The name, by an import beside the file's own ones that comes before its use."""
    imports = list(_imports_before(module, at))
    for statement in imports:
        if isinstance(statement, ast.ImportFrom) and _modules(statement) == [home]:
            return Spelling(name, (AddImport(statement, name),))
    if not imports:
        return None
    return Spelling(name, (InsertBefore(imports[0], f"from {home} import {name}"),))


def _imports_before(module: Module, at: ast.AST) -> Iterator[ast.Import | ast.ImportFrom]:
    """The imports of the CDK that run before a place: at the top, else in the functions around."""
    functions = [node for node in module.parents(at) if isinstance(node, FUNCTIONS)]
    for block in (module.tree.body, *(function.body for function in reversed(functions))):
        for outer in block:
            for statement in outer.body if isinstance(outer, ast.Try) else [outer]:
                if (
                    isinstance(statement, ast.Import | ast.ImportFrom)
                    and statement.lineno < getattr(at, "lineno", 0)
                    and any(f"{source}.".startswith("aws_cdk.") for source in _modules(statement))
                ):
                    yield statement


def _modules(statement: ast.Import | ast.ImportFrom) -> list[str]:
    if isinstance(statement, ast.Import):
        return [alias.name for alias in statement.names]
    return [] if statement.level else [statement.module or ""]
