"""The ASGI application: REST below /api/v3, GraphQL at /api/graphql, archives, pages."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from sandbox.auth import Actor, identify
from sandbox.errors import Refused, not_found
from sandbox.graphql.endpoint import answer as graphql_answer
from sandbox.pages import pages
from sandbox.rest import routes
from sandbox.rest.routing import ANYBODY, Answer, Call, Route
from sandbox.shapes.basics import to_json
from sandbox.state import RecordedRequest, State
from sandbox.state.limits import Rate

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from sandbox.github import Sandbox

_LONG = {"path", "ref", "branch", "basehead"}  # parameters that may hold slashes
_REST = "/api/v3"
_METHODS = ["GET", "POST", "PATCH", "PUT", "DELETE"]


def application(github: Sandbox) -> ASGIApp:
    """Return the application that answers for a stand-in."""
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    for route in routes():
        path = re.sub(
            r"\{(\w+)\}", lambda m: f"{{{m[1]}:path}}" if m[1] in _LONG else m[0], route.path
        )
        by_id = path.replace("/repos/{owner}/{repo}", "/repositories/{repository_id}", 1)
        for address in {path, by_id}:
            app.router.add_route(_REST + address, _endpoint(github, route), methods=[route.method])
    nothing = Route("GET", "", (ANYBODY,), _nothing)
    app.router.add_route(_REST + "/{rest:path}", _endpoint(github, nothing), methods=_METHODS)
    app.router.add_route("/api/graphql", _graphql(github), methods=["POST"])
    app.router.add_route(
        "/_codeload/{owner}/{repo}/legacy.tar.gz/{sha}", _archive(github), methods=["GET"]
    )
    app.include_router(pages(github.service))
    return app


def _nothing(_: Call) -> Any:
    raise not_found()


def _endpoint(github: Sandbox, route: Route) -> Any:
    async def endpoint(request: Request) -> Response:
        raw = await request.body()
        return await run_in_threadpool(_respond, github, route, request, raw)

    return endpoint


def _respond(github: Sandbox, route: Route, request: Request, raw: bytes) -> Response:
    headers: dict[str, str] = {}

    def handle(actor: Actor, _: Rate) -> Answer:
        return route.answer(
            Call(
                service=github.service,
                actor=actor,
                needs=route.needs,
                path=request.url.path.removeprefix(request.scope.get("root_path", "") + _REST),
                parameters=request.path_params,
                query=dict(request.query_params),
                accept=request.headers.get("accept", ""),
                body=_parse(raw),
                method=request.method,
                headers=headers,
            )
        )

    counted = Counted(route.path, "core", raw, free=route.path == "/rate_limit")
    return _guarded(github, request, counted, headers, handle)


@dataclass(frozen=True)
class Counted:
    """As what a request is recorded and counted; one that is free is only recorded."""

    route: str
    resource: str
    body: bytes
    free: bool = False


def _guarded(
    github: Sandbox,
    request: Request,
    counted: Counted,
    headers: dict[str, str],
    handle: Callable[[Actor, Rate], Answer],
) -> Response:
    """Let a request in, count and record it, and turn a refusal into an answer."""
    state = github.state
    actor, rate = Actor(), None
    with state.lock:
        try:
            actor = identify(state, request.headers.get("authorization"))
            count = state.limits.look if counted.free else state.limits.count
            rate = count(actor.name, counted.resource, state.now())
            answer = (
                _exceeded(actor)
                if rate.exceeded
                else _carried_out(state, request, counted, partial(handle, actor, rate))
            )
        except Refused as refused:
            answer = Answer(refused.status, refused.body)
        except Exception:
            _record(github, request, counted, actor, 500)
            raise
        _record(github, request, counted, actor, answer.status)
    rates = rate.headers if rate else {}
    return _response(replace(answer, headers={**headers, **answer.headers, **rates}))


def _carried_out(
    state: State, request: Request, counted: Counted, handle: Callable[[], Answer]
) -> Answer:
    fault = state.faults.take(request.method, counted.route, counted.body)
    return fault.happen(handle) if fault else handle()


def _exceeded(actor: Actor) -> Answer:
    return Answer(403, Refused(403, f"API rate limit exceeded for {actor.name}.").body)


def _graphql(github: Sandbox) -> Any:
    def respond(request: Request, raw: bytes) -> Response:
        def handle(actor: Actor, rate: Rate) -> Answer:
            return Answer(200, graphql_answer(github.service, actor, rate, _parse(raw)))

        return _guarded(github, request, Counted("/graphql", "graphql", raw), {}, handle)

    async def endpoint(request: Request) -> Response:
        return await run_in_threadpool(respond, request, await request.body())

    return endpoint


def _parse(raw: bytes) -> dict[str, Any]:
    try:
        body = json.loads(raw) if raw.strip() else {}
    except (ValueError, RecursionError):
        raise Refused(400, "Problems parsing JSON") from None
    if not isinstance(body, dict):
        raise Refused(400, "Body should be a JSON object")
    return body


def _record(github: Sandbox, request: Request, counted: Counted, actor: Actor, status: int) -> None:
    github.state.requests.append(
        RecordedRequest(
            method=request.method,
            path=request.url.path,
            query=request.url.query,
            route=counted.route,
            app=actor.app.slug if actor.app else None,
            installation_id=actor.token.installation.id if actor.token else None,
            status=status,
            at=github.state.now(),
            body=counted.body,
        )
    )


def _response(answer: Answer) -> Response:
    headers = {"X-GitHub-Media-Type": "github.v3; format=json", **answer.headers}
    if answer.body is None:
        return Response(status_code=answer.status, headers=headers)
    if isinstance(answer.body, bytes):
        return Response(answer.body, status_code=answer.status, headers=headers)
    return Response(
        to_json(answer.body),
        status_code=answer.status,
        headers=headers,
        media_type="application/json; charset=utf-8",
    )


def _archive(github: Sandbox) -> Any:
    def archive(request: Request) -> Response:
        owner, repo, sha = (request.path_params[name] for name in ("owner", "repo", "sha"))
        with github.state.lock:
            try:
                repository = github.state.repository(f"{owner}/{repo}")
            except LookupError:
                return Response("404: Not Found", status_code=404)
            key = request.query_params.get("token")
            if repository.private and key != github.state.archive_key:
                return Response("404: Not Found", status_code=404)
            name = f"{repository.owner.login}-{repository.name}-{sha[:7]}"
            data = repository.git.archive(sha, f"{name}/")
        disposition = f"attachment; filename={name}.tar.gz"
        headers = {"Content-Disposition": disposition}
        return Response(data, media_type="application/x-gzip", headers=headers)

    return archive
