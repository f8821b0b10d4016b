"""Comments of the conversation, reactions, and comments that are folded away."""

from sandbox import events
from sandbox.errors import LOCKING, Refused, invalid
from sandbox.service import Service
from sandbox.state import App, IssueComment, PullRequest, Reaction, Review, ReviewComment, User
from sandbox.state.discussion import REACTIONS

BODY_LIMIT = 65_536  # characters
CLASSIFIERS = ("ABUSE", "DUPLICATE", "OFF_TOPIC", "OUTDATED", "RESOLVED", "SPAM", "LOW_QUALITY")


def app_of(service: Service, by: User) -> App | None:
    """Return the App whose bot this is, None for a person."""
    return next((app for app in service.state.apps.values() if app.bot is by), None)


def check_unlocked(pull: PullRequest, by: User) -> None:
    """Refuse to let anybody but writers comment on a locked conversation; Apps are no writers."""
    if pull.locked and (by.type == "Bot" or not pull.repository.allows(by, "write")):
        reason = "Unable to create comment because issue is locked."
        raise Refused(403, reason, documentation_url=LOCKING)


def check_body(resource: str, body: str) -> None:
    """Refuse what is blank or too long."""
    if not body.strip():
        raise invalid(resource, "body", "custom", "body can't be blank")
    if len(body) > BODY_LIMIT:
        reason = f"body is too long (maximum is {BODY_LIMIT} characters)"
        raise invalid(resource, "body", "custom", reason)


def comment(service: Service, pull: PullRequest, body: str, *, by: User) -> IssueComment:
    """Comment on the conversation."""
    with service.state.lock:
        check_unlocked(pull, by)
        check_body("IssueComment", body)
        now = service.state.now()
        record = IssueComment(
            service.state.next_id(), pull, by, body, now, now, app_of(service, by)
        )
        pull.comments.append(record)
        pull.updated_at = now
        events.issue_comment(service, record, "created", by)
        return record


def edit_comment(service: Service, record: IssueComment, body: str, *, by: User) -> None:
    """Change a comment: its author's and the writers' right."""
    with service.state.lock:
        if by.type != "Bot" and by is not record.author:
            check_writer(record.pull, by)
        check_body("IssueComment", body)
        before, record.body = record.body, body
        record.updated_at = service.state.now()
        events.issue_comment(service, record, "edited", by, changes={"body": {"from": before}})


def delete_comment(service: Service, record: IssueComment, *, by: User) -> None:
    """Delete a comment."""
    with service.state.lock:
        if by.type != "Bot" and by is not record.author:
            check_writer(record.pull, by)
        record.pull.comments.remove(record)
        events.issue_comment(service, record, "deleted", by)


def check_writer(pull: PullRequest, by: User) -> None:
    """Refuse who has no write access."""
    if not pull.repository.allows(by, "write"):
        raise Refused(403, "Must have admin rights to Repository.")


def react(
    service: Service, record: IssueComment | ReviewComment, content: str, *, by: User
) -> tuple[Reaction, bool]:
    """React with an emoji; the second value is False where the same reaction was there."""
    if content not in REACTIONS:
        raise invalid("Reaction", "content", "invalid")
    with service.state.lock:
        for reaction in record.reactions:
            if (reaction.user, reaction.content) == (by, content):
                return reaction, False
        reaction = Reaction(service.state.next_id(), by, content, service.state.now())
        record.reactions.append(reaction)
        return reaction, True


def minimize(
    service: Service, record: IssueComment | ReviewComment | Review, classifier: str
) -> None:
    """Fold a comment away; `classifier` is one of `CLASSIFIERS`."""
    with service.state.lock:
        record.minimized = classifier
