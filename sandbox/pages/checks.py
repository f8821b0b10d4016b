"""Check runs of a pull request, and what they come to."""

from collections.abc import Iterable
from dataclasses import dataclass

from sandbox.state import CheckRun, PullRequest

_PASSED = ("success", "neutral", "skipped")


@dataclass(frozen=True)
class Verdict:
    """What the check runs come to; `tone` is "success", "failure", "pending" or "none"."""

    tone: str
    sentence: str


def latest_runs(pull: PullRequest) -> list[CheckRun]:
    """Return the latest check run of each App and name on the head."""
    latest: dict[tuple[int, str], CheckRun] = {}
    for run in pull.repository.check_runs:
        if run.head_sha == pull.head_sha:
            latest[run.app.id, run.name] = run
    return list(latest.values())


def tone(run: CheckRun) -> str:
    """Return how a check run looks: "success", "failure", "neutral" or "pending"."""
    if run.status != "completed":
        return "pending"
    if run.conclusion == "success":
        return "success"
    return "neutral" if run.conclusion in _PASSED else "failure"


def outcome(run: CheckRun) -> str:
    """Return in words how a check run ended, or how far it is."""
    return (run.conclusion or run.status).replace("_", " ")


def verdict(runs: Iterable[CheckRun]) -> Verdict:
    """Sum the check runs up."""
    runs = list(runs)
    tones = {tone(run) for run in runs}
    if not runs:
        return Verdict("none", "No checks have reported on this commit.")
    if "failure" in tones:
        return Verdict("failure", "Some checks were not successful.")
    if "pending" in tones:
        return Verdict("pending", "Some checks haven't completed yet.")
    return Verdict("success", "All checks have passed.")
