"""The inbox as the first version made it, which left no mark of a version."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "1"
down_revision = None

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")


def upgrade() -> None:
    """Make what is not there."""
    op.create_table(
        "delivery",
        sa.Column("sequence", _NUMBER, primary_key=True),
        sa.Column("id", sa.Text, nullable=False, unique=True),
        sa.Column("event", sa.Text, nullable=False),
        sa.Column("job", sa.Text, nullable=False),
        sa.Column("received_at", sa.Double, nullable=False),
        sa.Column("dispatched_at", sa.Double),
        sqlite_autoincrement=True,
        if_not_exists=True,
    )
    op.create_index(
        "delivery_waiting",
        "delivery",
        ["sequence"],
        postgresql_where=sa.text("dispatched_at IS NULL"),
        sqlite_where=sa.text("dispatched_at IS NULL"),
        if_not_exists=True,
    )
    op.create_table(
        "pull_request_head",
        sa.Column("pull_request", sa.Text, primary_key=True),
        sa.Column("updated_at", sa.Text, nullable=False),
        sa.Column("delivery", sa.Text, nullable=False),
        if_not_exists=True,
    )
