"""The one renderer of what people on GitHub read.

File names, code and messages come from strangers. Nothing of them may notify anybody, link
anywhere, become HTML, end a code block, forge a marker, or turn the direction of the text. Whatever
goes into a comment passes through here.
"""

from __future__ import annotations

import hashlib
import html
import re
import unicodedata
from collections.abc import Iterable, Sequence

COMMENT_LIMIT = 65_000
"""GitHub takes 65,536 characters in a comment and 65,535 in a check run's text."""

_BREAK = "\u200b"  # invisible, and enough to keep GitHub from seeing a name, a link or a number
_BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_PUNCTUATION = re.compile(r"[\\`*_\[\]~!]")
_LIVE = (
    (re.compile(r"@"), f"@{_BREAK}"),
    (re.compile(r"#(?=\d)"), f"#{_BREAK}"),
    (re.compile(r"GH-(?=\d)", re.IGNORECASE), f"GH{_BREAK}-"),
    (re.compile(r"://"), f":{_BREAK}//"),
    (re.compile(r"www\.", re.IGNORECASE), f"www{_BREAK}."),
    (re.compile(r"(mailto|xmpp):", re.IGNORECASE), rf"\1{_BREAK}:"),
)
_MARKER_WORD = re.compile(r"[A-Za-z0-9._/:@#+]+(?:-[A-Za-z0-9._/:@#+]+)*")
_BACKTICKS = re.compile(r"`+")


def has_bidi(value: str) -> bool:
    """Whether the text holds characters that turn the direction of what follows."""
    return not _BIDI.isdisjoint(value)


def plain(value: str, limit: int = 1000) -> str:
    """One line for places that are no Markdown: annotations, titles.

    Control and direction characters become visible as `U+202E`.
    """
    line = "".join(_visible(character) for character in " ".join(value.split()))
    return line if len(line) <= limit else line[: limit - 1] + "…"


def commit_text(value: str, limit: int = 300) -> str:
    """One line of a commit message: GitHub notifies people from there as well."""
    line = plain(value, limit)
    for pattern, replacement in _LIVE:
        line = pattern.sub(replacement, line)
    return line


def text(value: str, limit: int = 2000) -> str:
    """A sentence in a comment; what it sets in single backticks stays code, all else is inert."""
    pieces = re.split(r"(?<!`)`([^`]+)`(?!`)", plain(value, limit))
    return "".join(
        code(piece) if index % 2 else _inert(piece) for index, piece in enumerate(pieces)
    )


def code(value: str, limit: int = 300) -> str:
    """A code span that nothing in `value` can leave."""
    inner = plain(value, limit)
    if not inner:
        return ""
    ticks = "`" * (_longest_run(inner) + 1)
    pad = " " if inner[0] in "` " or inner[-1] in "` " else ""
    return f"{ticks}{pad}{inner}{pad}{ticks}"


def html_code(value: str, limit: int = 300) -> str:
    """A code span for where Markdown is not read, such as the summary of `details`."""
    return f"<code>{html.escape(plain(value, limit))}</code>"


def link(label: str, address: str) -> str:
    """A link of our own making: https only, the label inert."""
    if not re.fullmatch(r"https?://[^\s<>()\"'`\\]+", address):
        return text(label)
    return f"[{text(label)}]({address})"


def fence(content: str, language: str = "") -> str:
    """A code block that nothing in `content` can leave."""
    ticks = "`" * max(3, _longest_run(content) + 1)
    body = content if content.endswith("\n") or not content else content + "\n"
    return f"{ticks}{language}\n{body}{ticks}"


def listing(content: str, language: str = "") -> str:
    """A code block to be read, not copied: what cannot be seen in it becomes visible."""
    lines = content.split("\n")
    return fence("\n".join("".join(map(_seen, line.rstrip("\r"))) for line in lines), language)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are rendered already."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(cell) for cell in line)} |" for line in lines)


def details(summary: str, content: str) -> str:
    """A part that is folded until somebody opens it; both arguments are rendered already."""
    return f"<details>\n<summary>{summary}</summary>\n\n{content}\n\n</details>"


def marker(kind: str, *words: str) -> str:
    """A hidden, deterministic mark by which the bot finds what it wrote before.

    A word that could end the HTML comment is replaced by its hash.
    """
    safe = [word if _MARKER_WORD.fullmatch(word) else _hash(word) for word in words]
    return f"<!-- {' '.join([f'cdk-medic:{kind}', *safe])} -->"


def marked(body: str, kind: str) -> list[str]:
    """The words of the marker of this kind on a comment's last line, [] where there is none.

    What looks like a marker further up stands in the name of a file or in code.
    """
    last = body.rstrip().rpartition("\n")[2]
    found = re.search(rf"<!-- cdk-medic:{re.escape(kind)}((?: [^ \n<>]+)*) -->", last)
    return found[1].split() if found and last.startswith("<!-- ") else []


def cut(body: str, ending: str, limit: int = COMMENT_LIMIT) -> str:
    """`body` followed by `ending`, the body losing whole lines where both are too long."""
    room = limit - len(ending)
    if len(body) > room:
        body = body[:room]
        body = body[: body.rfind("\n") + 1]
    return body + ending


def _inert(piece: str) -> str:
    piece = piece.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    piece = _PUNCTUATION.sub(lambda found: "\\" + found[0], piece)
    for pattern, replacement in _LIVE:
        piece = pattern.sub(replacement, piece)
    return piece.replace("|", "&#124;")


def _cell(cell: str) -> str:
    return cell.replace("|", r"\|")


def _visible(character: str) -> str:
    if character in _BIDI or unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}:
        return f"U+{ord(character):04X}"
    return character


def _seen(character: str) -> str:
    return character if character == "\t" else _visible(character)


def _longest_run(value: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(value)), default=0)


def _hash(word: str) -> str:
    return hashlib.sha256(word.encode("utf-8", "surrogatepass")).hexdigest()[:32]
