from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from bot.settings import Settings, SettingsError, load


def _pem(key: rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey) -> str:
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.TraditionalOpenSSL,
        serialization.NoEncryption(),
    ).decode()


@pytest.fixture(scope="module")
def private_key() -> str:
    return _pem(rsa.generate_private_key(65537, 2048))


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, private_key: str) -> pytest.MonkeyPatch:
    monkeypatch.setenv("CDK_MEDIC_APP_ID", "42")
    monkeypatch.setenv("CDK_MEDIC_PRIVATE_KEY", private_key)
    monkeypatch.setenv("CDK_MEDIC_WEBHOOK_SECRET", "hunter2-hunter2")
    return monkeypatch


@pytest.mark.usefixtures("environment")
def test_three_variables_are_enough() -> None:
    settings = load(Settings)
    assert settings.app_id == 42
    assert settings.github_api_url == "https://api.github.com"
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert (settings.debounce_seconds, settings.write_pace_seconds) == (3, 1)


def test_the_private_key_can_stand_in_a_file(
    environment: pytest.MonkeyPatch, private_key: str, tmp_path: Path
) -> None:
    environment.delenv("CDK_MEDIC_PRIVATE_KEY")
    environment.setenv("CDK_MEDIC_PRIVATE_KEY_FILE", str(tmp_path / "key.pem"))
    (tmp_path / "key.pem").write_text(private_key)
    assert load(Settings).private_key.get_secret_value() == private_key


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("APP_ID", "", "CDK_MEDIC_APP_ID is missing"),
        ("APP_ID", "forty-two", "CDK_MEDIC_APP_ID is wrong: input should be a valid integer"),
        ("APP_ID", "-1", "CDK_MEDIC_APP_ID is wrong: input should be greater than 0."),
        ("PRIVATE_KEY", "", "CDK_MEDIC_PRIVATE_KEY is missing"),
        ("PRIVATE_KEY", "hunter2-hunter2", "CDK_MEDIC_PRIVATE_KEY is not an RSA private key"),
        ("WEBHOOK_SECRET", "", "CDK_MEDIC_WEBHOOK_SECRET is missing"),
        ("PORT", "70000", "CDK_MEDIC_PORT is wrong: input should be less than or equal to 65535."),
        ("GITHUB_API_URL", "api.github.com", "CDK_MEDIC_GITHUB_API_URL is no http(s) address"),
        ("DATABASE_URL", "mysql://x", "CDK_MEDIC_DATABASE_URL must begin with postgresql://"),
        ("DATABASE_URL", "postgresql://hunter2:[", "CDK_MEDIC_DATABASE_URL is no address"),
        ("EXECUTOR_ID", "a b", "CDK_MEDIC_EXECUTOR_ID is wrong"),
        ("DEBOUNCE_SECONDS", "-1", "CDK_MEDIC_DEBOUNCE_SECONDS is wrong"),
    ],
)
def test_a_wrong_setting_is_named_in_one_line_without_its_value(
    environment: pytest.MonkeyPatch, name: str, value: str, sentence: str
) -> None:
    environment.setenv(f"CDK_MEDIC_{name}", value)
    with pytest.raises(SettingsError) as caught:
        load(Settings)
    message = str(caught.value)
    assert message.startswith(sentence)
    assert "\n" not in message
    assert "hunter2" not in message


def test_a_key_of_another_kind_is_refused(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("CDK_MEDIC_PRIVATE_KEY", _pem(ec.generate_private_key(ec.SECP256R1())))
    with pytest.raises(SettingsError, match="not an RSA private key"):
        load(Settings)


@pytest.mark.parametrize("content", [None, b"", b"\x00\xff", b"not a key"])
def test_a_key_file_that_holds_no_key_is_refused(
    environment: pytest.MonkeyPatch, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "key.pem"
    if content is not None:
        path.write_bytes(content)
    environment.delenv("CDK_MEDIC_PRIVATE_KEY")
    environment.setenv("CDK_MEDIC_PRIVATE_KEY_FILE", str(path))
    with pytest.raises(SettingsError, match="CDK_MEDIC_PRIVATE_KEY_FILE"):
        load(Settings)


def test_everything_lies_in_the_data_directory_unless_a_postgres_is_named(
    environment: pytest.MonkeyPatch,
) -> None:
    environment.setenv("CDK_MEDIC_DATA_DIR", "/data")
    settings = load(Settings)
    assert settings.job_database_url == "sqlite:////data/jobs.sqlite"
    assert settings.store_url == "sqlite:////data/inbox.sqlite"
    assert not settings.is_shared
    environment.setenv("CDK_MEDIC_DATABASE_URL", "postgres://bot:hunter2@db/medic")
    settings = load(Settings)
    assert settings.job_database_url == settings.store_url == "postgresql://bot:hunter2@db/medic"
    assert settings.is_shared
    assert settings.secrets[2] == "hunter2"


def test_printing_the_settings_shows_no_secret(
    environment: pytest.MonkeyPatch, private_key: str
) -> None:
    environment.setenv("CDK_MEDIC_DATABASE_URL", "postgresql://bot:hunter2@db/medic")
    shown = f"{load(Settings)!r} {load(Settings)}"
    assert "hunter2" not in shown
    assert private_key.splitlines()[1] not in shown


@pytest.mark.usefixtures("environment")
def test_the_settings_cannot_be_changed() -> None:
    settings = load(Settings)
    with pytest.raises(ValueError, match="frozen"):
        settings.port = 1
