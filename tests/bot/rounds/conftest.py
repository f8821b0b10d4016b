"""What every round goes over: a stand-in for GitHub, and an inbox."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.inbox import Inbox
from bot.store import open_store, sqlite_url
from sandbox import Sandbox, serve
from tests.bot.github import contract


@pytest.fixture
def inbox(tmp_path: Path) -> Iterator[Inbox]:
    store = open_store(sqlite_url(tmp_path / "store.sqlite"))
    inbox = Inbox(store)
    yield inbox
    inbox.close()
    store.dispose()


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    """Served while a test runs, and asked nothing that GitHub does not describe."""
    with Sandbox(tmp_path / "github") as sandbox, serve(sandbox):
        yield sandbox
        assert contract.problems(sandbox.requests) == []
