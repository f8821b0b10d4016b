"""What all pages share: templates, rendering, and who is at the browser."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sandbox.errors import Refused, not_found
from sandbox.pages import changes, checks, people
from sandbox.pages.boxes import boxes
from sandbox.pages.code import Highlighter
from sandbox.pages.lines import Lines
from sandbox.pages.markdown import Markdown
from sandbox.pages.objects import Objects
from sandbox.pages.references import References
from sandbox.pages.threads import Threads
from sandbox.service import Service
from sandbox.state import IssueComment, PullRequest, Repository, User
from sandbox.state.discussion import REACTIONS

ACTING = "acting"  # the cookie with the login of the person at the browser
STATIC = {"pages.css": "text/css", "pages.js": "text/javascript", "icon.svg": "image/svg+xml"}
_REACTION = dict(
    zip(
        REACTIONS,
        ("thumbs up", "thumbs down", "laugh", "confused", "heart", "hooray", "rocket", "eyes"),
        strict=True,
    )
)
_DONE = {
    "acting": "You are somebody else now.",
    "commented": "Your comment is posted.",
    "committed": "The suggestion is committed.",
    "ticked": "The comment is edited, and the App was told so.",
    "merge": "The pull request is merged.",
    "close": "The pull request is closed.",
    "reopen": "The pull request is open again.",
    "ready": "The pull request is no longer a draft.",
    "delete": "The branch is deleted.",
    "pressed": "The App was told that the button was pressed.",
}


@dataclass(frozen=True)
class Visit:
    """A request for a pull request, by a person (None where there is nobody to act as)."""

    request: Request
    pull: PullRequest
    reader: User | None


class Site:
    """The pages of one stand-in."""

    def __init__(self, service: Service) -> None:
        """Prepare to render what this service knows."""
        self.service = service
        self.state = service.state
        self.objects = Objects()
        self.static = {name: _static(name) for name in STATIC}
        highlighter = Highlighter()
        self.lines = Lines(self.objects, highlighter)
        self.markdown = Markdown(highlighter)
        self.references = References(self.state)
        self.templates = self._environment()
        suggestion = self.templates.get_template("suggestion.html")
        self.threads = Threads(self.objects, self.lines, self.markdown, self.references, suggestion)

    def _environment(self) -> Environment:
        templates = Environment(
            loader=PackageLoader("sandbox.pages"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        digest = hashlib.sha256(b"".join(self.static.values())).hexdigest()[:12]
        templates.globals |= {
            "anchor": changes.anchor,
            "authors": lambda commit: people.authors(self.state, commit),
            "reaction": _REACTION,
            "outcome": checks.outcome,
            "role": lambda repository, user: repository.role(user),
            "static": lambda name: f"/-/{name}?{digest}",
            "tone": checks.tone,
            "verified": lambda commit: commit.sha in self.state.verified,
        }
        templates.filters |= {
            "details": people.details,
            "headline": people.headline,
            "iso": lambda at: at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "md": lambda text, within: self.markdown.render(text, self.references.of(within)),
            "said": self._said,
            "path": lambda path: quote(path.encode(errors="surrogateescape")),
            "when": _when,
        }
        return templates

    def _said(self, comment: IssueComment, address: str, reader: User | None) -> Markup:
        linked = self.references.of(comment.pull.repository)
        return self.markdown.render(comment.body, linked, box=boxes(comment, address, reader))

    def repository(self, owner: str, name: str) -> Repository:
        """Return a repository.

        Raises:
            LookupError: There is none.
        """
        return self.state.repository(f"{owner}/{name}")

    def visit(self, request: Request, owner: str, name: str, number: int) -> Visit:
        """Return who asks for which pull request.

        Raises:
            LookupError: There is no such repository.
            Refused: 404 for a pull request that isn't there.
        """
        pull = self.repository(owner, name).pulls.get(number)
        if pull is None:
            raise not_found()
        return Visit(request, pull, self.reader(request, pull.repository))

    def reader(self, request: Request, repository: Repository) -> User | None:
        """Return the person that the browser acts as."""
        return people.chosen(self.state, repository, request.cookies.get(ACTING, ""))

    def actor(self, visit: Visit) -> User:
        """Return the person that the browser acts as, to do something.

        Raises:
            Refused: 403 where there is nobody.
        """
        if visit.reader is None:
            raise Refused(403, "There is nobody to act as; add a user to the sandbox.")
        return visit.reader

    def show(
        self, request: Request, template: str, *, status: int = 200, **values: Any
    ) -> Response:
        """Render a page, or answer 304 where the browser has the very same one."""
        html = self.templates.get_template(template).render(request=request, **values)
        # Names in git need not be Unicode; whatever isn't becomes a replacement character.
        body = html.encode(errors="surrogateescape").decode(errors="replace").encode()
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = {"Cache-Control": "private, no-cache", "ETag": tag, "Vary": "Cookie"}
        if status == 200 and request.headers.get("if-none-match") == tag:
            return Response(status_code=304, headers=headers)
        return Response(body, status, headers, "text/html; charset=utf-8")

    def show_pull(self, visit: Visit, tab: str, **values: Any) -> Response:
        """Render a tab of a pull request, with the frame that all of them have."""
        pull, state = visit.pull, self.state
        runs = checks.latest_runs(pull)
        base = self.objects.base(pull)
        return self.show(
            visit.request,
            f"{tab}.html",
            pull=pull,
            repository=pull.repository,
            address=f"/{pull.repository.full_name}/pull/{pull.number}",
            tab=tab,
            reader=visit.reader,
            people=people.choices(state, pull.repository),
            runs=runs,
            verdict=checks.verdict(runs),
            changes=self.objects.changes(pull),
            commits=self.objects.commits(pull.repository.git, base, pull.head_sha),
            done=_DONE.get(visit.request.query_params.get("done", ""), ""),
            **values,
        )

    def show_error(self, request: Request, status: int, message: str) -> Response:
        """Render what went wrong."""
        return self.show(request, "error.html", status=status, code=status, message=message)


def _static(name: str) -> bytes:
    return (Path(__file__).parent / "static" / name).read_bytes()


def _when(at: datetime) -> str:
    return f"{at.astimezone(UTC):%b} {at.astimezone(UTC).day}, {at.astimezone(UTC):%Y, %H:%M} UTC"
