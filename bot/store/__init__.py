"""The bot's own tables, on SQLite or on Postgres: which one, an address says."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.startup import StartupError

_BUSY_SECONDS = 5
"""A receiver that can't write must say so before GitHub gives up on it, which is after 10."""

_MIGRATING = 7_263_001
"""The advisory lock of migrations: of several processes that start at once, one changes tables."""


class StoreUnusableError(StartupError):
    """The database can't be reached, is none, or can't be written."""


def is_shared(url: str) -> bool:
    """Whether several machines may use the database at once."""
    return not url.startswith("sqlite:")


def sqlite_url(path: Path) -> str:
    """The address of a SQLite file."""
    return f"sqlite:///{path.absolute()}"


def open_store(url: str) -> sa.Engine:
    """Connect to `sqlite:///PATH` or `postgresql://…`, and bring its tables up to date.

    Raises:
        StoreUnusableError: it can't be used.
    """
    engine = connect(url)
    try:
        _migrate(engine)
    except (sa.exc.SQLAlchemyError, sqlite3.Error, OSError) as error:
        engine.dispose()
        reason = getattr(error, "orig", None) or error
        where = engine.url.render_as_string() if is_shared(url) else engine.url.database
        raise StoreUnusableError(
            f"{where} can't be used as the database: {_first_line(reason)}."
        ) from error
    return engine


def connect(url: str) -> sa.Engine:
    """The engine of an address, without a connection yet; its tables are taken as they are."""
    if is_shared(url):
        engine = sa.create_engine(
            sa.make_url(url).set(drivername="postgresql+psycopg"),
            pool_pre_ping=True,
            pool_size=5,
            max_overflow=0,
            connect_args={"connect_timeout": _BUSY_SECONDS},
        )
        sa.event.listen(engine, "connect", _limit_waits)
        return engine
    engine = sa.create_engine(
        sa.URL.create("sqlite", database=url.removeprefix("sqlite:///")),
        connect_args={"timeout": _BUSY_SECONDS, "isolation_level": None},
    )
    sa.event.listen(engine, "connect", _make_durable)
    sa.event.listen(engine, "begin", _take_the_write_lock)
    return engine


def is_up_to_date(engine: sa.Engine) -> bool:
    """Whether the tables are those of this version; raises as the database does."""
    with engine.connect() as connection:
        present = MigrationContext.configure(connection).get_current_revision()
    return present == ScriptDirectory.from_config(_config()).get_current_head()


def _migrate(engine: sa.Engine) -> None:
    config = _config()
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_MIGRATING)))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    return config


def _limit_waits(connection: Any, _: object) -> None:
    connection.execute(f"SET statement_timeout = '{_BUSY_SECONDS}s'")
    connection.commit()


def _make_durable(connection: Any, _: object) -> None:
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")


def _take_the_write_lock(connection: sa.Connection) -> None:
    # A transaction that begins as a reader may find, when it writes, that it can't any more.
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _first_line(reason: object) -> str:
    lines = str(reason).strip().splitlines() or [type(reason).__name__]
    return lines[0].rstrip(".")
