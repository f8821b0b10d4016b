"""The tables as this version uses them; `migrations` brings older ones here.

Moments are seconds since 1970, as `time.time` gives them.
"""

from __future__ import annotations

import sqlalchemy as sa

METADATA = sa.MetaData()

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_MOMENT: sa.Double[float] = sa.Double()

DELIVERY = sa.Table(
    "delivery",
    METADATA,
    sa.Column("sequence", _NUMBER, primary_key=True),
    sa.Column("id", sa.Text, nullable=False, unique=True),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("job", sa.Text, nullable=False),
    sa.Column("received_at", _MOMENT, nullable=False),
    sa.Column("dispatched_at", _MOMENT),
    sa.Column("tenant", sa.Text, nullable=False, server_default=""),
    sa.Column("subject", sa.Text, nullable=False, server_default=""),
    sa.Column("head", sa.Text, nullable=False, server_default=""),
    sa.Column("updated_at", sa.Text, nullable=False, server_default=""),
    sa.Index(
        "delivery_waiting",
        "tenant",
        "sequence",
        postgresql_where=sa.text("dispatched_at IS NULL"),
        sqlite_where=sa.text("dispatched_at IS NULL"),
    ),
    sa.Index("delivery_subject", "subject", "updated_at"),
    sqlite_autoincrement=True,
)
"""What was answered 202. The last three say what it tells the state of, and are empty otherwise."""

ROUND = sa.Table(
    "round",
    METADATA,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("began_at", _MOMENT, nullable=False),
    sa.Column("done_until", _MOMENT, nullable=False),
)
"""The regular rounds: when the last one began, and up to which moment one has looked."""

REDELIVERY = sa.Table(
    "redelivery",
    METADATA,
    sa.Column("delivery", sa.Text, primary_key=True),
    sa.Column("times", sa.Integer, nullable=False),
    sa.Column("at", _MOMENT, nullable=False),
)
"""Which deliveries GitHub was asked to send again, how often, and when for the first time."""

WRITE = sa.Table(
    "write",
    METADATA,
    sa.Column("sequence", _NUMBER, primary_key=True),
    sa.Column("at", _MOMENT, nullable=False),
    sa.Column("delivery", sa.Text, nullable=False),
    sa.Column("job", sa.Text, nullable=False),
    sa.Column("request", sa.Text, nullable=False),
    sa.Column("result", sa.Text, nullable=False),
    sqlite_autoincrement=True,
)
"""The audit log: what the bot wrote to GitHub, for which job."""
