"""Users and the rate limit."""

from typing import Any

from sandbox.errors import not_found
from sandbox.rest.routing import ANYBODY, Call, Routes
from sandbox.shapes.accounts import public_user

routes = Routes()


@routes.add("GET", "/users/{username}", ANYBODY)
def get_user(call: Call) -> Any:
    """Return a user, organization or bot."""
    try:
        return public_user(call.state, call.state.user(call.parameters["username"]))
    except LookupError:
        raise not_found() from None


@routes.add("GET", "/rate_limit", ANYBODY)
def get_rate_limit(call: Call) -> Any:
    """Return what is left; asking doesn't count."""
    who, now = call.actor.name, call.state.now()
    rates = {
        resource: call.state.limits.look(who, resource, now).shape
        for resource in ("core", "search", "graphql")
    }
    return {"resources": rates, "rate": rates["core"]}
