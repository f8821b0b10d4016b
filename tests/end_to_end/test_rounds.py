"""A bot that was away, and what it finds out when it is back."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.end_to_end.stage import STACK, Stage

pytestmark = pytest.mark.slow


def test_a_bot_that_was_away_misses_nothing(tmp_path: Path) -> None:
    with Stage(tmp_path, ROUND_SECONDS=2) as stage:
        before = stage.open({"stack.py": STACK})
        stage.settle()
        stage.bot.process.kill()
        stage.bot.wait()
        opened = [stage.open({"stack.py": STACK}) for _ in range(3)]
        before.comment("maria", "/fix")
        stage.github.settle()
        assert [pull.reviews for pull in opened] == [[], [], []]
        stage.start()
        stage.until(lambda: all(pull.comments for pull in opened))
        stage.until(lambda: len(before.commits) == 2)
        stage.until(lambda: stage.bot.output.count("ReviewPullRequest: done.") == 4)
        for pull in opened:
            assert (len(pull.reviews), len(pull.check_runs), len(pull.comments)) == (1, 1, 1)


def test_a_delivery_is_asked_for_once_and_what_succeeded_never(tmp_path: Path) -> None:
    with Stage(tmp_path, ROUND_SECONDS=1) as stage:
        pull = stage.open({"stack.py": STACK})
        stage.settle()
        stage.bot.process.kill()
        stage.bot.wait()
        pull.push({"stack.py": STACK + b"# once more\n"})
        stage.github.settle()
        stage.start()
        stage.until(lambda: pull.check_runs)
        heard = len(_asked(stage, "/app/hook/deliveries"))
        stage.until(lambda: len(_asked(stage, "/app/hook/deliveries")) > heard + 2)
        again = _asked(stage, "/app/hook/deliveries/{delivery_id}/attempts")
        assert len(again) == len(set(again)) > 0
        delivered = [each.guid for each in stage.github.deliveries if each.status_code == 202]
        assert len(delivered) == len(set(delivered))


def _asked(stage: Stage, route: str) -> list[str]:
    return [each.path for each in stage.github.requests if each.route == route]
