"""Reviews: one batch of comments on lines of the diff, all or nothing."""

from dataclasses import dataclass, replace

from sandbox.actions.anchors import Place, place, reanchor
from sandbox.actions.comments import BODY_LIMIT, check_body, check_unlocked, check_writer
from sandbox.errors import unprocessable
from sandbox.git import GitError
from sandbox.service import Service
from sandbox.state import PullRequest, Review, ReviewComment, User

_STATES = {"APPROVE": "APPROVED", "REQUEST_CHANGES": "CHANGES_REQUESTED", "COMMENT": "COMMENTED"}


@dataclass(frozen=True)
class Draft:
    """A review comment that is not there yet; `start_line` None means one line."""

    path: str
    body: str
    line: int
    start_line: int | None = None
    side: str = "RIGHT"
    start_side: str | None = None


def create_review(
    service: Service,
    pull: PullRequest,
    *,
    by: User,
    body: str = "",
    event: str = "COMMENT",
    comments: tuple[Draft, ...] = (),
    commit_id: str | None = None,
) -> Review:
    """Submit a review on a commit of the pull request, by default its head.

    `event` is "COMMENT", "APPROVE" or "REQUEST_CHANGES".

    Raises:
        Refused: 422 where any comment is off the diff; then nothing is recorded.
    """
    with service.state.lock:
        check_unlocked(pull, by)
        commit = _commit(pull, commit_id)
        if event not in _STATES:
            raise unprocessable(f"Variable $event of type PullRequestReviewEvent was {event!r}")
        if by is pull.author and event != "COMMENT":
            what = "approve" if event == "APPROVE" else "request changes on"
            raise unprocessable(f"Can not {what} your own pull request")
        if not body.strip() and event != "APPROVE" and not (event == "COMMENT" and comments):
            raise unprocessable("Review body can't be blank")
        _check_lengths(body, *(draft.body for draft in comments))
        places = []
        for draft in comments:
            if not draft.body.strip():
                raise unprocessable("Pull request review comment body can't be blank")
            places.append(_place(pull, commit, draft))
        now = service.state.now()
        review = Review(service.state.next_id(), pull, by, body, _STATES[event], commit, now)
        pull.reviews.append(review)
        for draft, where in zip(comments, places, strict=True):
            _record(service, review, draft, where)
        pull.updated_at = now
        return review


def _check_lengths(*bodies: str) -> None:
    if any(len(body) > BODY_LIMIT for body in bodies):
        raise unprocessable(f"Body is too long (maximum is {BODY_LIMIT} characters)")


def _commit(pull: PullRequest, wanted: str | None) -> str:
    if wanted is None:
        return pull.head_sha
    git = pull.repository.git
    try:
        sha = git.resolve(wanted)
    except GitError:
        raise unprocessable("Commit could not be resolved") from None
    if sha not in {commit.sha for commit in git.commits(pull.base_sha, pull.head_sha)}:
        raise unprocessable("Pull request review commit_id is not part of the pull request")
    return sha


def _place(pull: PullRequest, commit: str, draft: Draft) -> Place:
    sides = (draft.start_side or draft.side, draft.side)
    return place(pull, commit, draft.path, (draft.start_line, draft.line), sides)


def _record(service: Service, review: Review, draft: Draft, where: Place) -> ReviewComment:
    now = service.state.now()
    record = ReviewComment(
        id=service.state.next_id(),
        review=review,
        pull=review.pull,
        author=review.author,
        body=draft.body,
        path=draft.path,
        side=where.side,
        start_side=where.start_side,
        line=where.line,
        start_line=where.start_line,
        position=where.position,
        commit_id=review.commit_id,
        original_line=where.line,
        original_start_line=where.start_line,
        original_position=where.position,
        original_commit_id=review.commit_id,
        diff_hunk=where.diff_hunk,
        created_at=now,
        updated_at=now,
    )
    review.pull.review_comments.append(record)
    if review.commit_id != review.pull.head_sha:
        reanchor(record, review.commit_id, review.pull.head_sha)
    return record


def comment_on_line(
    service: Service, pull: PullRequest, draft: Draft, *, by: User, commit_id: str
) -> ReviewComment:
    """Write one comment on the diff; GitHub makes a review of it."""
    with service.state.lock:
        create_review(service, pull, by=by, comments=(draft,), commit_id=commit_id)
        return pull.review_comments[-1]


def reply(service: Service, to: ReviewComment, body: str, *, by: User) -> ReviewComment:
    """Answer in a thread; a reply to a reply joins the same thread."""
    with service.state.lock:
        pull, first = to.pull, to.in_reply_to or to
        check_unlocked(pull, by)
        check_body("PullRequestReviewComment", body)
        now = service.state.now()
        review = Review(service.state.next_id(), pull, by, "", "COMMENTED", first.commit_id, now)
        pull.reviews.append(review)
        record = replace(
            first,
            id=service.state.next_id(),
            review=review,
            author=by,
            body=body,
            created_at=now,
            updated_at=now,
            in_reply_to=first,
            reactions=[],
            minimized=None,
            resolved_by=None,
        )
        pull.review_comments.append(record)
        return record


def edit_review_comment(service: Service, record: ReviewComment, body: str, *, by: User) -> None:
    """Change a review comment: its author's and the writers' right."""
    with service.state.lock:
        if by.type != "Bot" and by is not record.author:
            check_writer(record.pull, by)
        check_body("PullRequestReviewComment", body)
        record.body = body
        record.updated_at = service.state.now()


def resolve_thread(service: Service, record: ReviewComment, resolved: bool, *, by: User) -> None:
    """Resolve a thread or open it again: the pull request's author's and the writers' right."""
    with service.state.lock:
        first = record.in_reply_to or record
        if by is not first.pull.author:
            check_writer(first.pull, by)
        first.resolved_by = by if resolved else None
