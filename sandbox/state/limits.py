"""Rate limits: so many requests an hour for each installation, App or address."""

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True)
class Rate:
    """What the X-RateLimit headers say; `exceeded` means that this request is refused."""

    limit: int
    used: int
    reset: datetime
    resource: str
    exceeded: bool = False

    @property
    def headers(self) -> dict[str, str]:
        """The headers of an answer."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.limit - self.used),
            "X-RateLimit-Used": str(self.used),
            "X-RateLimit-Reset": str(int(self.reset.timestamp())),
            "X-RateLimit-Resource": self.resource,
        }

    @property
    def shape(self) -> dict[str, int]:
        """What `GET /rate_limit` shows of it."""
        return {
            "limit": self.limit,
            "used": self.used,
            "remaining": self.limit - self.used,
            "reset": int(self.reset.timestamp()),
        }


class RateLimits:
    """Counts requests; `limit` may be lowered to see what a client does at its end."""

    def __init__(self, limit: int = 5000) -> None:
        """Allow so many requests an hour."""
        self.limit = limit
        self._rates: dict[tuple[str, str], Rate] = {}

    def look(self, who: str, resource: str, now: datetime) -> Rate:
        """Return the rate of a requester without counting."""
        rate = self._rates.get((who, resource))
        if rate is None or rate.reset <= now:
            return Rate(self.limit, 0, now + timedelta(hours=1), resource)
        return Rate(self.limit, min(rate.used, self.limit), rate.reset, resource)

    def count(self, who: str, resource: str, now: datetime) -> Rate:
        """Count a request of a requester."""
        rate = self.look(who, resource, now)
        exceeded = rate.used >= rate.limit
        counted = Rate(
            rate.limit, rate.used + (not exceeded), rate.reset, resource, exceeded=exceeded
        )
        self._rates[who, resource] = counted
        return counted

    def exhaust(self, who: str, until: datetime) -> None:
        """Let a requester ("installation ID 7") have nothing left until a time."""
        for resource in ("core", "graphql"):
            self._rates[who, resource] = Rate(self.limit, self.limit, until, resource)
