"""Check runs and their annotations."""

from typing import Any

from sandbox.actions import checks as actions
from sandbox.errors import Refused, not_found
from sandbox.git import GitError
from sandbox.rest.routing import Answer, Call, Routes
from sandbox.shapes.checks import annotation, check_run
from sandbox.state import CheckRun

routes = Routes()


@routes.add("POST", "/repos/{owner}/{repo}/check-runs", "checks:write")
def create(call: Call) -> Any:
    """Create a check run."""
    run = actions.create_check_run(call.service, call.repository(), call.app, call.body)
    return Answer(201, check_run(call.state, run))


def _run(call: Call) -> CheckRun:
    number = call.number("check_run_id")
    found = next((run for run in call.repository().check_runs if run.id == number), None)
    if not found:
        raise not_found()
    return found


@routes.add("GET", "/repos/{owner}/{repo}/check-runs/{check_run_id}", "checks:read")
def get(call: Call) -> Any:
    """Return a check run."""
    return check_run(call.state, _run(call))


@routes.add("PATCH", "/repos/{owner}/{repo}/check-runs/{check_run_id}", "checks:write")
def update(call: Call) -> Any:
    """Change a check run."""
    run = _run(call)
    actions.update_check_run(call.service, run, call.app, call.body)
    return check_run(call.state, run)


@routes.add("GET", "/repos/{owner}/{repo}/check-runs/{check_run_id}/annotations", "checks:read")
def list_annotations(call: Call) -> Any:
    """List a check run's annotations."""
    run = _run(call)
    return [annotation(call.state, run, it) for it in call.page(run.annotations)]


@routes.add("GET", "/repos/{owner}/{repo}/commits/{ref}/check-runs", "checks:read")
def list_for_ref(call: Call) -> Any:
    """List the check runs of a commit, by default each name's latest of each App."""
    repository = call.repository()
    try:
        sha = repository.git.resolve(call.parameters["ref"])
    except GitError:
        raise Refused(422, f"No commit found for SHA: {call.parameters['ref']}") from None
    query = call.query
    runs = [
        run
        for run in repository.check_runs
        if run.head_sha == sha
        and query.get("check_name", run.name) == run.name
        and query.get("status", run.status) == run.status
        and query.get("app_id", str(run.app.id)) == str(run.app.id)
    ]
    if query.get("filter", "latest") == "latest":
        runs = list({(run.app.id, run.name): run for run in runs}.values())
    runs.reverse()
    return {
        "total_count": len(runs),
        "check_runs": [check_run(call.state, run) for run in call.page(runs)],
    }
