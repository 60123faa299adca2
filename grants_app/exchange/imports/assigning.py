"""A target for each column of an officer's table, each once: by title, by what it holds, else a column of its own."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from grants_app import wording
from grants_app.exchange.imports import mapping as columns
from grants_app.exchange.imports import returning
from grants_app.exchange.imports.import_report import WHAT_IS_WRONG
from grants_app.exchange.imports.mapping import LEAVE, field_of, is_money, key_of, own_target, split
from grants_app.exchange.imports.recognising import Kept, around, revised, short
from grants_app.exchange.imports.rows import MONEY
from grants_app.exchange.imports.vocabulary import (
    Vocabulary,
    is_currency,
    lone_payment,
    numbered_payments,
    speaks_of,
    stem,
    undated_payments,
    vocabulary,
)
from grants_app.exchange.sources import cellvalues, contents
from grants_app.exchange.sources.tables import Layout, Table
from grants_app.records import Grant, Kind, Organisation, Payment, Programme, Record, kind_named
from grants_app.records.base import written_as
from grants_app.records.figures import figures_of
from grants_app.store import own as own_columns

_FITS, _FEW = 0.5, 3
_CREATED = {"organisation", "programme", "officer", "adviser"}
_LISTED = {"theme", "tier"}
"""What a row only names: such records are made beforehand, or come on a sheet of their own."""
_ENOUGH = {"organisation": ("name", "identifier", "charity_number", "company_number")}
_BY_CONTENT = (
    (contents.Sort.POSTCODE, ("postcode",)), (contents.Sort.BOROUGH, ("borough", "boroughs")),
    (contents.Sort.ORG_ID, ("identifier",)), (contents.Sort.GRANT_ID, ("identifier",)),
)  # fmt: skip


class Assigning:
    """One officer's table: a target for each column, each target once."""

    def __init__(self, by: Kept, table: Table, main: type[Record], values: list[list[Any]]) -> None:
        """`values` are the first filled ones of each column.

        Once targets are found, `aside` are the places of columns of which most cells cannot be read and stay beside
        the record; `remarks` by place say why a column is one of the officer's own though its title is a field's.
        """
        self.by, self.table, self.main, self.values = by, table, main, values
        self.found: dict[int, tuple[str, str]] = {}
        self.aside: set[int] = set()
        self.remarks: dict[int, str] = {}
        self.taken: set[str] = set()
        self.short = short(table)

    def targets(self) -> dict[int, tuple[str, str]]:
        """Target and why, by place."""
        self._by_our_own_words()
        if self.main is Grant:
            self._payments()
            self._by_latest_award()
        self._by_payments_of_months()
        self._by_bare_name()
        self._by_titles()
        for place in range(len(self.table.titles)):
            if place not in self.found:
                self._by_content(place)
        self._only_whole()
        self._grant_by_organisation()
        if self.main is Grant:
            self._say_of_money()
        for place in range(len(self.table.titles)):
            if place not in self.found:
                self.found[place] = (
                    (self.own(self.short[place], self.values[place]), "content") if self.values[place] else (LEAVE, "")
                )
        return self.found

    def _by_titles(self) -> None:
        """Kind by kind, the main one first: by exact titles, then by those that are like its words."""
        words = vocabulary()
        for why in ("title", "like title"):
            for kind in around(self.main):
                in_turn = self._in_turn(words[kind], kind, why)
                for place, said in in_turn:
                    if place not in self.found:
                        self._by_title(place, said, words[kind], kind, why)
                for place, said in in_turn if why == "title" and kind in (self.main, Organisation) else ():
                    if place not in self.found:
                        self._though_unlike(place, said, words[kind], kind)

    def _by_our_own_words(self) -> None:
        """Columns that this app added to a copy or worked out in a list, and the one that says in which money it is."""
        for place, title in enumerate(self.table.titles):
            if title == WHAT_IS_WRONG:
                self._take(place, LEAVE, "")
            elif is_currency(title) and self.main.__tablename__ in MONEY and not self._mine(title):
                self._take(place, columns.CURRENCY, "title")
        if "Reference" in self.table.titles and self._fits(
            f"{self.main.__tablename__}.reference", self.values[self.table.titles.index("Reference")]
        ):
            self.found.update(dict.fromkeys(returning.worked_out(self.main, self.table.titles), (LEAVE, "")))

    def _payments(self) -> None:
        """Columns of numbered payments: each that has an amount and a day is a payment of the row's grant."""
        numbered = numbered_payments(self.table.titles, self.values) or numbered_payments(self.short, self.values)
        called = [p for p, t in enumerate(self.short) if wording.folded(t) == wording.folded(Grant.noun)]
        if any("identifier" in vocabulary()[Grant].exactly(title, qualified=False) for title in self.short):
            called = []  # beside its number, "Grant" is what was awarded
        if numbered and called and called[0] not in self.found:  # a schedule of payments, by grant
            name = "reference" if self._fits("grant.reference", self.values[called[0]]) else "identifier"
            self._take(called[0], f"grant.{name}", "title")
        for number, fields in enumerate(numbered, 1):
            for name, place in fields.items():
                said = [cell for cell in self.values[place] if not contents.says_none(cell)]
                if place not in self.found and self._fits(f"payment.{name}", said):
                    self._take(place, f"payment:{number}.{name}", "title")

        alone = {} if numbered else lone_payment(self.short, self.values)
        for name, place in alone.items():
            if place not in self.found:
                self._take(place, f"payment.{name}", "title")

    def _by_latest_award(self) -> None:
        """Of an original award and a revised one, the grant's is the one that every row has, the revised if both."""
        fits = [p for p in range(len(self.short)) if self._fits("grant.awarded", self.values[p])]
        mine, others = revised(self.short, self.values, fits)
        for place in others:
            self.found[place] = (self.own(self.short[place], self.values[place]), "content")
            self.remarks[place] = f"Kept as a column of your own: “{self.short[mine]}” is taken as what was awarded"
        if others:
            self._take(mine, "grant.awarded", "title")

    def _by_payments_of_months(self) -> None:
        """Of payments counted by month, each month is when one is due, and the number its amount."""
        months = self.table.matrix
        if self.main is Payment and months and len(months.months[0][1]) == 1 and not self.found:
            for place, name in ((months.who, "due"), (months.who + 1, "amount")):
                if self._fits(f"payment.{name}", self.values[place]):
                    self._take(place, f"payment.{name}", "content")

    def _by_bare_name(self) -> None:
        """On a sheet of sessions without another title, "Name" is the session's, not a contact's."""
        main, target = self.main, f"{self.main.__tablename__}.title"
        if main.caption != "title" or not speaks_of(self.table.sheet.name, main):
            return
        if not any("title" in vocabulary()[main].exactly(title, qualified=False) for title in self.short):
            called = [place for place, title in enumerate(self.short) if stem(title) == "name"]
            if called and self._fits(target, self.values[called[0]]):
                self._take(called[0], target, "title")

    def _mine(self, title: str) -> bool:
        """Whether the kind has a column of the officer's own of that title."""
        return any(wording.folded(field.label) == wording.folded(title) for field in self.by.own[self.main])

    def _in_turn(self, words: Vocabulary, kind: type[Record], why: str) -> list[tuple[int, str]]:
        """The columns by place, and what each is called: filled ones first, then the surest titles of the kind."""
        said = {
            (place, t): 0 for place, pair in enumerate(zip(self.table.titles, self.short, strict=True)) for t in pair
        }
        if why == "title":
            close = {one: words.closeness(one[1], main=kind is self.main) for one in said}
            said = {one: sure for one, sure in close.items() if sure is not None}
        return sorted(said, key=lambda one: (not self.values[one[0]], said[one]))

    def _by_title(self, place: int, title: str, words: Vocabulary, kind: type[Record], why: str) -> None:
        main = kind is self.main
        names = words.exactly(title, qualified=not main) if why == "title" else words.nearly(title) if main else ()
        for name in names:
            target = self._sent(kind, name, self.values[place])
            other_money = is_money(target) and not contents.in_pounds(title)
            if (
                target
                and target not in self.taken
                and not other_money
                and self._fits(target, self.values[place], title)
            ):
                self._take(place, target, why)
                return

    def _though_unlike(self, place: int, title: str, words: Vocabulary, kind: type[Record]) -> None:
        """A field's own title leads to it though most cells are unlike it: they are faults, not lost from sight.

        Where the field may stay blank they are kept aside. A column of another sort, or of no word of an alias, is the
        officer's own, and it is said.
        """
        values, main = self.values[place], kind is self.main
        for name in words.exactly(title, qualified=not main):
            field, target = kind.fields().get(name), f"{kind.__tablename__}.{name}"
            if field is not None and field.to in _LISTED and target not in self.taken and main:
                words_of = f"no {field.to} is called as its cells say, and no sheet of the file holds any"
                self.remarks[place] = f"Kept as a column of your own: {words_of}"
            if field is None or field.to or target in self.taken or not (main or self._holds(kind)):
                continue
            firm = field.required or field.kind in (Kind.MONEY, Kind.DATE)
            pounds = field.kind is not Kind.MONEY or contents.in_pounds(title)
            good = contents.readable(field, values, self.by.lists)
            if good >= _FITS:  # its cells would do, but not its title
                continue
            named = stem(title) in words.labels and not contents.looks(values) & contents.TELLING
            other = field.kind is Kind.MONEY and contents.of_other_money(values)
            meant = good or named or other
            if meant and pounds and (firm or "extra" in kind.fields()) and field.kind not in (Kind.TEXT, Kind.LONG):
                self._take(place, target, "title")
                if "extra" in kind.fields() and not field.required and field.kind is not Kind.MONEY:
                    self.aside.add(place)
                return
            if field.kind not in (Kind.TEXT, Kind.LONG) or place not in self.remarks:
                few = "few" if good else "none"
                self.remarks[place] = (
                    f"Kept as a column of your own: {few} of its cells can be read as {field.label} of the "
                    f"{kind.noun.lower()}. Send it elsewhere under “Columns”, if need be"
                )

    def _sent(self, kind: type[Record], name: str, values: Sequence[Any]) -> str:
        """A link's column makes the other record, where it holds names and such records are easily made."""
        field = kind.fields().get(name)
        if field is None or field.kind is not Kind.LINK or field.to not in _CREATED or field.to == kind.__tablename__:
            return f"{kind.__tablename__}.{name}"
        target = kind_named(field.to)
        assert target is not None
        if self._are_references(target, values):
            return f"{kind.__tablename__}.{name}"
        return f"{field.to}.{target.caption}" if kind is self.main else ""

    def _are_references(self, target: type[Record], values: Sequence[Any]) -> bool:
        texts = {cellvalues.tidied(value).upper() for value in values}
        if not texts:
            return False
        if target is not Programme and all(text.startswith(f"{target.prefix}-") for text in texts):
            return True
        kept = select(target.reference).where(target.reference.in_(sorted(texts)[:500]))
        return len(self.by.session.scalars(kept).all()) * 2 >= len(texts)

    def _fits(self, target: str, values: Sequence[Any], title: str = "") -> bool:
        """Whether what the column holds can be read so, more often than not."""
        kind, name = split(target)
        if name == "reference":
            record = kind_named(kind)
            return record is not None and self._are_references(record, values)
        field = field_of(kind, name)
        if target == "grant.awarded" and stem(title) == stem(Grant.noun) and contents.serials(values):
            return False  # its numbers call the grant
        if values and field.to in _LISTED and not field.required:
            return self._are_listed(field.to, values)
        if not values or field.kind in (Kind.LINK, Kind.ABOUT):
            return True
        if field.kind is Kind.TEXT and contents.looks(values) & {contents.Sort.DATE, contents.Sort.YES_NO}:
            said = {wording.folded(word) for word in (field.label, field.key, *field.aliases)}
            return not field.personal and wording.folded(title) in said
        if field.kind in (Kind.TEXT, Kind.LONG) or (field.kind is Kind.MANY and field.to):
            return not (name in ("title", "name", "statement") and contents.share_of_numbers(values) > 0.8)
        few = len(values) < _FEW and field.kind is not Kind.CHOICE
        return few or contents.readable(field, values, self.by.lists) >= _FITS

    def _take(self, place: int, target: str, why: str) -> None:
        self.found[place] = (target, why)
        self.taken.add(target)

    def _by_content(self, place: int) -> None:
        sorts = contents.looks(self.values[place])
        for sort, names in _BY_CONTENT:
            if sort not in sorts:
                continue
            for kind in (self.main, *(k for k in around(self.main) if self._holds(k))):
                for name in names:
                    target = f"{kind.__tablename__}.{name}"
                    wrong = sort is contents.Sort.GRANT_ID and kind.__tablename__ != "grant"
                    if name in kind.fields() and target not in self.taken and not wrong:
                        self._take(place, target, "content")
                        return

    def _holds(self, kind: type[Record]) -> bool:
        return any(target.startswith(f"{kind.__tablename__}.") for target in self.taken)

    def _only_whole(self) -> None:
        """A kind beside the main one stays only where its records can be made, or be found by name."""
        for kind in around(self.main)[1:]:
            name = kind.__tablename__
            mine = {place: split(target)[1] for place, (target, _) in self.found.items() if key_of(target) == name}
            if not mine or self._whole(kind, set(mine.values())):
                continue
            link = next((f.name for f in self.main.fields().values() if f.kind is Kind.LINK and f.to == name), "")
            calls = [
                p for one in ("identifier", "reference", kind.caption) for p, field in mine.items() if field == one
            ]
            for place in mine:
                del self.found[place]
            if link and calls and f"{self.main.__tablename__}.{link}" not in self.taken:
                self._take(calls[0], f"{self.main.__tablename__}.{link}", "title")

    def _grant_by_organisation(self) -> None:
        """Of a table that only says whose grant it is about, the organisation's column leads to its grant."""
        link, field = f"{self.main.__tablename__}.grant_id", self.main.fields().get("grant_id")
        if field is None or link in self.taken or any(target.startswith("grant.") for target, _ in self.found.values()):
            return
        words = vocabulary()[Organisation]
        for place, title in enumerate(self.table.titles):
            target = self.found.get(place, ("", ""))[0]
            named = target == "organisation.name" or (place not in self.found and words.tells(title))
            if named and (field.required or self.table.layout is Layout.MONTHS or self._are_kept(self.values[place])):
                self._take(place, link, "like title")
                return

    def _say_of_money(self) -> None:
        """Grants of which no column gives the award though some give pounds; amounts of payments without a day."""
        left = [place for place in range(len(self.short)) if place not in self.found]
        pounds = [place for place in left if contents.perhaps_pounds(self.values[place], self.short[place])]
        if pounds and "grant.awarded" not in self.taken:
            named = wording.listed([f"“{self.short[place]}”" for place in pounds[:6]])
            kept_as = "are kept as columns" if len(pounds) > 1 else "is kept as a column"
            self.remarks[pounds[0]] = (
                f"No column gives what was awarded: {named} {kept_as} of your own, and the awards stay blank. "
                "Send one to Awarded under “Columns”, if it is the award"
            )
        words = "no day stands beside it, which a payment needs. Send both to a payment under “Columns”, if need be"
        for place in undated_payments(self.short, self.values):
            if place in left:
                self.remarks.setdefault(place, f"Kept as a column of your own: {words}")

    def _are_kept(self, values: Sequence[Any]) -> bool:
        """Whether half of the values, or more, name organisations that are kept, or have grants in the file."""
        names = {cellvalues.tidied(value).casefold() for value in values}
        kept = select(Organisation.name).where(written_as(Organisation.column("name"), sorted(names)))
        there = {wording.folded(name) for name in self.by.session.scalars(kept)} | self.by.granted()
        return bool(names) and 2 * len({wording.folded(name) for name in names} & there) >= len(names)

    def _are_listed(self, to: str, values: Sequence[Any]) -> bool:
        """Whether half of the cells or more name themes (tiers) that are kept, or a sheet of the file has some."""
        target = kind_named(to)
        assert target is not None
        if self.by.sheets & {wording.folded(target.noun), wording.folded(target.plural)}:
            return True
        words = {word for value in values for word in wording.read_words(cellvalues.tidied(value))}
        names = sorted(word.casefold() for word in words)[:500]
        called = func.lower(target.column(target.caption))
        kept = select(func.count(func.distinct(called))).where(called.in_(names))
        return 2 * (self.by.session.scalar(kept) or 0) >= len(names) or self._are_references(target, sorted(words))

    def _whole(self, kind: type[Record], names: set[str]) -> bool:
        name = kind.__tablename__
        if name == "payment":  # what is paid goes in on a day; without one, the amount is the officer's own column
            return "amount" in names and bool(names & {"due", "paid_on"})
        if name == "contact" and not names & {"email", "phone", "role"}:  # a bare "Name" may be anybody's
            titles = {stem(self.short[place]) for place, (target, _) in self.found.items() if target == "contact.name"}
            if titles == {"name"}:
                return False
        if name in _ENOUGH:
            return bool(names & set(_ENOUGH[name]))
        there = {split(target)[0] for target, _ in self.found.values()} | {self.main.__tablename__}
        for one in kind.fields().values():
            if not one.required or one.default is not None or one.name in names or one.name == "code":
                continue
            if not (one.kind is Kind.LINK and (one.to in there or one.to == "programme")):
                return False
        return True

    def own(self, title: str, values: Sequence[Any]) -> str:
        """A column of the officer's own on the main kind: the one of that title that there is, else a new one."""
        table = self.main.__tablename__
        label = own_columns.tidied(title)
        for field in self.by.own[self.main]:
            if wording.folded(field.label) == wording.folded(label) and (
                field.kind in (Kind.TEXT, Kind.LONG) or contents.readable(field, values, self.by.lists) == 1.0
            ):
                return self._once(f"{table}.{field.name}", label)
        sort = contents.own_sort(values, label)
        if sort in ("text", "choice"):
            sort = "long" if any(isinstance(v, str) and (len(v) > 200 or "\n" in v) for v in values) else "text"
        if sort == "money" and not (contents.in_pounds(title) and contents.scale_of(title) == 1):
            sort = "number"
        return self._once(own_target(table, sort, label), label)

    def _once(self, target: str, label: str) -> str:
        """Under a label that no field, figure or column of the kind has."""
        fields = self.main.fields().values()
        words = {wording.folded(word) for field in fields for word in (field.key, field.name, field.label)}
        words |= {wording.folded(figure.label) for figure in figures_of(self.main).values()}
        words |= {"reference", "id", "version", ""}
        others = {wording.folded(split(t)[1].split(":", 2)[2]) for t in self.taken if ".own:" in t}
        if wording.folded(label) in words | others:
            head = ":".join(target.split(":", 2)[:2]) + ":"
            endings = (f" ({n})" if n > 1 else " (as imported)" for n in range(1, 1000))
            label = next(
                new for end in endings if wording.folded(new := (label[:60] or "Column") + end) not in words | others
            )
            target = head + label
        self.taken.add(target)
        return target
