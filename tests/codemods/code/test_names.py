from __future__ import annotations

import ast
import textwrap

import pytest

from codemods.code.module import Module
from codemods.code.source import Source
from codemods.settings.policy import Policy


def module(text: str) -> Module:
    source = Source(textwrap.dedent(text).encode())
    return Module("stack.py", source, source.parse(), Policy())


def asked(text: str) -> tuple[Module, ast.expr]:
    """A module, and the argument of the call of `ask` in it."""
    parsed = module(text)
    for node in ast.walk(parsed.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "ask":
            return parsed, node.args[0]
    raise AssertionError("nothing is asked")


def qualified(text: str) -> str:
    parsed, node = asked(text)
    return parsed.names.qualified(node)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("import aws_cdk as cdk\nask(cdk.aws_ec2.Vpc)", "aws_cdk.aws_ec2.Vpc"),
        ("import aws_cdk.aws_ec2\nask(aws_cdk.aws_ec2.Vpc)", "aws_cdk.aws_ec2.Vpc"),
        ("import aws_cdk.aws_ec2 as e\nask(e.Vpc)", "aws_cdk.aws_ec2.Vpc"),
        ("from aws_cdk.aws_ec2 import Vpc as V\nask(V)", "aws_cdk.aws_ec2.Vpc"),
        ("from aws_cdk import core\nask(core.Stack)", "aws_cdk.Stack"),
        ("from aws_cdk.core import Stack\nask(Stack)", "aws_cdk.Stack"),
        ("import aws_cdk.core as cdk\nask(cdk.Stack)", "aws_cdk.Stack"),
        ("from aws_cdk.aws_ec2 import *\nask(Vpc)", "aws_cdk.aws_ec2.Vpc"),
        ("def f():\n    import aws_cdk as c\n    ask(c.Stack)", "aws_cdk.Stack"),
        ("if x:\n    import aws_cdk as c\nask(c.Stack)", "aws_cdk.Stack"),
        ("import aws_cdk as c\nStack = c.Stack\nask(Stack)", "aws_cdk.Stack"),
        ("import aws_cdk as c\nclass A:\n    c = 1\n    def f(self): ask(c.App)", "aws_cdk.App"),
        ("from . import core\nask(core.Stack)", "..core.Stack"),
    ],
)
def test_a_name_resolves_through_its_import(text: str, name: str) -> None:
    assert qualified(text) == name


@pytest.mark.parametrize(
    "text",
    [
        "ask(nothing)",
        "ask(f().Vpc)",
        "import aws_cdk as c\nc = fake\nask(c.Stack)",
        "import aws_cdk as c\ndef f(c): ask(c.Stack)",
        "import aws_cdk as c\nfor c in d: pass\nask(c.Stack)",
        "import aws_cdk as c\nlambda c: ask(c.Stack)",
        "import aws_cdk as c\n[ask(c.Stack) for c in d]",
        "import aws_cdk as c\nclass c: pass\nask(c.Stack)",
        "import aws_cdk as c\ndef f():\n    global c\n    c = 1\nask(c.Stack)",
        "import aws_cdk as c\nwith x as c: pass\nask(c.Stack)",
        "import aws_cdk as c\ntry: pass\nexcept E as c: ask(c.Stack)",
        "import aws_cdk as c\nmatch x:\n    case {**c}: ask(c.Stack)",
        "import aws_cdk as c\nmatch x:\n    case [*c]: ask(c.Stack)",
        "if x:\n    import aws_cdk as c\nelse:\n    import other as c\nask(c.Stack)",
        "from aws_cdk.aws_s3 import *\nfrom aws_cdk.aws_ec2 import *\nask(Vpc)",
        "a = b\nb = a\nask(a)",
    ],
)
def test_a_name_that_may_mean_something_else_resolves_to_nothing(text: str) -> None:
    assert qualified(text) == ""


def test_after_several_star_imports_a_name_may_mean_any_of_them() -> None:
    parsed, node = asked("from aws_cdk.aws_s3 import *\nfrom aws_cdk.aws_ec2 import *\nask(Vpc)")
    assert parsed.names.means(node, "aws_cdk.aws_ec2.Vpc") == "aws_cdk.aws_ec2.Vpc"
    assert parsed.names.means(node, "aws_cdk.aws_rds.Vpc") == ""


def test_of_several_star_imports_the_one_that_has_a_known_name_brought_it() -> None:
    stars = "from aws_cdk.aws_iam import *\nfrom aws_cdk.core import *\nfrom m import *\n"
    assert qualified(f"{stars}ask(Role)") == "aws_cdk.aws_iam.Role"
    assert qualified(f"{stars}ask(Effect.DENY)") == "aws_cdk.aws_iam.Effect.DENY"
    assert qualified(f"{stars}ask(Stack)") == "aws_cdk.Stack"
    assert qualified(f"{stars}ask(Unknown)") == ""
    both = "from aws_cdk.aws_ecs import *\nfrom aws_cdk.aws_secretsmanager import *\n"
    assert qualified(f"{both}ask(Secret)") == ""


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ask(3)", 3),
        ("N = 3\nask(N)", 3),
        ("N: int = 3\nask(N)", 3),
        ("N = 3\nM = N\nask(M)", 3),
        ("ask(n := 3)", 3),
        ("from typing import cast\nask(cast(int, 3))", 3),
        ("class A:\n    N = 3\n    def f(self): ask(self.N)", 3),
        ("class A:\n    N = 3\nask(A.N)", 3),
        ("class A:\n    def g(self): self.n = 3\n    def f(self): ask(self.n)", 3),
        ("class A:\n    def f(this):\n        this.n = 3\n        def g(): ask(this.n)", 3),
        ("class A:\n    @classmethod\n    def f(cls): ask(cls.N)\n    N = 3", 3),
        ("N = 3\ndef f():\n    ask(N)", 3),
        ("ask(True)", None),
        ("ask('3')", None),
        ("N = 3\nN = 4\nask(N)", None),
        ("N = 3\nN += 1\nask(N)", None),
        ("N: int\nask(N)", None),
        ("def f(n=3): ask(n)", None),
        ("ask(self.n)", None),
        ("class A:\n    def f(self): self.n = 3\n    def g(self): self.n = 4; ask(self.n)", None),
        ("class A:\n    n = 3\n    @staticmethod\n    def f(self): ask(self.n)", None),
        ("class A:\n    def f(): ask(self.n)\n    n = 3", None),
        ("a, b = 1, 3\nask(b)", None),
    ],
)
def test_an_integer_is_known_where_one_assignment_says_it(text: str, value: int | None) -> None:
    parsed, node = asked(text)
    assert parsed.names.integer(node) == value


def test_a_string_is_known_where_one_assignment_says_it() -> None:
    parsed, node = asked("S = 'x'\nask(S)")
    assert parsed.names.string(node) == "x"
    parsed, node = asked("ask(1)")
    assert parsed.names.string(node) is None


def test_uses_are_the_reads_of_the_same_name() -> None:
    parsed, node = asked("N = 1\nask(N)\nprint(N)\ndef f(N): print(N)\n")
    assert len(parsed.names.uses(node)) == 2
    parsed, node = asked("class A:\n    def f(self): ask(self.n); print(self.n, other.n)\n")
    assert len(parsed.names.uses(node)) == 2
    parsed, node = asked("ask(f())")
    assert parsed.names.uses(node) == []


def test_a_name_is_free_where_no_scope_around_binds_it() -> None:
    parsed, node = asked("Stack = 1\ndef f(own):\n    def g(other): pass\n    ask(own)")
    assert not parsed.names.is_free("Stack", node)
    assert not parsed.names.is_free("own", node)
    assert parsed.names.is_free("other", node)


def test_a_chain_of_aliases_is_followed_for_eight_steps() -> None:
    chain = "\n".join(f"n{i + 1} = n{i}" for i in range(8))
    parsed, node = asked(f"n0 = 3\n{chain}\nask(n7)")
    assert parsed.names.integer(node) == 3
    parsed, node = asked(f"n0 = 3\n{chain}\nask(n8)")
    assert parsed.names.integer(node) is None


def test_only_names_and_attributes_have_bindings() -> None:
    parsed, node = asked("ask(f())")
    assert parsed.names.bindings(node) == []
    parsed, node = asked("ask(f().n)")
    assert parsed.names.bindings(node) == []


def test_uses_of_an_attribute_of_something_unknown_are_those_of_the_same_owner() -> None:
    parsed, node = asked("ask(a.b.n)\nprint(a.b.n, c.b.n)\n")
    assert len(parsed.names.uses(node)) == 2


def test_an_object_of_an_unknown_class_has_no_known_attributes() -> None:
    parsed, node = asked("x = unknown()\nask(x.n)\n")
    assert parsed.names.bindings(node) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("ask({'k': 3})", 3),
        ("ask(dict(k=3))", 3),
        ("given = dict(k=3)\nask(given)", 3),
        ("ask(other(k=3))", None),
        ("ask(build(k=3))", None),
        ("ask({**more})", None),
    ],
)
def test_an_item_is_known_of_a_dict_that_is_written_out(text: str, value: int | None) -> None:
    parsed, node = asked(text)
    item = parsed.names.item(node, "k")
    assert (None if item is None else parsed.names.integer(item)) == value
