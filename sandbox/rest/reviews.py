"""Reviews and comments on lines of the diff."""

from typing import Any

from sandbox.actions import comments as comment_actions
from sandbox.actions import reviews as actions
from sandbox.errors import Refused, malformed, not_found
from sandbox.fields import check_types
from sandbox.rest.routing import Answer, Call, Routes
from sandbox.shapes.discussion import reaction, review, review_comment
from sandbox.state import Review, ReviewComment

routes = Routes()
_PULLS = "/repos/{owner}/{repo}/pulls"
_PULL = _PULLS + "/{pull_number}"
_COMMENT = _PULLS + "/comments/{comment_id}"


@routes.add("POST", f"{_PULL}/reviews", "pull_requests:write")
def create(call: Call) -> Any:
    """Submit a review, with all of its comments or with none."""
    record, fields = call.pull(), call.body
    check_types(fields, comments=list, commit_id=str)
    rows = fields.get("comments") or []
    if "event" not in fields:
        raise Refused(501, "The sandbox knows no pending reviews: send an event.")
    made = actions.create_review(
        call.service,
        record,
        by=call.user,
        body=call.text("body", ""),
        event=call.text("event"),
        comments=tuple(_draft(row) for row in rows),
        commit_id=fields.get("commit_id"),
    )
    return review(call.state, made)


def _draft(row: dict[str, Any]) -> actions.Draft:
    texts = dict.fromkeys(("path", "body", "side", "start_side"), str)
    check_types(row, **texts, line=int, start_line=int)
    for name in ("path", "body"):
        if row.get(name) is None:
            raise malformed(f'"{name}" wasn\'t supplied.')
    if row.get("line") is None:
        raise malformed('"line" wasn\'t supplied; the sandbox knows no "position".')
    return actions.Draft(
        path=row["path"],
        body=row["body"],
        line=row["line"],
        start_line=row.get("start_line"),
        side=row.get("side") or "RIGHT",
        start_side=row.get("start_side"),
    )


@routes.add("GET", f"{_PULL}/reviews", "pull_requests:read")
def list_reviews(call: Call) -> Any:
    """List the reviews, oldest first."""
    return [review(call.state, it) for it in call.page(call.pull().reviews)]


def _review(call: Call) -> Review:
    number = call.number("review_id")
    found = next((it for it in call.pull().reviews if it.id == number), None)
    if not found:
        raise not_found()
    return found


@routes.add("GET", f"{_PULL}/reviews/{{review_id}}", "pull_requests:read")
def get(call: Call) -> Any:
    """Return a review."""
    return review(call.state, _review(call))


@routes.add("PUT", f"{_PULL}/reviews/{{review_id}}", "pull_requests:write")
def update(call: Call) -> Any:
    """Change a review's text."""
    record = _review(call)
    record.body = call.text("body")
    return review(call.state, record)


@routes.add("GET", f"{_PULL}/reviews/{{review_id}}/comments", "pull_requests:read")
def list_comments_of_review(call: Call) -> Any:
    """List the comments of a review."""
    record = _review(call)
    mine = [it for it in record.pull.review_comments if it.review is record]
    return [review_comment(call.state, it) for it in call.page(mine)]


@routes.add("GET", f"{_PULL}/comments", "pull_requests:read")
def list_comments(call: Call) -> Any:
    """List the comments on the diff, oldest first."""
    return [review_comment(call.state, it) for it in call.page(call.pull().review_comments)]


@routes.add("POST", f"{_PULL}/comments", "pull_requests:write")
def create_comment(call: Call) -> Any:
    """Write a comment on the diff, or a reply where `in_reply_to` is given."""
    record = call.pull()
    if "in_reply_to" in call.body:
        to = next((c for c in record.review_comments if c.id == call.body["in_reply_to"]), None)
        if not to:
            raise not_found()
        made = actions.reply(call.service, to, call.text("body"), by=call.user)
    else:
        made = actions.comment_on_line(
            call.service,
            record,
            _draft(call.body),
            by=call.user,
            commit_id=call.text("commit_id"),
        )
    return Answer(201, review_comment(call.state, made))


@routes.add("POST", f"{_PULL}/comments/{{comment_id}}/replies", "pull_requests:write")
def create_reply(call: Call) -> Any:
    """Answer a comment on the diff."""
    call.pull()
    made = actions.reply(call.service, _comment(call), call.text("body"), by=call.user)
    return Answer(201, review_comment(call.state, made))


def _comment(call: Call) -> ReviewComment:
    number = call.number("comment_id")
    for pull in call.repository().pulls.values():
        for comment in pull.review_comments:
            if comment.id == number:
                return comment
    raise not_found()


@routes.add("GET", _COMMENT, "pull_requests:read")
def get_comment(call: Call) -> Any:
    """Return a comment on the diff."""
    return review_comment(call.state, _comment(call))


@routes.add("PATCH", _COMMENT, "pull_requests:write")
def update_comment(call: Call) -> Any:
    """Change a comment on the diff."""
    record = _comment(call)
    actions.edit_review_comment(call.service, record, call.text("body"), by=call.user)
    return review_comment(call.state, record)


@routes.add("DELETE", _COMMENT, "pull_requests:write")
def delete_comment(call: Call) -> Any:
    """Delete a comment on the diff."""
    record = _comment(call)
    record.pull.review_comments.remove(record)
    return Answer(204)


@routes.add("GET", f"{_COMMENT}/reactions", "pull_requests:read")
def list_reactions(call: Call) -> Any:
    """List the reactions to a comment on the diff."""
    return [reaction(call.state, it) for it in call.page(_comment(call).reactions)]


@routes.add("POST", f"{_COMMENT}/reactions", "pull_requests:write")
def create_reaction(call: Call) -> Any:
    """React to a comment on the diff; 200 where the same reaction was there."""
    record, content = _comment(call), call.text("content")
    made, new = comment_actions.react(call.service, record, content, by=call.user)
    return Answer(201 if new else 200, reaction(call.state, made))
