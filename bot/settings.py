"""What an operator sets, by environment variables with the prefix `CDK_MEDIC_`.

The caller builds the settings and hands them down; nothing reads the environment at import.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Self, TypeVar

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.startup import StartupError
from bot.store import is_shared, sqlite_url

PREFIX = "CDK_MEDIC_"


_Kind = TypeVar("_Kind", bound=BaseSettings)


class SettingsError(StartupError):
    """A setting is missing or wrong."""


class Address(BaseSettings):
    """Where the web server listens; port 0 takes any free one."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX, frozen=True, hide_input_in_errors=True, env_ignore_empty=True
    )

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8000


class Storage(BaseSettings):
    """Where everything is kept: in files of `data_dir`, or in the Postgres of `database_url`."""

    model_config = Address.model_config

    data_dir: Path = Path("var")
    database_url: Annotated[str, Field(repr=False)] = ""  # it may hold a password

    @field_validator("database_url")
    @classmethod
    def _sqlite_or_postgres(cls, value: str) -> str:
        value = re.sub(r"\Apostgres://", "postgresql://", value)
        if value and not value.startswith(("sqlite:///", "postgresql://")):
            raise ValueError(
                "must begin with postgresql:// or sqlite:/// (leave it out for a file in the "
                "data_dir)."
            )
        try:
            make_url(value or "sqlite://")
        except (ArgumentError, ValueError):
            raise ValueError("is no address, such as postgresql://user:password@host/db.") from None
        return value

    @property
    def is_shared(self) -> bool:
        """Whether other processes may work on the same database."""
        return is_shared(self.job_database_url)

    @property
    def job_database_url(self) -> str:
        """The job engine's database, as SQLAlchemy spells it."""
        return self.database_url or sqlite_url(self.data_dir / "jobs.sqlite")

    @property
    def store_url(self) -> str:
        """The database of the inbox and the audit log: the same Postgres, or a file beside."""
        return self.database_url if self.is_shared else sqlite_url(self.data_dir / "inbox.sqlite")


class Settings(Address, Storage):
    """The bot's configuration, validated and frozen.

    `private_key` is the App's RSA key as PEM text, read from `private_key_file` where that is set
    instead. `debounce_seconds` is how long a review waits for a newer push, `write_pace_seconds`
    the least time between two writes to GitHub. `executor_id` names this process among those that
    share a database; `stop_seconds` is what running jobs get at its end. Every `round_seconds` the
    bot looks for what it missed (0: never).
    """

    app_id: Annotated[int, Field(gt=0)]
    private_key: SecretStr = SecretStr("")
    private_key_file: Path | None = None
    webhook_secret: SecretStr
    github_api_url: str = "https://api.github.com"
    debounce_seconds: Annotated[float, Field(ge=0, le=3600)] = 3.0
    write_pace_seconds: Annotated[float, Field(ge=0, le=60)] = 1.0
    executor_id: Annotated[str, Field(pattern=r"^[\w.-]{0,100}$")] = ""
    round_seconds: Annotated[float, Field(ge=0, le=86400)] = 300.0
    stop_seconds: Annotated[int, Field(ge=0, le=3600)] = 6

    @field_validator("webhook_secret")
    @classmethod
    def _secret_says_something(cls, value: SecretStr) -> SecretStr:
        if not value.get_secret_value():
            raise ValueError("is empty; set the webhook secret of your GitHub App.")
        return value

    @field_validator("github_api_url")
    @classmethod
    def _address_of_an_api(cls, value: str) -> str:
        if not value.startswith(("https://", "http://")):
            raise ValueError("is no http(s) address, such as https://api.github.com.")
        return value.rstrip("/")

    @model_validator(mode="before")
    @classmethod
    def _read_key_file(cls, values: dict[str, Any]) -> dict[str, Any]:
        path = values.get("private_key_file")
        if not path or values.get("private_key"):
            return values
        try:
            text = Path(path).read_text(encoding="ascii")
        except UnicodeDecodeError:
            text = ""  # refused below, as every other text that is no PEM
        except OSError as error:
            raise ValueError(
                f"{PREFIX}PRIVATE_KEY_FILE can't be read: {error.strerror or error}: {path}."
            ) from None
        return values | {"private_key": text}

    @model_validator(mode="after")
    def _key_is_an_rsa_pem(self) -> Self:
        source = "PRIVATE_KEY_FILE" if self.private_key_file else "PRIVATE_KEY"
        text = self.private_key.get_secret_value()
        if not text and not self.private_key_file:
            raise ValueError(
                f"{PREFIX}PRIVATE_KEY is missing; set it, or {PREFIX}PRIVATE_KEY_FILE, to the "
                "private key of your GitHub App (a PEM file that GitHub lets you download)."
            )
        if not _is_rsa_pem(text):
            raise ValueError(
                f"{PREFIX}{source} is not an RSA private key in PEM form; use the file that GitHub "
                "lets you download, from '-----BEGIN RSA PRIVATE KEY-----' to its end line."
            )
        return self

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every value that must never be printed."""
        password = make_url(self.database_url).password if self.is_shared else None
        return (
            self.private_key.get_secret_value(),
            self.webhook_secret.get_secret_value(),
            *([str(password)] if password else []),
        )


def load(kind: type[_Kind]) -> _Kind:
    """Read settings from the environment.

    Raises:
        SettingsError: one is missing or wrong. The message is one line and holds no value.
    """
    try:
        return kind()
    except ValidationError as error:
        raise SettingsError(_first_sentence(error)) from None


def _is_rsa_pem(text: str) -> bool:
    try:
        return isinstance(load_pem_private_key(text.encode(), password=None), RSAPrivateKey)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        return False


def _first_sentence(error: ValidationError) -> str:
    problem = error.errors(include_url=False, include_input=False)[0]
    message = problem["msg"].removeprefix("Value error, ")
    if not problem["loc"]:
        return message
    name = f"{PREFIX}{problem['loc'][0]}".upper()
    if problem["type"] == "missing":
        return f"{name} is missing; set it to the value that your GitHub App's page shows."
    if problem["type"] == "value_error":
        return f"{name} {message}"
    return f"{name} is wrong: {message[:1].lower()}{message[1:]}."
