"""The first format: its schema is frozen in the SQL beside this file."""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make every table."""
    schema = Path(__file__).with_suffix(".sql").read_text(encoding="utf-8")
    for statement in filter(None, map(str.strip, schema.split(";\n"))):
        op.get_bind().exec_driver_sql(statement)
