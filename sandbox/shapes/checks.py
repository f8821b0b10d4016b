"""Check runs, annotations, and the check suite that webhooks add."""

from typing import Any

from sandbox.shapes.accounts import app
from sandbox.shapes.basics import api, node_id, optional_time, time
from sandbox.shapes.pulls import minimal_pull
from sandbox.state import Annotation, CheckRun, PullRequest, State


def pulls_of(record: CheckRun) -> list[PullRequest]:
    """Return the open pull requests whose head it is; GitHub leaves out those from forks."""
    return [
        pull
        for pull in record.repository.pulls.values()
        if pull.head_sha == record.head_sha and pull.state == "open" and not pull.from_fork
    ]


def check_run(state: State, record: CheckRun) -> dict[str, Any]:
    """Return a check run."""
    url = api(state, f"/repos/{record.repository.full_name}/check-runs/{record.id}")
    html = f"{state.url}/{record.repository.full_name}/runs/{record.id}"
    return {
        "id": record.id,
        "name": record.name,
        "node_id": node_id("CR", record.id),
        "head_sha": record.head_sha,
        "external_id": record.external_id,
        "url": url,
        "html_url": html,
        "details_url": record.details_url or html,
        "status": record.status,
        "conclusion": record.conclusion,
        "started_at": time(record.started_at),
        "completed_at": optional_time(record.completed_at),
        "output": {
            "title": record.title,
            "summary": record.summary,
            "text": record.text,
            "annotations_count": len(record.annotations),
            "annotations_url": f"{url}/annotations",
        },
        "check_suite": {"id": record.suite_id},
        "app": app(state, record.app),
        "pull_requests": [minimal_pull(state, pull) for pull in pulls_of(record)],
    }


def webhook_check_run(state: State, record: CheckRun) -> dict[str, Any]:
    """Return a check run as webhooks show it, with its whole check suite."""
    shape = check_run(state, record)
    pulls = pulls_of(record)
    suite = {
        "id": record.suite_id,
        "node_id": node_id("CS", record.suite_id),
        "head_branch": pulls[0].head_ref if pulls else None,
        "head_sha": record.head_sha,
        "status": record.status,
        "conclusion": record.conclusion,
        "url": api(state, f"/repos/{record.repository.full_name}/check-suites/{record.suite_id}"),
        "before": None,
        "after": record.head_sha,
        "pull_requests": shape["pull_requests"],
        "app": shape["app"],
        "created_at": time(record.started_at),
        "updated_at": time(record.completed_at or record.started_at),
    }
    return shape | {"check_suite": suite}


def annotation(state: State, record: CheckRun, it: Annotation) -> dict[str, Any]:
    """Return an annotation."""
    page = f"{state.url}/{record.repository.full_name}/blob/{record.head_sha}/{it.path}"
    return {
        "path": it.path,
        "blob_href": page,
        "start_line": it.start_line,
        "start_column": it.start_column,
        "end_line": it.end_line,
        "end_column": it.end_column,
        "annotation_level": it.level,
        "title": it.title,
        "message": it.message,
        "raw_details": it.raw_details,
    }
