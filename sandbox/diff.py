"""Patches as GitHub shows them: hunks, the lines in them, and where a comment may stand."""

import re
from dataclasses import dataclass

PATCH_LINES_LIMIT = 20_000  # "No single pull request's diff may exceed 20,000 loadable lines"
_STATUS = {"A": "added", "D": "removed", "M": "modified", "R": "renamed", "C": "copied"}
_HEADER = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")


@dataclass(frozen=True)
class DiffLine:
    r"""A line of a hunk.

    `kind` is " ", "+", "-" or "\\" (no newline at the end of the file). `old` and `new` are the
    1-based line numbers in the two files, None on the side where it isn't. `position` counts
    from the first hunk header of the file, which is 0.
    """

    kind: str
    text: str
    old: int | None
    new: int | None
    position: int


@dataclass(frozen=True)
class Hunk:
    """A hunk; `header` is its whole "@@" line."""

    header: str
    lines: tuple[DiffLine, ...]

    def line(self, number: int, side: str) -> DiffLine | None:
        """Return the line of that number on the side "RIGHT" or "LEFT", if the hunk shows it."""
        for line in self.lines:
            if line.kind != "\\" and number == (line.new if side == "RIGHT" else line.old):
                return line
        return None

    def up_to(self, last: DiffLine) -> str:
        """Return the hunk's text from its header to that line, as `diff_hunk` has it."""
        shown = [line.kind + line.text for line in self.lines if line.position <= last.position]
        return "\n".join([self.header, *shown])


def hunks(patch: str | None) -> tuple[Hunk, ...]:
    """Take a file's patch apart; None (GitHub sent none) has no hunks."""
    found: list[Hunk] = []
    header = ""
    lines: list[DiffLine] = []
    old = new = 0
    for position, text in enumerate(patch.split("\n") if patch else []):
        match = _HEADER.match(text)
        if match:
            if header:
                found.append(Hunk(header, tuple(lines)))
            header, lines = text, []
            old, new = int(match[1]), int(match[3])
            continue
        kind = text[:1]
        in_old, in_new = kind in {" ", "-"}, kind in {" ", "+"}
        lines.append(
            DiffLine(kind, text[1:], old if in_old else None, new if in_new else None, position)
        )
        old += in_old
        new += in_new
    if header:
        found.append(Hunk(header, tuple(lines)))
    return tuple(found)


@dataclass(frozen=True)
class FileDiff:
    """One file of a comparison, as a row of GitHub's "files".

    `status` is "added", "removed", "modified", "renamed", "copied" or "changed"; `sha` is the
    blob after the change (before it, for a removed file); `patch` is None for binary files and
    for those beyond GitHub's limits; `mode` is the file's mode after the change, "100644".
    """

    path: str
    status: str
    sha: str
    mode: str
    additions: int
    deletions: int
    patch: str | None
    previous_path: str | None = None

    @property
    def hunks(self) -> tuple[Hunk, ...]:
        """The hunks of the patch."""
        return hunks(self.patch)


def file_diffs(raw: bytes, patch: bytes) -> tuple[FileDiff, ...]:
    """Combine what `git diff --raw -z` and `git diff --patch` print about one comparison."""
    fields = iter(raw.decode(errors="surrogateescape").split("\0")[:-1])
    text = "\n" + patch.decode(errors="replace")
    patches = iter(text.split("\ndiff --git ")[1:])
    found = []
    left = PATCH_LINES_LIMIT
    for meta in fields:
        _, mode, old_sha, sha, letter = meta.split(" ")
        path = next(fields)
        previous = path if letter[0] in "RC" else None
        path = next(fields) if previous else path
        status = _STATUS.get(letter[0], "changed")
        body = _hunks_of(next(patches))
        if letter == "T":  # a file became a link or the reverse: git prints two patches
            body = next(patches) and None
        lines = body.split("\n") if body else []
        left -= len(lines)
        found.append(
            FileDiff(
                path=path,
                status=status,
                sha=old_sha if status == "removed" else sha,
                mode=mode,
                additions=sum(line.startswith("+") for line in lines),
                deletions=sum(line.startswith("-") for line in lines),
                patch=body if left >= 0 else None,
                previous_path=previous,
            )
        )
    return tuple(found)


def _hunks_of(patch: str) -> str | None:
    start = patch.find("\n@@ ")
    return patch[start + 1 :].removesuffix("\n") if start >= 0 else None
