"""The second pass of an import: each row against what is kept, kind by kind in the order of their links."""

from collections.abc import Sequence
from decimal import Decimal
from itertools import islice
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from grants_app.exchange.giving.giving_back import Ours
from grants_app.exchange.imports import remembering
from grants_app.exchange.imports.comparing import Comparing, latest_step
from grants_app.exchange.imports.completing import completed, missing
from grants_app.exchange.imports.finders import Effect, Grants, Organisations, Programmes, amended, finders_of
from grants_app.exchange.imports.gathered import NOTHING, ChangedRecord, Gathered, Known, NewRecord
from grants_app.exchange.imports.likenesses import Likenesses
from grants_app.exchange.imports.linking import Links
from grants_app.exchange.imports.mapping import CALLED
from grants_app.exchange.imports.matching import Finder
from grants_app.exchange.imports.plan import Plan
from grants_app.exchange.imports.previewing import Preview, Remark, Verdict
from grants_app.exchange.imports.readings import Reading
from grants_app.exchange.imports.repeats import Repeats
from grants_app.exchange.imports.returning import contradicted
from grants_app.exchange.imports.rows import Row, Said
from grants_app.exchange.shapes import Progress
from grants_app.records import Acceptance, Document, Engagement, Grant, Payment, Programme, Record

_BATCH = 1000


class Judge:
    """Gives rows their verdicts and fills a preview with them."""

    def __init__(self, session: Session, found: Preview, readings: Sequence[Reading], source: str) -> None:
        """`source` names the programme of rows that name none and find none."""
        self.session, self.found, self.readings, self.source = session, found, readings, source
        plan: Plan = found.plan
        self.finders = finders_of(session, readings)
        programmes = self.finders["programme"]
        assert isinstance(programmes, Programmes)
        self.programmes = programmes
        self.given = self._given(plan.programme)
        grants = self.finders.get("grant")
        if isinstance(grants, Grants) and plan.takes_all:
            grants.given = self.given
        organisations = self.finders.get("organisation")
        self.likenesses: Likenesses | None = None
        if isinstance(organisations, Organisations):
            self.likenesses = Likenesses(found, organisations, remembering.answers(session))
        self.links = Links(session, self.finders)
        self.comparing = Comparing(session, found, self.finders)
        self._leads: dict[int, Verdict] = {}
        self._nameless = ""
        found.as_of_step = latest_step(session)

    def _given(self, reference: str) -> int:
        if not reference:
            return 0
        known = self.programmes.found_before({"reference": reference.strip().upper()}, {})
        return known.token if known else 0

    def judge(self, repeats: Repeats, progress: Progress) -> None:
        """Give every row its verdict, and reckon the totals before and after; `repeats` has heard the same rows."""
        statement = select(func.count(), func.sum(Grant.awarded)).select_from(Grant)
        count, pounds = self.session.execute(statement).one()
        for tally in (self.found.before, self.found.after):
            tally.rows, tally.pounds = count, pounds or Decimal("0.00")
        done, ours = 0, Ours(self.session) if count else None
        for reading in self.readings:
            rows = reading.rows()
            for finder in self.finders.values():
                finder.begin(leading=finder.kind is reading.main, apart=finder.name in reading.apart)
            while batch := list(islice(rows, _BATCH)):
                batch = [repeats.applied(place, row, reading.reader) for place, row in enumerate(batch, done)]
                if ours and reading.giving:
                    ours.strip(batch)
                if self.likenesses:
                    self.likenesses.hear(batch)
                for finder in self.finders.values():
                    finder.put_away()
                self._prefetch(batch, reading)
                for place, row in enumerate(batch, done):
                    self._verdict(place, row, reading, repeats)
                done += len(batch)
                progress(done, repeats.count)
        if self.likenesses:
            self.likenesses.settle()
        self.found.gathered = [
            Gathered(finder.kind, finder.known, finder.new, finder.changed, finder.brought, finder.shelf)
            for finder in self.finders.values()
        ]

    def _prefetch(self, batch: Sequence[Row], reading: Reading) -> None:
        """Read at once, kind by kind, what the rows of a batch may be about."""
        self.links.prefetch(batch, reading.reader)
        kept: list[dict[str, int]] = [{} for _ in batch]
        for kind in reading.kinds:
            finder = self.finders[kind.__tablename__]
            if not finder.any_kept:
                continue
            items = []
            for row, ids in zip(batch, kept, strict=True):
                for key in reading.keys[kind]:
                    values = row.values.get(key)
                    if values and not row.faults:
                        items.append((row, values, self.links.kept(finder, values, ids)))
            finder.prefetch(items)
            if kind is not reading.kinds[-1]:
                for row, ids in zip(batch, kept, strict=True):
                    values = row.values.get(finder.name)
                    if values and not row.faults:
                        links = self.links.kept(finder, values, ids)
                        ids[finder.name] = finder.peek(row, values, links)

    def _verdict(self, place: int, row: Row, reading: Reading, repeats: Repeats) -> None:
        added_to, grants = repeats.added_to(place), self.finders.get("grant")
        if isinstance(grants, Grants):
            grants.said = row.values.get("programme") or NOTHING
        if repeats.skips(place):
            verdict = Verdict.SKIPPED
        elif added_to is not None and not row.faults:
            verdict = self._leads.get(added_to, Verdict.FAULTY)
            if verdict is Verdict.FAULTY:
                row.faults.append(Said("", "The row to which this instalment would be added is faulty"))
                self._row(row, reading)
            else:
                verdict = self._instalment(row, reading, verdict)
        else:
            verdict = self._row(row, reading)
            if repeats.leads(place):
                self._leads[place] = verdict
        if verdict in (Verdict.FAULTY, Verdict.SKIPPED):
            self.links.stays_out(reading.main, row)
        self.found.tallies[verdict].add(row.pounds)
        reading.found.rows += 1
        reading.found.pounds += row.pounds or 0

    def _note(self, row: Row, notes: Sequence[Said]) -> None:
        for note in notes:
            self.found.note(Remark(row.sheet, row.number, note.column, note.message))

    def _row(self, row: Row, reading: Reading) -> Verdict:
        self._nameless = ""
        if row.kept_as and (stored := self.finders[reading.main.__tablename__].stored(row.kept_as[0])):
            said = row.values.get(reading.main.__tablename__, NOTHING)
            row.faults.extend(contradicted(reading.main, stored, row.kept_as[1], said))
        effects = [] if row.faults else self._effects(row, reading)
        if row.faults:
            self._note(row, row.notes)
            table = reading.table.name
            self.found.faults.extend(
                Remark(row.sheet, row.number, said.column, said.message, table) for said in row.faults
            )
            return Verdict.FAULTY
        if self._nameless:
            self.found.nameless += 1
            self.found.taken_by = self.found.taken_by or self._nameless
        return self._done(effects, row, reading)

    def _done(
        self, effects: Sequence[Effect], row: Row, reading: Reading, before: Verdict = Verdict.UNCHANGED
    ) -> Verdict:
        """Do what a row does; `before` is its verdict if that is nothing."""
        news = {effect.finder.name for effect in effects if effect.known is None and effect.stored is None}
        changed = False
        for effect in effects:
            changed |= self._do(effect, row, reading)
        self._note(row, row.notes)
        if reading.leading & news:
            return Verdict.NEW
        return Verdict.CHANGED if before is Verdict.UNCHANGED and (changed or news) else before

    def _instalment(self, row: Row, reading: Reading, before: Verdict) -> Verdict:
        """The row's amount is in the sum of an earlier one, of verdict `before`; its payments go with that grant."""
        main = self.finders[reading.main.__tablename__]
        known = main.found_before(row.values[main.name], {})
        effects: list[Effect] = []
        for key, kind in reading.of_key.items() if known else ():
            values, finder = row.values.get(key) or {}, self.finders[kind.__tablename__]
            of_main = kind is not reading.main and any(one.to == main.name for one in finder.fields.values())
            if of_main and not self._says_nothing(kind, key, values, row, reading):
                assert known is not None
                effects.append(self._effect(finder, values, row, {main.name: known.token}, effects, reading, key))
        if row.faults and row.pounds is None:
            return self._row(row, reading)
        if row.faults:  # its amount stays in the sum, so the row cannot wait
            row.notes.extend(
                Said(said.column, f"{said.message}: nothing else of this row is made") for said in row.faults
            )
            effects.clear()
        return self._done(effects, row, reading, before)

    def _effects(self, row: Row, reading: Reading) -> list[Effect]:
        """What the row does to a record of each kind, parents first; what hinders it is added to its faults."""
        effects: list[Effect] = []
        tokens: dict[str, int] = {}
        for key, kind in reading.of_key.items():
            finder = self.finders[kind.__tablename__]
            values = row.values.get(key) or {}
            if self._says_nothing(kind, key, values, row, reading):
                continue
            if isinstance(finder, Organisations) and self._stays(finder, values, row, reading):
                continue
            effect = self._effect(finder, values, row, tokens, effects, reading, key)
            tokens[finder.name] = self._token(effect)
            effects.append(effect)
            if isinstance(finder, Organisations) and finder.leading and effect.known and effect.known.row:
                words = f"The same organisation as row {effect.known.row:,} of {effect.known.sheet}"
                row.notes.append(Said(reading.reader.titles.get("organisation.name", ""), words))
        amended([effect for effect in effects if effect.finder.name in reading.several], row)
        if not effects:
            row.faults.append(Said("", "This row has nothing under the columns that are brought in"))
        elif reading.whose and not row.faults:
            self._whose(effects[-1], row, tokens.get("organisation", 0), *reading.whose)
        return effects

    def _whose(self, effect: Effect, row: Row, organisation: int, key: str, name: str, title: str) -> None:
        """Note where a row names a grant and, beside it, an organisation that it is not of."""
        grant, said = effect.links.get("grant_id"), row.values.get(key, NOTHING).get(name)
        if grant and said and (owner := self.links.other_owner(grant, organisation, said)):
            words = f"The row says “{said}”, and its grant is of “{owner}”: it goes to that grant"
            row.notes.append(Said(title, words))

    def _says_nothing(self, kind: type[Record], key: str, values: dict[str, Any], row: Row, reading: Reading) -> bool:
        """Whether the row says nothing of a record under this key: no programme's name, no third payment's amount."""
        if kind is Programme and reading.main is not Programme:
            return self._takes_all(row, values, reading) or not (values.get("name") or values.get("reference"))
        said = [name for name, value in values.items() if value not in (None, ())]
        if said and key != kind.__tablename__ and values.get("amount") is None:
            words = f"{kind.noun} {key.partition(':')[2]} has no amount: none is made"
            row.notes.append(Said(reading.reader.titles.get(f"{key}.{said[0]}", ""), words))
            return True
        return not said

    def _stays(self, finder: Organisations, values: dict[str, Any], row: Row, reading: Reading) -> bool:
        """Where several have the row's name: whether a kept record of the row has one of them, which it keeps.

        Else it is a fault of the row, in a 360Giving file a note: the first of them is taken.
        """
        alike = [] if row.kept_as else finder.alike(values)
        if not alike:
            return False
        main = self.finders[reading.main.__tablename__]
        kept = main.match(row, row.values.get(main.name) or {}, {}, take=False) if main is not finder else None
        if kept is not None and kept.get("organisation_id") in alike:
            return True
        words = f"{len(alike)} organisations are called “{values['name']}”: give its charity number or its reference"
        said = Said(reading.reader.titles.get("organisation.name", ""), words)
        (row.notes if reading.giving else row.faults).append(said)
        return False

    def _takes_all(self, row: Row, values: dict[str, Any], reading: Reading) -> bool:
        """One programme takes every row: what the row says of its own stays with the grant."""
        if not (self.given and self.found.plan.takes_all):
            return False
        if reading.giving:
            row.extra.update({Programme.fields()[name].giving: str(value) for name, value in values.items()})
        return True

    @staticmethod
    def _token(effect: Effect) -> int:
        if effect.known is not None:
            return effect.known.token
        return int(effect.stored["id"]) if effect.stored is not None else effect.finder.next_token

    def _effect(
        self,
        finder: Finder,
        values: dict[str, Any],
        row: Row,
        tokens: dict[str, int],
        effects: list[Effect],
        reading: Reading,
        key: str = "",
    ) -> Effect:
        links = self.links.resolve(finder, values, row, tokens, reading.reader)
        moves = True
        if "programme_id" in finder.fields and "programme_id" not in links:
            named = reading.giving or self.given
            there = isinstance(finder, Grants) and finder.among(values, links)  # of another table, with its programme
            if named or not (there or finder.match(row, values, links, take=False)):  # a kept one has its programme
                moves = self._programme(finder, links, row, tokens, effects, reading)
        known = finder.found_before(values, links)
        stored = finder.match(row, values, links) if known is None else None
        given = reading.reader.given.get(finder.name)
        if given and (stored is not None or (known is not None and known.id)):  # what is kept has its own
            values = {name: value for name, value in values.items() if name not in given}
            links = {name: token for name, token in links.items() if name not in given}
        if known is not None:
            return Effect(finder, values, links, known=known, moves=moves)
        if stored is None and not row.faults:
            row.faults.extend(missing(finder, values, links, reading.reader, key))
        if stored is None and finder.kind in (Document, Acceptance):
            noun = finder.kind.noun
            row.faults.append(Said("", f"{noun}: none is made by an import; it is made on the page of its record"))
        number = key.partition(":")[2]
        return Effect(finder, values, links, stored=stored, moves=moves, number=int(number) if number else 0)

    def _programme(
        self,
        finder: Finder,
        links: dict[str, int],
        row: Row,
        tokens: dict[str, int],
        effects: list[Effect],
        reading: Reading,
    ) -> bool:
        """Give a record its programme where the row names none; whether that moves a record that is kept."""
        grant = links.get("grant_id")
        if grant:
            token = self._programme_of(grant, effects)
            if token and finder.fields["programme_id"].required:
                links["programme_id"] = token
            return False
        if not finder.fields["programme_id"].required:
            return False
        if self.given:
            links["programme_id"] = self.given
            return self.found.plan.takes_all
        token = 0 if reading.giving else self.programmes.only()
        if token:
            self._nameless = f"“{self.programmes.known[0].values['name']}”, the only programme here"
        else:
            named = {"name": self.source, **{k: v for k, v in row.values.get("programme", {}).items() if k != "name"}}
            effect = self._effect(self.programmes, named, row, tokens, effects, reading)
            token = tokens["programme"] = self._token(effect)
            effects.append(effect)
            self._nameless = f"{'the' if token > 0 else 'a new'} programme called “{self.source}”"
        links["programme_id"] = token
        return reading.giving

    def _programme_of(self, grant: int, effects: Sequence[Effect]) -> int:
        for effect in effects:
            if effect.finder.name == "grant" and self._token(effect) == grant:
                stored = effect.stored["programme_id"] if effect.stored else 0
                return int(effect.links.get("programme_id") or stored)
        finder = self.finders.get("grant")
        return (finder.programmes.get(grant, 0) if finder else 0) or self.links.programme_of(grant)

    def _do(self, effect: Effect, row: Row, reading: Reading) -> bool:
        """Do it; whether it changes a kept record."""
        finder = effect.finder
        if effect.known is None and effect.stored is None:
            self._new(effect, row, reading)
            return False
        if effect.known is not None or finder.shared:
            known = effect.known
            if known is None:
                assert effect.stored is not None
                known = finder.gather(Known.kept(effect.stored), effect.values, effect.links)
            finder.mark_mentioned(known.token)
            heard = self.comparing.hear(finder, known, row, effect.values, effect.moved, reading)
            if finder.kind in (Grant, Payment, Engagement) and not known.id:  # the row may say that it is awarded, paid
                kept = {"extra": known.values.get("extra")} if finder.kind is Grant else {}
                known.values = {**completed(finder.name, known.values, row, giving=reading.giving), **kept}
                known.shelf = -1
            return heard
        assert effect.stored is not None
        finder.add_aliases(effect.stored["id"], effect.values)
        if finder.name == "grant":
            finder.programmes[effect.stored["id"]] = effect.stored["programme_id"]
        changed = self.comparing.changes(finder, effect.stored, row, effect.values, effect.moved, reading)
        if changed is not None:
            finder.changed.append(ChangedRecord(effect.stored["id"], *changed))
        return changed is not None

    def _new(self, effect: Effect, row: Row, reading: Reading) -> None:
        finder, token = effect.finder, effect.finder.next_token
        values = {
            name: value
            for name, value in effect.values.items()
            if value is not None and name not in ("reference", CALLED)
        }
        if isinstance(finder, Programmes):
            values = finder.make(values, row.code, giving=reading.giving)
        values = completed(finder.name, values, row, giving=reading.giving, number=effect.number)
        if finder.name == "grant":
            finder.programmes[token] = effect.links.get("programme_id", 0)
            if finder.linked:
                self.links.brought(token, effect.links.get("organisation_id", 0))
            self.found.after.add(values.get("awarded"))
        if finder.shared:
            known = Known(token, values, effect.links or NOTHING, sheet=row.sheet, row=row.number)
            finder.gather(known, {**effect.values, **values}, effect.links)
            finder.mark_mentioned(token)
            self.comparing.hear(finder, known, row, effect.values, {}, reading)
        else:
            finder.add_new(NewRecord(row.sheet, row.number, values, effect.links))
            finder.remember_names(token, effect.values, effect.links)
