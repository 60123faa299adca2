"""Results and voices: measurements and their approval, consent that is withdrawn."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from grants_app import wording
from grants_app.errors import Refused
from grants_app.operations import editing
from grants_app.operations.moving import Move, day, load, moving
from grants_app.records import Indicator, Measurement, Testimonial
from grants_app.records.evidence import MeasurementStatus
from grants_app.store import Store

_S = MeasurementStatus
APPROVE = Move("Approve {}", "be approved", (_S.DRAFT,), _S.APPROVED, final=True)
REVERSE = Move(
    "Reverse the approval of {}", "have its approval reversed", (_S.APPROVED,), _S.DRAFT, final=True, reasoned=True
)


def measure(store: Store, values: Mapping[str, Any]) -> Measurement:
    """Record one value of an indicator in a period, as a draft, from field values.

    Where numerator and denominator are given, the value may be left out: it is their per cent. Invalid for a context
    indicator measured by a grant: only a repeat of the same research measures it again.
    """
    with store.change("Record measurement") as session:
        load(session, Indicator, values["indicator_id"])
        made = editing.build(session, Measurement, {**values, "value": _value(values), "status": _S.DRAFT})
        assert isinstance(made, Measurement)
        session.add(made)
        session.flush()
        session.words = f"Record {editing.called(made)}, {wording.number_text(made.value)}"
    return made


def approve_measurement(store: Store, measurement_id: int) -> None:
    """Let a measurement stand in reports."""
    with moving(store, Measurement, measurement_id, APPROVE):
        pass


def reverse_approval(store: Store, measurement_id: int, reason: str) -> None:
    """Take a measurement out of reports again: it is a draft."""
    with moving(store, Measurement, measurement_id, REVERSE, reason=reason):
        pass


def correct(store: Store, measurement_id: int, values: Mapping[str, Any], reason: str) -> Measurement:
    """Put a new draft beside an approved measurement, saying what it corrects and why; the old one is a draft again.

    `values` replace those of the old one, which stays as it was. A per cent follows from numerator and denominator.
    """
    with moving(store, Measurement, measurement_id, REVERSE, reason=reason) as (session, old):
        kept = {name: value for name, value in old.copy_values().items() if name not in ("status", "note", "value")}
        told = {**kept, **values}
        value = _value(told)
        told["value"] = old.value if value is None else value
        new = Measurement(**{**told, "note": f"Corrects {old.reference}: {reason.strip()}"})
        session.add(new)
        session.flush()
        session.words = f"Correct {editing.called(old)} by {new.reference}"
    return new


def withdraw_consent(store: Store, testimonial_id: int, *, on: date | None = None) -> None:
    """Whoever said it takes consent back: from now on it does not leave the app. Refused if it is withdrawn already."""
    with store.change("Withdraw consent") as session:
        testimonial = load(session, Testimonial, testimonial_id)
        if testimonial.withdrawn_on is not None:
            when = wording.date_text(testimonial.withdrawn_on)
            raise Refused(f"Consent for {testimonial.reference} was withdrawn on {when} already.")
        testimonial.withdrawn_on = day(on, "Withdrawn on")
        session.words = f"Withdraw consent for {editing.called(testimonial)}"


def renew_consent(store: Store, testimonial_id: int, until: date, *, given: date | None = None) -> None:
    """Consent is given anew that day and lasts until the other; refused if it was withdrawn: that is a new one."""
    with store.change("Renew consent") as session:
        testimonial = load(session, Testimonial, testimonial_id)
        if testimonial.withdrawn_on is not None:
            raise Refused(
                f"Consent for {testimonial.reference} was withdrawn: keep what is said now as a new testimonial."
            )
        testimonial.consented_on, testimonial.expires = day(given, "Given on"), until
        session.words = f"Renew consent for {editing.called(testimonial)} until {wording.date_text(until)}"


def _value(values: Mapping[str, Any]) -> float | None:
    """The value given, else that of numerator and denominator in per cent."""
    if values.get("value") is not None:
        return float(values["value"])
    numerator, denominator = values.get("numerator"), values.get("denominator")
    return round(numerator / denominator * 100, 1) if numerator is not None and denominator else None
