"""A receiver and workers as processes of their own, on one Postgres."""

from __future__ import annotations

import signal
from collections import Counter
from pathlib import Path

import httpx
import pytest

from bot.jobs.lease import EXIT_STATUS
from tests.end_to_end.stage import STACK, Stage
from tests.postgres import Cluster
from tests.webhooks.bot_process import PATIENCE

pytestmark = [pytest.mark.postgres, pytest.mark.slow]


def test_a_killed_worker_costs_no_review_and_repeats_none(
    tmp_path: Path, postgres: Cluster
) -> None:
    with (
        Stage(tmp_path, "receiver", DATABASE_URL=postgres.database()) as stage,
        stage.another("worker") as first,
        stage.another("worker") as second,
    ):
        assert httpx.get(f"{first.url}/readyz").json()["worker"]
        assert httpx.post(f"{first.url}/webhook").status_code == 404
        assert "worker" not in httpx.get(f"{stage.bot.url}/readyz").json()
        pulls = [stage.open({"stack.py": STACK}) for _ in range(8)]
        stage.github.settle()
        stage.until(lambda: any(pull.check_runs for pull in pulls))
        first.process.kill()
        stage.until(lambda: all(pull.comments for pull in pulls), 2 * PATIENCE)
        with stage.another("worker"):
            pulls.append(stage.open({"stack.py": STACK}))
            stage.until(lambda: pulls[-1].comments)
        for pull in pulls:
            said = (len(pull.reviews), len(pull.check_runs), len(pull.comments))
            assert said == (1, 1, 1)
        delivered = Counter(each.status_code for each in stage.github.deliveries)
        assert delivered.keys() == {202}
        assert second.stop(signal.SIGTERM) == 0


def test_a_receiver_answers_503_without_its_database_and_the_bot_asks_again(
    tmp_path: Path, postgres: Cluster
) -> None:
    url = postgres.database()
    with Stage(tmp_path, "receiver", DATABASE_URL=url, ROUND_SECONDS=1) as stage:
        with stage.another("worker") as worker:
            pull = stage.open({"stack.py": STACK})
            stage.until(lambda: pull.comments)
            postgres.stop()
            assert worker.wait() == EXIT_STATUS
        pull.push({"stack.py": STACK + b"# once more\n"})
        stage.github.settle()
        assert stage.github.deliveries[-1].status_code == 503
        assert httpx.get(f"{stage.bot.url}/readyz").status_code == 503
        postgres.start()
        with stage.another("worker"):
            stage.until(lambda: pull.check_runs)
        assert stage.github.deliveries[-1].status_code == 202
        assert stage.github.deliveries[-1].redelivery


@pytest.mark.parametrize("command", ["worker", "receiver"])
def test_a_role_of_its_own_wants_a_database_for_all(tmp_path: Path, command: str) -> None:
    with Stage(tmp_path) as stage, stage.another(command) as alone:
        assert alone.wait() == 2
        assert "set CDK_MEDIC_DATABASE_URL to a postgresql:// address" in alone.output
