"""Questions that rules share: what does this name mean, which value does it hold, is it free.

Dotted names are normalised to aws-cdk-lib 2: version 1's `aws_cdk.core.Stack` is
`aws_cdk.Stack`, so that a rule knows one name for a construct.
"""

from __future__ import annotations

import ast

from codemods.cdk.homes import HOMES
from codemods.code.scope_tree import ScopeTree
from codemods.code.scopes import Binding, Kind, Scope, class_of_self

_LINKS = 8  # an alias of an alias of … is followed so far; real code stays below three


class Names:
    """Meaning of names in one module."""

    def __init__(self, tree: ScopeTree) -> None:
        self._tree = tree

    def qualified(self, node: ast.expr | None) -> str:
        """The dotted name that an expression resolves to, or an empty string.

        Every import spelling leads to the same name: `ec2.Vpc`, `cdk.aws_ec2.Vpc`,
        `from aws_cdk.aws_ec2 import Vpc as V` are all `"aws_cdk.aws_ec2.Vpc"`. A name that is
        bound to anything but imports and one plain alias resolves to nothing.
        """
        meanings = self._meanings(node, _LINKS)
        return meanings.pop() if len(meanings) == 1 else ""

    def means(self, node: ast.expr | None, *names: str) -> str:
        """Which of some dotted names an expression may be; an empty string for none.

        It differs from `qualified` only after several star imports, of which more than one may
        have brought the name.
        """
        meanings = self._meanings(node, _LINKS)
        return next((name for name in names if name in meanings), "")

    def _meanings(self, node: ast.expr | None, links: int) -> set[str]:
        tail: list[str] = []
        while isinstance(node, ast.Attribute):
            tail.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or links == 0:
            return set()
        rest = "".join(f".{attribute}" for attribute in reversed(tail))
        return {normalised(head + rest) for head in self._heads(node, links)}

    def _heads(self, name: ast.Name, links: int) -> set[str]:
        scope = self._tree.scope(name)
        owner = scope.lookup(name.id)
        if owner is None:
            stars = {star for around in scope.chain() for star in around.stars}
            homes = {star for star in stars if name.id in HOMES.get(normalised(star), ())}
            return {f"{star}.{name.id}" for star in homes or stars}
        bindings = owner.bindings[name.id]
        if len(bindings) == 1 and bindings[0].kind is Kind.VALUE:
            return self._meanings(bindings[0].value, links - 1)
        if all(binding.kind is Kind.IMPORT for binding in bindings):
            # An import in `try` and its stand-in in `except` often name the same thing.
            targets = {normalised(binding.target) for binding in bindings}
            return targets if len(targets) == 1 else set()
        return set()

    def bindings(self, node: ast.expr) -> list[Binding]:
        """Everything that gives a name or `self.x` its meaning; nothing for other expressions."""
        if isinstance(node, ast.Name):
            owner = self._tree.scope(node).lookup(node.id)
            return owner.bindings[node.id] if owner else []
        if isinstance(node, ast.Attribute):
            holder = self._holder(node.value)
            if holder is not None:
                own = holder.bindings.get(node.attr, [])
                return [*own, *holder.attributes.get(node.attr, [])]
        return []

    def binding(self, node: ast.expr) -> Binding | None:
        """The one VALUE binding of a name or of `self.x`; None where there are none or several."""
        found = self.bindings(node)
        return found[0] if len(found) == 1 and found[0].kind is Kind.VALUE else None

    def definition(
        self, node: ast.expr
    ) -> ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The class or function of this file that a name or `self.x` means; None for others."""
        found = self.bindings(node)
        defined = found[0].node if len(found) == 1 else None
        kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
        return defined if isinstance(defined, kinds) else None

    def _holder(self, owner: ast.expr) -> Scope | None:
        """The class behind `self`, `cls`, the name of a class of this file or of its one object."""
        if not isinstance(owner, ast.Name):
            return None
        scope = self._tree.scope(owner)
        inside = class_of_self(owner.id, scope)
        if inside is not None:
            return inside
        bindings = self.bindings(owner)
        if len(bindings) != 1:
            return None
        value = bindings[0].value
        if isinstance(value, ast.Call) and isinstance(value.func, ast.Name):
            bindings = self.bindings(value.func)
        if len(bindings) == 1 and isinstance(bindings[0].node, ast.ClassDef):
            return self._tree.opened.get(bindings[0].node)
        return None

    def value(self, node: ast.expr | None) -> ast.expr | None:
        """The expression behind names with one assignment, `cast()` and walrus assignments.

        An expression that is none of these is its own value; None stays None.
        """
        for _ in range(_LINKS):
            if isinstance(node, ast.NamedExpr):
                node = node.value
            elif isinstance(node, ast.Call) and self._is_cast(node):
                node = node.args[1]
            elif isinstance(node, ast.Name | ast.Attribute):
                binding = self.binding(node)
                if binding is None or binding.value is None:
                    return node
                node = binding.value
            else:
                return node
        return node

    def _is_cast(self, call: ast.Call) -> bool:
        return len(call.args) == 2 and self.qualified(call.func) in {
            "typing.cast",
            "typing_extensions.cast",
        }

    def integer(self, node: ast.expr | None) -> int | None:
        """The int that an expression is known to be: a literal or a constant that holds one."""
        value = self.value(node)
        if isinstance(value, ast.Constant) and type(value.value) is int:
            return value.value
        return None

    def string(self, node: ast.expr | None) -> str | None:
        """The str that an expression is known to be: a literal or a constant that holds one."""
        value = self.value(node)
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return value.value
        return None

    def item(self, mapping: ast.expr, key: str) -> ast.expr | None:
        """What a dict display or a `dict()` call, maybe behind a name, holds for a key."""
        known = self.value(mapping)
        if isinstance(known, ast.Dict):
            for name, value in zip(known.keys, known.values, strict=True):
                if name is not None and self.string(name) == key:
                    return value
        if isinstance(known, ast.Call) and isinstance(known.func, ast.Name):
            given = {keyword.arg: keyword.value for keyword in known.keywords}
            return given.get(key) if known.func.id == "dict" else None
        return None

    def passed(self, call: ast.Call, name: str) -> tuple[ast.expr, ast.keyword] | None:
        """What a call passes for a parameter by keyword, and the keyword that does so.

        That is the parameter's own keyword, or the one that unpacks a dict with it.
        """
        for keyword in call.keywords:
            if keyword.arg == name:
                return keyword.value, keyword
        for keyword in call.keywords:
            value = self.item(keyword.value, name) if keyword.arg is None else None
            if value is not None:
                return value, keyword
        return None

    def uses(self, node: ast.expr) -> list[ast.expr]:
        """Every place that reads the same name or `self.x` attribute, the given one included."""
        if isinstance(node, ast.Name):
            owner = self._tree.scope(node).lookup(node.id)
            return [
                name
                for name in self._tree.names(node.id)
                if isinstance(name.ctx, ast.Load)
                and self._tree.scope(name).lookup(name.id) is owner
            ]
        if isinstance(node, ast.Attribute):
            holder = self._holder(node.value)
            return [
                attribute
                for attribute in self._tree.attributes(node.attr)
                if isinstance(attribute.ctx, ast.Load)
                and self._holder(attribute.value) is holder
                and (holder or ast.dump(attribute.value) == ast.dump(node.value))
            ]
        return []

    def is_free(self, name: str, at: ast.AST) -> bool:
        """Whether a name means nothing yet in any scope around a place."""
        return all(name not in scope.bindings for scope in self._tree.scope(at).chain())


def normalised(name: str) -> str:
    """A dotted name in version 2's terms: version 1's `aws_cdk.core.Stack` is `aws_cdk.Stack`."""
    return name.replace("aws_cdk.core", "aws_cdk", 1) if name.startswith("aws_cdk.core") else name
