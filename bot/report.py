"""What the bot knows about a pull request at one head, before any of it is put into words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.diff import Change, Diff
from bot.suggestions import Suggestion
from codemods import Analysis, Finding, Level, Safety


@dataclass(frozen=True, slots=True)
class ReviewedFile:
    """A changed file, its bytes at the head, what the pull request shows of it, what was found.

    `earlier` is what its version before the pull request said; None where it is new, or where that
    version could not be read.
    """

    source: bytes
    diff: Diff
    analysis: Analysis
    earlier: Analysis | None = None

    def was_here(self, finding: Finding) -> bool:
        """Whether the finding was here before; without an earlier version the diff must tell."""
        if self.earlier is None:
            return not self._is_touched(finding)
        return is_among(finding, self.earlier.findings)

    def silenced_here(self) -> list[Finding]:
        """The findings that the pull request itself silences.

        Without an earlier version the diff must tell, the line above a finding included.
        """
        return [
            finding
            for finding in self.analysis.silenced
            if (
                self._is_touched(finding, above=1)
                if self.earlier is None
                else not is_among(finding, self.earlier.silenced)
            )
        ]

    def lines(self, finding: Finding) -> tuple[int, int] | None:
        """The run of new lines (first, last) where a comment about it can stand, or None."""
        return self.diff.added_within(finding.start.line, _last_line(finding))

    def _is_touched(self, finding: Finding, *, above: int = 0) -> bool:
        change = self.diff.change(finding.start.line - above, _last_line(finding))
        return change is not Change.UNCHANGED


@dataclass(frozen=True, slots=True)
class Placed:
    """A finding, and where the pull request could carry a comment about it.

    `was_here` says whether the pull request found it there. `lines` is the run of new lines to
    comment on (first, last), None where there is none.
    """

    finding: Finding
    was_here: bool
    lines: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Report:
    """All findings, gravest first; `problems` pairs the files that were not analysed with reasons.

    `suggestions` have been parsed again after they were made; `silenced` are the findings that the
    pull request turns off by an inline comment. `notes` are sentences about the review itself,
    `remarks` those that only the check run has: they make nothing incomplete. `fail_on` is the
    level at and above which a new finding fails the check, None for never. `reticent` is whether
    the bot reports and offers nothing.
    `from_fork` is whether the branch is in a fork, onto which no pull request can be opened.
    `pushable` is whether the bot may commit to the branch; where it may not, `patch` is what a
    person can apply instead, rendered, "" where there is none.
    """

    head: str
    findings: tuple[Placed, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()
    silenced: tuple[Finding, ...] = ()
    notes: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    fail_on: Level | None = None
    reticent: bool = False
    pushable: bool = True
    from_fork: bool = False
    patch: str = ""

    @property
    def failing(self) -> list[Placed]:
        """The new findings that fail the check."""
        return [
            placed
            for placed in self.new
            if self.fail_on is not None and placed.finding.level >= self.fail_on
        ]

    @property
    def new(self) -> list[Placed]:
        """Findings that the pull request brought, advisories left out."""
        return [
            placed
            for placed in self.findings
            if not placed.was_here and not placed.finding.on_request
        ]

    @property
    def old(self) -> list[Placed]:
        """Findings that were here before, advisories left out."""
        return [
            placed for placed in self.findings if placed.was_here and not placed.finding.on_request
        ]

    def fixable(self, safety: Safety) -> list[Finding]:
        """Findings with a fix of this safety that "fix all" would take."""
        return [
            placed.finding
            for placed in self.findings
            if placed.finding.fix is not None
            and placed.finding.fix.safety is safety
            and not placed.finding.on_request
        ]


def report(
    head: str,
    files: Iterable[ReviewedFile],
    suggestions: Sequence[Suggestion],
    skipped: Sequence[tuple[str, str]] = (),
    notes: Sequence[str] = (),
) -> Report:
    """Put together what was found.

    Args:
        head: the commit that was analysed.
        files: those that were analysed, whether or not it worked.
        suggestions: those that survived the second parse.
        skipped: path and reason of the files that were not even read.
        notes: sentences about the review itself.
    """
    placed: list[Placed] = []
    problems = list(skipped)
    silenced: list[Finding] = []
    for file in files:
        if file.analysis.problem:
            problems.append((file.analysis.path, file.analysis.problem))
        placed += [
            Placed(finding, file.was_here(finding), file.lines(finding))
            for finding in file.analysis.findings
        ]
        silenced += file.silenced_here()
    placed.sort(key=lambda item: (-item.finding.level, item.finding.path, item.finding.start.line))
    return Report(
        head,
        tuple(placed),
        tuple(suggestions),
        tuple(problems),
        tuple(silenced),
        tuple(notes),
    )


def is_among(finding: Finding, others: Iterable[Finding]) -> bool:
    """Whether one of the others is the same finding, wherever it stands by now."""
    return any(other.fingerprint == finding.fingerprint for other in others)


def _last_line(finding: Finding) -> int:
    ends_before_line = finding.end.column == 1 and finding.end.line > finding.start.line
    return finding.end.line - 1 if ends_before_line else finding.end.line
