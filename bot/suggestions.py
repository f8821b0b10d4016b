"""From a finding's edits to the block that GitHub applies with one click.

A suggestion replaces whole lines. It is only made where all of them are in one hunk, and where the
file that a click produces is, byte for byte, the file that the edits produce: that is the one which
gets parsed again before anybody sees the suggestion.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot import markdown
from bot.diff import Diff
from codemods import Finding, apply_edits

LINES_AT_MOST = 40
"""A suggestion that rewrites more is read by nobody; the commands commit it as well."""

_CHARACTERS_AT_MOST = 10_000  # one comment too long for GitHub loses the whole review

_BOM = "\ufeff"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Replace the lines `first` to `last` (1-based, inclusive) by `replacement`.

    `replacement` is whole lines, each with its newline; `after` is the file once it is applied.
    """

    path: str
    first: int
    last: int
    replacement: str
    after: bytes
    findings: tuple[Finding, ...]


def suggest(source: bytes, diff: Diff, findings: Iterable[Finding]) -> tuple[Suggestion, ...]:
    """The suggestions for one file, none of which touches the lines of another.

    Args:
        source: the file's bytes at the head.
        diff: what the pull request shows of it.
        findings: those to be fixed, with their edits.

    Returns:
        In the order of lines. Fixes on the same or neighbouring lines become one suggestion; a
        finding that no suggestion can fix is in none of them.
    """
    alone = [single for finding in findings if (single := _replacement(source, diff, [finding]))]
    made: list[Suggestion] = []
    for cluster in _clusters(sorted(alone, key=lambda single: (single.first, single.last))):
        whole = _replacement(source, diff, [one.findings[0] for one in cluster])
        candidates = [whole] if whole and _clickable(whole, source, diff) else cluster
        for candidate in candidates:
            apart = all(
                candidate.first > other.last + 1 or candidate.last + 1 < other.first
                for other in made
            )
            if apart and _clickable(candidate, source, diff):
                made.append(candidate)
    return tuple(sorted(made, key=lambda suggestion: suggestion.first))


def lines_of(source: bytes) -> list[bytes]:
    """The lines as GitHub counts them, each with its newline: only LF ends one."""
    lines = [line + b"\n" for line in source.split(b"\n")]
    lines[-1] = lines[-1][:-1]
    return lines if lines[-1] else lines[:-1]


def apply(source: bytes, suggestion: Suggestion) -> bytes:
    """What GitHub makes of the file when somebody commits the suggestion."""
    lines = lines_of(source)
    lines[suggestion.first - 1 : suggestion.last] = [suggestion.replacement.encode()]
    return b"".join(lines)


def _replacement(source: bytes, diff: Diff, findings: Sequence[Finding]) -> Suggestion | None:
    edits = {edit for finding in findings if finding.fix for edit in finding.fix.edits}
    try:
        after = apply_edits(source, sorted(edits))
        if after == source:
            return None
        first, last, replacement = _changed_lines(source, after, diff)
        text = replacement.decode()
    except ValueError:  # edits in each other's way, or bytes that are no UTF-8
        return None
    return Suggestion(findings[0].path, first, last, text, after, tuple(findings))


def _changed_lines(source: bytes, after: bytes, diff: Diff) -> tuple[int, int, bytes]:
    old, new = lines_of(source), lines_of(after)
    same = min(len(old), len(new))
    head = 0
    while head < same and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < same - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    first, last = head + 1, len(old) - tail
    # GitHub replaces lines and cannot insert between them: an insertion repeats a neighbour.
    if last < first:
        if head and (diff.hunk_around(head, head) or tail == 0):
            first, head = first - 1, head - 1
        else:
            last, tail = last + 1, tail - 1
    return first, last, b"".join(new[head : len(new) - tail])


def _clickable(suggestion: Suggestion, source: bytes, diff: Diff) -> bool:
    if diff.hunk_around(suggestion.first, suggestion.last) is None:
        return False
    text = suggestion.replacement
    replaced = b"".join(lines_of(source)[suggestion.first - 1 : suggestion.last]).decode()
    both = text + replaced
    return (
        max(text.count("\n"), suggestion.last - suggestion.first + 1) <= LINES_AT_MOST
        and len(text) <= _CHARACTERS_AT_MOST
        and text.endswith("\n")
        and replaced.endswith("\n")
        and "\r" not in both
        and _BOM not in both
        and not markdown.has_bidi(both)
        and apply(source, suggestion) == suggestion.after
    )


def _clusters(singles: Iterable[Suggestion]) -> list[list[Suggestion]]:
    clusters: list[list[Suggestion]] = []
    end = -1
    for single in singles:
        if clusters and single.first <= end + 1:
            clusters[-1].append(single)
        else:
            clusters.append([single])
        end = max(end, single.last)
    return clusters
