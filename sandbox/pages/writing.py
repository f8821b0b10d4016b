"""The forms of the pages: what the person at the browser does."""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import RedirectResponse

from sandbox.actions.checks import press as press_button
from sandbox.actions.comments import comment as write_comment
from sandbox.actions.suggestions import commit_suggestion
from sandbox.errors import not_found
from sandbox.pages.guard import guarded
from sandbox.pages.site import ACTING, Site, Visit

Tab = Literal["conversation", "files", "checks", "commits"]


def writing(site: Site) -> APIRouter:
    """Return the routes that the forms post to; each leads back to the page it came from."""
    router = APIRouter(route_class=guarded(site.show_error), include_in_schema=False)

    @router.post("/{owner}/{name}/pull/{number}/acting")
    def act_as(
        request: Request,
        owner: str,
        name: str,
        number: int,
        login: Annotated[str, Form()],
        tab: Annotated[Tab, Form()],
    ) -> Response:
        with site.state.lock:
            visit = site.visit(request, owner, name, number)
            user = site.state.user(login)
        response = _back(visit, tab, "acting")
        response.set_cookie(ACTING, user.login, httponly=True, samesite="strict")
        return response

    @router.post("/{owner}/{name}/pull/{number}/comments")
    def comment(
        request: Request, owner: str, name: str, number: int, body: Annotated[str, Form()]
    ) -> Response:
        with site.state.lock:
            visit = site.visit(request, owner, name, number)
            # Browsers send line ends as CR LF; what a person wrote has LF.
            text = body.replace("\r\n", "\n")
            record = write_comment(site.service, visit.pull, text, by=site.actor(visit))
        return _back(visit, "conversation", "commented", f"issuecomment-{record.id}")

    @router.post("/{owner}/{name}/pull/{number}/suggestions/{comment_id}")
    def suggestion(
        request: Request,
        owner: str,
        name: str,
        number: int,
        comment_id: int,
        index: Annotated[int, Form(ge=0)],
        tab: Annotated[Tab, Form()],
    ) -> Response:
        with site.state.lock:
            visit = site.visit(request, owner, name, number)
            for record in visit.pull.review_comments:
                if record.id == comment_id:
                    break
            else:
                raise not_found()
            commit_suggestion(site.service, record, by=site.actor(visit), index=index)
        return _back(visit, tab, "committed", f"discussion_r{comment_id}")

    @router.post("/{owner}/{name}/pull/{number}/checks/{run_id}")
    def press(
        request: Request,
        owner: str,
        name: str,
        number: int,
        run_id: int,
        identifier: Annotated[str, Form()],
    ) -> Response:
        with site.state.lock:
            visit = site.visit(request, owner, name, number)
            for run in visit.pull.repository.check_runs:
                if run.id == run_id:
                    break
            else:
                raise not_found()
            press_button(site.service, run, identifier, by=site.actor(visit))
        return _back(visit, "checks", "pressed", f"run-{run_id}")

    return router


def _back(visit: Visit, tab: Tab, done: str, fragment: str = "") -> Response:
    pull = visit.pull
    page = f"/{pull.repository.full_name}/pull/{pull.number}"
    if tab != "conversation":
        page += f"/{tab}"
    return RedirectResponse(f"{page}?done={done}{f'#{fragment}' if fragment else ''}", 303)
