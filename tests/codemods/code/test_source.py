from __future__ import annotations

import ast
import io
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codemods import Position
from codemods.code.source import Source, UnreadableError


def expression(source: Source) -> ast.expr:
    (statement,) = source.parse().body
    assert isinstance(statement, ast.Expr)
    return statement.value


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("lead", ["", "# é 日本", '"""a\x0cb\u2028c"""'])
def test_a_node_is_sliced_as_it_was_written(bom: bytes, newline: str, lead: str) -> None:
    data = bom + f"{lead}{newline}{newline}print('é',{newline}  größe)".encode()
    source = Source(data)
    statement = source.parse().body[-1]
    assert source.code(statement) == f"print('é',{newline}  größe)"
    start, end = source.span(statement)
    assert data[start:end].decode() == source.code(statement)


def test_columns_are_counted_in_code_points() -> None:
    source = Source("'é日', größe\n".encode())
    value = expression(source)
    assert isinstance(value, ast.Tuple)
    assert source.position(source.span(value.elts[1])[0]) == Position(1, 7)


def test_a_byte_order_mark_counts_in_offsets_and_not_in_columns() -> None:
    source = Source(b"\xef\xbb\xbfvalue\n")
    start, end = source.span(expression(source))
    assert (start, end) == (3, 8)
    assert source.position(start) == Position(1, 1)


def test_lines_are_given_without_their_ends() -> None:
    source = Source(b"a\r\nb\nc")
    assert [source.line(number) for number in (1, 2, 3)] == ["a", "b", "c"]


def test_an_identifier_is_found_where_it_is_no_part_of_another() -> None:
    source = Source(b"\xef\xbb\xbfVpc = Vpcs.x_Vpc\nec2.Vpc(_Vpc, Vpc_, 1Vpc)\xc3\xa9Vpc.Vpc")
    offsets = list(source.occurrences("Vpc"))
    assert [source.data[offset : offset + 3] for offset in offsets] == [b"Vpc"] * 4
    assert offsets[0] == 3
    assert offsets[1:] == [24, 47, 51]


def test_an_operator_is_found_wherever_it_stands() -> None:
    assert list(Source(b":=x:=y :=").occurrences(":=")) == [0, 3, 7]


def test_a_text_is_normal_where_python_compares_it_as_it_is() -> None:
    assert Source(b"plain").is_normal
    assert Source("é — 日本".encode()).is_normal
    assert not Source("\ufb01".encode()).is_normal


def test_a_line_without_text_at_the_end_counts() -> None:
    assert [Source(text).line_starts for text in (b"a", b"a\r\nb", b"a\n", b"")] == [
        [0],
        [0, 3],
        [0, 2],
        [0],
    ]


def test_the_newline_is_the_one_that_the_file_uses_most() -> None:
    assert Source(b"a\r\nb\r\nc\n").newline == "\r\n"
    assert Source(b"a\r\nb\nc\n").newline == "\n"
    assert Source(b"").newline == "\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"# coding: rot13\nimport aws_cdk\n", "cannot be decoded"),
        (b"# coding: no-such\n", "cannot be decoded"),
        (b"\xff\xfe\n", "cannot be decoded"),
    ],
)
def test_undecodable_bytes_are_said_to_be_so(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        Source(data).parse()


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"x = (\n\ny = 1\n", "line 1: '\\(' was never closed"),
        (b"x = 1\0\n", "null bytes|not valid Python"),
        (b"(" * 5000, "line 1: too many nested parentheses"),
        (b"-" * 100_000 + b"1", "too deeply|too complex|recursion|memory"),
    ],
)
def test_unparsable_text_is_said_to_be_so(data: bytes, reason: str) -> None:
    with pytest.raises(UnreadableError, match=reason):
        Source(data).parse()


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="this Python parses it")
@pytest.mark.parametrize(
    "text",
    [
        "x = f'{a['b']}'",
        "type Name = str",
        "def f[T](x: T): ...",
        "class A[T]: ...",
    ],
)
def test_newer_grammar_is_named_as_such(text: str) -> None:
    with pytest.raises(UnreadableError, match=r"needs Python 3\.12 or newer to analyse"):
        Source(text.encode()).parse()


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="this Python parses it")
@pytest.mark.parametrize("text", ["try: pass\nexcept A, B: pass", "x = t'{a}'"])
def test_the_newest_grammar_is_named_as_such(text: str) -> None:
    with pytest.raises(UnreadableError, match=r"needs Python 3\.14 or newer to analyse"):
        Source(text.encode()).parse()


def test_only_faithful_edits_are_allowed() -> None:
    assert Source(b"a = 1\n").uneditable == ""
    assert Source(b"\xef\xbb\xbfa = 1\r\n").uneditable == ""
    assert (
        "iso-8859-15" in Source("# coding: iso-8859-15\ns = '€'\n".encode("iso-8859-15")).uneditable
    )
    assert "carriage returns" in Source(b"a = 1\rb = 2\n").uneditable


@given(st.lists(st.sampled_from(["é", "a", "\n", "\r\n", "\r", "#", "日", "\t"]), max_size=30))
def test_every_offset_of_a_line_start_is_column_one(pieces: list[str]) -> None:
    text = "".join(pieces)
    source = Source(text.encode())
    for line in range(1, len(io.StringIO(text, newline=None).readlines()) + 1):
        assert source.position(source.offset(line, 0)) == Position(line, 1)


def test_null_bytes_are_a_problem_with_the_words_of_python() -> None:
    with pytest.raises(UnreadableError, match="null bytes"):
        Source(b"x = 1\x00\n").parse()
