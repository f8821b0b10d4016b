"""What an operator asks beside the running bot: dead letters and the audit log."""

from __future__ import annotations

import contextlib
import datetime as dt
import json
from collections.abc import Iterator

import sqlalchemy as sa

from bot.audit import AuditLog
from bot.jobs import DeadLetters
from bot.settings import Storage, load
from bot.startup import StartupError
from bot.store import connect


class NothingThereError(StartupError):
    """What was asked for is not there, or the database can't be read."""


def dead_letters() -> Iterator[str]:
    """The jobs that were given up, a JSON object a line.

    Raises:
        StartupError: the database can't be read.
    """
    with _dead_letters() as letters:
        for letter in letters.list():
            job = json.loads(letter.job or "{}")
            yield json.dumps({"id": letter.id, "reason": letter.reason, "job": job})


def retry_dead_letter(name: str) -> None:
    """Queue a job again that was given up.

    Raises:
        StartupError: there is none of that name, or the database can't be read.
    """
    with _dead_letters() as letters:
        if not letters.retry(name):
            raise NothingThereError(f"No job that was given up has the id {name}.")


def audit_log(since: dt.datetime) -> Iterator[str]:
    """Every write to GitHub since a moment, a JSON object a line.

    Raises:
        StartupError: the database can't be read.
    """
    settings = load(Storage)
    _must_exist(settings, "inbox.sqlite")
    store = connect(settings.store_url)
    try:
        yield from (json.dumps(entry) for entry in AuditLog(store).entries(since))
    except sa.exc.SQLAlchemyError as error:
        raise NothingThereError(f"The database can't be read: {_first_line(error)}.") from error
    finally:
        store.dispose()


@contextlib.contextmanager
def _dead_letters() -> Iterator[DeadLetters]:
    settings = load(Storage)
    _must_exist(settings, "jobs.sqlite")
    try:
        letters = DeadLetters(settings.job_database_url)
        try:
            yield letters
        finally:
            letters.close()
    except sa.exc.SQLAlchemyError as error:
        raise NothingThereError(f"The database can't be read: {_first_line(error)}.") from error


def _must_exist(settings: Storage, file: str) -> None:
    if not settings.database_url and not (settings.data_dir / file).is_file():
        raise NothingThereError(
            f"There is no {file} in {settings.data_dir}; set CDK_MEDIC_DATA_DIR or "
            "CDK_MEDIC_DATABASE_URL as the running bot has it."
        )


def _first_line(error: Exception) -> str:
    return str(getattr(error, "orig", None) or error).strip().splitlines()[0].rstrip(".")
