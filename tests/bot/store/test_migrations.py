from __future__ import annotations

import json
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.inbox import Inbox
from bot.store import connect, is_up_to_date, open_store, sqlite_url
from bot.store.tables import METADATA
from tests.postgres import Cluster

FIRST = Path(__file__).parent / "inbox-1.sql"
"""What the first version wrote: three pushes to a pull request, one handed over, and a comment."""


def test_the_migrations_lead_to_the_tables_of_this_version(database_url: str) -> None:
    store = open_store(database_url)
    with store.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    store.dispose()


def test_nothing_that_the_first_version_wrote_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "inbox.sqlite"
    written = sqlite3.connect(path)
    written.executescript(FIRST.read_text())
    written.close()
    store = open_store(sqlite_url(path))
    inbox = Inbox(store)
    assert [delivery.id for delivery in inbox.waiting()] == ["pushed", "pushed-before", "asked"]
    assert inbox.newest("11#3") == "pushed"
    for delivery in inbox.waiting()[:2]:
        assert delivery.subject == "11#3"
        assert inbox.has_seen("11#3", json.loads(delivery.job)["head"])
    assert inbox.has_seen("11#3", "a" * 40)
    inbox.close()
    store.dispose()


def test_a_database_that_nothing_migrated_is_behind(database_url: str) -> None:
    before = connect(database_url)
    assert not is_up_to_date(before)
    open_store(database_url).dispose()
    assert is_up_to_date(before)
    before.dispose()


@pytest.mark.postgres
def test_processes_that_start_at_once_migrate_once(postgres: Cluster) -> None:
    url = postgres.database()
    with ThreadPoolExecutor(6) as threads:
        stores = list(threads.map(lambda _: open_store(url), range(6)))
    assert sa.inspect(stores[0]).get_table_names().count("delivery") == 1
    for store in stores:
        store.dispose()
