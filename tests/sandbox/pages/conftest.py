from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from starlette.testclient import TestClient

from sandbox.server import serve
from tests.sandbox.pages.scene import Scene, review, set_up


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Scene]:
    """A pull request that nobody has looked at."""
    scene = set_up(tmp_path / "github")
    with scene.github:
        yield scene


@pytest.fixture
def scene(bare: Scene) -> Scene:
    """A pull request that the bot has reviewed."""
    review(bare)
    return bare


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """A reviewed pull request for the tests that change nothing."""
    scene = set_up(tmp_path_factory.mktemp("shared") / "github")
    review(scene)
    with scene.github:
        yield scene


@pytest.fixture
def guest(shared: Scene) -> TestClient:
    """A browser without scripts at the pull request that nobody changes."""
    return TestClient(shared.asgi, headers={"Sec-Fetch-Site": "same-origin"})


@pytest.fixture
def visitor(bare: Scene) -> Iterator[TestClient]:
    """A browser without scripts, as far as headers and cookies go."""
    with TestClient(bare.asgi, headers={"Sec-Fetch-Site": "same-origin"}) as client:
        yield client


@pytest.fixture
def served(bare: Scene) -> Iterator[str]:
    """The address of a server with the pull request."""
    with serve(bare.github) as url:
        yield url


@pytest.fixture
def page(browser: Browser, served: str) -> Iterator[Page]:
    """A tab of a real browser; no script of a page may fail, and none of another be there."""
    context = browser.new_context(base_url=served)
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda line: errors.append(line.text) if "Content Security Policy" in line.text else None,
    )
    page.set_default_timeout(10_000)
    yield page
    context.close()
    assert errors == []
