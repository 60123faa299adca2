"""A process that adds to one number: `python -m tests.proofs.counter FILE TIMES`, or holds the file: `… FILE hold`.

To hold: it begins a step, prints "in", waits for a line on its input, and stores the step.
"""

import sys
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app.records import Programme
from grants_app.store import opening


def main() -> None:
    path, times = Path(sys.argv[1]), sys.argv[2]
    store = opening.open_file(path, "Other Officer")
    if times == "hold":
        with store.change("Hold") as session:
            count(session)
            session.flush()
            sys.stdout.write("in\n")
            sys.stdout.flush()
            sys.stdin.readline()
    else:
        for _ in range(int(times)):
            with store.change("Count") as session:
                count(session)
    store.close()


def count(session: Session) -> None:
    """Add one to the number, as whoever read it and wrote it back would."""
    programme = session.scalars(select(Programme)).one()
    programme.call = (programme.call or 0) + 1


if __name__ == "__main__":
    main()
