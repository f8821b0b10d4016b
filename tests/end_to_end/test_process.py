from __future__ import annotations

import signal
from pathlib import Path

import httpx

from tests.end_to_end.stage import SECRET, STACK, Stage
from tests.webhooks.deliveries import signed


def test_a_bot_killed_after_the_answer_reviews_after_its_restart(tmp_path: Path) -> None:
    with Stage(tmp_path, DEBOUNCE_SECONDS=2) as stage:
        pull = stage.open({"stack.py": STACK})
        stage.github.settle()
        assert stage.github.deliveries[-1].status_code == 202
        stage.bot.process.kill()
        stage.bot.wait()
        assert pull.reviews == []
        stage.start()
        stage.settle()
        assert (len(pull.reviews), len(pull.check_runs), len(pull.comments)) == (1, 1, 1)


def test_a_bot_killed_at_work_finishes_it_once_after_its_restart(tmp_path: Path) -> None:
    with Stage(tmp_path, WRITE_PACE_SECONDS=1) as stage:
        pull = stage.open({"stack.py": STACK})
        stage.until(lambda: pull.check_runs)
        stage.bot.process.kill()
        stage.bot.wait()
        stage.start()
        stage.settle()
        assert (len(pull.reviews), len(pull.check_runs), len(pull.comments)) == (1, 1, 1)


def test_five_pushes_in_a_row_are_reviewed_once(tmp_path: Path) -> None:
    with Stage(tmp_path, DEBOUNCE_SECONDS=2) as stage:
        pull = stage.open({"stack.py": STACK})
        for number in range(4):
            pull.push({"stack.py": STACK + b"# %d\n" % number})
        stage.settle()
        assert len(pull.reviews) == 1
        assert pull.reviews[0].commit_id == pull.head_sha
        assert stage.bot.output.count("ReviewPullRequest: done.") == 1
        assert stage.bot.output.count("ReviewPullRequest: superseded.") == 4


def test_a_forged_delivery_changes_nothing(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        pull = stage.open({"README.md": b"# Again\n"})
        stage.settle()
        real = stage.github.deliveries[-1]
        requests = len(stage.github.requests)
        for signature in ("", "sha1=0", "sha256=" + "0" * 64, signed(real.body, "guess")):
            sent = {**real.request_headers, "X-GitHub-Delivery": "forged"}
            sent["X-Hub-Signature-256"] = signature
            answer = httpx.post(f"{stage.bot.url}/webhook", content=real.body, headers=sent)
            assert answer.status_code == 401
        for body in (b"{", b"[" * 100_000, b"null"):
            sent = {**real.request_headers, "X-Hub-Signature-256": signed(body, SECRET)}
            answer = httpx.post(f"{stage.bot.url}/webhook", content=body, headers=sent)
            assert answer.status_code == 400
        assert len(stage.github.requests) == requests
        assert len(pull.check_runs) == 1


def test_the_log_holds_no_secret(tmp_path: Path) -> None:
    with Stage(tmp_path) as stage:
        stage.open({"stack.py": STACK})
        stage.settle()
        assert stage.bot.stop(signal.SIGTERM) == 0
        key = stage._registration.private_key
        for canary in (SECRET, *key.splitlines()[1:-1], "ghs_", "Bearer"):
            assert canary not in stage.bot.output
