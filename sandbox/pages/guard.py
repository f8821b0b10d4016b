"""What every page does around its work: headers, one origin, and refusals that read well."""

from collections.abc import Callable, Coroutine
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute

from sandbox.errors import Refused
from sandbox.git import GitError

_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
Handler = Callable[[Request], Coroutine[Any, Any, Response]]
ShowError = Callable[[Request, int, str], Response]


def same_origin(request: Request) -> bool:
    """Tell whether a form was sent by one of these pages.

    Browsers say so in Sec-Fetch-Site, older ones in Origin; a request with neither is refused.
    """
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin", "")
    try:
        return urlsplit(origin).netloc == request.headers.get("host", "") != ""
    except ValueError:
        return False


def guarded(show_error: ShowError) -> type[APIRoute]:
    """Return the class of the pages' routes; `show_error` makes a page of status and message."""

    class GuardedRoute(APIRoute):
        """A route that refuses foreign forms and shows refusals as pages."""

        def get_route_handler(self) -> Handler:
            handle = super().get_route_handler()

            async def guard(request: Request) -> Response:
                if request.method == "POST" and not same_origin(request):
                    reason = "This form came from another site, so nothing was done."
                    response = show_error(request, HTTPStatus.FORBIDDEN, reason)
                else:
                    response = await _answered(request, handle, show_error)
                response.headers.update(_HEADERS)
                return response

            return guard

    return GuardedRoute


async def _answered(request: Request, handle: Handler, show_error: ShowError) -> Response:
    try:
        return await handle(request)
    except Refused as refused:
        return show_error(request, refused.status, _words(refused))
    except (LookupError, GitError, RequestValidationError):
        reason = "There is nothing at this address."
        return show_error(request, HTTPStatus.NOT_FOUND, reason)


def _words(refused: Refused) -> str:
    reasons = [
        error if isinstance(error, str) else error.get("message") or error.get("code", "")
        for error in refused.errors or []
    ]
    return f"{refused.message}: {'; '.join(reasons)}" if reasons else refused.message
