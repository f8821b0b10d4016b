"""The stand-in's pages: a pull request as people see it in a browser, and act on it.

What the pages show is read from the records; what their forms do goes through
`sandbox.actions`, as everything does. Everything that a repository or a comment contains is taken
for hostile: templates escape, comments are cut down, and the content security policy lets nothing
run that isn't a file of this package.
"""

from fastapi import APIRouter

from sandbox.pages.reading import reading
from sandbox.pages.site import Site
from sandbox.pages.writing import writing
from sandbox.service import Service


def pages(service: Service) -> APIRouter:
    """Return the routes of all pages, to be included at the root of the stand-in's application."""
    site = Site(service)
    router = APIRouter()
    router.include_router(writing(site))
    router.include_router(reading(site))
    return router
