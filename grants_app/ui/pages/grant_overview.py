"""One grant at a glance: four key figures in its head; what was delivered against plan, what is next, its purpose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtWidgets import QLineEdit, QWidget
from sqlalchemy import select
from sqlalchemy.orm import Session

from grants_app import clock, wording
from grants_app.operations import engagements
from grants_app.records import Record, figures, results
from grants_app.records.control import Task
from grants_app.records.engagement import Engagement, EngagementStatus
from grants_app.records.grant import Grant, Measure
from grants_app.records.history import Kept, Warned
from grants_app.records.payment import Payment, PaymentStatus
from grants_app.reports.document import ChartKind, ChartSpec, Series
from grants_app.ui.badges import Badge, Pill, Tone
from grants_app.ui.desk import Desk
from grants_app.ui.page import KeyFigure
from grants_app.ui.widgets import button, column, label, panel, row

_NEXT, _NEAR = 4, 300


@dataclass(frozen=True)
class Next:
    """One thing that comes next: when, what, and the record that it is about; an engagement may ask for its number."""

    due: date | None
    words: str
    kind: type[Record]
    record: int
    counts: bool = False


@dataclass(frozen=True)
class Glance:
    """What the overview shows."""

    plan: ChartSpec | None
    coming: Sequence[Next]
    purpose: str


def key_figures(session: Session, grant_id: int) -> list[KeyFigure]:
    """Current amount, paid, delivered, people; each with what it stands beside."""
    today = clock.today()
    asked = (
        Grant.asked, figures.current(), figures.paid(), figures.left(), Kept.delivered,
        figures.planned(Measure.ENGAGEMENTS, by=today), figures.planned(Measure.ENGAGEMENTS),
        figures.reach_lower(), figures.reach_upper(),
    )  # fmt: skip
    chosen = select(*asked).outerjoin(Kept, Kept.grant_id == Grant.id).where(Grant.id == grant_id)
    found = session.execute(chosen).one_or_none()
    if found is None:
        return []
    wanted, current, paid, left, delivered, by_today, planned, low, high = found
    plan = f"{_round(by_today)} by today, {_round(planned)} in all" if planned else "no plan yet"
    return [
        KeyFigure("Current", _money(current), f"{wording.money_text(wanted)} asked" if wanted is not None else ""),
        KeyFigure("Paid", _money(paid), f"{wording.money_text(left)} left" if left is not None else "no award yet"),
        KeyFigure("Delivered", f"{delivered or 0:,}", plan),
        KeyFigure("People", wording.range_text(low, high), "a range" if low != high else "attendances"),
    ]


def glance(session: Session, grant_id: int) -> Glance:
    """Read the overview of a grant."""
    grant = session.get(Grant, grant_id)
    tasks = _tasks(session, grant.reference) if grant is not None else []
    coming = [*_engagements(session, grant_id), *_payments(session, grant_id), *tasks]
    coming.sort(key=lambda item: item.due or date.max)
    warned = select(Warned).where(Warned.kind == Grant.__tablename__, Warned.record_id == grant_id).limit(2)
    checks = [Next(None, warning.sentence, Grant, grant_id) for warning in session.scalars(warned)]
    purpose = (grant.purpose or "") if grant is not None else ""
    return Glance(_plan(session, grant_id), [*coming[:_NEXT], *checks], purpose)


def show_glance(desk: Desk, found: object) -> QWidget:
    """The overview as a widget."""
    from grants_app.ui.chart import ChartView

    assert isinstance(found, Glance)
    layout = column(desk.theme, gap=8)
    layout.addWidget(label("Delivered against plan", "heading"))
    if found.plan is not None:
        layout.addWidget(ChartView(desk.theme, found.plan))
    else:
        layout.addWidget(label("No delivery plan is recorded yet.", "soft", wrap=True))
    layout.addSpacing(desk.theme.px(6))
    layout.addWidget(label("Next", "heading"))
    for item in found.coming:
        layout.addWidget(_next_line(desk, item))
    if not found.coming:
        layout.addWidget(label("Nothing is planned.", "soft"))
    layout.addSpacing(desk.theme.px(6))
    layout.addWidget(label("Purpose", "heading"))
    layout.addWidget(label(found.purpose or "No purpose is recorded yet.", "" if found.purpose else "soft", wrap=True))
    layout.addStretch()
    return panel(layout)


def _engagements(session: Session, grant_id: int) -> list[Next]:
    planned = (
        select(Engagement)
        .where(Engagement.grant_id == grant_id, Engagement.status == EngagementStatus.PLANNED)
        .order_by(Engagement.held_on)
        .limit(_NEXT)
    )
    today = clock.today()
    found = []
    for each in session.scalars(planned):
        where = f", {each.borough}" if each.borough else ""
        over = each.held_on <= today
        words = f"{each.title}{where}: how many came?" if over else f"{each.title}{where}"
        found.append(Next(each.held_on, words, Engagement, each.id, counts=over))
    return found


def _tasks(session: Session, reference: str) -> list[Next]:
    chosen = select(Task).where(Task.about == reference, Task.done.is_(None)).order_by(Task.due.nulls_last(), Task.id)
    return [Next(each.due, each.text, Task, each.id) for each in session.scalars(chosen.limit(_NEXT))]


def _payments(session: Session, grant_id: int) -> list[Next]:
    waiting = (PaymentStatus.SCHEDULED, PaymentStatus.PENDING, PaymentStatus.AUTHORISED)
    chosen = (
        select(Payment)
        .where(Payment.grant_id == grant_id, Payment.status.in_(waiting))
        .order_by(Payment.due)
        .limit(_NEXT)
    )
    return [
        Next(
            each.due,
            f"{wording.called_by('Payment', each.number)}, {wording.money_text(each.amount)}"
            f", {each.status.value.lower()}",
            Payment,
            each.id,
        )
        for each in session.scalars(chosen)
    ]


def _plan(session: Session, grant_id: int) -> ChartSpec | None:
    rows = session.execute(results.against_plan(grant_id, clock.today())).all()
    if not rows:
        return None
    names = tuple(_plan_name(line) for line in rows)
    series = (
        Series("done", tuple(int(line.done or 0) for line in rows)),
        Series("in all", tuple(_round(line.planned) for line in rows)),
        Series("planned by today", tuple(_round(line.today) for line in rows)),
    )
    behind = sum(1 for line in rows if (line.done or 0) < _round(line.today))
    summary = f"{behind} of {len(rows)} lines are behind plan." if behind else "Nothing is behind plan."
    counts = "Engagements delivered, people at least, and attendances of each audience, against the agreed plan"
    return ChartSpec(ChartKind.BULLETS, "Delivered against plan", names, series, summary, counts=counts)


def _plan_name(line: Any) -> str:
    parts = [str(part) for part in (line.audience, line.kind, line.theme, line.borough) if part]
    what = "People, at least" if line.what is Measure.PEOPLE else str(line.what.value)
    return what if not parts else ", ".join(parts) if line.what is Measure.PEOPLE else f"{what}: {', '.join(parts)}"


def _next_line(desk: Desk, item: Next) -> QWidget:
    theme = desk.theme
    layout = row(theme, gap=8)
    layout.addWidget(Pill(theme, badge(item)))
    layout.addWidget(label(item.words, wrap=True), 1)
    if item.counts:
        box = QLineEdit()
        box.setAccessibleName(f"{item.words} A number; Enter marks it delivered")
        box.setToolTip("How many came; Enter marks it delivered")
        box.setFixedWidth(theme.px(56))
        box.returnPressed.connect(partial(_count, desk, item, box))
        layout.addWidget(box)
    else:
        layout.addWidget(
            button("Open", partial(desk.open, item.kind, item.record, whole=True), "link", name=f"Open {item.words}")
        )
    return panel(layout)


def _count(desk: Desk, item: Next, box: QLineEdit) -> None:
    try:
        attended = wording.read_whole(box.text())
    except ValueError as error:
        desk.tell(str(error), refusal=True)
        return
    desk.do(partial(engagements.deliver, engagement_id=item.record, attended=attended))


def badge(item: Next) -> Badge:
    """When it is due, as a word: with the year where that is far off."""
    if item.due is None:
        return Badge("Check", "", "bad")
    days = (item.due - clock.today()).days
    words = {0: "Today", -1: "Yesterday", 1: "Tomorrow"}.get(days)
    tone: Tone = "plain" if days > 0 else "warning" if item.counts or days == 0 else "bad"
    year = "" if abs(days) < _NEAR else f" {item.due.year}"
    return Badge(words or f"{item.due.day} {wording.MONTHS[item.due.month - 1][:3]}{year}", "", tone)


def _money(amount: Any) -> str:
    return "–" if amount is None else wording.money_text(amount)


def _round(value: float | None) -> int:
    return round(value or 0)
