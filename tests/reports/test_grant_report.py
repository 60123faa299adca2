from datetime import timedelta
from decimal import Decimal

import pytest

from grants_app.records import Engagement, Grant, PlanLine, evidence
from grants_app.records.engagement import EngagementStatus
from grants_app.records.evidence import Consent, Speaker
from grants_app.records.grant import Measure
from grants_app.reports.catalogue import named
from grants_app.reports.document import (
    Bullets,
    Document,
    Facts,
    Heading,
    KeyFigures,
    PageBreak,
    Paragraph,
    Quote,
    Withheld,
)
from grants_app.store import Store, settings
from tests.make import make
from tests.reports.example import TODAY, ago

UNDER = Withheld("under 10", "<10")
HIDDEN = Withheld("hidden")


def report(store: Store, reference: str) -> Document:
    with store.reading() as session:
        grant = named("grant")
        return grant.document(session, grant.read(session, {"grant": reference}), prepared_by="Sam Officer")


def table(document: Document, name: str):
    return next(one for one in document.tables if one.name == name)


def chart(document: Document, title: str):
    return next(one for one in document.charts if one.title == title)


def under(document: Document, heading: str) -> list:
    """The parts under a heading, up to the next heading or page."""
    start = next(at for at, part in enumerate(document.parts) if isinstance(part, Heading) and part.text == heading)
    rest = document.parts[start + 1 :]
    end = next((at for at, part in enumerate(rest) if isinstance(part, Heading | PageBreak)), len(rest))
    return list(rest[:end])


def test_its_first_lines_say_what_was_paid_done_and_reached(filled):
    made = report(filled, "CVE-0001")

    assert (made.title, made.subtitle) == (
        "Kitchen-table conversations",
        "Grant report · CVE-0001 · Bridgefoot Mothers’ Circle",
    )
    assert made.summary == (
        "£2,000 of £8,000 has been paid. 3 engagements of 8 delivered; 4 were planned by today. "
        "Between 24 and 38 people were reached."
    )


def test_its_key_figures_say_what_they_count(filled):
    figures = next(part for part in report(filled, "CVE-0001").parts if isinstance(part, KeyFigures))

    assert [(one.label, one.value, one.counts) for one in figures.items] == [
        ("Current amount", Decimal("8000.00"), "£9,500 asked for"),
        ("Paid", Decimal("2000.00"), "less reclaims; £6,000 left to pay"),
        ("Engagements delivered", 3, "4 planned by today, 8 in all"),
        ("People reached", "24–38", "a range, from 38 attendances"),
    ]


def test_its_facts_name_holder_rating_and_officer(filled):
    facts = next(part for part in report(filled, "CVE-0001").parts if isinstance(part, Facts))

    assert dict(facts.items) == {
        "Grant holder": "Bridgefoot Mothers’ Circle",
        "Programme": "Countering Violent Extremism",
        "Status": "Active",
        "Rating": "Amber: Two engagements behind plan",
        "Dates": "1 June 2026 to 31 May 2027",
        "Agreement signed": "6 June 2026",
        "Officer": "Sam Officer",
    }


def test_a_reclaim_takes_away_and_the_total_is_what_was_paid(filled):
    payments = table(report(filled, "CVE-0003"), "payments")

    assert [(row[1], row[4], row[6]) for row in payments.rows] == [
        ("Interim", Decimal("20000.00"), Decimal("20000.00")),
        ("Reclaim", Decimal("-1500.00"), Decimal("-1500.00")),
    ]
    assert payments.totals == ("Paid, less reclaims", "", "", "", "", "", Decimal("18500.00"))


def test_the_plan_is_set_against_what_was_done_and_people_are_counted_at_least(filled):
    plan = chart(report(filled, "CVE-0001"), "Delivered against plan")

    assert plan.categories == ("Engagements", "People, at least", "Mothers, attendances")
    assert [series.values for series in plan.series] == [(3, 24, 32), (8, 60, 80), (3.9, 28.9, 38.6)]
    assert plan.summary == ("Behind what was planned by today: Engagements, People, at least and Mothers, attendances.")


def test_a_plan_line_counts_only_engagements_that_match_it_in_every_respect(store):
    grant = make(store, Grant)
    with store.change("Engagements") as session:
        for borough, kind, attended in (("Brent", "Lesson", 20), ("Brent", "Workshop", 30), ("Ealing", "Lesson", 40)):
            session.add(
                Engagement(
                    programme_id=grant.programme_id, grant_id=grant.id, title="T", held_on=TODAY, attended=attended,
                    status=EngagementStatus.DELIVERED, borough=borough, kind=kind,
                )
            )  # fmt: skip
    with store.change("Plan") as session:
        line = PlanLine(grant_id=grant.id, what=Measure.PEOPLE, borough="Brent", kind="Lesson", planned=50.0)
        line.starts = line.ends = TODAY
        session.add(line)

    plan = chart(report(store, grant.reference), "Delivered against plan")

    assert (plan.categories, plan.series[0].values) == (("Lesson, Brent, attendances",), (20,))


def test_small_attendances_against_a_plan_are_hidden_too(filled):
    with filled.change("Plan") as session:
        line = PlanLine(grant_id=1, what=Measure.PEOPLE, borough="Ealing", planned=20.0)
        line.starts = line.ends = TODAY
        session.add(line)

    plan = chart(report(filled, "CVE-0001"), "Delivered against plan")

    assert dict(zip(plan.categories, plan.series[0].values, strict=True))["Ealing, attendances"] == UNDER


def test_small_attendances_are_hidden_wherever_they_are_told(filled):
    made = report(filled, "CVE-0001")

    assert [(row[2], row[4]) for row in table(made, "engagements").rows] == [
        ("Ealing", UNDER),
        ("Brent", HIDDEN),
        ("Brent", 18),
    ]
    assert table(made, "engagements").totals == ("Attendances", "", "", "", 38)
    assert chart(made, "Attendances by month").series[0].values == (18, HIDDEN, 0, UNDER)
    by_place = dict(
        zip(
            *(chart(made, "Attendances by borough").categories, chart(made, "Attendances by borough").series[0].values),
            strict=True,
        )
    )
    assert (by_place["Ealing"], by_place["Brent"], by_place["Barnet"]) == (UNDER, HIDDEN, 0)
    assert [row[1] for row in table(made, "by_age_band").rows] == [HIDDEN, UNDER]


def test_the_threshold_is_the_files_own(filled):
    with filled.change("Set the threshold") as session:
        settings.put(session, settings.THRESHOLD, 5)

    assert [row[4] for row in table(report(filled, "CVE-0001"), "engagements").rows] == [6, 14, 18]


def test_places_beyond_the_boroughs_are_told_below_the_map(filled):
    assert chart(report(filled, "CVE-0002"), "Attendances by borough").counts == (
        "Where held, not where people live. Besides: place not recorded 31."
    )


def test_reach_tells_its_method(filled):
    note = under(report(filled, "CVE-0001"), "Engagements and reach")[0]

    assert note.text == (
        "People reached: 24–38. At least 24: the larger of the largest attendance (18) and the people recorded as "
        "new (24). At most 38: all attendances, as if nobody came twice. Each person is counted once for this grant."
    )


def test_results_are_those_that_this_grant_measured_and_that_are_approved(filled):
    assert table(report(filled, "CVE-0001"), "results").rows == (
        ("Know whom to turn to", "41%", "66.7%", "65%", "20 of 30 people, reported", TODAY - timedelta(days=30)),
    )
    assert under(report(filled, "CVE-0003"), "Results against aims") == [
        Paragraph("No approved measurement is recorded for this grant yet.")
    ]


def test_a_grants_own_aim_stands_before_the_indicators(filled):
    make(filled, PlanLine, grant_id=1, what=Measure.INDICATOR, indicator_id=1, starts=TODAY, ends=TODAY, planned=70.0)

    assert table(report(filled, "CVE-0001"), "results").rows[0][3] == "70%"


def test_only_words_that_may_be_published_today_are_quoted(filled):
    assert under(report(filled, "CVE-0001"), "In their words") == [
        Quote("I know now whom I can ask.", "A mother of two, Brent (participant)", "illustrative")
    ]


@pytest.mark.parametrize(
    ("values", "quoted"),
    [
        ({"consent": Consent.ATTRIBUTED, "consented_on": TODAY, "expires": TODAY}, True),
        ({"consent": Consent.ATTRIBUTED, "consented_on": ago(9), "expires": ago(1)}, False),
        ({"consent": Consent.ANONYMOUS, "consented_on": None}, False),
        ({"consent": Consent.ANONYMOUS, "consented_on": TODAY, "withdrawn_on": TODAY}, False),
        ({"consent": Consent.INTERNAL, "consented_on": TODAY}, False),
    ],
)
def test_consent_decides_what_is_quoted(store, values, quoted):
    grant = make(store, Grant)
    make(
        store,
        evidence.Testimonial,
        grant_id=grant.id,
        said_by=Speaker.PARTNER,
        text="Words.",
        described="A partner",
        **values,
    )

    found = [part for part in report(store, grant.reference).parts if isinstance(part, Quote)]

    assert found == ([Quote("Words.", "A partner (partner)")] if quoted else [])


def test_open_risks_are_scored_before_and_after(filled):
    assert table(report(filled, "CVE-0001"), "risks").rows == (
        ("The venue closes", 12, "A second venue is agreed", 6, TODAY + timedelta(days=20)),
    )


def test_what_is_next_is_in_the_order_of_its_days(filled):
    assert under(report(filled, "CVE-0001"), "What is next") == [
        Bullets(
            (
                "3 December 2026: Coffee morning, Brent",
                "23 December 2026: Payment of £2,000 due (scheduled)",
                "31 May 2027: The grant ends",
            )
        )
    ]


def test_a_bare_bid_is_reported_too(store):
    made = report(store, make(store, Grant, title="A bid").reference)

    assert made.summary == "No award has been made: the status is applied."
    assert [one.rows for one in made.tables] == [(), ()]
    assert Paragraph("No engagement has been delivered yet.") in made.parts
