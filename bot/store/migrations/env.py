"""Runs the migrations on the connection that `bot.store` opened; alembic loads it by its path."""

from __future__ import annotations

from alembic import context

context.configure(connection=context.config.attributes["connection"])
with context.begin_transaction():
    context.run_migrations()
