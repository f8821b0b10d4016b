"""A change as a patch that a person applies, for where the bot may not push."""

from __future__ import annotations

from collections.abc import Mapping

from bot import markdown
from codemods.desk.unified_diff import unified_diff

_AT_MOST = 30_000  # characters; half a comment


def folded(files: Mapping[str, tuple[bytes, bytes]]) -> str:
    """A folded part of a comment with the patch for these files, for `git apply -p0`.

    Args:
        files: path to bytes before and after.

    Returns:
        "" where the patch is too long for a comment, or would not survive in one: GitHub turns the
        ends of lines, and nobody sees a direction character.
    """
    pieces = [unified_diff(path, before, after) for path, (before, after) in files.items()]
    try:
        patch = b"".join(pieces).decode()
    except UnicodeDecodeError:
        return ""
    if not patch or len(patch) > _AT_MOST or "\r" in patch or markdown.has_bidi(patch):
        return ""
    return markdown.details(
        "The patch, for <code>git apply -p0</code>", markdown.fence(patch, "diff")
    )
