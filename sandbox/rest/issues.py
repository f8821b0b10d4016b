"""The conversation of a pull request, which GitHub keeps as an issue."""

from typing import Any

from sandbox.actions import comments as actions
from sandbox.actions.labels import add_labels
from sandbox.errors import malformed, not_found
from sandbox.rest.routing import Answer, Call, Routes
from sandbox.shapes.discussion import issue_comment, reaction
from sandbox.shapes.pulls import issue, labels
from sandbox.state import IssueComment

routes = Routes()
_ISSUES = "/repos/{owner}/{repo}/issues"
_COMMENT = _ISSUES + "/comments/{comment_id}"
_READ = ("issues:read", "pull_requests:read")
_WRITE = ("issues:write", "pull_requests:write")


@routes.add("GET", f"{_ISSUES}/{{issue_number}}", *_READ)
def get(call: Call) -> Any:
    """Return the issue that a pull request is too."""
    return issue(call.state, call.pull("issue_number"))


@routes.add("GET", f"{_ISSUES}/{{issue_number}}/comments", *_READ)
def list_comments(call: Call) -> Any:
    """List the comments, oldest first."""
    record = call.pull("issue_number")
    return [issue_comment(call.state, it) for it in call.page(record.comments)]


@routes.add("POST", f"{_ISSUES}/{{issue_number}}/comments", *_WRITE)
def create_comment(call: Call) -> Any:
    """Comment."""
    record = call.pull("issue_number")
    made = actions.comment(call.service, record, call.text("body"), by=call.user)
    return Answer(201, issue_comment(call.state, made))


@routes.add("GET", f"{_ISSUES}/{{issue_number}}/labels", *_READ)
def list_labels(call: Call) -> Any:
    """List the labels."""
    return call.page(labels(call.state, call.pull("issue_number")))


@routes.add("POST", f"{_ISSUES}/{{issue_number}}/labels", *_WRITE)
def create_labels(call: Call) -> Any:
    """Add labels, and make those that the repository hasn't got."""
    record, names = call.pull("issue_number"), call.body.get("labels")
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise malformed("For 'properties/labels', this is not an array of strings.")
    add_labels(call.service, record, names)
    return labels(call.state, record)


def _comment(call: Call) -> IssueComment:
    number = call.number("comment_id")
    for pull in call.repository().pulls.values():
        for comment in pull.comments:
            if comment.id == number:
                return comment
    raise not_found()


@routes.add("GET", _COMMENT, *_READ)
def get_comment(call: Call) -> Any:
    """Return a comment."""
    return issue_comment(call.state, _comment(call))


@routes.add("PATCH", _COMMENT, *_WRITE)
def update_comment(call: Call) -> Any:
    """Change a comment."""
    record = _comment(call)
    actions.edit_comment(call.service, record, call.text("body"), by=call.user)
    return issue_comment(call.state, record)


@routes.add("DELETE", _COMMENT, *_WRITE)
def delete_comment(call: Call) -> Any:
    """Delete a comment."""
    actions.delete_comment(call.service, _comment(call), by=call.user)
    return Answer(204)


@routes.add("GET", f"{_COMMENT}/reactions", *_READ)
def list_reactions(call: Call) -> Any:
    """List the reactions to a comment."""
    return [reaction(call.state, it) for it in call.page(_comment(call).reactions)]


@routes.add("POST", f"{_COMMENT}/reactions", *_WRITE)
def create_reaction(call: Call) -> Any:
    """React to a comment; 200 where the same reaction was there."""
    record, content = _comment(call), call.text("content")
    made, new = actions.react(call.service, record, content, by=call.user)
    return Answer(201 if new else 200, reaction(call.state, made))
