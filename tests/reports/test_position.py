from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

from grants_app.records import Engagement, Grant, Payment, Programme, Recommendation
from grants_app.records.evidence import RecommendationStatus
from grants_app.records.grant import Rag, Status
from grants_app.records.payment import PaymentStatus
from grants_app.reports import money, pieces
from grants_app.reports.catalogue import named, pages
from grants_app.reports.document import Bullets, Document, KeyFigures, PageBreak, Paragraph
from grants_app.store import Store
from tests.make import make
from tests.reports.example import TODAY
from tests.reports.test_grant_report import chart, table, under

POUNDS = {
    "Budget": Decimal("150000.00"),
    "Awarded": Decimal("64500.50"),
    "Committed": Decimal("42500.50"),
    "Paid": Decimal("26500.25"),
    "Left to pay": Decimal("38000.25"),
}


def position(store: Store, **typed: str) -> Document:
    with store.reading() as session:
        report = named("position")
        return report.document(session, report.read(session, typed), prepared_by="Sam Officer")


def test_the_first_page_stands_alone_and_the_register_lies_on_its_side(filled):
    made = position(filled)

    assert [part for part in made.parts if isinstance(part, PageBreak)] == [PageBreak(landscape=True)]
    assert made.summary == (
        "£64,500.50 of £150,000 is awarded and £26,500.25 paid. 4 grants are live: 1 red, 1 amber, 1 green and 1 "
        "without a rating. 8 of 21 planned engagements delivered; 10 were planned by today."
    )


def test_key_figures_years_and_register_agree_to_the_penny(filled):
    made = position(filled)
    figures = next(part for part in made.parts if isinstance(part, KeyFigures))
    years, register = table(made, "money_by_year"), table(made, "register")

    assert {one.label: one.value for one in figures.items} == POUNDS
    assert dict(zip([column.label for column in years.columns[1:]], years.totals[1:], strict=True)) == POUNDS
    for one in (years, register):
        for at, total in enumerate(one.totals):
            if isinstance(total, Decimal):
                assert sum(row[at] or 0 for row in one.rows) == total, (one.name, one.columns[at].label)
    assert register.totals == ("Total", *[""] * 6, Decimal("10000.00"), *list(POUNDS.values())[1:])


def test_money_falls_in_financial_years_and_what_has_none_is_told(filled):
    assert [row[0] for row in table(position(filled), "money_by_year").rows] == [
        "2026-27",
        "2027-28",
        "Not given to a year",
    ]
    assert table(position(filled), "money_by_year").rows[1] == (
        "2027-28", Decimal("40000.00"), Decimal("0.00"), Decimal("0.00"), Decimal("0.00"), Decimal("11000.00"),
    )  # fmt: skip


def test_an_award_without_a_day_of_decision_is_counted_all_the_same(filled):
    make(filled, Grant, programme_id=1, status=Status.COMPLETED, awarded=Decimal("100.01"))

    years = table(position(filled), "money_by_year")

    assert [row[2] for row in years.rows if row[0] == "No date recorded"] == [Decimal("100.01")]
    assert sum(row[2] for row in years.rows) == years.totals[2] == Decimal("64600.51")


def test_red_stands_before_amber_with_its_reason(filled):
    assert [row[:5] for row in table(position(filled), "ratings").rows] == [
        ("CVE-0003", "Common Ground Newham", "Red", "Red", "The lead worker has left"),
        ("CVE-0001", "Bridgefoot Mothers’ Circle", "Amber", "Amber", "Two engagements behind plan"),
    ]


def test_a_rating_shows_what_it_was_at_the_end_of_last_quarter(filled):
    with filled.change("Rate the grant") as session:
        session.get_one(Grant, 2).rag = Rag.RED
        session.get_one(Grant, 2).rag_reason = "Nobody answers"

    assert [row[2:4] for row in table(position(filled), "ratings").rows if row[0] == "CVE-0002"] == [("Red", "Green")]


def test_a_rating_changed_before_this_quarter_was_so_at_its_end(filled, monkeypatch):
    monkeypatch.setenv("GRANTS_TODAY", "2027-01-04")

    with filled.change("Rate the grant") as session:
        session.get_one(Grant, 2).rag = Rag.AMBER
    monkeypatch.setenv("GRANTS_TODAY", "2027-04-01")

    assert [row[2:4] for row in table(position(filled), "ratings").rows if row[0] == "CVE-0002"] == [("Amber", "Amber")]


def test_planned_and_delivered_are_over_grants_that_have_a_plan(filled):
    make(filled, Engagement, programme_id=1, grant_id=4, attended=5)  # a grant without a plan

    plan = chart(position(filled), "Planned and delivered")

    assert plan.categories == ("Engagements", "People, at least")
    assert [series.values for series in plan.series] == [(8, 24), (21, 60), (10.1, 28.9)]


def test_results_have_a_baseline_and_are_approved(filled):
    assert under(position(filled), "Results") == [
        Bullets(("Know whom to turn to: 41% before, 66% after, aim 65% (66 of 100 people, 2 grants, reported).",))
    ]


def test_decisions_are_named_one_by_one(filled):
    make(filled, Recommendation, programme_id=1, number=3, status=RecommendationStatus.PUBLISHED)
    with filled.change("Countersign later") as session:
        session.get_one(Payment, 1).countersign = True

    assert under(position(filled), "Decisions needed") == [
        Bullets(
            (
                "CVE-0005, Open Door School: decide on the bid for £10,000.",
                "PAY-000001, Bridgefoot Mothers’ Circle: countersign £2,000, due 16 June 2026.",
                "PAY-000004, Harbour Lane Youth Trust: approve or decline £3,000, due 21 November 2026.",
                "1 published recommendation awaits a response.",
            )
        )
    ]


def test_more_decisions_than_fit_are_counted(filled):
    for _ in range(7):
        make(filled, Grant, programme_id=1, status=Status.READY)

    (bullets,) = under(position(filled), "Decisions needed")

    assert "6 further bids are ready for decision." in bullets.items


def test_a_programme_over_its_budget_asks_for_a_decision(filled):
    make(filled, Grant, programme_id=1, status=Status.READY, asked=Decimal("75499.60"))

    (bullets,) = under(position(filled), "Decisions needed")

    assert (
        "Countering Violent Extremism: awards and pending decisions are £0.10 over budget; raise it or record why."
        in bullets.items
    )


def test_a_bid_has_no_award_and_an_award_no_pending_amount(filled):
    rows = {row[0]: row for row in table(position(filled), "register").rows}

    assert rows["CVE-0005"][7:] == (Decimal("10000.00"), None, None, None, None)
    assert rows["CVE-0006"][7:] == (None,) * 5
    assert rows["CVE-0004"][7:] == (None, Decimal("22000.00"), Decimal("0.00"), Decimal("0.00"), Decimal("22000.00"))


def test_a_call_counts_with_its_fund_and_another_programme_does_not(filled):
    call = make(filled, Programme, code="CALL", parent_id=1)
    other = make(filled, Programme, code="OTHER")
    for programme, amount in ((call, "10.00"), (other, "500.00")):
        make(filled, Grant, programme_id=programme.id, status=Status.COMPLETED, awarded=Decimal(amount))

    assert table(position(filled, programme="CVE"), "register").totals[8] == Decimal("64510.50")
    assert table(position(filled), "register").totals[8] == Decimal("65010.50")
    assert position(filled).title == "All programmes"


def test_a_part_of_the_budget_below_nought_is_told_and_not_drawn(filled):
    make(filled, Grant, programme_id=1, status=Status.COMPLETED, awarded=Decimal("80000.00"))
    with filled.reading() as session:
        spec = money.parts_of_budget(money.money_of(session, pieces.scope(session, 1)))

    assert spec.series[0].values[-1] == 0
    assert spec.counts.endswith("Left of the budget is −£4,500.50, which cannot be drawn.")


def test_the_first_page_holds_all_that_is_on_it_even_when_much_is_wrong(filled):
    late = {"rag": Rag.RED, "rag_reason": "Late with everything " * 9, "awarded": Decimal(1)}
    for _ in range(8):
        make(filled, Grant, programme_id=1, status=Status.ACTIVE, **late)
        make(filled, Grant, programme_id=1, status=Status.READY)

    made = position(filled)
    before = replace(made, parts=made.parts[: made.parts.index(PageBreak(landscape=True))])

    assert len(made.tables[1].rows) == 5
    assert made.tables[1].counts.endswith("The first 5 of 10; the register has all.")
    assert len(pages(before, 20)) == 1


def test_an_empty_file_has_a_position_too(store):
    made = position(store)

    assert made.title == "All programmes"
    assert made.summary == "£0 of £0 is awarded and £0 paid. No grant is live."
    assert under(made, "Decisions needed") == [Paragraph("No decision is waiting.")]
    assert table(made, "register").rows == ()


def test_payments_that_came_to_nothing_are_neither_paid_nor_to_come(filled):
    make(
        filled,
        Payment,
        grant_id=2,
        amount=Decimal("9.00"),
        status=PaymentStatus.CANCELLED,
        outcome_reason="No longer needed",
        due=TODAY + timedelta(days=9),
    )

    assert table(position(filled), "money_by_year").rows[0][5] == Decimal("5000.00")
