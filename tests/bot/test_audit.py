from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from bot.audit import AuditLog
from bot.github import Unavailable
from bot.logs import delivery_logged
from bot.store import open_store
from tests.bot.job_bench import command, review

LONG_AGO = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)


@pytest.fixture
def store(database_url: str) -> Iterator[sa.Engine]:
    store = open_store(database_url)
    yield store
    store.dispose()


def test_a_write_is_there_before_its_end_is_known(store: sa.Engine) -> None:
    audit = AuditLog(store)
    with delivery_logged("d-1"):
        end = audit.writing(review(), "POST /repos/acme/payments/check-runs")
    [entry] = audit.entries(LONG_AGO)
    assert entry["result"] == "unknown: the process ended before the answer"
    assert (entry["delivery"], entry["head"]) == ("d-1", "a" * 40)
    end("refused: no")
    [entry] = audit.entries(LONG_AGO)
    assert entry["result"] == "refused: no"


def test_who_asked_is_told_and_nobody_where_nobody_did(store: sa.Engine) -> None:
    audit = AuditLog(store)
    for job in (command(), review()):
        audit.writing(job, "POST /x")("done")
    assert [entry["requested_by"] for entry in audit.entries(LONG_AGO)] == ["maria", ""]


def test_what_is_older_is_left_out(store: sa.Engine) -> None:
    audit = AuditLog(store)
    audit.writing(review(), "POST /x")("done")
    assert list(audit.entries(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=1))) == []
    assert len(list(audit.entries(LONG_AGO))) == 1


def test_a_write_that_cannot_be_written_down_is_not_made(store: sa.Engine) -> None:
    with store.begin() as connection:
        connection.exec_driver_sql('DROP TABLE "write"')
    with pytest.raises(Unavailable, match="audit log"):
        AuditLog(store).writing(review(), "POST /x")
