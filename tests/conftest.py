"""What every test may ask for."""

from collections.abc import Iterator

import pytest

from tests.synthesis import Bench


@pytest.fixture(scope="session")
def bench() -> Iterator[Bench]:
    """The session's one process that synthesizes CDK code."""
    with Bench() as bench:
        yield bench
