from datetime import date
from decimal import Decimal

from grants_app.records import Grant, Indicator, Measurement, Programme
from grants_app.records.evidence import Direction, MeasurementStatus, Unit
from grants_app.records.grant import Status
from grants_app.reports.catalogue import named
from grants_app.reports.document import Document, KeyFigures, Note, Withheld
from grants_app.store import Store
from tests.make import make
from tests.reports.example import ago
from tests.reports.test_grant_report import chart, table, under

UNDER, HIDDEN = Withheld("under 10", "<10"), Withheld("hidden")


def programme(store: Store, **typed: str) -> Document:
    with store.reading() as session:
        report = named("programme")
        return report.document(session, report.read(session, typed), prepared_by="Sam Officer")


def test_its_first_lines_say_what_was_done_and_reached(filled):
    made = programme(filled)

    assert made.title == "Countering Violent Extremism"
    assert made.summary == (
        "8 engagements with 330 attendances; grants reached 188–330 people. £64,500.50 is awarded and £26,500.25 paid."
    )


def test_its_key_figures_say_what_they_count(filled):
    figures = next(part for part in programme(filled).parts if isinstance(part, KeyFigures))

    assert [(one.label, one.value, one.counts) for one in figures.items] == [
        ("Awarded", Decimal("64500.50"), "£26,500.25 of it paid"),
        ("Grants awarded", 4, "held by 4 organisations"),
        ("Engagements", 8, "delivered, by grants and by City Hall"),
        ("People reached", "188–330", "a range over grants, from 330 attendances"),
    ]


def test_boroughs_are_listed_by_attendance_with_small_counts_hidden(filled):
    boroughs = table(programme(filled), "boroughs")

    assert boroughs.rows == (
        ("Newham", 2, 164),
        ("Hackney", 1, 85),
        ("Brent", 2, 32),
        ("Place not recorded", 1, 31),
        ("Online", 1, HIDDEN),
        ("Ealing", 1, UNDER),
    )
    assert boroughs.totals == ("Total", 8, 330)


def test_audiences_are_never_added_up(filled):
    audiences = table(programme(filled), "audiences")

    assert audiences.rows[0] == ("Young people", 2, 205)
    assert audiences.totals is None


def test_a_period_narrows_the_engagements_and_says_so(filled):
    made = programme(filled, since="1/9/2026", until="30/9/2026")

    held = "Engagements in this report: held 1 September 2026 to 30 September 2026."
    assert Note(f"{held} Money, plans and results: as of now.") in made.parts
    assert chart(made, "Attendances by month").series[0].values == (97,)
    assert made.summary.startswith("2 engagements with 97 attendances; grants reached 188–330 people.")


def test_planned_and_delivered_are_told_grant_by_grant(filled):
    assert table(programme(filled), "planned_and_delivered").rows == (
        ("CVE-0001", "Bridgefoot Mothers’ Circle", 8.0, 3.9, 3, 60.0, "24–38"),
        ("CVE-0002", "Harbour Lane Youth Trust", 4.0, 1.9, 3, None, "120–236"),
        ("CVE-0003", "Common Ground Newham", 9.0, 4.3, 2, None, "44–56"),
    )


def test_results_of_several_grants_are_pooled_by_those_who_answered(filled):
    assert [row[:5] for row in table(programme(filled), "results").rows] == [
        ("Know whom to turn to", "41%", "66%", "65%", "66 of 100 people, 2 grants, reported"),
        ("Feel heard", "38%", "not measured", "60%", None),
    ]


def test_a_measurement_of_the_whole_programme_stands_before_those_of_grants(filled):
    make(
        filled,
        Measurement,
        indicator_id=1,
        grant_id=None,
        status=MeasurementStatus.APPROVED,
        starts=ago(50),
        ends=ago(20),
        value=58.0,
    )

    assert table(programme(filled), "results").rows[0][2] == "58%"


def test_context_stands_apart_without_an_aim_and_claims_no_change(filled):
    made = programme(filled)

    context = table(made, "context")
    assert context.rows == (("Think the threat is increasing", "61%", date(2018, 4, 1), "not repeated"),)
    assert context.counts.endswith("No aim is set, and no change is claimed. Source: Published research.")
    assert "Think the threat is increasing" not in chart(made, "Participants, before and after").categories


def test_context_from_several_sources_names_each(filled):
    make(filled, Indicator, outcome_id=2, name="Saw it", direction=Direction.CONTEXT, baseline=25.0, unit=Unit.PERCENT)

    assert [row[3:] for row in table(programme(filled), "context").rows] == [
        ("Published research", "not repeated"),
        (None, "not repeated"),
    ]


def test_findings_count_the_evidence_for_and_against(filled):
    assert table(programme(filled), "findings").rows == (("FND-0001", "Trust comes before referral", "Several", 1, 1),)


def test_a_draft_recommendation_is_counted_and_not_shown(filled):
    (found,) = under(programme(filled), "Recommendations")

    assert found.rows == (
        (1, "Review how communities are told of Prevent", "Government", "FND-0001", "Published", "Accepted"),
    )
    assert found.counts == "Published recommendations. 1 draft is not shown."


def test_calls_are_listed_with_their_money_where_there_are_several(filled):
    assert [one.name for one in programme(filled).tables if one.name == "calls"] == []

    call = make(filled, Programme, code="CALL", name="Call 2", parent_id=1)
    make(filled, Grant, programme_id=call.id, status=Status.COMPLETED, awarded=Decimal("10.00"))
    calls = table(programme(filled, programme="CVE"), "calls")

    assert calls.rows == (
        ("CVE", "Countering Violent Extremism", 6, 4, Decimal("64500.50"), Decimal("26500.25"), Decimal("38000.25")),
        ("CALL", "Call 2", 1, 1, Decimal("10.00"), Decimal("0.00"), Decimal("10.00")),
    )
    assert calls.totals == ("Total", "", 7, 5, Decimal("64510.50"), Decimal("26500.25"), Decimal("38010.25"))


def test_an_empty_file_has_a_report_too(store):
    made = programme(store)

    assert made.summary == "0 engagements with 0 attendances; grants reached 0 people. £0 is awarded and £0 paid."
    assert all(one.rows == () for one in made.tables)
