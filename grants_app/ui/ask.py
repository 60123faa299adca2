"""Actions that are verbs: a sheet asks what the verb needs, confirms money and decisions, says what it refuses."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from PySide6.QtWidgets import QWidget

from grants_app import clock, wording
from grants_app.records import Record
from grants_app.store import Store
from grants_app.ui.desk import Desk
from grants_app.ui.page import Action

Verb = Callable[..., Any]


@dataclass(frozen=True)
class Question:
    """One thing that a verb asks: its name there, its label, how it is read, and what stands in it at first.

    `sort`: "line", "words" (several lines), "date", "money", "whole", "number", "choice" (of `choices`, by the words
    shown).
    """

    name: str
    label: str
    sort: str = "line"
    needed: bool = True
    first: Callable[[Record], str] = lambda record: ""
    choices: Mapping[str, Any] | None = None
    help: str = ""


REASON = Question("reason", "Reason", "words", help="It stays in the history.")


def today_text(_record: Record) -> str:
    """Today, for a question about a day."""
    return wording.date_text(clock.today())


def verb_action(
    words: str,
    verb: Verb,
    when: Callable[[Record], bool],
    *questions: Question,
    tell: str = "",
    confirm: bool = False,
    next: bool = False,
) -> Action:
    """An action that does a verb on a record: at once, or after a sheet that asks its questions or for a confirmation.

    `tell` says on the sheet what the action means.
    """

    def run(desk: Desk, record: Record, parent: QWidget) -> None:
        if questions or confirm:
            from grants_app.ui.ask_sheet import AskSheet

            AskSheet(desk, record, parent, words, verb, questions, tell).open()
        else:
            desk.do(partial(do_verb, verb=verb, record=record.id, answers={}))

    return Action(f"{words} …" if questions or confirm else words, run, when, next)


def do_verb(store: Store, *, verb: Verb, record: int, answers: Mapping[str, Any]) -> Any:
    """Do a verb on a record with its answers."""
    return verb(store, record, **answers)
