"""Write the schema of this version's models as SQL: `python -m tests.store.freeze`.

Done for the first format until the first release. From then on that file stays as it is, and a change of the models
gets a migration of its own (0002_what_changed.py, FORMAT in opening.py, and HEAD).
"""

import tempfile
from contextlib import closing
from pathlib import Path

import sqlcipher3.dbapi2 as driver

from grants_app.store import opening
from grants_app.store.upgrade import MIGRATIONS

FIRST = MIGRATIONS / "versions" / "0001_first.sql"


def schema(path: Path) -> list[tuple[str, str]]:
    """Name and SQL of everything declared in a file, tables first; not what follows by itself."""
    declared = "SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY type DESC, name"
    with closing(driver.connect(str(path))) as connection:
        rows = connection.execute(declared).fetchall()
    own = ("sqlite_", "search_data", "search_idx", "search_docsize", "search_config")
    return [(name, sql) for name, sql in rows if not name.startswith(own)]


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "new.grants"
        opening.create(path, "Nobody").close()
        statements = [" ".join(sql.split()) for _, sql in schema(path)]
    FIRST.write_text("".join(f"{statement};\n" for statement in statements), encoding="utf-8")


if __name__ == "__main__":
    main()
