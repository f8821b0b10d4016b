from __future__ import annotations

import threading
import time

import pytest

from bot.rounds import Round, Rounds
from bot.store import open_store
from tests.bot.job_bench import until


def test_of_two_machines_one_goes_round_at_a_time(database_url: str) -> None:
    store = open_store(database_url)
    gone: list[float] = []
    rounds = [Rounds(store, [Round("look", gone.append)], 300, lambda: True) for _ in range(2)]
    for each in rounds:
        each.start()
    until(lambda: gone)
    time.sleep(2.5)
    for each in rounds:
        each.stop()
    # Nobody has looked before.
    assert gone == [0.0]
    store.dispose()


def test_a_round_is_told_up_to_when_the_last_one_has_looked(database_url: str) -> None:
    store = open_store(database_url)
    gone: list[float] = []
    begun = time.time()
    rounds = Rounds(store, [Round("look", gone.append)], 0.1, lambda: True)
    rounds.start()
    until(lambda: len(gone) >= 3)
    rounds.stop()
    assert gone[0] == 0
    assert begun <= gone[1] < gone[2] <= time.time()
    store.dispose()


def test_a_round_that_fails_is_gone_again_from_where_it_was(
    database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = open_store(database_url)
    gone: list[float] = []

    def fail_twice(done_until: float) -> None:
        gone.append(done_until)
        if len(gone) < 3:
            raise RuntimeError("GitHub is away")

    rounds = Rounds(store, [Round("look", fail_twice)], 0.1, lambda: True)
    rounds.start()
    until(lambda: len(gone) >= 4)
    rounds.stop()
    assert gone[:3] == [0, 0, 0]
    assert gone[3] > 0
    assert "The round look ended early: GitHub is away" in caplog.text
    store.dispose()


def test_a_machine_that_does_not_lead_goes_no_round(database_url: str) -> None:
    store = open_store(database_url)
    gone = threading.Event()
    rounds = Rounds(store, [Round("look", lambda _: gone.set())], 0.1, lambda: False)
    rounds.start()
    assert not gone.wait(2.5)
    rounds.stop()
    store.dispose()
