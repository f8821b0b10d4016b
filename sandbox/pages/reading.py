"""The pages that show something."""

from typing import Annotated, TypeAlias
from urllib.parse import quote

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import RedirectResponse

from sandbox.errors import Refused, not_found
from sandbox.pages import people
from sandbox.pages.changes import annotations_of, shown_files, unchanged
from sandbox.pages.checks import latest_runs
from sandbox.pages.guard import guarded
from sandbox.pages.site import STATIC, Site, Visit
from sandbox.pages.states import offered
from sandbox.pages.timeline import timeline
from sandbox.state import PullRequest


def reading(site: Site) -> APIRouter:
    """Return the routes of the pages, pictures and the style sheet."""
    router = APIRouter(route_class=guarded(site.show_error), include_in_schema=False)
    for add in (_add_files, _add_lists, _add_code, _add_pull):
        add(router, site)
    router.add_api_route("/{path:path}", _nothing)
    return router


def _nothing(path: str) -> Response:
    raise Refused(404, f"There is no page /{path}.")


def _add_files(router: APIRouter, site: Site) -> None:
    @router.get("/-/{name}")
    def static(name: str) -> Response:
        if name not in STATIC:
            raise not_found()
        lasting = {"Cache-Control": "public, max-age=31536000, immutable"}
        return Response(site.static[name], headers=lasting, media_type=STATIC[name])

    @router.get("/avatars/u/{number}")
    def avatar(number: int) -> Response:
        user = next((u for u in site.state.users.values() if u.id == number), None)
        if user is None:
            raise not_found()
        picture = people.avatar(user.login, square=user.type != "User")
        return Response(
            picture, headers={"Cache-Control": "max-age=3600"}, media_type="image/svg+xml"
        )


def _add_lists(router: APIRouter, site: Site) -> None:
    @router.get("/")
    def index(request: Request) -> Response:
        with site.state.lock:
            if site.state.begins_at:
                return RedirectResponse(site.state.begins_at, 302)
            repositories = list(site.state.repositories.values())
            pulls = [p for r in repositories for p in r.pulls.values() if p.state == "open"]
            if len(pulls) == 1:
                [pull] = pulls
                return RedirectResponse(f"/{pull.repository.full_name}/pull/{pull.number}", 302)
            return site.show(request, "index.html", repositories=repositories)

    @router.get("/{owner}/{name}")
    @router.get("/{owner}/{name}/pulls")
    def repository(request: Request, owner: str, name: str) -> Response:
        with site.state.lock:
            repositories = [site.repository(owner, name)]
            return site.show(request, "index.html", repositories=repositories)


def _add_code(router: APIRouter, site: Site) -> None:
    @router.get("/{owner}/{name}/commit/{revision}")
    def commit(request: Request, owner: str, name: str, revision: str) -> Response:
        with site.state.lock:
            repository = site.repository(owner, name)
            git = repository.git
            it = git.commit(git.resolve(revision))
            parent = it.parents[0] if it.parents else git.write_tree(None, [])
            files = shown_files(site.lines, git, (parent, it.sha))
            return site.show(request, "commit.html", repository=repository, commit=it, files=files)

    @router.get("/{owner}/{name}/blob/{revision}/{path:path}")
    def blob(request: Request, owner: str, name: str, revision: str, path: str) -> Response:
        with site.state.lock:
            repository = site.repository(owner, name)
            git = repository.git
            sha = git.resolve(revision)
            git.entry(sha, path)
            lines = site.lines.file(git, sha, path)
            return site.show(
                request, "blob.html", repository=repository, sha=sha, path=path, lines=lines
            )

    @router.get("/{owner}/{name}/runs/{number}")
    def run(owner: str, name: str, number: int) -> Response:
        with site.state.lock:
            repository = site.repository(owner, name)
            for run in repository.check_runs:
                for pull in repository.pulls.values():
                    if (run.id, run.head_sha) == (number, pull.head_sha):
                        page = f"/{quote(repository.full_name)}/pull/{pull.number}/checks"
                        return RedirectResponse(f"{page}#run-{number}", 302)
            raise not_found()


def _add_pull(router: APIRouter, site: Site) -> None:
    Here: TypeAlias = Annotated[Visit, Depends(site.visit)]
    address = "/{owner}/{name}/pull/{number}"

    @router.get(address)
    def conversation(visit: Here) -> Response:
        pull = visit.pull
        with site.state.lock:
            threads = site.threads.of(pull, visit.reader, "conversation")
            return site.show_pull(
                visit,
                "conversation",
                events=timeline(site.objects, pull, threads),
                merges=pull.state == "open" and _merges(site, pull),
                changes_of_state=offered(pull, visit.reader),
            )

    @router.get(f"{address}/files")
    def files(visit: Here) -> Response:
        pull = visit.pull
        with site.state.lock:
            remarked = annotations_of(latest_runs(pull))
            shown = shown_files(
                site.lines,
                pull.repository.git,
                (site.objects.base(pull), pull.head_sha),
                site.threads.of(pull, visit.reader, "files"),
                remarked,
            )
            rest = unchanged(site.objects.changes(pull), remarked)
            return site.show_pull(visit, "files", files=shown, unchanged=rest)

    @router.get(f"{address}/checks")
    def checks(visit: Here) -> Response:
        with site.state.lock:
            return site.show_pull(visit, "checks")

    @router.get(f"{address}/commits")
    def commits(visit: Here) -> Response:
        with site.state.lock:
            return site.show_pull(visit, "commits")


def _merges(site: Site, pull: PullRequest) -> bool:
    git = pull.repository.git
    return site.objects.merges(git, git.resolve(f"refs/heads/{pull.base_ref}"), pull.head_sha)
