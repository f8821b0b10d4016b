"""What every action needs: the records and the way out for webhooks."""

from dataclasses import dataclass

from sandbox.state import State
from sandbox.webhooks import Webhooks


@dataclass(frozen=True)
class Service:
    """The stand-in's records and its webhooks."""

    state: State
    webhooks: Webhooks
