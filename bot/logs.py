"""Log lines that name the delivery they belong to and never a secret."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime
from typing import TextIO

_delivery: ContextVar[str] = ContextVar("delivery", default="")

_SHORTEST_SECRET = 4


@contextlib.contextmanager
def delivery_logged(delivery: str) -> Iterator[None]:
    """Every line that this context logs carries `delivery` (the id that GitHub gave it)."""
    token = _delivery.set(delivery)
    try:
        yield
    finally:
        _delivery.reset(token)


def logged_delivery() -> str:
    """The delivery that this context's lines carry; empty where they carry none."""
    return _delivery.get()


class ReadableFormatter(logging.Formatter):
    """`2026-01-31T12:00:00Z INFO message delivery=…`; known secrets are taken out by value."""

    def __init__(self, secrets: tuple[str, ...] = ()) -> None:
        super().__init__("%(levelname)s %(message)s")
        lines = (line.strip() for secret in secrets for line in secret.splitlines())
        self._secrets = sorted(
            {line for line in lines if len(line) >= _SHORTEST_SECRET and "-----" not in line},
            key=len,
            reverse=True,
        )

    def format(self, record: logging.LogRecord) -> str:
        """One line, or more where an exception is attached."""
        moment = datetime.fromtimestamp(record.created, UTC)
        text = f"{moment:%Y-%m-%dT%H:%M:%SZ} {super().format(record)}"
        delivery = _delivery.get()
        if delivery:
            first, newline, rest = text.partition("\n")
            text = f"{first} delivery={delivery}{newline}{rest}"
        for secret in self._secrets:
            text = text.replace(secret, "[secret]")
        return text


def configure_logging(stream: TextIO, secrets: tuple[str, ...] = ()) -> None:
    """Send every log line of the process to `stream`, without the values in `secrets`."""
    handler = logging.StreamHandler(stream)
    handler.setFormatter(ReadableFormatter(secrets))
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    for chatty in ("httpx", "httpcore", "urllib3", "github", "alembic"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
