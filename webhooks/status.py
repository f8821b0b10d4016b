"""What a process says of itself: whether it lives, whether it can work, and what it counted."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from fastapi import FastAPI
from fastapi.responses import JSONResponse, Response

_log = logging.getLogger(__name__)


def add_status(
    app: FastAPI,
    ready: Mapping[str, Callable[[], bool]],
    metrics: Callable[[], bytes],
    metrics_type: str,
) -> None:
    """Add `/readyz` and `/metrics`.

    Args:
        app: where they are added.
        ready: what must be so before it can work, by a name; a check may raise.
        metrics: everything that is counted.
        metrics_type: its content type.
    """

    @app.get("/readyz")
    def readyz() -> JSONResponse:
        found = {name: _holds(name, check) for name, check in ready.items()}
        is_ready = all(found.values())
        message = "ready" if is_ready else "not ready"
        return JSONResponse({"message": message, **found}, 200 if is_ready else 503)

    @app.get("/metrics")
    def read_metrics() -> Response:
        return Response(metrics(), media_type=metrics_type)


def _holds(name: str, check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception as error:  # noqa: BLE001 (whatever it was, it does not hold)
        reason = str(getattr(error, "orig", None) or error).strip().partition("\n")[0]
        _log.warning("Not ready, %s: %s", name, reason)
        return False
