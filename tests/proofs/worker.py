"""A process that works on a file until it is killed, and says each step once it is stored.

Arguments: the work (edits, imports or copies), the file, a seed. It prints "ready", then a step's number a line.
"""

import random
import sys
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from grants_app.errors import Refused
from grants_app.exchange import exporting
from grants_app.operations import documents, editing
from grants_app.records import Note, Organisation
from grants_app.store import Store, backup, opening, settings, undoing
from grants_app.store.listing import Listing

PAIR = ("Left hand", "Right hand")
"""Two organisations that every step leaves with one postcode."""
BROUGHT = 400
"""How many one import brings."""
SHOWN = Listing(Organisation, ("reference", "name", "postcode", "notes"))


def main() -> None:
    work, path, seed = sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])
    chance = random.Random(seed)  # noqa: S311 - the same seed, the same work
    store = opening.open_file(path, f"Officer {seed}")
    store.announce = lambda changes: say(changes.step_id)
    jobs = {"edits": edit, "imports": bring_in, "copies": copy}
    say("ready")
    while True:
        try:
            jobs[work](store, chance)
        except Refused:
            continue  # nothing to undo, say: the next turn does something else


def say(word: object) -> None:
    sys.stdout.write(f"{word}\n")
    sys.stdout.flush()


def edit(store: Store, chance: random.Random) -> None:
    """One small thing that an officer may do."""
    choices: list[Callable[[Store, random.Random], object]] = [
        change_pair, change_pair, change_pair, note, document, forget, set_threshold,
        lambda store, chance: undoing.undo(store), lambda store, chance: undoing.redo(store),
    ]  # fmt: skip
    chance.choice(choices)(store, chance)


def change_pair(store: Store, chance: random.Random) -> None:
    postcode = f"E{chance.randrange(100)} {chance.randrange(10)}AA"
    with store.change("Change both") as session:
        for record in session.scalars(select(Organisation).where(Organisation.name.in_(PAIR))):
            record.postcode = postcode
            session.flush()


def note(store: Store, chance: random.Random) -> None:
    from grants_app import clock

    editing.add(store, Note, {"on": clock.today(), "text": f"A call, {chance.random()}", "about": "ORG-0001"})


def document(store: Store, chance: random.Random) -> None:
    documents.attach(store, chance.randbytes(chance.randrange(1, 300_000)), name="photo.jpg", about="ORG-0001")


def forget(store: Store, chance: random.Random) -> None:
    with store.reading() as session:
        newest = session.scalar(select(Note.id).order_by(Note.id.desc()).limit(1))
    if newest is not None:
        editing.delete(store, Note, newest)


def set_threshold(store: Store, chance: random.Random) -> None:
    with store.change("Set the threshold") as session:
        settings.put(session, settings.THRESHOLD, chance.randrange(1, 30))


def bring_in(store: Store, chance: random.Random) -> None:
    """Many rows as one step, now and then taken back as one."""
    if chance.random() < 0.3:
        undoing.undo(store)
        return
    mark = chance.randrange(10**9)
    rows = ({"name": f"Body {mark} number {n}", "postcode": "odd" if n % 7 else "E1 6AN"} for n in range(BROUGHT))
    with store.change(f"Bring in {BROUGHT}", lenient=True) as session:
        session.add_many(Organisation, rows)


def copy(store: Store, chance: random.Random) -> None:
    """A backup or an export, with a change between."""
    change_pair(store, chance)
    if chance.random() < 0.5:
        backup.back_up(store)
    else:
        exporting.write_listing(store, SHOWN, store.path.with_name("all.xlsx"))


if __name__ == "__main__":
    main()
