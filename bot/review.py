"""The review: one comment for each place on the changed lines where there is something to say."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot import markdown
from bot.report import Placed, Report
from bot.suggestions import Suggestion
from bot.words import count, explanation
from codemods import Finding, Safety

COMMENTS_AT_MOST = 30
"""Every comment counts against GitHub's limit on content; the summary has the rest."""

_EXPLANATIONS_AT_MOST = 45_000  # characters; with suggestion and marker, GitHub takes 65,536

MARKER = "review"
FINDING_MARKER = "findings"


@dataclass(frozen=True, slots=True)
class _Spot:
    path: str
    first: int
    last: int
    findings: tuple[Finding, ...]
    suggestion: Suggestion | None


def review(report: Report, said: Collection[str]) -> dict[str, Any] | None:
    """The body of `POST pulls/{n}/reviews`, or None where there is nothing to say.

    Args:
        report: what was found.
        said: fingerprints of the findings that have a comment already, resolved or not.
    """
    spots = _spots(report, said)
    if not spots:
        return None
    shown = spots[:COMMENTS_AT_MOST]
    number = sum(len(spot.findings) for spot in spots)
    lines = [f"{count(number, 'finding')} on the lines that this pull request changes."]
    if any(spot.suggestion for spot in shown):
        together = "; `/fix` commits the safe ones" if report.pushable else ""
        lines.append(f"Each suggestion can be committed by itself{together}.")
    if len(spots) > len(shown):
        lines.append(f"{len(spots) - len(shown)} more are in the summary, not in comments.")
    body = " ".join(lines) + "\n\n" + markdown.marker(MARKER, report.head)
    return {
        "commit_id": report.head,
        "event": "COMMENT",
        "body": body,
        "comments": [_comment(spot) for spot in shown],
    }


def without_comments(body: Mapping[str, Any], reason: str) -> dict[str, Any]:
    """The review where GitHub did not take its comments, for a `reason` in GitHub's words."""
    first, _, marker = str(body["body"]).rpartition("\n\n")
    sentence = (
        "GitHub did not take the comments on the lines "
        f"({markdown.text(reason)}), so they are in the summary and in the annotations of the "
        "check run."
    )
    number = first.partition(".")[0]
    return {**body, "body": f"{number}. {sentence}\n\n{marker}", "comments": []}


def fingerprints(body: str) -> list[str]:
    """The findings that one of the bot's own review comments is about."""
    return markdown.marked(body, FINDING_MARKER)


def is_review_of(body: str, head: str) -> bool:
    """Whether this is the body of the bot's own review of that commit."""
    return markdown.marked(body, MARKER) == [head]


def _spots(report: Report, said: Collection[str]) -> list[_Spot]:
    wanted = [
        placed
        for placed in report.new
        if placed.lines is not None and placed.finding.fingerprint not in said
    ]
    left = {id(placed): placed for placed in wanted}
    spots: list[_Spot] = []
    for suggestion in report.suggestions:
        fixed = {finding.fingerprint for finding in suggestion.findings}
        inside = [
            placed
            for placed in left.values()
            if placed.finding.path == suggestion.path
            and (placed.finding.fingerprint in fixed or _overlaps(placed, suggestion))
        ]
        if not any(placed.finding.fingerprint in fixed for placed in inside):
            continue
        findings = tuple(left.pop(id(placed)).finding for placed in inside)
        spots.append(
            _Spot(suggestion.path, suggestion.first, suggestion.last, findings, suggestion)
        )
    spots += _plain_spots(left.values())
    spots.sort(key=lambda spot: (-max(f.level for f in spot.findings), spot.path, spot.first))
    return spots


def _plain_spots(left: Iterable[Placed]) -> list[_Spot]:
    places: dict[tuple[str, int, int], list[Finding]] = {}
    for placed in left:
        if placed.lines is not None:
            places.setdefault((placed.finding.path, *placed.lines), []).append(placed.finding)
    return [
        _Spot(path, first, last, tuple(findings), None)
        for (path, first, last), findings in places.items()
    ]


def _overlaps(placed: Placed, suggestion: Suggestion) -> bool:
    first, last = placed.lines or (0, -1)
    return first <= suggestion.last and suggestion.first <= last


def _comment(spot: _Spot) -> dict[str, Any]:
    parts = _explanations(spot.findings)
    if spot.suggestion is not None:
        parts.append(markdown.fence(spot.suggestion.replacement, "suggestion"))
        parts += _left_out(spot.findings, spot.suggestion.findings)
    else:
        parts += _commands(spot.findings)
    parts.append(markdown.marker(FINDING_MARKER, *(f.fingerprint for f in spot.findings)))
    comment: dict[str, Any] = {
        "path": spot.path,
        "line": spot.last,
        "side": "RIGHT",
        "body": "\n\n".join(parts),
    }
    if spot.first < spot.last:
        comment |= {"start_line": spot.first, "start_side": "RIGHT"}
    return comment


def _explanations(findings: Sequence[Finding]) -> list[str]:
    parts: list[str] = []
    room = _EXPLANATIONS_AT_MOST
    for number, finding in enumerate(findings):
        part = explanation(finding)
        room -= len(part)
        if room < 0:
            return [*parts, f"{len(findings) - number} more are on these lines."]
        parts.append(part)
    return parts


def _left_out(told: Sequence[Finding], fixed: Sequence[Finding]) -> list[str]:
    names = {finding.fingerprint for finding in fixed}
    left = sorted({finding.rule for finding in told if finding.fingerprint not in names})
    if not left:
        return []
    return [f"The suggestion leaves {', '.join(map(markdown.code, left))} as it is."]


def _commands(findings: Sequence[Finding]) -> list[str]:
    lines = []
    for finding in findings:
        if finding.fix is not None:
            option = "" if finding.fix.safety is Safety.SAFE else "--unsafe "
            command = markdown.code(f"/fix {option}{finding.rule}")
            lines.append(
                f"The fix does not fit into one suggestion here; the comment {command} commits it."
            )
    return list(dict.fromkeys(lines))
