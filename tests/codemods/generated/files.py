"""Whole files: the mistakes in the constructs, functions and blocks that real code has them in."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from tests.codemods.generated.code import Around, Block, Cdk, Line, Program, Statement, call
from tests.codemods.generated.drawing import Draw, habits, one, plain
from tests.codemods.generated.layout import Writer
from tests.codemods.generated.mistakes import MISTAKES, Place
from tests.codemods.generated.spelling import Imports

_LINES = (Line("AZS = 3"), Line("GATEWAYS = 1"), Line("LIMIT = 10"), Line('NAME = "audit-logs"'))
CONSTANTS = tuple(line.before.partition("=")[0] for line in _LINES)
"""What the lines begin with that define the constants which fixes may change."""
_SIGNATURE = "(self, scope, construct_id, *, stage='dev', prefix=\"p\", **kwargs)"


@dataclass(frozen=True)
class File:
    """One program, written three times.

    Attributes:
        source: as somebody wrote it.
        plain: with the same imports, laid out plainly.
        canonical: with plain imports, laid out plainly.
    """

    source: bytes
    plain: bytes
    canonical: bytes

    def __repr__(self) -> str:
        """What to look at when a property fails."""
        return f"\n{self.source.decode()}\n{self.source!r}"


@st.composite
def files(draw: Draw) -> File:
    """Files of CDK code."""
    program = draw(programs())
    imports = Imports(habits(draw), first_version=program.first_version)
    usual = Imports(plain, first_version=program.first_version)
    return File(
        Writer(imports, habits(draw)).write(program),
        Writer(imports, plain).write(program),
        Writer(usual, plain).write(program),
    )


@st.composite
def programs(draw: Draw) -> Program:
    """What files say."""
    parts = [draw(_parts()) for _ in range(one(draw, 1, 1, 2))]
    constants = draw(st.lists(st.sampled_from(_LINES), unique=True))
    return Program(
        (*constants, *(statement for part in parts for statement in part)),
        first_version=one(draw, *[False] * 7, True),
    )


@st.composite
def _parts(draw: Draw) -> list[Statement]:
    """A class, a function, or statements of the module itself."""
    kind = one(draw, "module", "Stack", "Stack", "NestedStack", "Construct", "helper")
    if kind == "module":
        app = call(Cdk("aws_cdk.Stack"), call(Cdk("aws_cdk.App")), '"App"')
        return [Line("stack = ", app), *draw(_bodies(Place("stack", method=False)))]
    if kind == "helper":
        body = tuple(draw(_bodies(Place("scope", method=False))))
        header = f"{one(draw, '', 'async ')}def build({one(draw, 'scope', 'scope: Stack')}, *rest)"
        decorators = one(draw, (), ("@cached",), ("@wraps(\n    f,  # kept 0\n)",))
        return [Block(Around(header, ""), body, decorators)]
    base = Cdk("constructs.Construct" if kind == "Construct" else f"aws_cdk.{kind}")
    place = Place("self", method=True)
    body = (Line("super().__init__(scope, construct_id, **kwargs)"), *draw(_bodies(place)))
    methods: list[Statement] = [Block(Around(f"def __init__{_SIGNATURE}", ""), body)]
    if draw(st.booleans()):
        more = Around("def more(self, role, count=None)", "")
        methods.append(Block(more, tuple(draw(_bodies(place)))))
    return [Block(Around(f"class {one(draw, 'Payments', 'Audit')}(", base, ")"), tuple(methods))]


@st.composite
def _bodies(draw: Draw, place: Place, depth: int = 2) -> list[Statement]:
    """Statements, some of them in blocks."""
    found: list[Statement] = []
    for _ in range(one(draw, 1, 2, 3)):
        if depth and one(draw, False, False, False, True):
            found += draw(_blocks(place, depth - 1))
        else:
            found += draw(one(draw, *MISTAKES)(place))
    return found


@st.composite
def _blocks(draw: Draw, place: Place, depth: int) -> list[Statement]:
    """A compound statement with all of its clauses."""
    headers = one(
        draw,
        ("if stage == 'live'",),
        ("if stage", "elif prefix", "else"),
        ("with scope_of(stage) as found",),
        ("for zone in zones", "else"),
        ("while waiting",),
        ("try", "except (ValueError, KeyError) as error", "else", "finally"),
        ("def inner()",),
    )
    return [Block(Around(it, ""), tuple(draw(_bodies(place, depth)))) for it in headers]
