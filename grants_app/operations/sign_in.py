"""A sign-in sheet whose count is kept and whose names are not."""

from grants_app import clock, wording
from grants_app.errors import Refused
from grants_app.operations import editing
from grants_app.records import Engagement, Note
from grants_app.records.control import NoteKind
from grants_app.records.engagement import CountMethod, EngagementStatus
from grants_app.store import Store, references


def keep_count(store: Store, *, about: str, count: int, name: str) -> None:
    """Keep how many signed, with the record of that reference, and nothing of the sheet itself but its name.

    An engagement takes it as its attendance, counted by register; a planned one is delivered by it. With any other
    record it stands as a note. Refused for a cancelled engagement; Invalid for one that lies in the future.
    """
    came = wording.counted(count, "person", "people")
    with store.change("Keep the count of a sign-in sheet") as session:
        record = references.find(session, about)
        if isinstance(record, Engagement):
            if record.status is EngagementStatus.CANCELLED:
                raise Refused(f"Engagement {record.reference} was cancelled, so nobody can have signed for it.")
            record.status, record.attended, record.method = EngagementStatus.DELIVERED, count, CountMethod.REGISTER
        else:
            text = f"{came} signed “{name}”. The sheet was not kept, for it holds names."
            note = {"kind": NoteKind.NOTE, "on": clock.today(), "text": text, "about": record.reference}
            session.add(editing.build(session, Note, note))
        session.words = f"Keep the count of a sign-in sheet of {editing.called(record)}, {came}"
