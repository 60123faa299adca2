"""Tasks that are done, and notes of what was chased."""

from datetime import date

from grants_app import clock
from grants_app.errors import Refused
from grants_app.operations import editing
from grants_app.operations.moving import day, load, needed
from grants_app.records import Note, Task
from grants_app.records.control import NoteKind
from grants_app.store import Store, references


def do(store: Store, task_id: int, *, on: date | None = None) -> None:
    """Mark a task as done, today unless a day is given; refused if it is done already."""
    with store.change("Do task") as session:
        task = load(session, Task, task_id)
        if task.done is not None:
            raise Refused(f"Task {task.reference} is done already.")
        task.done = day(on, "Done on")
        session.words = f"Do {editing.called(task)}"


def reopen(store: Store, task_id: int) -> None:
    """A task is to be done after all; refused if it is not done."""
    with store.change("Reopen task") as session:
        task = load(session, Task, task_id)
        if task.done is None:
            raise Refused(f"Task {task.reference} is not done yet.")
        task.done = None
        session.words = f"Reopen {editing.called(task)}"


def put_off(store: Store, task_id: int, to: date) -> None:
    """Give a task that is not done another day."""
    with store.change("Put task off") as session:
        task = load(session, Task, task_id)
        if task.done is not None:
            raise Refused(f"Task {task.reference} is done already.")
        task.due = to
        session.words = f"Put off {editing.called(task)}"


def chase(store: Store, reference: str, said: str, *, kind: NoteKind = NoteKind.EMAIL) -> Note:
    """Note that the officer chased something of the record of that reference today, in the words given."""
    with store.change("Chase") as session:
        record = references.find(session, reference)
        note = Note(kind=kind, on=clock.today(), text=needed(said, "What was chased"), about=record.reference)
        session.add(note)
        session.flush()
        session.words = f"Chase {editing.called(record)}"
    return note
