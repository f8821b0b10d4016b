"""A cheap look at a file's shape, for a friendly message before the parser is put at risk.

It is no control: the limits of the child process are. Of 4,996 real Python files seven exceed these
bounds.
"""

from __future__ import annotations

import re

MOST_BYTES = 512 * 1024
MOST_NESTED_BRACKETS = 40
MOST_NESTED_PATTERNS = 4
MOST_OPERATORS = 300

_TOKEN = re.compile(
    rb"""
    (?P<skipped>\#[^\n\r]* | \\\r?\n
      | \"\"\"(?:[^\\]|\\.)*?\"\"\" | '''(?:[^\\]|\\.)*?'''
      | "(?:[^"\\\n\r]|\\.)*" | '(?:[^'\\\n\r]|\\.)*')
    | (?P<opens>[(\[{]) | (?P<closes>[)\]}])
    | (?P<newline>\r\n?|\n)
    | (?P<word>[^\W\d]\w*)
    | (?P<operator>[-+*/%@&|^~<>=!.,]=?)
    """,
    re.VERBOSE | re.DOTALL,
)

_WORD_OPERATORS = frozenset({b"and", b"or", b"not", b"in", b"is", b"if", b"else", b"await"})
# Commas and dots separate rather than nest: only what makes the tree deeper is counted.
_HARMLESS = frozenset({b",", b".", b"=", b"!"})


def reason_to_skip(source: bytes) -> str:
    """Why the file should not be given to a parser, with the line; empty if it may."""
    if len(source) > MOST_BYTES:
        return f"the file is larger than {MOST_BYTES // 1024} KiB"
    line, depth, operators, limit = 1, 0, 0, MOST_NESTED_BRACKETS
    first_word = True
    for token in _TOKEN.finditer(source):
        kind, text = token.lastgroup, token.group()
        if kind == "opens":
            depth += 1
            if depth > limit:
                return f"line {line}: brackets are nested more than {limit} deep"
        elif kind == "closes":
            depth = max(0, depth - 1)
        elif kind == "newline" and depth == 0:
            operators, limit, first_word = 0, MOST_NESTED_BRACKETS, True
        elif kind == "word" and first_word:
            first_word = False
            if text in {b"case", b"del"}:
                limit = MOST_NESTED_PATTERNS
        elif (kind == "operator" and text not in _HARMLESS) or text in _WORD_OPERATORS:
            operators += 1
            if operators > MOST_OPERATORS:
                return f"line {line}: one statement has more than {MOST_OPERATORS} operators"
        line += text.count(b"\n")
    return ""
