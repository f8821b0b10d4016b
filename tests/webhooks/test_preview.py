from __future__ import annotations

import signal
import time
from pathlib import Path

import httpx
import pytest

from tests.webhooks.bot_process import PATIENCE, BotProcess


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_preview_shows_a_reviewed_pull_request_within_seconds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, how: signal.Signals
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    settings = {"PORT": 0, "APP_ID": 1, "WEBHOOK_SECRET": "of another App", "DEBOUNCE_SECONDS": 60}
    with BotProcess("preview", settings) as bot:
        url = bot.url
        assert url.endswith("/acme/payments/pull/1")
        api = url.replace("/acme/", "/api/v3/repos/acme/").replace("/pull/", "/pulls/")
        deadline = time.monotonic() + PATIENCE
        while not httpx.get(f"{api}/reviews").json():
            assert time.monotonic() < deadline, bot.output
            time.sleep(0.1)
        comments = httpx.get(f"{api}/comments").json()
        assert any("```suggestion" in comment["body"] for comment in comments)
        assert httpx.get(httpx.URL(url).join("/healthz")).json() == {"message": "ok"}
        assert len(list(tmp_path.iterdir())) == 1
        before = time.monotonic()
        assert bot.stop(how) == 0
        assert time.monotonic() - before < 10
        assert "Traceback" not in bot.output
        assert list(tmp_path.iterdir()) == []


def test_preview_introduces_the_bot_to_a_repository_that_has_the_stack(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    with BotProcess("preview", {"PORT": 0}) as bot:
        url = httpx.URL(bot.url)
        assert f"{url.join('/acme/ledger/pulls')}\n" in bot.output
        api = url.join("/api/v3/repos/acme/ledger/pulls")
        deadline = time.monotonic() + PATIENCE
        while not (pulls := httpx.get(api).json()):
            assert time.monotonic() < deadline, bot.output
            time.sleep(0.1)
        assert [pull["title"] for pull in pulls] == ["Configure cdk-medic"]
        assert "`tests/test_payment_stack.py:11`" in pulls[0]["body"]
        assert httpx.get(url.join("/")).headers["Location"] == str(url)


def test_a_preview_on_a_port_in_use_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))  # the first is killed, and leaves it there
    with BotProcess("preview", {"PORT": 0}) as first:
        port = httpx.URL(first.url).port
        with BotProcess("preview", {"PORT": port}) as second:
            assert second.wait() == 2
            assert f"Port {port} of 127.0.0.1 can't be used" in second.output
