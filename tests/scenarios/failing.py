"""What scenarios share in which GitHub fails at a write."""

from __future__ import annotations

import time

from bot.github import RateLimited, Unavailable
from bot.operations import perform
from tests.bot.operations.world import World


def persistently(here: World) -> None:
    """Do everything that is asked for, each job again where GitHub fails, as the engine does."""
    while jobs := here.jobs():
        for job in jobs:
            for _ in range(3):
                try:
                    perform(job, here.context)
                    break
                except Unavailable:
                    continue
                except RateLimited as limit:
                    time.sleep(max(0.0, limit.until.timestamp() - time.time()))


def write_places(here: World, since: int) -> list[int]:
    """Which of the requests since then were writes, by their place among them."""
    return [
        place
        for place, each in enumerate(here.sandbox.requests[since:])
        if (each.method in {"POST", "PATCH"} and each.route != "/graphql")
        or b"mutation" in each.body
    ]
