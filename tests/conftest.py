"""What every test may ask for."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bot.store import sqlite_url
from tests import postgres as postgresql
from tests.synthesis import Bench

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# The pages and nothing else: no display, no profile, no traffic of the browser's own.
CHROMIUM_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def pytest_configure() -> None:
    """Forget the bot's settings of the person who runs the tests; where the browser is, stays."""
    for name in list(os.environ):
        if name.startswith("CDK_MEDIC_") and name != "CDK_MEDIC_CHROMIUM":
            del os.environ[name]


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    """The session's one process that synthesizes CDK code."""
    with Bench() as bench:
        yield bench


@pytest.fixture(scope="session")
def postgres() -> Iterator[postgresql.Cluster]:
    """The session's PostgreSQL, for tests with the mark of that name."""
    postgresql.skip_where_missing()
    with postgresql.Cluster() as cluster:
        yield cluster


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database that nothing is in yet: one of each kind."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path / "store.sqlite")
    cluster: postgresql.Cluster = request.getfixturevalue("postgres")
    return cluster.database()


@pytest.fixture(scope="module")
def browser() -> "Iterator[Browser]":
    """A module's Chromium: CDK_MEDIC_CHROMIUM, or else `chromium` on the PATH.

    It lives no longer, because its event loop is in the way of tests that run one of their own.
    """
    path = os.environ.get("CDK_MEDIC_CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.skip("There is no Chromium here: install it, or name it in CDK_MEDIC_CHROMIUM.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGUMENTS)
        yield browser
        browser.close()
