"""Check runs are reported by Apps; people with write access press their buttons."""

from collections.abc import Mapping
from typing import Any

from sandbox import events
from sandbox.errors import Refused, invalid, malformed
from sandbox.fields import check_types
from sandbox.git import GitError
from sandbox.service import Service
from sandbox.state import Annotation, App, CheckAction, CheckRun, Repository, User

ANNOTATIONS_A_REQUEST = 50
TEXT_LIMIT = 65_535  # characters of a summary or text
_ACTION_LIMITS = {"label": 20, "description": 40, "identifier": 20}
_STATUSES = ("queued", "in_progress", "completed", "waiting", "requested", "pending")
_CONCLUSIONS = (
    "action_required",
    "cancelled",
    "failure",
    "neutral",
    "success",
    "skipped",
    "stale",
    "timed_out",
)


def create_check_run(
    service: Service, repository: Repository, app: App, fields: Mapping[str, Any]
) -> CheckRun:
    """Report a check run; `fields` are those of GitHub's request.

    Raises:
        Refused: 422 where a field is missing or over a limit.
    """
    state = service.state
    with state.lock:
        for name in ("name", "head_sha"):
            if not isinstance(fields.get(name), str) or not fields[name]:
                raise malformed(f'"{name}" wasn\'t supplied.')
        try:
            sha = repository.git.resolve(fields["head_sha"])
        except GitError:
            reason = f"No commit found for SHA: {fields['head_sha']}"
            raise Refused(422, reason) from None
        suites = {(run.app, run.head_sha): run.suite_id for run in repository.check_runs}
        run = CheckRun(
            id=state.next_id(),
            suite_id=suites.get((app, sha)) or state.next_id(),
            repository=repository,
            app=app,
            head_sha=sha,
            name=fields["name"],
            status="queued",
            started_at=state.now(),
        )
        _apply(service, run, fields)
        repository.check_runs.append(run)
        return run


def update_check_run(service: Service, run: CheckRun, app: App, fields: Mapping[str, Any]) -> None:
    """Change a check run; annotations are added to those that it has.

    Raises:
        Refused: 403 for another App's run, 422 where a field is over a limit.
    """
    with service.state.lock:
        if run.app is not app:
            reason = (
                "Invalid app_id - check run can only be modified by the GitHub App that created it."
            )
            raise Refused(403, reason)
        _apply(service, run, fields)


def press(service: Service, run: CheckRun, identifier: str, *, by: User) -> None:
    """Press a button of a completed check run.

    Raises:
        Refused: 403 without write access, 422 where there is no such button to press.
    """
    with service.state.lock:
        if not run.repository.allows(by, "write"):
            raise Refused(403, f"{by.login} has no write access, so sees no buttons.")
        if run.status != "completed" or identifier not in {a.identifier for a in run.actions}:
            raise no_button(identifier)
        events.requested_action(service, run, identifier, by)


def no_button(identifier: str) -> Refused:
    """Return the refusal where no check run shows such a button."""
    return Refused(422, f"No completed check run on this commit shows a button {identifier!r}.")


def _apply(service: Service, run: CheckRun, fields: Mapping[str, Any]) -> None:
    texts = dict.fromkeys(("name", "external_id", "details_url", "status", "conclusion"), str)
    check_types(fields, **texts, actions=list, output=dict)
    status, conclusion = fields.get("status"), fields.get("conclusion")
    if status is not None and status not in _STATUSES:
        raise malformed(f"{status!r} is not a member of {list(_STATUSES)}.")
    if conclusion is not None and conclusion not in _CONCLUSIONS:
        raise malformed(f"{conclusion!r} is not a member of {list(_CONCLUSIONS)}.")
    if status == "completed" and conclusion is None and run.conclusion is None:
        raise invalid("CheckRun", "conclusion", "missing_field")
    actions = run.actions if fields.get("actions") is None else _actions(fields["actions"])
    output = fields.get("output")
    annotations = _output(output) if output is not None else []
    # Everything was checked: from here on nothing can be refused half-way.
    run.actions = actions
    if output is not None:
        run.title, run.summary = output.get("title", run.title), output["summary"]
        run.text = output.get("text", run.text)
        run.annotations.extend(annotations)
    run.name = fields.get("name") or run.name
    run.external_id = fields.get("external_id") or run.external_id
    run.details_url = fields.get("details_url", run.details_url)
    if conclusion is not None:
        run.status, run.conclusion = "completed", conclusion
        run.completed_at = service.state.now()
    elif status is not None:
        run.status = status
        if status != "completed":
            run.conclusion = run.completed_at = None


def _at_most(value: str, limit: int) -> None:
    if len(value) > limit:
        raise malformed(f"Only {limit} characters are allowed; {len(value)} were supplied.")


def _items(value: list[Any], limit: int) -> None:
    if len(value) > limit:
        raise malformed(f"No more than {limit} items are allowed; {len(value)} were supplied.")


def _supplied(item: Mapping[str, Any], *names: str) -> None:
    for name in names:
        if item.get(name) is None:
            raise malformed(f'"{name}" wasn\'t supplied.')


def _actions(items: list[dict[str, Any]]) -> tuple[CheckAction, ...]:
    _items(items, 3)
    for item in items:
        check_types(item, **dict.fromkeys(_ACTION_LIMITS, str))
        _supplied(item, *_ACTION_LIMITS)
        for name, limit in _ACTION_LIMITS.items():
            _at_most(item[name], limit)
    return tuple(CheckAction(i["label"], i["description"], i["identifier"]) for i in items)


def _output(output: Mapping[str, Any]) -> list[Annotation]:
    check_types(output, title=str, summary=str, text=str, annotations=list)
    _supplied(output, "summary")
    _at_most(output["summary"], TEXT_LIMIT)
    _at_most(output.get("text") or "", TEXT_LIMIT)
    items = output.get("annotations") or []
    _items(items, ANNOTATIONS_A_REQUEST)
    return [_annotation(item) for item in items]


def _annotation(item: dict[str, Any]) -> Annotation:
    texts = dict.fromkeys(("path", "annotation_level", "message", "title", "raw_details"), str)
    numbers = dict.fromkeys(("start_line", "end_line", "start_column", "end_column"), int)
    check_types(item, **texts, **numbers)
    _supplied(item, "path", "start_line", "end_line", "annotation_level", "message")
    if item["annotation_level"] not in {"notice", "warning", "failure"}:
        raise malformed(f"{item['annotation_level']!r} is no annotation level.")
    start, end = item["start_line"], item["end_line"]
    columns = item.get("start_column"), item.get("end_column")
    if end < start:
        raise invalid("CheckRun", "annotations", "invalid", "end_line is before start_line")
    if start != end and columns != (None, None):
        raise invalid(
            "CheckRun", "annotations", "invalid", "columns are for annotations of one line only"
        )
    if len(item["message"].encode()) > 64 * 1024:
        raise invalid("CheckRun", "annotations", "invalid", "message is over 64 KB")
    _at_most(item.get("title") or "", 255)
    return Annotation(
        path=item["path"],
        start_line=start,
        end_line=end,
        level=item["annotation_level"],
        message=item["message"],
        title=item.get("title"),
        raw_details=item.get("raw_details"),
        start_column=columns[0],
        end_column=columns[1],
    )
