from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.webhooks.bot_process import BotProcess, private_key
from tests.webhooks.deliveries import SECRET, headers


@pytest.fixture
def settings(tmp_path: Path) -> dict[str, object]:
    return {
        "APP_ID": 42,
        "PRIVATE_KEY": private_key(),
        "WEBHOOK_SECRET": SECRET,
        "DATA_DIR": tmp_path / "data",
        "PORT": 0,
        "GITHUB_API_URL": "http://127.0.0.1:9/api/v3",
    }


def test_serve_takes_deliveries_and_says_so_without_its_secrets(
    settings: dict[str, object],
) -> None:
    body = b'{"zen": "Approachable is better than simple."}'
    with BotProcess("serve", settings) as bot:
        assert httpx.get(f"{bot.url}/healthz").status_code == 200
        sent = headers(body, "ping", "d-1")
        assert httpx.post(f"{bot.url}/webhook", content=body, headers=sent).status_code == 202
        forged = sent | {"X-Hub-Signature-256": "sha256=" + "0" * 64}
        assert httpx.post(f"{bot.url}/webhook", content=body, headers=forged).status_code == 401
        assert httpx.get(f"{bot.url}/acme/payments/pull/1").status_code == 404
        assert bot.stop() == 0
        assert "delivery=d-1" in bot.output
        assert SECRET not in bot.output
        assert private_key().splitlines()[1] not in bot.output


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_serve_ends_cleanly_and_soon(settings: dict[str, object], how: signal.Signals) -> None:
    with BotProcess("serve", settings) as bot:
        assert httpx.get(f"{bot.url}/healthz").status_code == 200
        before = time.monotonic()
        assert bot.stop(how) == 0
        assert time.monotonic() - before < 10
        assert "Traceback" not in bot.output


def _without(name: str) -> Callable[[dict[str, object], Path], None]:
    def remove(settings: dict[str, object], _: Path) -> None:
        del settings[name]

    return remove


def _with(name: str, value: object) -> Callable[[dict[str, object], Path], None]:
    return lambda settings, _: settings.update({name: value})


def _damaged(name: str) -> Callable[[dict[str, object], Path], None]:
    def damage(_: dict[str, object], directory: Path) -> None:
        (directory / "data").mkdir()
        (directory / "data" / name).write_bytes(b"no database" * 1000)

    return damage


def _directory_is_a_file(_: dict[str, object], directory: Path) -> None:
    (directory / "data").write_bytes(b"")


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (_without("APP_ID"), "CDK_MEDIC_APP_ID is missing"),
        (_without("WEBHOOK_SECRET"), "CDK_MEDIC_WEBHOOK_SECRET is missing"),
        (_with("WEBHOOK_SECRET", ""), "CDK_MEDIC_WEBHOOK_SECRET is missing"),
        (_without("PRIVATE_KEY"), "CDK_MEDIC_PRIVATE_KEY is missing"),
        (_with("PRIVATE_KEY", "hunter2"), "CDK_MEDIC_PRIVATE_KEY is not an RSA private key"),
        (_with("PORT", "http"), "CDK_MEDIC_PORT is wrong"),
        (_with("HOST", "192.0.2.1"), "CDK_MEDIC_PORT"),
        (_directory_is_a_file, "CDK_MEDIC_DATA_DIR"),
        (_damaged("inbox.sqlite"), "inbox.sqlite can't be used as the database"),
        (_damaged("jobs.sqlite"), "jobs.sqlite can't be used as the job database"),
    ],
)
def test_what_keeps_serve_from_starting_is_one_line_and_status_2(
    settings: dict[str, object],
    tmp_path: Path,
    spoil: Callable[[dict[str, object], Path], None],
    sentence: str,
) -> None:
    spoil(settings, tmp_path)
    with BotProcess("serve", settings) as bot:
        assert bot.wait() == 2
        complaint = [line for line in bot.output.splitlines() if line.startswith("cdk-medic-bot: ")]
        assert len(complaint) == 1
        assert sentence in complaint[0]
        assert "Traceback" not in bot.output
        assert "hunter2" not in bot.output


def test_a_port_in_use_is_said_with_what_to_do(settings: dict[str, object]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings["PORT"] = taken.getsockname()[1]
        with BotProcess("serve", settings) as bot:
            assert bot.wait() == 2
            assert f"Port {settings['PORT']} of 127.0.0.1 can't be used" in bot.output
            assert "set CDK_MEDIC_PORT to a free one" in bot.output
            assert len(bot.output.splitlines()) == 1


def test_two_bots_cannot_share_a_data_directory(settings: dict[str, object]) -> None:
    with BotProcess("serve", settings) as first:
        assert first.url
        with BotProcess("serve", settings) as second:
            assert second.wait() == 2
            assert "is in use by another cdk-medic-bot" in second.output


def test_serve_knows_no_stand_in(settings: dict[str, object]) -> None:
    code = (
        "import sys, webhooks.service, webhooks.app, webhooks.cli;"
        "print([name for name in sys.modules if name.split('.')[0] == 'sandbox'])"
    )
    imported = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert imported.stdout == "[]\n"
    assert settings


@pytest.mark.parametrize("arguments", [[], ["fly"], ["serve", "--sandbox"]])
def test_a_mistaken_command_line_is_status_2(arguments: list[str]) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "webhooks.cli", *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 2
    assert "usage: cdk-medic-bot" in ended.stderr


def test_help_names_the_environment_and_imports_nothing_heavy() -> None:
    code = (
        "import sys, json, webhooks.cli\n"
        "try: webhooks.cli.main(['--help'])\n"
        "except SystemExit: print(json.dumps(sorted({n.split('.')[0] for n in sys.modules})))"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    *text, modules = ended.stdout.splitlines()
    assert any("CDK_MEDIC_WEBHOOK_SECRET" in line for line in text)
    assert {"dbos", "fastapi", "github", "libcst"}.isdisjoint(json.loads(modules))
