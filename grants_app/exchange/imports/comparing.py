"""What a row changes of a record that is kept, cell by cell, and what it may not change."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants_app import wording
from grants_app.exchange.imports.finders import Grants, Organisations
from grants_app.exchange.imports.gathered import Known
from grants_app.exchange.imports.mapping import CALLED
from grants_app.exchange.imports.matching import Finder
from grants_app.exchange.imports.previewing import CellChange, Preview
from grants_app.exchange.imports.readings import Reading
from grants_app.exchange.imports.rows import Row, Said
from grants_app.records import Field, Grant, Kind, Organisation, Payment, kind_named
from grants_app.records.grant import Status
from grants_app.records.history import Edit, Step
from grants_app.store.validation import settled_said

_RECIPIENT = "recipientOrganization/0/"
_DECIDED = frozenset({Status.APPROVED, Status.NOT_APPROVED})
Change = tuple[dict[str, Any], dict[str, int]]


class _Stored:
    """The attributes of a stored row, as a kind's own rules read them; what it does not hold is blank."""

    def __init__(self, values: dict[str, Any]) -> None:
        self._values = values

    def __getattr__(self, name: str) -> Any:
        return self._values.get(name)


class Comparing:
    """Tells the changes of each row to a preview, in words, and what they are in values."""

    def __init__(self, session: Session, found: Preview, finders: dict[str, Finder]) -> None:
        """`finders` by table name, for the names of what links point to."""
        self.session, self.found, self.finders = session, found, finders
        self._keys: dict[str, dict[str, str]] = {}
        self._alike: dict[frozenset[str], frozenset[str]] = {}  # what was said of most records is the same

    def changes(
        self,
        finder: Finder,
        stored: dict[str, Any],
        row: Row,
        values: dict[str, Any],
        links: dict[str, int],
        reading: Reading,
    ) -> Change | None:
        """What a row changes of a kept record, if anything; a blank cell only changes it in an export of our own."""
        changed: dict[str, Any] = {}
        told: list[tuple[str, str, str]] = []
        for name, value in values.items():
            if name in ("reference", CALLED):
                continue
            field = field_of(finder, name)
            before = value_of(stored, name, field)
            if not self._differs(field, before, value, row) or self._refused(finder, stored, name, value, row, reading):
                continue
            if row.kept_as and not self._still(finder, stored, row, field, before, value, reading):
                continue
            changed[name] = value
            told.append(shown(finder, field, before, value))
        if finder.name == "grant" and row.extra:
            extra = stored["extra"] or {}
            other = {key: text for key, text in row.extra.items() if extra.get(key) != text}
            if other:
                changed["extra"] = {**extra, **other}
                told += [(key, str(extra.get(key) or ""), text) for key, text in other.items()]
        moved = {name: token for name, token in links.items() if stored.get(name) != token}
        for name, token in list(moved.items()):
            if self._refused(finder, stored, name, token, row, reading):
                del moved[name]
            else:
                told.append(self._moved(finder, finder.fields[name], stored.get(name), token))
        for change in told:
            self.found.changes.append(CellChange(row.sheet, row.number, stored["reference"], *change))
        if finder.name == "grant" and "awarded" in changed:
            self.found.after.pounds += (changed["awarded"] or 0) - (stored["awarded"] or 0)
        return (changed, moved) if changed or moved else None

    def hear(
        self,
        finder: Finder,
        known: Known,
        row: Row,
        values: dict[str, Any],
        links: dict[str, int],
        reading: Reading,
    ) -> bool:
        """Take in what a row says of a record that several rows may be about: the first to say a thing decides.

        What a later row says otherwise stays with its grant (360Giving), or is noted. Whether it changes a kept one.
        """
        if isinstance(finder, Organisations | Grants):
            finder.identified(known, values)
        heard: list[tuple[str, str, str]] = []
        held_values, keys, said = known.values, self._keys.setdefault(finder.name, {}), known.said
        for name, value in values.items():
            if value is None or value == () or name in ("reference", CALLED):
                continue
            if name in keys and name in held_values and held_values[name] == value:
                if keys[name] not in known.said:
                    known.said |= {keys[name]}
            else:
                keys[name] = _path(finder, name)
                self._one(finder, known, row, name, value, heard, reading)
        if finder.name == "organisation" and row.organisation_extra:
            self._extra(known, row, heard)
        self._linked(finder, known, links, heard)
        if finder.name in reading.apart and known.sheet not in ("", row.sheet):
            noun = finder.kind.noun.lower()
            row.notes.append(
                Said("", f"The same {noun} as row {known.row:,} of sheet “{known.sheet}”: it comes in once")
            )
        if known.said is not said:
            known.said = self._alike.setdefault(known.said, known.said)
        if not heard:
            return False
        caption = str(known.values.get(finder.kind.caption) or known.values.get("reference") or "")
        whose = str(known.values.get("reference") or caption) if not reading.giving else caption
        for change in heard:
            self.found.changes.append(CellChange(row.sheet, row.number, whose, *change))
        return True

    def _linked(self, finder: Finder, known: Known, links: dict[str, int], heard: list[tuple[str, str, str]]) -> None:
        for name, token in links.items():
            held = known.links.get(name, known.values.get(name))
            if name not in known.said and held != token:
                known.links = {**known.links, name: token}
                if known.id:
                    heard.append(self._moved(finder, finder.fields[name], held, token))
            if name not in known.said:
                known.said |= {name}

    def _one(
        self,
        finder: Finder,
        known: Known,
        row: Row,
        name: str,
        value: Any,
        heard: list[tuple[str, str, str]],
        reading: Reading,
    ) -> None:
        field = field_of(finder, name)
        before = value_of(known.values, name, field)
        key = _path(finder, name)
        if key in known.said:
            if before != value:
                if reading.giving:
                    row.extra[key] = str(value)
                else:
                    words = (
                        f"{field.label} “{field.text(value)}” is not what an earlier row says: the earlier one stays"
                    )
                    row.notes.append(Said(reading.reader.titles.get(f"{finder.name}.{name}", ""), words))
            return
        known.said |= {key}
        if before == value or (known.id and self._refused(finder, known.values, name, value, row, reading)):
            return
        known.put(name, value)
        if known.id:
            heard.append(shown(finder, field, before, value))
        if finder.name == "grant" and name == "awarded":
            self.found.after.pounds += value - (before or 0)

    @staticmethod
    def _extra(known: Known, row: Row, heard: list[tuple[str, str, str]]) -> None:
        extra = known.values.get("extra") or {}
        for key, text in row.organisation_extra.items():
            before = extra.get(key)
            if key in known.said:
                if before != text:
                    row.extra[key] = text
                continue
            known.said |= {key}
            if before != text:
                extra = {**extra, key: text}
                known.put("extra", extra)
                if known.id:
                    heard.append((key, str(before or ""), text))

    @staticmethod
    def _differs(field: Field, before: Any, value: Any, row: Row) -> bool:
        if value in (None, ()):
            return bool(row.kept_as) and before not in (None, (), "")
        if before == value:
            return False
        if isinstance(before, str) and isinstance(value, str) and row.kept_as:
            return wording.tidy(before) != wording.tidy(value)
        if isinstance(before, float) and isinstance(value, float):
            return abs(before - value) > 1e-9 * max(abs(before), abs(value))
        return field.kind is not Kind.MANY or set(before or ()) != set(value)

    def _refused(
        self, finder: Finder, stored: dict[str, Any], name: str, value: Any, row: Row, reading: Reading
    ) -> bool:
        """Whether this may not be changed by an import: said in a note, and left as it is."""
        why = self._why_not(finder, stored, name, value, ours=bool(row.kept_as))
        if why:
            field = field_of(finder, name)
            before, said = field.text(stored.get(name)) or "blank", field.text(value) or "blank"
            if field.kind is Kind.LINK:
                _, before, said = self._moved(finder, field, stored.get(name), value)
            words = f"{field.label} is “{before}” here and “{said}” in the file: left as it is. {why}"
            row.notes.append(Said(reading.reader.titles.get(f"{finder.name}.{name}", ""), words))
            self.found.not_taken[field.label] += 1
        return bool(why)

    @staticmethod
    def _why_not(finder: Finder, stored: dict[str, Any], name: str, value: Any, *, ours: bool) -> str:
        if name.startswith("own:") or name not in finder.fields:
            return ""
        field, noun = finder.fields[name], finder.kind.noun.lower()
        if value in (None, ()) and field.required:
            return f"A {noun} cannot do without it"
        old, next_ = stored.get(name), getattr(stored.get(name), "next", None)
        if next_ is not None and value not in next_:
            return f"A {noun} cannot go from {old.value if old else 'blank'} to {value.value}"
        if name in finder.kind.settled(_Stored(stored)):
            return settled_said(finder.kind, name, _Stored(stored))
        if not field.by_verb:
            return ""
        if finder.kind is Grant and ours:  # a list edited in Excel; another's file may bring what was decided there
            return "It changes on the grant's own page"
        if finder.kind is Grant and name != "status":
            return ""
        if finder.kind is Grant and value not in _DECIDED and old not in _DECIDED:
            return ""
        if finder.kind is Grant:
            return "A decision is made on the grant's own page"
        if finder.kind is Payment:
            return "Requests, approvals and payments are made on the payment's own page"
        return "It changes by an action of its own"

    def _still(
        self,
        finder: Finder,
        stored: dict[str, Any],
        row: Row,
        field: Field,
        before: Any,
        value: Any,
        reading: Reading,
    ) -> bool:
        """Whether a cell of our own export is the officer's change: not where only the record changed meanwhile."""
        assert row.kept_as is not None
        behind = stored["version"] - row.kept_as[1]
        if behind <= 0:
            return True
        edits = select(Edit.before).where(
            Edit.kind == finder.name, Edit.record_id == stored["id"], Edit.action == "changed"
        )
        exported = before
        for (held,) in self.session.execute(edits.order_by(Edit.id.desc()).limit(behind)):
            if field.name in (held or {}):
                exported = field.restored(held[field.name])
        if exported == before:
            return True
        title = reading.reader.titles.get(f"{finder.name}.{field.name}", "")
        if not self._differs(field, exported, value, row):
            words = f"{field.label} was changed here to “{field.text(before)}” since the file was written: that stays"
            row.notes.append(Said(title, words))
            return False
        words = (
            f"{field.label} was changed here, from “{field.text(exported)}” to “{field.text(before)}”, since the file "
            f"was written; the file's “{field.text(value)}” takes its place"
        )
        row.notes.append(Said(title, words))
        return True

    def _moved(self, finder: Finder, field: Field, before: Any, token: int) -> tuple[str, str, str]:
        """A link's change in words, by the names of what it pointed and points to."""
        return f"{finder.kind.noun}: {field.label}", self._called(field, before), self._called(field, token)

    def _called(self, field: Field, token: Any) -> str:
        target = kind_named(field.to)
        if not token or target is None:
            return ""
        if token > 0:
            return str(self.session.scalar(select(target.column(target.caption)).where(target.id == token)) or "")
        finder = self.finders.get(target.__tablename__)
        known = next((k for k in finder.known if k.token == token), None) if finder else None
        return str(finder.present(known).values.get(target.caption) or "") if finder and known else "new in the file"


def field_of(finder: Finder, name: str) -> Field:
    """The field of that name, an own column's too."""
    found = finder.fields.get(name) or finder.own_fields.get(name)
    if found is None:
        found = finder.kind.field_named(name)
        assert found is not None, name
        finder.own_fields[name] = found
    return found


def value_of(values: dict[str, Any], name: str, field: Field) -> Any:
    """A stored value, an own column's out of the column that holds them all."""
    if name in values or not name.startswith("own:"):
        return values.get(name)
    return field.restored((values.get("own") or {}).get(name))


def shown(finder: Finder, field: Field, before: Any, after: Any) -> tuple[str, str, str]:
    """A change as officers read it: the field's label, and both values."""
    return f"{finder.kind.noun}: {field.label}", field.text(before), field.text(after)


def _path(finder: Finder, name: str) -> str:
    """Where the standard has a field of the recipient."""
    if finder.kind is not Organisation or name not in finder.fields:
        return name
    return str(finder.fields[name].giving) or _RECIPIENT + {"known_as": "alternateName"}.get(name, name)


def latest_step(session: Session) -> int:
    """The id of the newest step in the history."""
    return session.scalar(select(func.max(Step.id))) or 0
