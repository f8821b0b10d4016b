from typing import Any

import pytest

from sandbox import Refused
from tests.sandbox.world import World

RUNS = "/repos/acme/payments/check-runs"
BUTTON = {"label": "Fix safe findings", "description": "One commit", "identifier": "fix-safe"}
NOTE = {
    "path": "app.py",
    "start_line": 20,
    "end_line": 20,
    "annotation_level": "warning",
    "message": "Look",
}


def run(world: World, **fields: Any) -> dict[str, Any]:
    return {"name": "cdk-medic", "head_sha": world.pull.head_sha, **fields}


def test_annotations_add_up_over_requests(world: World) -> None:
    output = {"title": "T", "summary": "S", "annotations": [NOTE] * 50}
    made = world.request("POST", RUNS, run(world, output=output)).json()
    path = f"{RUNS}/{made['id']}"
    body = {"conclusion": "neutral", "output": output}
    changed = world.request("PATCH", path, body).json()
    assert changed["output"]["annotations_count"] == 100
    assert changed["status"] == "completed"
    assert len(world.request("GET", f"{path}/annotations?per_page=100").json()) == 100


@pytest.mark.parametrize(
    "fields",
    [
        {"actions": [BUTTON] * 4},
        {"actions": [BUTTON | {"label": "x" * 21}]},
        {"actions": [BUTTON | {"identifier": "x" * 21}]},
        {"actions": [BUTTON | {"description": "x" * 41}]},
        {"output": {"title": "T", "summary": "S", "annotations": [NOTE] * 51}},
        {"output": {"title": "T", "summary": "S", "text": "x" * 65_536}},
        {"output": {"title": "T"}},
        {"output": {"title": "T", "summary": "S", "annotations": [NOTE | {"end_line": 19}]}},
        {"status": "completed"},
        {"status": "done"},
        {"conclusion": "well"},
        {"head_sha": "0" * 40},
        {"name": ""},
    ],
)
def test_what_is_over_a_limit_is_refused_whole(world: World, fields: dict[str, Any]) -> None:
    assert world.request("POST", RUNS, run(world, **fields)).status_code == 422
    assert world.pull.check_runs == []


def test_the_latest_run_of_a_name_is_listed(world: World) -> None:
    for _ in range(2):
        world.request("POST", RUNS, run(world, external_id="1"))
    last = world.request("POST", RUNS, run(world, name="other")).json()
    path = f"/repos/acme/payments/commits/{world.pull.head_sha}/check-runs"
    assert world.request("GET", path).json()["total_count"] == 2
    assert world.request("GET", f"{path}?filter=all").json()["total_count"] == 3
    (only,) = world.request("GET", f"{path}?check_name=other").json()["check_runs"]
    assert only["id"] == last["id"]
    assert world.request("GET", "/repos/acme/payments/commits/feature/check-runs").json()


def test_a_button_is_pressed_on_a_completed_run_by_a_writer(world: World) -> None:
    made = world.request("POST", RUNS, run(world, actions=[BUTTON])).json()
    with pytest.raises(Refused, match="No completed check run"):
        world.pull.press("fix-safe", by="maria")
    world.request("PATCH", f"{RUNS}/{made['id']}", {"conclusion": "neutral"})
    with pytest.raises(Refused) as refused:
        world.pull.press("fix-safe", by="ada")
    assert refused.value.status == 403
    with pytest.raises(Refused):
        world.pull.press("fix-all", by="maria")
    world.pull.press("fix-safe", by="maria")


def test_another_app_does_not_change_the_run(world: World) -> None:
    made = world.request("POST", RUNS, run(world)).json()
    world.github.service.state.apps[world.registration.app_id].bot.name = "x"
    other = world.github.register_app(
        slug="other", webhook_url="", webhook_secret="", permissions={"checks": "write"}, events=[]
    )
    installation = world.github.install(other, world.repository)
    mine = type(world)(world.github, other, world.repository, installation, world.pull)
    answer = mine.request("PATCH", f"{RUNS}/{made['id']}", {"conclusion": "success"})
    assert answer.status_code == 403
