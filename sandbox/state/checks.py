"""Check runs, with their annotations and buttons."""

from dataclasses import dataclass, field
from datetime import datetime

from sandbox.state.apps import App
from sandbox.state.repositories import Repository


@dataclass(frozen=True)
class Annotation:
    """A remark on lines of a file; lines and columns are 1-based, columns only on one line.

    `level` is "notice", "warning" or "failure".
    """

    path: str
    start_line: int
    end_line: int
    level: str
    message: str
    title: str | None = None
    raw_details: str | None = None
    start_column: int | None = None
    end_column: int | None = None


@dataclass(frozen=True)
class CheckAction:
    """A button; GitHub shows it on completed check runs to people with write access."""

    label: str
    description: str
    identifier: str


@dataclass(eq=False)
class CheckRun:
    """A check run of one App on one commit.

    `status` is "queued", "in_progress" or "completed", and `conclusion` is set with the last.
    """

    id: int
    suite_id: int
    repository: Repository
    app: App
    head_sha: str
    name: str
    status: str
    started_at: datetime
    conclusion: str | None = None
    completed_at: datetime | None = None
    external_id: str = ""
    details_url: str | None = None
    title: str | None = None
    summary: str | None = None
    text: str | None = None
    annotations: list[Annotation] = field(default_factory=list)
    actions: tuple[CheckAction, ...] = ()
