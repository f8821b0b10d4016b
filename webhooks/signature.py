"""Whether a delivery comes from somebody who knows the webhook secret."""

from __future__ import annotations

import hashlib
import hmac
import re

_HEADER = re.compile(rb"sha256=([0-9a-f]{64})")


class Signature:
    """The `X-Hub-Signature-256` of a body that arrives in pieces.

    Everything is bytes: comparing text raises where a header is not ASCII, and a receiver that
    answers 500 to a forged header can be told apart, and switched off, from outside.
    """

    def __init__(self, secret: str, header: bytes) -> None:
        """Begin with the raw value of the header; empty where there is none."""
        claimed = _HEADER.fullmatch(header)
        self._claimed = claimed[1] if claimed else b""
        self._computed = hmac.new(secret.encode(), digestmod=hashlib.sha256)

    @property
    def is_well_formed(self) -> bool:
        """Whether the header could be right for any body at all."""
        return bool(self._claimed)

    def update(self, piece: bytes) -> None:
        """Take the next piece of the raw body."""
        self._computed.update(piece)

    def matches(self) -> bool:
        """Whether the pieces taken so far are what was signed, told in constant time."""
        return hmac.compare_digest(self._computed.hexdigest().encode(), self._claimed)
