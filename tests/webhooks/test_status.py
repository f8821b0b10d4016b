from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from bot.store import connect, is_up_to_date, open_store
from tests.postgres import Cluster
from webhooks.app import create_bare_app
from webhooks.status import add_status


@pytest.mark.postgres
def test_a_process_is_not_ready_while_its_database_is_away(postgres: Cluster) -> None:
    url = postgres.database()
    store = connect(url)
    app = create_bare_app()
    add_status(app, {"database": lambda: is_up_to_date(store)}, lambda: b"", "text/plain")
    with TestClient(app) as client:
        assert client.get("/readyz").json() == {"message": "not ready", "database": False}
        open_store(url).dispose()
        assert client.get("/readyz").status_code == 200
        postgres.stop()
        answer = client.get("/readyz")
        postgres.start()
        assert (answer.status_code, answer.json()["database"]) == (503, False)
        assert client.get("/healthz").status_code == 200
        assert client.get("/readyz").status_code == 200
    store.dispose()


def test_a_worker_that_does_not_work_is_not_ready() -> None:
    app = create_bare_app()
    add_status(app, {"database": lambda: True, "worker": lambda: False}, lambda: b"", "text/plain")
    answer = TestClient(app).get("/readyz")
    assert answer.status_code == 503
    assert answer.json() == {"message": "not ready", "database": True, "worker": False}
