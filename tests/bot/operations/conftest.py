from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bot.operations.own_pull_requests import configured
from tests.bot.operations.world import World, vpc, world


@pytest.fixture
def here(tmp_path: Path) -> Iterator[World]:
    """An empty repository with the App installed."""
    with world(tmp_path) as made:
        yield made


@pytest.fixture
def there(tmp_path: Path) -> Iterator[World]:
    """A repository with a shared NAT gateway, which asks for fix pull requests."""
    with world(tmp_path, {"network.py": vpc(), ".cdk-medic.toml": configured()}) as made:
        yield made
