"""How alembic runs here: on the connection of upgrade.py, inside its one transaction."""  # noqa: INP001 - found by path

from alembic import context

context.configure(connection=context.config.attributes["connection"], render_as_batch=True)
context.run_migrations()
