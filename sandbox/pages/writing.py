"""The forms of the pages: what the person at the browser does."""

from typing import Annotated, Literal, TypeAlias, TypeVar

from fastapi import APIRouter, Depends, Form, Response
from fastapi.responses import RedirectResponse

from sandbox.actions.checks import press as press_button
from sandbox.actions.comments import comment as write_comment
from sandbox.actions.comments import edit_comment
from sandbox.actions.suggestions import commit_suggestion
from sandbox.errors import not_found
from sandbox.pages.boxes import toggled
from sandbox.pages.guard import guarded
from sandbox.pages.site import ACTING, Site, Visit
from sandbox.pages.states import bring_about
from sandbox.state import CheckRun, IssueComment, ReviewComment

Tab = Literal["conversation", "files", "checks", "commits"]
_Record = TypeVar("_Record", CheckRun, IssueComment, ReviewComment)


def writing(site: Site) -> APIRouter:
    """Return the routes that the forms post to; each leads back to the page it came from."""
    router = APIRouter(
        prefix="/{owner}/{name}/pull/{number}",
        route_class=guarded(site.show_error),
        include_in_schema=False,
    )
    Here: TypeAlias = Annotated[Visit, Depends(site.visit)]

    @router.post("/acting")
    def act_as(visit: Here, login: Annotated[str, Form()], tab: Annotated[Tab, Form()]) -> Response:
        user = site.state.user(login)
        response = _back(visit, tab, "acting")
        response.set_cookie(ACTING, user.login, httponly=True, samesite="strict")
        return response

    @router.post("/comments")
    def comment(visit: Here, body: Annotated[str, Form()]) -> Response:
        # Browsers send line ends as CR LF; what a person wrote has LF.
        text = body.replace("\r\n", "\n")
        record = write_comment(site.service, visit.pull, text, by=site.actor(visit))
        return _back(visit, "conversation", "commented", f"issuecomment-{record.id}")

    @router.post("/comments/{comment_id}/boxes")
    def tick(
        visit: Here,
        comment_id: int,
        index: Annotated[int, Form(ge=0)],
        version: Annotated[str, Form()],
    ) -> Response:
        record = _with_id(visit.pull.comments, comment_id)
        text = toggled(site.markdown, record, index, version)
        edit_comment(site.service, record, text, by=site.actor(visit))
        return _back(visit, "conversation", "ticked", f"issuecomment-{comment_id}")

    @router.post("/suggestions/{comment_id}")
    def suggestion(
        visit: Here,
        comment_id: int,
        index: Annotated[int, Form(ge=0)],
        tab: Annotated[Tab, Form()],
    ) -> Response:
        record = _with_id(visit.pull.review_comments, comment_id)
        commit_suggestion(site.service, record, by=site.actor(visit), index=index)
        return _back(visit, tab, "committed", f"discussion_r{comment_id}")

    @router.post("/state")
    def state(visit: Here, change: Annotated[str, Form()]) -> Response:
        bring_about(site.service, visit.pull, change, by=site.actor(visit))
        return _back(visit, "conversation", change, "merge-box")

    @router.post("/checks/{run_id}")
    def press(visit: Here, run_id: int, identifier: Annotated[str, Form()]) -> Response:
        run = _with_id(visit.pull.repository.check_runs, run_id)
        press_button(site.service, run, identifier, by=site.actor(visit))
        return _back(visit, "checks", "pressed", f"run-{run_id}")

    return router


def _with_id(records: list[_Record], number: int) -> _Record:
    for record in records:
        if record.id == number:
            return record
    raise not_found()


def _back(visit: Visit, tab: Tab, done: str, fragment: str = "") -> Response:
    pull = visit.pull
    page = f"/{pull.repository.full_name}/pull/{pull.number}"
    if tab != "conversation":
        page += f"/{tab}"
    return RedirectResponse(f"{page}?done={done}{f'#{fragment}' if fragment else ''}", 303)
