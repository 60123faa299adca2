"""The sample programme: real in its outline, invented in its figures, with a year of work that moves with today.

The programme's launch, its research and its report keep their true dates, and what is told of the three grant holders
and the advisers that have a name is nothing but good order. Each module plans the acts of one part; `making` does them.
"""

from grants_app.errors import Refused
from grants_app.operations.sample import bidding, desk, evidence, money, programme, sessions
from grants_app.operations.sample.making import Making
from grants_app.records import Programme
from grants_app.store import Store
from grants_app.store.driver import Progress, no_progress

PARTS = (programme, bidding, sessions, money, evidence, desk)
"""Each has `plan(making)`."""


def make_sample(store: Store, *, progress: Progress = no_progress) -> None:
    """Fill an empty file with the sample programme, marked as such; refused if the file holds a programme already."""
    with store.reading() as session:
        if session.query(Programme.id).first() is not None:
            raise Refused("The sample programme goes into an empty file: this one holds a programme already.")
    making = Making(store)
    for part in PARTS:
        part.plan(making)
    making.run(progress)
