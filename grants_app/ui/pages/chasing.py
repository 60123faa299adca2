"""Chasing what is late: a ready e-mail in the officer's own mail program, and a note that it was sent for."""

from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import clock
from grants_app.operations import editing
from grants_app.records import Record
from grants_app.records.control import Note, NoteKind
from grants_app.records.grant import Grant
from grants_app.records.organisation import Contact, ContactRole, Organisation
from grants_app.store import Store
from grants_app.ui.pages.todo import Todo


@dataclass(frozen=True)
class Letter:
    """To whom a reminder goes: the address and the name, each blank where it is not known."""

    address: str = ""
    name: str = ""

    def link(self, about: str) -> str:
        """What opens the mail program with the reminder written."""
        subject = quote(f"Reminder: {about[:1].lower()}{about[1:]}")
        greeting = f"Dear {self.name}," if self.name else "Hello,"
        body = quote(f"{greeting}\n\nWe are waiting for this: {about}.\nCould you send it this week?\n\nKind regards\n")
        return f"mailto:{quote(self.address, safe='@')}?subject={subject}&body={body}"


def letter_for(session: Session, kind: type[Record], record: int) -> Letter:
    """Whom to write to about a record: its organisation's current lead, else any current contact."""
    organisation = _organisation_of(session, session.get(kind, record))
    if organisation is None:
        return Letter()
    current = select(Contact).where(
        Contact.organisation_id == organisation, Contact.current, Contact.email.is_not(None)
    )
    contacts = sorted(session.scalars(current), key=lambda contact: contact.role is not ContactRole.LEAD)
    return Letter(contacts[0].email or "", contacts[0].name) if contacts else Letter()


def note_chase(store: Store, *, item: Todo, letter: Letter) -> Record:
    """Note that the officer chased it today."""
    whom = letter.name or item.whose
    values = {
        "kind": NoteKind.EMAIL, "on": clock.today(), "text": f"Chased {whom}: {item.words}", "about": item.reference,
    }  # fmt: skip
    return editing.add(store, Note, values)


def _organisation_of(session: Session, record: Record | None) -> int | None:
    if isinstance(record, Organisation):
        return record.id
    grant = session.get(Grant, getattr(record, "grant_id", None) or 0)
    return grant.organisation_id if grant is not None else None
