from __future__ import annotations

import ast
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

import codemods
from codemods.code.scope_tree import ScopeTree
from codemods.code.scopes import Kind
from codemods.code.source import Source

FILES = sorted(Path(codemods.__file__).parent.rglob("*.py"))
ODD = """
import a.b as c, d.e
from .f import g as h
@first
@second(lambda x, *y, z=c, **w: x)
class K(h, metaclass=d.e, **extra):
    x: int
    y: int = 1
    @property
    async def m(self, a, /, b: h = c, *args, k=2, **kw) -> K:
        global top
        self.v, [self.w, *rest] = a
        self.u += (n := 3)
        async with a as self.s, b: yield
        async for i in rest: del i
        else: i = 4
        return [p for p in rest if (q := p) for r in [p]]
try:
    match K:
        case {"a": K.x, **left} if left: pass
        case h(x=0, y=[1, *others]) | None as p: nonlocal_ = 1; pass
except (ValueError, h) as e: raise e from None
except c: f"{e!r:>{c}}" ; f'''
{h
}'''
else:
    while (line := c): break
finally: assert [*c], {1: 2, **c}
"""


def tree(text: str) -> ScopeTree:
    source = Source(text.encode())
    return ScopeTree(source.parse(), source)


def parents(node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
    """Every node with the one around it, as the standard library's walk shows them."""
    ignored = (ast.expr_context, ast.operator, ast.unaryop, ast.boolop, ast.cmpop, ast.alias)
    for outer in ast.walk(node):
        for child in ast.iter_child_nodes(outer):
            if isinstance(child, ast.arguments):
                yield from ((inner, outer) for inner in ast.iter_child_nodes(child))
            elif not isinstance(child, ignored) and not isinstance(outer, ast.arguments):
                yield child, outer


@pytest.mark.parametrize("text", [ODD, *(file.read_text() for file in FILES)])
def test_whoever_is_asked_for_first_every_node_knows_the_one_around_it(text: str) -> None:
    source = Source(text.encode())
    parsed = source.parse()
    places = list(parents(parsed))
    random.Random(text).shuffle(places)
    found = ScopeTree(parsed, source)
    assert all(found.parent(child) is outer for child, outer in places)


@pytest.mark.parametrize("text", [ODD, *(file.read_text() for file in FILES)])
def test_every_occurrence_of_an_identifier_is_found(text: str) -> None:
    source = Source(text.encode())
    parsed = source.parse()
    found = ScopeTree(parsed, source)
    nodes = list(ast.walk(parsed))
    for name in {node.id for node in nodes if isinstance(node, ast.Name)}:
        known = {node for node in nodes if isinstance(node, ast.Name) and node.id == name}
        assert set(found.names(name)) == known
        assert len(found.names(name)) == len(known)
    for name in {node.attr for node in nodes if isinstance(node, ast.Attribute)}:
        known_so = {node for node in nodes if isinstance(node, ast.Attribute) and node.attr == name}
        assert set(found.attributes(name)) == known_so


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("try: pass\nexcept E as a: pass", {"a"}),
        ("try: pass\nexcept E: pass", set()),
        ("match x:\n case a: pass", {"a"}),
        ("match x:\n case _: pass", set()),
        ("match x:\n case [a, *b]: pass", {"a", "b"}),
        ("match x:\n case [a, *_]: pass", {"a"}),
        ("match x:\n case {'k': a, **b}: pass", {"a", "b"}),
        ("match x:\n case {'k': a}: pass", {"a"}),
        ("a = b.c = [d, *e] = f", {"a", "d", "e"}),
        ("a: int = 1\nb: int\nc += 1", {"a", "c"}),
        ("for a, b in c: pass\nwith d as e, f: pass\ndel g", {"a", "b", "e", "g"}),
        ("print(a := 1, [b := 2])\nf(lambda: (c := 3))\n[d for d in (e := [])]", {"a", "b"}),
        ("import a.b, c.d as e\nfrom f import g as h, i", {"a", "e", "h", "i"}),
        ("def a(b): c = 1\nclass d:\n e = 2\n def f(self): global g; g = 3", {"a", "d", "g"}),
    ],
)
def test_statements_bind_what_they_name(text: str, names: set[str]) -> None:
    assert set(tree(text).module.bindings) == names


def test_an_object_has_what_its_methods_and_its_class_give_it() -> None:
    text = "class A:\n x = 1\n def f(me, other):\n  me.y = 2\n  other.z = 3\n  me.x += 4\n"
    found = tree(text)
    (owner,) = (scope for node, scope in found.opened.items() if isinstance(node, ast.ClassDef))
    assert set(owner.attributes) == {"y", "x"}
    assert [binding.kind for binding in owner.attributes["y"]] == [Kind.VALUE]
    assert [binding.kind for binding in owner.attributes["x"]] == [Kind.OPAQUE]


def test_an_object_may_get_an_attribute_from_a_comprehension() -> None:
    found = tree("class A:\n def f(self):\n  return [0 for self.x in y]\n")
    (attribute,) = found.attributes("x")
    (owner,) = (scope for node, scope in found.opened.items() if isinstance(node, ast.ClassDef))
    assert [binding.node for binding in owner.attributes["x"]] == [attribute]


def test_occurrences_come_in_the_order_of_the_text() -> None:
    found = tree("a\nif a: a = a\nb = [a, c.a,\n a]\n")
    assert [(node.lineno, node.col_offset) for node in found.names("a")] == [
        (1, 0),
        (2, 3),
        (2, 6),
        (2, 10),
        (3, 5),
        (4, 1),
    ]


def test_an_import_tells_which_name_it_gives_to_what() -> None:
    text = "from a import b as c, d\nimport e as f\ndef g():\n from h import i as j\n"
    assert tree(text).renamed == [("b", "c"), ("i", "j")]


def test_an_identifier_outside_of_its_normal_form_is_found_by_it() -> None:
    (name,) = tree("x = [\ufb01]\n").names("fi")
    assert isinstance(name.ctx, ast.Load)


def test_no_nesting_is_too_deep() -> None:
    depth = 400
    text = "lambda a=" * depth + "x" + ": 0" * depth + "\n"
    (name,) = tree(text).names("x")
    assert name.lineno == 1
