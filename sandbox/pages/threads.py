"""Review threads: comments on lines, with the code that they are about and their suggestions."""

from dataclasses import dataclass

from jinja2 import Template
from markupsafe import Markup

from sandbox.actions.suggestions import can_commit
from sandbox.diff import hunks
from sandbox.pages.lines import Line, Lines
from sandbox.pages.markdown import Markdown
from sandbox.pages.marks import marked
from sandbox.pages.objects import Objects
from sandbox.pages.references import References
from sandbox.state import PullRequest, ReviewComment, User

_CONTEXT_LINES = 4  # GitHub shows so many, up to and with the line of the comment


@dataclass(frozen=True)
class Remark:
    """A review comment with its rendered body."""

    record: ReviewComment
    body: Markup


@dataclass(frozen=True)
class Thread:
    """A first comment with its replies; `context` is the code above which they stand."""

    first: ReviewComment
    remarks: tuple[Remark, ...]
    context: tuple[Line, ...]

    @property
    def folded(self) -> str:
        """Why the thread is shown folded, "" where it isn't."""
        if self.first.resolved_by:
            return "Resolved"
        if self.first.outdated:
            return "Outdated"
        return (self.first.minimized or "").replace("_", "-").capitalize()

    @property
    def place(self) -> str:
        """The lines in words: "lines 3 to 5"."""
        start, line = self.first.original_start_line, self.first.original_line
        return f"lines {start} to {line}" if start else f"line {line}"


class Threads:
    """Builds the threads of a pull request for one reader."""

    def __init__(
        self,
        objects: Objects,
        lines: Lines,
        markdown: Markdown,
        references: References,
        suggestion: Template,
    ) -> None:
        """Use these to read, colour and render; `suggestion` shows a suggestion block."""
        self._objects = objects
        self._lines = lines
        self._markdown = markdown
        self._references = references
        self._suggestion = suggestion

    def of(self, pull: PullRequest, reader: User | None, tab: str) -> list[Thread]:
        """Return the threads, oldest first.

        Buttons are those that the reader may press; they lead back to `tab`.
        """
        remarks: dict[int, list[Remark]] = {}
        for comment in pull.review_comments:
            first = comment.in_reply_to or comment
            body = self._body(comment, first, reader, tab)
            remarks.setdefault(first.id, []).append(Remark(comment, body))
        return [
            Thread(first, tuple(remarks[first.id]), self._context(first))
            for first in pull.review_comments
            if first.in_reply_to is None
        ]

    def _body(
        self, comment: ReviewComment, first: ReviewComment, reader: User | None, tab: str
    ) -> Markup:
        refusal = can_commit(comment, reader) if reader else "Nobody is here to commit it."

        def suggestion(index: int, proposed: str) -> Markup:
            old, new = marked(self._replaced(first), self._lines.proposed(proposed, first.path))
            html = self._suggestion.render(
                comment=comment,
                index=index,
                tab=tab,
                refusal=refusal,
                old=old,
                new=new,
            )
            return Markup(html)  # noqa: S704 -- the output of a template is escaped

        linked = self._references.of(comment.pull.repository)
        return self._markdown.render(comment.body, linked, suggestion)

    def _replaced(self, first: ReviewComment) -> tuple[Markup, ...]:
        if first.side == "LEFT":
            return ()
        git, start = first.pull.repository.git, first.original_start_line or first.original_line
        lines = self._lines.file(git, first.original_commit_id, first.path)
        return lines[start - 1 : first.original_line]

    def _context(self, first: ReviewComment) -> tuple[Line, ...]:
        pull, head = first.pull, first.original_commit_id
        shown = [line for hunk in hunks(first.diff_hunk) for line in hunk.lines]
        start = first.original_start_line or first.original_line
        count = max(_CONTEXT_LINES, first.original_line - start + 1)
        return self._lines.of_diff(
            pull.repository.git,
            (self._objects.base(pull, head), head),
            (first.path, first.path),
            shown[-count:],
        )
