from __future__ import annotations

from pathlib import Path

import pytest

from bot.store import StoreUnusableError, is_shared, open_store, sqlite_url
from tests.postgres import Cluster


def test_sqlite_is_one_process_s_own_and_postgres_is_shared() -> None:
    assert not is_shared("sqlite:////var/lib/x.sqlite")
    assert is_shared("postgresql://db/x")


def test_a_file_is_flushed_at_every_commit(tmp_path: Path) -> None:
    store = open_store(sqlite_url(tmp_path / "x.sqlite"))
    with store.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    store.dispose()


def test_a_file_that_is_no_database_is_said_so(tmp_path: Path) -> None:
    path = tmp_path / "inbox.sqlite"
    path.write_bytes(b"not a database" * 1000)
    with pytest.raises(StoreUnusableError, match=f"{path} can't be used.*not a database"):
        open_store(sqlite_url(path))


@pytest.mark.postgres
def test_a_server_that_refuses_is_said_so_without_the_password(postgres: Cluster) -> None:
    url = postgres.database().replace("postgres@", "nobody:hunter2@")
    with pytest.raises(StoreUnusableError, match="nobody") as told:
        open_store(url)
    assert "hunter2" not in str(told.value)


def test_a_server_that_is_not_there_is_said_so() -> None:
    with pytest.raises(StoreUnusableError, match="can't be used"):
        open_store("postgresql://bot@127.0.0.1:9/x")
