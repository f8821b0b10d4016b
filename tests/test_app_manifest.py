"""The GitHub App's manifest asks for what the code uses, and for no more."""

from pathlib import Path
from typing import Any

import yaml

from bot import events
from bot.github import MANIFEST_PERMISSIONS, PERMISSIONS
from sandbox.rest import routes
from tests.bot.operations.world import vpc, world

MANIFEST: dict[str, Any] = yaml.safe_load((Path(__file__).parent.parent / "app.yml").read_text())


def test_the_app_listens_to_the_events_that_the_code_reacts_to() -> None:
    assert set(MANIFEST["default_events"]) == events.EVENTS


def test_the_app_asks_for_the_permissions_of_its_tokens_and_of_its_events() -> None:
    assert MANIFEST["default_permissions"] == MANIFEST_PERMISSIONS
    assert PERMISSIONS.items() <= MANIFEST_PERMISSIONS.items()
    assert MANIFEST_PERMISSIONS.keys() - PERMISSIONS.keys() == {"merge_queues"}


def test_each_permission_is_one_that_a_request_of_the_bot_needs(tmp_path: Path) -> None:
    with world(tmp_path, {"network.py": vpc()}) as here:
        here.welcome()
        here.pulls()["cdk-medic/configure"].merge(by="maria")
        here.run()
        pull = here.open({"new.py": vpc()})
        here.run()
        pull.comment("maria", "/fix")
        here.run()
        asked = {(request.method, request.route) for request in here.sandbox.requests}
    needed = {
        need for route in routes() if (route.method, route.path) in asked for need in route.needs
    }
    for permission, access in PERMISSIONS.items():
        assert f"{permission}:{access}" in needed


def test_the_app_asks_for_nothing_that_could_rewrite_workflows_or_settings() -> None:
    asked = MANIFEST["default_permissions"]
    assert not asked.keys() & {"workflows", "administration", "secrets", "members"}


def test_deliveries_go_to_the_address_that_the_receiver_serves() -> None:
    assert MANIFEST["hook_attributes"]["url"].endswith("/webhook")
