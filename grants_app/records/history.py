"""Step, one thing an officer did, and Edit, what it changed in one record; and the tables that are derived or aside."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from grants_app.records.base import Stored
from grants_app.records.fields import Extra


class Step(Stored):
    """One thing an officer did, in one transaction; `undoes` the step it took back, `undone_by` what took it back."""

    __tablename__ = "step"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(index=True)
    officer: Mapped[str] = mapped_column(index=True)
    account: Mapped[str]
    computer: Mapped[str]
    words: Mapped[str]
    reason: Mapped[str | None]
    final: Mapped[bool] = mapped_column(default=False)
    undoes: Mapped[int | None] = mapped_column(ForeignKey("step.id"), index=True)
    undone_by: Mapped[int | None]


_DELETED = text("action = 'deleted'")  # the bin reads the few deletions among the many edits


class Edit(Stored):
    """What a step did to one record: created (no values), changed (the fields changed), deleted (the row before)."""

    __tablename__ = "edit"
    __table_args__ = (
        Index("ix_edit_record", "kind", "record_id", "id"),
        Index("ix_edit_deleted", "id", sqlite_where=_DELETED),
        {"sqlite_autoincrement": True},
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    step_id: Mapped[int] = mapped_column(ForeignKey("step.id"), index=True)
    kind: Mapped[str]
    record_id: Mapped[int]
    action: Mapped[str]
    before: Mapped[dict[str, Any] | None] = mapped_column(Extra)
    after: Mapped[dict[str, Any] | None] = mapped_column(Extra)


class Setting(Stored):
    """A setting of the file (threshold, sample flag, lists), changed by a step like any record; the value is JSON."""

    __tablename__ = "setting"
    __table_args__ = {"sqlite_autoincrement": True}

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    value: Mapped[str] = mapped_column(Text)


class Draft(Stored):
    """A half-filled new record, kept through a crash, outside history: its values as typed."""

    __tablename__ = "draft"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    officer: Mapped[str]
    at: Mapped[datetime]
    typed: Mapped[dict[str, Any] | None] = mapped_column(Extra)


class Counter(Stored):
    """The last number given to references of one prefix; it only grows, so that none is used again."""

    __tablename__ = "counter"

    prefix: Mapped[str] = mapped_column(primary_key=True)
    last: Mapped[int]


class Blob(Stored):
    """The bytes of a document, found by their SHA-256; they stay while a document or an Edit names them."""

    __tablename__ = "blob"

    sha256: Mapped[str] = mapped_column(primary_key=True)
    bytes: Mapped[bytes] = mapped_column(LargeBinary)


class Kept(Stored):
    """Totals of each grant, derived from it, its payments and engagements; money in pence. `check` verifies them.

    `left` is blank without an award; `reach` is the least number of people; `awards`, `pending` and `signed` are what
    the grant adds to its programme's.
    """

    __tablename__ = "kept"

    grant_id: Mapped[int] = mapped_column(primary_key=True)
    programme_id: Mapped[int]
    paid: Mapped[int] = mapped_column(default=0, index=True)
    committed: Mapped[int] = mapped_column(default=0)
    delivered: Mapped[int] = mapped_column(default=0, index=True)
    attended: Mapped[int] = mapped_column(default=0, index=True)
    largest: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    awards: Mapped[int] = mapped_column(default=0)
    pending: Mapped[int] = mapped_column(default=0)
    signed: Mapped[int] = mapped_column(default=0)
    left: Mapped[int | None] = mapped_column(index=True)
    reach: Mapped[int] = mapped_column(default=0, index=True)


class KeptProgramme(Stored):
    """What the kept totals of a programme's own grants come to."""

    __tablename__ = "kept_programme"

    programme_id: Mapped[int] = mapped_column(primary_key=True)
    grants: Mapped[int]
    awards: Mapped[int]
    pending: Mapped[int]
    signed: Mapped[int]
    paid: Mapped[int]
    attended: Mapped[int]
    reach: Mapped[int]
    delivered: Mapped[int]


class KeptMonth(Stored):
    """Of a programme's own engagements delivered in one month ("2026-04") and borough (blank: not recorded)."""

    __tablename__ = "kept_month"

    programme_id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[str] = mapped_column(primary_key=True)
    borough: Mapped[str] = mapped_column(primary_key=True)
    engagements: Mapped[int]
    counted: Mapped[int]
    attended: Mapped[int]


class Link(Stored):
    """One value of a field of several, derived, for filters."""

    __tablename__ = "link"
    __table_args__ = (Index("ix_link_record", "kind", "record_id", "field"), {"sqlite_with_rowid": False})

    kind: Mapped[str] = mapped_column(primary_key=True)
    field: Mapped[str] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    record_id: Mapped[int] = mapped_column(primary_key=True)


class Warned(Stored):
    """What a record's own fields warn of, derived when it is saved."""

    __tablename__ = "warned"

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    record_id: Mapped[int]
    field: Mapped[str]
    sentence: Mapped[str]

    __table_args__ = (Index("ix_warned_record", "kind", "record_id"),)
