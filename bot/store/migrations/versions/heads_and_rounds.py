"""Whose a delivery is and which head it told of, in its own row; rounds, and the audit log.

A row for each pull request, which several receivers would update at once in different orders, could
end in a deadlock. The newest of a pull request's deliveries says the same.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "2"
down_revision = "1"

_NUMBER = sa.BigInteger().with_variant(sa.Integer, "sqlite")
_TOLD = ("tenant", "subject", "head", "updated_at")


def upgrade() -> None:
    """Add the columns and fill them, then the tables."""
    for name in _TOLD:
        op.add_column("delivery", sa.Column(name, sa.Text, nullable=False, server_default=""))
    _fill()
    op.drop_index("delivery_waiting", "delivery")
    op.create_index(
        "delivery_waiting",
        "delivery",
        ["tenant", "sequence"],
        postgresql_where=sa.text("dispatched_at IS NULL"),
        sqlite_where=sa.text("dispatched_at IS NULL"),
    )
    op.create_index("delivery_subject", "delivery", ["subject", "updated_at"])
    op.drop_table("pull_request_head")
    op.create_table(
        "round",
        sa.Column("name", sa.Text, primary_key=True),
        sa.Column("began_at", sa.Double, nullable=False),
        sa.Column("done_until", sa.Double, nullable=False),
    )
    op.create_table(
        "redelivery",
        sa.Column("delivery", sa.Text, primary_key=True),
        sa.Column("times", sa.Integer, nullable=False),
        sa.Column("at", sa.Double, nullable=False),
    )
    op.create_table(
        "write",
        sa.Column("sequence", _NUMBER, primary_key=True),
        sa.Column("at", sa.Double, nullable=False),
        sa.Column("delivery", sa.Text, nullable=False),
        sa.Column("job", sa.Text, nullable=False),
        sa.Column("request", sa.Text, nullable=False),
        sa.Column("result", sa.Text, nullable=False),
        sqlite_autoincrement=True,
    )


def _fill() -> None:
    connection = op.get_bind()
    delivery = sa.table("delivery", *(sa.column(name) for name in ("sequence", "job", *_TOLD)))
    for sequence, content in connection.execute(
        sa.select(delivery.c.sequence, delivery.c.job)
    ).fetchall():
        job = json.loads(content)
        values = {"tenant": str(job["installation"])}
        if job["kind"] == "ReviewPullRequest":
            values |= {
                "subject": f"{job['repository_id']}#{job['pull_request']}",
                "head": job["head"],
                "updated_at": job["updated_at"],
            }
        connection.execute(
            sa.update(delivery).where(delivery.c.sequence == sequence).values(values)
        )
