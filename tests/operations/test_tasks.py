"""Tasks and chasing."""

from datetime import date

import pytest

from grants_app.errors import Refused
from grants_app.operations import tasks
from grants_app.records import Grant, Note, Task
from grants_app.records.control import NoteKind
from tests.make import make
from tests.operations.reading import fields, last

TODAY = date(2026, 11, 23)


def test_a_task_is_done_once_and_may_be_reopened(store):
    task = make(store, Task, due=date(2026, 11, 20))

    tasks.do(store, task.id)
    assert fields(store, task, "done") == (TODAY,)
    with pytest.raises(Refused, match="is done already"):
        tasks.do(store, task.id)
    with pytest.raises(Refused, match="is done already"):
        tasks.put_off(store, task.id, date(2026, 12, 1))
    tasks.reopen(store, task.id)
    assert fields(store, task, "done") == (None,)
    with pytest.raises(Refused, match="is not done yet"):
        tasks.reopen(store, task.id)


def test_a_task_is_not_done_in_the_future_and_may_be_put_off(store):
    task = make(store, Task, due=date(2026, 11, 20))

    with pytest.raises(Refused, match="Done on 24 November 2026 is in the future"):
        tasks.do(store, task.id, on=date(2026, 11, 24))
    tasks.put_off(store, task.id, date(2026, 12, 1))

    assert fields(store, task, "due", "done") == (date(2026, 12, 1), None)


def test_chasing_leaves_a_note_on_the_record(store):
    grant = make(store, Grant)

    note = tasks.chase(store, grant.reference.lower(), "Asked for the end-of-grant spend")

    told = fields(store, note, "kind", "on", "text", "about")
    assert told == (NoteKind.EMAIL, TODAY, "Asked for the end-of-grant spend", grant.reference)
    assert last(store).words == f"Chase grant {grant.reference}"


def test_chasing_needs_words_and_a_record_that_is_there(store):
    grant = make(store, Grant)

    with pytest.raises(Refused, match="What was chased is needed"):
        tasks.chase(store, grant.reference, " ")
    with pytest.raises(Refused, match="There is no payment “PAY-999999” in this file"):
        tasks.chase(store, "PAY-999999", "Asked")
    with store.reading() as session:
        assert session.query(Note).count() == 0
