"""What happened on a pull request, in order."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sandbox.git import Commit
from sandbox.pages.objects import Objects
from sandbox.pages.threads import Thread
from sandbox.state import IssueComment, PullRequest, Push, Review, User


@dataclass(frozen=True)
class Pushed:
    """Commits that arrived together; `forced` is the push that replaced older ones."""

    at: datetime
    order: int
    by: User
    commits: tuple[Commit, ...]
    forced: Push | None = None
    kind: str = "pushed"


@dataclass(frozen=True)
class Reviewed:
    """A review and the threads that it began."""

    at: datetime
    order: int
    review: Review
    threads: tuple[Thread, ...]
    kind: str = "reviewed"


@dataclass(frozen=True)
class Commented:
    """A comment of the conversation."""

    at: datetime
    order: int
    comment: IssueComment
    kind: str = "commented"


@dataclass(frozen=True)
class Closed:
    """The end, by a merge or without one."""

    at: datetime
    order: int
    kind: str = "closed"


Event = Pushed | Reviewed | Commented | Closed


def timeline(objects: Objects, pull: PullRequest, threads: Iterable[Thread]) -> list[Event]:
    """Return the events, oldest first."""
    began: dict[int, list[Thread]] = defaultdict(list)
    for thread in threads:
        began[thread.first.review.id].append(thread)
    events: list[Event] = [*_pushes(objects, pull)]
    events += [Commented(it.created_at, it.id, it) for it in pull.comments]
    for review in pull.reviews:
        own = tuple(began[review.id])
        only_replies = not own and not review.body and review.state == "COMMENTED"
        if review.submitted_at and not only_replies:
            events.append(Reviewed(review.submitted_at, review.id, review, own))
    if pull.closed_at:
        events.append(Closed(pull.closed_at, 0))
    return sorted(events, key=_when)


def _when(event: Event) -> tuple[datetime, bool, int]:
    return event.at, event.kind == "closed", event.order


def _pushes(objects: Objects, pull: PullRequest) -> Iterator[Pushed]:
    git = pull.repository.git
    first = pull.pushes[0].before if pull.pushes else pull.head_sha
    commits = objects.commits(git, objects.base(pull, first), first)
    yield Pushed(pull.created_at, pull.id, pull.author, commits)
    for push in pull.pushes:
        since = objects.base(pull, push.after) if push.forced else push.before
        commits = objects.commits(git, since, push.after)
        yield Pushed(push.at, push.id, push.by, commits, push if push.forced else None)
