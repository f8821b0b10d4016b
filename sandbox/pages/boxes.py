"""The boxes of task lists: who may edit a comment can tick them, which edits the comment."""

import hashlib
import re

from markupsafe import Markup

from sandbox.errors import Refused, not_found
from sandbox.pages.markdown import Box, Markdown
from sandbox.state import IssueComment, User

_FORM = Markup(
    '<form class="tick" method="post" action="{}/comments/{}/boxes">'
    '<input type="hidden" name="index" value="{}">'
    '<input type="hidden" name="version" value="{}">'
    '<button role="checkbox" aria-checked="{}" aria-label="Box {}"></button></form> '
)


def boxes(comment: IssueComment, address: str, reader: User | None) -> Box | None:
    """Return what draws the boxes of a comment, None where the reader may not tick them."""
    if reader is None:
        return None
    if reader is not comment.author and not comment.pull.repository.allows(reader, "write"):
        return None

    def box(index: int, checked: bool) -> Markup:
        state = "true" if checked else "false"
        now = version(comment)
        return _FORM.format(address, comment.id, index, now, state, index + 1)

    return box


def version(comment: IssueComment) -> str:
    """Return what tells this text of a comment from any other."""
    return hashlib.sha256(comment.body.encode(errors="replace")).hexdigest()[:16]


def toggled(markdown: Markdown, comment: IssueComment, index: int, seen: str) -> str:
    """Return the text with one box the other way round.

    Raises:
        Refused: 404 where there is no such box, 422 where the text isn't the one that was `seen`.
    """
    if version(comment) != seen:
        raise Refused(422, "The comment has changed meanwhile.")
    lines = comment.body.split("\n")
    places = markdown.boxes(comment.body)
    if index >= len(places):
        raise not_found()
    at = places[index]
    lines[at] = re.sub(
        r"\[([ xX])\]", lambda tick: "[x]" if tick[1] == " " else "[ ]", lines[at], count=1
    )
    return "\n".join(lines)
