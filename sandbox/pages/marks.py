"""What differs within a line that was changed."""

import re
from collections.abc import Sequence

from markupsafe import Markup

_PIECE = re.compile(r"<[^>]*>|&[^;]+;|.", re.DOTALL)
_LEAST_COMMON = 0.2  # below this share of common characters, marks would only be noise


def marked(old: Sequence[Markup], new: Sequence[Markup]) -> tuple[list[Markup], list[Markup]]:
    """Mark, line by line, what a change took out of lines and put into them.

    Where their number changed, it isn't known which line became which: nothing is marked.
    """
    if len(old) != len(new):
        return list(old), list(new)
    pairs = [_pair(before, after) for before, after in zip(old, new, strict=True)]
    return [before for before, _ in pairs], [after for _, after in pairs]


def _pair(old: Markup, new: Markup) -> tuple[Markup, Markup]:
    before, after = _characters(old), _characters(new)
    start = _same(before, after)
    end = _same(before[start:][::-1], after[start:][::-1])
    common = len("".join(before[:start] + before[len(before) - end :]).strip())
    longest = max(len("".join(before).strip()), len("".join(after).strip()))
    if common < _LEAST_COMMON * longest:
        return old, new
    return (
        _between(old, start, len(before) - end),
        _between(new, start, len(after) - end),
    )


def _same(one: list[str], other: list[str]) -> int:
    """Return how many characters both begin with."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((n for n, (a, b) in pairs if a != b), min(len(one), len(other)))


def _characters(html: Markup) -> list[str]:
    return [piece for piece in _PIECE.findall(html) if piece[0] != "<" or piece == "<"]


def _between(html: Markup, start: int, end: int) -> Markup:
    """Wrap the characters from start to end, closing and opening around every tag."""
    out: list[str] = []
    at, inside = 0, False
    for piece in _PIECE.findall(html):
        tag = piece[0] == "<" and len(piece) > 1
        wanted = not tag and start <= at < end
        if wanted != inside:
            out.append('<span class="changed">' if wanted else "</span>")
            inside = wanted
        out.append(piece)
        at += not tag
    if inside:
        out.append("</span>")
    return Markup("".join(out))  # noqa: S704 -- pieces of HTML that was safe, and constants
