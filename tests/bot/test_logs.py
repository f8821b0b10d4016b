from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from bot.logs import configure_logging, delivery_logged

KEY = "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA7secret\n-----END RSA PRIVATE KEY-----\n"


@pytest.fixture
def written() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging(stream, (KEY, "hunter2-hunter2"))
    yield stream
    root.handlers[:], root.level = before


def test_a_line_names_the_delivery_that_it_belongs_to(written: io.StringIO) -> None:
    with delivery_logged("d-1"):
        logging.getLogger("anything").info("Queued")
    logging.getLogger("anything").info("Idle")
    first, second = written.getvalue().splitlines()
    assert first.endswith("Z INFO Queued delivery=d-1")
    assert second.endswith(" INFO Idle")


def test_no_secret_is_written_not_even_in_a_traceback(written: io.StringIO) -> None:
    try:
        int(KEY)
    except ValueError:
        logging.getLogger("anything").exception("It failed with %s", "hunter2-hunter2")
    assert "ValueError" in written.getvalue()
    assert "hunter2" not in written.getvalue()
    assert "MIIEowIBAAKCAQEA7secret" not in written.getvalue()
