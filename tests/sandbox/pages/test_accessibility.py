from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from sandbox.actions.comments import minimize
from tests.sandbox.pages.scene import AFTER, PATH, Scene

AXE = Path(__file__).parents[2] / "node/node_modules/axe-core/axe.min.js"

pytestmark = pytest.mark.browser


def violations(browser: Browser, url: str, scheme: Any, width: int) -> list[str]:
    with browser.new_context(
        color_scheme=scheme,
        viewport={"width": width, "height": 900},
        reduced_motion="reduce",
    ) as context:
        page = context.new_page()
        page.goto(url)
        page.evaluate(AXE.read_text())
        found = page.evaluate("axe.run({resultTypes: ['violations']})")
        return [
            f"{url} {scheme} {width}: {it['id']}: {node['html']} {node['failureSummary']}"
            for it in found["violations"]
            for node in it["nodes"]
        ]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_axe_finds_nothing_to_object_to(
    scene: Scene, served: str, browser: Browser, scheme: str, width: int
) -> None:
    scene.pull.commit_suggestion(scene.pull.review_comments[0].id, by="maria")
    changed = AFTER.replace("VER_15)", "VER_16)").replace("nat_gateways=1", "nat_gateways=3")
    scene.pull.push({PATH: changed}, by="maria")
    minimize(scene.github.service, scene.pull.comment("omar", "Noise"), "OFF_TOPIC")
    head = scene.pull.head_sha
    tabs = [f"{scene.address}{tab}" for tab in ("", "/files", "/checks", "/commits")]
    others = ["", f"/commit/{head}", f"/blob/{head}/{PATH}", "/nothing"]
    found = [
        it
        for path in (*tabs, *(f"/acme/payments{other}" for other in others))
        for it in violations(browser, served + path, scheme, width)
    ]
    assert not found, "\n".join(found)
