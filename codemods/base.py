"""What the base of a change has already: the constructs that are taken to be deployed.

Whether a fix is safe depends on that. A bucket born in a change can get another name; one that the
base has is deployed, and another name replaces it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from codemods.code.module import Module, argument
from codemods.code.nodes import walk
from codemods.code.source import Source, UnreadableError
from codemods.settings.policy import Policy

Identity = tuple[str, str]
"""A construct's class as a dotted name, and the code of its id."""


@dataclass(frozen=True, slots=True)
class Base:
    """The constructs in the base versions of every file that a change touches.

    Removed and renamed files count too, so that a construct which moved between files is known to
    be deployed. A version that could not be read makes everything deployed: nothing is guessed.
    """

    constructs: frozenset[Identity] = frozenset()
    unread: bool = False

    @classmethod
    def of(cls, versions: Iterable[bytes | None]) -> Base:
        """The base made of files as they were.

        Args:
            versions: each touched file before the change; None for one that could not be read.
                Files that the change adds have no version and are left out.
        """
        found: set[Identity] = set()
        unread = False
        for version in versions:
            constructs = None if version is None else _constructs(version)
            unread = unread or constructs is None
            found |= constructs or set()
        return cls(frozenset(found), unread)

    @classmethod
    def union(cls, bases: Iterable[Base]) -> Base:
        """The base made of several, each of some of the files."""
        together = tuple(bases)
        constructs = frozenset[Identity]().union(*(base.constructs for base in together))
        return cls(constructs, any(base.unread for base in together))

    def has(self, identity: Identity) -> bool:
        """Whether a construct is taken to be deployed."""
        return self.unread or identity in self.constructs


def identity(module: Module, node: ast.expr) -> Identity:
    """What makes a construct the same one in two versions of a code base."""
    callee = node.func if isinstance(node, ast.Call) else node
    name = module.names.qualified(callee) or ast.unparse(callee)
    construct_id = argument(node, "id", 1) if isinstance(node, ast.Call) else None
    return name, "" if construct_id is None else ast.unparse(construct_id)


def _constructs(version: bytes) -> set[Identity] | None:
    """Every call and dotted name of a file that means something of the CDK; None if unreadable."""
    if b"aws_cdk" not in version:
        return set()
    try:
        source = Source(version)
        module = Module("", source, source.parse(), Policy())
        nodes = [node for node in walk(module.tree) if isinstance(node, ast.Call | ast.Attribute)]
        found = {identity(module, node) for node in nodes}
    except (UnreadableError, RecursionError):
        return None
    return {pair for pair in found if pair[0].startswith("aws_cdk.")}
