"""What goes wrong on purpose: another answer than the true one, or something that comes between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sandbox.rest.routing import Answer


@dataclass(eq=False)
class Fault:
    """What happens to the next requests of one kind.

    `route` is written as in GitHub's OpenAPI description, "/graphql" for GraphQL, whose requests
    `containing` tells apart. `meanwhile` is done before the request is looked at. `answer` is sent
    instead of the true one; the request is carried out only if the fault is `applied`. `altered`
    changes the body of the true answer. The fault lets as many requests pass as `skip` says, and is
    over after so many `times`, -1 means never. Without a method and a route it is for any request.
    """

    method: str
    route: str
    containing: str = ""
    meanwhile: Callable[[], object] | None = None
    answer: Answer | None = None
    applied: bool = False
    altered: Callable[[Any], Any] | None = None
    skip: int = 0
    times: int = 1

    def is_for(self, method: str, route: str, body: bytes) -> bool:
        """Whether it is for this request, not counting those that it lets pass."""
        kinds = {("", ""), (method, route)}
        return (self.method, self.route) in kinds and self.containing.encode() in body

    def happen(self, handle: Callable[[], Answer]) -> Answer:
        """Answer a request, which `handle` would carry out."""
        from sandbox.rest.routing import Answer  # noqa: PLC0415 -- it knows the state, which has us

        if self.meanwhile:
            self.meanwhile()
        if self.answer and not self.applied:
            return self.answer
        true = handle()
        if self.altered and true.status < 400:
            true = Answer(true.status, self.altered(true.body), true.headers)
        return self.answer or true


@dataclass
class Faults:
    """The faults that wait for their request, in the order in which they are looked through."""

    waiting: list[Fault] = field(default_factory=list)

    def add(self, method: str, route: str, **what: Any) -> Fault:
        """Let something go wrong, see `Fault`."""
        self.waiting.append(Fault(method, route, **what))
        return self.waiting[-1]

    def take(self, method: str, route: str, body: bytes) -> Fault | None:
        """The fault that is for this request, which it uses up."""
        for fault in self.waiting:
            if not fault.is_for(method, route, body):
                continue
            if fault.skip:
                fault.skip -= 1
                continue
            fault.times -= 1
            if fault.times == 0:
                self.waiting.remove(fault)
            return fault
        return None
