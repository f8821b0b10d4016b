"""What of a large pull request nobody could look at, as sentences for its report."""

from __future__ import annotations

from collections.abc import Sequence

from bot.github import CHANGED_FILES_AT_MOST, ChangedFile
from bot.report import ReviewedFile
from bot.words import count


def notes(rows: Sequence[ChangedFile], files: Sequence[ReviewedFile]) -> list[str]:
    """What people should know.

    Args:
        rows: all that GitHub lists.
        files: those that were analysed.
    """
    found = []
    if len(rows) >= CHANGED_FILES_AT_MOST:
        found.append(
            f"GitHub lists no more than {CHANGED_FILES_AT_MOST:,} files of a pull request: if this "
            "one changes others, nobody looked at them."
        )
    hidden = [file for file in files if not file.diff.known and file.analysis.findings]
    if hidden:
        found.append(
            f"GitHub leaves out the differences of {count(len(hidden), 'file')} with findings, "
            "because there are so many: nothing is suggested on the lines there, and what may be "
            "new counts as new."
        )
    return found
