"""One file's bytes, and the way between syntax tree positions, byte offsets and what people see.

`ast` counts lines as the tokenizer does (LF, CRLF and a lone CR each end one) and columns in UTF-8
bytes of a line; people count columns in code points; edits are byte offsets into the whole file.
"""

from __future__ import annotations

import ast
import codecs
import io
import itertools
import re
import string
import sys
import tokenize
import warnings
from bisect import bisect_right
from collections.abc import Iterator
from functools import cached_property

from codemods.rule import Position

LINE_END = re.compile(rb"\r\n|\r|\n")
_GRAMMAR = {
    (3, 12): re.compile(
        r"\Af-string: |^\s*type \w+.*=|^\s*(async )?(def|class) \w+\[", re.MULTILINE
    ),
    (3, 14): re.compile(r"multiple exception types must be|\b[tT][rR]?[\"']", re.MULTILINE),
}
"""Signs in a syntax error that a version's grammar allows what the running one does not."""
_LETTERS = frozenset(
    bytes([byte]) for byte in b"_" + (string.ascii_letters + string.digits).encode()
)
_LONE_CR = re.compile(rb"\r(?!\n)")


class UnreadableError(Exception):
    """The file cannot be analysed; the message is a sentence for whoever reads the report."""


class Source:
    """A Python file as bytes, decoded once.

    Args:
        data: the whole file as it is on disk, byte order mark included.

    Raises:
        UnreadableError: where the bytes cannot be decoded as their declared encoding.
    """

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.bom_length = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
        self._body = data[self.bom_length :]
        try:
            encoding = _declared_encoding(data)
            self.text = self._body.decode(encoding)
        except (LookupError, UnicodeDecodeError, SyntaxError) as error:
            raise UnreadableError(f"the file cannot be decoded: {error}") from error
        self.encoding = encoding

    @property
    def uneditable(self) -> str:
        """Why no edit of this file would be faithful, or an empty string."""
        if self.encoding != "utf-8":
            return f"the file is encoded as {self.encoding}; only UTF-8 files are edited"
        if _LONE_CR.search(self._body):
            return "the file has carriage returns that do not end a line"
        return ""

    def parse(self) -> ast.Module:
        """Parse the file with the running Python's grammar.

        Raises:
            UnreadableError: with the line, where the text is not valid Python here.
        """
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return ast.parse(self.text)
        except (SyntaxError, ValueError) as error:  # before 3.11.4 null bytes are a ValueError
            line = getattr(error, "lineno", None)
            place = f"line {line}: " if line else ""
            said = f"{getattr(error, 'msg', error)}{_newer(error)}"
            raise UnreadableError(f"{place}{said}") from error
        except (RecursionError, MemoryError) as error:
            raise UnreadableError("the code is nested too deeply to be analysed") from error

    @cached_property
    def _utf8(self) -> bytes:
        return self._body if self.encoding == "utf-8" else self.text.encode()

    @cached_property
    def line_starts(self) -> list[int]:
        """The byte offset at which each line begins, one without any text at the end included."""
        lines = self._utf8.splitlines(keepends=True)
        if lines and not lines[-1].endswith((b"\r", b"\n")):
            lines.pop()
        return [*itertools.accumulate(map(len, lines), initial=self.bom_length)]

    def offset(self, line: int, column: int) -> int:
        """The byte offset in the file of a 1-based line and a 0-based column in UTF-8 bytes."""
        return self.line_starts[line - 1] + column

    def span(self, node: ast.expr | ast.stmt | ast.keyword) -> tuple[int, int]:
        """The byte offsets `(start, end)` of a node."""
        end = self.offset(node.end_lineno or 0, node.end_col_offset or 0)  # the parser sets both
        return self.offset(node.lineno, node.col_offset), end

    def slice(self, start: int, end: int) -> str:
        """The text between two byte offsets."""
        return self._between(start, end).decode()

    def _between(self, start: int, end: int) -> bytes:
        return self._utf8[start - self.bom_length : end - self.bom_length]

    def code(self, node: ast.expr | ast.stmt) -> str:
        """The text of a node, as written."""
        return self.slice(*self.span(node))

    def position(self, offset: int) -> Position:
        """What a person calls a byte offset: 1-based line and column in code points."""
        line = bisect_right(self.line_starts, offset)
        before = self._between(self.line_starts[line - 1], offset)
        return Position(line, len(before.decode(errors="replace")) + 1)

    def line_span(self, line: int) -> tuple[int, int]:
        """The byte offsets of a 1-based line, without its line end."""
        start = self.line_starts[line - 1]
        match = LINE_END.search(self._utf8, start - self.bom_length)
        end = match.start() if match else len(self._utf8)
        return start, self.bom_length + end

    def line(self, line: int) -> str:
        """The text of a 1-based line, without its line end."""
        return self.slice(*self.line_span(line))

    def indentation(self, line: int) -> str:
        """The white space that a 1-based line begins with."""
        text = self.line(line)
        return text[: len(text) - len(text.lstrip())]

    def stands_alone(self, statement: ast.stmt) -> bool:
        """Whether a statement shares its lines with no other; a comment may follow it."""
        start, end = self.span(statement)
        first, _ = self.line_span(statement.lineno)
        _, last = self.line_span(statement.end_lineno or statement.lineno)
        rest = self.slice(end, last).strip()
        return not self.slice(first, start).strip() and rest[:1] in {"", "#"}

    @property
    def is_normal(self) -> bool:
        """Whether every identifier is spelled as Python compares it, in Unicode's form NFKC."""
        if self.text.isascii():
            return True
        import unicodedata  # only here: most files do without

        return unicodedata.is_normalized("NFKC", self.text)

    def occurrences(self, word: str) -> Iterator[int]:
        """The byte offsets at which a word is spelled that is no part of a longer identifier.

        Those of an operator, which has no letters at its ends, are all that there are.
        """
        sought, text = word.encode(), self._utf8
        beside = _LETTERS if word.isidentifier() else frozenset[bytes]()
        at = text.find(sought)
        while at >= 0:
            end = at + len(sought)
            if text[at - 1 : at] not in beside and text[end : end + 1] not in beside:
                yield self.bom_length + at
            at = text.find(sought, end)

    @cached_property
    def newline(self) -> str:
        """The line end that the file uses most, LF where it has none."""
        return "\r\n" if self._utf8.count(b"\r\n") * 2 > self._utf8.count(b"\n") else "\n"


def _newer(error: Exception) -> str:
    """What to do where the error may be no error to a newer Python."""
    for version, sign in _GRAMMAR.items():
        said = f"{getattr(error, 'msg', '')}\n{getattr(error, 'text', '') or ''}"
        if sys.version_info < version and sign.search(said):
            return f"; needs Python {version[0]}.{version[1]} or newer to analyse"
    return ""


def _declared_encoding(data: bytes) -> str:
    encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
    return {"utf-8-sig": "utf-8", "ascii": "utf-8"}.get(encoding, encoding)
